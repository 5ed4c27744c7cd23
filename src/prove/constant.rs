//! Parts of conditions that have the same value in every situation, and parts that the rest of their condition implies.

use std::collections::{BTreeMap, HashMap};

use super::encoding::{
    ConditionShape, EncodedCondition, Encoding, Formula, FormulaKind, Formulas, VariableGroup,
};
use super::query::{Answer, Goal, Query};
use crate::language::ast::RuleKind;
use crate::text::Span;

/// Whether formulas are constant, each determined once.
#[derive(Default)]
pub(super) struct Constants {
    memo: HashMap<Formula, Option<bool>>,
}

/// A part of a condition that has the same value in every situation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Constant {
    /// The part, in the policy's file.
    pub span: Span,
    /// Its value.
    pub holds: bool,
    /// Parts of it that together make it so, though each of them varies; none if it is not composed of parts.
    pub because: Vec<Span>,
    /// It is so only in the situations in which rules of this kind are asked.
    pub asked: Option<RuleKind>,
}

impl Constant {
    /// A condition that never holds.
    pub(super) fn never(span: Span) -> Self {
        Self { span, holds: false, because: Vec::new(), asked: None }
    }
}

impl Constants {
    /// The value of a formula that is constant; `None` also if that is not known.
    pub(super) fn of(&mut self, encoding: &Encoding, formula: Formula) -> Option<bool> {
        if let Some(constant) = Formulas::as_constant(formula) {
            return Some(constant);
        }
        if let Some(known) = self.memo.get(&formula) {
            return *known;
        }
        let constant = match encoding.formulas.kind(formula) {
            FormulaKind::Constant(value) => Some(*value),
            FormulaKind::Not(part) => self.of(encoding, *part).map(|holds| !holds),
            FormulaKind::Atom(_) => {
                [true, false].into_iter().find(|value| never_all(encoding, &[formula], !value))
            }
            FormulaKind::And(parts) => self.of_junction(encoding, formula, parts, true),
            FormulaKind::Or(parts) => self.of_junction(encoding, formula, parts, false),
        };
        self.memo.insert(formula, constant);
        constant
    }

    /// An `and` is false if some of its parts are never true together, and true if each of them is. An `or` is its
    /// dual.
    ///
    /// Parts of different groups cannot contradict each other, so a query contains only the parts of one group. Such
    /// queries are small, and many rules share them.
    fn of_junction(
        &mut self,
        encoding: &Encoding,
        whole: Formula,
        parts: &[Formula],
        all: bool,
    ) -> Option<bool> {
        let constants: Vec<Option<bool>> = parts.iter().map(|part| self.of(encoding, *part)).collect();
        if constants.contains(&Some(!all)) {
            return Some(!all);
        }
        if constants.iter().all(|constant| *constant == Some(all)) {
            return Some(all);
        }
        let Some(groups) = independent_groups(encoding, parts) else {
            return never_all(encoding, &[whole], all).then_some(!all);
        };
        let mut groups = groups.into_iter().filter(|group| group.len() > 1);
        groups.any(|group| never_all(encoding, &group, all)).then_some(!all)
    }
}

/// Whether it is proved that `parts` never all have the value `wanted`.
fn never_all(encoding: &Encoding, parts: &[Formula], wanted: bool) -> bool {
    if encoding.is_exhausted() {
        return false;
    }
    let goals: Vec<Goal> = parts.iter().map(|part| (*part, wanted)).collect();
    matches!(Query::new(encoding).solve(&goals), Answer::Unsat(_))
}

