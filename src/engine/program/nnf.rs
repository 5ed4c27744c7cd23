//! Conditions in negation normal form: `not` stands only before a single predicate. Everything else here is made from it,
//! and need not care about `not`.

use super::predicate::PredicateId;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Nnf {
    /// The predicate is true, or is false.
    Literal(PredicateId, bool),
    /// Every part holds.
    All(Vec<Self>),
    /// At least one part holds.
    Any(Vec<Self>),
}

impl Nnf {
    /// The condition that always holds, or never.
    pub(super) fn constant(holds: bool) -> Self {
        if holds { Self::All(Vec::new()) } else { Self::Any(Vec::new()) }
    }

    /// Calls `found` with each predicate in it.
    pub(super) fn for_each_predicate(&self, found: &mut impl FnMut(PredicateId)) {
        match self {
            Self::Literal(predicate, _) => found(*predicate),
            Self::All(parts) | Self::Any(parts) => {
                for part in parts {
                    part.for_each_predicate(found);
                }
            }
        }
    }
}
