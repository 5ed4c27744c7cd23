//! Everything that can be proved of one policy.

use super::constant::{Constant, Constants, constants, redundant};
use super::encoding::{EmptyWhen, EncodedPolicy, EncodedRule, Encoding, Formula, Formulas, World};
use super::example::{Example, minimize};
use super::precedence::{EarlierRules, Reachability};
use super::query::{Goal, Query};
use crate::diagnostic::Code;
use crate::engine::{Assignment, Decision, RuleRef};
use crate::inbox::Inbox;
use crate::language::vocabulary::{Algorithm, Presence};
use crate::policy::{Given, GroupTarget, Policy, Target};
use crate::text::Span;

/// What was proved of a policy. Rules are told by their places in [`Policy::rules`].
#[derive(Debug, Clone, Default)]
pub struct Proofs {
    /// Parts of conditions that are the same in every situation.
    pub constants: Vec<Constant>,
    /// Parts that the rest of their condition implies; only where they were asked for.
    pub redundant: Vec<Span>,
    /// Rules that no message reaches.
    pub unreachable: Vec<Unreachable>,
    /// Alternatives that are never tried, by rule and place; of one rule the first.
    pub unreachable_alternatives: Vec<(usize, usize)>,
    /// A message that no rule answers.
    pub unanswered: Option<Example>,
    /// `assign owner` without an owner and without another alternative.
    pub ownerless: Vec<AlternativeWitness>,
    /// Every alternative is empty; the last one is told.
    pub nobody: Vec<AlternativeWitness>,
    /// A user who is not online is chosen though somebody is.
    pub offline: Vec<AlternativeWitness>,
    /// Placeholders that write nothing.
    pub empty_placeholders: Vec<EmptyPlaceholder>,
    /// What could not be found out.
    pub unsettled: Vec<Unsettled>,
    /// How many examples the engine decided otherwise, so that they were dropped.
    pub disagreements: usize,
}

/// A rule that no message reaches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreachable {
    /// The rule.
    pub rule: usize,
    /// The fewest earlier rules that together take every message that it could.
    pub blockers: Vec<usize>,
}

/// What an alternative does in some situation.
#[derive(Debug, Clone, PartialEq)]
pub struct AlternativeWitness {
    /// The rule.
    pub rule: usize,
    /// The alternative, from 0.
    pub alternative: usize,
    /// A situation.
    pub example: Example,
}

/// A placeholder that writes nothing in some situation.
#[derive(Debug, Clone, PartialEq)]
pub struct EmptyPlaceholder {
    /// The rule.
    pub rule: usize,
    /// Its place.
    pub span: Span,
    /// A situation.
    pub example: Example,
}

/// A question that was given up: neither *yes* nor *no* is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The finding that it is about, as `unreachable-rule`.
    pub about: Code,
    /// The rule, if it is about one.
    pub rule: Option<usize>,
}

/// Proves what can be proved of `policy`, which has no fault; nothing where the inbox is not known. Parts that are
/// implied are looked for only if `with_redundant`.
pub fn verify(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    if inbox.is_inferred {
        return Proofs::default();
    }
    let encoding = Encoding::of(inbox, &[policy]);
    let Some(encoded) = encoding.policies.first() else { return Proofs::default() };
    if !encoding.timeline.complete {
        return overlooked();
    }
    let mut constants = Constants::default();
    let mut proofs = Proofs::default();
    conditions(&encoding, encoded, &mut constants, with_redundant, &mut proofs);
    let mut verify =
        Verifier { encoding: &encoding, encoded, policy, inbox, earlier: EarlierRules::new(), proofs };
    for (place, rule) in encoded.rules.iter().enumerate() {
        if verify.is_also(place) || constants.of(&encoding, rule.holds) == Some(false) {
            continue;
        }
        if verify.rule(place, rule) {
            verify.earlier.add(encoded, place);
        }
    }
    verify.unanswered();
    for (place, rule) in encoded.rules.iter().enumerate() {
        if verify.is_also(place) && constants.of(&encoding, rule.holds) != Some(false) {
            verify.also(place, rule);
        }
    }
    verify.proofs
}

/// What can be proved of the definitions of a file that others use, as [`verify`] of a policy.
pub fn verify_definitions(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    let mut proofs = Proofs::default();
    if !inbox.is_inferred {
        let encoding = Encoding::of(inbox, &[policy]);
        if !encoding.timeline.complete {
            return overlooked();
        }
        for encoded in &encoding.policies {
            conditions(&encoding, encoded, &mut Constants::default(), with_redundant, &mut proofs);
        }
    }
    proofs
}

