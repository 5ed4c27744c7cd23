//! The random numbers for a message, which are the same on every machine.

use std::convert::Infallible;

use rand::{SeedableRng, TryRng};
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The random number generator for the message with this id. The same seed and id give the same numbers on every
/// machine, so a decision can be reproduced.
pub fn dice(seed: u64, message: Option<&str>) -> ChaCha8Rng {
    dice_of_step(seed, message, 0)
}

/// The random number generator for a step of the assignment that the message with this id led to: 0 is the decision of the
/// message itself, and has the numbers of [`dice`]; n is the n-th assignment after it, and has those of the id `ID#n`. So each
/// step draws afresh, and can still be reproduced.
pub fn dice_of_step(seed: u64, message: Option<&str>, step: u32) -> ChaCha8Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(message.unwrap_or_default());
    if step > 0 {
        hash.update(format!("#{step}"));
    }
    ChaCha8Rng::from_seed(hash.finalize().into())
}

/// Dice that draw one number and no other: `number` of the range from 0 to `range`, which is below 2³².
#[derive(Debug, Clone, Copy)]
pub(crate) struct LoadedDice {
    /// The number that is drawn.
    pub number: u64,
    /// The end of the range, which is not in it.
    pub range: u64,
}

impl TryRng for LoadedDice {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        Ok((self.try_next_u64()? >> 32) as u32)
    }

    /// A draw multiplies this with the range and keeps the upper half. This is the middle of all that give the number.
    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let middle = (u128::from(self.number) << 64) + (1 << 63);
        Ok(u64::try_from(middle / u128::from(self.range.max(1))).unwrap_or(u64::MAX))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Infallible> {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.try_next_u64()?.to_le_bytes();
            chunk.iter_mut().zip(drawn).for_each(|(byte, drawn)| *byte = drawn);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rand::{Rng, RngExt};

    use super::*;

    #[test]
    fn from_seed_and_message() {
        let draw = |seed, message| dice(seed, message).next_u64();
        assert_eq!(draw(0, Some("wamid.A1")), draw(0, Some("wamid.A1")));
        assert_ne!(draw(0, Some("wamid.A1")), draw(1, Some("wamid.A1")));
        assert_ne!(draw(0, Some("wamid.A1")), draw(0, Some("wamid.A2")));
        // A fixed value, so that the test notices if the numbers change.
        assert_eq!(draw(0, Some("wamid.A1")), 1_644_923_393_524_665_004);
    }

    #[test]
    fn each_step_draws_afresh() {
        let first = |step| dice_of_step(7, Some("A1"), step).next_u64();
        assert_eq!(first(0), dice(7, Some("A1")).next_u64());
        assert_eq!(first(2), dice(7, Some("A1#2")).next_u64());
        assert_ne!(first(1), first(2));
    }

    #[test]
    fn loaded_dice_draw_each_number_of_a_range() {
        for range in [1, 2, 3, 7, 1_000, 4_000_000_000_u64] {
            for number in [0, 1, 2, 5, 999, range - 1].into_iter().filter(|number| *number < range) {
                assert_eq!(LoadedDice { number, range }.random_range(0..range), number, "of {range}");
            }
        }
    }
}
