//! All situations that a policy can tell apart: its conditions and assignments as formulas over atoms, and what the
//! inbox and the calendar say about these.

mod bits;
mod atom;
mod formula;
mod people;
mod times;
mod texts;
mod pattern;
mod world;
mod through;
mod term;
mod duty;
mod unlike;

use std::cell::Cell;

pub(super) use atom::{Among, Asked, Atom, CalendarId, Cut, Heads, Subject, Text};
pub(super) use bits::Bits;
pub(super) use duty::Duty;
pub(super) use formula::{AtomId, Formula, Formulas, Matter, Shape};
pub(super) use people::People;
pub(super) use term::{Term, TermKind};
pub(super) use texts::{compose, implied};
pub(super) use through::Through;
pub use times::Stretch;
pub(super) use times::{Openings, Times};
pub(super) use world::{Held, Seen, World};

use crate::inbox::Inbox;
use crate::policy::Policy;

/// The situations of one inbox, as far as some policies can tell them apart.
pub(super) struct Space<'a> {
    pub(super) inbox: &'a Inbox,
    pub(super) formulas: Formulas,
    pub(super) people: People,
    pub(super) times: Times,
    /// In the order in which the policies were added.
    pub(super) policies: Vec<Charted<'a>>,
    /// Whether each atom holds in [`World::default`].
    usual: Vec<bool>,
    /// Steps that may still be taken: beyond them all is unsettled.
    effort: Cell<u64>,
}

/// Steps that may be taken for a space and for each of its rules. A step is so small that a second has millions.
const EFFORT: u64 = 20_000_000;
const EFFORT_PER_RULE: u64 = 100_000;

/// A policy in formulas.
pub(super) struct Charted<'a> {
    pub(super) policy: &'a Policy,
    pub(super) definitions: Vec<Term>,
    pub(super) rules: Vec<ChartedRule>,
}

/// A rule in formulas.
pub(super) struct ChartedRule {
    /// `None`: `otherwise`
    pub(super) when: Option<Term>,
    pub(super) holds: Formula,
    /// What its assignment does.
    pub(super) duty: Duty,
    /// For each reply the places that may stay empty, and when they do.
    pub(super) gaps: Vec<Vec<(crate::text::Span, Gap)>>,
}

/// When a placeholder writes nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum Gap {
    /// When this holds.
    When(Formula),
    /// When no user takes the chat.
    NoUser,
    /// When no group is named.
    NoGroup,
}

impl<'a> Space<'a> {
    /// The situations that `policies` of `inbox` can tell apart.
    pub(super) fn of(inbox: &'a Inbox, policies: &[&'a Policy]) -> Self {
        let mut space = Self {
            inbox,
            formulas: Formulas::new(),
            people: People::new(inbox),
            times: Times::new(),
            policies: Vec::new(),
            usual: Vec::new(),
            effort: Cell::new(EFFORT),
        };
        for policy in policies {
            space.times.read_in(&policy.timezone);
            let charted = space.chart(policy);
            let rules = u64::try_from(charted.rules.len()).unwrap_or(0);
            space.effort.set(space.effort.get().saturating_add(rules.saturating_mul(EFFORT_PER_RULE)));
            space.policies.push(charted);
        }
        // The laws speak of these.
        let bound = [Atom::Returning, Atom::HasOwner, Atom::OwnerOnline, Atom::Silent { at_least: 0 }];
        for atom in bound {
            space.formulas.atom(atom);
        }
        space.heads(Heads::Online, People::EVERYBODY, 1);
        space.heads(Heads::Online, People::EVERYBODY, space.people.size(People::EVERYBODY));
        space.times.sweep();
        space.settle();
        space
    }

    /// Takes so many steps; whether there were as many left.
    pub(super) fn spend(&self, steps: u64) -> bool {
        let left = self.effort.get().checked_sub(steps);
        self.effort.set(left.unwrap_or(0));
        left.is_some()
    }

    /// To be called when there are new formulas, before anything is asked about them.
    pub(super) fn settle(&mut self) {
        self.people.divide(self.inbox);
        let usual = World::default();
        self.usual = self.formulas.atoms().map(|atom| usual.holds(self, atom)).collect();
    }

    /// Whether `atom` holds where nothing is said.
    pub(super) fn is_usual(&self, atom: AtomId) -> bool {
        self.usual.get(atom.place()).copied().unwrap_or_default()
    }

    /// Somebody of the inbox is online; `None`: there is nobody.
    pub(super) fn somebody_online(&self) -> Option<Formula> {
        self.formulas.find(&Atom::Heads { of: Heads::Online, among: People::EVERYBODY, at_least: 1 })
    }

    fn chart(&mut self, policy: &'a Policy) -> Charted<'a> {
        let mut definitions = Vec::with_capacity(policy.definitions.len());
        for definition in policy.definitions.iter() {
            let term = self.term(&definition.condition, &definitions);
            definitions.push(term);
        }
        let rules = policy.rules.iter().map(|rule| {
            let when = rule.when.as_ref().map(|condition| self.term(condition, &definitions));
            let holds = when.as_ref().map_or(Formulas::TRUE, |term| term.formula);
            let duty = self.duty(rule.assign.as_ref());
            let gaps = rule.replies.iter().map(|reply| self.gaps(&reply.template)).collect();
            ChartedRule { when, holds, duty, gaps }
        });
        let rules = rules.collect();
        Charted { policy, definitions, rules }
    }
}