/// Some combination of hours may have been overlooked, so that nothing is known never to be.
fn overlooked() -> Proofs {
    Proofs { unsettled: vec![Unsettled { about: Code::UnreachableRule, rule: None }], ..Proofs::default() }
}

/// What is found in conditions by themselves. Definitions of other files are found there.
fn conditions(
    encoding: &Encoding,
    encoded: &EncodedPolicy,
    known: &mut Constants,
    with_redundant: bool,
    proofs: &mut Proofs,
) {
    let policy = encoded.policy;
    let definitions = policy.definitions.iter().zip(&encoded.definitions);
    let own = definitions.filter(|(definition, _)| definition.file.is_none()).map(|(_, term)| term);
    for term in own.chain(encoded.rules.iter().filter_map(|rule| rule.when.as_ref())) {
        constants(encoding, known, term, &mut proofs.constants);
        if with_redundant {
            proofs.redundant.extend(redundant(encoding, known, term));
        }
    }
}

/// What is at hand while a policy is gone through from the top.
struct Verifier<'s, 'a> {
    encoding: &'s Encoding<'a>,
    encoded: &'s EncodedPolicy<'a>,
    policy: &'a Policy,
    inbox: &'a Inbox,
    /// The rules above, as far as messages come to them.
    earlier: EarlierRules,
    proofs: Proofs,
}

/// What is at hand while one rule is gone through.
struct Asking<'s, 'a> {
    query: Query<'s, 'a>,
    /// Rules above that matter here.
    refinement: Vec<usize>,
    /// Some message that comes to the rule.
    world: Option<World>,
}

impl<'s, 'a> Verifier<'s, 'a> {
    fn is_also(&self, place: usize) -> bool {
        self.policy.rules.get(place).is_some_and(|rule| rule.also)
    }

    /// What can be said of a deciding rule; whether a message may come to it.
    fn rule(&mut self, place: usize, rule: &EncodedRule) -> bool {
        let mut rule_query = Asking { query: Query::new(self.encoding), refinement: Vec::new(), world: None };
        let goals = [(rule.holds, true)];
        match self.earlier.find_reaching(&mut rule_query.query, &goals, &mut rule_query.refinement) {
            Reachability::Unreachable(enough) => {
                if rule.when.is_some() {
                    let blockers = self.earlier.minimal_blockers(&mut rule_query.query, &goals, &enough);
                    self.proofs.unreachable.push(Unreachable { rule: place, blockers });
                }
                return false;
            }
            Reachability::Unknown => self.unsettled(Code::UnreachableRule, Some(place)),
            Reachability::Reachable(world) => rule_query.world = Some(*world),
        }
        self.alternatives(place, rule, &mut rule_query);
        let policy = self.policy;
        let may_be_empty = rule.may_be_empty.iter().flatten();
        for (span, empty_when) in may_be_empty {
            let empty_when = match empty_when {
                EmptyWhen::When(formula) => *formula,
                EmptyWhen::NoUser => rule.effect.no_user,
                EmptyWhen::NoGroup => rule.effect.no_group,
            };
            let shows = |decision: &Decision, _: &Given| decided_by(policy, decision, place);
            if let Some(example) = self.example(
                Code::PlaceholderMayBeEmpty,
                place,
                &mut rule_query,
                &[(rule.holds, true), (empty_when, true)],
                &shows,
            ) {
                self.proofs.empty_placeholders.push(EmptyPlaceholder { rule: place, span: *span, example });
            }
        }
        true
    }

    fn alternatives(&mut self, place: usize, rule: &EncodedRule, rule_query: &mut Asking<'s, 'a>) {
        let holds = (rule.holds, true);
        let policy = self.policy;
        let assign = policy.rules.get(place).and_then(|rule| rule.assign.as_ref());
        let alternatives = assign.map(|assign| &*assign.alternatives).unwrap_or_default();
        let last = alternatives.len().saturating_sub(1);
        let mut reached = true;
        for ((at, alternative), turn) in alternatives.iter().enumerate().zip(&rule.effect.alternatives) {
            if at > 0 && reached && self.never(place, rule_query, &[holds, (turn.reached, true)]) {
                self.proofs.unreachable_alternatives.push((place, at));
                reached = false;
            }
            if let Target::Group(target) = &alternative.target
                && let Some(somebody) = self.somebody_online()
            {
                let goals = [holds, (turn.tried, true), (turn.offline, true), (somebody, true)];
                if let Some(example) = self.offline(place, at, target, rule_query, &goals) {
                    self.proofs.offline.push(AlternativeWitness { rule: place, alternative: at, example });
                }
            }
            if at != last {
                continue;
            }
            let goals = [holds, (turn.tried, true), (turn.found, false)];
            let is_owner = matches!(alternative.target, Target::Owner);
            let about = if is_owner { Code::AssignOwnerWithoutOwner } else { Code::NobodyToGive };
            let shows = |decision: &Decision, _: &Given| {
                decided_by(policy, decision, place)
                    && matches!(&decision.assign, Some(Assignment::Queue { by, .. }) if *by != Some(Algorithm::Hand))
            };
            if let Some(example) = self.example(about, place, rule_query, &goals, &shows) {
                let pick = AlternativeWitness { rule: place, alternative: at, example };
                if is_owner { self.proofs.ownerless.push(pick) } else { self.proofs.nobody.push(pick) }
            }
        }
    }

