/** Which rows of a long list are in sight. */

/** So many rows above and below are drawn, too. */
const AHEAD = 10;
/** Which rows are drawn: from the first up to the last, without it. */
export function rowsInSight(top: number, height: number, rowHeight: number, length: number): [number, number] {
  const first = Math.max(0, Math.floor(top / rowHeight) - AHEAD);
  const last = Math.min(length, Math.ceil((top + height) / rowHeight) + AHEAD);
  return [Math.min(first, last), last];
}

/** By how many rows the list has grown at its start. */
export function rowsBefore<T>(items: readonly T[], keyOf: (item: T) => string | number, first: string | number | null) {
  if (first === null) return 0;
  return Math.max(0, items.findIndex((item) => keyOf(item) === first));
}
