/** What becomes of the rules of the inbox. A change that waits or was refused is no event, so this is read again every few
 *  seconds, too. */

import { computed, effect, signal } from '@preact/signals';
import type { RulesStatus } from './api';
import { followedInbox, onEvents } from './events';
import { api } from './session';

const PAUSE_MILLISECONDS = 5_000;

const read = signal<{ inbox: string; status: RulesStatus } | null>(null);

export const rulesStatus = computed(() => (read.value?.inbox === api.value.inbox ? read.value.status : null));

/** What does not decide, although somebody has brought it. */
export const undecided = computed<'waiting' | 'refused' | null>(() => {
  const status = rulesStatus.value;
  if (status?.waiting) return 'waiting';
  // What the store refuses is nowhere; a file in a folder stays.
  return status?.source === 'folder' && !status.last.taken ? 'refused' : null;
});

export async function readRulesStatus() {
  const { inbox, rules } = api.peek();
  try {
    const next = { inbox, status: await rules() };
    if (JSON.stringify(next) !== JSON.stringify(read.peek())) read.value = next;
  } catch {
    // What was read stays, until it can be read again.
  }
}

/** Follows the rules of the present inbox for as long as the page is open. */
export function followRules() {
  effect(() => {
    if (followedInbox.value === '') return;
    void readRulesStatus();
    const timer = setInterval(() => document.hidden || void readRulesStatus(), PAUSE_MILLISECONDS);
    const stop = onEvents(['rules'], () => void readRulesStatus());
    return () => {
      clearInterval(timer);
      stop();
    };
  });
}
