//! A decision, in the shape that `rules route` writes.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::language::vocabulary::{Algorithm, Presence, Priority};
use crate::policy::RuleRef;
use crate::roster::{Event, GroupRenamed};
use crate::situation::{OpenChat, ResumeRequest};

/// Who takes the chat, and what else to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Decision {
    /// The id of the message.
    pub message: Option<Arc<str>>,
    /// The WhatsApp number that the message was sent to.
    pub number: Option<Arc<str>>,
    /// The rule that decided; `null` if none did. In an open chat only a `move` rule that moved or closed it.
    pub rule: Option<RuleRef>,
    /// Who takes the chat; `null` if no rule decided.
    pub assign: Option<Assignment>,
    /// The replies to send to the customer after assigning, in this order.
    pub replies: Vec<SentReply>,
    /// The tags that the rules add, in the order in which they first mention them.
    pub tags: Vec<Arc<str>>,
    /// The highest priority that a rule set.
    pub priority: Option<Priority>,
    /// The `also` rules that fired.
    pub also: Vec<RuleRef>,
    /// When to try the next alternative if nobody has answered; `null` if there is none to try.
    pub resume: Option<Resume>,
    /// What the rules put off with `after`, by time.
    #[serde(default)]
    pub later: Vec<Later>,
    /// Who had the open chat that a `move` rule has moved or closed; `null` if none was moved.
    #[serde(default)]
    pub moved: Option<Moved>,
    /// The digest of the policy that decided, as `sha256:…`: of its text and the texts that it uses.
    pub policy: Arc<str>,
    /// Which step of an assignment this is, if it was made with a roster. The first step is left out, unless a chat was moved.
    #[serde(default, skip_serializing_if = "Step::is_plain")]
    #[schemars(skip)]
    pub step: Step,
    /// What the decision changed in a roster, besides giving the chat to whoever has it now; left out of a decision that was
    /// made without one. [`Decision::events`] says the same in events.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub routed: Option<Routed>,
    /// The reasons, with `--explain`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<Reasons>,
}

impl Decision {
    /// A decision by this policy that does nothing.
    pub(crate) fn empty(policy: Arc<str>) -> Self {
        Self {
            message: None,
            number: None,
            rule: None,
            assign: None,
            replies: Vec::new(),
            tags: Vec::new(),
            priority: None,
            also: Vec::new(),
            resume: None,
            later: Vec::new(),
            moved: None,
            policy,
            step: Step::default(),
            routed: None,
            why: None,
        }
    }

    /// The events that have the effect on a roster that this decision had on the one that it was made with, in order. A host
    /// that logs them can repeat what became of its roster. None, if the decision changed no roster.
    ///
    /// ```
    /// use inbox_rules::{Customer, Inbox, Incoming, Message, Roster, RuleSet, Source, dice};
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
    /// let set = RuleSet::parse("+15550100.rules", "otherwise: assign group \"Sales\" by in_order", &inbox)?;
    /// let mut roster = Roster::new(&inbox);
    /// let mut copy = roster.clone();
    ///
    /// let (message, at) = (Message::default(), "2026-11-24T18:30:00Z".parse()?);
    /// let incoming = Incoming { number: "+15550100", at, message: &message, chat: None };
    /// let decision = set.route(&incoming, &Customer::default(), &mut roster, &mut dice(0, None))?;
    /// for event in decision.events() {
    ///     copy.apply(event)?;
    /// }
    /// assert_eq!(copy.snapshot(), roster.snapshot());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn events(&self) -> Vec<Event> {
        let Some(Routed { at, released }) = &self.routed else { return Vec::new() };
        let given = match &self.assign {
            Some(Assignment::User { user, group, by, .. }) => {
                let turn = group.clone().filter(|_| *by == Some(Algorithm::InOrder));
                Some(Event::Assigned { user: Arc::clone(user), at: *at, turn })
            }
            Some(Assignment::Queue { group: Some(group), .. }) => {
                Some(Event::Queued { group: Arc::clone(group) })
            }
            _ => None,
        };
        released.as_deref().cloned().into_iter().chain(given).collect()
    }

    /// The timer that goes on with the assignment, if the decision was made with a roster and there is an alternative to try. A
    /// host sets it when it makes the decision the last one about the chat, and ends it when a user answers in the chat, for
    /// example by removing `resume`.
    pub fn timer(&self) -> Option<Timer> {
        let (resume, routed) = self.resume.as_ref().zip(self.routed.as_ref())?;
        let seconds = i64::try_from(resume.after_seconds).unwrap_or(i64::MAX);
        Some(Timer {
            due: routed.at.saturating_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX),
            message: self.message.clone(),
            step: self.step.number,
        })
    }

    /// The chat as the decision leaves it: who has it or in which queue it waits, and its priority. The rest is for the host to
    /// add. `None` if no chat is open then.
    pub fn open_chat(&self) -> Option<OpenChat> {
        let (user, group) = match self.assign.as_ref()? {
            Assignment::User { user, group, .. } => (Some(user), group),
            Assignment::Queue { group, .. } => (None, group),
            Assignment::Kept { user, group } => (user.as_ref(), group),
            Assignment::Nobody => return None,
        };
        let [user, group] = [user, group.as_ref()].map(|name| name.map(ToString::to_string));
        Some(OpenChat { user, group, priority: self.step.priority, ..OpenChat::default() })
    }

    /// Writes the new names of groups into the decision, after [`Roster::rebase`](crate::Roster::rebase) has returned them: else
    /// the chat would not be found in its queue any more.
    pub fn rename_groups(&mut self, renamed: &[GroupRenamed]) {
        let (
            Some(
                Assignment::User { group, .. }
                | Assignment::Queue { group, .. }
                | Assignment::Kept { group, .. },
            ),
            [_, ..],
        ) = (&mut self.assign, renamed)
        else {
            return;
        };
        let new = renamed.iter().find(|renamed| Some(&renamed.from) == group.as_ref());
        *group = new.map(|renamed| Arc::clone(&renamed.to)).or_else(|| group.take());
    }

    /// What a situation asks for after `resume.after_seconds` without an answer, if there is an alternative to try.
    pub(crate) fn resume_request(&self) -> Option<ResumeRequest> {
        let resume = self.resume.as_ref()?;
        let had = resume.had.iter().map(ToString::to_string).collect();
        Some(ResumeRequest { rule: self.rule.clone()?, alternative: resume.alternative, had })
    }
}

