//! Formulas over atoms, each kept once.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::atom::{Atom, TextSubject};

/// A formula: its place in [`Formulas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) struct Formula(u32);

/// An atom: its place in [`Formulas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(in crate::prove) struct AtomId(u32);

/// How a formula is made.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::prove) enum FormulaKind {
    Constant(bool),
    Atom(AtomId),
    Not(Formula),
    /// None of them is a constant, and none stands twice.
    And(Arc<[Formula]>),
    /// The same.
    Or(Arc<[Formula]>),
}

/// What an atom is about. No law joins atoms that are about different things, except that an owner is a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::prove) enum VariableGroup {
    Customer,
    Presence,
    Waiting,
    MomentId,
    Kind,
    Age,
    Text(TextSubject),
    Tag(AtomId),
}

/// What a formula is about; `None`: too much to be listed.
pub(in crate::prove) type VariableGroups = Option<Arc<BTreeSet<VariableGroup>>>;

/// All formulas of a space.
pub(in crate::prove) struct Formulas {
    shapes: Vec<FormulaKind>,
    variable_groups: Vec<VariableGroups>,
    places: HashMap<FormulaKind, Formula>,
    atoms: Vec<Atom>,
    atom_places: HashMap<Atom, AtomId>,
}

/// So many matters of one formula are told apart.
const MAX_GROUPS: usize = 32;

impl Formulas {
    pub(in crate::prove) const FALSE: Formula = Formula(0);
    pub(in crate::prove) const TRUE: Formula = Formula(1);

    pub(in crate::prove) fn new() -> Self {
        let mut formulas = Self {
            shapes: Vec::new(),
            variable_groups: Vec::new(),
            places: HashMap::new(),
            atoms: Vec::new(),
            atom_places: HashMap::new(),
        };
        formulas.keep(FormulaKind::Constant(false), Some(Arc::default()));
        formulas.keep(FormulaKind::Constant(true), Some(Arc::default()));
        formulas
    }

    pub(in crate::prove) fn len(&self) -> usize {
        self.shapes.len()
    }

    pub(in crate::prove) fn shape(&self, formula: Formula) -> &FormulaKind {
        self.shapes.get(formula.place()).unwrap_or(&FormulaKind::Constant(false))
    }

    pub(in crate::prove) fn variable_groups(&self, formula: Formula) -> &VariableGroups {
        self.variable_groups.get(formula.place()).unwrap_or(&None)
    }

    pub(in crate::prove) fn atom_at(&self, atom: AtomId) -> &Atom {
        self.atoms.get(atom.0 as usize).unwrap_or(&Atom::Returning)
    }

    pub(in crate::prove) fn atoms(&self) -> impl Iterator<Item = &Atom> {
        self.atoms.iter()
    }

    /// The formula of an atom that was mentioned.
    pub(in crate::prove) fn find(&self, atom: &Atom) -> Option<Formula> {
        self.places.get(&FormulaKind::Atom(*self.atom_places.get(atom)?)).copied()
    }

    pub(in crate::prove) fn constant(value: bool) -> Formula {
        if value { Self::TRUE } else { Self::FALSE }
    }

    pub(in crate::prove) fn atom(&mut self, atom: Atom) -> Formula {
        let id = match self.atom_places.get(&atom) {
            Some(id) => *id,
            None => {
                let id = AtomId(u32::try_from(self.atoms.len()).unwrap_or(u32::MAX));
                self.atoms.push(atom.clone());
                self.atom_places.insert(atom, id);
                id
            }
        };
        let variable_groups = Some(Arc::new(BTreeSet::from_iter(groups_of(id, self.atom_at(id)))));
        self.keep(FormulaKind::Atom(id), variable_groups)
    }

    pub(in crate::prove) fn not(&mut self, formula: Formula) -> Formula {
        match *self.shape(formula) {
            FormulaKind::Constant(value) => Self::constant(!value),
            FormulaKind::Not(inner) => inner,
            _ => {
                let variable_groups = self.variable_groups(formula).clone();
                self.keep(FormulaKind::Not(formula), variable_groups)
            }
        }
    }

