//! Formulas over atoms.
//!
//! Formulas are hash-consed: two that are built in the same way are the same, so that equality is a comparison of two
//! numbers and each formula is evaluated and encoded once (Ershov, *On Programming of Arithmetic Operations*, 1958; the
//! structure is that of an and-inverter graph with more than two inputs).

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::atom::{Atom, Person, TextSubject};
use super::index_vec::{IndexVec, index_types};

index_types! {
    /// A formula, by its index in [`Formulas`].
    Formula;
    /// An atom, by its index in [`Formulas`].
    AtomId;
}

/// How a formula is built.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::prove) enum FormulaKind {
    Constant(bool),
    Atom(AtomId),
    Not(Formula),
    /// In order, without constants and without duplicates.
    And(Arc<[Formula]>),
    /// In order, without constants and without duplicates.
    Or(Arc<[Formula]>),
}

/// A part of a situation that is independent of the others: no lemma joins atoms of different groups, except that an
/// owner is a user. Formulas without a common group cannot contradict each other, so they need no query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::prove) enum VariableGroup {
    Customer,
    Presence,
    /// The open chat: what is false where none is open.
    Chat,
    Waiting,
    Moment,
    Kind,
    Age,
    Text(TextSubject),
    Tag(AtomId),
}

/// The groups of a formula's atoms; `None` if there are more than [`MAX_GROUPS`].
pub(in crate::prove) type VariableGroups = Option<Arc<BTreeSet<VariableGroup>>>;

/// All formulas of an encoding.
pub(in crate::prove) struct Formulas {
    kinds: IndexVec<Formula, FormulaKind>,
    groups: IndexVec<Formula, VariableGroups>,
    known: HashMap<FormulaKind, Formula>,
    atoms: IndexVec<AtomId, Atom>,
    known_atoms: HashMap<Atom, AtomId>,
    /// What is left of formulas where no chat is open.
    without_chat: HashMap<Formula, Formula>,
}

/// Sets of groups are kept for each formula: without a limit their size could be quadratic.
const MAX_GROUPS: usize = 32;

impl Formulas {
    pub(in crate::prove) const FALSE: Formula = Formula(0);
    pub(in crate::prove) const TRUE: Formula = Formula(1);

    pub(in crate::prove) fn new() -> Self {
        let mut formulas = Self {
            kinds: IndexVec::default(),
            groups: IndexVec::default(),
            known: HashMap::new(),
            atoms: IndexVec::default(),
            known_atoms: HashMap::new(),
            without_chat: HashMap::new(),
        };
        // These have the indices of the constants above.
        formulas.intern(FormulaKind::Constant(false), Some(Arc::default()));
        formulas.intern(FormulaKind::Constant(true), Some(Arc::default()));
        formulas
    }

    pub(in crate::prove) fn kinds(&self) -> &IndexVec<Formula, FormulaKind> {
        &self.kinds
    }

    pub(in crate::prove) fn kind(&self, formula: Formula) -> &FormulaKind {
        &self.kinds[formula]
    }

    pub(in crate::prove) fn variable_groups(&self, formula: Formula) -> &VariableGroups {
        &self.groups[formula]
    }

    pub(in crate::prove) fn atom_at(&self, atom: AtomId) -> &Atom {
        &self.atoms[atom]
    }

    pub(in crate::prove) fn atoms(&self) -> &IndexVec<AtomId, Atom> {
        &self.atoms
    }

    /// The formula of an atom, if some policy mentions it.
    pub(in crate::prove) fn find(&self, atom: &Atom) -> Option<Formula> {
        self.known.get(&FormulaKind::Atom(*self.known_atoms.get(atom)?)).copied()
    }

    pub(in crate::prove) fn constant(value: bool) -> Formula {
        if value { Self::TRUE } else { Self::FALSE }
    }

    /// The value of a formula that is a constant.
    pub(in crate::prove) fn as_constant(formula: Formula) -> Option<bool> {
        match formula {
            Self::TRUE => Some(true),
            Self::FALSE => Some(false),
            _ => None,
        }
    }

    pub(in crate::prove) fn atom(&mut self, atom: Atom) -> Formula {
        let id = match self.known_atoms.get(&atom) {
            Some(id) => *id,
            None => {
                let id = self.atoms.push(atom.clone());
                self.known_atoms.insert(atom, id);
                id
            }
        };
        let groups = Some(Arc::new(BTreeSet::from_iter(groups_of(id, self.atom_at(id)))));
        self.intern(FormulaKind::Atom(id), groups)
    }

    pub(in crate::prove) fn not(&mut self, formula: Formula) -> Formula {
        match *self.kind(formula) {
            FormulaKind::Constant(value) => Self::constant(!value),
            FormulaKind::Not(inner) => inner,
            _ => {
                let groups = self.variable_groups(formula).clone();
                self.intern(FormulaKind::Not(formula), groups)
            }
        }
    }

