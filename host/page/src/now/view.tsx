/** Who is there, which chats they have, and who waits. */

import './view.css';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { all, type Chat } from '../api';
import { useInbox, useNumberName } from '../inbox';
import { useResource } from '../resource';
import { go, href, route } from '../router';
import { api, can } from '../session';
import { Bone, Empty, Failed, Icon, Loaded } from '../ui';
import { count, words } from '../words';
import { CardHead } from './card_head';
import { ChatQuestion } from './chat_actions';
import { ChatDialog } from './chat_dialog';
import { ChatRow } from './chat_row';
import { Groups, useGroups } from './groups';
import { Notices, useNotices } from './notices';
import { Users } from './users';

const EVENTS = ['message', 'assigned', 'waiting', 'answered', 'closed', 'rules', 'customer'] as const;
/** No list is longer on the screen, until somebody wants it to be. */
const SHOWN = 50;
/** Where the lists stand below each other, the next one must not be far. */
const SHOWN_NARROW = 10;
const NARROW = '(max-width: 1080px)';
/** So many are read; the rest are told only by a `+`. */
const MOST = 1_000;

export default function NowView() {
  const { now: say, frame, common } = words();
  const calls = api.value;
  const waiting = useResource((signal) => chats(calls, 'waiting', signal), [calls], EVENTS);
  const open = useResource((signal) => chats(calls, 'open', signal), [calls], EVENTS);
  const groups = useGroups();
  const notices = useNotices();
  const { users, numbers } = useInbox();
  const { argument } = route.value;
  // All appears at once, so that nothing moves.
  const isReady = [waiting, open, groups, notices, users, numbers].every(
    ({ data, error }) => data.value !== undefined || error.value !== undefined,
  );
  return (
    <>
      <div class="view-head">
        <h1>{frame.views.now}</h1>
        <Summary
          key={String(isReady)}
          waiting={isReady ? waiting.data.value?.length : undefined}
          open={isReady ? open.data.value?.length : undefined}
        />
      </div>
      {isReady && <Paused />}
      <div class="now" key={String(isReady)}>
        <section class="card now-waiting" aria-labelledby="now-waiting">
          <CardHead id="now-waiting" title={say.waiting} number={isReady ? waiting.data.value?.length : undefined} />
          <Loaded of={waiting} wait={!isReady} bones={<ChatBones rows={3} />}>
            {(items) => (
              <Chats
                items={oldestFirst(items)}
                empty={
                  <Empty title={say.waitingTitle}>
                    {say.waitingEmpty}
                  </Empty>
                }
              />
            )}
          </Loaded>
        </section>
        <section class="card now-open" aria-labelledby="now-open">
          <CardHead id="now-open" title={say.open} number={isReady ? open.data.value?.length : undefined} />
          <Loaded of={open} wait={!isReady} bones={<ChatBones rows={5} />}>
            {(items) => (
              <Chats
                items={latestFirst(items)}
                empty={
                  <Empty
                    title={say.openTitle}
                    act={
                      can('messages') && (
                        <a class="button" href={href('play')}>
                          {words().decisions.play}
                        </a>
                      )
                    }
                  >
                    {say.openEmpty}
                  </Empty>
                }
              />
            )}
          </Loaded>
        </section>
        <Users wait={!isReady} />
        <Groups groups={groups} wait={!isReady} />
        <Notices notices={notices} wait={!isReady} />
      </div>
      <ChatQuestion />
      {argument !== null && (
        <ChatDialog
          key={argument}
          id={Number(argument)}
          known={[...(waiting.data.value ?? []), ...(open.data.value ?? [])].find(({ id }) => id === Number(argument))}
          onClose={() => go('now')}
        />
      )}
      {waiting.error.value && waiting.data.value && waiting.error.value.code !== 'offline' && (
        <div class="card">
          <Failed error={waiting.error.value} onRetry={() => void waiting.reload()} />
        </div>
      )}
      <span class="visually-hidden" role="status">
        {waiting.data.value && `${say.waiting}: ${common.chats(waiting.data.value.length)}`}
      </span>
    </>
  );
}

