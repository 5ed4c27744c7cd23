/** A chat with its conversation, and what can be done with it. */

import type { ComponentChildren } from 'preact';
import type { Chat, ChatText } from '../api';
import { customerName, useNumberName, useUserName } from '../inbox';
import { useResource } from '../resource';
import { href } from '../router';
import { api } from '../session';
import { Ago, Badge, Bone, Dialog, Loaded, State, Written } from '../ui';
import { clock, words } from '../words';
import { ChatActions } from './chat_actions';

const EVENTS = ['message', 'assigned', 'waiting', 'answered', 'closed'] as const;

export function ChatDialog({ id, known, onClose }: { id: number; known: Chat | undefined; onClose: () => void }) {
  const { now: say } = words();
  const calls = api.value;
  const chat = useResource((signal) => calls.chat(id, signal), [calls, id], EVENTS);
  const texts = useResource(async (signal) => (await calls.chatTexts(id, signal)).items, [calls, id], EVENTS);
  const shown = chat.data.value ?? known;
  return (
    <Dialog
      title={
        <span>
          {shown ? <Written>{customerName(shown)}</Written> : say.chat(id)}
        </span>
      }
      onClose={onClose}
      width={620}
      foot={shown && <ChatActions chat={shown} />}
    >
      {chat.error.value?.status === 404 ? (
        <State icon="empty" title={say.chatGone} />
      ) : (
        <div class="stack">
          {shown ? <Facts chat={shown} /> : <Bone height={90} />}
          <h3>{say.conversation}</h3>
          <Loaded of={texts} bones={<Bone height={120} />}>
            {(items) => <Conversation texts={items} />}
          </Loaded>
          <a href={href('decisions', String(id))}>{say.firstDecision}</a>
        </div>
      )}
    </Dialog>
  );
}

function Facts({ chat }: { chat: Chat }) {
  const { now: say, priorities } = words();
  const userName = useUserName();
  const numberName = useNumberName();
  return (
    <dl class="facts">
      <Fact label={chat.user ? say.user : say.waiting}>
        {chat.user ? (
          <Written>{userName(chat.user)}</Written>
        ) : chat.state === 'closed' ? (
          say.closed
        ) : chat.group ? (
          say.queue(chat.group)
        ) : (
          say.noQueue
        )}
      </Fact>
      <Fact label={say.number}>
        <Written>{numberName(chat.number)}</Written>
      </Fact>
      <Fact label={say.opened}>
        <Ago at={chat.opened_at} />
      </Fact>
      <Fact label={say.lastMessage}>
        <Ago at={chat.last_at} />
      </Fact>
      <Fact label={say.answered}>{chat.answered_at ? <Ago at={chat.answered_at} /> : say.notAnswered}</Fact>
      {chat.resume_at && <Fact label={say.goesOn}>{clock(chat.resume_at)}</Fact>}
      {chat.priority && <Fact label={say.priority}>{priorities[chat.priority] ?? chat.priority}</Fact>}
      {chat.tags.length > 0 && (
        <Fact label={say.tags}>
          <span class="row wrap gap-s">
            {chat.tags.map((tag) => (
              <Badge key={tag}>
                <Written>{tag}</Written>
              </Badge>
            ))}
          </span>
        </Fact>
      )}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the customer, the rules and users wrote. */
export function Conversation({ texts }: { texts: ChatText[] }) {
  const { now: say, kinds, replyStates } = words();
  if (texts.length === 0) return <p class="muted small">{say.noTexts}</p>;
  return (
    <ol class="conversation">
      {texts.map((line, index) => (
        <li key={index} class={line.from === 'customer' ? 'bubble customer' : 'bubble answer'}>
          <p dir="auto">{line.text ?? (isOther(line) ? say.kindOnly(kinds[line.kind ?? ''] ?? line.kind ?? '') : say.forgotten)}</p>
          <p class="small muted bubble-foot">
            {say.from[line.from]}
            {' · '}
            {clock(line.at)}
            {line.state && ` · ${replyStates[line.state]}`}
          </p>
        </li>
      ))}
    </ol>
  );
}

function isOther({ kind }: ChatText): boolean {
  return kind !== null && kind !== 'text';
}
