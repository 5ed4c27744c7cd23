/** What somebody can do with a chat: take it, transfer it, close it. */

import { signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Algorithm, Chat, TransferTo } from '../api';
import { isolated } from '../edit/isolated';
import { customerName, useInbox, useUserName } from '../inbox';
import { api, can } from '../session';
import { Button, Dialog, IconButton, Segments, SelectField, toast, toastError } from '../ui';
import { words } from '../words';

type Question = 'take' | 'transfer' | 'close';

/** What is asked. It stays although the chat leaves the list, as when a colleague takes it meanwhile. */
const asked = signal<{ chat: Chat; question: Question } | null>(null);

export function ChatQuestion() {
  if (asked.value === null) return null;
  const { chat, question } = asked.value;
  const close = () => {
    asked.value = null;
  };
  const AskingDialog = { take: TakeDialog, transfer: TransferDialog, close: CloseDialog }[question];
  return <AskingDialog chat={chat} onClose={close} />;
}

export function ChatActions({ chat, inRow }: { chat: Chat; inRow?: boolean }) {
  const { now: say } = words();
  if (!can('chats') || chat.state === 'closed') return null;
  const isWaiting = chat.state === 'waiting';
  const name = customerOf(chat);
  const ask = (question: Question) => () => {
    asked.value = { chat, question };
  };
  if (!inRow) {
    return (
      <>
        {isWaiting && (
          <Button look="primary" icon="take" aria-label={say.takeOf(name)} onClick={ask('take')}>
            {say.take}
          </Button>
        )}
        <Button icon="transfer" aria-label={say.transferOf(name)} onClick={ask('transfer')}>
          {say.transfer}
        </Button>
        <Button look="danger" aria-label={say.closeOf(name)} onClick={ask('close')}>
          {say.closeChat}
        </Button>
      </>
    );
  }
  return (
    <span class="chat-actions">
      {isWaiting ? (
        <Button small aria-label={say.takeOf(name)} onClick={ask('take')}>
          {say.take}
        </Button>
      ) : (
        <>
          <IconButton small icon="transfer" label={say.transferOf(name)} onClick={ask('transfer')} />
          <IconButton small icon="close" label={say.closeOf(name)} onClick={ask('close')} />
        </>
      )}
    </span>
  );
}

function customerOf(chat: Chat): string {
  return isolated(customerName(chat));
}

interface AskingProps {
  chat: Chat;
  onClose: () => void;
}

/** A dialog with one thing to do; `act` says what has been done. */
function Asking({
  title,
  action,
  look = 'primary',
  act,
  onClose,
  children,
}: {
  title: string;
  action: string;
  look?: 'primary' | 'danger';
  act: () => Promise<string>;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const [isBusy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      toast(await act());
      onClose();
    } catch (error) {
      toastError(error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={title}
      onClose={onClose}
      width={420}
      foot={
        <>
          <Button look="quiet" onClick={onClose}>
            {words().common.cancel}
          </Button>
          <Button look={look} busy={isBusy} onClick={() => void start()}>
            {action}
          </Button>
        </>
      }
    >
      <div class="stack">{children}</div>
    </Dialog>
  );
}

/** Users who are there come first. */
function useUserChoices(except: string | null) {
  const { presence } = words();
  const users = useInbox().users.data.value ?? [];
  const order = { online: 0, away: 1, offline: 2 };
  return users
    .filter(({ id }) => id !== except)
    .sort((a, b) => order[a.presence] - order[b.presence])
    .map((user) => ({ value: user.id, text: `${user.name} (${presence[user.presence]})` }));
}

function TakeDialog({ chat, onClose }: AskingProps) {
  const { now: say } = words();
  const userName = useUserName();
  const choices = useUserChoices(null);
  const members = useInbox().users.data.value?.filter(({ groups }) => chat.group && groups.includes(chat.group)) ?? [];
  const [user, setUser] = useState(
    (members.find(({ presence }) => presence === 'online') ?? members[0])?.id ?? choices[0]?.value ?? '',
  );
  const take = async () => {
    await api.value.take(chat.id, user);
    return say.taken(userName(user));
  };
  return (
    <Asking title={say.giveOf(customerOf(chat))} action={say.take} act={take} onClose={onClose}>
      <SelectField label={say.takeFor} value={user} choices={choices} onValue={setUser} />
    </Asking>
  );
}

const ALGORITHMS: readonly Algorithm[] = ['least_chats', 'most_waiting', 'in_order', 'random', 'least_load', 'weighted'];

function TransferDialog({ chat, onClose }: AskingProps) {
  const { now: say, algorithms } = words();
  const userName = useUserName();
  const users = useUserChoices(chat.user);
  const groups = [...new Set(useInbox().users.data.value?.flatMap((user) => user.groups) ?? [])];
  const [kind, setKind] = useState<'user' | 'group'>('user');
  const [user, setUser] = useState(users[0]?.value ?? '');
  const [group, setGroup] = useState(chat.group ?? groups[0] ?? '');
  const [by, setBy] = useState<Algorithm>('least_chats');
  const to: TransferTo = kind === 'user' ? { user } : { group, by };
  const transfer = async () => {
    const after = await api.value.transfer(chat.id, to);
    return after.user ? say.transferred(userName(after.user)) : say.queued(after.group ?? group);
  };
  return (
    <Asking title={say.transferOf(customerOf(chat))} action={say.transfer} act={transfer} onClose={onClose}>
      <div class="field">
        <span class="label">{say.transferTo}</span>
        <Segments
          label={say.transferTo}
          value={kind}
          onValue={setKind}
          items={[
            { value: 'user', text: say.toUser },
            { value: 'group', text: say.toGroup },
          ]}
        />
      </div>
      {kind === 'user' ? (
        <SelectField label={say.user} value={user} choices={users} onValue={setUser} />
      ) : (
        <>
          <SelectField
            label={say.group}
            value={group}
            choices={groups.map((name) => ({ value: name, text: name }))}
            onValue={setGroup}
          />
          <SelectField
            label={say.by}
            value={by}
            choices={ALGORITHMS.map((value) => ({ value, text: algorithms[value] ?? value }))}
            onValue={setBy}
          />
        </>
      )}
    </Asking>
  );
}

function CloseDialog({ chat, onClose }: AskingProps) {
  const { now: say } = words();
  const close = async () => {
    await api.value.close(chat.id);
    return say.closed;
  };
  return (
    <Asking title={say.closeOf(customerOf(chat))} action={say.closeChat} look="danger" act={close} onClose={onClose}>
      <p>{say.closeQuestion}</p>
    </Asking>
  );
}
