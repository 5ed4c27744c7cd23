//! The rules as `if … else if …` in Rust, which build.rs writes from them: what a programmer would write instead of rules.

use super::Decide;
use crate::recipe::{Message, Rule};

pub(super) fn prepare(rules: &[Rule]) -> Option<Decide> {
    of(rules.len()).map(|decide| Box::new(decide) as Decide)
}

include!(concat!(env!("OUT_DIR"), "/by_hand.rs"));
