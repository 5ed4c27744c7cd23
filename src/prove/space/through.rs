//! One world at many moments.

use std::collections::HashMap;

use super::Space;
use super::atom::Atom;
use super::bits::Bits;
use super::formula::{Formula, Matter, Shape};
use super::times::Openings;
use super::world::{Seen, World};

/// At which of some moments formulas hold, in a world that is otherwise the same; each is looked at once.
pub(in crate::prove) struct Through<'s, 'a> {
    space: &'s Space<'a>,
    seen: Seen<'s, 'a>,
    moments: &'s Openings,
    known: HashMap<Formula, Bits>,
}

impl<'s, 'a> Through<'s, 'a> {
    pub(in crate::prove) fn new(space: &'s Space<'a>, world: &'s World, moments: &'s Openings) -> Self {
        Self { space, seen: Seen::new(space, world), moments, known: HashMap::new() }
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
        let matters = self.space.formulas.matters(formula);
        matters.as_ref().is_none_or(|matters| matters.contains(&Matter::Moment))
    }

    pub(in crate::prove) fn holds(&mut self, formula: Formula) -> Bits {
        if let Some(known) = self.known.get(&formula) {
            return known.clone();
        }
        let space = self.space;
        let is_of_time = self.is_of_time(formula);
        let all = || Bits::all(self.moments.count);
        let holds = match space.formulas.shape(formula) {
            _ if !is_of_time => {
                if self.seen.holds(formula) {
                    all()
                } else {
                    all().rest()
                }
            }
            Shape::Constant(value) => {
                if *value {
                    all()
                } else {
                    all().rest()
                }
            }
            Shape::Atom(atom) => match space.formulas.atom_at(*atom) {
                Atom::Open(calendar) => self.moments.of(*calendar).cloned().unwrap_or_else(|| all().rest()),
                _ if self.seen.holds(formula) => all(),
                _ => all().rest(),
            },
            Shape::Not(part) => self.holds(*part).rest(),
            Shape::And(parts) => {
                let mut holds = all();
                parts.iter().for_each(|part| holds.keep(&self.holds(*part), true));
                holds
            }
            Shape::Or(parts) => {
                let mut holds = all().rest();
                parts.iter().for_each(|part| holds.add(&self.holds(*part)));
                holds
            }
        };
        self.known.insert(formula, holds.clone());
        holds
    }
}
