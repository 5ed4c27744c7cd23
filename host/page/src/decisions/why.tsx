/** Why this rule, why not the others, why this user. */

import './why.css';
import type { ComponentChildren } from 'preact';
import type { AttemptReason, CandidateReason, Decision, RuleReason, RuleRef, SentReply } from '../api';
import { isolated, leftToRight } from '../edit/isolated';
import { ruleName } from '../inbox';
import { href } from '../router';
import { Avatar, Badge, English, Icon, PresenceWord, Written } from '../ui';
import { Code, Said } from './said';
import { count, durationWords, words } from '../words';
import { movedSentence, outcomeSentence } from './outcome';

interface WhyProps {
  decision: Decision;
  userName: (id: string) => string;
  /** Leaves the replies out, where they are shown already. */
  withoutReplies?: boolean;
}

export function Why({ decision, userName, withoutReplies }: WhyProps) {
  const { why: say } = words();
  const { why } = decision;
  const moved = movedSentence(decision, userName);
  return (
    <div class="why">
      <p class="why-outcome">
        {outcomeSentence(decision, userName)} {moved}
      </p>
      {why && (
        <>
          {why.chat && (
            <Section title={say.chat}>
              <p class="said">
                <Said text={why.chat} />
              </p>
            </Section>
          )}
          {why.rules.length > 0 && (
            <Section title={why.chat ? say.ruleMoves : say.rules}>
              <ol class="reasons">
                {why.rules.map((reason) => (
                  <RuleLine key={`${reason.rule.file} ${reason.rule.line}`} reason={reason} />
                ))}
              </ol>
            </Section>
          )}
          {why.also.some((reason) => reason.held) && (
            <Section title={say.also}>
              <ol class="reasons">
                {why.also
                  .filter((reason) => reason.held)
                  .map((reason) => (
                    <RuleLine key={`${reason.rule.file} ${reason.rule.line}`} reason={reason} />
                  ))}
              </ol>
            </Section>
          )}
          {why.assign.length > 0 && (
            <Section title={say.assign}>
              {why.assign.map((attempt) => (
                <Attempt key={attempt.alternative} attempt={attempt} />
              ))}
            </Section>
          )}
          {why.unknown && why.unknown.length > 0 && (
            <p class="muted small">
              {say.unknown} <Written>{why.unknown.join(', ')}</Written>
            </p>
          )}
        </>
      )}
      {why === null || why === undefined ? <p class="muted">{say.gone}</p> : null}
      <Consequences decision={decision} withoutReplies={withoutReplies ?? false} />
    </div>
  );
}

function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section class="why-section">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function RuleLine({ reason }: { reason: RuleReason }) {
  const { why: say } = words();
  return (
    <li class={reason.held ? 'reason held' : 'reason'}>
      <Icon name={reason.held ? 'check' : 'close'} size={16} />
      <div class="grow">
        <div class="row wrap gap-s">
          <RuleLink rule={reason.rule} />
          <span class={reason.held ? 'small held-word' : 'small muted'}>{reason.held ? say.decides : say.notReached}</span>
        </div>
        {!reason.held && reason.part && (
          <p class="small">
            <span class="muted">{say.failedAt}</span> <Code text={reason.part} />
          </p>
        )}
        <p class="small muted">
          <span class="visually-hidden">{say.saw} </span>
          <Said text={`${capital(reason.saw)}.`} />
        </p>
      </div>
    </li>
  );
}

export function RuleLink({ rule }: { rule: RuleRef }) {
  const title = words().rule.place(rule.file, rule.line);
  return (
    <a class="strong" href={href('edit', rule.file, { line: String(rule.line) })} title={title}>
      <Written>{ruleName(rule)}</Written>
    </a>
  );
}

function Attempt({ attempt }: { attempt: AttemptReason }) {
  const { why: say } = words();
  return (
    <div class="attempt">
      <p class="small">
        <span class="muted">{say.wanted}</span> <Code text={attempt.target} />
        {!attempt.taken && (
          <>
            {' '}
            — {say.attemptFailed}: <Said text={attempt.outcome} />
          </>
        )}
      </p>
      {attempt.taken && <p>{choiceSentence(attempt)}</p>}
      {attempt.pool && <Pool pool={attempt.pool} />}
      {attempt.candidates.length > 0 && <Candidates candidates={attempt.candidates} />}
    </div>
  );
}

