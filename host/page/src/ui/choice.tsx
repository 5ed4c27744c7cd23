/** Controls that choose one of a few. */

import { type ComponentChildren, Fragment } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface Item<T extends string> {
  value: T;
  text: ComponentChildren;
}

/** The arrow keys move; in a page that is read from right to left, the left one goes on. */
function step(event: KeyboardEvent, index: number, length: number): number | null {
  const forward = document.documentElement.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const back = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
  switch (event.key) {
    case forward:
    case 'ArrowDown':
      return (index + 1) % length;
    case back:
    case 'ArrowUp':
      return (index - 1 + length) % length;
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return null;
  }
}

function useRoving<T extends string>(items: readonly Item<T>[], value: T, onValue: (value: T) => void) {
  const list = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const next = step(event, items.findIndex((item) => item.value === value), items.length);
    const item = next === null ? undefined : items[next];
    if (item === undefined) return;
    event.preventDefault();
    onValue(item.value);
    (list.current?.children[next ?? 0] as HTMLElement | undefined)?.focus();
  };
  return { list, onKeyDown };
}

/** Two to four words beside each other. */
export function Segments<T extends string>({
  label,
  items,
  value,
  onValue,
}: {
  label: string;
  items: readonly Item<T>[];
  value: T;
  onValue: (value: T) => void;
}) {
  const { list, onKeyDown } = useRoving(items, value, onValue);
  return (
    <div class="segments" role="radiogroup" aria-label={label} ref={list} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.value}
          type="button"
          role="radio"
          aria-checked={item.value === value}
          tabIndex={item.value === value ? 0 : -1}
          onClick={() => onValue(item.value)}
        >
          {item.text}
        </button>
      ))}
    </div>
  );
}

/** Tabs with one panel, whose content the caller draws. */
export function Tabs<T extends string>({
  label,
  items,
  value,
  onValue,
  children,
}: {
  label: string;
  items: readonly Item<T>[];
  value: T;
  onValue: (value: T) => void;
  children: ComponentChildren;
}) {
  const id = useId();
  const { list, onKeyDown } = useRoving(items, value, onValue);
  return (
    <Fragment>
      <div class="tabs" role="tablist" aria-label={label} ref={list} onKeyDown={onKeyDown}>
        {items.map((item) => (
          <button
            key={item.value}
            type="button"
            role="tab"
            id={`${id}-${item.value}`}
            aria-selected={item.value === value}
            aria-controls={`${id}-panel`}
            tabIndex={item.value === value ? 0 : -1}
            onClick={() => onValue(item.value)}
          >
            {item.text}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${value}`}>
        {children}
      </div>
    </Fragment>
  );
}
