/** The form of the routing options, without the page around it. */

import type { Algorithm, OptionCase, Options, Words } from '../api';

export const CASES = [
  'new_online',
  'new_offline',
  'owner_online',
  'owner_not_online',
  'all_offline',
] as const;
export type CaseName = (typeof CASES)[number];

/** Those of the settings page first. */
export const ALGORITHMS = [
  'least_chats',
  'most_waiting',
  'in_order',
  'random',
  'least_load',
  'weighted',
  'hand',
] as const satisfies readonly Algorithm[];

/** A new customer has no owner. */
export function canHaveOwner(name: CaseName): boolean {
  return name !== 'new_online' && name !== 'new_offline';
}

/** Whether a customer without an owner can come to this case. */
export function canLackOwner(name: CaseName): boolean {
  return name === 'owner_not_online' || name === 'all_offline';
}

/** What a number without rules starts with; nothing if the inbox has no groups. */
export function defaultOptions(
  groups: Words['groups'],
  texts: { welcome: string; closed: string; away: string },
) {
  const names = groups.map(({ name }) => name);
  const sales = names.find((name) => /sales|مبيعات/i.test(name)) ?? names[0];
  const support = names.find((name) => /support|service|دعم|خدمة/i.test(name)) ?? names.at(1) ?? sales;
  if (sales === undefined || support === undefined) return null;
  const to = (group: string, by: Algorithm, reply: string | null): OptionCase => ({
    owner: false,
    group,
    by,
    reply,
  });
  const options: Options = {
    new_online: to(sales, 'least_chats', texts.welcome),
    new_offline: to(sales, 'in_order', texts.closed),
    owner_online: { owner: true, group: null, by: null, reply: null },
    owner_not_online: to(support, 'most_waiting', texts.away),
    all_offline: { owner: true, group: support, by: 'in_order', reply: null },
    new_group: sales,
    returning_group: support,
    unowned: 'all_offline',
  };
  return options;
}

/** The case with its chat kept by the owner, or given to a group. */
export function withOwner(of: OptionCase, owner: boolean, fallback: string | null): OptionCase {
  if (owner) return { ...of, owner };
  const group = of.group ?? fallback;
  return { ...of, owner, group, by: group === null ? null : (of.by ?? 'least_chats') };
}

export function withGroup(of: OptionCase, group: string | null): OptionCase {
  return { ...of, group, by: group === null ? null : (of.by ?? 'least_chats') };
}

export function withReply(of: OptionCase, reply: string): OptionCase {
  return { ...of, reply: reply === '' ? null : reply };
}

/** `text` with the placeholder in the place of what is selected, and where the cursor then is. */
export function insertPlaceholder(text: string, start: number, end: number, name: string) {
  const placeholder = `{${name}}`;
  return { text: text.slice(0, start) + placeholder + text.slice(end), cursor: start + placeholder.length };
}

/** Two users for an example: an owner, and one of those who might be given the chat. */
export function exampleUsers(users: Words['users'], members: readonly string[]) {
  const user = users.find(({ id }) => id === members[0]) ?? users[0];
  const others = users.filter((other) => other !== user);
  return { user, owner: others.find(({ id }) => !members.includes(id)) ?? others[0] ?? user };
}

/** How a customer would read the text, where the placeholders have these values. */
export function preview(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(
    /\{\{|\}\}|\{\s*([\w.]+)(?:\s+or\s+([^{}]*))?\}/g,
    (found, name: string, other = '') => {
      if (found === '{{' || found === '}}') return found[0]!;
      return values[name] || other.trim();
    },
  );
}

/** Whether two forms say the same. */
export function isSame(a: Options | null, b: Options | null): boolean {
  if (a === null || b === null) return a === b;
  const cases = CASES.every((name) =>
    (['owner', 'group', 'by', 'reply'] as const).every((part) => a[name][part] === b[name][part]),
  );
  return (
    cases && a.new_group === b.new_group && a.returning_group === b.returning_group && a.unowned === b.unowned
  );
}
