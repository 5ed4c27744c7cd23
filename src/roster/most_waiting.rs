//! `by most_waiting`: the longest time since the user's last message (never counts as longest); then turn order.

use super::criterion::{Criterion, first};
use super::pick::Pick;
use super::pool::Pool;

pub(super) fn pick(pool: &Pool) -> Option<Pick> {
    first(pool, &[Criterion::LongestWaiting, Criterion::TurnOrder])
}

#[cfg(test)]
mod tests {
    use crate::roster::pick::tests::check;

    #[test]
    fn the_longest_waiting() {
        check("most_waiting", "ana~5 bo~20 cy~3", "bo");
        check("most_waiting", "ana~5 bo~20 cy", "cy");
    }

    #[test]
    fn then_turn_order() {
        check("most_waiting", "ana~20 bo~20 cy~3", "ana");
        check("most_waiting", "ana~20! bo~20 cy~3", "bo");
        check("most_waiting", "ana bo! cy", "cy");
    }
}
