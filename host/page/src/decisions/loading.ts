/** The decisions that fit the filters, newest first: the latest at once, older ones as somebody scrolls, and new ones as
 *  they are made. */

import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { type ApiError, type DecisionFilter, isAbort, type InboxApi, type Routed } from '../api';
import { reconnections } from '../connection';
import { onEvents } from '../events';
import { toApiError } from '../resource';

const FIRST = 60;
const MORE = 250;
const GATHER_MILLISECONDS = 400;

export function useDecisions(calls: InboxApi, filter: DecisionFilter) {
  const key = JSON.stringify(filter);
  const list = useMemo(() => makeList(calls, filter), [calls, key]);
  useEffect(() => {
    void list.begin();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        void list.newer();
      }, GATHER_MILLISECONDS);
    };
    const stops = [onEvents(['message'], soon), reconnections.subscribe((times) => times > 0 && soon())];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      list.stop();
    };
  }, [list]);
  return list;
}

function makeList(calls: InboxApi, filter: DecisionFilter) {
  const items = signal<Routed[] | undefined>(undefined);
  const error = signal<ApiError | undefined>(undefined);
  const hasMore = signal(true);
  const over = new AbortController();
  let before: number | null = null;
  let isReading = false;

  /** One reading at a time; `again` if another was wanted meanwhile. */
  async function read(work: () => Promise<void>) {
    if (isReading) return;
    isReading = true;
    try {
      await work();
      error.value = undefined;
    } catch (caught) {
      if (!isAbort(caught) && !over.signal.aborted) error.value = toApiError(caught);
    } finally {
      isReading = false;
    }
  }

  function begin() {
    return read(async () => {
      const listed = await calls.decisions({ ...filter, newest: true, limit: FIRST }, over.signal);
      items.value = listed.items;
      before = listed.next;
      hasMore.value = before !== null;
    });
  }

  function older() {
    const last = before;
    if (last === null || items.peek() === undefined) return;
    void read(async () => {
      const listed = await calls.decisions({ ...filter, before: last, limit: MORE }, over.signal);
      items.value = [...(items.peek() ?? []), ...listed.items];
      before = listed.next;
      hasMore.value = before !== null;
    });
  }

  async function newer(): Promise<void> {
    if (items.peek() === undefined) return begin();
    if (isReading) {
      setTimeout(() => !over.signal.aborted && void newer(), GATHER_MILLISECONDS);
      return;
    }
    return read(async () => {
      let after = items.peek()?.[0]?.seq ?? 0;
      for (;;) {
        const listed = await calls.decisions({ ...filter, after, limit: 500 }, over.signal);
        if (listed.items.length > 0) items.value = [...listed.items.reverse(), ...(items.peek() ?? [])];
        if (listed.next === null) return;
        after = listed.next;
      }
    });
  }

  return { items, error, hasMore, begin, older, newer, stop: () => over.abort() };
}
