/** The rules of a number in order, so that they can be read aloud: what each takes, who gets it, and how often. */

import './policy.css';
import { useEffect, useState } from 'preact/hooks';
import type { Counts, Flow, FlowRule, FlowStep } from '../api';
import { useResource } from '../resource';
import { href } from '../router';
import { api } from '../session';
import { Badge, Bone, Button, English, Icon, Loaded, Written } from '../ui';
import { count, words } from '../words';
import { LastMessages } from './last_messages';
import { conditionLines, countsOf, type ConditionLine, type RuleCount, ruleKey } from './read';

/** Counts are read again so often; for each message would be too often. */
const COUNTS_MILLISECONDS = 15_000;

/** The flow of a number, and its counts, which may come later. */
export function useFlow(number: string) {
  const calls = api.value;
  const flow = useResource((signal) => calls.flow({ number, files: {} }, signal), [calls, number], ['rules']);
  const counts = useResource((signal) => calls.counts(signal), [calls], ['rules']);
  useEffect(() => {
    const timer = setInterval(() => void counts.reload(), COUNTS_MILLISECONDS);
    return () => clearInterval(timer);
  }, [counts]);
  return { flow, counts: counts.data.value };
}

/** The flow of a number without anything around it. */
export function FlowOfNumber({ number }: { number: string }) {
  const { flow, counts } = useFlow(number);
  return (
    <Loaded of={flow} bones={<FlowBones />}>
      {(read) => <FlowList flow={read} counts={counts} number={number} />}
    </Loaded>
  );
}

export function FlowBones() {
  return (
    <div class="stack">
      {[150, 150, 120, 150].map((height, at) => (
        <Bone key={at} height={height} />
      ))}
    </div>
  );
}

export function FlowList({
  flow,
  counts,
  number,
}: {
  flow: Flow;
  counts: Counts | undefined;
  number: string;
}) {
  const { policy } = words();
  const byRule = counts ? countsOf(counts, number) : new Map<string | null, RuleCount>();
  const most = Math.max(1, ...[...byRule.values()].map(({ week }) => week));
  const none = byRule.get(null);
  return (
    <div class="stack">
      <ol class="flow">
        {flow.rules.map((rule, at) => (
          <RuleCard
            key={`${rule.file} ${rule.line}`}
            rule={rule}
            place={at + 1}
            counted={byRule.get(ruleKey(rule))}
            most={most}
            number={number}
          />
        ))}
      </ol>
      {none && none.week > 0 && <p class="muted small">{policy.noRuleTook(none.day, none.week)}</p>}
    </div>
  );
}

interface CardProps {
  rule: FlowRule;
  place: number;
  counted: RuleCount | undefined;
  most: number;
  number: string;
}

function RuleCard({ rule, place, counted, most, number }: CardProps) {
  const { policy } = words();
  const [isOpen, setOpen] = useState(false);
  const id = `rule-${place}`;
  return (
    <li class={rule.reached ? 'card rule' : 'card rule unreached'} data-kind={rule.kind}>
      <div class="rule-head">
        <span class="rule-place" aria-hidden="true">
          {count(place)}
        </span>
        <h3 id={id} class="grow">
          {rule.name ? (
            <Written>{rule.name}</Written>
          ) : rule.kind === 'otherwise' ? (
            policy.otherwise
          ) : (
            policy.noName
          )}
        </h3>
        {rule.kind === 'also' && <Badge tone="info">{policy.kinds.also}</Badge>}
        {rule.kind === 'move' && <Badge tone="accent">{policy.kinds.move}</Badge>}
        {!rule.reached && <Badge tone="warn">{policy.unreached}</Badge>}
        <a class="small" href={href('edit', rule.file, { line: String(rule.line) })}>
          {policy.line(rule.line)}
        </a>
      </div>
      <div class="rule-body">
        <div class="stack gap-s rule-when">
          <p class="label">{rule.kind === 'otherwise' ? policy.takesRest : policy.when[rule.kind]}</p>
          <Condition rule={rule} />
          {!rule.reached && <p class="small">{policy.unreachedWhy}</p>}
        </div>
        <div class="stack gap-s rule-then">
          <Steps rule={rule} counted={counted} />
          <Also rule={rule} />
        </div>
        <Count rule={rule} counted={counted} most={most} />
      </div>
      {rule.kind !== 'also' && (
        <div class="rule-foot">
          <Button
            small
            look="quiet"
            aria-expanded={isOpen}
            aria-describedby={id}
            onClick={() => setOpen(!isOpen)}
          >
            <Icon name={isOpen ? 'up' : 'down'} size={16} />
            {policy.lastMessages}
          </Button>
          {isOpen && <LastMessages rule={rule} number={number} />}
        </div>
      )}
    </li>
  );
}

