//! The rules as `if … else if …` in Rust, as a programmer would write them by hand. `build.rs` generates this code.

use super::Decide;
use crate::recipe::{Message, Rule};

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    of(rules.len()).map(|decide| Box::new(decide) as Decide)
}

include!(concat!(env!("OUT_DIR"), "/by_hand.rs"));
