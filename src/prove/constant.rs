//! Parts of conditions that are the same in every situation, and parts that the rest of their condition implies.

use std::collections::HashMap;

use super::encoding::{ConditionShape, EncodedCondition, Encoding, Formula, FormulaKind};
use super::query::{Answer, Goal, Query, plain};
use crate::text::Span;

/// What is found out once: whether a formula is the same in every world.
#[derive(Default)]
pub(super) struct Constants {
    known: HashMap<Formula, Option<bool>>,
}

/// A part of a condition that is the same in every situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// Where it stands in the policy's file.
    pub span: Span,
    /// What it is.
    pub holds: bool,
    /// Parts of it, each possible by itself, that together make it so; none: it is so by itself.
    pub because: Vec<Span>,
}

impl Constants {
    /// Whether `formula` is the same in every world; `None` also where that is not known.
    pub(super) fn of(&mut self, encoding: &Encoding, formula: Formula) -> Option<bool> {
        if let Some(constant) = plain(formula) {
            return Some(constant);
        }
        if let Some(known) = self.known.get(&formula) {
            return *known;
        }
        let constant = match encoding.formulas.shape(formula) {
            FormulaKind::Constant(value) => Some(*value),
            FormulaKind::Not(part) => self.of(encoding, *part).map(|holds| !holds),
            FormulaKind::Atom(_) => asked(encoding, &[formula]),
            FormulaKind::And(parts) => self.of_all(encoding, formula, parts, true),
            FormulaKind::Or(parts) => self.of_all(encoding, formula, parts, false),
        };
        self.known.insert(formula, constant);
        constant
    }

    /// Of an `and`: never, if parts that are about the same never hold together; always, if each of them does. Of an
    /// `or` the opposite.
    fn of_all(&mut self, encoding: &Encoding, whole: Formula, parts: &[Formula], all: bool) -> Option<bool> {
        let constants: Vec<Option<bool>> = parts.iter().map(|part| self.of(encoding, *part)).collect();
        if constants.contains(&Some(!all)) {
            return Some(!all);
        }
        if constants.iter().all(|constant| *constant == Some(all)) {
            return Some(all);
        }
        let Some(groups) = groups(encoding, parts) else {
            return contradicts(encoding, &[whole], all).then_some(!all);
        };
        let mut groups = groups.into_iter().filter(|group| group.len() > 1);
        groups.any(|group| contradicts(encoding, &group, all)).then_some(!all)
    }
}

/// Whether `parts` are never all as `wanted`.
fn contradicts(encoding: &Encoding, parts: &[Formula], wanted: bool) -> bool {
    let goals: Vec<Goal> = parts.iter().map(|part| (*part, wanted)).collect();
    matches!(Query::new(encoding).solve(&goals), Answer::Unsat(_))
}

/// Whether one formula is the same in every world.
fn asked(encoding: &Encoding, formula: &[Formula]) -> Option<bool> {
    [true, false].into_iter().find(|wanted| contradicts(encoding, formula, !wanted))
}

/// `parts` in groups that have nothing to do with one another; `None`: that is not known.
fn groups(encoding: &Encoding, parts: &[Formula]) -> Option<Vec<Vec<Formula>>> {
    let mut groups: Vec<(Vec<super::encoding::VariableGroup>, Vec<Formula>)> = Vec::new();
    for part in parts {
        let variable_groups = encoding.formulas.variable_groups(*part).as_ref()?;
        let (joined, apart): (Vec<_>, Vec<_>) = groups
            .into_iter()
            .partition(|(about, _)| about.iter().any(|matter| variable_groups.contains(matter)));
        let mut about: Vec<_> = variable_groups.iter().copied().collect();
        let mut members = Vec::new();
        for (others, formulas) in joined {
            about.extend(others);
            members.extend(formulas);
        }
        members.push(*part);
        groups = apart;
        groups.push((about, members));
    }
    Some(groups.into_iter().map(|(_, members)| members).collect())
}

/// The smallest parts of `term` that are the same in every situation, each for a reason of its own. `definitions` are
/// told where they stand.
pub(super) fn constants(
    encoding: &Encoding,
    known: &mut Constants,
    term: &EncodedCondition,
    found: &mut Vec<Constant>,
) {
    for part in &term.parts {
        constants(encoding, known, part, found);
    }
    let Some(holds) = known.of(encoding, term.formula) else { return };
    let mut parts = term.parts.iter().map(|part| known.of(encoding, part.formula));
    let explained = match term.kind {
        ConditionShape::Definition(_) => true,
        ConditionShape::Fact => false,
        ConditionShape::Not => parts.all(|part| part.is_some()),
        ConditionShape::And if holds => parts.all(|part| part == Some(true)),
        ConditionShape::And => parts.any(|part| part == Some(false)),
        ConditionShape::Or if holds => parts.any(|part| part == Some(true)),
        ConditionShape::Or => parts.all(|part| part == Some(false)),
    };
    if !explained {
        let because = because(encoding, term, holds);
        found.push(Constant { span: term.span, holds, because });
    }
}

/// The fewest parts that make the whole what it is, where not all are needed.
fn because(encoding: &Encoding, term: &EncodedCondition, holds: bool) -> Vec<Span> {
    let wanted = !holds;
    let mut needed: Vec<&EncodedCondition> = term.parts.iter().collect();
    let mut place = 0;
    while place < needed.len() && needed.len() > 1 {
        let mut fewer = needed.clone();
        fewer.remove(place);
        let formulas: Vec<Formula> = fewer.iter().map(|part| part.formula).collect();
        if contradicts(encoding, &formulas, wanted) {
            needed = fewer;
        } else {
            place += 1;
        }
    }
    needed.into_iter().map(|part| part.span).collect()
}

/// The parts of `term` that could be left out of it without a difference.
pub(super) fn redundant(encoding: &Encoding, known: &mut Constants, term: &EncodedCondition) -> Vec<Span> {
    let mut left_out = Vec::new();
    within(encoding, known, term, &mut Vec::new(), &mut left_out);
    left_out
}

/// `context` is what must be so for `term` to matter in its condition.
fn within(
    encoding: &Encoding,
    known: &mut Constants,
    term: &EncodedCondition,
    context: &mut Vec<Goal>,
    left_out: &mut Vec<Span>,
) {
    // What is the same everywhere is another finding.
    if known.of(encoding, term.formula).is_some() {
        return;
    }
    let all = match term.kind {
        ConditionShape::And => true,
        ConditionShape::Or => false,
        ConditionShape::Not => {
            for part in &term.parts {
                within(encoding, known, part, context, left_out);
            }
            return;
        }
        ConditionShape::Definition(_) | ConditionShape::Fact => return,
    };
    let mut kept: Vec<&EncodedCondition> = term.parts.iter().collect();
    for part in term.parts.iter().rev() {
        let siblings = kept.iter().filter(|other| other.span != part.span).map(|other| (other.formula, all));
        let mut goals: Vec<Goal> = context.iter().copied().chain(siblings).collect();
        let is_constant = known.of(encoding, part.formula).is_some();
        goals.push((part.formula, !all));
        if !is_constant && kept.len() > 1 && matches!(Query::new(encoding).solve(&goals), Answer::Unsat(_)) {
            kept.retain(|other| other.span != part.span);
            left_out.push(part.span);
        }
    }
    for part in &kept {
        let before = context.len();
        context.extend(kept.iter().filter(|other| other.span != part.span).map(|other| (other.formula, all)));
        within(encoding, known, part, context, left_out);
        context.truncate(before);
    }
}
