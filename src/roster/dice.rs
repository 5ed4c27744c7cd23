//! The random numbers for a message, which are the same on every machine.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The random number generator for the message with this id. The same seed and id give the same numbers on every
/// machine, so a decision can be reproduced.
pub fn dice(seed: u64, message: Option<&str>) -> ChaCha8Rng {
    let mut hash = Sha256::new();
    hash.update(seed.to_le_bytes());
    hash.update(message.unwrap_or_default());
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
}
