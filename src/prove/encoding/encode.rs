//! Policies of one inbox as formulas.

use std::cell::Cell;
use std::collections::BTreeMap;

use super::atom::{Atom, Counted, Person, TextPredicate, UserStatus};
use super::condition::EncodedCondition;
use super::effect::{AssignmentEffect, EmptyWhen};
use super::formula::{AtomId, Formula, Formulas};
use super::index_vec::IndexVec;
use super::timeline::Timeline;
use super::users::{Capacity, UserSetId, UserSets};
use super::world::{FormulaMemo, World};
use crate::cancellation::Cancellation;
use crate::inbox::{AlignedInboxes, GroupId, Inbox, UserId};
use crate::language::ast::RuleKind;
use crate::policy::{Policy, Rule};
use crate::text::Span;

/// The formulas of some policies of an inbox, and what their atoms mean.
///
/// In a comparison each side has an inbox of its own, with ids that mean the same in both. The situations are those that
/// both inboxes accept.
pub(in crate::prove) struct Encoding<'a> {
    /// What the inboxes of both sides have together.
    pub(in crate::prove) inbox: &'a Inbox,
    /// The inbox of each side.
    pub(in crate::prove) sides: [&'a Inbox; 2],
    /// The side of the policy that is being encoded.
    pub(super) side: usize,
    /// The users whom only one side has, and the side.
    one_sided: BTreeMap<UserId, usize>,
    pub(in crate::prove) formulas: Formulas,
    pub(in crate::prove) user_sets: UserSets,
    pub(in crate::prove) timeline: Timeline,
    /// The value of each atom in [`World::default`]; `None` for patterns, which take long to compile.
    default_values: IndexVec<AtomId, Option<bool>>,
    /// Steps that may still be taken. When there are none left, the answer to each query is *unknown*. Unlike a time
    /// limit, this gives the same answers on each machine.
    fuel: Cell<u64>,
    /// Takes all steps away.
    cancellation: Cancellation,
    /// Taken over by one [`Evaluator`](super::Evaluator) after the other.
    pub(super) memo: Cell<FormulaMemo>,
    /// Everything that the policies ask and do is encoded.
    pub(super) is_whole: bool,
    /// It matters who of the users the owner or the user with the open chat is.
    pub(in crate::prove) identifies_people: bool,
}

/// Steps for an encoding and for each of its rules, and the most that they add up to: about two seconds. So what is proved
/// of one policy never holds back others for long, however many rules it has.
const FUEL: u64 = 20_000_000;
const FUEL_PER_RULE: u64 = 100_000;
const MAX_FUEL: u64 = 200_000_000;

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
    /// That the rule is asked and its condition holds. Rules that decide where no chat is open are only ever asked
    /// there, and so what they ask of chats is left out.
    pub(in crate::prove) holds: Formula,
    pub(in crate::prove) effect: AssignmentEffect,
    /// The placeholders of its replies that may be empty, and when they are.
    pub(in crate::prove) placeholders: Vec<(Span, EmptyWhen)>,
}

impl<'a> EncodedPolicy<'a> {
    /// The rules of this kind.
    pub(in crate::prove) fn rules_of(&self, kind: RuleKind) -> impl Iterator<Item = &EncodedRule<'a>> {
        self.rules.iter().filter(move |rule| rule.rule.kind == kind)
    }
}

