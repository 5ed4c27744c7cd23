//! The search for messages that show a difference.

use std::collections::HashMap;

use super::cause::{Reason, changed_definitions};
use super::class::describe_class;
use super::pairs::FoundPair;
use super::{Limits, Sides, rule_at};
use crate::language::ast::RuleKind;
use crate::policy::GivenChat;
use crate::prove::decision_diff::{Cause, DecisionDiff, Difference, RulePair};
use crate::prove::encoding::{Encoding, Formula, Formulas, World};
use crate::prove::example::minimize;
use crate::prove::precedence::{EarlierRules, Reachability};
use crate::prove::query::{Goal, Query};
use crate::prove::replay::Replay;
use crate::prove::when::when;

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    pub(super) pair: RulePair,
    pub(super) reason: Reason,
    /// Messages that come into an open chat.
    pub(super) in_open_chat: bool,
}

/// Collects the differences.
pub(super) struct Comparer<'s, 'a> {
    pub(super) encoding: &'s Encoding<'a>,
    pub(super) sides: &'s Sides<'a>,
    replay: Replay<'a>,
    pub(super) diff: DecisionDiff,
    /// How many questions about each reason were asked, and how many were not.
    asked: HashMap<Reason, usize>,
    omitted: Vec<(Reason, usize)>,
    /// The cause that was found for each reason.
    causes: HashMap<Reason, Cause>,
    limits: &'s Limits,
}

impl<'s, 'a> Comparer<'s, 'a> {
    pub(super) fn new(
        encoding: &'s Encoding<'a>,
        sides: &'s Sides<'a>,
        replay: Replay<'a>,
        diff: DecisionDiff,
        limits: &'s Limits,
    ) -> Self {
        let (asked, causes) = (HashMap::new(), HashMap::new());
        Self { encoding, sides, replay, diff, asked, omitted: Vec::new(), causes, limits }
    }

    /// Whether one more difference from this reason may be looked for. If not, it is counted.
    pub(super) fn has_room(&mut self, reason: Reason) -> bool {
        let is_full = self.diff.differences.len() + self.diff.unsettled.len() >= self.limits.in_total;
        if !is_full && self.asked.get(&reason).is_none_or(|asked| *asked < self.limits.of_reason) {
            return true;
        }
        match self.omitted.iter_mut().find(|(omitted, _)| *omitted == reason) {
            Some((_, count)) => *count += 1,
            None => self.omitted.push((reason, 1)),
        }
        false
    }

    /// Two rules that decide the same message and may have different effects.
    pub(super) fn compare_pair(&mut self, found: &FoundPair, differ: Formula) {
        let FoundPair { pair, kind, reason, .. } = *found;
        let [old, new] = self.sides;
        let mut earlier = EarlierRules::default();
        earlier.add_until(old, kind, pair.old);
        earlier.add_until(new, kind, pair.new);
        let [old, new] = [rule_at(old, pair.old), rule_at(new, pair.new)];
        let holds = [old.map(|rule| rule.holds), new.map(|rule| rule.holds), Some(differ)];
        let goals = holds.into_iter().flatten().map(|holds| (holds, true));
        let goals: Vec<Goal> = goals.chain(self.encoding.asked(kind)).collect();
        if goals.contains(&(Formulas::FALSE, true)) {
            return;
        }
        let question = Question { pair, reason, in_open_chat: kind == RuleKind::Move };
        self.find_difference(question, Query::new(self.encoding), &earlier, &goals);
    }

    /// Adds a difference if there is a situation that meets `goals`.
    pub(super) fn find_difference(
        &mut self,
        question: Question,
        mut query: Query<'s, 'a>,
        earlier: &EarlierRules,
        goals: &[Goal],
    ) {
        let mut refinement = Vec::new();
        match earlier.find_reaching(&mut query, goals, &mut refinement) {
            Reachability::Unreachable(_) => {}
            Reachability::Unknown => self.add_unsettled(question),
            Reachability::Reachable(world) => {
                self.add_difference(question, &mut query, earlier, goals, &mut refinement, *world);
            }
        }
    }

    pub(super) fn add_unsettled(&mut self, question: Question) {
        *self.asked.entry(question.reason).or_default() += 1;
        self.diff.unsettled.push(question.pair);
    }

    /// Adds the difference that `world` shows, with a minimal example that the engine has decided with both policies.
    pub(super) fn add_difference(
        &mut self,
        question: Question,
        query: &mut Query,
        earlier: &EarlierRules,
        goals: &[Goal],
        refinement: &mut Vec<usize>,
        world: World,
    ) {
        let mut world = minimize(query, earlier, goals, refinement, world);
        let when = when(query, earlier, goals, &mut world);
        let Question { pair, reason, in_open_chat } = question;
        let mut given = world.given(self.encoding);
        given.chat = given.chat.or(in_open_chat.then(GivenChat::default));
        let Some(confirmed) = self.replay.confirm(pair, &given) else {
            return self.add_unsettled(question);
        };
        *self.asked.entry(reason).or_default() += 1;
        let customers = describe_class(query, earlier, goals, refinement, &world, in_open_chat);
        let customers = customers + &when.clause(confirmed.example.given.at);
        let cause = self.cause(reason, &confirmed);
        self.causes.entry(reason).or_insert_with(|| cause.clone());
        self.diff.differences.push(Difference { cause, customers, when, ..confirmed });
    }

    fn cause(&self, reason: Reason, difference: &Difference) -> Cause {
        match reason {
            Reason::Rule(pair) => Cause::Rule(pair),
            Reason::Order => Cause::Order,
            Reason::Around(pair) => {
                let changes = self.replay.responsible(difference);
                let definitions = || changed_definitions(self.sides, pair);
                match changes.is_empty().then(definitions) {
                    None => Cause::Inbox(changes),
                    Some(definitions) if definitions.is_empty() => Cause::Calendars,
                    Some(definitions) => Cause::Definitions(definitions),
                }
            }
        }
    }

    /// What was found, those of one cause together.
    pub(super) fn finish(mut self) -> DecisionDiff {
        let mut order: Vec<Cause> = Vec::new();
        for difference in &self.diff.differences {
            if !order.contains(&difference.cause) {
                order.push(difference.cause.clone());
            }
        }
        let place = |cause: &Cause| order.iter().position(|other| other == cause);
        self.diff.differences.sort_by_key(|difference| place(&difference.cause));
        for (reason, count) in self.omitted {
            match self.causes.get(&reason) {
                Some(cause) => self.diff.omitted.push((cause.clone(), count)),
                None => self.diff.has_more = true,
            }
        }
        self.diff
    }
}
