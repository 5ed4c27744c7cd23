//! The placeholders of `also` rules, which act whichever rule decides, and where a chat is open and stays.

use super::encoding::{Atom, EmptyWhen, EncodedPolicy, EncodedRule, Encoding, Formulas, Person, at};
use super::example::Example;
use super::precedence::EarlierRules;
use super::proofs::Proofs;
use super::query::Goal;
use super::search::RuleSearch;
use super::verify::add_placeholder;
use crate::diagnostic::Code;
use crate::engine::{Decision, RuleRef};
use crate::policy::Given;

/// The search for empty placeholders of one `also` rule.
pub(super) struct AlsoSearch<'s, 'a> {
    pub(super) encoding: &'s Encoding<'a>,
    pub(super) encoded: &'s EncodedPolicy<'a>,
    pub(super) rule: &'s EncodedRule<'a>,
    pub(super) proofs: &'s mut Proofs,
}

impl AlsoSearch<'_, '_> {
    /// Verifies the placeholders. `regular` and `moving` are the rules that may decide where no chat is open, and where one
    /// is.
    pub(super) fn verify(&mut self, regular: &EarlierRules, moving: &EarlierRules) {
        for (span, when) in &self.rule.placeholders {
            let found = match when {
                EmptyWhen::Holds(formula) => self.example(&EarlierRules::default(), &[(*formula, true)]),
                _ => self.empty_where_closed(*when, regular).or_else(|| self.empty_where_open(*when, moving)),
            };
            add_placeholder(self.proofs, self.rule, *span, found);
        }
    }

    /// An example without an open chat: with the rules that decide one after the other, and last with no rule.
    fn empty_where_closed(&mut self, when: EmptyWhen, deciding: &EarlierRules) -> Option<Example> {
        let closed = self.goal(&Atom::ChatOpen, false);
        let each = each(self.encoding, deciding).find_map(|nth| self.empty_with(nth, when, deciding, closed));
        each.or_else(|| match when {
            EmptyWhen::HoldsLater(_) | EmptyWhen::Holds(_) => None,
            EmptyWhen::NoUser | EmptyWhen::NoGroup => self.example(deciding, closed.as_slice()),
        })
    }

    /// An example with the `nth` of the rules that decide.
    fn empty_with(
        &mut self,
        nth: usize,
        when: EmptyWhen,
        deciding: &EarlierRules,
        closed: Option<Goal>,
    ) -> Option<Example> {
        let (index, decides) = *at(&deciding.rules, nth);
        let mut goals = at(&self.encoded.rules, index).effect.empty(when);
        if goals.contains(&(Formulas::FALSE, true)) {
            return None;
        }
        goals.push((decides, true));
        goals.extend(closed);
        self.encoding.consume(nth as u64);
        self.example(&before(deciding, nth), &goals)
    }

    /// An example with an open chat: first one that stays because no rule moves it, then one that a rule moves, or would
    /// move if there was anybody to give it to.
    fn empty_where_open(&mut self, when: EmptyWhen, moving: &EarlierRules) -> Option<Example> {
        let mut kept = self.empty_if_kept(when)?;
        kept.extend(self.goal(&Atom::ChatOpen, true));
        self.example(moving, &kept).or_else(|| {
            each(self.encoding, moving).find_map(|nth| {
                let (index, holds) = *at(&moving.rules, nth);
                let acts = at(&self.encoded.rules, index).effect.acts;
                let stays: Vec<Goal> = kept.iter().copied().chain([(holds, true), (acts, false)]).collect();
                self.empty_with(nth, when, moving, None)
                    .or_else(|| self.example(&before(moving, nth), &stays))
            })
        })
    }

    /// When the placeholder is empty in a chat that stays; `None` if it never is.
    fn empty_if_kept(&self, when: EmptyWhen) -> Option<Vec<Goal>> {
        let goal =
            |atom: &Atom| Some(vec![(self.encoding.formulas.find(atom).unwrap_or(Formulas::FALSE), false)]);
        match when {
            EmptyWhen::Holds(formula) | EmptyWhen::HoldsLater(formula) => Some(vec![(formula, true)]),
            EmptyWhen::NoUser => goal(&Atom::Person(Person::ChatUser)),
            EmptyWhen::NoGroup => goal(&Atom::ChatHasGroup),
        }
    }

    /// The goal that the atom has this value, if some policy mentions it.
    fn goal(&self, atom: &Atom, wanted: bool) -> Option<Goal> {
        self.encoding.formulas.find(atom).map(|formula| (formula, wanted))
    }

    /// An example in which the rule acts.
    fn example(&mut self, earlier: &EarlierRules, goals: &[Goal]) -> Option<Example> {
        let acting = RuleRef::of(self.encoded.policy, self.rule.rule);
        let shows = |decision: &Decision, _: &Given| decision.also.contains(&acting);
        let goals: Vec<Goal> = [(self.rule.holds, true)].into_iter().chain(goals.iter().copied()).collect();
        let index = Some(self.rule.index);
        let mut search = RuleSearch::new(self.encoding, self.encoded, index, earlier, self.proofs);
        search.example(Code::PlaceholderMayBeEmpty, &goals, &shows)
    }
}

/// The positions of the rules, as long as there are steps left.
fn each<'s>(encoding: &'s Encoding<'_>, rules: &EarlierRules) -> impl Iterator<Item = usize> + use<'s> {
    let count = rules.rules.len();
    (0..count).take_while(move |_| encoding.consume(1))
}

/// The rules before the `nth`.
fn before(rules: &EarlierRules, nth: usize) -> EarlierRules {
    EarlierRules { rules: rules.rules.iter().take(nth).copied().collect() }
}
