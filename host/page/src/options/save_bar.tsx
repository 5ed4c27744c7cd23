/** The bar below the options: what is to be chosen about the tests, what stands in the way, and the button that saves. */

import { FailedTests } from '../edit/failed_tests';
import { Message } from '../edit/finding_list';
import { Button, reason, Written } from '../ui';
import { words } from '../words';
import { goOnInEditor, type OptionsDraft } from './draft';
import type { Start } from './view';

interface Props {
  start: Start;
  draft: OptionsDraft;
  isChanged: boolean;
  updateTests: boolean;
  onUpdateTests: (update: boolean) => void;
  /** Absent: there is nothing to discard. */
  onDiscard: (() => void) | undefined;
}

export function SaveBar({ start, draft, isChanged, updateTests, onUpdateTests, onDiscard }: Props) {
  const { options: text, common } = words();
  const hasTests = draft.answer !== undefined && draft.answer.broken_tests.length > 0;
  return (
    <div class="save-bar">
      {hasTests && (
        <BrokenTests start={start} answer={draft.answer!} updateTests={updateTests} onUpdateTests={onUpdateTests} />
      )}
      <span class="grow" role="status">
        <StateText draft={draft} isChanged={isChanged} />
      </span>
      {onDiscard && (
        <Button look="quiet" onClick={onDiscard}>
          {text.discard}
        </Button>
      )}
      <Button look="primary" busy={draft.save.isSaving} disabled={!draft.canSave} onClick={draft.put}>
        {common.save}
      </Button>
    </div>
  );
}

export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
}

function StateText({ draft, isChanged }: Pick<Props, 'draft' | 'isChanged'>) {
  const { options: text } = words();
  const { asked, errors, isForTests, whyNot } = draft;
  const first = errors[0];
  if (!isChanged) return <>{text.unchanged}</>;
  if (first) {
    return (
      <>
        {text.hasErrors(errors.length)}{' '}
        <Written>
          <Message text={sentence(first.message)} />
        </Written>
      </>
    );
  }
  if (asked.isAsking) return <>{text.writing}</>;
  // Also of a field: on a narrow screen it may be under the other tab. A session that has ended has a dialog.
  if (asked.error && asked.error.status !== 401) return <>{reason(asked.error, true)}</>;
  if (whyNot !== null) return <>{text.cannotApply(whyNot)}</>;
  return <>{isForTests ? text.testsFirst : text.changed}</>;
}

function BrokenTests({
  start,
  answer,
  updateTests,
  onUpdateTests,
}: Pick<Props, 'start' | 'updateTests' | 'onUpdateTests'> & { answer: NonNullable<OptionsDraft['answer']> }) {
  const { options: text, edit } = words();
  const tests = answer.broken_tests;
  const left = updateTests ? tests.filter((test) => !test.can_update) : tests;
  const open = (_: string, line: number) => goOnInEditor(start, answer, line);
  return (
    <section class="broken-tests" aria-label={edit.testsTab}>
      <div class="grow">
        {updateTests && <p>{text.testsUpdated}</p>}
        {left.length > 0 && (
          <details>
            <summary>{text.brokenTests(left.length)}</summary>
            <FailedTests tests={left} onOpen={open} />
          </details>
        )}
      </div>
      {tests.some((test) => test.can_update) && (
        <Button small onClick={() => onUpdateTests(!updateTests)}>
          {updateTests ? text.keepTests : text.updateTests}
        </Button>
      )}
      <Button small look="quiet" onClick={() => open('', (left[0] ?? tests[0]!).line)}>
        {text.keepAndEdit}
      </Button>
    </section>
  );
}
