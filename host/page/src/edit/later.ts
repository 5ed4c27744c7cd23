/** An answer of the host that follows what somebody types: asked for a moment after the last change, and an older
 *  question is given up. */

import { useEffect, useState } from 'preact/hooks';
import { ApiError, isAbort } from '../api';
import { reconnections } from '../connection';
import { toApiError } from '../resource';
import { hasEnded } from '../session';

export interface Later<T> {
  /** The last answer, which stays while the next is on its way. */
  answer: T | undefined;
  error: ApiError | undefined;
  isAsking: boolean;
}

const WAIT_MILLISECONDS = 250;

/** Asks again whenever one of `inputs` changes; `ask` is null if there is nothing to ask. */
export function useLater<T>(
  ask: ((signal: AbortSignal) => Promise<T>) | null,
  inputs: readonly unknown[],
  wait = WAIT_MILLISECONDS,
): Later<T> {
  const [state, setState] = useState<Later<T>>({
    answer: undefined,
    error: undefined,
    isAsking: ask !== null,
  });
  useEffect(() => {
    if (ask === null) {
      setState({ answer: undefined, error: undefined, isAsking: false });
      return;
    }
    const mine = new AbortController();
    setState((before) => ({ ...before, isAsking: true }));
    const run = async () => {
      try {
        const answer = await ask(mine.signal);
        if (!mine.signal.aborted) setState({ answer, error: undefined, isAsking: false });
      } catch (caught) {
        if (mine.signal.aborted || isAbort(caught)) return;
        setState(({ answer }) => ({ answer, error: toApiError(caught), isAsking: false }));
      }
    };
    const timer = setTimeout(() => void run(), wait);
    return () => {
      clearTimeout(timer);
      mine.abort();
    };
  }, [...inputs, ask === null, reconnections.value, hasEnded.value]);
  return state;
}
