//! `by in_order`: the first of the pool in turn order, starting after the member who had the last turn.

use super::criterion::{Criterion, first};
use super::pick::Pick;
use super::pool::Pool;

pub(super) fn pick(pool: &Pool) -> Option<Pick> {
    first(pool, &[Criterion::TurnOrder])
}

#[cfg(test)]
mod tests {
    use crate::roster::pick::tests::check;

    #[test]
    fn in_turn() {
        check("in_order", "ana bo cy", "ana");
        check("in_order", "ana! bo cy", "bo");
        check("in_order", "ana bo cy!", "ana");
    }

    #[test]
    fn offline_members_are_skipped() {
        check("in_order", "ana! -bo cy", "cy");
        check("in_order", "-ana -bo! -cy", "cy");
        check("in_order", "ana! -bo", "ana");
    }
}
