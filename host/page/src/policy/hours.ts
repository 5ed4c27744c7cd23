/** Days, dates and times in a few words, in the language of the page. */

import type { HoursPart, HoursWords } from '../api';
import { locale } from '../words';
import { policyWords } from './words';
import { clockOf, dayRuns } from './read';

/** Names of days from Monday. 2026-01-05 is one. */
export function dayNames(): string[] {
  const format = new Intl.DateTimeFormat(locale(), { weekday: 'short', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2026, 0, 5 + day)));
}

/** `Mon–Fri, Sun`. */
export function daysWords(days: number[]): string {
  const names = dayNames();
  const runs = dayRuns(days).map(([first, last]) => (first === last ? names[first] : `${names[first]}–${names[last]}`));
  return runs.join(policyWords().comma);
}

/** Times are written from left to right in every language, and on one line. */
export function timesWords(times: [number, number][]): string {
  return times.map(([from, to]) => `\u2066${clockOf(from)}\u2060–\u2060${clockOf(to)}\u2069`).join(policyWords().comma);
}

/** Hours that are written in a rule. */
export function partWords({ days, dates, times }: HoursPart): string {
  return [daysWords(days), datesWords(dates), timesWords(times)].filter(Boolean).join(' ');
}

/** Hours or dates that have a name. */
export function hoursWords({ sentence, open, except, names }: HoursWords): string {
  const { inWords, comma, semicolon, quoted } = policyWords();
  if (inWords === null) return sentence;
  const others = [datesWords(except), ...names.map(quoted)].filter(Boolean).join(comma);
  const isMade = open.every(({ days, times }) => days.length + times.length === 0);
  const parts = open.map(partWords).filter(Boolean).join(semicolon);
  if (others === '') return parts;
  return isMade ? [parts, others].filter(Boolean).join(comma) : `${parts} ${inWords.except} ${others}`;
}

function datesWords(dates: [string, string][]): string {
  const ranges = dates.map(([first, last]) => (first === last ? dateWords(first) : `${dateWords(first)} – ${dateWords(last)}`));
  return ranges.join(policyWords().comma);
}

/** A date with a year, or one of every year. */
function dateWords(date: string): string {
  const isYearly = date.length < 6;
  const options = { day: 'numeric', month: 'long', timeZone: 'UTC' } as const;
  const format = new Intl.DateTimeFormat(locale(), isYearly ? options : { ...options, year: 'numeric' });
  return format.format(Date.parse(isYearly ? `2024-${date}` : date));
}
