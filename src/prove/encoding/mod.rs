//! All situations that a policy can tell apart: its conditions and assignments as formulas over atoms, and what the
//! inbox and the calendar say about these.

mod bits;
mod atom;
mod formula;
mod users;
mod timeline;
mod text;
mod pattern;
mod world;
mod over_time;
mod condition;
mod effect;
mod differs;

use std::cell::Cell;

pub(super) use atom::{
    Atom, Bound, CalendarId, TextPredicate, TextSubject, TextValue, UserSetId, UserStatus,
};
pub(super) use bits::Bits;
pub(super) use condition::{ConditionShape, EncodedCondition};
pub(super) use effect::AssignmentEffect;
pub(super) use formula::{AtomId, Formula, FormulaKind, Formulas, VariableGroup};
pub(super) use over_time::EvaluatorOverTime;
pub(super) use text::{compose, implied};
pub(super) use timeline::{OpenMatrix, Timeline};
pub(super) use users::UserSets;
pub(super) use world::{Evaluator, World};

use crate::inbox::Inbox;
use crate::policy::Policy;

/// The situations of one inbox, as far as some policies can tell them apart.
pub(super) struct Encoding<'a> {
    pub(super) inbox: &'a Inbox,
    pub(super) formulas: Formulas,
    pub(super) user_sets: UserSets,
    pub(super) timeline: Timeline,
    /// In the order in which the policies were added.
    pub(super) policies: Vec<EncodedPolicy<'a>>,
    /// Whether each atom holds in [`World::default`].
    usual: Vec<bool>,
    /// Steps that may still be taken: beyond them all is unsettled.
    effort: Cell<u64>,
}

/// Steps that may be taken for a space and for each of its rules. A step is so small that a second has millions.
const EFFORT: u64 = 20_000_000;
const FUEL_PER_RULE: u64 = 100_000;

/// A policy in formulas.
pub(super) struct EncodedPolicy<'a> {
    pub(super) policy: &'a Policy,
    pub(super) definitions: Vec<EncodedCondition>,
    pub(super) rules: Vec<EncodedRule>,
}

/// A rule in formulas.
pub(super) struct EncodedRule {
    /// `None`: `otherwise`
    pub(super) when: Option<EncodedCondition>,
    pub(super) holds: Formula,
    /// What its assignment does.
    pub(super) effect: AssignmentEffect,
    /// For each reply the places that may stay empty, and when they do.
    pub(super) may_be_empty: Vec<Vec<(crate::text::Span, EmptyWhen)>>,
}

/// When a placeholder writes nothing.
#[derive(Debug, Clone, Copy)]
pub(super) enum EmptyWhen {
    /// When this holds.
    When(Formula),
    /// When no user takes the chat.
    NoUser,
    /// When no group is named.
    NoGroup,
}

impl<'a> Encoding<'a> {
    /// The situations that `policies` of `inbox` can tell apart.
    pub(super) fn of(inbox: &'a Inbox, policies: &[&'a Policy]) -> Self {
        let mut encoding = Self {
            inbox,
            formulas: Formulas::new(),
            user_sets: UserSets::new(inbox),
            timeline: Timeline::new(),
            policies: Vec::new(),
            usual: Vec::new(),
            effort: Cell::new(EFFORT),
        };
        for policy in policies {
            encoding.timeline.set_zone(&policy.timezone);
            let encoded = encoding.encode(policy);
            let rules = u64::try_from(encoded.rules.len()).unwrap_or(0);
            encoding.effort.set(encoding.effort.get().saturating_add(rules.saturating_mul(FUEL_PER_RULE)));
            encoding.policies.push(encoded);
        }
        // The laws speak of these.
        let bound = [Atom::Returning, Atom::HasOwner, Atom::OwnerOnline, Atom::Silent { at_least: 0 }];
        for atom in bound {
            encoding.formulas.atom(atom);
        }
        encoding.heads(UserStatus::Online, UserSets::EVERYBODY, 1);
        encoding.heads(UserStatus::Online, UserSets::EVERYBODY, encoding.user_sets.size(UserSets::EVERYBODY));
        encoding.timeline.enumerate();
        encoding.finish();
        encoding
    }

    /// Takes so many steps; whether there were as many left.
    pub(super) fn consume(&self, steps: u64) -> bool {
        let left = self.effort.get().checked_sub(steps);
        self.effort.set(left.unwrap_or(0));
        left.is_some()
    }

    /// To be called when there are new formulas, before anything is asked about them.
    pub(super) fn finish(&mut self) {
        self.user_sets.partition(self.inbox);
        let usual = World::default();
        self.usual = self.formulas.atoms().map(|atom| usual.holds(self, atom)).collect();
    }

    /// Whether `atom` holds where nothing is said.
    pub(super) fn default_value(&self, atom: AtomId) -> bool {
        self.usual.get(atom.place()).copied().unwrap_or_default()
    }

    /// Somebody of the inbox is online; `None`: there is nobody.
    pub(super) fn somebody_online(&self) -> Option<Formula> {
        self.formulas.find(&Atom::UserCount {
            of: UserStatus::Online,
            among: UserSets::EVERYBODY,
            at_least: 1,
        })
    }

    fn encode(&mut self, policy: &'a Policy) -> EncodedPolicy<'a> {
        let mut definitions = Vec::with_capacity(policy.definitions.len());
        for definition in policy.definitions.iter() {
            let term = self.term(&definition.condition, &definitions);
            definitions.push(term);
        }
        let rules = policy.rules.iter().map(|rule| {
            let when = rule.when.as_ref().map(|condition| self.term(condition, &definitions));
            let holds = when.as_ref().map_or(Formulas::TRUE, |term| term.formula);
            let effect = self.effect(rule.assign.as_ref());
            let may_be_empty = rule.replies.iter().map(|reply| self.may_be_empty(&reply.template)).collect();
            EncodedRule { when, holds, effect, may_be_empty }
        });
        let rules = rules.collect();
        EncodedPolicy { policy, definitions, rules }
    }
}
