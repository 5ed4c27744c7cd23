/** Something that a view shows and the host has: it is read when the view opens, and again when it may have changed.
 *  What was read stays while it is read again, and when that fails. */

import { type ReadonlySignal, signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { ApiError, type EventKind } from './api';
import { isConnected, reconnections } from './connection';
import { onEvents } from './events';
import { hasEnded } from './session';

export interface Resource<T> {
  /** The last that was read; `undefined`: nothing yet. */
  readonly data: ReadonlySignal<T | undefined>;
  readonly error: ReadonlySignal<ApiError | undefined>;
  readonly isLoading: ReadonlySignal<boolean>;
  reload(): Promise<void>;
  /** Shows what the page knows already, such as the answer of a change. */
  set(change: (data: T | undefined) => T | undefined): void;
}

/** Events often come in swarms: the first is read at once, the others together, at most once a second. */
const AT_ONCE_MILLISECONDS = 50;
const GATHER_MILLISECONDS = 1_000;

/** Reads by `load` whenever one of `inputs` changes, one of the events happens, or a lost connection is back. */
export function useResource<T>(
  load: (signal: AbortSignal) => Promise<T>,
  inputs: readonly unknown[],
  events: readonly EventKind[] = [],
): Resource<T> {
  const resource = useMemo(() => makeResource(load), inputs);
  useEffect(() => {
    void resource.reload();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last = 0;
    const soon = () => {
      const pause = Math.max(AT_ONCE_MILLISECONDS, last + GATHER_MILLISECONDS - Date.now());
      timer ??= setTimeout(() => {
        timer = undefined;
        last = Date.now();
        resource.refresh();
      }, pause);
    };
    const stops = [
      events.length > 0 ? onEvents(events, soon) : () => {},
      changes(reconnections, () => void resource.reload()),
      changes(hasEnded, () => {
        if (!hasEnded.peek()) void resource.reload();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      resource.stop();
    };
  }, [resource]);
  return resource;
}

function changes<T>(source: ReadonlySignal<T>, act: () => void): () => void {
  let isFirst = true;
  return source.subscribe(() => {
    if (!isFirst) act();
    isFirst = false;
  });
}

function makeResource<T>(load: (signal: AbortSignal) => Promise<T>) {
  const data = signal<T | undefined>(undefined);
  const error = signal<ApiError | undefined>(undefined);
  const isLoading = signal(true);
  let running: AbortController | undefined;
  let isOld = false;
  /** Reads now, instead of what is being read. */
  async function reload() {
    running?.abort();
    isOld = false;
    const mine = new AbortController();
    running = mine;
    isLoading.value = true;
    try {
      const read = await load(mine.signal);
      if (mine.signal.aborted) return;
      data.value = read;
      error.value = undefined;
    } catch (caught) {
      if (mine.signal.aborted) return;
      error.value = toApiError(caught);
    }
    isLoading.value = false;
    running = undefined;
    if (isOld) void reload();
  }
  /** Reads once more after what is being read: were that given up, events that come fast would leave nothing read. */
  function refresh() {
    if (running) isOld = true;
    else void reload();
  }
  const set = (change: (data: T | undefined) => T | undefined) => {
    data.value = change(data.peek());
  };
  return { data, error, isLoading, reload, refresh, set, stop: () => running?.abort() };
}

export function toApiError(caught: unknown): ApiError {
  if (caught instanceof ApiError) return caught;
  if (isConnected.peek()) console.error(caught);
  return new ApiError(0, 'internal', caught instanceof Error ? caught.message : String(caught));
}
