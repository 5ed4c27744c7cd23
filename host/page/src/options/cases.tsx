/** The five cases as cards. */

import { useRef } from 'preact/hooks';
import type { ApiError, OptionCase, Options, OptionsAnswer, Words } from '../api';
import { Message } from '../edit/finding_list';
import { Field, SelectField, Written } from '../ui';
import { words } from '../words';
import {
  ALGORITHMS,
  type CaseName,
  canHaveOwner,
  canLackOwner,
  exampleUsers,
  insertPlaceholder,
  preview,
  withGroup,
  withOwner,
  withReply,
} from './form';

interface CardsProps {
  options: Options;
  words: Words;
  number: string;
  /** What the host finds wrong in the form. */
  wrong: ApiError | undefined;
  /** What the checker says about the rules that it makes. */
  findings: OptionsAnswer['findings'];
  onOptions: (options: Options) => void;
}

/** Stands for no group in a list to choose from. */
const NONE = '';

export function CaseCards({ options, words: known, number, wrong, findings, onOptions }: CardsProps) {
  const { options: text } = words();
  const groups = known.groups.map(({ name }) => ({ value: name, text: name }));
  const whole = { value: NONE, text: text.wholeInbox };
  const card = (name: CaseName) => (
    <CaseCard
      key={name}
      name={name}
      value={options[name]}
      fallback={name.startsWith('new_') ? options.new_group : options.returning_group}
      words={known}
      number={number}
      error={wrong?.place?.startsWith(`options.${name}`) ? wrong.message : undefined}
      findings={findings.filter(({ fields }) => fields.some((field) => field.startsWith(name)))}
      onValue={(value) => onOptions({ ...options, [name]: value })}
    />
  );
  return (
    <>
      <section class="stack" aria-labelledby="new-customers">
        <div class="case-group">
          <h2 id="new-customers">{text.newCustomers}</h2>
          <SelectField
            label={text.somebodyIs}
            value={options.new_group ?? NONE}
            choices={[...groups.map(inGroup), whole]}
            onValue={(group) => onOptions({ ...options, new_group: group || null })}
            error={wrong?.place === 'options.new_group' ? wrong.message : undefined}
          />
        </div>
        {card('new_online')}
        {card('new_offline')}
      </section>
      <section class="stack" aria-labelledby="returning-customers">
        <div class="case-group">
          <h2 id="returning-customers">{text.returningCustomers}</h2>
          <SelectField
            label={text.somebodyIs}
            value={options.returning_group ?? NONE}
            choices={[...groups.map(inGroup), whole]}
            onValue={(group) => onOptions({ ...options, returning_group: group || null })}
            error={wrong?.place === 'options.returning_group' ? wrong.message : undefined}
          />
        </div>
        {card('owner_online')}
        {card('owner_not_online')}
        {card('all_offline')}
        <div class="card card-body">
          <SelectField
            label={text.unowned}
            value={options.unowned}
            choices={[
              { value: 'owner_not_online', text: text.unownedAs(text.cases.owner_not_online.short) },
              { value: 'all_offline', text: text.unownedAs(text.cases.all_offline.short) },
            ]}
            onValue={(unowned) => onOptions({ ...options, unowned })}
            hint={text.unownedHint}
          />
        </div>
      </section>
      {wrong && !wrong.place?.startsWith('options.') && (
        <p class="error" role="alert">
          {wrong.message}
        </p>
      )}
    </>
  );
}

function inGroup(choice: { value: string; text: string }) {
  return { ...choice, text: words().options.inGroup(choice.text) };
}

interface CardProps {
  name: CaseName;
  value: OptionCase;
  /** The group that is offered when the owner is not kept. */
  fallback: string | null;
  words: Words;
  number: string;
  error: string | undefined;
  findings: OptionsAnswer['findings'];
  onValue: (value: OptionCase) => void;
}

