//! The variables of atoms, and the clauses that tie them together.

use std::collections::BTreeMap;

use super::Query;
use crate::inbox::GroupId;
use crate::language::vocabulary::{ChatTime, MessageKind};
use crate::policy::{Attribute, Scope};
use crate::prove::encoding::{
    Atom, AtomId, Bound, CalendarId, Counted, Formula, Person, TextPredicate, TextSubject,
};
use crate::prove::solver::{Batsat, Lit, Solver};

/// The atoms of a query, by what they are about.
#[derive(Default)]
pub(super) struct EncodedAtoms {
    /// All of them, in the order in which they were encoded.
    pub(super) in_order: Vec<(AtomId, Lit)>,
    pub(super) chat_groups: Vec<(GroupId, Lit)>,
    pub(super) chat_times: BTreeMap<ChatTime, BTreeMap<u64, Lit>>,
    pub(super) ages: BTreeMap<u64, Lit>,
    pub(super) silences: BTreeMap<u64, Lit>,
    pub(super) waiting: BTreeMap<Option<u32>, BTreeMap<u64, Lit>>,
    pub(super) numbers: BTreeMap<Attribute, BTreeMap<Bound, Lit>>,
    pub(super) kinds: Vec<(MessageKind, Lit)>,
    pub(super) texts: BTreeMap<TextSubject, Vec<(TextPredicate, Lit)>>,
    pub(super) calendars: Vec<(CalendarId, Lit)>,
}

impl Query<'_, '_> {
    /// The `nth` of the atoms that were encoded so far.
    pub(in crate::prove) fn atom(&self, nth: usize) -> Option<AtomId> {
        self.atoms.in_order.get(nth).map(|(atom, _)| *atom)
    }

    /// All atoms that were encoded so far.
    pub(in crate::prove) fn encoded_atoms(&self) -> impl Iterator<Item = AtomId> {
        self.atoms.in_order.iter().map(|(atom, _)| *atom)
    }

    /// The literal of an atom; false if no policy mentions it.
    pub(super) fn literal_of(&mut self, atom: &Atom) -> Lit {
        match self.encoding.formulas.find(atom) {
            Some(formula) => self.encode(formula),
            None => !self.true_literal,
        }
    }

    /// A variable for the atom. Its value in the default situation is preferred, so that models need few changes to be
    /// minimal.
    pub(super) fn encode_atom(&mut self, formula: Formula, id: AtomId) -> Lit {
        let encoding = self.encoding;
        let atom = encoding.formulas.atom_at(id);
        if let Atom::UserCount { counted, set, at_least } = atom {
            let literal = self.user_count(*counted, *set, *at_least);
            self.atoms.in_order.push((id, literal));
            return literal;
        }
        if let Atom::PersonIn(person, set) = atom {
            let literal = self.person_in(*person, *set);
            self.atoms.in_order.push((id, literal));
            return literal;
        }
        let literal = self.solver.new_variable(encoding.default_value(id));
        self.atoms.in_order.push((id, literal));
        // Its clauses may mention it again.
        self.literals.insert(formula, literal);
        self.constrain(atom, literal);
        literal
    }

