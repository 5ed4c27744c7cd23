//! A message decided again.

use crate::engine::{Assignment, Decision};
use crate::load::RuleSet;
use crate::roster::dice;
use crate::situation::{NotInInbox, Situation, SituationError};

/// A decision that was made again.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct DecidedAgain {
    /// The decision.
    pub decision: Decision,
    /// What the situation mentions and the inbox of the rules does not have. It was left out.
    pub left_out: Vec<NotInInbox>,
}

/// Decides a message again by these rules. `before` is the decision that was made: a user whom chance chose then is chosen again
/// if chance can fall on them, so that a decision differs only if no dice make it the same. All other choices of chance are
/// made by the seed and the message's id.
///
/// What the inbox does not have, for example users who have left, is left out of the situation: nobody can be given the chat who
/// is no longer there.
///
/// # Errors
///
/// [`SituationError`], if the situation contradicts itself, or its number has no policy.
pub fn decide_again(
    set: &RuleSet,
    situation: &Situation,
    before: Option<&Decision>,
    seed: u64,
) -> Result<DecidedAgain, SituationError> {
    let (situation, left_out) = situation.known_to(set.inbox());
    let drawn = match before.and_then(|before| before.assign.as_ref()) {
        Some(Assignment::User { user, .. }) => Some(&**user),
        _ => None,
    };
    let mut dice = dice(seed, situation.message.id.as_deref());
    let decision = set.decide_as_drawn(&situation, drawn, &mut dice)?;
    Ok(DecidedAgain { decision, left_out })
}