/// `parts` divided so that those of different groups have no atoms in common groups; `None` if that is not known.
fn independent_groups(encoding: &Encoding, parts: &[Formula]) -> Option<Vec<Vec<Formula>>> {
    // Groups of variables that some part ties together have the same root (union-find: B. Galler and M. Fischer, *An improved
    // equivalence algorithm*, 1964).
    let mut roots: BTreeMap<VariableGroup, VariableGroup> = BTreeMap::new();
    for part in parts {
        let mut together = encoding.formulas.variable_groups(*part).as_ref()?.iter();
        let Some(first) = together.next() else { continue };
        let first = root(&mut roots, *first);
        for other in together {
            let other = root(&mut roots, *other);
            roots.insert(other, first);
        }
    }
    let mut groups: BTreeMap<Option<VariableGroup>, Vec<Formula>> = BTreeMap::new();
    for part in parts {
        let first = encoding.formulas.variable_groups(*part).as_ref()?.first();
        let root = first.map(|first| root(&mut roots, *first));
        groups.entry(root).or_default().push(*part);
    }
    Some(groups.into_values().collect())
}

/// The root of a group of variables; the way to it is halved for the next time.
fn root(roots: &mut BTreeMap<VariableGroup, VariableGroup>, of: VariableGroup) -> VariableGroup {
    let mut here = of;
    loop {
        let next = *roots.entry(here).or_insert(here);
        if next == here {
            return here;
        }
        let beyond = *roots.entry(next).or_insert(next);
        roots.insert(here, beyond);
        here = beyond;
    }
}

/// The smallest parts of `condition` that are constant, each for a reason of its own. A definition that is constant is
/// reported where it is defined.
pub(super) fn constants(
    encoding: &Encoding,
    known: &mut Constants,
    condition: &EncodedCondition,
    found: &mut Vec<Constant>,
) {
    let first = found.len();
    for part in &condition.parts {
        constants(encoding, known, part, found);
    }
    let Some(holds) = known.of(encoding, condition.formula) else { return };
    if matches!(condition.shape, ConditionShape::Not) && !holds {
        // What always holds is only odd, but its denial can never hold, and that is what matters.
        found.truncate(first);
        found.push(Constant::never(condition.span));
        return;
    }
    let mut parts = condition.parts.iter().map(|part| known.of(encoding, part.formula));
    let explained = match condition.shape {
        ConditionShape::Definition => true,
        ConditionShape::Fact => false,
        ConditionShape::Not => parts.all(|part| part.is_some()),
        ConditionShape::And if holds => parts.all(|part| part == Some(true)),
        ConditionShape::And => parts.any(|part| part == Some(false)),
        ConditionShape::Or if holds => parts.any(|part| part == Some(true)),
        ConditionShape::Or => parts.all(|part| part == Some(false)),
    };
    if !explained {
        let because = because(&condition.parts, |parts| never_all(encoding, parts, !holds));
        found.push(Constant { span: condition.span, holds, because, asked: None });
    }
}

/// The parts that make the whole constant, without those that are not needed (deletion-based, as the blockers of a
/// rule). `is_enough`: whether these make it so.
fn because(parts: &[EncodedCondition], is_enough: impl Fn(&[Formula]) -> bool) -> Vec<Span> {
    let mut needed: Vec<&EncodedCondition> = parts.iter().collect();
    let mut position = 0;
    while position < needed.len() && needed.len() > 1 {
        let mut fewer = needed.clone();
        fewer.remove(position);
        let formulas: Vec<Formula> = fewer.iter().map(|part| part.formula).collect();
        if is_enough(&formulas) {
            needed = fewer;
        } else {
            position += 1;
        }
    }
    needed.into_iter().map(|part| part.span).collect()
}

/// The smallest part of `condition` that makes it false wherever rules of the kind are asked, though not everywhere.
pub(super) fn never_asked(
    encoding: &Encoding,
    known: &mut Constants,
    condition: &EncodedCondition,
    kind: RuleKind,
) -> Constant {
    let asked = encoding.asked(kind);
    let never = |parts: &[Formula]| {
        let parts = parts.iter().map(|part| (encoding.where_asked(kind, *part), true));
        let goals: Vec<Goal> = asked.iter().copied().chain(parts).collect();
        matches!(Query::new(encoding).solve(&goals), Answer::Unsat(_))
    };
    let mut smallest = condition;
    while smallest.shape == ConditionShape::And
        && let Some(part) = smallest.parts.iter().find(|part| never(&[part.formula]))
    {
        smallest = part;
    }
    let is_known = |part: &EncodedCondition| known.of(encoding, part.formula) == Some(false);
    let mut parts = Vec::new();
    if smallest.shape == ConditionShape::And && !smallest.parts.iter().any(is_known) {
        parts = because(&smallest.parts, never);
    }
    Constant { span: smallest.span, holds: false, because: parts, asked: Some(kind) }
}

