/** What is around every view: navigation, the inbox, settings, the state of the connection. */

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isConnected, retryNow } from '../connection';
import { goToInbox, href, route, type View } from '../router';
import { undecided } from '../rules_status';
import { can, session } from '../session';
import { Button, Icon, IconButton, type IconName, SelectField, State } from '../ui';
import { words } from '../words';
import { Settings } from './settings';
import { CurrentView } from './views';

const NAVIGATION: { view: View; icon: IconName; isActive?: readonly View[] }[] = [
  { view: 'now', icon: 'now' },
  { view: 'decisions', icon: 'decisions' },
  { view: 'numbers', icon: 'numbers', isActive: ['options', 'policy'] },
  { view: 'edit', icon: 'edit' },
  { view: 'play', icon: 'play' },
];

export function Frame() {
  const { frame } = words();
  const [isOpen, setOpen] = useState(false);
  const { inbox, view } = route.value;
  const isKnown = session.value?.inboxes.includes(inbox ?? '') ?? false;
  const main = useRef<HTMLElement>(null);
  const shown = useRef(view);
  // Before anything is painted, so that no key that is pressed meanwhile goes to the old view.
  useLayoutEffect(() => {
    document.title = `${frame.views[view]} · ${inbox ?? frame.title}`;
    // Who reads by ear goes on at the start of the new view.
    if (shown.current !== view) main.current?.focus();
    shown.current = view;
  }, [view, inbox, frame]);
  const settings = <IconButton icon="settings" label={frame.settings} onClick={() => setOpen(true)} />;
  return (
    <div class="frame">
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {frame.skip}
      </a>
      <header class="top">
        <span class="brand">
          <img src="/favicon.svg" alt="" width={24} height={24} />
          <span class="ellipsis">{inbox}</span>
        </span>
        {settings}
      </header>
      <div class="side">
        <span class="brand">
          <img src="/favicon.svg" alt="" width={28} height={28} />
          {frame.title}
        </span>
        <InboxChoice />
        <nav class="nav" aria-label={frame.navigation}>
          {NAVIGATION.filter(({ view: to }) => to !== 'play' || can('messages')).map(({ view: to, icon, isActive }) => (
            <a key={to} href={href(to)} aria-current={to === view || isActive?.includes(view) ? 'page' : undefined}>
              <Icon name={icon} />
              <span class="ellipsis">{frame.views[to]}</span>
              {to === 'edit' && <UndecidedMark />}
            </a>
          ))}
        </nav>
        <div class="side-end">
          <div class="account">
            <span class="ellipsis muted small" title={frame.loggedInAs(session.value?.name ?? '')}>
              {session.value?.name}
            </span>
            {settings}
          </div>
        </div>
      </div>
      <main class="main" id="main" ref={main} tabIndex={-1}>
        {isKnown ? <CurrentView key={inbox} /> : <NoInbox />}
      </main>
      {isOpen && <Settings onClose={() => setOpen(false)} />}
      <Connection />
    </div>
  );
}

/** Something about the rules needs a look. */
function UndecidedMark() {
  const what = undecided.value;
  if (what === null) return null;
  const says = words().frame.undecided[what];
  return (
    <span class={what === 'refused' ? 'badge danger count' : 'badge warn count'} title={says}>
      <span aria-hidden="true">!</span>
      <span class="visually-hidden">{says}</span>
    </span>
  );
}

function InboxChoice() {
  const inboxes = session.value?.inboxes ?? [];
  const { inbox } = route.value;
  if (inboxes.length < 2) return null;
  return (
    <SelectField
      label={words().frame.inbox}
      quiet
      value={inbox ?? ''}
      choices={inboxes.map((id) => ({ value: id, text: id }))}
      onValue={goToInbox}
    />
  );
}

function NoInbox() {
  const { frame } = words();
  const { inbox } = route.value;
  const inboxes = session.value?.inboxes ?? [];
  return (
    <State
      page
      icon="empty"
      title={frame.noInboxTitle}
      act={inboxes.map((id) => (
        <Button key={id} onClick={() => goToInbox(id)}>
          {id}
        </Button>
      ))}
    >
      {inbox ? frame.unknownInbox(inbox) : frame.noInbox}
    </State>
  );
}

/** A break of a second is not worth a word. */
const PATIENCE_MILLISECONDS = 1_000;

function Connection() {
  const { state, common } = words();
  const isLost = !isConnected.value;
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!isLost) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), PATIENCE_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [isLost]);
  return (
    <div role="status">
      {isShown && (
        <div class="connection">
          <span>{state.lost}</span>
          <Button small look="quiet" onClick={retryNow}>
            {common.retry}
          </Button>
        </div>
      )}
    </div>
  );
}