/// Who takes a chat.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "to", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Assignment {
    /// A user.
    User {
        /// The id of the user.
        user: Arc<str>,
        /// The group that the user was chosen from; `null` if the rule names the user or the owner.
        group: Option<Arc<str>>,
        /// How the user was chosen from the group.
        by: Option<Algorithm>,
        /// The position of the alternative that found the user, from 0.
        alternative: usize,
    },
    /// Nobody yet: the chat waits in a queue.
    Queue {
        /// Always `null`.
        user: (),
        /// The group in whose queue it waits: the last group that was named.
        group: Option<Arc<str>>,
        /// The algorithm that was to choose a member of that group.
        by: Option<Algorithm>,
        /// The position of the last alternative that was tried, from 0.
        alternative: usize,
        /// Why it waits.
        reason: String,
    },
    /// Nobody, and the chat does not wait.
    Nobody,
    /// The chat was already open, and stays where it is.
    Kept {
        /// The id of the user who has it; `null` if it waits.
        user: Option<Arc<str>>,
        /// The group that it was assigned through, or in whose queue it waits.
        group: Option<Arc<str>>,
    },
}

/// A reply to send.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct SentReply {
    /// The text of the reply.
    pub text: String,
    /// Do not repeat the reply to the same customer within this many seconds.
    pub once_per_seconds: Option<u64>,
    /// The key for that limit, made from the number and the text as written in the rule.
    pub once_key: Option<String>,
}

impl SentReply {
    /// Whether to send the reply at the moment `at`, if the last reply with this key was sent to the customer at `last`
    /// (`None`: never). It is not repeated within the time that the rule says, and is due again when that time is over; a day
    /// has 24 hours. A `last` after `at`, from a clock that was ahead, counts as `at`.
    ///
    /// ```
    /// use inbox_rules::{Inbox, RuleSet, Situation, Source, dice};
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", ""));
    /// let rules = "otherwise: assign nobody, reply \"Hi\" once per 12h";
    /// let set = RuleSet::parse("+15550100.rules", rules, &inbox)?;
    /// let situation = Situation::from_json(r#"{"number": "+15550100", "at": "2026-11-24T08:00:00Z"}"#)?;
    /// let reply = &set.decide(&situation, &mut dice(0, None))?.replies[0];
    ///
    /// let [morning, noon, evening] = ["08:00", "12:00", "20:00"].map(|time| format!("2026-11-24T{time}:00Z"));
    /// let last = Some(morning.parse()?);
    /// assert!(reply.due(None, noon.parse()?));
    /// assert!(!reply.due(last, noon.parse()?));
    /// assert!(reply.due(last, evening.parse()?));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn due(&self, last: Option<Timestamp>, at: Timestamp) -> bool {
        let (Some(seconds), Some(last)) = (self.once_per_seconds, last) else { return true };
        u64::try_from(at.duration_since(last).as_secs()).is_ok_and(|passed| passed >= seconds)
    }
}

/// What to do some time after the message, if the chat is open then and no user has written in it since.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Later {
    /// The number of seconds after the message.
    pub after_seconds: u64,
    /// The replies to send then, in this order.
    pub replies: Vec<SentReply>,
    /// The tags to add then.
    pub tags: Vec<Arc<str>>,
    /// The priority to raise the chat to.
    pub priority: Option<Priority>,
}

/// Where a chat was that a `move` rule has moved or closed, as the situation said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Moved {
    /// The id of the user who had it; `null` if it was waiting.
    pub user: Option<Arc<str>>,
    /// The group that it was assigned through, or in whose queue it was waiting.
    pub group: Option<Arc<str>>,
}