    fn somebody_online(&self) -> Option<Formula> {
        self.encoding.somebody_online()
    }

    /// An example of a group's choice that falls on somebody who is not online.
    fn offline(
        &mut self,
        place: usize,
        at: usize,
        target: &GroupTarget,
        rule_query: &mut Asking<'s, 'a>,
        goals: &[Goal],
    ) -> Option<Example> {
        let world = self.world(Code::MayPickOffline, place, rule_query, goals)?;
        let given = world.given(self.encoding);
        let (policy, inbox) = (self.policy, self.inbox);
        let shows = |decision: &Decision, given: &Given| {
            let Some(Assignment::User { user, alternative, .. }) = &decision.assign else { return false };
            let online = |id: &str| {
                given
                    .users
                    .iter()
                    .any(|user| user.presence == Presence::Online && inbox.user(user.user).id == id)
            };
            decided_by(policy, decision, place)
                && *alternative == at
                && !given.users.is_empty()
                && !online(user)
        };
        let mut favoured = given.clone();
        favour_the_absent(inbox, target, &mut favoured);
        let example = [given, favoured].into_iter().find_map(|given| {
            // Where the dice decide, some throw must show it.
            (0..20).find_map(|seed| Example::confirmed(policy, inbox, given.clone(), seed, &shows))
        });
        if example.is_none() {
            self.proofs.disagreements += 1;
        }
        example
    }

    /// A message that no rule answers.
    fn unanswered(&mut self) {
        let rules = &self.policy.rules;
        if rules.iter().any(|rule| !rule.also && rule.when.is_none()) {
            return;
        }
        let mut rule_query = Asking { query: Query::new(self.encoding), refinement: Vec::new(), world: None };
        let shows = |decision: &Decision, _: &Given| decision.rule.is_none() && decision.assign.is_none();
        self.proofs.unanswered = self.example(Code::Unanswered, usize::MAX, &mut rule_query, &[], &shows);
    }

    /// The placeholders of a rule that acts whatever decides.
    fn also(&mut self, place: usize, rule: &EncodedRule) {
        for (span, empty_when) in rule.may_be_empty.iter().flatten() {
            let example = match empty_when {
                EmptyWhen::When(formula) => {
                    let goals = [(rule.holds, true), (*formula, true)];
                    self.beside(place, EarlierRules::new(), &goals)
                }
                EmptyWhen::NoUser => self.beside_each(place, rule, |effect| effect.no_user),
                EmptyWhen::NoGroup => self.beside_each(place, rule, |effect| effect.no_group),
            };
            if let Some(example) = example {
                self.proofs.empty_placeholders.push(EmptyPlaceholder { rule: place, span: *span, example });
            }
        }
    }

    /// An example in which some rule decides that leaves a gap, or none does.
    fn beside_each(
        &mut self,
        place: usize,
        rule: &EncodedRule,
        empty_when: fn(&super::encoding::AssignmentEffect) -> Formula,
    ) -> Option<Example> {
        let rules = self.earlier.rules.clone();
        for (nth, (deciding, holds)) in rules.iter().enumerate() {
            let Some(empty_when) = self.encoded.rules.get(*deciding).map(|rule| empty_when(&rule.effect))
            else {
                continue;
            };
            if empty_when != Formulas::FALSE {
                let above = EarlierRules { rules: rules.iter().take(nth).copied().collect() };
                let goals = [(rule.holds, true), (*holds, true), (empty_when, true)];
                if let Some(example) = self.beside(place, above, &goals) {
                    return Some(example);
                }
            }
        }
        self.beside(place, EarlierRules { rules }, &[(rule.holds, true)])
    }

