//! `by least_chats`: the fewest open chats; then the longest waiting; then turn order.

use super::criterion::{Criterion, first};
use super::pick::Pick;
use super::pool::Pool;

pub(super) fn pick(pool: &Pool) -> Option<Pick> {
    first(pool, &[Criterion::FewestChats, Criterion::LongestWaiting, Criterion::TurnOrder])
}

#[cfg(test)]
mod tests {
    use crate::roster::pick::tests::check;

    #[test]
    fn the_fewest_chats() {
        check("least_chats", "ana:2 bo:1 cy:3", "bo");
    }

    #[test]
    fn then_the_longest_waiting() {
        check("least_chats", "ana:1~5 bo:1~9 cy:3", "bo");
        check("least_chats", "ana:1~5 bo:1~9 cy:1", "cy");
    }

    #[test]
    fn then_turn_order() {
        check("least_chats", "ana:1~5! bo:1~5 cy:1~5", "bo");
    }
}
