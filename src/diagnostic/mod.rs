//! What is wrong, where, and how to mend it, as plain data; and each form it is shown in.

mod code;
mod finding;
mod apply;
mod nearest;
mod sources;
mod places;
mod excerpt;
pub mod human;
pub mod json;
pub mod sarif;
pub mod github;
pub mod junit;
#[cfg(test)]
mod sample;

pub use apply::apply_fixes;
pub use code::Code;
pub use excerpt::printable;
pub use finding::{Edit, Finding, Fix, Level, Related};
pub use nearest::nearest;
pub use sources::Sources;
