/** What the inbox does with the customer: who was given the chat, why, and how they answer. */

import { useState } from 'preact/hooks';
import { Why } from '../decisions/why';
import { useInbox, useUserName } from '../inbox';
import { UserList } from '../now/users';
import { href } from '../router';
import { can } from '../session';
import { Avatar, Bone, Button, Empty, IconButton, Loaded, toastError, writtenDirection } from '../ui';
import { words } from '../words';
import { answer, closeChat } from './acts';
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

function ChatState({ conversation: { chat } }: { conversation: Conversation }) {
  const { play: say, now } = words();
  const userName = useUserName();
  if (chat === null) return <p class="muted">{say.noChat}</p>;
  if (chat.state === 'closed') return <p class="muted">{say.chatClosed}</p>;
  if (chat.user === null) return <p class="notice warn">{say.chatWaits(chat.group ?? now.noQueue)}</p>;
  return (
    <p class="row gap-s">
      <Avatar small name={userName(chat.user)} />
      {say.chatWith(userName(chat.user))}
    </p>
  );
}

function Answer({ conversation }: { conversation: Conversation }) {
  const { play: say } = words();
  const userName = useUserName();
  const [text, setText] = useState('');
  const [isBusy, setBusy] = useState(false);
  const user = conversation.chat?.user ?? '';
  const act = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
      setText('');
    } catch (error) {
      toastError(error);
    }
    setBusy(false);
  };
  const submit = (event: Event) => {
    event.preventDefault();
    if (text.trim() !== '' && !isBusy) void act(() => answer(conversation, user, text.trim()));
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
      <Button busy={isBusy} onClick={() => void act(() => closeChat(conversation))}>
        {say.close}
      </Button>
    </form>
  );
}
