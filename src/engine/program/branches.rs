//! Conditions as branches: each evaluates one predicate and says where to continue, so that no part is evaluated that cannot
//! change the result.
//!
//! This is the translation of Boolean expressions to jumping code (Aho, Lam, Sethi and Ullman, *Compilers*, 2nd edition,
//! section 6.6): both targets are passed down, and `and`, `or` and `not` leave nothing behind but the targets themselves.

use super::nnf::Nnf;
use super::predicate::PredicateId;

/// Where to continue: a branch, or one of the two ends.
pub(super) type BranchId = u32;

/// The condition holds. There is no such branch.
pub(super) const HOLDS: BranchId = BranchId::MAX;
/// The condition does not hold. There is no such branch either.
pub(super) const FAILS: BranchId = BranchId::MAX - 1;

/// A predicate, and where to continue.
#[derive(Debug, Clone, Copy)]
pub(super) struct Branch {
    pub(super) predicate: PredicateId,
    pub(super) if_true: BranchId,
    pub(super) if_false: BranchId,
}

/// Appends the branches of `condition` and returns its first. They are emitted from the last to the first, so that each
/// knows the targets it jumps to.
pub(super) fn emit(
    branches: &mut Vec<Branch>,
    condition: &Nnf,
    if_true: BranchId,
    if_false: BranchId,
) -> BranchId {
    match condition {
        Nnf::Literal(predicate, wanted) => {
            let (if_true, if_false) = if *wanted { (if_true, if_false) } else { (if_false, if_true) };
            branches.push(Branch { predicate: *predicate, if_true, if_false });
            branches.len() as BranchId - 1
        }
        Nnf::All(parts) => {
            parts.iter().rev().fold(if_true, |next, part| emit(branches, part, next, if_false))
        }
        Nnf::Any(parts) => {
            parts.iter().rev().fold(if_false, |next, part| emit(branches, part, if_true, next))
        }
    }
}
