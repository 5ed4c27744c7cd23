/** What the editor begins with. */

import { ApiError, type InboxApi, type InboxNumber, type RulesStatus, type Words } from '../api';
import { can } from '../session';
import { type Draft, draftOf, type Files, kept, onTopOf } from './draft';

export interface Start {
  status: RulesStatus;
  draft: Draft;
  /** What was not saved when the view was left, if others have changed the rules since. */
  older: Draft | null;
  words: Words;
  numbers: InboxNumber[];
}

export async function readStart(calls: InboxApi, signal: AbortSignal): Promise<Start> {
  const status = await calls.rules(signal);
  const [files, words, numbers] = await Promise.all([
    readFiles(calls, status, signal),
    calls.words(signal),
    calls.numbers(signal),
  ]);
  const now = draftOf(status.digest, files);
  const before = can('rules') ? kept(calls.inbox) : null;
  const isOlder = before !== null && before.base !== now.base;
  const draft = before !== null && !isOlder ? onTopOf(before, now, new Set()) : now;
  return { status, draft, older: isOlder ? before : null, words, numbers: numbers.items };
}

/** The texts of the active set. */
export async function readFiles(calls: InboxApi, status: RulesStatus, signal?: AbortSignal): Promise<Files> {
  try {
    return (await calls.ruleSet(status.digest, signal)).files;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
    const texts = status.files.map(async ({ name }) => [name, await calls.ruleFile(name, signal)] as const);
    return Object.fromEntries(await Promise.all(texts));
  }
}
