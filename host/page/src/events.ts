/** The events of the inbox, as they happen. There is one stream, as long as somebody listens. */

import { computed, effect } from '@preact/signals';
import { type EventKind, type InboxEvent, inboxApi, inboxes } from './api';
import { isConnected } from './connection';
import { api, can, hasEnded, readSession } from './session';

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

/** The inbox that can be followed now. A session that is read again is another object, but changes no name. */
export const followedInbox = computed(() => (can('read') && !hasEnded.value && isConnected.value ? api.value.inbox : ''));

/** Follows the present inbox for as long as the page is open. */
export function followEvents() {
  effect(() => (followedInbox.value === '' ? undefined : follow(followedInbox.value)));
}

const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

/** Follows until the function that it returns is called. A stream that breaks is opened again where it was. */
function follow(inbox: string): () => void {
  const { eventsUrl } = inboxApi(inbox);
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
    source.addEventListener('open', () => {
      wait = FIRST_WAIT;
    });
    for (const kind of KINDS) {
      source.addEventListener(kind, (message) => {
        const event = JSON.parse((message as MessageEvent<string>).data) as InboxEvent;
        last = event.seq;
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
