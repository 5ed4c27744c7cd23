//! Examples: situations with as few deviations from the default as possible, decided by the engine.

use super::encoding::World;
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use crate::engine::{self, Decision};
use crate::inbox::Inbox;
use crate::policy::{Given, Policy};
use crate::roster::dice;
use crate::situation::{Situation, given};

/// A situation that shows something when the engine decides it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// The situation as the `given` lines of a test.
    pub given: Given,
    /// The situation as `rules route` reads it.
    pub situation: Situation,
}

impl Example {
    /// The example `given`, if the decision of the engine is as `shows` says.
    pub(super) fn confirm(
        policy: &Policy,
        inbox: &Inbox,
        given: Given,
        seed: u64,
        shows: &dyn Fn(&Decision, &Given) -> bool,
    ) -> Option<Self> {
        let situation = given::situation(&given, policy, inbox);
        let decision = engine::decide(policy, inbox, &situation, &mut dice(seed, None)).ok()?;
        shows(&decision, &given).then_some(Self { given, situation })
    }
}

/// A situation that meets `goals`, gets past the earlier rules and deviates from the default one as little as possible.
/// `world` is some situation that meets the goals.
///
/// This is a linear search for a minimal model: each step assumes the default value of one more atom, and keeps it if
/// there still is a model.
pub(super) fn minimize(
    query: &mut Query,
    earlier: &EarlierRules,
    goals: &[Goal],
    refinement: &mut Vec<usize>,
    world: World,
) -> World {
    let encoding = query.encoding;
    let mut world = world;
    let mut goals = goals.to_vec();
    let mut tried = 0;
    // Earlier rules may add atoms on the way.
    while let Some(id) = query.atom(tried) {
        tried += 1;
        let atom = encoding.formulas.atom_at(id);
        let Some(formula) = encoding.formulas.find(atom) else { continue };
        let default = encoding.default_value(id);
        goals.push((formula, default));
        if world.holds(encoding, atom) == default {
            continue;
        }
        match earlier.find_reaching(query, &goals, refinement) {
            Reachability::Reachable(smaller) => world = *smaller,
            Reachability::Unreachable(_) | Reachability::Unknown => _ = goals.pop(),
        }
    }
    world
}
