//! What the rules above leave to a rule: what is so of every message that it can decide, though its own condition does not
//! say so.

use std::collections::BTreeMap;

use super::encoding::{EncodedCondition, EncodedRule, Encoding, Formula, FormulaKind, Formulas};
use super::query::{Answer, Goal, Query};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::{Condition, ConditionKind, Policy};

/// The steps of the prover for all rules that are asked about.
const MAX_STEPS: u64 = 5_000_000;

/// So many facts of a rule are looked at. Below hundreds of rules about words there are hundreds, which nobody reads.
const MAX_FACTS: usize = 16;

/// A part of the condition of a rule above, and whether it holds in every message that is left.
#[derive(Debug, Clone, Copy)]
pub struct LeftOver<'p> {
    /// The part.
    pub condition: &'p Condition,
    /// Whether it holds.
    pub holds: bool,
}

/// What the rules above leave to each rule for which `is_wanted`, by its index in [`Policy::rules`]. Rules are left out to
/// which nothing is left, and those of which nothing can be said.
///
/// A rule above whose condition has one part more than what is known shows that this part does not hold (unit propagation:
/// Davis, Logemann and Loveland, *A Machine Program for Theorem-Proving*, 1962). That is not everything that could be
/// proved, but everything that can be told in few words.
pub fn left_over<'p>(
    policy: &'p Policy,
    inbox: &Inbox,
    is_wanted: impl Fn(usize) -> bool,
) -> BTreeMap<usize, Vec<LeftOver<'p>>> {
    let mut found = BTreeMap::new();
    if inbox.is_inferred {
        return found;
    }
    let (encoding, [encoded]) = Encoding::of(inbox, [policy]);
    encoding.limit(MAX_STEPS);
    if !encoding.is_complete() {
        return found;
    }
    for kind in [RuleKind::Regular, RuleKind::Move] {
        let asked = KindEncoding { encoding: &encoding, kind };
        let mut above: Vec<Term> = Vec::new();
        for rule in encoded.rules_of(kind) {
            let condition = policy.rules.get(rule.index).and_then(|rule| rule.when.as_ref());
            if is_wanted(rule.index) {
                let facts = PartialAssignment::of(asked, rule).unit_propagate(asked, &above);
                let facts = facts.map(|facts| informative(asked, rule, facts)).unwrap_or_default();
                if !facts.is_empty() {
                    found.insert(rule.index, facts);
                }
            }
            if let (Some(when), Some(condition)) = (&rule.when, condition) {
                add_terms(asked, when, condition, &mut above);
            }
        }
    }
    found
}

/// The encoding, and the kind of rules that it is read for: rules that are not `move` or `also` are only evaluated without an open
/// chat.
#[derive(Clone, Copy)]
struct KindEncoding<'e, 'a> {
    encoding: &'e Encoding<'a>,
    kind: RuleKind,
}

impl KindEncoding<'_, '_> {
    /// The formula without `not` that says whether a condition holds, and its value where that `holds` or not.
    fn literal(self, formula: Formula, holds: bool) -> (Formula, bool) {
        plain(self.encoding, self.encoding.where_asked(self.kind, formula), holds)
    }
}

/// A part of a condition, encoded and as it is written, and whether it must hold.
#[derive(Debug, Clone, Copy)]
struct TermPart<'e, 'p> {
    encoded: &'e EncodedCondition,
    condition: &'p Condition,
    holds: bool,
    /// The same as the value of a formula.
    literal: (Formula, bool),
}

/// Parts that a rule above has joined by `and`: it takes every message of which all are true.
type Term<'e, 'p> = Vec<TermPart<'e, 'p>>;

/// Adds the terms of a condition, which has several if it is joined by `or`.
fn add_terms<'e, 'p>(
    asked: KindEncoding<'_, '_>,
    encoded: &'e EncodedCondition,
    condition: &'p Condition,
    terms: &mut Vec<Term<'e, 'p>>,
) {
    if let ConditionKind::Or(parts) = &condition.kind {
        for (encoded, part) in encoded.parts.iter().zip(parts) {
            add_terms(asked, encoded, part, terms);
        }
    } else {
        let mut term = Vec::new();
        add_parts(asked, encoded, condition, true, &mut term);
        terms.push(term);
    }
}

