/** The shapes of situations, decisions, findings and outcomes. Made from docs/schema/ by bindings/json/tests/it/typings.rs. Do not edit it. */

export type Algorithm = "random" | "in_order" | "most_waiting" | "least_chats" | "least_load" | "weighted" | "hand";

/** A user. */
export interface AssignmentUser {
  /** The position of the alternative that found the user, from 0. */
  alternative: number;
  /** How the user was chosen from the group. */
  by: Algorithm | null;
  /** The group that the user was chosen from; `null` if the rule names the user or the owner. */
  group: string | null;
  to: "user";
  /** The id of the user. */
  user: string;
}

/** Nobody yet: the chat waits in a queue. */
export interface AssignmentQueue {
  /** The position of the last alternative that was tried, from 0. */
  alternative: number;
  /** The algorithm that was to choose a member of that group. */
  by: Algorithm | null;
  /** The group in whose queue it waits: the last group that was named. */
  group: string | null;
  /** Why it waits. */
  reason: string;
  to: "queue";
  /** Always `null`. */
  user: null;
}

/** Nobody, and the chat does not wait. */
export interface AssignmentNobody {
  to: "nobody";
}

/** The chat was already open, and stays where it is. */
export interface AssignmentKept {
  /** The group that it was assigned through, or in whose queue it waits. */
  group: string | null;
  to: "kept";
  /** The id of the user who has it; `null` if it waits. */
  user: string | null;
}

/** Who takes a chat. */
export type Assignment = AssignmentUser | AssignmentQueue | AssignmentNobody | AssignmentKept;

export type Presence = "online" | "away" | "offline";

/** A member of the group. */
export interface CandidateReason {
  /** The capacity: how many chats the member should have at most. */
  capacity: number | null;
  /** The number of open chats. */
  chats: number;
  /** Whether the member was chosen. */
  chosen: boolean;
  /** The number of seconds since then. */
  idle_seconds: number | null;
  /** When the member had their last message; `null` if they never had one. */
  last_message_at: string | null;
  /** Why the member was not considered; `null` if they were. */
  left_out: string | null;
  /** The name of the member. */
  name: string;
  /** The presence of the member. */
  presence: Presence;
  /** The position in the turn order; 0 has the next turn. */
  turn: number;
  /** The id of the member. */
  user: string;
  /** The weight under `by weighted`. */
  weight: number;
}

/** Why an alternative found somebody, or did not. */
export interface AttemptReason {
  /** The position of the alternative, from 0. */
  alternative: number;
  /** How a member is chosen, if the alternative names a group. */
  by: Algorithm | null;
  /** Every member of the group, in the order of the group. */
  candidates: Array<CandidateReason>;
  /** The outcome. */
  outcome: string;
  /** Which members it considered. */
  pool: string | null;
  /** Whether it was taken. */
  taken: boolean;
  /** The alternative, as written. */
  target: string;
  /** What decided the choice. */
  tie_break: string | null;
}

/** Names of files, `inbox.toml` included. */
export interface Changes {
  /** Files that are new. */
  added: Array<string>;
  /** Files with another text. */
  changed: Array<string>;
  /** Files that are gone. */
  removed: Array<string>;
}

/** A position in a text, as editors show it and as a byte offset. */
export interface Position {
  /** The byte offset, from 0. */
  byte: number;
  /** The column in characters, from 1. */
  column: number;
  /** The line, from 1. */
  line: number;
}

/** A replacement of one span of text. */
export interface Edit {
  /** The byte after the last one to replace. */
  end: number;
  /** The first byte to replace, from 0. */
  start: number;
  /** The text to write there. */
  text: string;
}

/** A change to the file that fixes a finding. */
export interface Fix {
  /** Replacements in the finding's file, which do not overlap. */
  edits: Array<Edit>;
  /** What it does. */
  title: string;
}

/** How much a finding matters. */
export type Level = "note" | "warning" | "error";

/** Another place that helps to explain a finding. */
export interface Related {
  /** Where it ends. */
  end: Position;
  /** The path of the file. */
  file: string;
  /** How that place is related. */
  message: string;
  /** Where it begins. */
  start: Position;
}

/** A moment as in RFC 3339. A time without an offset is in the time zone of the policy. */
export type Moment = string;

export type Priority = "low" | "normal" | "high" | "urgent";

/** The customer's open chat. */
export interface OpenChat {
  /** Whether a user has written in it since it was last given to one, or began to wait. */
  answered?: boolean | null;
  /** The group that it was assigned through, or in whose queue it waits. */
  group?: string | null;
  /** When it was opened, if that is known. */
  opened_at?: Moment | null;
  /** The highest priority that decisions about it have set. No rule reads it; a roster hands it on when the chat moves. */
  priority?: Priority | null;
  /** The tags that it carries. */
  tags?: Array<string> | null;
  /** The id of the user who has it. If this is missing, the chat waits. */
  user?: string | null;
  /** Since when nobody has had it, if that is known. It counts only while nobody has it. */
  waiting_since?: Moment | null;
}

