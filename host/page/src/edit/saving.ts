/** Saving rules: what may stand in the way of it, and how several files are saved where a folder takes one at a time. */

import { ApiError, type Edit, type InboxApi, type RulesStatus } from '../api';

export type Problem =
  | { kind: 'changed'; edit: Edit; status: RulesStatus }
  /** The folder has a change that does not decide, and must be accepted or mended first. */
  | { kind: 'held' }
  /** `digest`: of the rules that wait. `rest`: what is to be saved after them. */
  | { kind: 'gate'; edit: Edit; digest: string; rest: Edit['files'] }
  | { kind: 'partly'; saved: string[]; left: { name: string; error: ApiError }[] }
  | { kind: 'findings'; edit: Edit; error: ApiError };

/** Is told what decides now, and what was saved. */
export type OnSaved = (status: RulesStatus, edit: Edit) => Promise<void> | void;

/** Saves all files together, or one after another if the host takes no more at a time. Fails with what is no `Problem`. */
export async function saveRules(calls: InboxApi, edit: Edit, onSaved: OnSaved): Promise<Problem | null> {
  try {
    await onSaved(await calls.putRules(edit), edit);
    return null;
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'one-file')) return problemOf(calls, error, edit);
  }
  // Nothing is saved of what is not sound as a whole.
  const { findings } = await calls.checkRules({ files: edit.files });
  const wrong = findings.find(({ level }) => level === 'error');
  if (wrong) return { kind: 'findings', edit, error: new ApiError(422, 'findings', wrong.message, null, findings) };
  return saveEach(calls, edit, onSaved);
}

/** Lets rules decide that wait for it, and saves the rest. */
export async function acceptRules(
  calls: InboxApi,
  { edit, digest, rest }: Extract<Problem, { kind: 'gate' }>,
  onSaved: OnSaved,
): Promise<Problem | null> {
  const status = await calls.acceptRules(digest);
  await onSaved(status, edit);
  return saveEach(calls, { base: status.digest, files: rest }, onSaved);
}

/** A file that is refused may need another one: it is tried again after each that is saved. */
async function saveEach(calls: InboxApi, { base, files }: Edit, onSaved: OnSaved): Promise<Problem | null> {
  const saved: string[] = [];
  const refused = new Map<string, ApiError>();
  const left = Object.keys(files);
  for (let at = 0; at < left.length; ) {
    const name = left[at]!;
    const edit: Edit = { ...(base !== undefined && { base }), files: { [name]: files[name] ?? null } };
    try {
      const status = await calls.putRules(edit);
      base = status.digest;
      await onSaved(status, edit);
      saved.push(name);
      left.splice(at, 1);
      at = 0;
    } catch (error) {
      const problem = await problemOf(calls, error, edit);
      if (problem.kind === 'gate') {
        const rest = left.filter((other) => other !== name).map((other) => [other, files[other] ?? null]);
        return { ...problem, rest: Object.fromEntries(rest) };
      }
      if (problem.kind !== 'findings') return problem;
      refused.set(name, problem.error);
      at += 1;
    }
  }
  if (left.length === 0) return null;
  return { kind: 'partly', saved, left: left.flatMap((name) => ({ name, error: refused.get(name)! })) };
}

async function problemOf(calls: InboxApi, error: unknown, edit: Edit): Promise<Problem> {
  if (!(error instanceof ApiError)) throw error;
  switch (error.code) {
    case 'findings':
      return { kind: 'findings', edit, error };
    case 'rules-changed': {
      const status = await calls.rules();
      return status.digest === edit.base ? { kind: 'held' } : { kind: 'changed', edit, status };
    }
    case 'gate':
      if (error.waiting) return { kind: 'gate', edit, digest: error.waiting.digest, rest: {} };
  }
  throw error;
}
