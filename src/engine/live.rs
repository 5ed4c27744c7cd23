//! A message decided by a live roster, and the chat given to the chosen user in the same step.

use std::cell::OnceCell;

use jiff::Timestamp;
use rand::Rng;

use super::assign::{Attempt, AttemptOutcome, Attempts, last_named, named_group, try_alternatives};
use super::compiled::CompiledPolicy;
use super::context::DecisionContext;
use super::decide::{decision, find_rules, resumed, to_resume};
use super::decision::{Assignment, Decision};
use super::program::Matched;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::Assign;
use crate::roster::{Event, Roster};
use crate::situation::{Case, Customer, Incoming, Message, Owner, SituationError};

/// Decides a message by the roster and records the outcome there: the chosen user has one more open chat, or one more chat
/// is waiting in the group's queue. A message in an open chat changes nothing.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox.
pub fn decide_live(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    // The rules are found before the roster changes.
    let (rule, also) = find_rules(policy, case, roster, |matched| (matched.rule, matched.also.to_vec()));
    let language = OnceCell::new();
    let attempts = match rule.and_then(|place| policy.rules.get(place as usize)?.assign.as_ref()) {
        Some(assign) => {
            let attempts = try_alternatives(case, &language, assign, 0, roster, dice);
            record(assign, &attempts, case.at, roster);
            attempts
        }
        None => Attempts::default(),
    };
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    Ok(decision(&context, Matched { rule, also: &also }, &attempts))
}

/// Continues the assignment of an `earlier` decision by the roster, when its [`Resume`](super::Resume) is due, and moves the
/// chat there in the same step: from the user or the queue that had it to whoever has it now. `None`, and no change, if
/// there is nothing to resume, or the policy no longer has the rule or the alternative.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox. The roster is then as it was.
pub fn resume_live(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    earlier: &Decision,
    at: Timestamp,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Option<Decision>, SituationError> {
    let resume = earlier.rule.as_ref().zip(earlier.resume);
    let found = resume.and_then(|(rule, resume)| to_resume(policy, rule, resume.alternative));
    let Some((rule, assign)) = found else { return Ok(None) };
    let from = resume.map_or(0, |(_, resume)| resume.alternative);
    let message = Message { id: earlier.message.as_deref().map(str::to_owned), ..Message::default() };
    let number = earlier.number.as_deref().unwrap_or_default();
    let incoming = Incoming { number, at, message: &message, chat: None };
    let case = &validate(policy, inbox, incoming, customer, roster)?;
    let language = OnceCell::new();
    // The choice is made while the chat still counts for whoever had it, so that they are not preferred for losing it.
    let attempts = try_alternatives(case, &language, assign, from, roster, dice);
    if let Some(event) = earlier.assign.as_ref().and_then(|assign| release(assign, roster)) {
        // The host may have closed the chat meanwhile, or removed its user: then there is nothing to take away.
        let _ = roster.apply(event);
    }
    record(assign, &attempts, at, roster);
    let context = DecisionContext { policy, inbox, case, users: &*roster };
    Ok(Some(resumed(&context, rule, assign, &attempts)))
}

/// Validates the message, and finds the customer's owner in the roster: users may have come or gone since the inbox was read.
fn validate<'a>(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming<'a>,
    customer: &'a Customer,
    roster: &Roster,
) -> Result<Case<'a>, SituationError> {
    let mut case = incoming.validate(customer, inbox, &policy.timezone)?;
    case.owner = match customer.owner.as_deref().filter(|owner| !owner.is_empty()) {
        Some(owner) => roster.user(owner).map_or(Owner::Former(owner), Owner::User),
        None => Owner::None,
    };
    Ok(case)
}

/// Records in the roster who has the chat, or where it is waiting.
fn record(assign: &Assign, attempts: &Attempts, at: Timestamp, roster: &mut Roster) {
    let event = match &attempts.taken {
        Some(taken) => event(taken, at),
        None => last_named(assign).map(|target| Event::Queued { group: target.group }),
    };
    if let Some(event) = event {
        // A rule may name a user who has been removed meanwhile: the roster then has nobody to change.
        let _ = roster.apply(event);
    }
}

/// What the alternative that was taken changes.
fn event(taken: &Attempt, at: Timestamp) -> Option<Event> {
    let group = named_group(taken.alternative);
    match taken.outcome {
        AttemptOutcome::User(user, _) => {
            let turn = group.filter(|target| target.by == Algorithm::InOrder).map(|target| target.group);
            Some(Event::Assigned { user, at, turn })
        }
        AttemptOutcome::Hand => group.map(|target| Event::Queued { group: target.group }),
        AttemptOutcome::Nobody | AttemptOutcome::Empty(_) => None,
    }
}

/// What takes the chat away from whoever has it by `assignment`.
fn release(assignment: &Assignment, roster: &Roster) -> Option<Event> {
    match assignment {
        Assignment::User { user, .. } => Some(Event::Closed { user: roster.user(user)? }),
        Assignment::Queue { group, .. } => Some(Event::Dequeued { group: roster.group(group.as_deref()?)? }),
        Assignment::Nobody | Assignment::Kept { .. } => None,
    }
}
