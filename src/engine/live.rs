//! A message decided by a live roster, and the chat given to the chosen user in the same step.

use std::sync::Arc;

use jiff::Timestamp;
use rand::Rng;

use super::assign::{AssignRequest, AttemptOutcome, Attempts};
use super::compiled::CompiledPolicy;
use super::context::DecisionContext;
use super::decide::{acts, decision, find_rules};
use super::decision::{Assignment, Decision};
use super::resume::Resumption;
use super::route_error::RouteError;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::Assign;
use crate::roster::{Event, Roster};
use crate::situation::{Case, Chat, Customer, Incoming, Message, OpenChat, Owner};

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
    // The rules are found before the roster changes.
    let (rule, also) = find_rules(policy, case, roster, |matched| (matched.rule, matched.also.to_vec()));
    let rule = rule.and_then(|place| policy.rules.get(place as usize));
    let request = rule.and_then(|rule| AssignRequest::of(inbox, case, rule));
    // The choice is made while the chat still counts for whoever has it, so that they are not preferred for losing it.
    let attempts = request.as_ref().map(|request| request.attempt(roster, dice)).unwrap_or_default();
    let request = request.filter(|request| acts(request, &attempts));
    if let Some(request) = &request {
        if let Some(chat) = case.chat {
            release(chat, roster);
        }
        record(request.assign, &attempts, case.at, roster);
    }
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    Ok(decision(&context, request.and(rule), &also, &attempts))
}

/// Continues the assignment of an `earlier` decision by the roster, when its [`Resume`](super::Resume) is due, and moves the
/// chat there in the same step: from the user or the queue that had it to whoever has it now. `None`, and no change, if
/// there is nothing to resume, or the policy no longer has the rule or the alternative.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox, or the roster is of another inbox. The roster is then as it was.
pub fn resume_live(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    earlier: &Decision,
    at: Timestamp,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Option<Decision>, RouteError> {
    let Some((rule, resume)) = earlier.rule.as_ref().zip(earlier.resume.as_ref()) else { return Ok(None) };
    let resumption =
        rule.find(policy).and_then(|rule| Resumption::new(rule, resume.alternative, resume.had.clone()));
    let Some(resumption) = resumption else { return Ok(None) };
    let message = Message { id: earlier.message.as_deref().map(str::to_owned), ..Message::default() };
    let number = earlier.number.as_deref().unwrap_or_default();
    let chat = earlier.assign.as_ref().and_then(open_chat);
    let incoming = Incoming { number, at, message: &message, chat: chat.as_ref() };
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    let request = resumption.request(inbox, case, |id| roster.user(id));
    // The choice is made while the chat still counts for whoever had it, so that they are not preferred for losing it.
    let attempts = request.map(|request| request.attempt(roster, dice)).unwrap_or_default();
    if let Some(chat) = case.chat {
        release(chat, roster);
    }
    record(resumption.assign, &attempts, at, roster);
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    let step = resumption.step(earlier.step.number);
    Ok(Some(Decision { step, ..resumption.decision(&context, &attempts) }))
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

/// Checks that the roster is of this inbox, validates the message, and finds the customer's owner and the user of the chat in the roster: users may have come or
/// gone since the inbox was read.
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

/// Records in the roster who has the chat, or where it is waiting.
pub(super) fn record(assign: &Assign, attempts: &Attempts, at: Timestamp, roster: &mut Roster) {
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

/// Takes the chat away from the user or the queue that has it, or from what is kept of them if the inbox no longer has them.
/// If the host has closed the chat meanwhile, there is nothing to take away.
pub(super) fn release(chat: Chat, roster: &mut Roster) {
    let absent = match (chat.user, chat.user_name, chat.group, chat.group_name) {
        (Some(user), ..) => return roster.close(user),
        (None, Some(user), ..) => Event::Closed { user: user.into() },
        (None, None, Some(group), _) => {
            roster.dequeue(group);
            return;
        }
        (None, None, None, Some(group)) => Event::Dequeued { group: group.into() },
        (None, None, None, None) => return,
    };
    let _ = roster.apply(absent);
}