/// The parts of an `or` in the condition of a rule that are false where no chat is open, though not everywhere: the
/// `chat_waiting` of `chat_waiting or new_customer`.
pub(super) fn parts_never_asked(
    encoding: &Encoding,
    known: &mut Constants,
    condition: &EncodedCondition,
    found: &mut Vec<Constant>,
) {
    let kind = RuleKind::Regular;
    if !matches!(condition.shape, ConditionShape::Or | ConditionShape::And) {
        return;
    }
    for part in &condition.parts {
        if encoding.where_asked(kind, part.formula) != Formulas::FALSE {
            parts_never_asked(encoding, known, part, found);
        } else if known.of(encoding, part.formula).is_none() {
            found.push(never_asked(encoding, known, part, kind));
        }
    }
}

/// The parts of the condition of a rule of this kind (or of a definition, which is like an `also` rule) that could be
/// removed without a difference.
pub(super) fn redundant(
    encoding: &Encoding,
    known: &mut Constants,
    condition: &EncodedCondition,
    kind: RuleKind,
) -> Vec<Span> {
    let mut search = RedundantParts { encoding, known, kind, found: Vec::new() };
    // There is no `move otherwise`, so that a condition which always holds there is needed.
    let is_always = encoding.where_asked(kind, condition.formula) == Formulas::TRUE;
    if is_always && search.known.of(encoding, condition.formula).is_none() {
        return vec![condition.span];
    }
    search.find(condition, &mut encoding.asked(kind));
    search.found
}

/// The search for redundant parts.
struct RedundantParts<'s, 'a> {
    encoding: &'s Encoding<'a>,
    known: &'s mut Constants,
    kind: RuleKind,
    found: Vec<Span>,
}

impl RedundantParts<'_, '_> {
    /// `context`: the goals that must be met for the value of `condition` to matter. A part is redundant if under them,
    /// and with the other parts at the value that leaves the decision to it, it has no other value.
    fn find(&mut self, condition: &EncodedCondition, context: &mut Vec<Goal>) {
        // A constant is a finding of its own.
        if self.known.of(self.encoding, condition.formula).is_some() {
            return;
        }
        let all = match condition.shape {
            ConditionShape::And => true,
            ConditionShape::Or => false,
            ConditionShape::Not => {
                for part in &condition.parts {
                    self.find(part, context);
                }
                return;
            }
            ConditionShape::Definition | ConditionShape::Fact => return,
        };
        let (encoding, kind) = (self.encoding, self.kind);
        let formula = |part: &EncodedCondition| encoding.where_asked(kind, part.formula);
        let mut kept: Vec<&EncodedCondition> = condition.parts.iter().collect();
        for part in condition.parts.iter().rev() {
            let siblings =
                kept.iter().filter(|other| other.span != part.span).map(|other| (formula(other), all));
            let mut goals: Vec<Goal> = context.iter().copied().chain(siblings).collect();
            let is_constant = self.known.of(encoding, part.formula).is_some();
            goals.push((formula(part), !all));
            if !is_constant
                && kept.len() > 1
                && matches!(Query::new(encoding).solve(&goals), Answer::Unsat(_))
            {
                kept.retain(|other| other.span != part.span);
                self.found.push(part.span);
            }
        }
        for part in &kept {
            let before = context.len();
            context.extend(
                kept.iter().filter(|other| other.span != part.span).map(|other| (formula(other), all)),
            );
            self.find(part, context);
            context.truncate(before);
        }
    }
}
