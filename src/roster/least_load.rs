//! `by least_load`: the lowest open chats ÷ capacity; then the fewest chats; then the longest waiting; then turn order.
//!
//! Members without a capacity count as having the largest in the group. If nobody has a capacity, it is `least_chats`.

use super::criterion::{Criterion, first};
use super::least_chats;
use super::pick::Pick;
use super::pool::Pool;

pub(super) fn pick(pool: &Pool) -> Option<Pick> {
    let Some(largest) = pool.largest_capacity() else { return least_chats::pick(pool) };
    let load = Criterion::LowestLoad(largest);
    first(pool, &[load, Criterion::FewestChats, Criterion::LongestWaiting, Criterion::TurnOrder])
}

#[cfg(test)]
mod tests {
    use crate::roster::pick::tests::check;

    #[test]
    fn the_lowest_load() {
        check("least_load", "ana:2/4 bo:3/10 cy:1/2", "bo");
        check("least_load", "ana:4294967294/4294967295 bo:4294967293/4294967294", "bo");
    }

    #[test]
    fn without_capacity() {
        check("least_load", "ana:2/4 bo:3 cy:9/10", "bo");
        // The largest capacity is that of the whole group, not only of those online.
        check("least_load", "ana:2/5 bo:3 -cy:0/10", "bo");
        check("least_load", "ana:2 bo:1 cy:3", "bo");
    }

    #[test]
    fn ties() {
        check("least_load", "ana:2/4 bo:1/2 cy:3/6", "bo");
        check("least_load", "ana:1/2~3 bo:1/2~4", "bo");
        check("least_load", "ana:0/2! bo:0/9", "bo");
    }
}
