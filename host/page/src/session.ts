/** Who has logged in, and what they may do. */

import { computed, signal } from '@preact/signals';
import { ApiError, inboxApi, session as calls, type Right, type Session } from './api';
import { observers } from './api/client';
import { parseRoute, replaceRoute, route } from './router';

/** `undefined`: not known yet; `null`: nobody has logged in. */
export const session = signal<Session | null | undefined>(undefined);
/** The session has ended while the page was open: the view stays, and a dialog asks for the token again. */
export const hasEnded = signal(false);
/** The host could not be asked. */
export const isUnreachable = signal(false);

export function can(right: Right): boolean {
  return session.value?.can.includes(right) ?? false;
}

/** The calls of the inbox that the address names. */
export const api = computed(() => inboxApi(inboxId.value));
const inboxId = computed(() => route.value.inbox ?? '');

export async function readSession() {
  try {
    begin(await calls.read());
    isUnreachable.value = false;
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) {
      if (session.value) hasEnded.value = true;
      else session.value = null;
      isUnreachable.value = false;
    } else {
      isUnreachable.value = true;
    }
  }
}

export async function logIn(token: string) {
  begin(await calls.begin(token));
}

/** Fails if the host could not be told: the session then goes on. */
export async function logOut() {
  const there = session.value?.proxy?.log_out;
  if (there) {
    clearTab();
    return location.assign(there);
  }
  try {
    await calls.end();
  } catch (error) {
    if (!(error instanceof ApiError && error.status === 401)) throw error;
  }
  session.value = null;
  hasEnded.value = false;
  clearTab();
}

/** Texts and conversations that are not saved are not for whoever logs in next. */
function clearTab() {
  try {
    sessionStorage.clear();
  } catch {
    // The browser keeps nothing.
  }
}

function begin(next: Session) {
  const { inbox } = route.value;
  const [first] = next.inboxes;
  if ((inbox === null || !next.inboxes.includes(inbox)) && first !== undefined) {
    replaceRoute({ ...parseRoute(location.hash), inbox: first });
  }
  session.value = next;
  hasEnded.value = false;
}

observers.onNoToken = () => {
  if (session.value) hasEnded.value = true;
};