/** Whom the choice was among, and why there was no better choice. */
function Pool({ pool }: { pool: string }) {
  const [fallback, among] = pool.includes(', so ') ? pool.split(', so ', 2) : [null, pool];
  return (
    <p class="small muted">
      {fallback && <Said text={`${capital(fallback)}.`} />}{' '}
      {words().why.considered(leftToRight(among ?? ''))}
    </p>
  );
}

function capital(text: string): string {
  const [first = '', ...rest] = text;
  return first.toUpperCase() + rest.join('');
}

/** What decides, unless several have the same. */
const FIGURES: Record<string, string> = {
  least_chats: 'fewest chats',
  least_load: 'lowest load',
  most_waiting: 'longest waiting',
};

/** Why the one who was chosen was chosen. */
function choiceSentence(attempt: AttemptReason) {
  const { why: say } = words();
  const chosen = attempt.candidates.find((candidate) => candidate.chosen);
  const decided = attempt.tie_break ? say.decidedBy[attempt.tie_break] : undefined;
  if (!chosen || !decided) return <Said text={`${capital(attempt.outcome)}.`} />;
  const figure = FIGURES[attempt.by ?? ''];
  const isTie = figure !== undefined && attempt.tie_break !== figure && attempt.tie_break !== 'the only one';
  return (isTie ? (say.tie[attempt.by ?? ''] ?? '') : '') + decided(isolated(chosen.name));
}

function Candidates({ candidates }: { candidates: CandidateReason[] }) {
  const { why: say } = words();
  const sorted = [...candidates].sort((a, b) => rank(a) - rank(b));
  return (
    <div class="table-scroll" tabIndex={0} role="region" aria-label={say.candidates}>
      <table class="candidates">
        <caption class="visually-hidden">{say.candidates}</caption>
        <thead>
          <tr>
            <th scope="col">{say.user}</th>
            <th scope="col">{say.presence}</th>
            <th scope="col">{say.chats}</th>
            <th scope="col">{say.idle}</th>
            <th scope="col">{say.outcome}</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((candidate) => (
            <tr key={candidate.user} class={candidate.left_out ? 'left-out' : undefined}>
              <th scope="row">
                <span class="row gap-s">
                  <Avatar small name={candidate.name} />
                  <Written>{candidate.name}</Written>
                </span>
              </th>
              <td>
                <PresenceWord presence={candidate.presence} />
              </td>
              <td class="num">
                <bdi>
                  {count(candidate.chats)}
                  {candidate.capacity !== null && ` / ${count(candidate.capacity)}`}
                </bdi>
              </td>
              <td class="num">{candidate.idle_seconds === null ? say.never : durationWords(candidate.idle_seconds)}</td>
              <td>
                {candidate.chosen ? (
                  <Badge tone="ok">{say.chosen}</Badge>
                ) : candidate.left_out ? (
                  (say.leftOut[candidate.left_out] ?? <English>{candidate.left_out}</English>)
                ) : (
                  say.notChosen
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function rank(candidate: CandidateReason): number {
  if (candidate.chosen) return 0;
  return candidate.left_out ? 2 : 1;
}

/** What else the decision did. */
function Consequences({ decision, withoutReplies }: { decision: Decision; withoutReplies: boolean }) {
  const { why: say, priorities } = words();
  const { replies, tags, priority, resume, later } = decision;
  const laterReplies = later.flatMap((entry) =>
    entry.replies.map((reply) => ({ reply, note: say.after(durationWords(entry.after_seconds, true)) })),
  );
  const shown = [...(withoutReplies ? [] : replies.map((reply) => ({ reply, note: onceNote(reply) }))), ...laterReplies];
  return (
    <>
      {shown.length > 0 && (
        <Section title={say.replies}>
          {shown.map(({ reply, note }, index) => (
            <figure key={index} class="why-reply">
              <blockquote>{reply.text}</blockquote>
              {note && <figcaption class="small muted">{note}</figcaption>}
            </figure>
          ))}
        </Section>
      )}
      {(tags.length > 0 || priority) && (
        <div class="row wrap gap-s">
          {tags.map((tag) => (
            <Badge key={tag}>
              <Written>{tag}</Written>
            </Badge>
          ))}
          {priority && (
            <Badge tone="warn">
              {say.priority}: {priorities[priority] ?? priority}
            </Badge>
          )}
        </div>
      )}
      {resume && <p class="small muted">{say.resume(durationWords(resume.after_seconds, true))}</p>}
    </>
  );
}

function onceNote(reply: SentReply): string | null {
  return reply.once_per_seconds === null ? null : words().why.oncePer(durationWords(reply.once_per_seconds, true));
}
