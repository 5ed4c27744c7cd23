/** The words of a policy, which the first view does not need. Those in Arabic are with the others. */

import { words } from '../words';
import type { FactWords } from '../api';

export type PolicyWords = typeof policyInEnglish;

export function policyWords(): PolicyWords {
  return words().policy ?? policyInEnglish;
}

export const policyInEnglish = {
  title: 'Policy',
  flowTab: 'Rules in order',
  weekTab: 'The week',
  noRules: 'This number has no rules, so nobody is given its chats.',
  begin: 'Begin with the routing options',
  sharedWith: 'also for',
  otherwise: 'Everything else',
  noName: 'A rule without a name',
  ruleAt: (line: number) => `the rule on line ${line}`,
  line: (line: number) => `line ${line}`,
  kinds: { also: 'added to any rule', move: 'in an open chat' },
  when: {
    rule: 'Takes a message when',
    also: 'Adds to any decision when',
    move: 'Moves an open chat when',
    otherwise: 'Takes a message when',
  },
  takesRest: 'Takes every message that no rule above has taken.',
  joins: { and: 'and', or: 'or' },
  not: 'not:',
  heads: { all: 'all of these hold:', any: 'at least one of these holds:' },
  unreached: 'never reached',
  unreachedWhy: 'It is proved that no message reaches this rule.',
  addsOnly: 'Decides nothing by itself, and adds this:',
  /** After the name of a condition, before what it stands for. */
  that: ', that is:',
  orElse: 'else',
  orElseAfter: (time: string) => `else, or if nobody has answered within ${time}:`,
  to: {
    group: (group: string) => `One of ${group}`,
    user: (user: string) => user,
    owner: 'The owner of the customer',
    queue: (group: string | null) => (group ? `The queue of ${group}` : 'The queue'),
    hand: (group: string) => `Waits until somebody in ${group} takes it`,
    nobody: 'Nobody, and the chat does not wait',
    closed: 'Nobody: the chat is closed',
  },
  among: { online: 'only who is online', available: 'only who is online and has room', everyone: 'online or not' },
  skill: (skill: string) => `with the skill ${skill}`,
  customersSkill: (attribute: string) => `with the customer’s ${attribute} as a skill`,
  except: (users: string) => `except ${users}`,
  theOwner: 'the owner',
  quoted: (text: string) => `“${text}”`,
  ofWeek: (n: number) => `${n} in the week`,
  oncePer: (time: string) => `once per ${time}`,
  after: (time: string) => `after ${time} without an answer`,
  tag: 'Tag',
  priority: (priority: string) => `priority ${priority}`,
  day: '24 hours',
  week: '7 days',
  counted: (day: number, week: number) => `Decisions: ${day} in the last 24 hours, ${week} in the last 7 days`,
  noRuleTook: (day: number, week: number) =>
    `Messages that no rule decided: ${day} in the last 24 hours, ${week} in the last 7 days. They came into open chats, or nothing answers them.`,
  lastMessages: 'Last messages',
  noMessages: 'None that is still kept.',
  messageKind: (kind: string) => `(${kind})`,
  weekTitle: 'Which rule can answer when',
  weekLead: (timezone: string) =>
    `An ordinary week in the time of ${timezone}. Coloured is when some message can be answered by the rule; this is proved from the rules, not counted.`,
  weekStates: {
    always: 'at any time',
    never: 'never',
    unknown: 'not known',
  },
  exceptions: '· other on certain dates',
  everyDay: 'every day',
  allDay: 'all day',
  comma: ', ',
  semicolon: '; ',
  /** Conditions in another language than that of the host. */
  inWords: null as null | {
    /** `null`: there are no words for it. */
    said(fact: FactWords): string | null;
    /** Before the dates on which it is closed. */
    except: string;
  },
};
