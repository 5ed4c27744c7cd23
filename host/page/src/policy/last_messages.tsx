/** The last messages that a rule took. */

import type { FlowRule, InboxApi, Routed } from '../api';
import { assignWords } from '../edit/differences_view';
import { useUserName } from '../inbox';
import { useResource } from '../resource';
import { href } from '../router';
import { api } from '../session';
import { Ago, Bone, Loaded, Written } from '../ui';
import { words } from '../words';
import { ruleKey } from './read';

const SHOWN = 5;
/** How far back a rule without a name is looked for, by whose name the host cannot search. */
const LOOKED_THROUGH = 500;

export function LastMessages({ rule, number }: { rule: FlowRule; number: string }) {
  const { policy } = words();
  const userName = useUserName();
  const calls = api.value;
  const key = ruleKey(rule);
  const last = useResource(
    (signal) => lastOf(calls, rule, number, signal),
    [calls, key, number],
    ['message'],
  );
  return (
    <Loaded of={last} bones={<Bone height={SHOWN * 36} />}>
      {(items) =>
        items.length === 0 ? (
          <p class="muted small">{policy.noMessages}</p>
        ) : (
          <ul class="last">
            {items.map((item) => (
              <li key={item.seq}>
                <a class="row gap-s" href={href('decisions', String(item.seq))}>
                  <span class="muted small last-at">
                    <Ago at={item.at} />
                  </span>
                  <span class="grow ellipsis">
                    <Written>{item.text ?? policy.messageKind(item.kind ?? 'text')}</Written>
                  </span>
                  <span class="small">{assignWords(item.decision.assign, userName)}</span>
                </a>
              </li>
            ))}
          </ul>
        )
      }
    </Loaded>
  );
}

async function lastOf(
  calls: InboxApi,
  rule: FlowRule,
  number: string,
  signal: AbortSignal,
): Promise<Routed[]> {
  const filter = { number, newest: true };
  if (rule.name !== null) {
    return (await calls.decisions({ ...filter, rule: rule.name, limit: SHOWN }, signal)).items;
  }
  const { items } = await calls.decisions({ ...filter, limit: LOOKED_THROUGH }, signal);
  const isOf = ({ decision }: Routed) => decision.rule !== null && ruleKey(decision.rule) === ruleKey(rule);
  return items.filter(isOf).slice(0, SHOWN);
}
