//! The SAT solver.
//!
//! Conflict-driven clause learning with assumptions (Marques-Silva and Sakallah, *GRASP*, 1999; Eén and Sörensson, *An
//! Extensible SAT-solver*, 2003). Clauses are only ever added, and the goals of a query are assumptions, so what the
//! solver has learnt from one set of goals speeds up the next.

use batsat::{Callbacks, ClauseKind, SolverInterface, lbool};

/// A variable or its negation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Lit(batsat::Lit);

impl std::ops::Not for Lit {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// The answer of a solver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SolveResult {
    /// There is a model; [`Solver::value`] reads it.
    Sat,
    /// There is none: these assumptions contradict the clauses (an unsatisfiable core).
    Unsat(Vec<Lit>),
    /// The conflict limit was reached first.
    Unknown,
}

/// Finds models of clauses, or proves that there are none.
pub(super) trait Solver {
    /// A new variable. The search tries the `preferred` value first.
    fn new_variable(&mut self, preferred: bool) -> Lit;

    /// Adds a clause: one of these literals holds.
    fn add_clause(&mut self, literals: &[Lit]);

    /// Looks for a model in which all `assumptions` hold, until `max_conflicts` are reached.
    fn solve(&mut self, assumptions: &[Lit], max_conflicts: u64) -> SolveResult;

    /// Whether `literal` holds in the last model.
    fn value(&self, literal: Lit) -> bool;

    /// The number of steps that all clauses and calls have taken so far.
    fn steps(&self) -> u64;
}

/// [batsat](https://docs.rs/batsat), a Rust version of `MiniSat`. It is deterministic.
pub(super) struct Batsat {
    solver: batsat::Solver<ConflictLimit>,
    /// The clauses do not contradict each other, as far as is known without a search.
    is_consistent: bool,
    /// The number of literals in all clauses that were added.
    literals: u64,
}

/// Stops the search after a number of conflicts, which unlike a time limit gives the same answer on each machine.
struct ConflictLimit {
    left: u64,
}

impl Callbacks for ConflictLimit {
    fn on_new_clause(&mut self, _: &[batsat::Lit], kind: ClauseKind) {
        // Each conflict teaches one clause.
        if let ClauseKind::Learnt = kind {
            self.left = self.left.saturating_sub(1);
        }
    }

    fn stop(&self) -> bool {
        self.left == 0
    }
}

impl Batsat {
    /// A solver without clauses.
    pub(super) fn new() -> Self {
        let options = batsat::SolverOpts::default();
        let solver = batsat::Solver::new(options, ConflictLimit { left: 0 });
        Self { solver, is_consistent: true, literals: 0 }
    }
}

impl Solver for Batsat {
    fn new_variable(&mut self, preferred: bool) -> Lit {
        Lit(batsat::Lit::new(self.solver.new_var(lbool::new(preferred), true), true))
    }

    fn add_clause(&mut self, literals: &[Lit]) {
        let mut clause: Vec<_> = literals.iter().map(|literal| literal.0).collect();
        self.literals += clause.len() as u64;
        self.is_consistent &= self.solver.add_clause_reuse(&mut clause);
    }

    fn solve(&mut self, assumptions: &[Lit], max_conflicts: u64) -> SolveResult {
        if !self.is_consistent {
            return SolveResult::Unsat(Vec::new());
        }
        let assumptions: Vec<_> = assumptions.iter().map(|literal| literal.0).collect();
        self.solver.cb_mut().left = max_conflicts;
        let answer = self.solver.solve_limited(&assumptions);
        if answer == lbool::TRUE {
            SolveResult::Sat
        } else if answer == lbool::FALSE {
            // The core of batsat consists of the negated assumptions.
            let core = assumptions.iter().filter(|literal| self.solver.unsat_core_contains_lit(!**literal));
            SolveResult::Unsat(core.map(|literal| Lit(*literal)).collect())
        } else {
            SolveResult::Unknown
        }
    }

    fn value(&self, literal: Lit) -> bool {
        self.solver.value_lit(literal.0) == lbool::TRUE
    }

    fn steps(&self) -> u64 {
        // To analyse a conflict takes far longer than to propagate a literal.
        self.solver.num_propagations()
            + self.solver.num_decisions()
            + 500 * self.solver.num_conflicts()
            + self.literals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAX_CONFLICTS: u64 = 10_000;

    #[test]
    fn models_follow_the_preferred_values() {
        let mut solver = Batsat::new();
        let (a, b) = (solver.new_variable(true), solver.new_variable(false));
        assert_eq!(solver.solve(&[], MAX_CONFLICTS), SolveResult::Sat);
        assert!(solver.value(a) && !solver.value(b) && solver.value(!b));
        solver.add_clause(&[!a]);
        assert_eq!(solver.solve(&[b], MAX_CONFLICTS), SolveResult::Sat);
        assert!(!solver.value(a) && solver.value(b));
    }

    #[test]
    fn a_core_contains_what_contradicts() {
        let mut solver = Batsat::new();
        let [a, b, c] = [(); 3].map(|()| solver.new_variable(false));
        solver.add_clause(&[!a, !b]);
        let SolveResult::Unsat(core) = solver.solve(&[c, a, b], MAX_CONFLICTS) else { panic!() };
        assert_eq!(core, [a, b]);
        assert_eq!(solver.solve(&[c, a], MAX_CONFLICTS), SolveResult::Sat);
        solver.add_clause(&[!c]);
        solver.add_clause(&[c]);
        assert_eq!(solver.solve(&[], MAX_CONFLICTS), SolveResult::Unsat(Vec::new()));
    }

    #[test]
    fn a_hopeless_query_ends() {
        // Eight pigeons in seven holes.
        let mut solver = Batsat::new();
        let holes: Vec<Vec<Lit>> =
            (0..8).map(|_| (0..7).map(|_| solver.new_variable(false)).collect()).collect();
        for (index, pigeon) in holes.iter().enumerate() {
            solver.add_clause(pigeon);
            for other in &holes[..index] {
                for (here, there) in pigeon.iter().zip(other) {
                    solver.add_clause(&[!*here, !*there]);
                }
            }
        }
        assert_eq!(solver.solve(&[], 100), SolveResult::Unknown);
        assert_eq!(solver.solve(&[], 1_000_000), SolveResult::Unsat(Vec::new()));
    }
}
