/** Language, theme, inbox, log out. */

import { chooseLanguage, chosenLanguage, chooseTheme, theme } from '../preferences';
import { goToInbox, route } from '../router';
import { logOut, session } from '../session';
import { Button, Dialog, Segments, SelectField, toastError } from '../ui';
import { LANGUAGE_NAMES, LANGUAGES, words } from '../words';

export function Settings({ onClose }: { onClose: () => void }) {
  const { frame } = words();
  const inboxes = session.value?.inboxes ?? [];
  return (
    <Dialog title={frame.settings} onClose={onClose} width={420}>
      <div class="settings">
        {inboxes.length > 1 && (
          <SelectField
            label={frame.inbox}
            value={route.value.inbox ?? ''}
            choices={inboxes.map((id) => ({ value: id, text: id }))}
            onValue={goToInbox}
          />
        )}
        <div class="field">
          <span class="label">{frame.languageLabel}</span>
          <Segments
            label={frame.languageLabel}
            value={chosenLanguage.value}
            items={LANGUAGES.map((value) => ({ value, text: <span lang={value}>{LANGUAGE_NAMES[value]}</span> }))}
            onValue={(language) => void chooseLanguage(language)}
          />
        </div>
        <div class="field">
          <span class="label">{frame.theme}</span>
          <Segments
            label={frame.theme}
            value={theme.value}
            items={(['auto', 'light', 'dark'] as const).map((value) => ({ value, text: frame.themes[value] }))}
            onValue={chooseTheme}
          />
        </div>
        <div class="row spread">
          <span class="muted small">{frame.loggedInAs(session.value?.name ?? '')}</span>
          {session.value?.proxy?.log_out === null ? (
            <span class="muted small">{frame.logOutThere}</span>
          ) : (
            <Button icon="logout" onClick={() => void logOut().catch(toastError)}>
              {frame.logOut}
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
