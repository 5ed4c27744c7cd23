/** The last messages that a rule took. */

import type { FlowRule, InboxApi, Routed } from '../api';
import { assignWords } from '../edit/differences_view';
import { useUserName } from '../inbox';
import { useResource } from '../resource';
import { href } from '../router';
import { api } from '../session';
import { Ago, Bone, Loaded, Written } from '../ui';
import { policyWords } from './words';
import { ruleKey } from './read';

const SHOWN = 5;

export function LastMessages({ rule, number }: { rule: FlowRule; number: string }) {
  const policy = policyWords();
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
  { name, file, line }: FlowRule,
  number: string,
  signal: AbortSignal,
): Promise<Routed[]> {
  const of = name === null ? { place: `${file}:${line}` } : { rule: name };
  return (await calls.decisions({ ...of, number, newest: true, limit: SHOWN }, signal)).items;
}
