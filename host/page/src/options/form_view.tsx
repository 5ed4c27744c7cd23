/** The form of the five cases. */

import { useMemo, useState } from 'preact/hooks';
import type { Options } from '../api';
import { FindingList } from '../edit/finding_list';
import { wordKinds } from '../edit/tokens';
import { href } from '../router';
import { can } from '../session';
import { Empty, Tabs } from '../ui';
import { words } from '../words';
import { CaseCards } from './cases';
import { useOptionsDraft } from './draft';
import { defaultOptions, isSame } from './form';
import { RuleText, Shared } from './rule_text';
import { SaveProblem } from './save';
import { SaveBar } from './save_bar';
import type { ShownProps } from './view';

export function OptionsForm(props: ShownProps) {
  const { number, start, onReload } = props;
  const { options: text } = words();
  const mayChange = can('rules');
  const isNew = start.answer.options === null;
  const first = useMemo(
    () => start.answer.options ?? defaultOptions(start.words.groups, text.defaultReplies),
    [start],
  );
  const [options, setOptions] = useState<Options | null>(first);
  const [own, setOwn] = useState(false);
  const [updateTests, setUpdateTests] = useState(false);
  const isTouched = own || !isSame(options, first);
  const isChanged = isNew || isTouched;
  const wanted = isChanged && options !== null ? { options, own, updateTests } : null;
  const draft = useOptionsDraft(props, wanted, isTouched);
  const [panel, setPanel] = useState<'form' | 'rules'>('form');
  const kinds = useMemo(() => wordKinds(start.words.words), [start]);
  if (options === null) {
    return (
      <Empty
        title={text.noGroups}
        act={mayChange && <a href={href('edit', 'inbox.toml')}>{text.addGroup}</a>}
      />
    );
  }
  const { answer, asked, errors } = draft;
  const discard = () => {
    setOptions(first);
    setOwn(false);
    setUpdateTests(false);
  };
  return (
    <>
      <div class="options" data-panel={panel}>
        <div class="options-tabs">
          <Tabs
            label={text.title}
            items={[
              { value: 'form', text: text.formTab },
              { value: 'rules', text: text.rulesTab },
            ]}
            value={panel}
            onValue={setPanel}
          >
            {null}
          </Tabs>
        </div>
        <div class="options-form">
          <fieldset class="plain stack" disabled={!mayChange}>
            <Shared start={start} own={own} onOwn={setOwn} />
            <CaseCards
              options={options}
              words={start.words}
              number={number}
              wrong={asked.error?.status === 422 ? asked.error : undefined}
              findings={answer?.findings ?? []}
              onOptions={setOptions}
            />
          </fieldset>
        </div>
        <div class="options-rules stack">
          <RuleText
            // Tests stand at the end of a file, where their changes would not be seen.
            key={String(updateTests)}
            start={start}
            answer={answer ?? start.answer}
            kinds={kinds}
            isBusy={asked.isAsking}
            isWholeFirst={!updateTests}
          />
          {errors.length > 0 && (
            <div class="rule-findings" role="region" aria-label={words().edit.findingsTab} tabIndex={0}>
              <FindingList findings={errors} />
            </div>
          )}
        </div>
      </div>
      {mayChange && (
        <SaveBar
          start={start}
          draft={draft}
          isChanged={isChanged}
          updateTests={updateTests}
          onUpdateTests={setUpdateTests}
          onDiscard={isTouched ? discard : undefined}
        />
      )}
      <SaveProblem
        save={draft.save}
        number={number}
        first={first}
        mine={options}
        own={own}
        updateTests={updateTests}
        start={start}
        kinds={kinds}
        onTheirs={() => void onReload()}
      />
    </>
  );
}
