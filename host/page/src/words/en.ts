/** All words of the page, in English. */

import type { Algorithm, Presence, ReplyState, Right } from '../api';
import { pluralsOf } from './plural';

const plural = pluralsOf('en-GB');

export const en = {
  frame: {
    title: 'Inbox',
    skip: 'Skip to the content',
    navigation: 'Views',
    inbox: 'Inbox',
    settings: 'Settings',
    loggedInAs: (name: string) => `Logged in as ${name}`,
    logOut: 'Log out',
    languageLabel: 'Language',
    theme: 'Theme',
    themes: { auto: 'As the system', light: 'Light', dark: 'Dark' },
    views: {
      now: 'Now',
      decisions: 'Decisions',
      numbers: 'Numbers',
      options: 'Routing options',
      policy: 'Policy',
      edit: 'Rules',
      play: 'Try it out',
    },
    live: 'Live',
    noInboxTitle: 'No inbox',
    noInbox: 'This token is not for any inbox of this host.',
    unknownInbox: (inbox: string) => `The token is not for an inbox called “${inbox}”.`,
  },

  common: {
    cancel: 'Cancel',
    close: 'Close',
    save: 'Save',
    retry: 'Try again',
    back: 'Back',
    more: 'More',
    none: 'None',
    all: 'All',
    clear: 'Clear',
    loading: 'Loading…',
    copy: 'Copy',
    copied: 'Copied',
    open: 'Open',
    dismiss: 'Dismiss',
    and: (items: string[]) => new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(items),
    or: (items: string[]) => new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(items),
    chats: (n: number) => plural(n, { one: '# chat', other: '# chats' }),
    messages: (n: number) => plural(n, { one: '# message', other: '# messages' }),
    findings: (n: number) => plural(n, { one: '# finding', other: '# findings' }),
    users: (n: number) => plural(n, { one: '# user', other: '# users' }),
  },

  state: {
    lost: 'The connection is lost. What you see may be old; the page goes on as soon as the inbox answers.',
    found: 'The connection is back.',
    cannotLoad: 'This cannot be shown now',
    offline: 'The inbox cannot be reached. The page tries again by itself.',
    noRightTitle: 'This token may not do that',
    noRight: (right: Right) => `It would need the right “${right}”. Ask whoever runs the inbox for a token that has it.`,
    nothing: 'Nothing here yet',
  },

  login: {
    title: 'Log in',
    lead: 'With a token of this inbox. It was printed once, when the program first started, or made by inbox-host token.',
    token: 'Token',
    show: 'Show the token',
    submit: 'Log in',
    wrong: 'No such token is known. Check that it was copied as a whole.',
    again: 'Your session has ended',
    againLead: 'Log in again to go on where you were. Nothing on the page is lost.',
    help: 'The session lasts 12 hours and belongs to this browser only.',
  },

  presence: { online: 'online', away: 'away', offline: 'offline' } satisfies Record<Presence, string>,

  algorithms: {
    random: 'at random',
    in_order: 'in turn',
    most_waiting: 'who has waited longest',
    least_chats: 'the fewest chats',
    least_load: 'the least load',
    weighted: 'by weight',
    hand: 'by hand',
  } as Record<Algorithm, string>,

  replyStates: {
    waiting: 'waiting to be sent',
    sending: 'being sent',
    sent: 'sent',
    delivered: 'delivered',
    read: 'read',
    failed: 'refused by WhatsApp',
    unknown: 'perhaps sent',
    suppressed: 'not sent: the message was too old',
    too_late: 'not sent in time',
    returned: 'shown to the customer',
  } satisfies Record<ReplyState, string>,

  numbers: {},
  now: {},
  decisions: {},
  play: {},
  options: {},
  policy: {},
  edit: {},
};
