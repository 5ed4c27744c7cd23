/** Who gets the chat: what is tried, in order. */

import type { FlowRule, FlowStep } from '../api';
import { isolated } from '../edit/isolated';
import { useUserName } from '../inbox';
import { Code } from '../decisions/said';
import { durationWords, locale, words } from '../words';
import { policyWords } from './words';
import type { RuleCount } from './read';

export function Steps({ rule, counted }: { rule: FlowRule; counted: RuleCount | undefined }) {
  const policy = policyWords();
  const userName = useUserName();
  if (rule.steps.length === 0) return <p class="muted">{policy.addsOnly}</p>;
  return (
    <ol class="steps">
      {rule.steps.map((step, at) => {
        const before = rule.steps[at - 1];
        const week = counted?.alternatives.get(at)?.week ?? 0;
        return (
          <li key={at}>
            {before && (
              <span class="join">
                {before.for_seconds === null
                  ? policy.orElse
                  : policy.orElseAfter(durationWords(before.for_seconds, true))}{' '}
              </span>
            )}
            <span class="strong">{whoWords(step, rule.kind, userName)}</span>
            {whichWords(step, userName)}
            {step.by && step.by !== 'hand' && `: ${words().options.algorithms[step.by] ?? step.meaning}`}
            {step.among && <span class="muted"> ({policy.among[step.among]})</span>}
            {rule.steps.length > 1 && week > 0 && (
              <span class="small muted num"> · {policy.ofWeek(week)}</span>
            )}
            <Code text={step.text} class="step-text" />
          </li>
        );
      })}
    </ol>
  );
}

type NameOf = (id: string) => string;

function whoWords(step: FlowStep, kind: FlowRule['kind'], userName: NameOf): string {
  const { to } = policyWords();
  const group = isolated(step.group);
  if (step.by === 'hand') return to.hand(group ?? '');
  switch (step.to) {
    case 'group':
      return to.group(group ?? '');
    case 'user':
      return to.user(isolated(userName(step.user ?? '')));
    case 'queue':
      return to.queue(group);
    case 'owner':
      return to.owner;
    default:
      return kind === 'move' ? to.closed : to.nobody;
  }
}

function list(type: 'conjunction' | 'disjunction', items: string[]): string {
  return new Intl.ListFormat(locale(), { type }).format(items);
}

/** Which members of the group. */
function whichWords(step: FlowStep, userName: NameOf): string {
  const { skill, customersSkill, except, theOwner, quoted, comma } = policyWords();
  const quote = (text: string) => quoted(isolated(text));
  const skills = step.skills.map((one) =>
    'any' in one ? skill(list('disjunction', one.any.map(quote))) : customersSkill(quote(one.customer)),
  );
  const left = [...(step.except_owner ? [theOwner] : []), ...step.except.map((user) => isolated(userName(user)))];
  return [skills.length > 0 && ` ${list('conjunction', skills)}`, left.length > 0 && comma + except(list('conjunction', left))].filter(Boolean).join('');
}