function CaseCard({ name, value, fallback, words: known, number, error, findings, onValue }: CardProps) {
  const { options: text } = words();
  const groups = known.groups.map((group) => ({ value: group.name, text: group.name }));
  const firstGroup = fallback ?? groups[0]?.value ?? null;
  const hasGroup = !value.owner || canLackOwner(name);
  return (
    <section class="card case" data-case={name} aria-labelledby={`case-${name}`}>
      <header class="card-head">
        <h3 id={`case-${name}`}>{text.cases[name].title}</h3>
      </header>
      <div class="card-body stack">
        {canHaveOwner(name) && (
          <div class="who" role="radiogroup" aria-label={text.who}>
            {[true, false].map((owner) => (
              <label key={String(owner)} class="check">
                <input
                  type="radio"
                  name={`who-${name}`}
                  checked={value.owner === owner}
                  onChange={() =>
                    onValue(owner ? ownerKept(name, value) : withOwner(value, false, firstGroup))
                  }
                />
                <span>{owner ? text.keepOwner : text.giveToGroup}</span>
              </label>
            ))}
          </div>
        )}
        {hasGroup && (
          <div class="pair">
            <SelectField
              label={value.owner ? text.withoutOwner : text.group}
              value={value.group ?? NONE}
              choices={value.owner ? [{ value: NONE, text: text.nobody }, ...groups] : groups}
              onValue={(group) => onValue(withGroup(value, group || null))}
            />
            {value.group !== null && (
              <SelectField
                label={text.algorithm}
                value={value.by ?? 'least_chats'}
                choices={algorithms(known)}
                onValue={(by) => onValue({ ...value, by })}
              />
            )}
          </div>
        )}
        <Reply
          name={name}
          value={value}
          words={known}
          number={number}
          finding={findings.find((finding) => finding.level !== 'note' && isOf(finding, `${name}.reply`))}
          onValue={onValue}
        />
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
        {findings
          .filter((finding) => finding.level === 'error' && !isOf(finding, `${name}.reply`))
          .map((finding) => (
            <p key={finding.message} class="error" role="alert">
              <Finding {...finding} />
            </p>
          ))}
      </div>
    </section>
  );
}

function Finding({ message, help }: OptionsAnswer['findings'][number]) {
  return (
    <Written>
      <Message text={help ? `${message}; ${help}` : message} />
    </Written>
  );
}

function isOf({ fields }: OptionsAnswer['findings'][number], field: string): boolean {
  return fields.includes(field);
}

/** While the owner is online there is one, so no group is needed. */
function ownerKept(name: CaseName, value: OptionCase): OptionCase {
  const kept = withOwner(value, true, null);
  return canLackOwner(name) ? kept : withGroup(kept, null);
}

function algorithms(known: Words) {
  const { options: text } = words();
  const inRules = known.words.filter((word) => word.class === 'algorithm').map(({ word }) => word);
  const first = ALGORITHMS.filter((by) => inRules.includes(by));
  const others = inRules.filter((by) => !first.some((listed) => listed === by));
  return [...first, ...others].map((by) => ({ value: by, text: text.algorithms[by] ?? by }));
}

interface ReplyProps extends Omit<CardProps, 'fallback' | 'error' | 'findings'> {
  finding: OptionsAnswer['findings'][number] | undefined;
}

function Reply({ name, value, words: known, number, finding, onValue }: ReplyProps) {
  const { options: text } = words();
  const field = useRef<HTMLTextAreaElement>(null);
  const reply = value.reply ?? '';
  const insert = (placeholder: string) => {
    const { selectionStart = reply.length, selectionEnd = reply.length } = field.current ?? {};
    const next = insertPlaceholder(reply, selectionStart, selectionEnd, placeholder);
    onValue(withReply(value, next.text));
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.cursor, next.cursor);
    });
  };
  const shownAs = preview(reply, exampleValues(known, number, value));
  const shown = known.placeholders.filter((placeholder) => isUseful(placeholder, name));
  return (
    <Field
      label={text.reply}
      hint={reply === '' ? text.noReply : undefined}
      error={finding && <Finding {...finding} />}
    >
      {(described) => (
        <>
          <textarea
            {...described}
            ref={field}
            class="input"
            dir="auto"
            rows={1}
            value={reply}
            onInput={(event) => onValue(withReply(value, event.currentTarget.value))}
          />
          <div class="placeholders" role="group" aria-label={text.placeholders}>
            {shown.map((placeholder) => (
              <button key={placeholder} type="button" class="chip" onClick={() => insert(placeholder)}>
                {text.placeholderNames[placeholder] ?? placeholder}
              </button>
            ))}
          </div>
          {shownAs !== reply && (
            <p class="bubble">
              <span class="visually-hidden">{text.preview} </span>
              <Written>{shownAs}</Written>
            </p>
          )}
        </>
      )}
    </Field>
  );
}

/** The usual ones; the others can be typed. A new customer has no owner to speak of. */
function isUseful(placeholder: string, name: CaseName): boolean {
  return placeholder in words().options.placeholderNames && (placeholder !== 'owner.name' || canHaveOwner(name));
}

function exampleValues(known: Words, number: string, value: OptionCase): Record<string, string> {
  const { options: text } = words();
  const members = known.groups.find(({ name }) => name === value.group)?.members ?? [];
  const { user, owner } = exampleUsers(known.users, members);
  return {
    'customer.name': text.exampleCustomer,
    'customer.phone': '+201001234567',
    'owner.name': owner?.name ?? '',
    'user.name': (value.owner ? owner : user)?.name ?? '',
    group: value.group ?? '',
    number,
  };
}