async function chats(calls: typeof api.value, state: 'waiting' | 'open', signal: AbortSignal): Promise<Chat[]> {
  let read = 0;
  // Of more open chats than are read it is the latest that count, and of those that wait the first to be tried.
  const newest = state === 'open';
  return all(async (next) => {
    const from = next === undefined ? { newest } : newest ? { before: next } : { after: next };
    const listed = await calls.chats({ state, limit: 500, ...from }, signal);
    read += listed.items.length;
    return read < MOST ? listed : { ...listed, next: null };
  });
}

const RANK: Record<string, number> = { urgent: 0, high: 1, normal: 2, low: 3 };
const rank = (chat: Chat) => RANK[chat.priority ?? 'normal'] ?? 2;

/** As they are tried when somebody gets room. */
function oldestFirst(chats: Chat[]): Chat[] {
  const since = (chat: Chat) => chat.waiting_since ?? chat.opened_at;
  return [...chats].sort((a, b) => rank(a) - rank(b) || since(a).localeCompare(since(b)));
}

function latestFirst(chats: Chat[]): Chat[] {
  return [...chats].sort((a, b) => b.last_at.localeCompare(a.last_at));
}

function Chats({ items, empty }: { items: Chat[]; empty: ComponentChildren }) {
  const [shown, setShown] = useState(() => (matchMedia(NARROW).matches ? SHOWN_NARROW : SHOWN));
  if (items.length === 0) return <>{empty}</>;
  const rest = items.length - shown;
  return (
    <>
      <ul class="chats">
        {items.slice(0, shown).map((chat) => (
          <ChatRow key={chat.id} chat={chat} />
        ))}
      </ul>
      {rest > 0 && (
        <button type="button" class="button quiet chats-more" onClick={() => setShown(shown + 200)}>
          {words().now.moreChats(Math.min(rest, 200))}
        </button>
      )}
    </>
  );
}

function Summary({ waiting, open }: { waiting: number | undefined; open: number | undefined }) {
  const { now: say } = words();
  const users = useInbox().users.data.value;
  const online = users?.filter((user) => user.presence === 'online').length;
  return (
    <dl class="summary">
      <Figure label={say.waiting} value={waiting} isWarning={(waiting ?? 0) > 0} />
      <Figure label={say.open} value={open} />
      <Figure label={words().presence.online} value={online} of={users?.length} />
    </dl>
  );
}

function Figure({
  label,
  value,
  of,
  isWarning,
}: {
  label: string;
  value: number | undefined;
  of?: number | undefined;
  isWarning?: boolean;
}) {
  return (
    <div class={isWarning ? 'figure warn' : 'figure'}>
      <dt>{label}</dt>
      <dd class="num">
        {value === undefined ? <Bone width={28} height={20} /> : count(value)}
        {value !== undefined && value >= MOST && '+'}
        {of !== undefined && <span class="muted"> / {count(of)}</span>}
      </dd>
    </div>
  );
}

/** Numbers from which WhatsApp lets nothing be sent. */
function Paused() {
  const numbers = useInbox().numbers.data.value ?? [];
  const numberName = useNumberName();
  const paused = numbers.flatMap(({ number, paused: code }) => (code === null ? [] : [{ number, code }]));
  if (paused.length === 0) return null;
  return (
    <div class="stack" role="alert">
      {paused.map(({ number, code }) => (
        <p key={number} class="notice danger">
          <Icon name="warning" />
          {words().now.paused(numberName(number), code)}
        </p>
      ))}
    </div>
  );
}

function ChatBones({ rows }: { rows: number }) {
  return (
    <ul class="chats">
      {Array.from({ length: rows }, (_, index) => (
        <li key={index} class="chat">
          <div class="chat-link">
            <Bone width="50%" />
            <Bone width="35%" />
          </div>
        </li>
      ))}
    </ul>
  );
}
