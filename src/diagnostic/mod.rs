//! What is wrong, where, and how to mend it, as plain data; and each form it is shown in.

mod finding;
mod sources;

pub use finding::{Edit, Finding, Fix, Level, Related};
pub use sources::Sources;
