//! A folder of rule files read into a rule set: the only reading of files in the core.

mod error;
mod stamp;
mod file;
mod listing;
mod snapshot;
mod parse_cache;
mod unsaved;
mod reader;
mod read;
mod suppressions;
mod imports;
mod resolved_folder;
mod batches;
mod at_rest;
mod rule_set;
#[cfg(test)]
mod tests;

pub use error::LoadError;
#[cfg(feature = "reload")]
pub(crate) use error::{first_of, sources_of};
pub use listing::is_rule_file;
pub use read::{read_folder, reread, reread_all, reread_unsaved};
pub use resolved_folder::{Affected, ResolvedFolder};
#[cfg(feature = "check")]
pub(crate) use resolved_folder::{BATCH, ResolvedFile, sort};
pub use rule_set::RuleSet;
pub use snapshot::{Location, Snapshot, Stamps, Trust};
pub use stamp::Stamp;
#[cfg(feature = "check")]
pub(crate) use suppressions::Suppressions;
pub use unsaved::Unsaved;
