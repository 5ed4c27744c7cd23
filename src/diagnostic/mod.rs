//! Findings as plain data: what is wrong, where, and how to fix it; and one file for each output format.

mod code;
mod finding;
#[cfg(feature = "check")]
mod findings;
mod cap;
mod apply;
mod nearest;
mod ambiguous_fixes;
mod one_of;
mod sources;
mod source_map;
mod excerpt;
mod debug_as_display;
pub mod human;
pub mod short;
pub mod json;
pub mod sarif;
pub mod github;
pub mod gitlab;
pub mod junit;
#[cfg(test)]
mod tests;

pub(crate) use ambiguous_fixes::drop_ambiguous_fixes;
pub use apply::{EditSet, apply_fixes};
pub use cap::{MAX_FINDINGS, cap, push_limited};
pub use code::Code;
pub(crate) use debug_as_display::debug_as_display;
pub use excerpt::printable;
pub use finding::{Edit, Finding, Fix, Level, Related};
#[cfg(feature = "check")]
pub use findings::Findings;
pub use nearest::nearest;
pub use one_of::one_of;
pub use sources::Sources;
