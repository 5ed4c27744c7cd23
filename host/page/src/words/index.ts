/** The words of the page, in the language that was chosen. */

import { signal } from '@preact/signals';
import { en } from './en';
import type { PolicyWords } from '../policy/words';

/** Every language has every word; in English those of a policy are loaded with it. */
export type Words = typeof en & { policy?: PolicyWords };
export type Language = 'en' | 'ar';
export const LANGUAGES: readonly Language[] = ['en', 'ar'];
/** Each in itself. */
export const LANGUAGE_NAMES: Record<Language, string> = { en: 'English', ar: 'العربية' };

const loaded = signal<Words>(en);
const language = signal<Language>('en');

/** The words; a component that reads them is drawn again when the language changes. */
export function words(): Words {
  return loaded.value;
}

export async function setLanguage(next: Language) {
  const read = next === 'ar' ? (await import('./ar')).ar : en;
  loaded.value = read;
  language.value = next;
}

/** The language with the digits that it is written with here, for `Intl`. */
export function locale(): string {
  return language.value === 'ar' ? 'ar-EG' : 'en-GB';
}

export { clock, count, dateTime, day, durationWords, percent, relative } from './format';
