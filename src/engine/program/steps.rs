//! Conditions as steps: each asks one test and says where to go on, so that no part is asked that does not matter.

use super::term::Term;
use super::test::TestId;

/// Where to go on: a step, or one of the two ends.
pub(super) type Place = u32;

/// The condition holds. There is no such step.
pub(super) const HOLDS: Place = Place::MAX;
/// It does not. There is no such step either.
pub(super) const FAILS: Place = Place::MAX - 1;

/// One test, and where to go on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) test: TestId,
    /// If it holds.
    pub(super) yes: Place,
    /// If not.
    pub(super) no: Place,
}

/// Lays out `term` and gives its first step. Steps are laid from the last to the first, so that each knows where to
/// go on.
pub(super) fn lay(steps: &mut Vec<Step>, term: &Term, yes: Place, no: Place) -> Place {
    match term {
        Term::Test(test, wanted) => {
            let (yes, no) = if *wanted { (yes, no) } else { (no, yes) };
            steps.push(Step { test: *test, yes, no });
            steps.len() as Place - 1
        }
        Term::All(parts) => parts.iter().rev().fold(yes, |next, part| lay(steps, part, next, no)),
        Term::Any(parts) => parts.iter().rev().fold(no, |next, part| lay(steps, part, yes, next)),
    }
}
