/** The customers that are played: who they are, and what they and the inbox have written. They last as long as the tab. */

import { signal } from '@preact/signals';
import type { Chat, ChatText, Routed } from '../api';
import { session } from '../session';

export interface Player {
  id: string;
  name: string;
  phone: string;
  language: string;
  number: string;
  /** Whether the customer has written to the inbox before this conversation. */
  returning: boolean;
  owner: string;
}

export interface Line extends ChatText {
  key: string;
  /** Who answered. */
  user: string | null;
}

export interface Conversation {
  player: Player;
  lines: Line[];
  chat: Chat | null;
  /** The decision of the last message. */
  last: Routed | null;
}

const KEY = 'play';
const MOST = 12;

export const conversations = signal<Conversation[]>(read());
export const currentId = signal<string | null>(conversations.value[0]?.player.id ?? null);

// Whoever logs in next has not played them.
session.subscribe((now) => {
  if (now !== null) return;
  conversations.value = [];
  currentId.value = null;
});

function read(): Conversation[] {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as Conversation[];
  } catch {
    return [];
  }
}

function keep(next: Conversation[]) {
  conversations.value = next.slice(0, MOST);
  try {
    sessionStorage.setItem(KEY, JSON.stringify(conversations.value));
  } catch {
    // They then last until another view is opened.
  }
}

/** A customer who has never written, with a number that nobody has. */
export function newPlayer(names: readonly string[], number: string, random: () => number = Math.random): Player {
  const digits = Array.from({ length: 8 }, () => Math.floor(random() * 10)).join('');
  return {
    id: crypto.randomUUID(),
    name: names[Math.floor(random() * names.length)] ?? '',
    phone: `+2010${digits}`,
    language: '',
    number,
    returning: false,
    owner: '',
  };
}

export function addConversation(player: Player) {
  keep([{ player, lines: [], chat: null, last: null }, ...conversations.value]);
  currentId.value = player.id;
}

export function change(id: string, edit: (conversation: Conversation) => Conversation) {
  keep(conversations.value.map((known) => (known.player.id === id ? edit(known) : known)));
}

export function changePlayer(id: string, edit: Partial<Player>) {
  change(id, (known) => ({ ...known, player: { ...known.player, ...edit } }));
}

export function addLines(id: string, lines: Line[]) {
  change(id, (known) => {
    const keys = new Set(known.lines.map(({ key }) => key));
    return { ...known, lines: [...known.lines, ...lines.filter(({ key }) => !keys.has(key))] };
  });
}
