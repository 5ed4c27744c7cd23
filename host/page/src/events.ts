/** The events of the inbox, as they happen. There is one stream, as long as somebody listens. */

import { effect } from '@preact/signals';
import { type EventKind, type InboxEvent, inboxes } from './api';
import { isConnected } from './connection';
import { api, hasEnded, readSession, session } from './session';

const KINDS: readonly EventKind[] = [
  'message',
  'assigned',
  'waiting',
  'answered',
  'closed',
  'presence',
  'capacity',
  'customer',
  'renamed',
  'rules',
];

type Listener = (event: InboxEvent) => void;
const listeners = new Map<Listener, readonly EventKind[]>();

/** Calls `listener` for each event of these kinds until the function that it returns is called. */
export function onEvents(kinds: readonly EventKind[], listener: Listener): () => void {
  const own: Listener = (event) => listener(event);
  listeners.set(own, kinds);
  return () => listeners.delete(own);
}

function publish(event: InboxEvent) {
  for (const [listener, kinds] of listeners) {
    if (kinds.includes(event.kind)) listener(event);
  }
}

/** Follows the present inbox for as long as the page is open. */
export function followEvents() {
  effect(() => {
    const wanted = session.value && !hasEnded.value && isConnected.value && session.value.can.includes('read');
    const { inbox, eventsUrl } = api.value;
    if (wanted && inbox !== '') return follow(inbox, eventsUrl);
    return;
  });
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** Follows until the function that it returns is called. A stream that breaks is opened again where it was. */
function follow(inbox: string, eventsUrl: (after: number) => string): () => void {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;
  let wait = FIRST_WAIT;
  let last: number | undefined;

  async function open() {
    last ??= await lastSeq(inbox);
    if (isOver) return;
    if (last === undefined) return again();
    source = new EventSource(eventsUrl(last));
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        const event = JSON.parse((message as MessageEvent<string>).data) as InboxEvent;
        last = event.seq;
        wait = FIRST_WAIT;
        publish(event);
      });
    }
    source.addEventListener('error', () => {
      source?.close();
      // Whether the host is away, or the session has ended; either ends this.
      void readSession().then(again);
    });
  }

  function again() {
    if (isOver) return;
    timer = setTimeout(() => void open(), wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  }

  void open();
  return () => {
    isOver = true;
    clearTimeout(timer);
    source?.close();
  };
}

/** The number of the last event: views read what was before it. */
async function lastSeq(inbox: string): Promise<number | undefined> {
  try {
    return (await inboxes()).items.find(({ id }) => id === inbox)?.seq;
  } catch {
    return undefined;
  }
}
