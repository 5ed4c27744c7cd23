//! `by weighted`: at random, in proportion to weight.

use rand::Rng;

use super::pick::{Pick, draw};
use super::pool::Pool;

pub(super) fn pick(pool: &Pool, dice: &mut dyn Rng) -> Option<Pick> {
    draw(pool, dice, |member| member.weight)
}

#[cfg(test)]
mod tests {
    use crate::roster::pick::tests::{check, check_proportions};

    #[test]
    fn in_proportion() {
        check_proportions("weighted", "ana bo*2 cy*3", &[1000, 2000, 3000]);
        check_proportions("weighted", "ana*4294967295 bo*4294967295", &[3000, 3000]);
        check("weighted", "-ana*9 bo", "bo");
    }
}
