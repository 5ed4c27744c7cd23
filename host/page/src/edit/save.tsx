/** Saves rules, and shows what stands in the way of it. */

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError, type Edit } from '../api';
import { readRulesStatus } from '../rules_status';
import { api } from '../session';
import { Button, Dialog, toast, toastError } from '../ui';
import { words } from '../words';
import { DifferencesOf } from './differences_view';
import { FindingList } from './finding_list';
import { acceptRules, type OnSaved, type Problem, saveRules } from './saving';

type GateProblem = Extract<Problem, { kind: 'gate' }>;

export interface Save {
  isSaving: boolean;
  problem: Problem | null;
  put(edit: Edit): Promise<void>;
  accept(problem: GateProblem): Promise<void>;
  dismiss(): void;
}

export function useSave(onSaved: OnSaved): Save {
  const calls = api.value;
  const [isSaving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const attempt = async (work: () => Promise<Problem | null>) => {
    setSaving(true);
    try {
      const found = await work();
      setProblem(found);
      if (found === null) toast(words().edit.saved);
    } catch (error) {
      toastAccept(error);
    } finally {
      setSaving(false);
      void readRulesStatus();
    }
  };
  return {
    isSaving,
    problem,
    put: (edit) => attempt(() => saveRules(calls, edit, onSaved)),
    accept: (gate) => attempt(() => acceptRules(calls, gate, onSaved)),
    dismiss: () => setProblem(null),
  };
}

/** Others may have saved since. */
export function toastAccept(error: unknown) {
  if (error instanceof ApiError && error.code === 'unknown-digest') toast(words().edit.gateOthers, true);
  else toastError(error);
}

/** The host keeps back what decides any case differently, until somebody accepts it. */
export function Gate({ save, problem }: { save: Save; problem: GateProblem }) {
  return (
    <GateDialog
      differences={<DifferencesOf files={problem.edit.files} />}
      isBusy={save.isSaving}
      onAccept={() => void save.accept(problem)}
      onClose={save.dismiss}
    />
  );
}

/** What rules that wait would change. */
export function GateDialog({
  differences,
  isBusy,
  onAccept,
  onClose,
}: {
  differences: ComponentChildren;
  isBusy: boolean;
  onAccept: () => void;
  onClose: () => void;
}) {
  const { edit: text, common } = words();
  return (
    <Dialog
      title={text.gate}
      width={760}
      onClose={onClose}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {common.back}
          </Button>
          <Button look="primary" busy={isBusy} onClick={onAccept}>
            {text.accept}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{text.gateWhy}</p>
        {differences}
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
