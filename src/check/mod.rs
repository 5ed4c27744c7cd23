//! Every finding of every file: the table of them, their pages, and the lints.
//!
//! A kind of finding has one code, one row in the table and one page. A *fault* leaves a policy without a meaning; the
//! parser, the inbox or the resolver finds it. Every other kind is a *lint*, in a file of its own.

mod workspace;
mod lint;
mod verified;
mod conditions;
mod standards;
mod lints;
mod faults;
mod table;
mod level;
mod run;
mod fix;
#[cfg(test)]
mod tests;

pub use crate::cancellation::Cancellation;
pub use fix::{FixedFolder, fix_folder};
pub use lint::is_proof;
pub(crate) use lints::impossible_value::impossible_value;
pub use run::check;
pub use table::explain;
pub use workspace::Workspace;
