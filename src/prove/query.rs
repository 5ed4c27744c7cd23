//! A query: is there a situation in which some formulas hold and others do not?
//!
//! The formulas are translated into clauses (Tseitin, *On the Complexity of Derivation in Propositional Calculus*,
//! 1968), and only those that the query mentions. What ties atoms together beyond that (dates, texts, counts of chats)
//! is not translated beforehand. A model of the solver is decoded into a situation; if it cannot be, the decoder says
//! which facts exclude each other, and this lemma is added before the solver is called again. This is lazy SMT with
//! lemmas on demand (de Moura and Rueß, *Lemmas on Demand for Satisfiability Solvers*, 2002; Barrett et al.,
//! *Satisfiability Modulo Theories*, 2009).

mod atoms;
mod counts;
mod decode;
mod people;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use self::atoms::EncodedAtoms;
use self::counts::ClassCounts;
use super::encoding::{
    Atom, ClassId, Counted, Encoding, Evaluator, Formula, FormulaKind, Person, TextSubject, UserSetId, World,
};
use super::solver::{Batsat, Lit, SolveResult, Solver};

/// A formula and the value that it must have.
pub(super) type Goal = (Formula, bool);

/// The answer to a query.
pub(super) enum Answer {
    /// The goals are met in this situation.
    Sat(Box<World>),
    /// They are never met: these of them, by position, exclude each other.
    Unsat(Vec<usize>),
    /// Neither was found within the limits.
    Unknown,
}

/// The limits of one answer: conflicts of each call of the solver, and calls.
const MAX_CONFLICTS: u64 = 5_000;
const MAX_ROUNDS: usize = 2_000;
/// The steps that every query and every answer takes at least.
const COST_OF_QUERY: u64 = 500;
const COST_OF_ANSWER: u64 = 100;

/// A solver with the clauses of some formulas. It can solve for different goals one after the other.
pub(super) struct Query<'s, 'a> {
    pub(super) encoding: &'s Encoding<'a>,
    solver: Batsat,
    literals: HashMap<Formula, Lit>,
    atoms: EncodedAtoms,
    /// The selector of the guesses: clauses that may be wrong, and that hold only while this literal is assumed.
    guesses: Lit,
    true_literal: Lit,
    class_counts: HashMap<(ClassId, Counted), ClassCounts>,
    set_counts: HashMap<(UserSetId, Counted), Vec<Lit>>,
    constrained_people: BTreeSet<Person>,
    /// For each person and class, that the person belongs to it.
    person_classes: BTreeMap<Person, Vec<Lit>>,
    /// What was said already to hold for both persons, if they are the same user.
    constrained_ties: HashSet<(Formula, Formula)>,
    /// The steps of the solver that were paid for.
    paid_steps: u64,
    /// Of each of these, one goal must be met in every situation that is found.
    pub(super) required: Vec<Vec<Goal>>,
    /// The same, only to get a simpler example.
    preferred: Vec<Vec<Goal>>,
}

impl<'s, 'a> Query<'s, 'a> {
    pub(super) fn new(encoding: &'s Encoding<'a>) -> Self {
        encoding.consume(COST_OF_QUERY);
        let mut solver = Batsat::new();
        let guesses = solver.new_variable(true);
        let true_literal = solver.new_variable(true);
        solver.add_clause(&[true_literal]);
        Self {
            encoding,
            solver,
            literals: HashMap::new(),
            atoms: EncodedAtoms::default(),
            guesses,
            true_literal,
            class_counts: HashMap::new(),
            set_counts: HashMap::new(),
            constrained_people: BTreeSet::new(),
            person_classes: BTreeMap::new(),
            constrained_ties: HashSet::new(),
            paid_steps: 0,
            required: Vec::new(),
            preferred: Vec::new(),
        }
    }

    /// Looks for a situation in which every goal is met.
    pub(super) fn solve(&mut self, goals: &[Goal]) -> Answer {
        if !self.encoding.consume(COST_OF_ANSWER + goals.len() as u64) {
            return Answer::Unknown;
        }
        let mut assumptions = vec![self.guesses];
        assumptions.extend(goals.iter().map(|goal| self.encode_goal(*goal)));
        for _ in 0..MAX_ROUNDS {
            let result = self.solver.solve(&assumptions, MAX_CONFLICTS);
            let paid = std::mem::replace(&mut self.paid_steps, self.solver.steps());
            if !self.encoding.consume(self.paid_steps - paid) {
                return Answer::Unknown;
            }
            match result {
                SolveResult::Unknown => return Answer::Unknown,
                // Without the guesses there may be a model after all.
                SolveResult::Unsat(core) if core.contains(&self.guesses) => return Answer::Unknown,
                SolveResult::Unsat(core) => {
                    let is_in_core = |(_, literal): &(usize, &Lit)| core.contains(literal);
                    let goals = assumptions.iter().skip(1).enumerate().filter(is_in_core);
                    return Answer::Unsat(goals.map(|(position, _)| position).collect());
                }
                SolveResult::Sat => {}
            }
            let decoded = self.decode();
            if self.encoding.is_exhausted() {
                return Answer::Unknown;
            }
            match decoded {
                Err(lemmas) => lemmas.iter().for_each(|lemma| self.solver.add_clause(lemma)),
                Ok(world) => {
                    // The situation counts, not the model: a text that was composed may satisfy other predicates than
                    // the model.
                    let is_met = self.is_met(goals, &world);
                    if self.encoding.is_exhausted() {
                        return Answer::Unknown;
                    }
                    if is_met {
                        return Answer::Sat(Box::new(world));
                    }
                    if !self.block_model(&world) {
                        return Answer::Unknown;
                    }
                }
            }
        }
        Answer::Unknown
    }

