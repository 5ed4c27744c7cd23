//! The rules of each inbox while the program runs: from a folder that is followed, or from the store.

mod inboxes;
mod error;
mod edit;
mod status;
mod diff_gate;
mod policy_file;
mod flow;
mod policy_week;
mod number_options;
mod judged_options;
mod write_file;
mod folder_rules;
mod store_rules;
mod inbox;
#[cfg(test)]
mod tests;

pub use edit::{FILE_NAME, RulesEdit, is_file_name};
pub use error::{RulesError, RulesStartError};
pub use flow::PolicyFlow;
pub use folder_rules::{FolderRules, OnRules, RulesEvent};
pub use inbox::{InboxRules, RulesPut, StoredRules, start_folders};
pub use inboxes::{InboxFolder, InboxesError, find_inboxes};
pub use number_options::{BrokenTest, FormFinding, NumberOptions, OptionsRequest};
pub use policy_file::{NumberPolicy, numbers};
pub use policy_week::{PolicyWeek, WeekRow};
pub use status::{ActiveRules, BroughtRules, LastChange, RulesFile, RulesOrigin, RulesStatus, WaitingRules};
pub use store_rules::{Proposed, StoreRules};
