/** What edited rules would decide differently, proved and in words. */

import './findings.css';
import type { Algorithm, Assign, Decision, RuleRef } from '../api';
import { useUserName } from '../inbox';
import { useResource } from '../resource';
import { api } from '../session';
import { Bone, Icon, Loaded, Written } from '../ui';
import { words } from '../words';
import { isolated } from './isolated';
import { Message } from './finding_list';

/** As `rules diff --format json` writes it. */
export interface Differences {
  differences: (OfPolicy | OfDecision)[];
  omitted: { policy: string; cause: string; count: number }[];
  count: number;
  has_more: boolean;
  not_compared: string[];
  unsettled: { policy: string; words: string }[];
  inbox: { words: string; is_difference: boolean }[];
}

interface OfPolicy {
  policy: string;
  words: string;
}

interface OfDecision extends OfPolicy {
  cause: string;
  old: Side;
  new: Side;
  given: string[];
}

interface Side {
  rule: RuleRef | null;
  decision: Decision;
}

/** Asks the host what `files` would change, and shows it. */
export function DifferencesOf({ files }: { files: Record<string, string | null> }) {
  const calls = api.value;
  const found = useResource(
    (signal) => calls.diffRules({ files }, signal) as Promise<Differences>,
    [calls, files],
  );
  return (
    <Loaded of={found} bones={<DifferenceBones />}>
      {(differences) => <DifferenceList found={differences} />}
    </Loaded>
  );
}

export function DifferenceBones() {
  return (
    <div class="stack">
      <Bone height={20} width="60%" />
      <Bone height={88} />
      <Bone height={88} />
    </div>
  );
}

export function DifferenceList({ found }: { found: Differences }) {
  const { edit } = words();
  const { differences, inbox, not_compared: notCompared, unsettled, omitted } = found;
  const isSame = found.count === 0 && inbox.length === 0 && unsettled.length === 0;
  if (isSame) {
    return (
      <p class="row gap-s">
        <Icon name="check" />
        {edit.diff.none}
      </p>
    );
  }
  return (
    <div class="stack">
      <p class="strong">{edit.diff.count(found.count, found.has_more)}</p>
      {inbox.map(({ words: text }) => (
        <p key={text} dir="auto">
          <Message text={text} />
        </p>
      ))}
      <ul class="differences">
        {differences.map((difference, at) => (
          <li key={at} class="difference">
            <p class="mono small muted ltr">{difference.policy}</p>
            <p dir="auto">
              <Message text={difference.words} />
            </p>
            {'given' in difference && <Example difference={difference} />}
          </li>
        ))}
      </ul>
      {omitted.map(({ policy, cause, count }) => (
        <p key={policy + cause} class="muted small" dir="auto">
          {edit.diff.omitted(count)} <Message text={cause} />
        </p>
      ))}
      {unsettled.map(({ policy, words: text }) => (
        <p key={policy + text} class="muted small" dir="auto">
          {edit.diff.unsettled} {policy}: <Message text={text} />
        </p>
      ))}
      {notCompared.length > 0 && <p class="muted small">{edit.diff.notCompared(notCompared)}</p>}
    </div>
  );
}

function Example({ difference }: { difference: OfDecision }) {
  const { edit } = words();
  return (
    <details>
      <summary>{edit.diff.example}</summary>
      <p class="small" dir="auto">
        <Message text={difference.cause} />
      </p>
      <pre class="given ltr" dir="ltr">
        {difference.given.join('\n')}
      </pre>
      <div class="sides">
        <SideOf title={edit.diff.before} rule={difference.old.rule} decision={difference.old.decision} />
        <SideOf title={edit.diff.after} rule={difference.new.rule} decision={difference.new.decision} />
      </div>
    </details>
  );
}

/** What a decision does, in a few words. */
export function SideOf({
  title,
  rule,
  decision,
}: {
  title: string;
  rule: RuleRef | string | null;
  decision: { assign: Assign | null; replies: (string | { text: string })[]; tags: string[] };
}) {
  const { edit } = words();
  const userName = useUserName();
  const name = typeof rule === 'string' ? rule : rule && (rule.name ?? `${rule.file}:${rule.line}`);
  return (
    <div class="stack gap-s">
      <p class="small muted">{title}</p>
      <p class="strong">{assignWords(decision.assign, userName)}</p>
      <p class="small">{name ? edit.byRule(isolated(name)) : edit.byNoRule}</p>
      {decision.replies.map((reply, at) => (
        <p key={at} class="small quote">
          <Written>{typeof reply === 'string' ? reply : reply.text}</Written>
        </p>
      ))}
      {decision.tags.length > 0 && <p class="small">{edit.tags(decision.tags.map(isolated))}</p>}
    </div>
  );
}

/** `Alice, from Sales (the fewest chats)` */
export function assignWords(assign: Assign | null, userName: (id: string) => string): string {
  const { edit, algorithms } = words();
  const by = (known: Algorithm | null) => (known === null ? null : (algorithms[known] ?? known));
  switch (assign?.to) {
    case 'user':
      return edit.assigned.user(isolated(userName(assign.user)), isolated(assign.group), by(assign.by));
    case 'queue':
      return edit.assigned.queue(isolated(assign.group), by(assign.by));
    case 'nobody':
      return edit.assigned.nobody;
    case 'kept':
      return edit.assigned.kept(isolated(assign.user && userName(assign.user)), isolated(assign.group));
    default:
      return edit.assigned.none;
  }
}
