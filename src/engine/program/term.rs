//! Conditions in the shape that everything here is made from: tests, and no `not` but in front of one.

use super::test::TestId;

/// A condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Term {
    /// Whether a test holds is as it says here.
    Test(TestId, bool),
    /// Every part holds.
    All(Vec<Self>),
    /// At least one part holds.
    Any(Vec<Self>),
}

impl Term {
    /// What always holds, or never.
    pub(super) fn constant(holds: bool) -> Self {
        if holds { Self::All(Vec::new()) } else { Self::Any(Vec::new()) }
    }

    /// The tests it asks.
    pub(super) fn tests(&self, found: &mut impl FnMut(TestId)) {
        match self {
            Self::Test(test, _) => found(*test),
            Self::All(parts) | Self::Any(parts) => parts.iter().for_each(|part| part.tests(found)),
        }
    }
}
