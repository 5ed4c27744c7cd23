/** The rules with other options, as the host would write them, and what stands against them. */

import { useEffect } from 'preact/hooks';
import type { Finding, Options, OptionsAnswer } from '../api';
import { draftOf, keep, kept, plain, withText } from '../edit/draft';
import { type Later, useLater } from '../edit/later';
import { type Save, useSave } from '../edit/save';
import { useQuestionBeforeLeaving } from '../leaving';
import { guardLeaving, href } from '../router';
import { api, can } from '../session';
import { words } from '../words';
import type { ShownProps, Start } from './view';

/** What is to be saved; `null`: nothing differs. */
export interface Wanted {
  options: Options | null;
  own: boolean;
  updateTests: boolean;
}

export interface OptionsDraft {
  asked: Later<OptionsAnswer>;
  /** The last answer, also while the next is on its way. */
  answer: OptionsAnswer | undefined;
  /** The errors that no choice about the tests mends. */
  errors: readonly Finding[];
  /** Whether tests stand against it that can be chosen about. */
  isForTests: boolean;
  /** Why the form cannot be written into the rules, if they are others by now. */
  whyNot: string | null;
  canSave: boolean;
  save: Save;
  put(): void;
}

/** `isTouched`: somebody has changed something, which must not be lost. */
export function useOptionsDraft(
  { number, start, busy, onReload }: ShownProps,
  wanted: Wanted | null,
  isTouched: boolean,
): OptionsDraft {
  const calls = api.value;
  const mayChange = can('rules');
  const { options, own, updateTests } = wanted ?? {};
  const asked = useLater(
    wanted && mayChange
      ? (signal) =>
          calls.options({ number, options: options ?? null, own: own ?? false, update_tests: updateTests ?? false }, signal)
      : null,
    [options, own, updateTests],
  );
  const save = useSave(onReload);
  busy.current = isTouched || save.isSaving || save.problem !== null;
  useEffect(() => () => void (busy.current = false), []);
  useQuestionBeforeLeaving(isTouched, words().edit.discardAll);

  const answer = wanted && mayChange ? asked.answer : undefined;
  const found = answer?.findings.filter(({ level }) => level === 'error') ?? [];
  const errors = found.filter((finding) => !isOfTest(finding, answer!));
  const whyNot = (options && answer?.why_not) ?? null;
  return {
    asked,
    answer,
    errors,
    isForTests: found.length > errors.length,
    whyNot,
    canSave: answer !== undefined && whyNot === null && !asked.isAsking && !asked.error && found.length === 0,
    save,
    put: () => {
      // What others have saved since the form was opened is found by its base, and never overwritten.
      if (answer) void save.put({ base: start.answer.digest, files: { [answer.file]: answer.text } });
    },
  };
}

function isOfTest(finding: Finding, { file, broken_tests: tests }: OptionsAnswer): boolean {
  const lines = tests.flatMap(({ failures }) => failures.map(({ line }) => line));
  return finding.file === file && lines.includes(finding.start.line);
}

/** Goes on in the editor, with what is written so far as what is not saved. */
export function goOnInEditor(start: Start, answer: OptionsAnswer, line: number) {
  const { inbox } = api.value;
  const { file, text, digest } = answer;
  const present = file === start.answer.file && start.answer.text !== '' ? { [file]: start.answer.text } : {};
  const before = kept(inbox);
  const isOn = before !== null && before.base === digest && before.edits[file] === undefined;
  if (before !== null && !isOn && !confirm(words().options.replaceDraft)) return;
  keep(inbox, withText(isOn ? before : draftOf(digest, present), file, plain(text)));
  guardLeaving(null);
  location.hash = href('edit', file, { line: String(line) });
}
