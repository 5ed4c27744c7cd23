/** The users and numbers of the inbox, which every view names. */

import { type ComponentChildren, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { all, type InboxNumber, type Routed, type RuleRef, type User } from './api';
import { type Resource, useResource } from './resource';
import { api } from './session';
import { words } from './words';

interface InboxNames {
  users: Resource<User[]>;
  numbers: Resource<InboxNumber[]>;
}

const Names = createContext<InboxNames | null>(null);

export function InboxProvider({ children }: { children: ComponentChildren }) {
  const calls = api.value;
  const users = useResource(
    (signal) => all((after) => calls.users({ limit: 500, ...(after && { after }) }, signal)),
    [calls],
    ['presence', 'capacity', 'assigned', 'closed', 'waiting', 'rules'],
  );
  const numbers = useResource(async (signal) => (await calls.numbers(signal)).items, [calls], ['rules']);
  return <Names.Provider value={{ users, numbers }}>{children}</Names.Provider>;
}

export function useInbox(): InboxNames {
  const names = useContext(Names);
  if (names === null) throw new Error('a view outside of an inbox');
  return names;
}

/** How a user is called; the id, until it is known. */
export function useUserName(): (user: string) => string {
  const users = useInbox().users.data.value;
  return (id) => users?.find((user) => user.id === id)?.name ?? id;
}

/** How a number is called; the number, if it has no name. */
export function useNumberName(): (number: string) => string {
  const numbers = useInbox().numbers.data.value;
  return (number) => numbers?.find((known) => known.number === number)?.name ?? number;
}

/** How a customer is called: without a name, by a phone number or another id of the channel. */
export function customerName({ customer, customer_name: name, customer_names: names = [] }: Named): string {
  return name || channelName(names) || customer;
}

/** The customer's phone number, or else another id of the channel. */
export function channelName(names: string[]): string | undefined {
  return names.find((one) => one.startsWith('+')) ?? names[0];
}

type Named = Pick<Routed, 'customer' | 'customer_name' | 'customer_names'>;

/** How a rule is called; a rule without a name is told by its line. */
export function ruleName(rule: RuleRef | null): string {
  const { rule: say } = words();
  return rule === null ? say.none : (rule.name ?? say.onLine(rule.line));
}
