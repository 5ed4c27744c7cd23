//! The random numbers for a message, which are the same on every machine.

use rand::SeedableRng;
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

#[cfg(test)]
mod tests {
    use rand::Rng;

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
}
