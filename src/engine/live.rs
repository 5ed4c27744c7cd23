//! A message decided by a live roster, and the chat given to the chosen user in the same step.

use jiff::Timestamp;
use rand::Rng;

use super::assign::{AssignRequest, AttemptOutcome, Attempts};
use super::compiled::CompiledPolicy;
use super::context::DecisionContext;
use super::decide::{acts, decision, find_rules};
use super::decision::{Decision, Routed, Step};
use super::route_error::RouteError;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::Algorithm;
use crate::policy::{Assign, GroupTarget};
use crate::roster::{Event, EventError, Roster, dice_of_step};
use crate::situation::{Case, Customer, Incoming, OpenChat, Owner};

/// Decides a message by the roster and records the outcome there: the chosen user has one more open chat, or
/// one more chat is waiting in the group's queue. A message in an open chat changes nothing, unless a `move`
/// rule moves the chat.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox, the roster is of another inbox, or it cannot count one
/// more chat. It is then as it was.
pub fn decide_live(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Decision, RouteError> {
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    let priority = incoming.chat.and_then(|chat| chat.priority);
    let decision = decide_case(policy, inbox, case, None, roster, dice)?;
    Ok(with_step(decision, Step { priority, ..Step::default() }))
}

/// Decides a message once more whose chat is open: because its policy has changed, the assignment that began
/// with it cannot go on. It is decided as if no chat were open, and the chat leaves the user or the queue
/// that has it now; if a `move` rule began the assignment, as in the open chat. It draws with the dice of the
/// step after `last`.
///
/// # Errors
///
/// As [`decide_live`], and when the roster does not count the chat where `incoming` says that it is.
pub fn decide_afresh(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    last: &Step,
    roster: &mut Roster,
    seed: u64,
) -> Result<Decision, RouteError> {
    let chat = incoming.chat;
    let open = chat.filter(|_| !last.moved);
    let incoming = Incoming { chat: chat.filter(|_| last.moved), ..incoming };
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    if let Some(chat) = chat {
        roster.check_holder(named(chat.user.as_ref()), named(chat.group.as_ref()))?;
    }
    let mut step = Step { moved: last.moved, ..last.next() };
    step.raise_priority(chat.and_then(|chat| chat.priority));
    let mut dice = dice_of_step(seed, case.message_id, step.number);
    let decision = decide_case(policy, inbox, case, open, roster, &mut dice)?;
    Ok(with_step(decision, step))
}

/// The decision as this step of an assignment. The chat keeps the highest priority of all its decisions.
fn with_step(decision: Decision, mut step: Step) -> Decision {
    step.moved |= decision.moved.is_some();
    step.raise_priority(decision.priority);
    Decision { step, ..decision }
}

/// Decides a case, and records the outcome in the roster. An `open` chat is not looked at, but leaves whoever
/// has it.
fn decide_case(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    case: &Case,
    open: Option<&OpenChat>,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Decision, RouteError> {
    // The rules are found before the roster changes.
    let (rule, also) = find_rules(policy, case, roster, |matched| (matched.rule, matched.also.to_vec()));
    let rule = rule.and_then(|place| policy.rules.get(place as usize));
    let request = rule.and_then(|rule| AssignRequest::of(inbox, case, rule));
    // The choice is made while the chat still counts for whoever has it, so that they are not preferred for
    // losing it.
    let attempts = request.as_ref().map(|request| request.attempt(roster, dice)).unwrap_or_default();
    let request = request.filter(|request| acts(request, &attempts));
    let recipient = request.as_ref().map(|request| Recipient::of(request.assign, &attempts));
    recipient.map(|recipient| recipient.check(roster)).transpose()?;
    let mut released =
        open.and_then(|chat| release(named(chat.user.as_ref()), named(chat.group.as_ref()), roster));
    if let Some(recipient) = recipient {
        released = released.or_else(|| release_case(case, roster));
        recipient.record(case.at, roster)?;
    }
    let routed = (recipient.is_some() || released.is_some())
        .then(|| Routed { at: case.at, released: released.map(Box::new) });
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    let decision = decision(&context, request.and(rule), &also, &attempts);
    Ok(Decision { routed, ..decision })
}

/// A name that a situation gives; an empty one is none.
fn named(name: Option<&String>) -> Option<&str> {
    name.map(String::as_str).filter(|name| !name.is_empty())
}

/// Checks that the roster is of this inbox, validates the message, and finds the customer's owner and the
/// user of the chat in the roster: users may have come or gone since the inbox was read.
#[inline]
pub(super) fn validate<'a>(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming<'a>,
    customer: &'a Customer,
    roster: &Roster,
) -> Result<Case<'a>, RouteError> {
    if !roster.is_of(inbox) {
        return Err(RouteError::OtherInbox);
    }
    let mut case = incoming.validate(customer, inbox, &policy.timezone)?;
    case.owner = match customer.owner.as_deref().filter(|owner| !owner.is_empty()) {
        Some(owner) => roster.user(owner).map_or(Owner::Former(owner), Owner::User),
        None => Owner::None,
    };
    if let Some(chat) = &mut case.chat {
        chat.user = chat.user_name.and_then(|user| roster.user(user));
        chat.group = chat.group_name.and_then(|group| roster.group(group));
    }
    Ok(case)
}

