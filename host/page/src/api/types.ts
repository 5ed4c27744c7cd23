/** The shapes that the API answers with. */

export type Right = 'read' | 'messages' | 'users' | 'chats' | 'customers' | 'rules';

export interface Session {
  name: string;
  inboxes: string[];
  can: Right[];
  expires: string | null;
  /** The proxy that has logged the user in; only there can they log out. */
  proxy?: { log_out: string | null };
}

/** A list; `next` is what `after` must be to get more. */
export interface Listed<T> {
  items: T[];
  next: number | null;
}

export interface Inbox {
  id: string;
  numbers: string[];
  /** The number of its last event. */
  seq?: number;
}

export type Presence = 'online' | 'away' | 'offline';

export interface User {
  id: string;
  name: string;
  presence: Presence;
  until: string | null;
  chats: number;
  capacity: number | null;
  last_message_at: string | null;
  groups: string[];
}

export interface Group {
  name: string;
  members: string[];
  next: string | null;
  waiting: number;
}

export type Priority = 'low' | 'normal' | 'high' | 'urgent' | (string & {});

export interface Chat {
  id: number;
  number: string;
  customer: string;
  customer_name?: string | null;
  customer_names?: string[];
  user: string | null;
  group: string | null;
  state: 'open' | 'waiting' | 'closed';
  priority: Priority | null;
  tags: string[];
  opened_at: string;
  last_at: string;
  answered_at: string | null;
  waiting_since: string | null;
  resume_at: string | null;
}

/** A line of a conversation. */
export interface ChatText {
  at: string;
  seq: number | null;
  from: 'customer' | 'rules' | 'user';
  kind: string | null;
  text: string | null;
  state: ReplyState | null;
}

export interface Customer {
  id: string;
  names: string[];
  name: string | null;
  language: string | null;
  country: string | null;
  tags: string[];
  attributes: Record<string, string | number | boolean>;
  owner: string | null;
  returning: boolean;
  first_at: string | null;
  last_at: string | null;
}

export interface RuleRef {
  name: string | null;
  file: string;
  line: number;
}

export interface ToUser {
  to: 'user';
  user: string;
  group: string | null;
  by: Algorithm | null;
  alternative: number;
}
export interface ToQueue {
  to: 'queue';
  user: null;
  group: string | null;
  by: Algorithm | null;
  alternative: number;
  reason: string;
}
export interface ToNobody {
  to: 'nobody';
}
export interface Kept {
  to: 'kept';
  user: string | null;
  group: string | null;
}
export type Assign = ToUser | ToQueue | ToNobody | Kept;

export type Algorithm =
  | 'random'
  | 'in_order'
  | 'most_waiting'
  | 'least_chats'
  | 'least_load'
  | 'weighted'
  | 'hand'
  | (string & {});

export interface SentReply {
  text: string;
  once_per_seconds: number | null;
  once_key: string | null;
}

export interface Decision {
  message: string;
  number: string;
  rule: RuleRef | null;
  assign: Assign | null;
  replies: SentReply[];
  tags: string[];
  priority: Priority | null;
  also: RuleRef[];
  resume: { after_seconds: number; alternative: number; had: string[] } | null;
  later: { after_seconds: number; replies: SentReply[]; tags: string[]; priority: Priority | null }[];
  moved: { user: string | null; group: string | null } | null;
  policy: string;
  why?: Why | null;
}

export interface Why {
  customer: string;
  chat: string | null;
  rules: RuleReason[];
  also: RuleReason[];
  assign: AttemptReason[];
  unknown?: string[];
}

export interface RuleReason {
  rule: RuleRef;
  held: boolean;
  part: string | null;
  saw: string;
}

export interface AttemptReason {
  alternative: number;
  target: string;
  outcome: string;
  taken: boolean;
  by: Algorithm | null;
  pool: string | null;
  candidates: CandidateReason[];
  tie_break: string | null;
}

export interface CandidateReason {
  user: string;
  name: string;
  presence: Presence;
  chats: number;
  capacity: number | null;
  weight: number;
  turn: number;
  last_message_at: string | null;
  idle_seconds: number | null;
  left_out: string | null;
  chosen: boolean;
}

export type ReplyState =
  | 'waiting'
  | 'sending'
  | 'sent'
  | 'delivered'
  | 'read'
  | 'failed'
  | 'unknown'
  | 'suppressed'
  | 'too_late'
  | 'returned';

export interface RoutedReply {
  id: string;
  text: string;
  state: ReplyState;
  code?: number | null;
}

export interface Routed {
  seq: number;
  at: string;
  message: string;
  repeated: boolean;
  customer: string;
  customer_name?: string | null;
  customer_names?: string[];
  kind?: string | null;
  text?: string | null;
  chat: number | null;
  decision: Decision;
  replies: RoutedReply[];
}

export interface ReplyRow {
  id: string;
  caller_id: string | null;
  number: string;
  customer: string;
  chat: number | null;
  seq: number | null;
  text: string;
  state: ReplyState;
  code: number | null;
  tries: number;
  wamid: string | null;
  at: string;
  due: string | null;
  expires: string | null;
  /** The proxy that has logged the user in; only there can they log out. */
  proxy?: { log_out: string | null };
}

export interface Notice {
  seq: number;
  at: string;
  kind: string;
  number: string | null;
  customer: string | null;
  body: unknown;
}

export type EventKind =
  | 'message'
  | 'assigned'
  | 'waiting'
  | 'answered'
  | 'closed'
  | 'presence'
  | 'capacity'
  | 'customer'
  | 'renamed'
  | 'rules';

/** What has happened. Each kind has the fields that apply. */
export interface InboxEvent {
  seq: number;
  at: string;
  kind: EventKind;
  message?: string;
  customer?: string;
  number?: string;
  chat?: number | null;
  user?: string | null;
  group?: string | null;
  by?: Algorithm | null;
  cause?: string;
  rule?: RuleRef | null;
  presence?: Presence;
  until?: string | null;
  capacity?: number | null;
  names?: string[];
  digest?: string;
}

export interface NewMessage {
  number: string;
  message: {
    id?: string;
    kind?: string;
    text?: string | null;
    sent_at?: string;
    ad?: string;
    ad_text?: string;
    button?: string;
    forwarded?: boolean;
    attributes?: Record<string, string | number | boolean>;
  };
  customer: {
    phone?: string | null;
    user_id?: string | null;
    name?: string | null;
    language?: string | null;
    tags?: string[];
    attributes?: Record<string, string | number | boolean>;
  };
  send?: boolean;
}

/** A WhatsApp number of the inbox. */
export interface InboxNumber {
  number: string;
  name: string | null;
  phone_number_id: string | null;
  file: string | null;
  state: 'live' | 'paused' | 'findings' | 'no_rules';
  findings: number;
  /** The code for which WhatsApp refuses to send. */
  paused: number | null;
  today: number;
  users: { user: string; chats: number }[];
}
