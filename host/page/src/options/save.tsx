/** What may stand in the way when the rules of a form are saved. */

import { useEffect, useState } from 'preact/hooks';
import type { Options, OptionsAnswer, RulesStatus } from '../api';
import { CodeChanges } from '../edit/code_view';
import { Gate, Refused, type Save } from '../edit/save';
import type { WordKinds } from '../edit/tokens';
import { Held } from '../edit/undecided';
import { api } from '../session';
import { Button, Dialog, toast, toastError } from '../ui';
import { words } from '../words';
import type { CaseName } from './form';
import { type Field, mergeOptions } from './merge';
import type { Start } from './view';

interface ProblemProps {
  save: Save;
  number: string;
  /** The form as it was opened. */
  first: Options | null;
  /** The form as it is now; `null`: the rules have none, and stay as they are. */
  mine: Options | null;
  own: boolean;
  updateTests: boolean;
  start: Start;
  kinds: WordKinds;
  /** The form is given up for what others wrote. */
  onTheirs: () => void;
}

export function SaveProblem(props: ProblemProps) {
  const { save } = props;
  switch (save.problem?.kind) {
    case 'changed':
      return <Changed key={save.problem.status.digest} {...props} status={save.problem.status} />;
    case 'gate':
      return <Gate save={save} problem={save.problem} />;
    case 'findings':
      return <Refused save={save} error={save.problem.error} />;
    case 'held':
      return <Held onClose={save.dismiss} />;
    default:
      return null;
  }
}

/** Others have changed the rules since the form was opened. */
function Changed({
  save,
  number,
  first,
  mine,
  own,
  updateTests,
  start,
  kinds,
  status,
  onTheirs,
}: ProblemProps & { status: RulesStatus }) {
  const { options: text, edit, common } = words();
  const calls = api.value;
  const [theirs, setTheirs] = useState<OptionsAnswer | null>(null);
  const [isApplying, setApplying] = useState(false);
  useEffect(() => {
    void calls.options({ number }).then(setTheirs, toastError);
  }, []);
  const merged = theirs && (mine ? mergeOptions(first, mine, theirs.options) : { options: null, both: [] });
  const apply = async () => {
    if (merged === null) return;
    setApplying(true);
    try {
      const { options } = merged;
      const made = await calls.options({ number, options, own, update_tests: updateTests });
      // What is saved after this reading of theirs is not in it either.
      const base = theirs!.digest;
      if (options === null || made.why_not === null) await save.put({ base, files: { [made.file]: made.text } });
      else toast(text.cannotApply(made.why_not), true);
    } catch (error) {
      toastError(error);
    } finally {
      setApplying(false);
    }
  };
  return (
    <Dialog
      title={edit.othersChanged}
      width={760}
      onClose={save.dismiss}
      foot={
        <>
          <Button look="quiet" onClick={save.dismiss}>
            {common.back}
          </Button>
          <Button onClick={() => (save.dismiss(), onTheirs())}>{text.takeTheirs}</Button>
          <Button look="primary" busy={isApplying || save.isSaving} disabled={merged === null} onClick={() => void apply()}>
            {text.applyMine}
          </Button>
        </>
      }
    >
      <div class="stack">
        <p>{edit.othersChangedBy(status.by)}</p>
        {theirs && theirs.text === start.answer.text && <p>{text.notThisFile}</p>}
        {theirs && theirs.text !== start.answer.text && (
          <CodeChanges
            file={theirs.file}
            before={start.answer.text}
            text={theirs.text}
            kinds={kinds}
            label={text.theirChanges}
          />
        )}
        {merged !== null && merged.both.length > 0 && (
          <>
            <p class="strong">{text.bothChanged}</p>
            <ul class="both-changed">
              {merged.both.map((field) => (
                <li key={field}>{fieldName(field)}</li>
              ))}
            </ul>
          </>
        )}
      </div>
    </Dialog>
  );
}

function fieldName(field: Field): string {
  const { options: text } = words();
  switch (field) {
    case 'new_group':
      return `${text.newCustomers}: ${text.somebodyIs}`;
    case 'returning_group':
      return `${text.returningCustomers}: ${text.somebodyIs}`;
    case 'unowned':
      return text.unowned;
    default: {
      const [name, part] = field.split('.') as [CaseName, 'who' | 'reply'];
      return `${text.cases[name].title}: ${text[part]}`;
    }
  }
}
