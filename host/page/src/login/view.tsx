/** Logging in by a token. */

import { useState } from 'preact/hooks';
import { ApiError } from '../api';
import { reloadPage } from '../connection';
import { logIn, logOut, session } from '../session';
import { Button, CheckField, Dialog, reason, TextField, toastError } from '../ui';
import { words } from '../words';

export function LogIn() {
  const { login, frame } = words();
  return (
    <main class="login">
      <div class="card login-card">
        <span class="brand">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          {frame.title}
        </span>
        <div class="stack">
          <h1>{login.title}</h1>
          <p class="muted">{login.lead}</p>
        </div>
        {!isSecureContext && (
          <p class="notice warn" role="note">
            {login.insecure}
          </p>
        )}
        <TokenForm />
        <p class="muted small">{login.help}</p>
      </div>
    </main>
  );
}

/** The session has ended: the view stays below the dialog. */
export function LogInAgain() {
  const { login, frame } = words();
  if (session.value?.proxy) {
    return (
      <Dialog
        title={login.again}
        width={420}
        foot={
          <Button look="primary" onClick={() => void reloadPage()}>
            {login.reload}
          </Button>
        }
      >
        <p class="muted">{login.againThere}</p>
      </Dialog>
    );
  }
  return (
    <Dialog
      title={login.again}
      width={420}
      foot={
        <Button look="quiet" onClick={() => void logOut().catch(toastError)}>
          {frame.logOut}
        </Button>
      }
    >
      <div class="stack">
        <p class="muted">{login.againLead}</p>
        <TokenForm />
      </div>
    </Dialog>
  );
}

function TokenForm() {
  const { login } = words();
  const [token, setToken] = useState('');
  const [isShown, setShown] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (isBusy || token.trim() === '') return;
    setBusy(true);
    setError(null);
    try {
      await logIn(token.trim());
    } catch (caught) {
      setError(caught instanceof ApiError && caught.code === 'no-token' ? login.wrong : reason(caught));
      setBusy(false);
    }
  };
  return (
    <form class="stack" onSubmit={submit}>
      <input type="text" name="username" autocomplete="username" value={session.value?.name ?? 'inbox'} readOnly hidden />
      <TextField
        label={login.token}
        value={token}
        onValue={setToken}
        error={error}
        input={{
          type: isShown ? 'text' : 'password',
          name: 'password',
          autocomplete: 'current-password',
          autocapitalize: 'off',
          spellcheck: false,
          required: true,
          dir: 'ltr',
          autofocus: true,
        }}
      />
      <CheckField label={login.show} value={isShown} onValue={setShown} />
      <Button type="submit" look="primary" busy={isBusy}>
        {login.submit}
      </Button>
    </form>
  );
}
