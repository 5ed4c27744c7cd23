//! Everything that can be proved of one policy.

use super::constant::{Constant, Constants, constants, redundant};
use super::example::{Example, smallest};
use super::question::{Goal, Question};
use super::reach::{Ladder, Reach};
use super::space::{Charted, ChartedRule, Formula, Formulas, Gap, Space, World};
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
    pub ownerless: Vec<Pick>,
    /// Every alternative is empty; the last one is told.
    pub nobody: Vec<Pick>,
    /// A user who is not online is chosen though somebody is.
    pub offline: Vec<Pick>,
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
    pub by: Vec<usize>,
}

/// What an alternative does in some situation.
#[derive(Debug, Clone, PartialEq)]
pub struct Pick {
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
pub fn survey(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    if !inbox.known {
        return Proofs::default();
    }
    let space = Space::of(inbox, &[policy]);
    let Some(charted) = space.policies.first() else { return Proofs::default() };
    if !space.times.complete {
        return overlooked();
    }
    let mut constants = Constants::default();
    let mut proofs = Proofs::default();
    conditions(&space, charted, &mut constants, with_redundant, &mut proofs);
    let mut survey = Survey { space: &space, charted, policy, inbox, ladder: Ladder::new(), proofs };
    for (place, rule) in charted.rules.iter().enumerate() {
        if survey.is_also(place) || constants.of(&space, rule.holds) == Some(false) {
            continue;
        }
        if survey.rule(place, rule) {
            survey.ladder.add(charted, place);
        }
    }
    survey.unanswered();
    for (place, rule) in charted.rules.iter().enumerate() {
        if survey.is_also(place) && constants.of(&space, rule.holds) != Some(false) {
            survey.also(place, rule);
        }
    }
    survey.proofs
}

/// What can be proved of the definitions of a file that others use, as [`survey`] of a policy.
pub fn definitions(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    let mut proofs = Proofs::default();
    if inbox.known {
        let space = Space::of(inbox, &[policy]);
        if !space.times.complete {
            return overlooked();
        }
        for charted in &space.policies {
            conditions(&space, charted, &mut Constants::default(), with_redundant, &mut proofs);
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
    space: &Space,
    charted: &Charted,
    known: &mut Constants,
    with_redundant: bool,
    proofs: &mut Proofs,
) {
    let policy = charted.policy;
    let definitions = policy.definitions.iter().zip(&charted.definitions);
    let own = definitions.filter(|(definition, _)| definition.from.is_none()).map(|(_, term)| term);
    for term in own.chain(charted.rules.iter().filter_map(|rule| rule.when.as_ref())) {
        constants(space, known, term, &mut proofs.constants);
        if with_redundant {
            proofs.redundant.extend(redundant(space, known, term));
        }
    }
}

/// What is at hand while a policy is gone through from the top.
struct Survey<'s, 'a> {
    space: &'s Space<'a>,
    charted: &'s Charted<'a>,
    policy: &'a Policy,
    inbox: &'a Inbox,
    /// The rules above, as far as messages come to them.
    ladder: Ladder,
    proofs: Proofs,
}

/// What is at hand while one rule is gone through.
struct Asking<'s, 'a> {
    question: Question<'s, 'a>,
    /// Rules above that matter here.
    heeded: Vec<usize>,
    /// Some message that comes to the rule.
    world: Option<World>,
}

impl<'s, 'a> Survey<'s, 'a> {
    fn is_also(&self, place: usize) -> bool {
        self.policy.rules.get(place).is_some_and(|rule| rule.also)
    }

    /// What can be said of a deciding rule; whether a message may come to it.
    fn rule(&mut self, place: usize, rule: &ChartedRule) -> bool {
        let mut asking = Asking { question: Question::new(self.space), heeded: Vec::new(), world: None };
        let goals = [(rule.holds, true)];
        match self.ladder.pass(&mut asking.question, &goals, &mut asking.heeded) {
            Reach::Never(enough) => {
                if rule.when.is_some() {
                    let by = self.ladder.culprits(&mut asking.question, &goals, &enough);
                    self.proofs.unreachable.push(Unreachable { rule: place, by });
                }
                return false;
            }
            Reach::Unsettled => self.unsettled(Code::UnreachableRule, Some(place)),
            Reach::World(world) => asking.world = Some(*world),
        }
        self.alternatives(place, rule, &mut asking);
        let policy = self.policy;
        let gaps = rule.gaps.iter().flatten();
        for (span, gap) in gaps {
            let gap = match gap {
                Gap::When(formula) => *formula,
                Gap::NoUser => rule.duty.no_user,
                Gap::NoGroup => rule.duty.no_group,
            };
            let shows = |decision: &Decision, _: &Given| decided_by(policy, decision, place);
            if let Some(example) = self.example(
                Code::PlaceholderMayBeEmpty,
                place,
                &mut asking,
                &[(rule.holds, true), (gap, true)],
                &shows,
            ) {
                self.proofs.empty_placeholders.push(EmptyPlaceholder { rule: place, span: *span, example });
            }
        }
        true
    }

    fn alternatives(&mut self, place: usize, rule: &ChartedRule, asking: &mut Asking<'s, 'a>) {
        let holds = (rule.holds, true);
        let policy = self.policy;
        let assign = policy.rules.get(place).and_then(|rule| rule.assign.as_ref());
        let alternatives = assign.map(|assign| &*assign.alternatives).unwrap_or_default();
        let last = alternatives.len().saturating_sub(1);
        let mut reached = true;
        for ((at, alternative), turn) in alternatives.iter().enumerate().zip(&rule.duty.alternatives) {
            if at > 0 && reached && self.never(place, asking, &[holds, (turn.reached, true)]) {
                self.proofs.unreachable_alternatives.push((place, at));
                reached = false;
            }
            if let Target::Group(target) = &alternative.target
                && let Some(somebody) = self.somebody_online()
            {
                let goals = [holds, (turn.tried, true), (turn.offline, true), (somebody, true)];
                if let Some(example) = self.offline(place, at, target, asking, &goals) {
                    self.proofs.offline.push(Pick { rule: place, alternative: at, example });
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
            if let Some(example) = self.example(about, place, asking, &goals, &shows) {
                let pick = Pick { rule: place, alternative: at, example };
                if is_owner { self.proofs.ownerless.push(pick) } else { self.proofs.nobody.push(pick) }
            }
        }
    }

    fn somebody_online(&self) -> Option<Formula> {
        self.space.somebody_online()
    }

    /// An example of a group's choice that falls on somebody who is not online.
    fn offline(
        &mut self,
        place: usize,
        at: usize,
        target: &GroupTarget,
        asking: &mut Asking<'s, 'a>,
        goals: &[Goal],
    ) -> Option<Example> {
        let world = self.world(Code::MayPickOffline, place, asking, goals)?;
        let given = world.given(self.space);
        let (policy, inbox) = (self.policy, self.inbox);
        let shows = |decision: &Decision, given: &Given| {
            let Some(Assignment::User { user, alternative, .. }) = &decision.assign else { return false };
            let online = |id: &str| {
                given
                    .users
                    .iter()
                    .any(|user| user.presence == Presence::Online && inbox.user_at(user.user).id == id)
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
            (0..20).find_map(|seed| Example::replayed(policy, inbox, given.clone(), seed, &shows))
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
        let mut asking = Asking { question: Question::new(self.space), heeded: Vec::new(), world: None };
        let shows = |decision: &Decision, _: &Given| decision.rule.is_none() && decision.assign.is_none();
        self.proofs.unanswered = self.example(Code::Unanswered, usize::MAX, &mut asking, &[], &shows);
    }

    /// The placeholders of a rule that acts whatever decides.
    fn also(&mut self, place: usize, rule: &ChartedRule) {
        for (span, gap) in rule.gaps.iter().flatten() {
            let example = match gap {
                Gap::When(formula) => {
                    let goals = [(rule.holds, true), (*formula, true)];
                    self.beside(place, Ladder::new(), &goals)
                }
                Gap::NoUser => self.beside_each(place, rule, |duty| duty.no_user),
                Gap::NoGroup => self.beside_each(place, rule, |duty| duty.no_group),
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
        rule: &ChartedRule,
        gap: fn(&super::space::Duty) -> Formula,
    ) -> Option<Example> {
        let rungs = self.ladder.rungs.clone();
        for (nth, (deciding, holds)) in rungs.iter().enumerate() {
            let Some(gap) = self.charted.rules.get(*deciding).map(|rule| gap(&rule.duty)) else { continue };
            if gap != Formulas::FALSE {
                let above = Ladder { rungs: rungs.iter().take(nth).copied().collect() };
                let goals = [(rule.holds, true), (*holds, true), (gap, true)];
                if let Some(example) = self.beside(place, above, &goals) {
                    return Some(example);
                }
            }
        }
        self.beside(place, Ladder { rungs }, &[(rule.holds, true)])
    }

    /// An example in which the `also` rule at `place` acts.
    fn beside(&mut self, place: usize, ladder: Ladder, goals: &[Goal]) -> Option<Example> {
        let whole = std::mem::replace(&mut self.ladder, ladder);
        let mut asking = Asking { question: Question::new(self.space), heeded: Vec::new(), world: None };
        let policy = self.policy;
        let shows = |decision: &Decision, _: &Given| {
            let acting = policy.rules.get(place).map(|rule| RuleRef::of(policy, rule));
            decision.also.iter().any(|rule| Some(rule) == acting.as_ref())
        };
        let example = self.example(Code::PlaceholderMayBeEmpty, place, &mut asking, goals, &shows);
        self.ladder = whole;
        example
    }

    /// Whether no message that comes to the rule meets `goals`.
    fn never(&mut self, place: usize, asking: &mut Asking<'s, 'a>, goals: &[Goal]) -> bool {
        match self.some(Code::UnreachableAlternative, place, asking, goals) {
            Reach::Never(_) => true,
            Reach::World(_) | Reach::Unsettled => false,
        }
    }

    /// A message that comes to the rule and meets `goals`.
    fn some(&mut self, about: Code, place: usize, asking: &mut Asking<'s, 'a>, goals: &[Goal]) -> Reach {
        if goals.iter().any(|(formula, wanted)| *formula == Formulas::constant(!wanted)) {
            return Reach::Never(Vec::new());
        }
        if let Some(world) = &asking.world {
            let mut seen = super::space::Seen::new(self.space, world);
            if goals.iter().all(|(formula, wanted)| seen.holds(*formula) == *wanted) {
                return Reach::World(Box::new(world.clone()));
            }
        }
        let reach = self.ladder.pass(&mut asking.question, goals, &mut asking.heeded);
        if let Reach::Unsettled = reach {
            self.unsettled(about, Some(place));
        }
        reach
    }

    /// The smallest of them.
    fn world(
        &mut self,
        about: Code,
        place: usize,
        asking: &mut Asking<'s, 'a>,
        goals: &[Goal],
    ) -> Option<World> {
        let Reach::World(world) = self.some(about, place, asking, goals) else { return None };
        // What the question was not asked before may not be mentioned yet.
        for (formula, _) in goals {
            asking.question.literal(*formula);
        }
        Some(smallest(self.space, &mut asking.question, &self.ladder, goals, &mut asking.heeded, *world))
    }

    /// The smallest of them, decided by the engine.
    fn example(
        &mut self,
        about: Code,
        place: usize,
        asking: &mut Asking<'s, 'a>,
        goals: &[Goal],
        shows: &dyn Fn(&Decision, &Given) -> bool,
    ) -> Option<Example> {
        let world = self.world(about, place, asking, goals)?;
        let example = Example::replayed(self.policy, self.inbox, world.given(self.space), 0, shows);
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
    let members = &inbox.group_at(target.group).members;
    let is_online = |user| given.users.iter().any(|given| given.user == user);
    let absent = members.iter().position(|user| !is_online(*user));
    if target.by == Algorithm::InOrder {
        let before = absent.and_then(|at| members.get((at + members.len() - 1) % members.len()));
        given.turns = before.map(|before| (target.group, *before)).into_iter().collect();
        return;
    }
    for user in &mut given.users {
        user.idle = Some(60);
        let room = inbox.user_at(user.user).capacity.is_none_or(|capacity| capacity > 1);
        user.chats = user.chats.max(u32::from(room));
    }
}
