/** The WhatsApp numbers: their rules, their state, who answers them. */

import './view.css';
import type { InboxNumber } from '../api';
import { Undecided } from '../edit/undecided';
import { useInbox, useUserName } from '../inbox';
import { href } from '../router';
import { can } from '../session';
import { Avatar, Badge, Bone, Empty, Icon, Loaded, Phone, type Tone, Written } from '../ui';
import { count, words } from '../words';

const TONES: Record<InboxNumber['state'], Tone> = {
  live: 'ok',
  paused: 'danger',
  findings: 'warn',
  no_rules: 'info',
};
/** So many users are named in a row. */
const NAMED = 3;

export default function NumbersView() {
  const { numbers: say, frame } = words();
  const { numbers } = useInbox();
  return (
    <>
      <div class="view-head">
        <div>
          <h1>{frame.views.numbers}</h1>
          <p class="small">{say.lead}</p>
        </div>
      </div>
      <Undecided />
      <Loaded of={numbers} bones={<NumberBones />}>
        {(items) =>
          items.length === 0 ? (
            <div class="card">
              <Empty
                title={say.emptyTitle}
                act={
                  can('rules') && (
                    <a class="button primary" href={href('edit', 'inbox.toml')}>
                      {say.editInbox}
                    </a>
                  )
                }
              >
                {say.empty}
              </Empty>
            </div>
          ) : (
            <ul class="numbers">
              {items.map((number) => (
                <NumberCard key={number.number} number={number} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function NumberCard({ number }: { number: InboxNumber }) {
  const { numbers: say, frame, common } = words();
  const isUnset = number.state === 'no_rules';
  return (
    <li class="card number">
      <div class="number-name">
        <h2>{number.name ? <Written>{number.name}</Written> : <Phone number={number.number} />}</h2>
        {number.name && (
          <span class="muted small">
            <Phone number={number.number} />
          </span>
        )}
      </div>
      <div class="number-state">
        <State number={number} />
      </div>
      <dl class="number-facts">
        <div>
          <dt>{say.today}</dt>
          <dd class="number-today num">
            <a href={href('decisions', null, { number: number.number })} title={common.messages(number.today)}>
              {count(number.today)}
            </a>
          </dd>
        </div>
        <div class="grow">
          <dt>{say.answeredBy}</dt>
          <dd>
            <Users number={number} />
          </dd>
        </div>
      </dl>
      {number.paused !== null && <p class="notice danger small">{say.pausedBecause(number.paused)}</p>}
      {isUnset && <p class="notice small">{say.noRulesHint}</p>}
      <div class="number-links">
        <a class={isUnset ? 'button small primary' : 'button small'} href={href('options', number.number)}>
          <Icon name="options" size={16} />
          {isUnset ? say.begin : frame.views.options}
        </a>
        <a class="button small" href={href('policy', number.number)}>
          <Icon name="policy" size={16} />
          {frame.views.policy}
        </a>
        {number.file !== null && (
          <a
            class="small number-file"
            href={href('edit', number.file)}
            title={number.file === 'default.rules' ? say.shared : say.ownFile}
          >
            <code class="ltr">{number.file}</code>
          </a>
        )}
      </div>
    </li>
  );
}

function State({ number }: { number: InboxNumber }) {
  const { numbers: say, common } = words();
  const hasFindings = number.findings > 0;
  return (
    <>
      {!(number.state === 'findings' && hasFindings) && (
        <Badge tone={TONES[number.state]}>
          <span class="dot" />
          {say.states[number.state]}
        </Badge>
      )}
      {hasFindings && (
        <a href={href('edit', number.file)}>
          <Badge tone="warn">{common.findings(number.findings)}</Badge>
        </a>
      )}
    </>
  );
}

function Users({ number }: { number: InboxNumber }) {
  const { numbers: say, common } = words();
  const userName = useUserName();
  if (number.users.length === 0) return <span class="muted">{say.nobody}</span>;
  const rest = number.users.length - NAMED;
  return (
    <ul class="row wrap gap-s">
      {number.users.slice(0, NAMED).map(({ user, chats }) => (
        <li key={user} class="row gap-s nowrap" title={common.chats(chats)}>
          <Avatar small name={userName(user)} />
          <Written>{userName(user)}</Written>
          <span class="muted num">{count(chats)}</span>
        </li>
      ))}
      {rest > 0 && <li class="muted">{say.others(rest)}</li>}
    </ul>
  );
}

function NumberBones() {
  return (
    <div class="numbers">
      {[0, 1, 2, 3].map((index) => (
        <div key={index} class="card number">
          <div class="number-name stack gap-s">
            <Bone width={120} height={20} />
            <Bone width={110} />
          </div>
          <div class="number-state">
            <Bone width={56} height={22} />
          </div>
          <div class="number-facts">
            <div class="stack gap-s">
              <Bone width={48} />
              <Bone width={40} height={26} />
            </div>
            <div class="stack gap-s grow">
              <Bone width={120} />
              <Bone width={180} height={26} />
            </div>
          </div>
          <div class="number-links">
            <Bone width={250} height={30} />
          </div>
        </div>
      ))}
    </div>
  );
}
