/** The page as a whole: the log in, or the frame with a view. */

import './style/index.css';
import { useEffect } from 'preact/hooks';
import { ApiError } from './api';
import { reconnections } from './connection';
import { Frame } from './frame/frame';
import { LogIn, LogInAgain } from './login/view';
import { hasEnded, isUnreachable, readSession, session } from './session';
import { Failed } from './ui/states';
import { Toasts } from './ui/toast';

export function App() {
  const again = reconnections.value;
  useEffect(() => {
    if (again > 0) void readSession();
  }, [again]);
  return (
    <>
      {content()}
      {hasEnded.value && <LogInAgain />}
      <Toasts />
    </>
  );
}

function content() {
  if (session.value) return <Frame />;
  if (isUnreachable.value) {
    return (
      <main class="login">
        <Failed error={new ApiError(0, 'offline', '')} onRetry={() => void readSession()} />
      </main>
    );
  }
  return session.value === null ? <LogIn /> : null;
}