    pub(in crate::prove) fn and(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        self.join(parts, true)
    }

    pub(in crate::prove) fn or(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        self.join(parts, false)
    }

    /// `and` if all must hold, else `or`.
    pub(in crate::prove) fn join(&mut self, parts: impl IntoIterator<Item = Formula>, all: bool) -> Formula {
        let mut parts: Vec<Formula> = parts.into_iter().collect();
        let (neutral, decisive) = (Self::constant(all), Self::constant(!all));
        parts.retain(|part| *part != neutral);
        parts.sort_unstable();
        parts.dedup();
        let opposed = |part: &Formula| match self.shape(*part) {
            FormulaKind::Not(inner) => parts.binary_search(inner).is_ok(),
            _ => false,
        };
        if parts.contains(&decisive) || parts.iter().any(opposed) {
            return decisive;
        }
        match *parts {
            [] => neutral,
            [only] => only,
            _ => {
                let variable_groups = self.union(&parts);
                let parts: Arc<[Formula]> = parts.into();
                self.keep(if all { FormulaKind::And(parts) } else { FormulaKind::Or(parts) }, variable_groups)
            }
        }
    }

    fn union(&self, parts: &[Formula]) -> VariableGroups {
        let mut union = BTreeSet::new();
        for part in parts {
            union.extend(self.variable_groups(*part).as_ref()?.iter().copied());
            if union.len() > MAX_GROUPS {
                return None;
            }
        }
        Some(Arc::new(union))
    }

    fn keep(&mut self, shape: FormulaKind, variable_groups: VariableGroups) -> Formula {
        if let Some(known) = self.places.get(&shape) {
            return *known;
        }
        let formula = Formula(u32::try_from(self.shapes.len()).unwrap_or(u32::MAX));
        self.shapes.push(shape.clone());
        self.variable_groups.push(variable_groups);
        self.places.insert(shape, formula);
        formula
    }
}

impl Formula {
    pub(in crate::prove) fn place(self) -> usize {
        self.0 as usize
    }
}

impl AtomId {
    pub(in crate::prove) fn place(self) -> usize {
        self.0 as usize
    }
}

fn groups_of(id: AtomId, atom: &Atom) -> Vec<VariableGroup> {
    match atom {
        Atom::Returning | Atom::Silent { .. } => vec![VariableGroup::Customer],
        Atom::HasOwner | Atom::OwnerOnline => vec![VariableGroup::Customer, VariableGroup::Presence],
        Atom::UserCount { .. } => vec![VariableGroup::Presence],
        Atom::Waiting { .. } => vec![VariableGroup::Waiting],
        Atom::Open(_) => vec![VariableGroup::MomentId],
        Atom::Kind(_) => vec![VariableGroup::Kind],
        Atom::Age { .. } => vec![VariableGroup::Age],
        Atom::Tag(_) => vec![VariableGroup::Tag(id)],
        Atom::Known(subject) | Atom::Text(subject, _) => vec![VariableGroup::Text(*subject)],
        Atom::Number(attribute, _) | Atom::Flag(attribute) => {
            vec![VariableGroup::Text(TextSubject::Attribute(*attribute))]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_plain_is_folded_away() {
        let mut formulas = Formulas::new();
        let (a, b) = (formulas.atom(Atom::Returning), formulas.atom(Atom::HasOwner));
        let not_a = formulas.not(a);
        assert_eq!(formulas.not(not_a), a);
        assert_eq!(formulas.and([a, Formulas::TRUE, a]), a);
        assert_eq!(formulas.and([a, b]), formulas.and([b, a]));
        assert_eq!(formulas.and([b, a, not_a]), Formulas::FALSE);
        assert_eq!(formulas.or([b, a, not_a]), Formulas::TRUE);
        assert_eq!(formulas.or([]), Formulas::FALSE);
        assert_eq!(formulas.or([b, Formulas::TRUE]), Formulas::TRUE);
    }
}
