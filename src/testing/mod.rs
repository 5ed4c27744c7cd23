//! What the tests of several rooms share: a sample inbox, and random policies with the situations that they can tell
//! apart.

mod damage;
mod inbox;
#[cfg(feature = "check")]
mod mending;
mod moments;
mod policies;
mod situations;
mod sound_policies;

pub(crate) use damage::{Damage, damage, other_damage, two_mistakes};
pub(crate) use inbox::{FILE, INBOX, folder, inbox, inbox_of, policy};
#[cfg(feature = "check")]
pub(crate) use mending::{Tally, changed_lines, faults, folder_of, is_same, mend, plain, summary};
pub(crate) use moments::ZONES;
pub(crate) use policies::{
    ASSIGNS, Expr, RandomPolicy, complete_policies, config, exprs, policies, policies_about,
    policies_with_moves, themes,
};
pub(crate) use situations::{HEAD, THEMES, TIME, merge, situation};
pub(crate) use sound_policies::{COMMON, SoundPolicy, sound_policies};
