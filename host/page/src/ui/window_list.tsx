/** A list of any length, of which only the rows in sight are drawn. The rows have one height. */

import './window_list.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { rowsBefore, rowsInSight } from './rows';

interface WindowListProps<T> {
  label: string;
  items: readonly T[];
  rowHeight: number;
  keyOf: (item: T) => string | number;
  /** Draws a row: one element that can have the focus, which must take `tabIndex`. */
  children: (item: T, tabIndex: number) => ComponentChildren;
  /** The end is near: time to load more. */
  onNearEnd?: () => void;
  /** Whether the first row is in sight. */
  onTop?: (isTop: boolean) => void;
  /** What comes after the last row. */
  foot?: ComponentChildren;
  /** The row that the Tab key goes to first. */
  current?: string | number | null;
}

/** So many rows before the end more is loaded. */
const NEAR = 60;

export function WindowList<T>(props: WindowListProps<T>) {
  const { label, items, rowHeight, keyOf, children, onNearEnd, onTop, foot, current } = props;
  const box = useRef<HTMLDivElement>(null);
  const [[top, height], setSight] = useState<[number, number]>([0, 800]);
  const [active, setActive] = useState<string | number | null>(current ?? null);

  const look = () => {
    const element = box.current;
    if (!element) return;
    setSight([element.scrollTop, element.clientHeight]);
    onTop?.(element.scrollTop < rowHeight / 2);
  };
  useEffect(() => {
    const observer = new ResizeObserver(look);
    if (box.current) observer.observe(box.current);
    return () => observer.disconnect();
  }, []);

  // What comes in above does not move what somebody reads.
  const first = useRef<string | number | null>(null);
  useLayoutEffect(() => {
    const element = box.current;
    const added = rowsBefore(items, keyOf, first.current);
    if (element && added > 0 && element.scrollTop > rowHeight / 2) element.scrollTop += added * rowHeight;
    first.current = items[0] === undefined ? null : keyOf(items[0]);
  }, [items]);

  const [from, to] = rowsInSight(top, height, rowHeight, items.length);
  useEffect(() => {
    if (to > items.length - NEAR) onNearEnd?.();
  }, [to, items.length]);
  useEffect(() => {
    if (current !== null && current !== undefined) setActive(current);
  }, [current]);

  const found = active === null ? -1 : items.findIndex((item) => keyOf(item) === active);
  const activeIndex = Math.max(0, found);
  const drawn = Array.from({ length: to - from }, (_, offset) => from + offset);
  // The row with the focus stays, or the focus would be lost.
  if (items.length > 0 && !(activeIndex >= from && activeIndex < to)) drawn.push(activeIndex);

  const focusRow = (index: number) => {
    const element = box.current;
    const item = items[index];
    if (!element || item === undefined) return;
    const start = index * rowHeight;
    if (start < element.scrollTop) element.scrollTop = start;
    const overlap = start + rowHeight - (element.scrollTop + element.clientHeight);
    if (overlap > 0) element.scrollTop += overlap;
    setActive(keyOf(item));
    setSight([element.scrollTop, element.clientHeight]);
    requestAnimationFrame(() => {
      element.querySelector<HTMLElement>(`[data-row="${index}"] > *`)?.focus({ preventScroll: true });
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const steps: Record<string, number> = {
      ArrowDown: activeIndex + 1,
      ArrowUp: activeIndex - 1,
      PageDown: activeIndex + page,
      PageUp: activeIndex - page,
      Home: 0,
      End: items.length - 1,
    };
    const next = steps[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    focusRow(Math.min(Math.max(0, next), items.length - 1));
  };

  return (
    <div class="window-list" ref={box} onScroll={look}>
      <ul aria-label={label} style={{ blockSize: `${items.length * rowHeight}px` }} onKeyDown={onKeyDown}>
        {drawn.map((index) => {
          const item = items[index];
          if (item === undefined) return null;
          return (
            <li
              key={keyOf(item)}
              data-row={index}
              aria-setsize={items.length}
              aria-posinset={index + 1}
              style={{ blockSize: `${rowHeight}px`, transform: `translateY(${index * rowHeight}px)` }}
              onFocusIn={() => setActive(keyOf(item))}
            >
              {children(item, index === activeIndex ? 0 : -1)}
            </li>
          );
        })}
      </ul>
      {foot}
    </div>
  );
}
