/** Two texts beside each other, with what differs marked; on a small screen one below the other. */

import './code.css';
import { useMemo } from 'preact/hooks';
import { words } from '../words';
import { excerpt, type LineChange, lineChanges } from './differences';

interface Props {
  left: string;
  right: string;
  leftTitle: string;
  rightTitle: string;
}

/** A line of each, where one of them may have none. */
type Row = { left: LineChange | null; right: LineChange | null } | null;

export function SideBySide({ left, right, leftTitle, rightTitle }: Props) {
  const rows = useMemo(() => rowsOf(excerpt(lineChanges(left, right))), [left, right]);
  return (
    <div
      class="code side-by-side"
      dir="ltr"
      role="region"
      aria-label={`${leftTitle}, ${rightTitle}`}
      tabIndex={0}
    >
      <Column title={leftTitle} rows={rows} side="left" />
      <Column title={rightTitle} rows={rows} side="right" />
    </div>
  );
}

function Column({ title, rows, side }: { title: string; rows: Row[]; side: 'left' | 'right' }) {
  const { edit } = words();
  return (
    <div class="column">
      <p class="small strong column-title">{title}</p>
      <ol>
        {rows.map((row, at) => {
          const line = row?.[side];
          if (!row) {
            return (
              <li key={at} class="gap" aria-hidden="true">
                ⋯
              </li>
            );
          }
          return (
            <li key={at} class={line?.kind ?? 'blank'}>
              {line && line.kind !== 'same' && (
                <span class="visually-hidden">{edit.lineKinds[line.kind]} </span>
              )}
              <code>{line?.text ?? ' '}</code>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/** What was removed stands beside what was added in its place. */
export function rowsOf(changes: readonly (LineChange | null)[]): Row[] {
  const rows: Row[] = [];
  let removed: LineChange[] = [];
  let added: LineChange[] = [];
  const flush = () => {
    const length = Math.max(removed.length, added.length);
    for (let at = 0; at < length; at++) rows.push({ left: removed[at] ?? null, right: added[at] ?? null });
    [removed, added] = [[], []];
  };
  for (const change of changes) {
    if (change?.kind === 'removed') removed.push(change);
    else if (change?.kind === 'added') added.push(change);
    else {
      flush();
      rows.push(change && { left: change, right: change });
    }
  }
  flush();
  return rows;
}
