/** The rules of a number in order, so that they can be read aloud: what each takes, who gets it, and how often. */

import './policy.css';
import { useEffect, useState } from 'preact/hooks';
import type { Counts, Flow, FlowRule } from '../api';
import { useResource } from '../resource';
import { href } from '../router';
import { api } from '../session';
import { Badge, Bone, Button, Icon, Loaded, Written } from '../ui';
import { count, durationWords, words } from '../words';
import { policyWords } from './words';
import { Condition } from './condition';
import { LastMessages } from './last_messages';
import { countsOf, type RuleCount, ruleKey } from './read';
import { Steps } from './steps';

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
  const policy = policyWords();
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
            definitions={flow.definitions}
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
  definitions: Flow['definitions'];
  place: number;
  counted: RuleCount | undefined;
  most: number;
  number: string;
}

function RuleCard({ rule, definitions, place, counted, most, number }: CardProps) {
  const policy = policyWords();
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
          <Condition parts={rule.parts} definitions={definitions} />
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

const PLACEHOLDER = /(\{[^{}]*\})/;

/** What a rule does besides assigning. */
function Also({ rule }: { rule: FlowRule }) {
  const policy = policyWords();
  return (
    <>
      {rule.replies.map((reply, at) => (
        <div key={at} class="flow-reply">
          <p class="written">
            {reply.text.split(PLACEHOLDER).map((part, at) => (at % 2 ? <bdi dir="ltr">{part}</bdi> : part))}
          </p>
          {(reply.once_per_seconds ?? reply.after_seconds) !== null && (
            <span class="small muted">
              {[
                after(reply),
                reply.once_per_seconds && policy.oncePer(durationWords(reply.once_per_seconds, true)),
              ]
                .filter(Boolean)
                .join(policy.comma)}
            </span>
          )}
        </div>
      ))}
      {rule.tags.length + rule.priorities.length > 0 && (
        <div class="row wrap gap-s">
          {rule.tags.map((tag, at) => (
            <Badge key={at}>
              <span class="visually-hidden">{policy.tag} </span># <Written>{tag.tag}</Written> {after(tag)}
            </Badge>
          ))}
          {rule.priorities.map((one, at) => (
            <Badge key={at} tone="warn">
              {policy.priority(words().priorities[one.priority] ?? one.priority)} {after(one)}
            </Badge>
          ))}
        </div>
      )}
    </>
  );
}

/** `null`: it is done at once. */
function after({ after_seconds: seconds }: { after_seconds: number | null }): string | null {
  return seconds === null ? null : policyWords().after(durationWords(seconds, true));
}

function Count({ rule, counted, most }: { rule: FlowRule; counted: RuleCount | undefined; most: number }) {
  const policy = policyWords();
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
