//! A folder of rule files read into a rule set: the only reading of files in the core.

mod error;
mod read;
mod set;

pub use error::LoadError;
pub use read::read;
pub use set::RuleSet;
