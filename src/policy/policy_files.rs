//! `rules = "store.rules"` of a number: the files that an inbox names as policies.

use crate::diagnostic::{Code, Finding, nearest};
use crate::inbox::{Inbox, PolicyPath};
use crate::text::quoted;

use super::folder::Folder;

/// What is wrong with the file that a number names as its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyFileError {
    /// It does not exist.
    Missing,
    /// There is also a file that is named after the number.
    Two,
}

/// Each number whose policy is not one file, where `exists` tells whether there is a file of that name.
pub fn policy_file_errors(
    inbox: &Inbox,
    exists: impl Fn(&str) -> bool,
) -> impl Iterator<Item = (&str, &PolicyPath, PolicyFileError)> {
    // Most inboxes name none.
    let numbers = (!inbox.policy_files.is_empty()).then(|| inbox.numbers.iter());
    let named =
        numbers.into_iter().flatten().filter_map(|(number, entry)| Some((number, entry.rules.as_ref()?)));
    named.filter_map(move |(number, rules)| {
        let own = format!("{number}.rules");
        let error = if !exists(&rules.file) {
            PolicyFileError::Missing
        } else if *rules.file != *own && exists(&own) {
            PolicyFileError::Two
        } else {
            return None;
        };
        Some((number.as_str(), rules, error))
    })
}

impl Folder {
    /// The faults in `inbox.toml` about files that numbers name as their policies. None where only some of the files
    /// have been read.
    pub fn policy_file_faults(&self) -> Vec<Finding> {
        let Some(inbox) = self.inbox_source.as_ref().filter(|_| self.is_whole) else { return Vec::new() };
        let finding = |(number, rules, error): (&str, &PolicyPath, PolicyFileError)| {
            let file = &rules.file;
            let fault = |code: Code, message: String| Finding::new(code, &inbox.name, rules.span, message);
            match error {
                PolicyFileError::Two => {
                    let message = format!("`{number}` has two policies: `{file}` and `{number}.rules`");
                    fault(Code::TwoPolicies, message)
                        .help(format!("remove this line, or the file `{number}.rules`"))
                }
                PolicyFileError::Missing => {
                    let finding = fault(Code::UnknownFile, format!("there is no file `{file}`"));
                    match nearest(file, self.files.names().map(|name| &**name)) {
                        Some(near) => finding.did_you_mean(near, rules.span, quoted(near)),
                        None => finding.help("a path is relative to the folder of `inbox.toml`"),
                    }
                }
            }
        };
        policy_file_errors(&self.inbox, |name| self.files.contains(name)).map(finding).collect()
    }
}
