/** Routing options of a number: five cases in plain words, and the rules that they are. */

import './options.css';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { InboxApi, Options, OptionsAnswer, Words } from '../api';
import { CodeChanges, CodeView } from '../edit/code_view';
import { type Later, useLater } from '../edit/later';
import { FindingList, Message } from '../edit/finding_list';
import { useSave } from '../edit/save';
import { wordKinds, type WordKinds } from '../edit/tokens';
import { onEvents } from '../events';
import { FlowOfNumber } from '../policy/flow';
import { useQuestionBeforeLeaving } from '../leaving';
import { useResource } from '../resource';
import { href, route } from '../router';
import { api, can } from '../session';
import { Badge, Bone, Button, CheckField, Empty, Icon, Loaded, Phone, reason, Tabs } from '../ui';
import { words } from '../words';
import { CaseCards } from './cases';
import { defaultOptions, isSame } from './form';
import { SaveProblem } from './save';

/** What the form begins with. */
export interface Start {
  /** The digest of the active set. */
  base: string;
  answer: OptionsAnswer;
  words: Words;
}

export default function OptionsView() {
  const number = route.value.argument;
  if (number !== null) return <OptionsOf number={number} />;
  const { numbers, frame } = words();
  return <Empty title={numbers.choose} act={<a href={href('numbers')}>{frame.views.numbers}</a>} />;
}

function OptionsOf({ number }: { number: string }) {
  const calls = api.value;
  const start = useResource((signal) => readStart(calls, number, signal), [calls, number]);
  // What was read again because a connection was back must not replace what somebody is changing.
  const [generation, setGeneration] = useState(0);
  const begin = async () => {
    await start.reload();
    setGeneration((before) => before + 1);
  };
  return (
    <Loaded of={start} bones={<Bones />}>
      {(read) => <Shown key={generation} number={number} read={read} onReload={begin} />}
    </Loaded>
  );
}

async function readStart(calls: InboxApi, number: string, signal: AbortSignal): Promise<Start> {
  const { digest } = await calls.rules(signal);
  const [answer, known] = await Promise.all([
    calls.options({ number, files: {}, options: null, own: false }, signal),
    calls.words(signal),
  ]);
  return { base: digest, answer, words: known };
}

function Bones() {
  return (
    <div class="options">
      <div class="stack">
        {[180, 260, 260, 180, 260].map((height, at) => (
          <Bone key={at} height={height} />
        ))}
      </div>
      <Bone height={480} />
    </div>
  );
}

function Shown({ number, read, onReload }: { number: string; read: Start; onReload: () => Promise<void> }) {
  const { options: text } = words();
  const [start] = useState(read);
  const { why_not: whyNot } = start.answer;
  if (whyNot !== null) {
    return (
      <div class="stack">
        <div class="notice" role="note">
          <Icon name="info" />
          <div class="stack gap-s">
            <p class="strong">{text.noForm}</p>
            <p dir="auto">
              <Message text={sentence(whyNot)} />
            </p>
            <p>
              <a href={href('edit', start.answer.file)}>{text.editInstead}</a>
            </p>
          </div>
        </div>
        <FlowOfNumber number={number} />
      </div>
    );
  }
  return <Form number={number} start={start} onReload={onReload} />;
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1) + (text.endsWith('.') ? '' : '.');
}

