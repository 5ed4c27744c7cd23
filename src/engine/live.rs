//! A message decided with whoever is there, and the chat given to the chosen user in the same step.

use jiff::Timestamp;
use rand::Rng;

use super::assign::{Outcome, Tried, attempt, last_named, named_group};
use super::compiled::CompiledPolicy;
use super::context::DecisionContext;
use super::decide::{decided, found, resumed, to_resume};
use super::decision::{Decision, RuleRef};
use super::program::Found;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::Assign;
use crate::roster::{Event, Roster};
use crate::situation::{Case, Customer, Incoming, Owner, SituationError, validate_incoming};

/// Decides a message by the roster, and tells the roster of it: the chosen user has a chat more, or one more waits in
/// the group's queue. A message in an open chat changes nothing.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox.
pub fn decide_live(
    ready: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    let case = &received(ready, inbox, incoming, customer, roster)?;
    // The rules are found while everybody is as before; then the roster changes.
    let (rule, also) = found(ready, case, roster, |found| (found.rule, found.also.to_vec()));
    let assign = rule.and_then(|place| ready.rules.get(place as usize)?.assign.as_ref());
    let tried = assign.map(|assign| give(case, assign, 0, roster, dice)).unwrap_or_default();
    let context = DecisionContext { policy: ready, inbox, case, users: &*roster };
    Ok(decided(&context, Found { rule, also: &also }, &tried))
}

/// Goes on by the roster with the assignment of `rule` from its alternative `from`, as [`resume`](super::resume) does by
/// a situation, and tells the roster who has the chat now or where it waits. Whoever had it before still has it there.
///
/// # Errors
///
/// As [`decide_live`].
#[expect(clippy::too_many_arguments, reason = "those of `decide_live`, and where to go on")]
pub fn resume_live(
    ready: &CompiledPolicy,
    inbox: &Inbox,
    rule: &RuleRef,
    from: usize,
    incoming: Incoming,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Option<Decision>, SituationError> {
    let Some(assign) = to_resume(ready, rule, from) else { return Ok(None) };
    let case = &received(ready, inbox, incoming, customer, roster)?;
    let tried = give(case, assign, from, roster, dice);
    let context = DecisionContext { policy: ready, inbox, case, users: &*roster };
    Ok(Some(resumed(&context, rule, assign, &tried)))
}

/// The message, and the customer's owner as the roster knows them: users come and go by events, too.
fn received<'a>(
    ready: &CompiledPolicy,
    inbox: &Inbox,
    incoming: Incoming<'a>,
    customer: &'a Customer,
    roster: &Roster,
) -> Result<Case<'a>, SituationError> {
    let mut case = validate_incoming(incoming, customer, inbox, &ready.timezone)?;
    case.owner = match customer.owner.as_deref().filter(|owner| !owner.is_empty()) {
        Some(owner) => roster.user(owner).map_or(Owner::Former(owner), Owner::User),
        None => Owner::None,
    };
    Ok(case)
}

/// Tries the alternatives from the place `from` on, and tells the roster what came of it.
fn give<'a>(
    case: &'a Case<'a>,
    assign: &'a Assign,
    from: usize,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Vec<Tried<'a>> {
    let tried = attempt(case, assign, from, roster, dice);
    if let Some(event) = tried.last().and_then(|taken| event(assign, taken, case.at)) {
        // One who was removed meanwhile is named by the rule itself: the roster knows nothing of them to change.
        let _ = roster.apply(event);
    }
    tried
}

/// What the assignment changes.
fn event(assign: &Assign, taken: &Tried, at: Timestamp) -> Option<Event> {
    let group = named_group(taken.alternative);
    match taken.outcome {
        Outcome::User(user, _) => {
            let turn = group.filter(|target| target.by == Algorithm::InOrder).map(|target| target.group);
            Some(Event::Assigned { user, at, turn })
        }
        Outcome::Nobody => None,
        Outcome::Hand => group.map(|target| Event::Queued { group: target.group }),
        Outcome::Empty(_) => last_named(assign).map(|target| Event::Queued { group: target.group }),
    }
}
