/** What a played customer, and a user who answers, can do. */

import { useRef } from 'preact/hooks';
import type { Routed } from '../api';
import { api, can } from '../session';
import { addLines, change, changePlayer, type Conversation, type Line } from './store';

/** Does something with an id that stays until it is done: what is sent again after a break is known to the host. */
export function useSameId(): <T>(of: string, work: (id: string) => Promise<T>) => Promise<T> {
  const last = useRef({ of: '', id: '' });
  return async (of, work) => {
    if (last.current.of !== of) last.current = { of, id: crypto.randomUUID() };
    const done = await work(last.current.id);
    last.current.of = '';
    return done;
  };
}

/** Sends a message as the customer, and adds what comes back. */
export async function sendMessage({ player }: Conversation, id: string, kind: string, text: string) {
  const calls = api.value;
  await prepare(player);
  const written = text === '' ? null : text;
  addLines(player.id, [customerLine(id, kind, written)]);
  const routed = await calls
    .message({
      number: player.number,
      message: { id, kind, text: written },
      customer: { phone: player.phone, name: player.name || null, language: player.language || null },
    })
    .catch((error: unknown) => {
      change(player.id, (known) => ({ ...known, lines: known.lines.filter(({ key }) => key !== id) }));
      throw error;
    });
  addLines(player.id, replyLines(routed));
  change(player.id, (known) => ({ ...known, last: routed }));
  changePlayer(player.id, { returning: true });
  await readChat(player.id, routed.chat);
  // The next message need not wait for the reasons of this one.
  void calls
    .decision(routed.seq)
    .then((decision) =>
      change(player.id, (known) => (known.last?.seq === decision.seq ? { ...known, last: decision } : known)),
    )
    .catch(() => {});
}

/** A customer who has written before, or has an owner, must be known as such before the first message. */
async function prepare({ phone, returning, owner }: Conversation['player']) {
  if ((!returning && owner === '') || !can('customers')) return;
  await api.value.putCustomer(phone, { returning: true, ...(owner && { owner }) });
}

function customerLine(id: string, kind: string, text: string | null): Line {
  const at = new Date().toISOString();
  return { key: id, at, seq: null, from: 'customer', user: null, kind, text, state: null };
}

function replyLines(routed: Routed): Line[] {
  return routed.replies.map(({ text, state }) => ({
    key: replyKey({ seq: routed.seq, text }),
    at: routed.at,
    seq: routed.seq,
    from: 'rules',
    user: null,
    kind: 'text',
    text,
    state,
  }));
}

/** What has become of the chat; also what was written in it after a while. */
export async function readChat(player: string, id: number | null) {
  if (id === null) {
    change(player, (known) => ({ ...known, chat: null }));
    return;
  }
  const chat = await api.value.chat(id);
  // What is read of an earlier chat may come late.
  change(player, (known) => (known.chat !== null && known.chat.id > id ? known : { ...known, chat }));
}

export async function answer({ player, chat }: Conversation, id: string, user: string, text: string) {
  if (chat === null) return;
  const row = await api.value.write(chat.id, { id, user, text });
  addLines(player.id, [
    { key: row.id, at: row.at, seq: null, from: 'user', user, kind: 'text', text, state: row.state },
  ]);
  await readChat(player.id, chat.id);
}

export async function closeChat({ player, chat }: Conversation) {
  if (chat === null) return;
  const closed = await api.value.close(chat.id);
  change(player.id, (known) => ({ ...known, chat: closed }));
}

/** Replies that the rules send after a while. */
export async function readLater({ player, chat }: Conversation) {
  if (chat === null || chat.state === 'closed') return;
  const { items } = await api.value.chatTexts(chat.id);
  const replies = items.filter(({ from }) => from === 'rules');
  addLines(player.id, replies.map((line) => ({ ...line, key: replyKey(line), user: null })));
}

/** The same in the answer to a message and in the texts of its chat: nothing is shown twice. */
function replyKey({ seq, text }: Pick<Line, 'seq' | 'text'>): string {
  return `${seq} ${text}`;
}
