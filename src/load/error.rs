//! Why a folder gives no rule set.

use std::path::PathBuf;

use crate::diagnostic::{Finding, Sources};

/// Why a folder gives no rule set.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// There is nothing at that path.
    #[error("there is no file or folder `{}`", path.display())]
    NotFound {
        /// What was asked for.
        path: PathBuf,
    },
    /// It is there and cannot be read.
    #[error("`{}` cannot be read: {source}", path.display())]
    Unreadable {
        /// What was asked for.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// Decisions need to know the groups and users.
    #[error("`{}` has no `inbox.toml`, which names the groups and users", path.display())]
    NoInbox {
        /// The folder.
        path: PathBuf,
    },
    /// Some rules have no meaning until they are mended.
    #[error("{}", faults(findings))]
    Faults {
        /// What is wrong; the faults are among them.
        findings: Vec<Finding>,
        /// The texts they point into.
        sources: Sources,
    },
}

/// "2 faults in the rules; the first: no group is called `Slaes`"
fn faults(findings: &[Finding]) -> String {
    let first = findings.first().map_or("", |finding| finding.message.as_str());
    match findings.len() {
        1 => format!("a fault in the rules: {first}"),
        count => format!("{count} faults in the rules; the first: {first}"),
    }
}
