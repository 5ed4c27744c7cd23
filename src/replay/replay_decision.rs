//! One message of a log, replayed.

use crate::engine::{Assignment, Decision};
use crate::load::RuleSet;
use crate::roster::dice;
use crate::situation::{NotInInbox, Situation, SituationError};

/// A decision that was replayed.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReplayedDecision {
    /// The decision.
    pub decision: Decision,
    /// What the situation mentions and the inbox of the rules does not have. It was left out.
    pub left_out: Vec<NotInInbox>,
}

/// Decides a message by these rules, to compare it with `before`, the decision that was made. A random choice of `before` that the
/// rules can still make is repeated, so that a decision differs only if no random choice makes it the same. The other random
/// choices are made with the seed and the message's id.
///
/// Whatever the inbox does not have, such as users who have left, is removed from the situation first: nobody can be given the chat
/// who is no longer there.
///
/// # Errors
///
/// [`SituationError`], if the situation contradicts itself, or its number has no policy.
pub fn replay_decision(
    set: &RuleSet,
    situation: &Situation,
    before: Option<&Decision>,
    seed: u64,
) -> Result<ReplayedDecision, SituationError> {
    let (situation, left_out) = situation.known_to(set.inbox());
    let drawn = match before.and_then(|before| before.assign.as_ref()) {
        Some(Assignment::User { user, .. }) => Some(&**user),
        _ => None,
    };
    let mut dice = dice(seed, situation.message.id.as_deref());
    let decision = set.decide_with_draw(&situation, drawn, &mut dice)?;
    Ok(ReplayedDecision { decision, left_out })
}
