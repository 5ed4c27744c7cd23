//! Policies of one inbox as formulas.

use std::cell::Cell;

use super::atom::{Atom, UserStatus};
use super::condition::EncodedCondition;
use super::effect::{AssignmentEffect, EmptyWhen};
use super::formula::{AtomId, Formula, Formulas};
use super::index_vec::IndexVec;
use super::timeline::Timeline;
use super::users::UserSets;
use super::world::World;
use crate::inbox::Inbox;
use crate::policy::{Policy, Rule};
use crate::text::Span;

/// The formulas of some policies of an inbox, and what their atoms mean.
pub(in crate::prove) struct Encoding<'a> {
    pub(in crate::prove) inbox: &'a Inbox,
    pub(in crate::prove) formulas: Formulas,
    pub(in crate::prove) user_sets: UserSets,
    pub(in crate::prove) timeline: Timeline,
    /// The value of each atom in [`World::default`].
    default_values: IndexVec<AtomId, bool>,
    /// Steps that may still be taken. When there are none left, the answer to each query is *unknown*. Unlike a time
    /// limit, this gives the same answers on each machine.
    fuel: Cell<u64>,
}

/// Steps for an encoding and for each of its rules. A second has millions of them.
const FUEL: u64 = 20_000_000;
const FUEL_PER_RULE: u64 = 100_000;

/// A policy as formulas.
pub(in crate::prove) struct EncodedPolicy<'a> {
    pub(in crate::prove) policy: &'a Policy,
    pub(in crate::prove) definitions: Vec<EncodedCondition>,
    pub(in crate::prove) rules: Vec<EncodedRule<'a>>,
}

/// A rule as formulas.
pub(in crate::prove) struct EncodedRule<'a> {
    pub(in crate::prove) rule: &'a Rule,
    /// The index of the rule in its policy.
    pub(in crate::prove) index: usize,
    /// `None`: `otherwise`
    pub(in crate::prove) when: Option<EncodedCondition>,
    /// The condition; true for `otherwise`.
    pub(in crate::prove) holds: Formula,
    pub(in crate::prove) effect: AssignmentEffect,
    /// The placeholders of its replies that may be empty, and when they are.
    pub(in crate::prove) placeholders: Vec<(Span, EmptyWhen)>,
}

impl<'a> EncodedPolicy<'a> {
    /// The rules that decide, or the `also` rules.
    pub(in crate::prove) fn rules_of_kind(&self, also: bool) -> impl Iterator<Item = &EncodedRule<'a>> {
        self.rules.iter().filter(move |rule| rule.rule.also == also)
    }
}

impl<'a> Encoding<'a> {
    /// The encoding of `policies`, all of `inbox`.
    pub(in crate::prove) fn of<const N: usize>(
        inbox: &'a Inbox,
        policies: [&'a Policy; N],
    ) -> (Self, [EncodedPolicy<'a>; N]) {
        let mut encoding = Self {
            inbox,
            formulas: Formulas::new(),
            user_sets: UserSets::new(inbox),
            timeline: Timeline::new(),
            default_values: IndexVec::default(),
            fuel: Cell::new(FUEL),
        };
        let policies = policies.map(|policy| encoding.encode(policy));
        // The lemmas about owners and returning customers mention these.
        let mentioned = [Atom::Returning, Atom::HasOwner, Atom::OwnerOnline, Atom::Silent { at_least: 0 }];
        for atom in mentioned {
            encoding.formulas.atom(atom);
        }
        let everybody = UserSets::EVERYBODY;
        encoding.user_count(UserStatus::Online, everybody, 1);
        encoding.user_count(UserStatus::Online, everybody, encoding.user_sets.size(everybody));
        encoding.timeline.enumerate();
        encoding.finish();
        (encoding, policies)
    }

    /// Uses up steps; whether there were enough of them.
    pub(in crate::prove) fn consume(&self, steps: u64) -> bool {
        let left = self.fuel.get().checked_sub(steps);
        self.fuel.set(left.unwrap_or(0));
        left.is_some()
    }

    /// To be called after formulas were added and before the next query.
    pub(in crate::prove) fn finish(&mut self) {
        self.user_sets.partition(self.inbox);
        let default = World::default();
        self.default_values = self.formulas.atoms().values().map(|atom| default.holds(self, atom)).collect();
    }

    /// Whether the atom holds in the default situation.
    pub(in crate::prove) fn default_value(&self, atom: AtomId) -> bool {
        self.default_values[atom]
    }

    /// That some user of the inbox is online; `None` for an inbox without users.
    pub(in crate::prove) fn somebody_online(&self) -> Option<Formula> {
        let (status, set) = (UserStatus::Online, UserSets::EVERYBODY);
        self.formulas.find(&Atom::UserCount { status, set, at_least: 1 })
    }

    fn encode(&mut self, policy: &'a Policy) -> EncodedPolicy<'a> {
        self.timeline.set_zone(&policy.timezone);
        let rules = u64::try_from(policy.rules.len()).unwrap_or(0);
        self.fuel.set(self.fuel.get().saturating_add(rules.saturating_mul(FUEL_PER_RULE)));
        let mut definitions = Vec::with_capacity(policy.definitions.len());
        for definition in policy.definitions.iter() {
            let condition = self.condition(&definition.condition, &definitions);
            definitions.push(condition);
        }
        let rules = policy.rules.iter().enumerate().map(|(index, rule)| {
            let when = rule.when.as_ref().map(|condition| self.condition(condition, &definitions));
            let holds = when.as_ref().map_or(Formulas::TRUE, |condition| condition.formula);
            let effect = self.effect(rule.assign.as_ref());
            let placeholders = rule.replies.iter().flat_map(|reply| self.placeholders(&reply.template));
            let placeholders = placeholders.collect();
            EncodedRule { rule, index, when, holds, effect, placeholders }
        });
        let rules = rules.collect();
        EncodedPolicy { policy, definitions, rules }
    }
}
