//! `by random`: each member of the pool with equal chance.

use rand::Rng;

use super::pick::{Pick, draw};
use super::pool::Pool;

pub(super) fn pick(pool: &Pool, dice: &mut dyn Rng) -> Option<Pick> {
    draw(pool, dice, |_| 1)
}

#[cfg(test)]
mod tests {
    use crate::roster::pick::tests::{check, check_proportions};

    #[test]
    fn equal_chances() {
        check_proportions("random", "ana*9 bo:7 cy~1", &[2000, 2000, 2000]);
        check_proportions("random", "ana bo -cy", &[3000, 3000, 0]);
        check("random", "-ana bo", "bo");
    }
}
