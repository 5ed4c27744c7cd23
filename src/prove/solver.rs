//! What a SAT solver can do for us, and the one that does it.

use batsat::{Callbacks, ClauseKind, SolverInterface, lbool};

/// A variable or its opposite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Literal(batsat::Lit);

impl std::ops::Not for Literal {
    type Output = Self;

    fn not(self) -> Self {
        Self(!self.0)
    }
}

/// What came of a question to a solver.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SolveResult {
    /// There is a model; [`Solver::holds`] tells it.
    Sat,
    /// There is none: these assumptions contradict the clauses.
    Unsat(Vec<Literal>),
    /// The effort was spent first.
    Unknown,
}

/// Finds models of clauses, or that there is none.
pub(super) trait Solver {
    /// A new variable, which is rather `inclined` than its opposite where nothing speaks for either.
    fn variable(&mut self, inclined: bool) -> Literal;

    /// From now on one of these holds.
    fn clause(&mut self, literals: &[Literal]);

    /// Looks for a model in which each of `assumed` holds, within `effort` conflicts.
    fn solve(&mut self, assumed: &[Literal], effort: u64) -> SolveResult;

    /// Whether `literal` holds in the last model.
    fn holds(&self, literal: Literal) -> bool;

    /// How many steps all clauses and questions took together.
    fn steps(&self) -> u64;
}

/// [batsat](https://docs.rs/batsat), a `MiniSat` in Rust. Each run is the same.
pub(super) struct Batsat {
    solver: batsat::Solver<ConflictBudget>,
    /// No clause contradicts another so far.
    sound: bool,
    /// How many literals the clauses have together.
    written: u64,
}

/// Stops the search after so many conflicts, which unlike time are the same on each machine.
struct ConflictBudget {
    left: u64,
}

impl Callbacks for ConflictBudget {
    fn on_new_clause(&mut self, _: &[batsat::Lit], kind: ClauseKind) {
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
        Self { solver: batsat::Solver::new(options, ConflictBudget { left: 0 }), sound: true, written: 0 }
    }
}

impl Solver for Batsat {
    fn variable(&mut self, inclined: bool) -> Literal {
        Literal(batsat::Lit::new(self.solver.new_var(lbool::new(inclined), true), true))
    }

    fn clause(&mut self, literals: &[Literal]) {
        let mut clause: Vec<_> = literals.iter().map(|literal| literal.0).collect();
        self.written += clause.len() as u64;
        self.sound &= self.solver.add_clause_reuse(&mut clause);
    }

    fn solve(&mut self, assumed: &[Literal], effort: u64) -> SolveResult {
        if !self.sound {
            return SolveResult::Unsat(Vec::new());
        }
        let assumed: Vec<_> = assumed.iter().map(|literal| literal.0).collect();
        self.solver.cb_mut().left = effort;
        let answer = self.solver.solve_limited(&assumed);
        if answer == lbool::TRUE {
            SolveResult::Sat
        } else if answer == lbool::FALSE {
            // The solver speaks of the core by the opposites of what was assumed.
            let core = assumed.iter().filter(|literal| self.solver.unsat_core_contains_lit(!**literal));
            SolveResult::Unsat(core.map(|literal| Literal(*literal)).collect())
        } else {
            SolveResult::Unknown
        }
    }

    fn holds(&self, literal: Literal) -> bool {
        self.solver.value_lit(literal.0) == lbool::TRUE
    }

    fn steps(&self) -> u64 {
        // What is learnt from a conflict takes far longer than to follow a clause.
        self.solver.num_propagations()
            + self.solver.num_decisions()
            + 500 * self.solver.num_conflicts()
            + self.written
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EFFORT: u64 = 10_000;

    #[test]
    fn models_lean_as_they_were_told() {
        let mut solver = Batsat::new();
        let (a, b) = (solver.variable(true), solver.variable(false));
        assert_eq!(solver.solve(&[], EFFORT), SolveResult::Sat);
        assert!(solver.holds(a) && !solver.holds(b) && solver.holds(!b));
        solver.clause(&[!a]);
        assert_eq!(solver.solve(&[b], EFFORT), SolveResult::Sat);
        assert!(!solver.holds(a) && solver.holds(b));
    }

    #[test]
    fn a_core_names_what_contradicts() {
        let mut solver = Batsat::new();
        let [a, b, c] = [(); 3].map(|()| solver.variable(false));
        solver.clause(&[!a, !b]);
        let SolveResult::Unsat(core) = solver.solve(&[c, a, b], EFFORT) else { panic!() };
        assert_eq!(core, [a, b]);
        assert_eq!(solver.solve(&[c, a], EFFORT), SolveResult::Sat);
        solver.clause(&[!c]);
        solver.clause(&[c]);
        assert_eq!(solver.solve(&[], EFFORT), SolveResult::Unsat(Vec::new()));
    }

    #[test]
    fn a_hopeless_question_ends() {
        // Eight pigeons in seven holes.
        let mut solver = Batsat::new();
        let holes: Vec<Vec<Literal>> =
            (0..8).map(|_| (0..7).map(|_| solver.variable(false)).collect()).collect();
        for (place, pigeon) in holes.iter().enumerate() {
            solver.clause(pigeon);
            for other in &holes[..place] {
                for (here, there) in pigeon.iter().zip(other) {
                    solver.clause(&[!*here, !*there]);
                }
            }
        }
        assert_eq!(solver.solve(&[], 100), SolveResult::Unknown);
        assert_eq!(solver.solve(&[], 1_000_000), SolveResult::Unsat(Vec::new()));
    }
}
