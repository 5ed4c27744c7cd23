/** Language and theme: those of the browser, until somebody chooses. */

import { computed, effect, signal } from '@preact/signals';
import { setLanguage, type Language, LANGUAGES } from './words';

export type Theme = 'auto' | 'light' | 'dark';

const THEMES: readonly Theme[] = ['auto', 'light', 'dark'];

export const theme = signal<Theme>(stored('theme', THEMES) ?? 'auto');
export const chosenLanguage = signal<Language>(stored('language', LANGUAGES) ?? browserLanguage());
export const direction = computed(() => (chosenLanguage.value === 'ar' ? 'rtl' : 'ltr'));

function browserLanguage(): Language {
  for (const tag of navigator.languages) {
    const known = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (known) return known;
  }
  return 'en';
}

function stored<T extends string>(name: string, known: readonly T[]): T | undefined {
  try {
    const text = localStorage.getItem(name);
    return known.find((value) => value === text);
  } catch {
    return undefined; // the browser keeps nothing
  }
}

function store(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // It then holds until the page is closed.
  }
}

export function chooseTheme(next: Theme) {
  theme.value = next;
  store('theme', next);
}

export async function chooseLanguage(next: Language) {
  await setLanguage(next);
  chosenLanguage.value = next;
  store('language', next);
}

/** Loads the words, and keeps the document as it was chosen. */
export async function applyPreferences() {
  await setLanguage(chosenLanguage.value);
  effect(() => {
    const root = document.documentElement;
    root.lang = chosenLanguage.value;
    root.dir = direction.value;
    if (theme.value === 'auto') delete root.dataset.theme;
    else root.dataset.theme = theme.value;
  });
}