/// Adds the parts that `condition`, if it `holds` or not, is a conjunction of.
fn add_parts<'e, 'p>(
    asked: KindEncoding<'_, '_>,
    encoded: &'e EncodedCondition,
    condition: &'p Condition,
    holds: bool,
    parts: &mut Term<'e, 'p>,
) {
    match (&condition.kind, holds) {
        (ConditionKind::And(inner), true) | (ConditionKind::Or(inner), false) => {
            for (encoded, part) in encoded.parts.iter().zip(inner) {
                add_parts(asked, encoded, part, holds, parts);
            }
        }
        (ConditionKind::Not(inner), _) => {
            if let Some(encoded) = encoded.parts.first() {
                add_parts(asked, encoded, inner, !holds, parts);
            }
        }
        _ => {
            let literal = asked.literal(encoded.formula, holds);
            parts.push(TermPart { encoded, condition, holds, literal });
        }
    }
}

/// The values of formulas that hold for all messages of a rule.
#[derive(Default)]
struct PartialAssignment(BTreeMap<Formula, bool>);

impl PartialAssignment {
    /// What the rule's own condition says.
    fn of(KindEncoding { encoding, kind }: KindEncoding<'_, '_>, rule: &EncodedRule) -> Self {
        let mut known = Self::default();
        known.add(encoding, rule.holds, true);
        for (formula, holds) in encoding.asked(kind) {
            known.add(encoding, formula, holds);
        }
        known
    }

    fn add(&mut self, encoding: &Encoding, formula: Formula, holds: bool) {
        let (formula, holds) = plain(encoding, formula, holds);
        if self.0.insert(formula, holds).is_some() {
            return;
        }
        match (encoding.formulas.kind(formula), holds) {
            (FormulaKind::And(parts), true) | (FormulaKind::Or(parts), false) => {
                for part in parts.iter() {
                    self.add(encoding, *part, holds);
                }
            }
            _ => {}
        }
    }

    /// Whether the part is as its term says.
    fn value(&self, part: &TermPart<'_, '_>) -> Option<bool> {
        let (formula, wanted) = part.literal;
        let value = Formulas::as_constant(formula).or_else(|| self.0.get(&formula).copied())?;
        Some(value == wanted)
    }

    /// What follows from the fact that no term of the rules `above` takes the message; `None` if one takes all.
    fn unit_propagate<'e, 'p>(
        mut self,
        asked: KindEncoding<'_, '_>,
        above: &[Term<'e, 'p>],
    ) -> Option<Term<'e, 'p>> {
        let mut learned = Vec::new();
        let mut is_new = true;
        while is_new && asked.encoding.consume(above.len() as u64) {
            is_new = false;
            for term in above {
                if term.iter().any(|part| self.value(part) == Some(false)) {
                    continue;
                }
                let mut open = term.iter().filter(|part| self.value(part).is_none());
                match (open.next(), open.next()) {
                    (None, _) => return None,
                    (Some(only), None) => {
                        let (formula, value) = only.literal;
                        self.add(asked.encoding, formula, !value);
                        add_parts(asked, only.encoded, only.condition, !only.holds, &mut learned);
                        is_new = true;
                    }
                    _ => {}
                }
            }
        }
        Some(learned)
    }
}

/// The formula without `not`, and its value.
fn plain(encoding: &Encoding, formula: Formula, holds: bool) -> (Formula, bool) {
    match encoding.formulas.kind(formula) {
        FormulaKind::Not(inner) => (*inner, !holds),
        _ => (formula, holds),
    }
}

/// Those of the facts that follow neither from the rule's condition nor from those before them.
fn informative<'p>(
    KindEncoding { encoding, kind }: KindEncoding<'_, '_>,
    rule: &EncodedRule,
    facts: Term<'_, 'p>,
) -> Vec<LeftOver<'p>> {
    let mut query = Query::new(encoding);
    let mut goals: Vec<Goal> = vec![(rule.holds, true)];
    goals.extend(encoding.asked(kind));
    let mut kept = Vec::new();
    for fact in facts.into_iter().take(MAX_FACTS) {
        let (formula, value) = fact.literal;
        goals.push((formula, !value));
        let follows = matches!(query.solve(&goals), Answer::Unsat(_));
        goals.pop();
        if !follows {
            goals.push((formula, value));
            kept.push(LeftOver { condition: fact.condition, holds: fact.holds });
        }
    }
    kept
}