/// Takes the chat away from whoever has it, and records in the roster who has it now, or where it is waiting.
///
/// # Errors
///
/// When the roster cannot count one more chat there. Then nothing changes.
pub(super) fn hand_over(
    assign: &Assign,
    attempts: &Attempts,
    case: &Case,
    roster: &mut Roster,
) -> Result<Routed, EventError> {
    let recipient = Recipient::of(assign, attempts);
    recipient.check(roster)?;
    let released = release_case(case, roster).map(Box::new);
    recipient.record(case.at, roster)?;
    Ok(Routed { at: case.at, released })
}

/// Where a chat goes, as far as a roster counts it.
#[derive(Clone, Copy)]
enum Recipient {
    /// To the user; the turn of the group moves on if they were chosen in order.
    User(UserId, Option<GroupId>),
    Queue(GroupId),
    /// To nobody, or to a queue without a group.
    Nobody,
}

impl Recipient {
    fn of(assign: &Assign, attempts: &Attempts) -> Self {
        let queue =
            |target: Option<&GroupTarget>| target.map_or(Self::Nobody, |target| Self::Queue(target.group));
        let Some(taken) = &attempts.taken else { return queue(assign.last_group()) };
        let group = taken.alternative.group();
        match taken.outcome {
            AttemptOutcome::User(user, _) => {
                let turn = group.filter(|target| target.by == Algorithm::InOrder);
                Self::User(user, turn.map(|target| target.group))
            }
            AttemptOutcome::Hand => queue(group),
            AttemptOutcome::Nobody | AttemptOutcome::Empty(_) => Self::Nobody,
        }
    }

    /// Whether one more chat can be counted there.
    fn check(self, roster: &Roster) -> Result<(), EventError> {
        match self {
            Self::User(user, _) => roster.one_more_chat(user).map(drop),
            Self::Queue(group) => roster.one_more_waiting(group).map(drop),
            Self::Nobody => Ok(()),
        }
    }

    fn record(self, at: Timestamp, roster: &mut Roster) -> Result<(), EventError> {
        match self {
            Self::User(user, turn) => roster.assign(user, at, turn),
            Self::Queue(group) => roster.enqueue(group),
            Self::Nobody => Ok(()),
        }
    }
}

fn release_case(case: &Case, roster: &mut Roster) -> Option<Event> {
    release(case.chat?.user_name, case.chat?.group_name, roster)
}

/// Takes a chat away from the user or the queue that has it, or from what is kept of them if the inbox no
/// longer has them. `None` if there is nothing to take away, because the host has closed the chat meanwhile.
pub(super) fn release(user: Option<&str>, group: Option<&str>, roster: &mut Roster) -> Option<Event> {
    let event = match (user, group) {
        (Some(user), _) => Event::Closed { user: user.into() },
        (None, Some(group)) => Event::Dequeued { group: group.into() },
        (None, None) => return None,
    };
    roster.apply(event.clone()).is_ok().then_some(event)
}
