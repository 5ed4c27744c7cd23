"""The shapes of situations, decisions, findings and outcomes.

Made from docs/schema/ by bindings/json/tests/it/typings.rs. Do not edit it.
"""

from typing import Literal, NotRequired, TypeAlias, TypedDict


Algorithm: TypeAlias = Literal["random", "in_order", "most_waiting", "least_chats", "least_load", "weighted", "hand"]


class AssignmentUser(TypedDict):
    """A user."""

    #: The position of the alternative that found the user, from 0.
    alternative: int

    #: How the user was chosen from the group.
    by: Algorithm | None

    #: The group that the user was chosen from; `None` if the rule names the user or the owner.
    group: str | None

    to: Literal["user"]

    #: The id of the user.
    user: str


class AssignmentQueue(TypedDict):
    """Nobody yet: the chat waits in a queue."""

    #: The position of the last alternative that was tried, from 0.
    alternative: int

    #: The algorithm that was to choose a member of that group.
    by: Algorithm | None

    #: The group in whose queue it waits: the last group that was named.
    group: str | None

    #: Why it waits.
    reason: str

    to: Literal["queue"]

    #: Always `None`.
    user: None


class AssignmentNobody(TypedDict):
    """Nobody, and the chat does not wait."""

    to: Literal["nobody"]


class AssignmentKept(TypedDict):
    """The chat was already open, and stays where it is."""

    #: The group that it was assigned through, or in whose queue it waits.
    group: str | None

    to: Literal["kept"]

    #: The id of the user who has it; `None` if it waits.
    user: str | None


#: Who takes a chat.
Assignment: TypeAlias = AssignmentUser | AssignmentQueue | AssignmentNobody | AssignmentKept


Presence: TypeAlias = Literal["online", "away", "offline"]


class CandidateReason(TypedDict):
    """A member of the group."""

    #: The capacity: how many chats the member should have at most.
    capacity: int | None

    #: The number of open chats.
    chats: int

    #: Whether the member was chosen.
    chosen: bool

    #: The number of seconds since then.
    idle_seconds: int | None

    #: When the member had their last message; `None` if they never had one.
    last_message_at: str | None

    #: Why the member was not considered; `None` if they were.
    left_out: str | None

    #: The name of the member.
    name: str

    #: The presence of the member.
    presence: Presence

    #: The position in the turn order; 0 has the next turn.
    turn: int

    #: The id of the member.
    user: str

    #: The weight under `by weighted`.
    weight: int


class AttemptReason(TypedDict):
    """Why an alternative found somebody, or did not."""

    #: The position of the alternative, from 0.
    alternative: int

    #: How a member is chosen, if the alternative names a group.
    by: Algorithm | None

    #: Every member of the group, in the order of the group.
    candidates: list[CandidateReason]

    #: The outcome.
    outcome: str

    #: Which members it considered.
    pool: str | None

    #: Whether it was taken.
    taken: bool

    #: The alternative, as written.
    target: str

    #: What decided the choice.
    tie_break: str | None


class Changes(TypedDict):
    """Names of files, `inbox.toml` included."""

    #: Files that are new.
    added: list[str]

    #: Files with another text.
    changed: list[str]

    #: Files that are gone.
    removed: list[str]


class Position(TypedDict):
    """A position in a text, as editors show it and as a byte offset."""

    #: The byte offset, from 0.
    byte: int

    #: The column in characters, from 1.
    column: int

    #: The line, from 1.
    line: int


class Edit(TypedDict):
    """A replacement of one span of text."""

    #: The byte after the last one to replace.
    end: int

    #: The first byte to replace, from 0.
    start: int

    #: The text to write there.
    text: str


class Fix(TypedDict):
    """A change to the file that fixes a finding."""

    #: Replacements in the finding's file, which do not overlap.
    edits: list[Edit]

    #: What it does.
    title: str


#: How much a finding matters.
Level: TypeAlias = Literal["note", "warning", "error"]


class Related(TypedDict):
    """Another place that helps to explain a finding."""

    #: Where it ends.
    end: Position

    #: The path of the file.
    file: str

    #: How that place is related.
    message: str

    #: Where it begins.
    start: Position


#: A moment as in RFC 3339. A time without an offset is in the time zone of the policy.
Moment: TypeAlias = str


Priority: TypeAlias = Literal["low", "normal", "high", "urgent"]


class OpenChat(TypedDict):
    """The customer's open chat."""

    #: Whether a user has written in it since it was last given to one, or began to wait.
    answered: NotRequired[bool | None]

    #: The group that it was assigned through, or in whose queue it waits.
    group: NotRequired[str | None]

    #: When it was opened, if that is known.
    opened_at: NotRequired[Moment | None]

    #: The highest priority that decisions about it have set. No rule reads it; a roster hands it on when the chat moves.
    priority: NotRequired[Priority | None]

    #: The tags that it carries.
    tags: NotRequired[list[str] | None]

    #: The id of the user who has it. If this is missing, the chat waits.
    user: NotRequired[str | None]

    #: Since when nobody has had it, if that is known. It counts only while nobody has it.
    waiting_since: NotRequired[Moment | None]


