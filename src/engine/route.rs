//! A message decided with whoever is there, and the chat given to the chosen user in the same step.

use rand::Rng;

use super::assign::{Outcome, Tried, attempt, last_named, named_group};
use super::decide::{decided, found};
use super::decision::Decision;
use super::program::Found;
use super::ready::Ready;
use super::scene::Scene;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::Assign;
use crate::roster::{Event, Roster};
use crate::situation::{Customer, Incoming, Owner, SituationError, receive};

/// Decides a message by the roster, and tells the roster of it: the chosen user has a chat more, or one more waits in
/// the group's queue. A message in an open chat changes nothing.
///
/// # Errors
///
/// When the customer contradicts itself or the inbox.
pub fn route(
    ready: &Ready,
    inbox: &Inbox,
    incoming: Incoming,
    customer: &Customer,
    roster: &mut Roster,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    let mut case = receive(incoming, customer, inbox, &ready.timezone)?;
    // Users come and go by events, too.
    case.owner = match customer.owner.as_deref().filter(|owner| !owner.is_empty()) {
        Some(owner) => roster.user(owner).map_or(Owner::Gone(owner), Owner::User),
        None => Owner::None,
    };
    let case = &case;
    // The rules are found while everybody is as before; then the roster changes.
    let (rule, also) = found(ready, case, roster, |found| (found.rule, found.also.to_vec()));
    let assign = rule.and_then(|place| ready.rules.get(place as usize)?.assign.as_ref());
    let tried = assign.map(|assign| attempt(case, assign, 0, roster, dice)).unwrap_or_default();
    if let Some(event) = assign.zip(tried.last()).and_then(|(assign, taken)| event(assign, taken, incoming)) {
        // One who was removed meanwhile is named by the rule itself: the roster knows nothing of them to change.
        let _ = roster.apply(event);
    }
    let scene = Scene { policy: ready, inbox, case, users: &*roster };
    Ok(decided(&scene, Found { rule, also: &also }, &tried))
}

/// What the assignment changes.
fn event(assign: &Assign, taken: &Tried, incoming: Incoming) -> Option<Event> {
    let group = named_group(taken.alternative);
    match taken.outcome {
        Outcome::User(user, _) => {
            let turn = group.filter(|target| target.by == Algorithm::InOrder).map(|target| target.group);
            Some(Event::Assigned { user, at: incoming.at, turn })
        }
        Outcome::Nobody => None,
        Outcome::Hand => group.map(|target| Event::Queued { group: target.group }),
        Outcome::Empty(_) => last_named(assign).map(|target| Event::Queued { group: target.group }),
    }
}
