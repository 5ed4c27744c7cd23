/** What the inbox does with the customer: who was given the chat, why, and how they answer. */

import { useState } from 'preact/hooks';
import { Why } from '../decisions/why';
import { useInbox, useUserName } from '../inbox';
import { UserList } from '../now/users';
import { href } from '../router';
import { can } from '../session';
import { Avatar, Bone, Button, Empty, IconButton, Loaded, toastError, writtenDirection } from '../ui';
import { words } from '../words';
import { answer, closeChat, useSameId } from './acts';
import type { Conversation } from './store';

export function Desk({ conversation }: { conversation: Conversation }) {
  const { play: say, why } = words();
  const userName = useUserName();
  const { users } = useInbox();
  const { chat, last } = conversation;
  return (
    <section class="card play-desk" aria-labelledby="play-desk">
      <div class="card-head">
        <h2 id="play-desk">{say.desk}</h2>
        {last && (
          <a class="small" href={href('decisions', String(last.seq))}>
            {words().decisions.title(last.seq)}
          </a>
        )}
      </div>
      {last === null ? (
        <Empty title={say.deskEmpty} />
      ) : (
        <div class="card-body stack" aria-live="polite">
          <ChatState conversation={conversation} />
          {chat?.user && chat.state === 'open' && can('chats') && <Answer key={chat.user} conversation={conversation} />}
          <div class="play-why">
            {last.decision.why === undefined ? (
              <Bone height={120} />
            ) : (
              <Why decision={last.decision} userName={userName} withoutReplies />
            )}
          </div>
          {chat && chat.state !== 'closed' && <a href={href('now', String(chat.id))}>{why.openChat}</a>}
        </div>
      )}
      <div class="play-users">
        <h3>{say.whoIsThere}</h3>
        <Loaded of={users} bones={<Bone height={200} />}>
          {(items) => <UserList users={items} />}
        </Loaded>
      </div>
    </section>
  );
}

function ChatState({ conversation }: { conversation: Conversation }) {
  const { play: say, now } = words();
  const { chat } = conversation;
  const userName = useUserName();
  if (chat === null) return <p class="muted">{say.noChat}</p>;
  if (chat.state === 'closed') return <p class="muted">{say.chatClosed}</p>;
  if (chat.user === null) return <p class="notice warn">{say.chatWaits(chat.group ?? now.noQueue)}</p>;
  return (
    <div class="row gap-s wrap">
      <Avatar small name={userName(chat.user)} />
      <p class="grow">{say.chatWith(userName(chat.user))}</p>
      {can('chats') && <CloseButton conversation={conversation} />}
    </div>
  );
}

function CloseButton({ conversation }: { conversation: Conversation }) {
  const [isBusy, setBusy] = useState(false);
  const close = async () => {
    setBusy(true);
    await closeChat(conversation).catch(toastError);
    setBusy(false);
  };
  return (
    <Button small busy={isBusy} onClick={() => void close()}>
      {words().play.close}
    </Button>
  );
}

function Answer({ conversation }: { conversation: Conversation }) {
  const { play: say } = words();
  const userName = useUserName();
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const withId = useSameId();
  const user = conversation.chat?.user ?? '';
  const send = async () => {
    setBusy(true);
    try {
      await withId(text, (id) => answer(conversation, id, user, text.trim()));
      setText('');
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() !== '' && !isBusy) void send();
  };
  return (
    <form class="row gap-s" onSubmit={submit}>
      <input
        class="input grow"
        dir={writtenDirection(text)}
        aria-label={say.answerAs(userName(user))}
        placeholder={say.answerAs(userName(user))}
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <IconButton type="submit" look="plain" icon="send" label={say.answerAs(userName(user))} busy={isBusy} />
    </form>
  );
}
