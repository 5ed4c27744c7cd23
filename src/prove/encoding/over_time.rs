//! One world at many moments.

use std::collections::HashMap;

use super::Encoding;
use super::atom::Atom;
use super::bits::Bits;
use super::formula::{Formula, FormulaKind, VariableGroup};
use super::timeline::OpenMatrix;
use super::world::{Evaluator, World};

/// At which of some moments formulas hold, in a world that is otherwise the same; each is looked at once.
pub(in crate::prove) struct EvaluatorOverTime<'s, 'a> {
    encoding: &'s Encoding<'a>,
    seen: Evaluator<'s, 'a>,
    moments: &'s OpenMatrix,
    known: HashMap<Formula, Bits>,
}

impl<'s, 'a> EvaluatorOverTime<'s, 'a> {
    pub(in crate::prove) fn new(
        encoding: &'s Encoding<'a>,
        world: &'s World,
        moments: &'s OpenMatrix,
    ) -> Self {
        Self { encoding, seen: Evaluator::new(encoding, world), moments, known: HashMap::new() }
    }

    /// Leaves those of `moments` at which `formula` holds (or does not).
    pub(in crate::prove) fn keep(&mut self, moments: &mut Bits, formula: Formula, holds: bool) {
        if self.is_of_time(formula) {
            moments.keep(&self.holds(formula), holds);
        } else if self.seen.holds(formula) != holds {
            *moments = Bits::none(self.moments.count);
        }
    }

    fn is_of_time(&self, formula: Formula) -> bool {
        let variable_groups = self.encoding.formulas.variable_groups(formula);
        variable_groups
            .as_ref()
            .is_none_or(|variable_groups| variable_groups.contains(&VariableGroup::MomentId))
    }

    pub(in crate::prove) fn holds(&mut self, formula: Formula) -> Bits {
        if let Some(known) = self.known.get(&formula) {
            return known.clone();
        }
        let encoding = self.encoding;
        let is_of_time = self.is_of_time(formula);
        let all = || Bits::all(self.moments.count);
        let holds = match encoding.formulas.shape(formula) {
            _ if !is_of_time => {
                if self.seen.holds(formula) {
                    all()
                } else {
                    all().rest()
                }
            }
            FormulaKind::Constant(value) => {
                if *value {
                    all()
                } else {
                    all().rest()
                }
            }
            FormulaKind::Atom(atom) => match encoding.formulas.atom_at(*atom) {
                Atom::Open(calendar) => self.moments.of(*calendar).cloned().unwrap_or_else(|| all().rest()),
                _ if self.seen.holds(formula) => all(),
                _ => all().rest(),
            },
            FormulaKind::Not(part) => self.holds(*part).rest(),
            FormulaKind::And(parts) => {
                let mut holds = all();
                parts.iter().for_each(|part| holds.keep(&self.holds(*part), true));
                holds
            }
            FormulaKind::Or(parts) => {
                let mut holds = all().rest();
                parts.iter().for_each(|part| holds.add(&self.holds(*part)));
                holds
            }
        };
        self.known.insert(formula, holds.clone());
        holds
    }
}