/** The customer who wrote the message. */
export interface Customer {
  /** The attributes that `inbox.toml` defines, by name. */
  attributes?: Record<string, string | number | boolean> | null;
  /** The country: two letters, as in ISO 3166-1 alpha-2. */
  country?: string | null;
  /** The id of the customer in WhatsApp. */
  id?: string | null;
  /** The language: two or three letters, a primary tag of BCP 47. */
  language?: string | null;
  /** When the customer's previous message arrived. */
  last_message_at?: Moment | null;
  /** The customer's name. */
  name?: string | null;
  /** The id of the user who owns the customer. */
  owner?: string | null;
  /** The phone number, in E.164. */
  phone?: string | null;
  /** Whether the customer has written to this inbox before. */
  returning?: boolean | null;
  /** The customer's tags. */
  tags?: Array<string> | null;
}

/** The message. */
export interface Message {
  /** The id of the ad or post that the customer tapped to write. */
  ad?: string | null;
  /** The headline and text of that ad or post. */
  ad_text?: string | null;
  /** How old the message was, in seconds, when it reached the host. */
  age_seconds?: number | null;
  /** The attributes of messages that `inbox.toml` defines under `[message]`, by name. */
  attributes?: Record<string, string | number | boolean> | null;
  /** The id of the button or list row that the customer pressed. */
  button?: string | null;
  /** Whether the message was passed on from another chat. */
  forwarded?: boolean | null;
  /** The message id of WhatsApp. Random choices are seeded from it. */
  id?: string | null;
  /** The kind; `text` if missing. A kind that is not in the list is `other`. */
  kind?: string | null;
  /** The text, or the caption. `""` counts as no text. */
  text?: string | null;
}

/** A rule, identified by its name, or by its place if it has none. */
export interface RuleRef {
  /** Its file, relative to the folder. */
  file: string;
  /** The line on which it starts, from 1. */
  line: number;
  /** Its name; `null` if it has none. */
  name: string | null;
}

/** An assignment that was not answered in time: what a decision's `rule` and `resume` said. */
export interface ResumeRequest {
  /** The position of the alternative to try next, from 0. */
  alternative: number;
  /** The ids of the users who are left out. One who has left the inbox is passed over. */
  had?: Array<string> | null;
  /** The rule that assigned the chat. */
  rule: RuleRef;
}

/** A user at the moment of the message. */
export interface UserState {
  /** The capacity, at least 1, where the host has set another one than `inbox.toml` says. */
  capacity?: number | null;
  /** The number of open chats, over all groups and numbers. */
  chats?: number | null;
  /** When a message was last assigned to the user or exchanged with a customer. Missing if there was none. */
  last_message_at?: Moment | null;
  /** Only `online` counts as online; `offline` if missing. */
  presence?: Presence | null;
  /** The weight, at least 1, where the host has set another one than `inbox.toml` says. */
  weight?: number | null;
}

/** One message, and everything that its decision depends on. */
export interface Situation {
  /** When the message arrived. If this is missing, `rules route` uses the current time. */
  at?: Moment | null;
  /** The customer's open chat. If this is missing, no chat is open. */
  chat?: OpenChat | null;
  /** The customer who wrote it. If this is missing, it is a new customer about whom nothing is known. */
  customer?: Customer | null;
  /** The message. If this is missing, it is of kind `text` and has no text. */
  message?: Message | null;
  /** The WhatsApp number that the message was sent to, in E.164 (`+15550100`). */
  number?: string | null;
  /** The assignment to go on with, because nobody has answered. If this is missing, the message is decided. */
  resume?: ResumeRequest | null;
  /** The id of the user who had the last `in_order` turn of each group. */
  turns?: Record<string, string> | null;
  /** Users by id. A user who is not listed is offline and has no chats. */
  users?: Record<string, UserState> | null;
  /** The number of chats that wait in the queue of each group, without a user. */
  waiting?: Record<string, number> | null;
}

/** One thing that is wrong, or worth a look. */
export interface Finding {
  /** The stable kebab-case name, such as `unknown-group`; `rules explain` explains it. */
  code: string;
  /** Where it ends, exclusive. */
  end: Position;
  /** The path of the file. */
  file: string;
  /** The fix, where only one is possible. */
  fix: Fix | null;
  /** What to do. */
  help: string | null;
  /** How much it matters. */
  level: Level;
  /** What is wrong. */
  message: string;
  /** Other places that help to explain it. */
  related: Array<Related>;
  /** An example situation, as `rules route` reads it. */
  situation: Situation | null;
  /** Where it begins. */
  start: Position;
}

