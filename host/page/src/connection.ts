/** Whether the host can be reached. While it cannot, the page asks until it can, and then loads again. */

import { signal } from '@preact/signals';
import { observers } from './api/client';

export const isConnected = signal(true);
/** Grows each time a lost connection is back: what is on the screen is then read again. Also when it is not known
 *  whether a call has changed something. */
export const reconnections = signal(0);

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8_000;
let timer: ReturnType<typeof setTimeout> | undefined;

export function connectionLost() {
  if (!isConnected.value) return;
  isConnected.value = false;
  askLater(FIRST_WAIT);
}

function connectionFound() {
  if (isConnected.value) return;
  clearTimeout(timer);
  timer = undefined;
  isConnected.value = true;
  reconnections.value += 1;
}

function askLater(milliseconds: number) {
  clearTimeout(timer);
  timer = setTimeout(() => void ask(milliseconds), milliseconds);
}

async function ask(waited: number) {
  if (await isReachable()) connectionFound();
  else askLater(Math.min(Math.max(waited * 2, FIRST_WAIT), LONGEST_WAIT));
}

async function isReachable(): Promise<boolean> {
  try {
    const { ok, status, type } = await fetch('/readyz', { cache: 'no-store', redirect: 'manual' });
    // A proxy in front that asks to log in is there.
    return ok || status === 401 || type === 'opaqueredirect';
  } catch {
    return false;
  }
}

/** Loads the page anew, but only if the host answers: else there would be nothing left to see. */
export async function reloadPage() {
  if (await isReachable()) location.reload();
  else connectionLost();
}

/** Asks at once, as when somebody presses a button. */
export function retryNow() {
  if (!isConnected.value) askLater(0);
}

observers.onOffline = connectionLost;
observers.onUncertain = () => {
  reconnections.value += 1;
};
addEventListener('offline', connectionLost);
addEventListener('online', retryNow);
