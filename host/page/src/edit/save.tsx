/** Saving rules, and what may stand in the way of it. */

import { useState } from 'preact/hooks';
import { ApiError, type Edit, type RulesStatus } from '../api';
import { api } from '../session';
import { Button, Dialog, toast, toastError } from '../ui';
import { words } from '../words';
import { DifferencesOf } from './differences_view';
import { FindingList } from './finding_list';

export type Problem =
  | { kind: 'changed'; edit: Edit; status: RulesStatus }
  /** `digest`: of the rules that wait; `isOurs`: surely those of `edit`. */
  | { kind: 'gate'; edit: Edit; digest: string | null; isOurs: boolean }
  | { kind: 'several-files'; edit: Edit }
  | { kind: 'findings'; edit: Edit; error: ApiError };

export interface Save {
  isSaving: boolean;
  problem: Problem | null;
  put(edit: Edit): Promise<void>;
  accept(edit: Edit, digest: string): Promise<void>;
  dismiss(): void;
}

/** `onSaved` is told what decides now, and what was saved. */
export function useSave(onSaved: (status: RulesStatus, edit: Edit) => Promise<void> | void): Save {
  const calls = api.value;
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = async (edit: Edit, work: () => Promise<RulesStatus>) => {
    setSaving(true);
    try {
      const status = await work();
      setProblem(null);
      toast(words().edit.saved);
      await onSaved(status, edit);
    } catch (error) {
      try {
        const found = error instanceof ApiError ? await problemOf(error, edit, () => calls.rules()) : null;
        if (found) setProblem(found);
        else if (error instanceof ApiError && error.code === 'unknown-digest') toast(words().edit.gateOthers, true);
        else toastError(error);
      } catch (unread) {
        toastError(unread);
      }
    } finally {
      setSaving(false);
    }
  };
  return {
    isSaving,
    problem,
    put: (edit) => attempt(edit, () => calls.putRules(edit)),
    accept: (edit, digest) => attempt(edit, () => calls.acceptRules(digest)),
    dismiss: () => setProblem(null),
  };
}

async function problemOf(
  error: ApiError,
  edit: Edit,
  read: () => Promise<RulesStatus>,
): Promise<Problem | null> {
  switch (error.code) {
    case 'findings':
      return { kind: 'findings', edit, error };
    case 'rules-changed':
      return { kind: 'changed', edit, status: await read() };
    case 'gate': {
      const waiting = error.waiting ?? (await read()).waiting;
      return { kind: 'gate', edit, digest: waiting?.digest ?? null, isOurs: error.waiting !== null };
    }
    case 'one-file':
    case 'several-files':
      return { kind: 'several-files', edit };
    default:
      return null;
  }
}

/** The host keeps back what decides any case differently, until somebody accepts it. */
export function Gate({ save, edit, digest, isOurs }: { save: Save } & Extract<Problem, { kind: 'gate' }>) {
  const { edit: text, common } = words();
  return (
    <Dialog
      title={text.gate}
      width={760}
      onClose={save.dismiss}
      foot={
        <>
          <Button look="quiet" onClick={save.dismiss}>
            {common.back}
          </Button>
          {digest !== null && (
            <Button
              look="primary"
              busy={save.isSaving}
              onClick={() => void save.accept(edit, digest)}
            >
              {text.accept}
            </Button>
          )}
        </>
      }
    >
      <div class="stack">
        <p>{text.gateWhy}</p>
        {!isOurs && <p class="notice warn">{text.gateUnsure}</p>}
        <DifferencesOf files={edit.files} />
      </div>
    </Dialog>
  );
}

export function Refused({ save, error }: { save: Save; error: ApiError }) {
  return (
    <Dialog title={words().edit.refused} width={640} onClose={save.dismiss}>
      <div class="stack">
        <p dir="auto">{error.message}</p>
        <FindingList findings={error.findings} />
      </div>
    </Dialog>
  );
}