function Form({ number, start, onReload }: { number: string; start: Start; onReload: () => Promise<void> }) {
  const { options: text, common } = words();
  const calls = api.value;
  const mayChange = can('rules');
  const isNew = start.answer.options === null;
  const first = useMemo(
    () => start.answer.options ?? defaultOptions(start.words.groups, text.defaultReplies),
    [start],
  );
  const [options, setOptions] = useState<Options | null>(first);
  const [own, setOwn] = useState(false);
  const isTouched = own || !isSame(options, first);
  const isChanged = isNew || isTouched;
  const draft = useLater(
    isChanged && options && mayChange
      ? (signal) => calls.options({ number, files: {}, options, own }, signal)
      : null,
    [options, own],
  );
  const answer = (isChanged && draft.answer) || start.answer;
  const judged = isChanged && mayChange ? draft.answer : undefined;
  const check = useLater(
    judged ? (signal) => calls.checkRules({ files: { [judged.file]: judged.text } }, signal) : null,
    [judged],
    0,
  );
  const errors = (isChanged && check.answer?.findings.filter(({ level }) => level === 'error')) || [];
  const save = useSave(onReload);
  useOthersChanges(isTouched || save.isSaving || save.problem !== null, onReload);
  useQuestionBeforeLeaving(isTouched, words().edit.discardAll);
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
  const isDefault = start.answer.file === 'default.rules';
  const cases = (
    <fieldset class="plain stack" disabled={!mayChange}>
      <Shared start={start} isDefault={isDefault} isNew={isNew} own={own} onOwn={setOwn} />
      <CaseCards
        options={options}
        words={start.words}
        number={number}
        wrong={draft.error?.status === 422 ? draft.error : undefined}
        onOptions={setOptions}
      />
    </fieldset>
  );
  const rules = (
    <div class="stack">
      <RuleText start={start} answer={answer} kinds={kinds} isBusy={draft.isAsking} />
      {errors.length > 0 && (
        <div class="rule-findings" role="region" aria-label={words().edit.findingsTab} tabIndex={0}>
          <FindingList findings={errors} />
        </div>
      )}
    </div>
  );
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
        <div class="options-form">{cases}</div>
        <div class="options-rules">{rules}</div>
      </div>
      {mayChange && (
        <div class="save-bar">
          <span class="grow" role="status">
            {errors[0] ? (
              <>
                {text.hasErrors(errors.length)} <Message text={sentence(errors[0].message)} />
              </>
            ) : (
              stateText(isChanged, draft)
            )}
          </span>
          {isTouched && (
            <Button
              look="quiet"
              onClick={() => {
                setOptions(first);
                setOwn(false);
              }}
            >
              {text.discard}
            </Button>
          )}
          <Button
            look="primary"
            busy={save.isSaving}
            disabled={
              !isChanged || draft.isAsking || draft.error !== undefined || draft.answer?.why_not !== null
            }
            onClick={() => void save.put({ base: start.base, files: { [answer.file]: answer.text } })}
          >
            {common.save}
          </Button>
        </div>
      )}
      <SaveProblem
        save={save}
        number={number}
        first={first}
        mine={options}
        own={own}
        start={start}
        kinds={kinds}
        onTheirs={() => void onReload()}
      />
    </>
  );
}

function stateText(isChanged: boolean, { answer, isAsking, error }: Later<OptionsAnswer>): string {
  const { options: text } = words();
  if (!isChanged) return text.unchanged;
  if (isAsking) return text.writing;
  // Also of a field: on a narrow screen it may be under the other tab. A session that has ended has a dialog.
  if (error && error.status !== 401) return reason(error, true);
  return answer?.why_not ? text.cannotApply(answer.why_not) : text.changed;
}

/** Reads again what others have changed, unless something is being changed here. */
function useOthersChanges(isBusy: boolean, read: () => Promise<void>) {
  const busy = useRef(isBusy);
  busy.current = isBusy;
  useEffect(() => onEvents(['rules'], () => !busy.current && void read()), []);
}

/** Whose rules they are, besides this number's. */
function Shared({
  start,
  isDefault,
  isNew,
  own,
  onOwn,
}: {
  start: Start;
  isDefault: boolean;
  isNew: boolean;
  own: boolean;
  onOwn: (own: boolean) => void;
}) {
  const { options: text } = words();
  const { shared_with: others, file } = start.answer;
  if (isNew) {
    return (
      <div class="notice" role="note">
        <Icon name="info" />
        <p>{text.startsHere}</p>
      </div>
    );
  }
  if (others.length === 0 && !isDefault) return null;
  return (
    <div class="notice warn" role="note">
      <Icon name="warning" />
      <div class="stack gap-s">
        <p>
          {isDefault && text.isDefault} {others.length > 0 && text.sharedWith(others.length)}{' '}
          {others.map((other) => (
            <span key={other}>
              <Phone number={other} />{' '}
            </span>
          ))}
        </p>
        {isDefault ? (
          <CheckField label={text.own} hint={text.ownHint} value={own} onValue={onOwn} />
        ) : (
          <p class="small">{text.ownByInbox(file)}</p>
        )}
      </div>
    </div>
  );
}

function RuleText({
  start,
  answer,
  kinds,
  isBusy,
}: {
  start: Start;
  answer: OptionsAnswer;
  kinds: WordKinds;
  isBusy: boolean;
}) {
  const { options: text } = words();
  const [isWhole, setWhole] = useState(true);
  const before = answer.file === start.answer.file ? start.answer.text : '';
  const hasChanged = before !== answer.text;
  const Code = isWhole ? CodeView : CodeChanges;
  return (
    <section class="stack gap-s" aria-label={text.ruleText} aria-busy={isBusy}>
      <div class="row spread">
        <h2 class="row gap-s">
          <Icon name="file" size={16} />
          <bdi class="mono small">{answer.file}</bdi>
        </h2>
        {hasChanged && before !== '' ? (
          <Button small look="quiet" aria-pressed={!isWhole} onClick={() => setWhole(!isWhole)}>
            {isWhole ? text.onlyChanges : text.wholeFile}
          </Button>
        ) : (
          hasChanged && <Badge tone="ok">{text.newFile}</Badge>
        )}
      </div>
      <Code
        file={answer.file}
        text={answer.text}
        before={hasChanged && before !== '' ? before : undefined}
        kinds={kinds}
        label={text.ruleText}
      />
    </section>
  );
}
