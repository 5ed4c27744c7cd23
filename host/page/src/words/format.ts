/** Numbers, times and ages as the language writes them. */

import { locale } from '.';

const made = new Map<string, unknown>();

function cached<T>(key: string, make: (locale: string) => T): T {
  const language = locale();
  const name = `${language} ${key}`;
  let format = made.get(name) as T | undefined;
  if (format === undefined) {
    format = make(language);
    made.set(name, format);
  }
  return format;
}

export function count(number: number): string {
  return cached('count', (language) => new Intl.NumberFormat(language)).format(number);
}

export function percent(share: number): string {
  return cached('percent', (language) => new Intl.NumberFormat(language, { style: 'percent' })).format(share);
}

export function clock(at: string | number): string {
  return cached('clock', (language) => new Intl.DateTimeFormat(language, { timeStyle: 'medium' })).format(
    new Date(at),
  );
}

export function day(at: string | number): string {
  return cached('day', (language) => new Intl.DateTimeFormat(language, { dateStyle: 'medium' })).format(
    new Date(at),
  );
}

export function dateTime(at: string | number): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium' } as const;
  return cached('dateTime', (language) => new Intl.DateTimeFormat(language, options)).format(new Date(at));
}

const STEPS: [Intl.RelativeTimeFormatUnit & Intl.NumberFormatOptions['unit'], number][] = [
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

function largest(seconds: number, isExact: boolean): ['day' | 'hour' | 'minute' | 'second', number] {
  for (const [unit, length] of STEPS) {
    if (seconds >= length && !(isExact && seconds % length)) return [unit as 'day' | 'hour' | 'minute', Math.floor(seconds / length)];
  }
  return ['second', Math.floor(seconds)];
}

/** `3 min ago`. */
export function relative(seconds: number): string {
  const [unit, number] = largest(Math.max(0, seconds), false);
  const options = { numeric: 'auto', style: 'short' } as const;
  return cached('relative', (language) => new Intl.RelativeTimeFormat(language, options)).format(-number, unit);
}

/** `3 min`; an age is rounded down. A time that a rule names is exact, and as it is said in a sentence: `90 minutes`. */
export function durationWords(seconds: number, isExact = false): string {
  const [unit, number] = largest(Math.max(0, seconds), isExact);
  const unitDisplay = isExact ? 'long' : 'short';
  const options = { style: 'unit', unit, unitDisplay } as const;
  return cached(`${unitDisplay} ${unit}`, (language) => new Intl.NumberFormat(language, options)).format(number);
}
