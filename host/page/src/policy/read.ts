/** What of a policy is shown, without the page around it. */

import type { ConditionPart, Counts, Flow, FlowDefinition, FlowFact, FlowRule, HoursWords, RuleRef, Week } from '../api';

/** What a rule is known by in decisions: its name, or its place. */
export function ruleKey(rule: RuleRef): string {
  return rule.name ?? `${rule.file}:${rule.line}`;
}

export interface RuleCount {
  day: number;
  week: number;
  /** By alternative. */
  alternatives: Map<number, { day: number; week: number }>;
}

/** The decisions of one number by rule; under `null` those that no rule took. */
export function countsOf(counts: Counts, number: string): Map<string | null, RuleCount> {
  const of = new Map<string | null, RuleCount>();
  for (const row of counts.rules) {
    if (row.number !== number || !row.current) continue;
    const key = row.rule && ruleKey(row.rule);
    const count = of.get(key) ?? { day: 0, week: 0, alternatives: new Map() };
    count.day += row.day;
    count.week += row.week;
    if (row.alternative !== null) {
      const before = count.alternatives.get(row.alternative) ?? { day: 0, week: 0 };
      count.alternatives.set(row.alternative, { day: before.day + row.day, week: before.week + row.week });
    }
    of.set(key, count);
  }
  return of;
}

/** One line of a condition that is read aloud: a fact, the head of lines of which all or one must hold, or named hours. */
export interface ConditionLine {
  depth: number;
  /** How it is joined to the line before. */
  join: 'and' | 'or' | null;
  isNegated: boolean;
  fact?: FlowFact;
  /** The fact is a name, and the lines below say what it stands for. */
  isExplained?: boolean;
  head?: 'all' | 'any';
  hours?: HoursWords;
  /** The hours are those of this name, which others mention. */
  name?: string;
}

/** The tree as lines. What a name stands for is said once. */
export function conditionLines(parts: FlowRule['parts'], definitions: Flow['definitions']): ConditionLine[] {
  if (parts === null) return [];
  let root: ConditionPart = parts;
  while ('all' in root && root.all.length === 1 && root.all[0]) root = root.all[0];
  const lines: ConditionLine[] = [];
  const left = new Map(Object.entries(definitions));
  const list = 'all' in root ? root.all : [root];
  list.forEach((part, at) => addLines(lines, left, part, 0, at === 0 ? null : 'and', false));
  return lines;
}

function addLines(
  lines: ConditionLine[],
  /** What has not been explained yet. */
  left: Map<string, FlowDefinition>,
  part: ConditionPart,
  depth: number,
  join: ConditionLine['join'],
  isNegated: boolean,
) {
  if ('not' in part) {
    addLines(lines, left, part.not, depth, join, !isNegated);
    return;
  }
  if ('text' in part) {
    const isName = part.subject === 'definition' || part.subject === 'during';
    const meant = isName && part.name !== null ? left.get(part.name) : undefined;
    lines.push({ depth, join, isNegated, fact: part, isExplained: meant !== undefined });
    if (meant === undefined) return;
    left.delete(part.name!);
    if (meant.hours) addHours(lines, left, meant.hours, depth + 1);
    if (meant.parts) addLines(lines, left, meant.parts, depth + 1, null, false);
    return;
  }
  const [head, list] = 'all' in part ? (['all', part.all] as const) : (['any', part.any] as const);
  if (list.length === 1 && list[0]) {
    addLines(lines, left, list[0], depth, join, isNegated);
    return;
  }
  lines.push({ depth, join, isNegated, head });
  list.forEach((inner, at) =>
    addLines(lines, left, inner, depth + 1, at === 0 ? null : head === 'all' ? 'and' : 'or', false),
  );
}

function addHours(
  lines: ConditionLine[],
  left: Map<string, FlowDefinition>,
  hours: HoursWords,
  depth: number,
  name?: string,
) {
  lines.push({ depth, join: null, isNegated: false, hours, ...(name !== undefined && { name }) });
  for (const other of hours.names) {
    const named = left.get(other)?.hours;
    left.delete(other);
    if (named) addHours(lines, left, named, depth + 1, other);
  }
}

export const DAY_MINUTES = 1_440;
export const WEEK_MINUTES = 7 * DAY_MINUTES;

export type WeekState =
  | { kind: 'unknown' }
  | { kind: 'always' }
  | { kind: 'never' }
  /** Days with the same hours together; days count from Monday. */
  | { kind: 'hours'; groups: { days: number[]; ranges: [number, number][] }[] };

/** When a rule can answer, so that it can be said in a sentence. */
export function weekState(intervals: Week['rules'][number]['intervals']): WeekState {
  if (intervals === null) return { kind: 'unknown' };
  const whole = merged(intervals);
  if (whole.length === 0) return { kind: 'never' };
  if (whole[0]![0] <= 0 && whole[0]![1] >= WEEK_MINUTES) return { kind: 'always' };
  const groups: { days: number[]; ranges: [number, number][] }[] = [];
  for (let day = 0; day < 7; day++) {
    const ranges = rangesOfDay(whole, day);
    if (ranges.length === 0) continue;
    const same = groups.find((group) => JSON.stringify(group.ranges) === JSON.stringify(ranges));
    if (same) same.days.push(day);
    else groups.push({ days: [day], ranges });
  }
  return { kind: 'hours', groups };
}

/** In minutes of that day. */
function rangesOfDay(intervals: [number, number][], day: number): [number, number][] {
  const start = day * DAY_MINUTES;
  return intervals
    .map(([from, to]): [number, number] => [Math.max(from - start, 0), Math.min(to - start, DAY_MINUTES)])
    .filter(([from, to]) => from < to);
}

/** In order, with those that touch joined. */
function merged(intervals: [number, number][]): [number, number][] {
  const sorted = [...intervals].sort((a, b) => a[0] - b[0]);
  const result: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = result.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else if (from < to) result.push([from, to]);
  }
  return result;
}

/** Runs of days: `[0, 1, 2, 4]` is Monday to Wednesday, and Friday. */
export function dayRuns(days: number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last && last[1] === day - 1) last[1] = day;
    else runs.push([day, day]);
  }
  return runs;
}

/** `09:00`; the end of a day is `24:00`. */
export function clockOf(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
