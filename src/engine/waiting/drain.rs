//! Chats that wait are given to those who can take them now.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use jiff::Timestamp;

use super::chat::{ChatId, WaitingChat};
use super::chats::WaitingChats;
use crate::engine::compiled::CompiledPolicy;
use crate::engine::decision::Decision;
use crate::engine::live::validate;
use crate::engine::pending_assignment::{ContinueContext, IfNobody, PendingAssignment};
use crate::engine::resume::ResumePoint;
use crate::engine::route_error::RouteError;
use crate::inbox::Inbox;
use crate::policy::Rule;
use crate::roster::Roster;
use crate::situation::{Incoming, SituationError};

/// The rules by which chats wait.
#[derive(Clone, Copy)]
pub struct DrainContext<'a> {
    /// The inbox that the rules are for.
    pub inbox: &'a Arc<Inbox>,
    /// The policy of a number.
    pub policies: &'a dyn Fn(&str) -> Result<&'a CompiledPolicy, SituationError>,
    /// The same for as long as the inbox and all policies are the same.
    pub identity: &'a Arc<()>,
}

/// Gives chats that wait to users who can take them now, in the order of the chats, each with dice of its own, and removes
/// them from `waiting`. A chat to which nobody can be given stays as it is, and so does one that waits to be taken by hand.
///
/// A chat that nobody could take cannot be taken after another one was given away: users only get fuller. So it is enough to
/// give, again and again, the first of the chats that somebody can take.
///
/// # Errors
///
/// When the roster is of another inbox. Then nothing changes.
pub fn drain(
    cx: &DrainContext,
    waiting: &mut WaitingChats,
    roster: &mut Roster,
    at: Timestamp,
    seed: u64,
) -> Result<Vec<(ChatId, Decision)>, RouteError> {
    update(cx, waiting, roster)?;
    let takers = waiting.index.takers(roster);
    let first = |(place, taker)| Some(Reverse((waiting.index.first(taker, None)?.0, place)));
    let mut queue: BinaryHeap<_> = takers.iter().enumerate().filter_map(first).collect();
    // Each with the last of its chats that could not be given.
    let mut takers: Vec<_> = takers.into_iter().map(|taker| (taker, None)).collect();
    let mut given = Vec::new();
    while let Some(Reverse((rank, place))) = queue.pop() {
        let Some((taker, after)) = takers.get_mut(place) else { continue };
        let first = waiting.index.first(taker, *after);
        // The chat may have gone to another taker.
        if let Some(first) = first.filter(|first| first.0 == rank) {
            if !taker.is_able(roster) {
                continue;
            }
            match waiting.chats.get(&rank).and_then(|chat| give(cx, chat, roster, at, seed)) {
                Some(decision) => {
                    waiting.remove(rank.id());
                    given.push((rank.id(), decision));
                }
                None => *after = Some(first),
            }
        }
        queue.extend(waiting.index.first(taker, *after).map(|first| Reverse((first.0, place))));
    }
    Ok(given)
}

/// The chats that cannot go on, because their policy has changed or their customer does not fit the inbox: [`drain`] passes
/// them over. With each comes the reason.
///
/// # Errors
///
/// As [`drain`].
pub fn outdated(
    cx: &DrainContext,
    waiting: &mut WaitingChats,
    roster: &Roster,
) -> Result<Vec<(ChatId, RouteError)>, RouteError> {
    update(cx, waiting, roster)?;
    let chats = waiting.index.outdated().filter_map(|rank| waiting.chats.get(&rank));
    Ok(chats.map(|chat| (chat.id, why_outdated(cx, chat, roster))).collect())
}

/// Why the chat cannot go on. Where it cannot be decided afresh either, because of its customer or its number, that comes first.
fn why_outdated(cx: &DrainContext, chat: &WaitingChat, roster: &Roster) -> RouteError {
    let (message, open) = (chat.message(), chat.open_chat());
    let incoming = Incoming { number: &chat.number, at: chat.since, message: &message, chat: Some(&open) };
    let fits = (cx.policies)(&chat.number)
        .map_err(RouteError::from)
        .and_then(|policy| validate(policy, cx.inbox, incoming, &chat.customer, roster).map(drop));
    fits.err().unwrap_or_else(|| RouteError::PolicyChanged { number: Arc::clone(&chat.number) })
}

/// Makes the index fit the rules, the roster and the chats.
fn update(cx: &DrainContext, waiting: &mut WaitingChats, roster: &Roster) -> Result<(), RouteError> {
    if !roster.is_of(cx.inbox) {
        return Err(RouteError::OtherInbox);
    }
    waiting.index.update(cx, &waiting.chats, roster);
    Ok(())
}

/// Gives one chat to a user: not to those who had it, unless nobody else can take it. `None`, and no change, if nobody can.
fn give(
    cx: &DrainContext,
    chat: &WaitingChat,
    roster: &mut Roster,
    at: Timestamp,
    seed: u64,
) -> Option<Decision> {
    let (policy, rule) = cx.rule_of(chat)?;
    let pending = PendingAssignment {
        number: &chat.number,
        message: chat.message.as_ref(),
        customer: &chat.customer,
        chat: chat.open_chat(),
        resume_point: ResumePoint::new(rule, chat.step.from_alternative, chat.step.had.clone())?,
        last: &chat.step,
    };
    let cx = ContinueContext { policy, inbox: cx.inbox, at, seed };
    pending.run(&cx, IfNobody::AskAgain, roster).ok()?
}

impl<'a> DrainContext<'a> {
    /// The policy by which the chat waits, if it has not changed.
    pub(super) fn policy_of(&self, chat: &WaitingChat) -> Option<&'a CompiledPolicy> {
        (self.policies)(&chat.number).ok().filter(|policy| policy.digest == chat.policy)
    }

    /// The rule by which the chat waits, with its policy, if that has not changed.
    pub(super) fn rule_of(&self, chat: &WaitingChat) -> Option<(&'a CompiledPolicy, &'a Rule)> {
        let policy = self.policy_of(chat)?;
        Some((policy, chat.rule.find_in_same_text(policy)?))
    }
}
