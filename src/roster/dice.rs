//! The dice of one message, the same for the same seed and message on every machine.

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use sha2::{Digest, Sha256};

/// The dice of the message called `message`.
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
        let throw = |seed, message| dice(seed, message).next_u64();
        assert_eq!(throw(0, Some("wamid.A1")), throw(0, Some("wamid.A1")));
        assert_ne!(throw(0, Some("wamid.A1")), throw(1, Some("wamid.A1")));
        assert_ne!(throw(0, Some("wamid.A1")), throw(0, Some("wamid.A2")));
        // Written down, so that a change of the dice does not go unnoticed.
        assert_eq!(throw(0, Some("wamid.A1")), 1_644_923_393_524_665_004);
    }
}