/** The findings of a check. */
export interface CheckReport {
  /** How many files were read. */
  files: number;
  /** The findings, by file and place. */
  findings: Array<Finding>;
  /** How many more findings there are: of a file, the first thousand are shown, and then one that says so. */
  left_out: number;
}

/** A reply to send. */
export interface SentReply {
  /** The key for that limit, made from the number and the text as written in the rule. */
  once_key: string | null;
  /** Do not repeat the reply to the same customer within this many seconds. */
  once_per_seconds: number | null;
  /** The text of the reply. */
  text: string;
}

/** What to do some time after the message, if the chat is open then and no user has written in it since. */
export interface Later {
  /** The number of seconds after the message. */
  after_seconds: number;
  /** The priority to raise the chat to. */
  priority: Priority | null;
  /** The replies to send then, in this order. */
  replies: Array<SentReply>;
  /** The tags to add then. */
  tags: Array<string>;
}

/** Where a chat was that a `move` rule has moved or closed, as the situation said. */
export interface Moved {
  /** The group that it was assigned through, or in whose queue it was waiting. */
  group: string | null;
  /** The id of the user who had it; `null` if it was waiting. */
  user: string | null;
}

/** When to try the next alternative of an assignment. */
export interface Resume {
  /** The number of seconds without an answer after which to try it. */
  after_seconds: number;
  /** The position of the alternative to try next, from 0. */
  alternative: number;
  /** The ids of the users who are left out then: those who had the chat by this assignment and, in a `move` rule, the one who had it before. */
  had: Array<string>;
}

/** Why the condition of a rule held, or did not. */
export interface RuleReason {
  /** Whether the condition held. */
  held: boolean;
  /** The first part that did not hold, as written; `null` if all parts held. */
  part: string | null;
  /** The rule. */
  rule: RuleRef;
  /** The values that this part, or the whole condition, was evaluated with. */
  saw: string;
}

/** The reasons for a decision. */
export interface Reasons {
  /** The `also` rules. */
  also: Array<RuleReason>;
  /** The alternatives of the assignment that were tried, down to the one that was taken. */
  assign: Array<AttemptReason>;
  /** Where the open chat was before the message, in words; `null` if none was open. */
  chat: string | null;
  /** The customer's name, or `the customer` if it is not known. */
  customer: string;
  /** The rules that were evaluated, down to the one that decided; in an open chat the `move` rules, down to the one that held. */
  rules: Array<RuleReason>;
  /** The attributes that came and were not shown to the rules, because the inbox does not know them or their values, such as `customer.plan`. */
  unknown?: Array<string>;
}

/** Who takes the chat, and what else to do. */
export interface Decision {
  /** The `also` rules that fired. */
  also: Array<RuleRef>;
  /** Who takes the chat; `null` if no rule decided. */
  assign: Assignment | null;
  /** What the rules put off with `after`, by time. */
  later: Array<Later>;
  /** The id of the message. */
  message: string | null;
  /** Who had the open chat that a `move` rule has moved or closed; `null` if none was moved. */
  moved: Moved | null;
  /** The WhatsApp number that the message was sent to. */
  number: string | null;
  /** The digest of the policy that decided, as `sha256:…`: of its text and the texts that it uses. */
  policy: string;
  /** The highest priority that a rule set. */
  priority: Priority | null;
  /** The replies to send to the customer after assigning, in this order. */
  replies: Array<SentReply>;
  /** When to try the next alternative if nobody has answered; `null` if there is none to try. */
  resume: Resume | null;
  /** The rule that decided; `null` if none did. In an open chat only a `move` rule that moved or closed it. */
  rule: RuleRef | null;
  /** The tags that the rules add, in the order in which they first mention them. */
  tags: Array<string>;
  /** The reasons, with `--explain`. */
  why?: Reasons | null;
}

/** The outcome of a change of the rules. */
export interface Outcome {
  /** When the change was judged, in UTC. */
  at: string;
  /** The files that differ from the rules that were current before. */
  changes: Changes;
  /** The digest of the judged files, as `sha256:…`. */
  digest: string;
  /** Everything that was found in the files, at any level. */
  findings: Array<Finding>;
  /** How often the current rules have changed, the first included. */
  generation: number;
  /** Why they are not, in one sentence; `null` if they are. */
  refusal: string | null;
  /** Whether they are the current rules. */
  taken: boolean;
  /** Whether they wait until they are accepted: so much is gone that a save may have been cut off. */
  waiting: boolean;
}
