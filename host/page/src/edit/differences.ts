/** Which lines differ between two texts, without a library: the algorithm of Myers, "An O(ND) Difference Algorithm". */

/** `same` lines are in both texts, `removed` ones only in the old, `added` ones only in the new. */
export interface LineChange {
  kind: 'same' | 'removed' | 'added';
  text: string;
  /** The number of the line in the old text, from 1. */
  old?: number;
  /** The number of the line in the new text, from 1. */
  new?: number;
}

/** Beyond so many changed lines, the texts are told as wholly replaced between what they share at both ends. */
const MOST_CHANGES = 1_500;

export function lineChanges(old: string, now: string): LineChange[] {
  const a = lines(old);
  const b = lines(now);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end])
    end++;

  const changes: LineChange[] = [];
  const same = (i: number, j: number) => changes.push({ kind: 'same', text: a[i]!, old: i + 1, new: j + 1 });
  for (let i = 0; i < start; i++) same(i, i);
  for (const step of middle(a.slice(start, a.length - end), b.slice(start, b.length - end))) {
    const [i, j] = [start + step.i, start + step.j];
    if (step.kind === 'same') same(i, j);
    else if (step.kind === 'removed') changes.push({ kind: 'removed', text: a[i]!, old: i + 1 });
    else changes.push({ kind: 'added', text: b[j]!, new: j + 1 });
  }
  for (let k = end; k > 0; k--) same(a.length - k, b.length - k);
  return changes;
}

/** Only what changed, with `context` unchanged lines around it; `null` stands where lines are left out. */
export function excerpt(changes: LineChange[], context = 3): (LineChange | null)[] {
  const shown = new Uint8Array(changes.length);
  changes.forEach((change, at) => {
    if (change.kind === 'same') return;
    shown.fill(1, Math.max(0, at - context), Math.min(changes.length, at + context + 1));
  });
  const result: (LineChange | null)[] = [];
  changes.forEach((change, at) => {
    if (shown[at]) result.push(change);
    else if (at === 0 || shown[at - 1]) result.push(null);
  });
  return result;
}

/** The lines of a text; the line break at its end begins no other line. */
function lines(text: string): string[] {
  const all = text.split('\n');
  if (all.at(-1) === '') all.pop();
  return all;
}

interface Step {
  kind: LineChange['kind'];
  i: number;
  j: number;
}

function middle(a: string[], b: string[]): Step[] {
  const trace = a.length && b.length ? searchPath(a, b) : undefined;
  if (trace) return stepsOf(trace, a.length, b.length);
  const removed = a.map((_, i): Step => ({ kind: 'removed', i, j: 0 }));
  const added = b.map((_, j): Step => ({ kind: 'added', i: a.length, j }));
  return [...removed, ...added];
}

/** The furthest `i` on each diagonal, before each number of changes; nothing if there are too many changes. */
function searchPath(a: string[], b: string[]): Int32Array[] | undefined {
  const most = Math.min(a.length + b.length, MOST_CHANGES);
  const trace: Int32Array[] = [];
  let furthest = new Int32Array(3);
  for (let d = 0; d <= most; d++) {
    // `furthest[k + d + 1]` is diagonal k; it grows by one on each side with each change.
    trace.push(furthest);
    const next = new Int32Array(2 * d + 5);
    const at = (k: number) => furthest[k + d + 1]!;
    for (let k = -d; k <= d; k += 2) {
      let i = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? at(k + 1) : at(k - 1) + 1;
      while (i < a.length && i - k < b.length && a[i] === b[i - k]) i++;
      next[k + d + 2] = i;
      if (i >= a.length && i - k >= b.length) return trace;
    }
    furthest = next;
  }
  return undefined;
}

function stepsOf(trace: Int32Array[], i: number, j: number): Step[] {
  const steps: Step[] = [];
  for (let d = trace.length - 1; d >= 0; d--) {
    const at = (k: number) => trace[d]![k + d + 1]!;
    const k = i - j;
    const isDown = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const before = isDown ? k + 1 : k - 1;
    const [i0, j0] = d === 0 ? [0, 0] : [at(before), at(before) - before];
    const [startI, startJ] = d === 0 ? [0, 0] : isDown ? [i0, j0 + 1] : [i0 + 1, j0];
    while (i > startI && j > startJ) steps.push({ kind: 'same', i: --i, j: --j });
    if (d === 0) break;
    steps.push(isDown ? { kind: 'added', i: i0, j: j0 } : { kind: 'removed', i: i0, j: j0 });
    [i, j] = [i0, j0];
  }
  return steps.reverse();
}
