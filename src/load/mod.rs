//! A folder of rule files read into a rule set: the only reading of files in the core.

mod blocks;
mod copies;
mod error;
mod file;
mod read;
mod set;

pub use error::LoadError;
pub use read::{Reading, is_rule_file, read, read_again, read_some};
pub use set::RuleSet;
