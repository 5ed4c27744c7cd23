/** What is edited, on top of the rules that decide: plain data, and functions that give the next one. */

import type { Edit } from '../api';

export type Files = Readonly<Record<string, string>>;

export interface Draft {
  /** The digest of the rules that were edited. */
  base: string;
  /** Their files. Line breaks are as an editor has them, `\n`. */
  saved: Files;
  /** The files that differ; `null`: it is deleted. */
  edits: Readonly<Record<string, string | null>>;
  /** The files whose lines end as on Windows, which saving keeps. */
  windows: readonly string[];
}

export function draftOf(base: string, files: Files): Draft {
  const windows = Object.keys(files).filter((name) => files[name]!.includes('\r\n'));
  const saved = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, plain(text)]));
  return { base, saved, edits: {}, windows };
}

export function plain(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

/** `undefined`: there is no such file. */
export function textOf(draft: Draft, name: string): string | undefined {
  const edited = draft.edits[name];
  return edited === undefined ? draft.saved[name] : (edited ?? undefined);
}

/** `inbox.toml` first, then by name. */
export function fileNames(draft: Draft): string[] {
  const names = new Set([...Object.keys(draft.saved), ...Object.keys(draft.edits)]);
  return [...names].filter((name) => draft.edits[name] !== null).sort(byName);
}

export function byName(a: string, b: string): number {
  const toml = (name: string) => Number(!name.endsWith('.toml'));
  return toml(a) - toml(b) || (a < b ? -1 : Number(a > b));
}

/** The files that differ, also those that are deleted. */
export function changedFiles(draft: Draft): string[] {
  return Object.keys(draft.edits).sort(byName);
}

export function isChanged(draft: Draft): boolean {
  return Object.keys(draft.edits).length > 0;
}

/** The file with this text, or without any (`null`). */
export function withText(draft: Draft, name: string, text: string | null): Draft {
  const { [name]: _, ...others } = draft.edits;
  const isAsBefore = text === (draft.saved[name] ?? null);
  return { ...draft, edits: isAsBefore ? others : { ...others, [name]: text } };
}

/** The file as it is saved. */
export function reverted(draft: Draft, name: string): Draft {
  return withText(draft, name, draft.saved[name] ?? null);
}

/** Edited so that exactly these files are left. */
export function withFiles(draft: Draft, files: Files): Draft {
  let next: Draft = { ...draft, edits: {} };
  for (const name of Object.keys(draft.saved)) if (!(name in files)) next = withText(next, name, null);
  for (const [name, text] of Object.entries(files)) next = withText(next, name, plain(text));
  return next;
}

/** What is judged, with the positions of the editor. */
export function toJudge(draft: Draft): Edit {
  return { files: { ...draft.edits } };
}

/** What is saved: all that differs, or some files of it. */
export function toSave(draft: Draft, names = changedFiles(draft)): Edit {
  const files = names.map((name) => {
    const text = draft.edits[name] ?? null;
    return [name, text !== null && draft.windows.includes(name) ? text.replaceAll('\n', '\r\n') : text];
  });
  return { base: draft.base, files: Object.fromEntries(files) };
}

/** These texts are saved now; what was typed meanwhile is still edited. */
export function afterSave(draft: Draft, base: string, texts: Edit['files']): Draft {
  const saved: Record<string, string> = { ...draft.saved };
  for (const [name, text] of Object.entries(texts)) {
    if (text === null) delete saved[name];
    else saved[name] = plain(text);
  }
  return onTopOf(draft, { ...draft, base, saved }, new Set());
}

/** What has become of a file that others changed. */
export interface OthersChange {
  name: string;
  before: string | undefined;
  theirs: string | undefined;
  /** `undefined`: it is not edited here. */
  mine: string | null | undefined;
}

export function othersChanges(draft: Draft, now: Draft): OthersChange[] {
  const names = new Set([...Object.keys(draft.saved), ...Object.keys(now.saved)]);
  return [...names]
    .filter((name) => draft.saved[name] !== now.saved[name])
    .sort(byName)
    .map((name) => ({
      name,
      before: draft.saved[name],
      theirs: now.saved[name],
      mine: draft.edits[name],
    }));
}

/** The edits on top of what others have saved, without those files in which theirs is taken. */
export function onTopOf(draft: Draft, now: Draft, takeTheirs: ReadonlySet<string>): Draft {
  let next: Draft = { ...now, edits: {} };
  for (const [name, text] of Object.entries(draft.edits)) {
    if (!takeTheirs.has(name)) next = withText(next, name, text);
  }
  return next;
}

/** What is wrong with the name of a new file. */
export type NameFault = 'empty' | 'form' | 'exists';

export function nameFault(draft: Draft, name: string): NameFault | null {
  if (name === '') return 'empty';
  if (!/^(?:\+[1-9]\d{6,14}|[a-z0-9_-]+)\.rules$/.test(name)) return 'form';
  return textOf(draft, name) === undefined ? null : 'exists';
}

const KEY = 'rules of ';

/** Keeps what is not saved for as long as the tab is there. */
export function keep(inbox: string, draft: Draft) {
  try {
    if (isChanged(draft)) sessionStorage.setItem(KEY + inbox, JSON.stringify(draft));
    else sessionStorage.removeItem(KEY + inbox);
  } catch {
    // The browser keeps nothing, or this is too much.
  }
}

export function kept(inbox: string): Draft | null {
  try {
    const draft = JSON.parse(sessionStorage.getItem(KEY + inbox) ?? 'null');
    return draft && typeof draft.base === 'string' && draft.saved && draft.edits ? draft : null;
  } catch {
    return null;
  }
}