class Customer(TypedDict):
    """The customer who wrote the message."""

    #: The attributes that `inbox.toml` defines, by name.
    attributes: NotRequired[dict[str, str | float | bool] | None]

    #: The country: two letters, as in ISO 3166-1 alpha-2.
    country: NotRequired[str | None]

    #: The id of the customer in WhatsApp.
    id: NotRequired[str | None]

    #: The language: two or three letters, a primary tag of BCP 47.
    language: NotRequired[str | None]

    #: When the customer's previous message arrived.
    last_message_at: NotRequired[Moment | None]

    #: The customer's name.
    name: NotRequired[str | None]

    #: The id of the user who owns the customer.
    owner: NotRequired[str | None]

    #: The phone number, in E.164.
    phone: NotRequired[str | None]

    #: Whether the customer has written to this inbox before.
    returning: NotRequired[bool | None]

    #: The customer's tags.
    tags: NotRequired[list[str] | None]


class Message(TypedDict):
    """The message."""

    #: The id of the ad or post that the customer tapped to write.
    ad: NotRequired[str | None]

    #: The headline and text of that ad or post.
    ad_text: NotRequired[str | None]

    #: How old the message was, in seconds, when it reached the host.
    age_seconds: NotRequired[int | None]

    #: The attributes of messages that `inbox.toml` defines under `[message]`, by name.
    attributes: NotRequired[dict[str, str | float | bool] | None]

    #: The id of the button or list row that the customer pressed.
    button: NotRequired[str | None]

    #: Whether the message was passed on from another chat.
    forwarded: NotRequired[bool | None]

    #: The message id of WhatsApp. Random choices are seeded from it.
    id: NotRequired[str | None]

    #: The kind; `text` if missing. A kind that is not in the list is `other`.
    kind: NotRequired[str | None]

    #: The text, or the caption. `""` counts as no text.
    text: NotRequired[str | None]


class RuleRef(TypedDict):
    """A rule, identified by its name, or by its place if it has none."""

    #: Its file, relative to the folder.
    file: str

    #: The line on which it starts, from 1.
    line: int

    #: Its name; `None` if it has none.
    name: str | None


class ResumeRequest(TypedDict):
    """An assignment that was not answered in time: what a decision's `rule` and `resume` said."""

    #: The position of the alternative to try next, from 0.
    alternative: int

    #: The ids of the users who are left out. One who has left the inbox is passed over.
    had: NotRequired[list[str] | None]

    #: The rule that assigned the chat.
    rule: RuleRef


class UserState(TypedDict):
    """A user at the moment of the message."""

    #: The capacity, at least 1, where the host has set another one than `inbox.toml` says.
    capacity: NotRequired[int | None]

    #: The number of open chats, over all groups and numbers.
    chats: NotRequired[int | None]

    #: When a message was last assigned to the user or exchanged with a customer. Missing if there was none.
    last_message_at: NotRequired[Moment | None]

    #: Only `online` counts as online; `offline` if missing.
    presence: NotRequired[Presence | None]

    #: The weight, at least 1, where the host has set another one than `inbox.toml` says.
    weight: NotRequired[int | None]


class Situation(TypedDict):
    """One message, and everything that its decision depends on."""

    #: When the message arrived. If this is missing, `rules route` uses the current time.
    at: NotRequired[Moment | None]

    #: The customer's open chat. If this is missing, no chat is open.
    chat: NotRequired[OpenChat | None]

    #: The customer who wrote it. If this is missing, it is a new customer about whom nothing is known.
    customer: NotRequired[Customer | None]

    #: The message. If this is missing, it is of kind `text` and has no text.
    message: NotRequired[Message | None]

    #: The WhatsApp number that the message was sent to, in E.164 (`+15550100`).
    number: NotRequired[str | None]

    #: The assignment to go on with, because nobody has answered. If this is missing, the message is decided.
    resume: NotRequired[ResumeRequest | None]

    #: The id of the user who had the last `in_order` turn of each group.
    turns: NotRequired[dict[str, str] | None]

    #: Users by id. A user who is not listed is offline and has no chats.
    users: NotRequired[dict[str, UserState] | None]

    #: The number of chats that wait in the queue of each group, without a user.
    waiting: NotRequired[dict[str, int] | None]