/// When to try the next alternative of an assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Resume {
    /// The number of seconds without an answer after which to try it.
    pub after_seconds: u64,
    /// The position of the alternative to try next, from 0.
    pub alternative: usize,
    /// The ids of the users who are left out then: those who had the chat by this assignment and, in a `move` rule, the
    /// one who had it before.
    #[serde(default)]
    pub had: Vec<Arc<str>>,
}

/// When an assignment is to go on if nobody has answered, and which one that is: a timer that fires when the chat has gone on
/// already changes nothing. It is the same as another if both are of the same step of the same message.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Timer {
    /// The moment. Whether it has come is for the host to say.
    pub due: Timestamp,
    /// The id of the message that led to the assignment. Messages without an id are not told apart.
    pub message: Option<Arc<str>>,
    /// The number of the step that waits for an answer.
    pub step: u32,
}

impl PartialEq for Timer {
    fn eq(&self, other: &Self) -> bool {
        (&self.message, self.step) == (&other.message, other.step)
    }
}

impl Eq for Timer {}

/// A step of the assignment that a message has led to: the decision of the message itself, or one that went on with it,
/// because nobody answered or because the chat was waiting.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Step {
    /// 0 for the decision of the message; n for the n-th assignment after it. It stays at the largest number.
    pub number: u32,
    /// The position of the alternative that this step tried first.
    pub from_alternative: usize,
    /// The ids of the users who had the chat by this assignment before this step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub had: Vec<Arc<str>>,
    /// Whether a `move` rule began the assignment.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// The highest priority that the decisions about the chat have set, this one included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
}

impl Step {
    /// Raises the priority of the chat, unless it is as high: after a message in the open chat, or when what a rule put off with
    /// `after` is due.
    pub fn raise_priority(&mut self, priority: Option<Priority>) {
        self.priority = self.priority.max(priority);
    }

    /// The step after this one.
    pub(super) fn next(&self) -> Self {
        Self { number: self.number.saturating_add(1), priority: self.priority, ..Self::default() }
    }

    fn is_plain(&self) -> bool {
        *self == Self::default()
    }
}

/// What a decision changed in a roster, besides giving the chat to whoever has it now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Routed {
    /// The moment.
    pub at: Timestamp,
    /// How the chat left the user or the queue that had it, if it did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub released: Option<Box<Event>>,
}

/// The reasons for a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Reasons {
    /// The customer's name, or `the customer` if it is not known.
    pub customer: String,
    /// Where the open chat was before the message, in words; `null` if none was open.
    #[serde(default)]
    pub chat: Option<String>,
    /// The rules that were evaluated, down to the one that decided; in an open chat the `move` rules, down to the one that held.
    pub rules: Vec<RuleReason>,
    /// The `also` rules.
    pub also: Vec<RuleReason>,
    /// The alternatives of the assignment that were tried, down to the one that was taken.
    pub assign: Vec<AttemptReason>,
    /// The attributes that came and were not shown to the rules, because the inbox does not know them or their values, such as
    /// `customer.plan`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unknown: Vec<String>,
}

/// Why the condition of a rule held, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct RuleReason {
    /// The rule.
    pub rule: RuleRef,
    /// Whether the condition held.
    pub held: bool,
    /// The first part that did not hold, as written; `null` if all parts held.
    pub part: Option<String>,
    /// The values that this part, or the whole condition, was evaluated with.
    pub saw: String,
}

/// Why an alternative found somebody, or did not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct AttemptReason {
    /// The position of the alternative, from 0.
    pub alternative: usize,
    /// The alternative, as written.
    pub target: String,
    /// The outcome.
    pub outcome: String,
    /// Whether it was taken.
    pub taken: bool,
    /// How a member is chosen, if the alternative names a group.
    pub by: Option<Algorithm>,
    /// Which members it considered.
    pub pool: Option<String>,
    /// Every member of the group, in the order of the group.
    pub candidates: Vec<CandidateReason>,
    /// What decided the choice.
    pub tie_break: Option<String>,
}

/// A member of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct CandidateReason {
    /// The id of the member.
    pub user: String,
    /// The name of the member.
    pub name: String,
    /// The presence of the member.
    pub presence: Presence,
    /// The number of open chats.
    pub chats: u32,
    /// The capacity: how many chats the member should have at most.
    pub capacity: Option<u32>,
    /// The weight under `by weighted`.
    pub weight: u32,
    /// The position in the turn order; 0 has the next turn.
    pub turn: usize,
    /// When the member had their last message; `null` if they never had one.
    #[schemars(with = "Option<String>")]
    pub last_message_at: Option<Timestamp>,
    /// The number of seconds since then.
    pub idle_seconds: Option<u64>,
    /// Why the member was not considered; `null` if they were.
    pub left_out: Option<String>,
    /// Whether the member was chosen.
    pub chosen: bool,
}
