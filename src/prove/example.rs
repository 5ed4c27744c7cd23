//! Examples: situations that were found, made as small as they can be, and decided by the engine.

use super::question::{Goal, Question};
use super::reach::{Ladder, Reach};
use super::space::{Space, World};
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
    pub(super) fn replayed(
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
pub(super) fn smallest(
    space: &Space,
    question: &mut Question,
    ladder: &Ladder,
    goals: &[Goal],
    heeded: &mut Vec<usize>,
    world: World,
) -> World {
    let mut world = world;
    let mut goals = goals.to_vec();
    let mut tried = 0;
    // More atoms may be mentioned on the way.
    while let Some((atom, _)) = question.atoms.get(tried).copied() {
        tried += 1;
        let shape = space.formulas.atom_at(atom);
        let Some(formula) = space.formulas.find(shape) else { continue };
        let usual = space.is_usual(atom);
        goals.push((formula, usual));
        if world.holds(space, shape) == usual {
            continue;
        }
        match ladder.pass(question, &goals, heeded) {
            Reach::World(smaller) => world = *smaller,
            Reach::Never(_) | Reach::Unsettled => _ = goals.pop(),
        }
    }
    world
}