    fn is_met(&self, goals: &[Goal], world: &World) -> bool {
        let mut evaluator = Evaluator::new(self.encoding, world);
        let mut is_met = |(formula, wanted): &Goal| evaluator.holds(*formula) == *wanted;
        goals.iter().all(&mut is_met)
            && self.required.iter().chain(&self.preferred).all(|any| any.iter().any(&mut is_met))
    }

    /// From now on one of `goals` must be met.
    pub(super) fn require(&mut self, goals: Vec<Goal>) {
        self.add_disjunction(&goals);
        self.required.push(goals);
    }

    /// The same, though the result does not depend on it: it makes the example simpler.
    pub(super) fn prefer(&mut self, goals: Vec<Goal>) {
        self.add_disjunction(&goals);
        self.preferred.push(goals);
    }

    fn add_disjunction(&mut self, goals: &[Goal]) {
        let clause: Vec<Lit> = goals.iter().map(|goal| self.encode_goal(*goal)).collect();
        self.solver.add_clause(&clause);
    }

    fn encode_goal(&mut self, (formula, wanted): Goal) -> Lit {
        let literal = self.encode(formula);
        if wanted { literal } else { !literal }
    }

    fn is_true(&self, literal: Lit) -> bool {
        self.solver.value(literal)
    }

    /// Excludes a model for which no text was found with just these predicates, though there may be one. Such a clause
    /// is only a guess: if the query becomes unsatisfiable because of it, the answer is *unknown*. Whether there was
    /// anything to exclude.
    fn block_model(&mut self, world: &World) -> bool {
        let encoding = self.encoding;
        let mut clauses: BTreeMap<TextSubject, Vec<Lit>> = BTreeMap::new();
        for (atom, literal) in &self.atoms.in_order {
            let atom = encoding.formulas.atom_at(*atom);
            let subject = match atom {
                Atom::Text(subject, _) | Atom::Known(subject) => *subject,
                Atom::Number(attribute, _) | Atom::Flag(attribute) => TextSubject::Attribute(*attribute),
                _ => continue,
            };
            if self.is_true(*literal) != world.holds(encoding, atom) {
                clauses.entry(subject).or_default().push(self.false_in_model(*literal));
            }
        }
        for (subject, clause) in &mut clauses {
            let predicates = self.atoms.texts.get(subject).into_iter().flatten();
            let satisfied = predicates.filter(|(_, literal)| self.is_true(*literal));
            clause.extend(satisfied.map(|(_, literal)| !*literal));
            clause.push(!self.guesses);
            clause.sort_unstable();
            clause.dedup();
        }
        for clause in clauses.values() {
            self.solver.add_clause(clause);
        }
        !clauses.is_empty()
    }

    /// The literal or its negation, whichever is false in the model.
    fn false_in_model(&self, literal: Lit) -> Lit {
        if self.is_true(literal) { !literal } else { literal }
    }

    /// The clause that excludes the values that these literals have in the model.
    fn blocking_clause(&self, literals: impl IntoIterator<Item = Lit>) -> Vec<Lit> {
        literals.into_iter().map(|literal| self.false_in_model(literal)).collect()
    }

    /// The literal that is equivalent to the formula.
    ///
    /// Both directions of the equivalence are needed (and not only one, as in Plaisted and Greenbaum, 1986), because a
    /// goal can demand that a formula holds or that it does not.
    pub(super) fn encode(&mut self, formula: Formula) -> Lit {
        if let Some(known) = self.literals.get(&formula) {
            return *known;
        }
        let literal = match self.encoding.formulas.kind(formula) {
            FormulaKind::Constant(true) => self.true_literal,
            FormulaKind::Constant(false) => !self.true_literal,
            FormulaKind::Not(part) => !self.encode(*part),
            FormulaKind::And(parts) => {
                let parts: Vec<Lit> = parts.iter().map(|part| self.encode(*part)).collect();
                self.and(&parts)
            }
            FormulaKind::Or(parts) => {
                let parts: Vec<Lit> = parts.iter().map(|part| self.encode(*part)).collect();
                self.or(&parts)
            }
            FormulaKind::Atom(atom) => self.encode_atom(formula, *atom),
        };
        self.literals.insert(formula, literal);
        literal
    }

    /// A literal that is equivalent to the disjunction of `parts`.
    fn or(&mut self, parts: &[Lit]) -> Lit {
        match parts {
            [] => !self.true_literal,
            [only] => *only,
            _ => {
                let any = self.solver.new_variable(false);
                for part in parts {
                    self.solver.add_clause(&[!*part, any]);
                }
                let clause: Vec<Lit> = parts.iter().copied().chain([!any]).collect();
                self.solver.add_clause(&clause);
                any
            }
        }
    }

    /// A literal that is equivalent to the conjunction of `parts`.
    fn and(&mut self, parts: &[Lit]) -> Lit {
        let negated: Vec<Lit> = parts.iter().map(|part| !*part).collect();
        !self.or(&negated)
    }
}
