//! A message decided by a live roster, and the chat given to the chosen user in the same step.

use std::sync::Arc;

use jiff::Timestamp;
use rand::Rng;

use super::assign::{AssignRequest, AttemptOutcome, Attempts};
use super::compiled::CompiledPolicy;
use super::context::DecisionContext;
use super::decide::{acts, decision, find_rules};
use super::decision::{Assignment, Decision, Routed, Step};
use super::resume::Resumption;
use super::route_error::RouteError;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::Assign;
use crate::roster::{Event, Roster, dice_of_step};
use crate::situation::{Case, Customer, Incoming, Message, OpenChat, Owner};

/// Decides a message by the roster and records the outcome there: the chosen user has one more open chat, or one more chat
/// is waiting in the group's queue. A message in an open chat changes nothing, unless a `move` rule moves the chat.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox, or the roster is of another inbox. The roster is then as it was.
pub fn decide_live(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Decision, RouteError> {
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    Ok(decide_case(policy, inbox, case, None, roster, dice))
}

/// Decides a message once more whose chat is open: because its policy has changed, the assignment that began with it cannot go
/// on. It is decided as if no chat were open, and the chat leaves the user or the queue that has it now; if a `move` rule began
/// the assignment, as in the open chat. It draws with the dice of the step after `last`.
///
/// # Errors
///
/// As [`decide_live`].
pub fn decide_afresh(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    last: &Step,
    roster: &mut Roster,
    seed: u64,
) -> Result<Decision, RouteError> {
    let number = last.number.saturating_add(1);
    let open = incoming.chat.filter(|_| !last.moved);
    let incoming = Incoming { chat: incoming.chat.filter(|_| last.moved), ..incoming };
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    let mut dice = dice_of_step(seed, case.message_id, number);
    let decision = decide_case(policy, inbox, case, open, roster, &mut dice);
    Ok(Decision { step: Step { number, moved: last.moved, ..Step::default() }, ..decision })
}

/// Decides a case, and records the outcome in the roster. An `open` chat is not looked at, but leaves whoever has it.
fn decide_case(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    case: &Case,
    open: Option<&OpenChat>,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Decision {
    // The rules are found before the roster changes.
    let (rule, also) = find_rules(policy, case, roster, |matched| (matched.rule, matched.also.to_vec()));
    let rule = rule.and_then(|place| policy.rules.get(place as usize));
    let request = rule.and_then(|rule| AssignRequest::of(inbox, case, rule));
    // The choice is made while the chat still counts for whoever has it, so that they are not preferred for losing it.
    let attempts = request.as_ref().map(|request| request.attempt(roster, dice)).unwrap_or_default();
    let request = request.filter(|request| acts(request, &attempts));
    let named = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
    let mut left =
        open.and_then(|chat| release(named(&chat.user).as_deref(), named(&chat.group).as_deref(), roster));
    if let Some(request) = &request {
        left = left.or_else(|| release_case(case, roster));
        record(request.assign, &attempts, case.at, roster);
    }
    let routed =
        (request.is_some() || left.is_some()).then(|| Routed { at: case.at, left: left.map(Box::new) });
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    let decision = decision(&context, request.and(rule), &also, &attempts);
    let step = Step { moved: decision.moved.is_some(), ..Step::default() };
    Decision { step, routed, ..decision }
}

/// Continues the assignment of an `earlier` decision by the roster, when its [`Resume`](super::Resume) is due, and moves the
/// chat there in the same step: from the user or the queue that had it to whoever has it now. It draws afresh, with the dice of
/// its step. `None`, and no change, if there is nothing to resume.
///
/// # Errors
///
/// When the policy has changed, the customer contradicts itself or the inbox, or the roster is of another inbox. The roster is
/// then as it was.
pub fn resume_live(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    earlier: &Decision,
    at: Timestamp,
    customer: &Customer,
    roster: &mut Roster,
    seed: u64,
) -> Result<Option<Decision>, RouteError> {
    let Some((rule, resume)) = earlier.rule.as_ref().zip(earlier.resume.as_ref()) else { return Ok(None) };
    if earlier.policy != policy.digest {
        return Err(RouteError::PolicyChanged { number: earlier.number.clone().unwrap_or_default() });
    }
    let resumption = rule
        .find_in_same_text(policy)
        .and_then(|rule| Resumption::new(rule, resume.alternative, resume.had.clone()));
    let Some(resumption) = resumption else { return Ok(None) };
    let message = Message { id: earlier.message.as_deref().map(str::to_owned), ..Message::default() };
    let number = earlier.number.as_deref().unwrap_or_default();
    let chat = earlier.assign.as_ref().and_then(open_chat);
    let incoming = Incoming { number, at, message: &message, chat: chat.as_ref() };
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    let step = resumption.step(earlier.step.number);
    let mut dice = dice_of_step(seed, case.message_id, step.number);
    let request = resumption.request(inbox, case, |id| roster.user(id));
    // The choice is made while the chat still counts for whoever had it, so that they are not preferred for losing it.
    let attempts = request.map(|request| request.attempt(roster, &mut dice)).unwrap_or_default();
    let routed = Some(hand_over(resumption.assign, &attempts, case, roster));
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    Ok(Some(Decision { step, routed, ..resumption.decision(&context, &attempts) }))
}

/// The chat that a decision has assigned.
fn open_chat(assignment: &Assignment) -> Option<OpenChat> {
    let text = |name: &Arc<str>| name.to_string();
    match assignment {
        Assignment::User { user, group, .. } => Some(OpenChat {
            user: Some(user.to_string()),
            group: group.as_ref().map(text),
            ..OpenChat::default()
        }),
        Assignment::Queue { group, .. } => {
            Some(OpenChat { group: group.as_ref().map(text), ..OpenChat::default() })
        }
        Assignment::Nobody | Assignment::Kept { .. } => None,
    }
}

/// Checks that the roster is of this inbox, validates the message, and finds the customer's owner and the user of the chat in
/// the roster: users may have come or gone since the inbox was read.
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
pub(super) fn hand_over(assign: &Assign, attempts: &Attempts, case: &Case, roster: &mut Roster) -> Routed {
    let left = release_case(case, roster).map(Box::new);
    record(assign, attempts, case.at, roster);
    Routed { at: case.at, left }
}

fn record(assign: &Assign, attempts: &Attempts, at: Timestamp, roster: &mut Roster) {
    let Some(taken) = &attempts.taken else {
        return assign.last_group().into_iter().for_each(|target| roster.enqueue(target.group));
    };
    let group = taken.alternative.group();
    match taken.outcome {
        AttemptOutcome::User(user, _) => {
            let turn = group.filter(|target| target.by == Algorithm::InOrder).map(|target| target.group);
            roster.assign(user, at, turn);
        }
        AttemptOutcome::Hand => group.into_iter().for_each(|target| roster.enqueue(target.group)),
        AttemptOutcome::Nobody | AttemptOutcome::Empty(_) => {}
    }
}

fn release_case(case: &Case, roster: &mut Roster) -> Option<Event> {
    release(case.chat?.user_name, case.chat?.group_name, roster)
}

/// Takes a chat away from the user or the queue that has it, or from what is kept of them if the inbox no longer has them.
/// `None` if there is nothing to take away, because the host has closed the chat meanwhile.
fn release(user: Option<&str>, group: Option<&str>, roster: &mut Roster) -> Option<Event> {
    let event = match (user, group) {
        (Some(user), _) => Event::Closed { user: user.into() },
        (None, Some(group)) => Event::Dequeued { group: group.into() },
        (None, None) => return None,
    };
    roster.apply(event.clone()).is_ok().then_some(event)
}
