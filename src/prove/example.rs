//! Examples: situations that were found, made as small as they can be, and decided by the engine.

use super::encoding::{Encoding, World};
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use crate::engine::{self, Decision};
use crate::inbox::Inbox;
use crate::policy::{Given, Policy};
use crate::roster::dice;
use crate::situation::{Situation, given};

/// A situation that shows something, and shows it when it is decided.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// As a test gives it.
    pub given: Given,
    /// In the shape that `rules route` reads.
    pub situation: Situation,
}

impl Example {
    /// `given`, if the engine's decision shows what it shall.
    pub(super) fn confirmed(
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

/// The world that meets `goals` and passes `ladder`, with as much as possible as usual. `world` is one of them.
pub(super) fn minimize(
    encoding: &Encoding,
    query: &mut Query,
    earlier: &EarlierRules,
    goals: &[Goal],
    refinement: &mut Vec<usize>,
    world: World,
) -> World {
    let mut world = world;
    let mut goals = goals.to_vec();
    let mut tried = 0;
    // More atoms may be mentioned on the way.
    while let Some((atom, _)) = query.atoms.get(tried).copied() {
        tried += 1;
        let shape = encoding.formulas.atom_at(atom);
        let Some(formula) = encoding.formulas.find(shape) else { continue };
        let usual = encoding.default_value(atom);
        goals.push((formula, usual));
        if world.holds(encoding, shape) == usual {
            continue;
        }
        match earlier.find_reaching(query, &goals, refinement) {
            Reachability::Reachable(smaller) => world = *smaller,
            Reachability::Unreachable(_) | Reachability::Unknown => _ = goals.pop(),
        }
    }
    world
}