    /// That just one of the two holds.
    pub(in crate::prove) fn xor(&mut self, one: Formula, other: Formula) -> Formula {
        let (not_one, not_other) = (self.not(one), self.not(other));
        let parts = [self.and([one, not_other]), self.and([not_one, other])];
        self.or(parts)
    }

    pub(in crate::prove) fn and(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        self.junction(parts, true)
    }

    pub(in crate::prove) fn or(&mut self, parts: impl IntoIterator<Item = Formula>) -> Formula {
        self.junction(parts, false)
    }

    /// The conjunction of `parts` if `all`, else the disjunction.
    pub(in crate::prove) fn junction(
        &mut self,
        parts: impl IntoIterator<Item = Formula>,
        all: bool,
    ) -> Formula {
        let mut parts: Vec<Formula> = parts.into_iter().collect();
        let (neutral, decisive) = (Self::constant(all), Self::constant(!all));
        parts.retain(|part| *part != neutral);
        parts.sort_unstable();
        parts.dedup();
        let is_opposed = |part: &Formula| match self.kind(*part) {
            FormulaKind::Not(inner) => parts.binary_search(inner).is_ok(),
            _ => false,
        };
        if parts.contains(&decisive) || parts.iter().any(is_opposed) {
            return decisive;
        }
        match *parts {
            [] => neutral,
            [only] => only,
            _ => {
                let groups = self.union(&parts);
                let parts: Arc<[Formula]> = parts.into();
                self.intern(if all { FormulaKind::And(parts) } else { FormulaKind::Or(parts) }, groups)
            }
        }
    }

    /// What is left of `formula` where no chat is open.
    pub(in crate::prove) fn close_chat(&mut self, formula: Formula) -> Formula {
        let groups = self.variable_groups(formula).as_ref();
        if groups.is_some_and(|groups| !groups.contains(&VariableGroup::Chat)) {
            return formula;
        }
        if let Some(known) = self.without_chat.get(&formula) {
            return *known;
        }
        let closed = match self.kind(formula).clone() {
            FormulaKind::Atom(atom) => {
                let is_about_chat = groups_of(atom, self.atom_at(atom)).contains(&VariableGroup::Chat);
                if is_about_chat { Self::FALSE } else { formula }
            }
            FormulaKind::Constant(_) => formula,
            FormulaKind::Not(part) => {
                let part = self.close_chat(part);
                self.not(part)
            }
            FormulaKind::And(parts) => self.close_parts(&parts, true),
            FormulaKind::Or(parts) => self.close_parts(&parts, false),
        };
        self.without_chat.insert(formula, closed);
        closed
    }

    fn close_parts(&mut self, parts: &[Formula], all: bool) -> Formula {
        let parts: Vec<Formula> = parts.iter().map(|part| self.close_chat(*part)).collect();
        self.junction(parts, all)
    }

    /// What [`close_chat`](Self::close_chat) has left of `formula`.
    pub(in crate::prove) fn closed(&self, formula: Formula) -> Formula {
        self.without_chat.get(&formula).copied().unwrap_or(formula)
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

    fn intern(&mut self, kind: FormulaKind, groups: VariableGroups) -> Formula {
        if let Some(known) = self.known.get(&kind) {
            return *known;
        }
        let formula = self.kinds.push(kind.clone());
        self.groups.push(groups);
        self.known.insert(kind, formula);
        formula
    }
}

impl Default for Formula {
    fn default() -> Self {
        Formulas::FALSE
    }
}

fn groups_of(id: AtomId, atom: &Atom) -> Vec<VariableGroup> {
    match atom {
        Atom::Returning | Atom::Silent { .. } => vec![VariableGroup::Customer],
        Atom::Person(Person::Owner)
        | Atom::PersonOnlyIn(Person::Owner, _)
        | Atom::PersonCounted(Person::Owner, _)
        | Atom::PersonAway(Person::Owner)
        | Atom::PersonIn(Person::Owner, _) => vec![VariableGroup::Customer, VariableGroup::Presence],
        Atom::Person(Person::ChatUser)
        | Atom::PersonOnlyIn(Person::ChatUser, _)
        | Atom::PersonCounted(Person::ChatUser, _)
        | Atom::PersonAway(Person::ChatUser)
        | Atom::PersonIn(Person::ChatUser, _)
        | Atom::OwnerHasChat => vec![VariableGroup::Customer, VariableGroup::Presence, VariableGroup::Chat],
        // Who has an open chat is a returning customer.
        Atom::ChatOpen
        | Atom::ChatAnswered
        | Atom::ChatHasGroup
        | Atom::ChatIn(_)
        | Atom::ChatTag(_)
        | Atom::ChatTime { .. } => vec![VariableGroup::Customer, VariableGroup::Chat],
        Atom::UserCount { .. } => vec![VariableGroup::Presence],
        Atom::Waiting { .. } => vec![VariableGroup::Waiting],
        Atom::Open(_) => vec![VariableGroup::Moment],
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
    fn formulas_are_simplified() {
        let mut formulas = Formulas::new();
        let (a, b) = (formulas.atom(Atom::Returning), formulas.atom(Atom::Person(Person::Owner)));
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
