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
  /** Where the older ones begin. */
  let before: number | null = null;
  /** What the last page said about the next one. */
  let next: number | null = null;
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

  /** At least one decision, or the end: a page of the host may be empty although there are more. */
  async function page(from: number | null, limit: number): Promise<Routed[]> {
    let at = from;
    for (;;) {
      const listed = await calls.decisions(
        { ...filter, ...(at === null ? { newest: true } : { before: at }), limit },
        over.signal,
      );
      at = listed.next;
      next = at;
      if (listed.items.length > 0 || at === null) return listed.items;
    }
  }

  function begin() {
    return read(async () => {
      const first = await page(null, FIRST);
      before = next;
      hasMore.value = before !== null;
      items.value = first;
    });
  }

  function older() {
    const last = before;
    if (last === null || items.peek() === undefined) return;
    void read(async () => {
      const more = await page(last, MORE);
      before = next;
      hasMore.value = before !== null;
      items.value = [...(items.peek() ?? []), ...more];
    });
  }

  async function newer(): Promise<void> {
    const known = items.peek();
    if (known === undefined) return begin();
    if (isReading) {
      setTimeout(() => !over.signal.aborted && void newer(), GATHER_MILLISECONDS);
      return;
    }
    return read(async () => {
      const top = known[0]?.seq ?? 0;
      const fresh: Routed[] = [];
      let from: number | null = null;
      do {
        fresh.push(...(await page(from, from === null ? FIRST : MORE)));
        from = next;
      } while (from !== null && (fresh.at(-1)?.seq ?? 0) > top);
      const added = fresh.filter(({ seq }) => seq > top);
      if (added.length > 0) items.value = [...added, ...(items.peek() ?? [])];
    });
  }

  return { items, error, hasMore, begin, older, newer, stop: () => over.abort() };
}
