//! The value of formulas at many moments at once, in a situation that is otherwise the same.

use std::collections::HashMap;

use fixedbitset::FixedBitSet;

use super::Encoding;
use super::atom::Atom;
use super::formula::{Formula, FormulaKind, VariableGroup};
use super::timeline::{OpenMatrix, complement, keep};
use super::world::{Evaluator, World};

/// Evaluates each formula once, as the set of the moments at which it holds.
pub(in crate::prove) struct EvaluatorOverTime<'s, 'a> {
    encoding: &'s Encoding<'a>,
    evaluator: Evaluator<'s, 'a>,
    moments: &'s OpenMatrix,
    memo: HashMap<Formula, FixedBitSet>,
}

impl<'s, 'a> EvaluatorOverTime<'s, 'a> {
    pub(in crate::prove) fn new(
        encoding: &'s Encoding<'a>,
        world: &'s World,
        moments: &'s OpenMatrix,
    ) -> Self {
        Self { encoding, evaluator: Evaluator::new(encoding, world), moments, memo: HashMap::new() }
    }

    /// Keeps those of `moments` at which `formula` has the value `wanted`.
    pub(in crate::prove) fn keep(&mut self, moments: &mut FixedBitSet, formula: Formula, wanted: bool) {
        if self.depends_on_time(formula) {
            keep(moments, &self.holds(formula), wanted);
        } else if self.evaluator.holds(formula) != wanted {
            moments.clear();
        }
    }

    fn depends_on_time(&self, formula: Formula) -> bool {
        let groups = self.encoding.formulas.variable_groups(formula);
        groups.as_ref().is_none_or(|groups| groups.contains(&VariableGroup::Moment))
    }

    /// The moments at which `formula` holds.
    pub(in crate::prove) fn holds(&mut self, formula: Formula) -> FixedBitSet {
        if let Some(known) = self.memo.get(&formula) {
            return known.clone();
        }
        let encoding = self.encoding;
        let holds = match encoding.formulas.kind(formula) {
            _ if !self.depends_on_time(formula) => self.constant(formula),
            FormulaKind::Constant(_) => self.constant(formula),
            FormulaKind::Atom(atom) => match encoding.formulas.atom_at(*atom) {
                Atom::Open(calendar) => self.moments.of(*calendar).clone(),
                _ => self.constant(formula),
            },
            FormulaKind::Not(part) => complement(self.holds(*part)),
            FormulaKind::And(parts) => {
                let mut holds = self.moments.all();
                parts.iter().for_each(|part| holds.intersect_with(&self.holds(*part)));
                holds
            }
            FormulaKind::Or(parts) => {
                let mut holds = self.moments.none();
                parts.iter().for_each(|part| holds.union_with(&self.holds(*part)));
                holds
            }
        };
        self.memo.insert(formula, holds.clone());
        holds
    }

    fn constant(&mut self, formula: Formula) -> FixedBitSet {
        if self.evaluator.holds(formula) { self.moments.all() } else { self.moments.none() }
    }
}
