/** The events of the inbox, as they happen. There is one stream, as long as somebody listens. */

import { effect } from '@preact/signals';
import { api, hasEnded, readSession, session } from './session';
import { connectionLost, isConnected, reconnections } from './connection';
import { type EventKind, type InboxEvent, inboxes } from './api';

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
    void reconnections.value;
    const wanted = session.value && !hasEnded.value && isConnected.value && session.value.can.includes('read');
    const calls = api.value;
    if (!wanted || calls.inbox === '') return;
    return follow(calls);
  });
}

function follow(calls: typeof api.value): () => void {
  let isOver = false;
  let source: EventSource | undefined;
  void lastSeq(calls.inbox).then((after) => {
    if (!isOver && after !== undefined) source = open(calls.eventsUrl(after));
  });
  return () => {
    isOver = true;
    source?.close();
  };
}

function open(url: string): EventSource {
  const source = new EventSource(url);
  for (const kind of KINDS) {
    source.addEventListener(kind, (event) => publish(JSON.parse((event as MessageEvent<string>).data)));
  }
  source.addEventListener('error', () => {
    source.close();
    connectionLost();
    void readSession();
  });
  return source;
}

/** The number of the last event: views read what was before it. */
async function lastSeq(inbox: string): Promise<number | undefined> {
  try {
    return (await inboxes()).items.find(({ id }) => id === inbox)?.seq;
  } catch {
    return undefined; // the connection is lost, or the session: either begins this again
  }
}