class Finding(TypedDict):
    """One thing that is wrong, or worth a look."""

    #: The stable kebab-case name, such as `unknown-group`; `rules explain` explains it.
    code: str

    #: Where it ends, exclusive.
    end: Position

    #: The path of the file.
    file: str

    #: The fix, where only one is possible.
    fix: Fix | None

    #: What to do.
    help: str | None

    #: How much it matters.
    level: Level

    #: What is wrong.
    message: str

    #: Other places that help to explain it.
    related: list[Related]

    #: An example situation, as `rules route` reads it.
    situation: Situation | None

    #: Where it begins.
    start: Position


class CheckReport(TypedDict):
    """The findings of a check."""

    #: How many files were read.
    files: int

    #: The findings, by file and place.
    findings: list[Finding]

    #: How many more findings there are: of a file, the first thousand are shown, and then one that says so.
    left_out: int


class SentReply(TypedDict):
    """A reply to send."""

    #: The key for that limit, made from the number and the text as written in the rule.
    once_key: str | None

    #: Do not repeat the reply to the same customer within this many seconds.
    once_per_seconds: int | None

    #: The text of the reply.
    text: str


class Later(TypedDict):
    """What to do some time after the message, if the chat is open then and no user has written in it since."""

    #: The number of seconds after the message.
    after_seconds: int

    #: The priority to raise the chat to.
    priority: Priority | None

    #: The replies to send then, in this order.
    replies: list[SentReply]

    #: The tags to add then.
    tags: list[str]


class Moved(TypedDict):
    """Where a chat was that a `move` rule has moved or closed, as the situation said."""

    #: The group that it was assigned through, or in whose queue it was waiting.
    group: str | None

    #: The id of the user who had it; `None` if it was waiting.
    user: str | None


class Resume(TypedDict):
    """When to try the next alternative of an assignment."""

    #: The number of seconds without an answer after which to try it.
    after_seconds: int

    #: The position of the alternative to try next, from 0.
    alternative: int

    #: The ids of the users who are left out then: those who had the chat by this assignment and, in a `move` rule, the one who had it before.
    had: list[str]


class RuleReason(TypedDict):
    """Why the condition of a rule held, or did not."""

    #: Whether the condition held.
    held: bool

    #: The first part that did not hold, as written; `None` if all parts held.
    part: str | None

    #: The rule.
    rule: RuleRef

    #: The values that this part, or the whole condition, was evaluated with.
    saw: str


class Reasons(TypedDict):
    """The reasons for a decision."""

    #: The `also` rules.
    also: list[RuleReason]

    #: The alternatives of the assignment that were tried, down to the one that was taken.
    assign: list[AttemptReason]

    #: Where the open chat was before the message, in words; `None` if none was open.
    chat: str | None

    #: The customer's name, or `the customer` if it is not known.
    customer: str

    #: The rules that were evaluated, down to the one that decided; in an open chat the `move` rules, down to the one that held.
    rules: list[RuleReason]

    #: The attributes that came and were not shown to the rules, because the inbox does not know them or their values, such as `customer.plan`.
    unknown: NotRequired[list[str]]


class Decision(TypedDict):
    """Who takes the chat, and what else to do."""

    #: The `also` rules that fired.
    also: list[RuleRef]

    #: Who takes the chat; `None` if no rule decided.
    assign: Assignment | None

    #: What the rules put off with `after`, by time.
    later: list[Later]

    #: The id of the message.
    message: str | None

    #: Who had the open chat that a `move` rule has moved or closed; `None` if none was moved.
    moved: Moved | None

    #: The WhatsApp number that the message was sent to.
    number: str | None

    #: The digest of the policy that decided, as `sha256:…`: of its text and the texts that it uses.
    policy: str

    #: The highest priority that a rule set.
    priority: Priority | None

    #: The replies to send to the customer after assigning, in this order.
    replies: list[SentReply]

    #: When to try the next alternative if nobody has answered; `None` if there is none to try.
    resume: Resume | None

    #: The rule that decided; `None` if none did. In an open chat only a `move` rule that moved or closed it.
    rule: RuleRef | None

    #: The tags that the rules add, in the order in which they first mention them.
    tags: list[str]

    #: The reasons, with `--explain`.
    why: NotRequired[Reasons | None]


class Outcome(TypedDict):
    """The outcome of a change of the rules."""

    #: When the change was judged, in UTC.
    at: str

    #: The files that differ from the rules that were current before.
    changes: Changes

    #: The digest of the judged files, as `sha256:…`.
    digest: str

    #: Everything that was found in the files, at any level.
    findings: list[Finding]

    #: How often the current rules have changed, the first included.
    generation: int

    #: Why they are not, in one sentence; `None` if they are.
    refusal: str | None

    #: Whether they are the current rules.
    taken: bool

    #: Whether they wait until they are accepted: so much is gone that a save may have been cut off.
    waiting: bool