function Condition({ rule }: { rule: FlowRule }) {
  const lines = conditionLines(rule.parts);
  if (lines.length === 0) return null;
  return (
    <ul class="condition">
      {lines.map((line, at) => (
        <li key={at} data-depth={Math.min(line.depth, 6)}>
          <ConditionText line={line} />
        </li>
      ))}
    </ul>
  );
}

function ConditionText({ line }: { line: ConditionLine }) {
  const { policy } = words();
  const before = [line.join && policy.joins[line.join], line.isNegated && policy.not]
    .filter(Boolean)
    .join(' ');
  return (
    <>
      {before && <span class="join">{before} </span>}
      {line.head && <span>{policy.heads[line.head]}</span>}
      {line.text && <Fact text={line.text} meaning={line.meaning} />}
    </>
  );
}

/** A comparison is read as it is written: what its word means has no number in it. */
function Fact({ text, meaning }: { text: string; meaning: string | null }) {
  const code = <code class="ltr">{text}</code>;
  if (meaning === null || meaning === '') return code;
  const isCompared = /\s(?:[<>]=?|=)\s/.test(text);
  return (
    <>
      {isCompared && code}{' '}
      <span class={isCompared ? 'small muted' : undefined}>
        <English>{meaning}</English>
      </span>{' '}
      {!isCompared && code}
    </>
  );
}

function Steps({ rule, counted }: { rule: FlowRule; counted: RuleCount | undefined }) {
  const { policy } = words();
  if (rule.steps.length === 0) return <p class="muted">{policy.addsOnly}</p>;
  return (
    <ol class="steps">
      {rule.steps.map((step, at) => (
        <li key={at}>
          {at > 0 && <span class="join">{policy.orElse} </span>}
          <span class="strong">{stepWords(step)}</span>
          {step.by && step.by !== 'hand' && (
            <span dir="auto">: {words().options.algorithms[step.by] ?? step.meaning}</span>
          )}
          {step.among && <span class="muted"> ({policy.among[step.among]})</span>}
          {rule.steps.length > 1 && (counted?.alternatives.get(at)?.week ?? 0) > 0 && (
            <span class="small muted num"> · {policy.ofWeek(counted?.alternatives.get(at)?.week ?? 0)}</span>
          )}
          <code class="ltr step-text">{step.text}</code>
        </li>
      ))}
    </ol>
  );
}

function stepWords(step: FlowStep): string {
  const { policy } = words();
  if (step.by === 'hand') return policy.to.hand(step.group ?? '');
  switch (step.to) {
    case 'group':
      return policy.to.group(step.group ?? '');
    case 'user':
      return policy.to.user(step.user ?? '');
    case 'queue':
      return policy.to.queue(step.group);
    case 'owner':
      return policy.to.owner;
    default:
      return policy.to.nobody;
  }
}

/** What a rule does besides assigning. */
function Also({ rule }: { rule: FlowRule }) {
  const { policy } = words();
  return (
    <>
      {rule.replies.map((reply, at) => (
        <div key={at} class="flow-reply">
          <Written>{reply.text}</Written>
          {(reply.once_per ?? reply.after) && (
            <span class="small muted">
              {[reply.after && policy.after(reply.after), reply.once_per && policy.oncePer(reply.once_per)]
                .filter(Boolean)
                .join(', ')}
            </span>
          )}
        </div>
      ))}
      {(rule.tags.length > 0 || rule.priority) && (
        <div class="row wrap gap-s">
          {rule.tags.map((tag) => (
            <Badge key={tag}>
              <span class="visually-hidden">{policy.tag} </span># <Written>{tag}</Written>
            </Badge>
          ))}
          {rule.priority && <Badge tone="warn">{policy.priority(rule.priority)}</Badge>}
        </div>
      )}
    </>
  );
}

function Count({ rule, counted, most }: { rule: FlowRule; counted: RuleCount | undefined; most: number }) {
  const { policy } = words();
  if (rule.kind === 'also') return <div class="rule-count" />;
  const { day, week } = counted ?? { day: 0, week: 0 };
  return (
    <div class="rule-count">
      <span class="visually-hidden">{policy.counted(day, week)}</span>
      <dl aria-hidden="true">
        <div>
          <dt>{policy.day}</dt>
          <dd class="num">{count(day)}</dd>
        </div>
        <div>
          <dt>{policy.week}</dt>
          <dd class="num">{count(week)}</dd>
        </div>
      </dl>
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-back" width="100" height="6" rx="3" />
        <rect class="bar-full" width={(100 * week) / most} height="6" rx="3" />
      </svg>
    </div>
  );
}
