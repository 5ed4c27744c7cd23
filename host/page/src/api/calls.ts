/** The calls of the API, one function each. */

import { call, type CallOptions } from './client';
import type {
  CheckReport,
  Counts,
  Edit,
  Flow,
  Options,
  OptionsAnswer,
  ReplayReport,
  RuleSetInfo,
  RulesStatus,
  StoredRuleSet,
  TestsReport,
  Week,
  Words,
} from './rule_types';
import type {
  Algorithm,
  Chat,
  ChatText,
  Customer,
  Decision,
  Group,
  Inbox,
  InboxEvent,
  InboxNumber,
  Listed,
  NewMessage,
  Notice,
  Presence,
  ReplyRow,
  ReplyState,
  Routed,
  Session,
  User,
} from './types';

type Signal = AbortSignal | undefined;
interface Page {
  limit?: number;
  after?: number;
  /** Only what is older, newest first. */
  before?: number;
  /** Newest first. */
  newest?: boolean;
}
export interface ChatFilter extends Page {
  state?: 'open' | 'waiting';
  user?: string;
  group?: string;
  number?: string;
  customer?: string;
}
export interface DecisionFilter extends Page {
  rule?: string;
  customer?: string;
  /** What people know of the customer: a part of the name, of a phone number or of another id. */
  search?: string;
  message?: string;
  number?: string;
  user?: string;
}
export interface TransferTo {
  user?: string;
  group?: string;
  by?: Algorithm;
}
/** What only a trial can say. */
export interface Trial {
  files?: Edit['files'];
  returning?: boolean;
  owner?: string;
}
export interface NumberEdit extends Edit {
  number: string;
}
export interface WantedOptions {
  number: string;
  /** `null`: as they are. */
  options?: Options | null;
  /** In a file that is for this number alone. */
  own?: boolean;
  /** Tests are to expect what the rules then do. */
  update_tests?: boolean;
}

const name = encodeURIComponent;
const inboxPath = (inbox: string) => `/v1/inboxes/${name(inbox)}`;
const get = <T>(path: string, query?: object, signal?: Signal) =>
  call<T>('GET', path, { query: query as CallOptions['query'] & object, signal });
const post = <T>(path: string, body?: unknown) => call<T>('POST', path, { body });
/** What changes nothing, or has an id by which the host knows it again. */
const postAgain = <T>(path: string, body: unknown, signal?: Signal) =>
  call<T>('POST', path, { body, signal, canRepeat: true });

export const session = {
  read: () => call<Session>('GET', '/v1/session'),
  begin: (token: string) => postAgain<Session>('/v1/session', { token }),
  end: () => call<void>('DELETE', '/v1/session', { canRepeat: true }),
};

export const inboxes = (signal?: Signal) => get<Listed<Inbox>>('/v1/inboxes', undefined, signal);