    /// An example in which the `also` rule at `place` acts.
    fn beside(&mut self, place: usize, earlier: EarlierRules, goals: &[Goal]) -> Option<Example> {
        let whole = std::mem::replace(&mut self.earlier, earlier);
        let mut rule_query = Asking { query: Query::new(self.encoding), refinement: Vec::new(), world: None };
        let policy = self.policy;
        let shows = |decision: &Decision, _: &Given| {
            let acting = policy.rules.get(place).map(|rule| RuleRef::of(policy, rule));
            decision.also.iter().any(|rule| Some(rule) == acting.as_ref())
        };
        let example = self.example(Code::PlaceholderMayBeEmpty, place, &mut rule_query, goals, &shows);
        self.earlier = whole;
        example
    }

    /// Whether no message that comes to the rule meets `goals`.
    fn never(&mut self, place: usize, rule_query: &mut Asking<'s, 'a>, goals: &[Goal]) -> bool {
        match self.some(Code::UnreachableAlternative, place, rule_query, goals) {
            Reachability::Unreachable(_) => true,
            Reachability::Reachable(_) | Reachability::Unknown => false,
        }
    }

    /// A message that comes to the rule and meets `goals`.
    fn some(
        &mut self,
        about: Code,
        place: usize,
        rule_query: &mut Asking<'s, 'a>,
        goals: &[Goal],
    ) -> Reachability {
        if goals.iter().any(|(formula, wanted)| *formula == Formulas::constant(!wanted)) {
            return Reachability::Unreachable(Vec::new());
        }
        if let Some(world) = &rule_query.world {
            let mut seen = super::encoding::Evaluator::new(self.encoding, world);
            if goals.iter().all(|(formula, wanted)| seen.holds(*formula) == *wanted) {
                return Reachability::Reachable(Box::new(world.clone()));
            }
        }
        let reach = self.earlier.find_reaching(&mut rule_query.query, goals, &mut rule_query.refinement);
        if let Reachability::Unknown = reach {
            self.unsettled(about, Some(place));
        }
        reach
    }

    /// The smallest of them.
    fn world(
        &mut self,
        about: Code,
        place: usize,
        rule_query: &mut Asking<'s, 'a>,
        goals: &[Goal],
    ) -> Option<World> {
        let Reachability::Reachable(world) = self.some(about, place, rule_query, goals) else { return None };
        // What the question was not asked before may not be mentioned yet.
        for (formula, _) in goals {
            rule_query.query.literal(*formula);
        }
        Some(minimize(
            self.encoding,
            &mut rule_query.query,
            &self.earlier,
            goals,
            &mut rule_query.refinement,
            *world,
        ))
    }

    /// The smallest of them, decided by the engine.
    fn example(
        &mut self,
        about: Code,
        place: usize,
        rule_query: &mut Asking<'s, 'a>,
        goals: &[Goal],
        shows: &dyn Fn(&Decision, &Given) -> bool,
    ) -> Option<Example> {
        let world = self.world(about, place, rule_query, goals)?;
        let example = Example::confirmed(self.policy, self.inbox, world.given(self.encoding), 0, shows);
        if example.is_none() {
            self.proofs.disagreements += 1;
        }
        example
    }

    fn unsettled(&mut self, about: Code, rule: Option<usize>) {
        self.proofs.unsettled.push(Unsettled { about, rule: rule.filter(|rule| *rule != usize::MAX) });
    }
}

/// Whether the rule at `place` decided.
fn decided_by(policy: &Policy, decision: &Decision, place: usize) -> bool {
    let rule = policy.rules.get(place).map(|rule| RuleRef::of(policy, rule));
    rule.is_some() && decision.rule == rule
}

/// Lets one who is not online be the one to be chosen: those online have just had a message and have more chats, and
/// the turn is the absent one's.
fn favour_the_absent(inbox: &Inbox, target: &GroupTarget, given: &mut Given) {
    let members = &inbox.group(target.group).members;
    let is_online = |user| given.users.iter().any(|given| given.user == user);
    let absent = members.iter().position(|user| !is_online(*user));
    if target.by == Algorithm::InOrder {
        let before = absent.and_then(|at| members.get((at + members.len() - 1) % members.len()));
        given.turns = before.map(|before| (target.group, *before)).into_iter().collect();
        return;
    }
    for user in &mut given.users {
        user.idle = Some(60);
        let room = inbox.user(user.user).capacity.is_none_or(|capacity| capacity > 1);
        user.chats = user.chats.max(u32::from(room));
    }
}