    /// Adds the clauses that tie an atom to others.
    fn constrain(&mut self, atom: &Atom, literal: Lit) {
        match atom {
            Atom::Returning | Atom::Tag(_) | Atom::Known(_) | Atom::UserCount { .. } => {}
            Atom::PersonIn(..) => {}
            Atom::Person(person) => {
                let implied = if *person == Person::Owner { Atom::Returning } else { Atom::ChatOpen };
                self.add_implication(literal, &implied);
                self.constrain_person(*person);
            }
            Atom::PersonCounted(person, counted) => {
                self.add_implication(literal, &Atom::Person(*person));
                if *counted != Counted::Online {
                    self.add_implication(literal, &Atom::PersonCounted(*person, Counted::Online));
                }
                self.constrain_status(*person, *counted);
            }
            Atom::PersonAway(person) => {
                self.add_implication(literal, &Atom::Person(*person));
                let online = self.literal_of(&Atom::PersonCounted(*person, Counted::Online));
                self.solver.add_clause(&[!literal, !online]);
                self.tie_to_owner(*person, Atom::PersonAway);
            }
            Atom::PersonOnlyIn(person, side) => {
                let implied = if *person == Person::Owner { Atom::Returning } else { Atom::ChatOpen };
                self.add_implication(literal, &implied);
                for other in [Atom::Person(*person), Atom::PersonOnlyIn(*person, 1 - *side)] {
                    let other = self.literal_of(&other);
                    self.solver.add_clause(&[!literal, !other]);
                }
            }
            Atom::OwnerHasChat => {
                self.add_implication(literal, &Atom::Person(Person::Owner));
                self.add_implication(literal, &Atom::Person(Person::ChatUser));
                self.constrain_same(literal);
            }
            Atom::ChatOpen => self.add_implication(literal, &Atom::Returning),
            Atom::ChatAnswered | Atom::ChatTag(_) => self.add_implication(literal, &Atom::ChatOpen),
            Atom::ChatHasGroup => {
                self.add_implication(literal, &Atom::ChatOpen);
                self.constrain_groups();
            }
            Atom::ChatIn(group) => {
                self.add_implication(literal, &Atom::ChatHasGroup);
                for (_, other) in &self.atoms.chat_groups {
                    self.solver.add_clause(&[!literal, !*other]);
                }
                self.atoms.chat_groups.push((*group, literal));
                self.constrain_groups();
            }
            Atom::ChatTime { of, at_least } => {
                self.add_implication(literal, &Atom::ChatOpen);
                if *of == ChatTime::WaitingFor {
                    let user = self.literal_of(&Atom::Person(Person::ChatUser));
                    self.solver.add_clause(&[!literal, !user]);
                }
                let chain = self.atoms.chat_times.entry(*of).or_default();
                insert_ordered(&mut self.solver, chain, *at_least, literal);
                if *at_least > 0 {
                    self.literal_of(&Atom::ChatTime { of: *of, at_least: 0 });
                }
            }
            Atom::Silent { at_least } => {
                self.add_implication(literal, &Atom::Returning);
                insert_ordered(&mut self.solver, &mut self.atoms.silences, *at_least, literal);
                if *at_least > 0 {
                    self.literal_of(&Atom::Silent { at_least: 0 });
                }
            }
            Atom::Age { at_least } => {
                insert_ordered(&mut self.solver, &mut self.atoms.ages, *at_least, literal);
            }
            Atom::Waiting { scope, at_least } => {
                let scope = match scope {
                    Scope::Inbox => None,
                    Scope::Group(group) => Some(group.0),
                };
                let chain = self.atoms.waiting.entry(scope).or_default();
                insert_ordered(&mut self.solver, chain, *at_least, literal);
            }
            Atom::Open(calendar) => self.atoms.calendars.push((*calendar, literal)),
            Atom::Kind(kind) => self.constrain_kind(*kind, literal),
            Atom::Text(subject, predicate) => {
                self.add_implication(literal, &Atom::Known(*subject));
                self.atoms.texts.entry(*subject).or_default().push((predicate.clone(), literal));
            }
            Atom::Number(attribute, bound) => {
                self.add_implication(literal, &Atom::Known(TextSubject::Attribute(*attribute)));
                let chain = self.atoms.numbers.entry(*attribute).or_default();
                insert_ordered(&mut self.solver, chain, *bound, literal);
            }
            Atom::Flag(Attribute::Forwarded) => {}
            Atom::Flag(attribute) => {
                self.add_implication(literal, &Atom::Known(TextSubject::Attribute(*attribute)));
            }
        }
    }

    pub(super) fn add_implication(&mut self, literal: Lit, implied: &Atom) {
        let implied = self.literal_of(implied);
        self.solver.add_clause(&[!literal, implied]);
    }

    /// A message has exactly one kind.
    fn constrain_kind(&mut self, kind: MessageKind, literal: Lit) {
        for (_, other) in &self.atoms.kinds {
            self.solver.add_clause(&[!literal, !*other]);
        }
        self.atoms.kinds.push((kind, literal));
        if self.atoms.kinds.len() == MessageKind::ALL.len() {
            let kinds: Vec<Lit> = self.atoms.kinds.iter().map(|(_, literal)| *literal).collect();
            self.solver.add_clause(&kinds);
        }
    }

    /// An open chat that has a group is in one of the groups.
    fn constrain_groups(&mut self) {
        if self.atoms.chat_groups.len() == self.groups().count() {
            let has_group = self.literal_of(&Atom::ChatHasGroup);
            let groups = self.atoms.chat_groups.iter().map(|(_, literal)| *literal);
            let clause: Vec<Lit> = groups.chain([!has_group]).collect();
            self.solver.add_clause(&clause);
        }
    }
}

/// Inserts the literal of `≥ key` into a chain in which each literal implies the one below it: the order encoding. Two
/// clauses are enough for each number.
fn insert_ordered<K: Ord + Copy>(solver: &mut Batsat, chain: &mut BTreeMap<K, Lit>, key: K, literal: Lit) {
    if let Some((_, below)) = chain.range(..key).next_back() {
        solver.add_clause(&[!literal, *below]);
    }
    if let Some((_, above)) = chain.range(key..).next() {
        solver.add_clause(&[!*above, literal]);
    }
    chain.insert(key, literal);
}