/** The calls about one inbox. */
export function inboxApi(inbox: string) {
  const i = inboxPath(inbox);
  const chat = (id: number) => `${i}/chats/${id}`;
  return {
    inbox,

    numbers: (signal?: Signal) => get<Listed<InboxNumber>>(`${i}/numbers`, undefined, signal),
    counts: (signal?: Signal) => get<Counts>(`${i}/counts`, undefined, signal),

    users: (page: Page = {}, signal?: Signal) => get<Listed<User>>(`${i}/users`, page, signal),
    setUser: (
      user: string,
      change: { presence?: Presence; for_seconds?: number; capacity?: number | null },
    ) => call<User>('PATCH', `${i}/users/${name(user)}`, { body: change }),
    groups: (signal?: Signal) => get<Listed<Group>>(`${i}/groups`, undefined, signal),

    chats: (filter: ChatFilter = {}, signal?: Signal) => get<Listed<Chat>>(`${i}/chats`, filter, signal),
    chat: (id: number, signal?: Signal) => get<Chat>(chat(id), undefined, signal),
    chatTexts: (id: number, signal?: Signal) => get<Listed<ChatText>>(`${chat(id)}/texts`, undefined, signal),
    take: (id: number, user: string) => post<Chat>(`${chat(id)}/take`, { user }),
    transfer: (id: number, to: TransferTo) => post<Chat>(`${chat(id)}/transfer`, to),
    answered: (id: number, user: string) => post<Chat>(`${chat(id)}/answered`, { user }),
    close: (id: number) => post<Chat>(`${chat(id)}/close`),
    write: (id: number, message: { id: string; user: string; text: string }) =>
      postAgain<ReplyRow>(`${chat(id)}/messages`, message),

    customer: (customer: string, signal?: Signal) =>
      get<Customer>(`${i}/customers/${name(customer)}`, undefined, signal),
    putCustomer: (customer: string, change: Partial<Customer>) =>
      call<Customer>('PUT', `${i}/customers/${name(customer)}`, { body: change }),

    message: (message: NewMessage) => postAgain<Routed>(`${i}/messages`, message),
    decisions: (filter: DecisionFilter = {}, signal?: Signal) =>
      get<Listed<Routed>>(`${i}/decisions`, filter, signal),
    decision: (seq: number, signal?: Signal) => get<Routed>(`${i}/decisions/${seq}`, { why: true }, signal),

    events: (page: Page & { wait?: number } = {}, signal?: Signal) =>
      get<Listed<InboxEvent>>(`${i}/events`, page, signal),
    eventsUrl: (after: number) => `${i}/events?after=${after}`,
    replies: (filter: Page & { state?: ReplyState } = {}, signal?: Signal) =>
      get<Listed<ReplyRow>>(`${i}/replies`, filter, signal),
    notices: (page: Page = {}, signal?: Signal) => get<Listed<Notice>>(`${i}/notices`, page, signal),

    rules: (signal?: Signal) => get<RulesStatus>(`${i}/rules`, undefined, signal),
    ruleFile: (file: string, signal?: Signal) => get<string>(`${i}/rules/files/${name(file)}`, undefined, signal),
    putRules: (edit: Edit) => call<RulesStatus>('PUT', `${i}/rules`, { body: edit }),
    acceptRules: (digest: string) => post<RulesStatus>(`${i}/rules/accept`, { digest }),
    checkRules: (edit: Edit, signal?: Signal) => postAgain<CheckReport>(`${i}/rules/check`, edit, signal),
    testRules: (edit: Edit, signal?: Signal) => postAgain<TestsReport>(`${i}/rules/test`, edit, signal),
    tryMessage: (message: NewMessage & Trial, signal?: Signal) =>
      postAgain<Decision>(`${i}/rules/try`, message, signal),
    /** As `rules diff --format json` writes it. */
    diffRules: (edit: Edit, signal?: Signal) => postAgain<unknown>(`${i}/rules/diff`, edit, signal),
    replayRules: (edit: Edit, signal?: Signal) => postAgain<ReplayReport>(`${i}/rules/replay`, edit, signal),
    flow: (edit: NumberEdit, signal?: Signal) => postAgain<Flow>(`${i}/rules/flow`, edit, signal),
    week: (edit: NumberEdit, signal?: Signal) => postAgain<Week>(`${i}/rules/week`, edit, signal),
    options: (wanted: WantedOptions, signal?: Signal) =>
      postAgain<OptionsAnswer>(`${i}/rules/options`, wanted, signal),
    words: (signal?: Signal) => get<Words>(`${i}/rules/words`, undefined, signal),
    ruleSets: (page: Page = {}, signal?: Signal) => get<Listed<RuleSetInfo>>(`${i}/rules/sets`, page, signal),
    ruleSet: (digest: string, signal?: Signal) =>
      get<StoredRuleSet>(`${i}/rules/sets/${name(digest)}`, undefined, signal),
  };
}

export type InboxApi = ReturnType<typeof inboxApi>;

/** Everything of a list that has several pages. */
export async function all<T>(page: (after: number | undefined) => Promise<Listed<T>>): Promise<T[]> {
  const items: T[] = [];
  let after: number | undefined;
  do {
    const listed = await page(after);
    items.push(...listed.items);
    after = listed.next ?? undefined;
  } while (after !== undefined);
  return items;
}