impl<'a> Encoding<'a> {
    /// The encoding of `policies`, all of `inbox`.
    pub(in crate::prove) fn of<const N: usize>(
        inbox: &'a Inbox,
        policies: [&'a Policy; N],
    ) -> (Self, [EncodedPolicy<'a>; N]) {
        Self::of_sides(inbox, [inbox, inbox], policies)
    }

    /// The encoding of an old and a new policy, each with its inbox.
    pub(in crate::prove) fn of_versions(
        inboxes: &'a AlignedInboxes,
        policies: [&'a Policy; 2],
    ) -> (Self, [EncodedPolicy<'a>; 2]) {
        Self::of_sides(&inboxes.union, inboxes.sides.each_ref(), policies)
    }

    fn of_sides<const N: usize>(
        inbox: &'a Inbox,
        sides: [&'a Inbox; 2],
        policies: [&'a Policy; N],
    ) -> (Self, [EncodedPolicy<'a>; N]) {
        let ids = || (0..).map(UserId).take(inbox.users.len());
        let missing = |user: UserId| sides.iter().position(|side| side.user(user).id.is_empty());
        let one_sided: BTreeMap<UserId, usize> =
            ids().filter_map(|user| Some((user, 1 - missing(user)?))).collect();
        let everybody = ids().filter(|user| !one_sided.contains_key(user)).collect();
        let mut encoding = Self {
            inbox,
            sides,
            side: 0,
            one_sided,
            formulas: Formulas::new(),
            user_sets: UserSets::new(everybody),
            timeline: Timeline::new(),
            default_values: IndexVec::default(),
            fuel: Cell::new(FUEL),
            cancellation: Cancellation::default(),
            memo: Cell::default(),
            is_whole: true,
            identifies_people: false,
        };
        let mut side = 0..;
        let policies = policies.map(|policy| {
            encoding.side = side.next().unwrap_or(0);
            encoding.encode(policy)
        });
        // The lemmas about owners and returning customers mention these.
        let mentioned = [
            Atom::Returning,
            Atom::Person(Person::Owner),
            Atom::PersonCounted(Person::Owner, Counted::Online),
            Atom::Silent { at_least: 0 },
        ];
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
        let left = self.fuel.get().checked_sub(steps).filter(|_| !self.cancellation.is_cancelled());
        self.fuel.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Whether there are no steps left, so that nothing more will be found.
    pub(in crate::prove) fn is_exhausted(&self) -> bool {
        self.fuel.get() == 0
    }

    /// From now on, takes at most so many steps.
    pub(in crate::prove) fn limit(&self, steps: u64) {
        self.fuel.set(self.fuel.get().min(steps));
    }

    /// From now on, takes no step once that is cancelled. What is found then is of no use.
    pub(in crate::prove) fn stop_on(&mut self, cancellation: &Cancellation) {
        self.cancellation = cancellation.clone();
    }

    /// Puts half of the steps aside for later.
    pub(in crate::prove) fn reserve_half(&self) -> u64 {
        let half = self.fuel.get() / 2;
        self.fuel.set(half);
        half
    }

    /// Adds steps that were put aside.
    pub(in crate::prove) fn release(&self, steps: u64) {
        self.fuel.set(self.fuel.get() + steps);
    }

    /// Whether *never* can be proved: all that the policies ask and do is encoded, and all combinations of calendars.
    pub(in crate::prove) fn is_complete(&self) -> bool {
        self.is_whole && self.timeline.complete
    }

    /// A formula for what is not encoded.
    pub(super) fn not_encoded(&mut self) -> Formula {
        self.is_whole = false;
        Formulas::FALSE
    }

    /// To be called after formulas were added and before the next query.
    pub(in crate::prove) fn finish(&mut self) {
        if self.identifies_people && self.formulas.find(&Atom::Person(Person::ChatUser)).is_some() {
            // The lemmas about whether the owner is that user mention these.
            self.formulas.atom(Atom::OwnerHasChat);
            self.formulas.atom(Atom::PersonCounted(Person::ChatUser, Counted::Online));
        }
        let sides = self.sides;
        self.user_sets.partition(|user| Capacity::of(sides.map(|side| side.user(user).capacity)));
        let default = World::default();
        let value = |atom| {
            (!matches!(atom, &Atom::Text(_, TextPredicate::Pattern(_)))).then(|| default.holds(self, atom))
        };
        self.default_values = self.formulas.atoms().values().map(value).collect();
    }

    /// Whether the atom holds in the default situation.
    pub(in crate::prove) fn default_value(&self, atom: AtomId) -> bool {
        self.default_values[atom].unwrap_or_else(|| {
            let atom = self.formulas.atom_at(atom);
            self.consume(atom.cost()) && World::default().holds(self, atom)
        })
    }

    /// That some user of the inbox is online; `None` for an inbox without users.
    pub(in crate::prove) fn somebody_online(&self) -> Option<Formula> {
        let (counted, set) = (Counted::Online, UserSets::EVERYBODY);
        self.formulas.find(&Atom::UserCount { counted, set, at_least: 1 })
    }

    /// The inbox of the policy that is being encoded.
    pub(super) fn side_inbox(&self) -> &'a Inbox {
        let [old, new] = self.sides;
        if self.side == 0 { old } else { new }
    }

    /// The users whom only one side has, and the side.
    pub(in crate::prove) fn one_sided(&self) -> &BTreeMap<UserId, usize> {
        &self.one_sided
    }

    /// Whether both sides have the group.
    pub(in crate::prove) fn is_common_group(&self, group: GroupId) -> bool {
        self.sides.iter().all(|side| !side.group(group).name.is_empty())
    }

    /// Whether the capacities of some users of the set differ, and whether the side that is being encoded gives some of
    /// them one.
    pub(super) fn capacities(&self, set: UserSetId) -> (bool, bool) {
        let of = |user: &UserId| self.sides.map(|side| side.user(*user).capacity);
        let users = self.user_sets.users(set);
        let differ = users.iter().map(of).any(|[old, new]| old != new);
        (differ, users.iter().any(|user| self.side_inbox().user(*user).capacity.is_some()))
    }

    fn encode(&mut self, policy: &'a Policy) -> EncodedPolicy<'a> {
        self.timeline.set_zone(&policy.timezone);
        let rules = u64::try_from(policy.rules.len()).unwrap_or(0);
        let fuel = self.fuel.get().saturating_add(rules.saturating_mul(FUEL_PER_RULE));
        self.fuel.set(fuel.min(MAX_FUEL));
        let mut definitions = Vec::with_capacity(policy.definitions.len());
        for definition in policy.definitions.iter() {
            let condition = self.condition(&definition.condition, &definitions);
            definitions.push(condition);
        }
        let rules = policy.rules.iter().enumerate().map(|(index, rule)| {
            let when = rule.when.as_ref().map(|condition| self.condition(condition, &definitions));
            let holds = self.asked_and_holds(rule.kind, when.as_ref());
            let effect = self.effect(rule.assign.as_ref(), rule.kind);
            let placeholders = self.placeholders(rule);
            EncodedRule { rule, index, when, holds, effect, placeholders }
        });
        let rules = rules.collect();
        EncodedPolicy { policy, definitions, rules }
    }

    fn asked_and_holds(&mut self, kind: RuleKind, when: Option<&EncodedCondition>) -> Formula {
        let holds = when.map_or(Formulas::TRUE, |condition| condition.formula);
        match kind {
            RuleKind::Regular => {
                if let Some(condition) = when {
                    self.close_chat(condition);
                }
                self.formulas.closed(holds)
            }
            RuleKind::Move => {
                let open = self.chat_open();
                self.formulas.and([open, holds])
            }
            RuleKind::Also => holds,
        }
    }

    /// Finds what is left of the condition and its parts where no chat is open.
    fn close_chat(&mut self, condition: &EncodedCondition) {
        self.formulas.close_chat(condition.formula);
        condition.parts.iter().for_each(|part| self.close_chat(part));
    }

    /// The formula of a part of a rule's condition, where rules of the kind are asked.
    pub(in crate::prove) fn where_asked(&self, kind: RuleKind, part: Formula) -> Formula {
        if kind == RuleKind::Regular { self.formulas.closed(part) } else { part }
    }

    /// What holds wherever rules of the kind are asked.
    pub(in crate::prove) fn asked(&self, kind: RuleKind) -> Vec<(Formula, bool)> {
        let open = self.formulas.find(&Atom::ChatOpen).filter(|_| kind == RuleKind::Move);
        open.map(|open| (open, true)).into_iter().collect()
    }
}
