/** A chat in a list. */

import type { Chat } from '../api';
import { customerName, useInbox, useNumberName, useUserName } from '../inbox';
import { href } from '../router';
import { Age, Ago, Avatar, Badge, Clipped, Written } from '../ui';
import { words } from '../words';
import { ChatActions } from './chat_actions';

export function ChatRow({ chat }: { chat: Chat }) {
  const { now: say, priorities } = words();
  const numberName = useNumberName();
  const userName = useUserName();
  const { numbers } = useInbox();
  const isWaiting = chat.state === 'waiting';
  return (
    <li class={isWaiting ? 'chat waiting' : 'chat'}>
      <a class="chat-link" href={href('now', String(chat.id))}>
        <span class="row gap-s">
          <Clipped class="strong">{customerName(chat)}</Clipped>
          {chat.priority && chat.priority !== 'normal' && (
            <Badge tone={chat.priority === 'low' ? 'plain' : chat.priority === 'urgent' ? 'danger' : 'warn'}>
              {priorities[chat.priority] ?? chat.priority}
            </Badge>
          )}
          {chat.tags.slice(0, 3).map((tag) => (
            <Badge key={tag}>
              <Written>{tag}</Written>
            </Badge>
          ))}
        </span>
        <span class="row gap-s small muted">
          {chat.user ? (
            <span class="row gap-s nowrap">
              <Avatar small name={userName(chat.user)} />
              <Written>{userName(chat.user)}</Written>
            </span>
          ) : (
            <span class="ellipsis">{chat.group ? say.queue(chat.group) : say.noQueue}</span>
          )}
          {(numbers.data.value?.length ?? 0) > 1 && (
            <span class="ellipsis">
              · <Written>{numberName(chat.number)}</Written>
            </span>
          )}
        </span>
      </a>
      <span class={isWaiting ? 'chat-age strong' : 'chat-age small muted'}>
        {isWaiting ? (
          <>
            <span class="visually-hidden">{say.waitsSince} </span>
            <Age since={chat.waiting_since ?? chat.opened_at} />
          </>
        ) : (
          <Ago at={chat.last_at} />
        )}
      </span>
      <ChatActions chat={chat} inRow />
    </li>
  );
}
