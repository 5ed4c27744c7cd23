/** What is told beside the lines of a file, from what the checker and the tests say. */

import type { CheckReport, Finding, TestsReport } from '../api';
import type { Note } from './code_editor';
import { type Draft, textOf } from './draft';
import { shortName } from './names';
import { utf16Offsets } from './positions';

type Failure = TestsReport['tests'][number];

/** A report about what was edited then. */
export interface Judged<T> {
  draft: Draft;
  report: T;
}

/** What was found in the file as it is now; `null` while it is judged, when the editor moves the older ones along. */
export function judgedNotes(
  file: string,
  draft: Draft,
  check: Judged<CheckReport> | undefined,
  tests: Judged<TestsReport> | undefined,
): Note[] | null {
  if (check?.draft !== draft) return null;
  const now = textOf(draft, file) ?? '';
  const of = check.report.findings.filter((finding) => shortName(finding.file) === file);
  const failures =
    tests?.draft === draft
      ? tests.report.tests.filter((test) => !test.passed && shortName(test.file) === file)
      : [];
  return notesOf(now, of, failures);
}

/** In the order of the file. */
export function notesOf(text: string, findings: readonly Finding[], failures: readonly Failure[]): Note[] {
  const bytes = findings.flatMap(({ start, end, fix }) => [
    start.byte,
    end.byte,
    ...(fix?.edits ?? []).flatMap((edit) => [edit.start, edit.end]),
  ]);
  const offsets = utf16Offsets(text, bytes)[Symbol.iterator]();
  const next = () => offsets.next().value ?? 0;
  const found = findings.map((finding): Note => {
    const [from, to] = [next(), next()];
    const edits = finding.fix?.edits.map((edit) => ({ from: next(), to: next(), text: edit.text }));
    return {
      from,
      to: Math.max(from, to),
      level: finding.level === 'error' ? 'error' : finding.level === 'warning' ? 'warning' : 'info',
      message: [finding.message, finding.help].filter(Boolean).join('\n'),
      ...(finding.fix && edits && { fix: { title: finding.fix.title, edits } }),
    };
  });
  const lines = lineStarts(text);
  const failed = failures.flatMap((failure) =>
    failure.failures.map(({ line, expected, got, help }): Note => {
      const at = Math.min(Math.max(line, 1), lines.length) - 1;
      const to = (lines[at + 1] ?? text.length + 1) - 1;
      const message = [`expected: ${expected}`, `got: ${got}`, help].filter(Boolean).join('\n');
      return { from: lines[at]!, to, level: 'warning', message };
    }),
  );
  return [...found, ...failed].sort((a, b) => a.from - b.from || a.to - b.to);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** The text with the fix of a finding. */
export function textFix(text: string, finding: Finding): string {
  const edits = finding.fix?.edits ?? [];
  const offsets = utf16Offsets(
    text,
    edits.flatMap(({ start, end }) => [start, end]),
  );
  const placed = edits.map((edit, at) => ({
    from: offsets[2 * at]!,
    to: offsets[2 * at + 1]!,
    text: edit.text,
  }));
  placed.sort((a, b) => b.from - a.from);
  return placed.reduce(
    (before, { from, to, text: insert }) => before.slice(0, from) + insert + before.slice(to),
    text,
  );
}
