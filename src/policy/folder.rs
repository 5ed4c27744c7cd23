//! The files of one inbox, in memory and parsed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diagnostic::Finding;
use crate::inbox::Inbox;
use crate::language::ast;
use crate::text::{LineIndex, Source};

/// The files of one inbox. Keys are names inside the folder, with `/` between folders; a [`Source`]'s own name
/// is the path as people see it.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// `inbox.toml`, where there is one.
    pub inbox: Option<Source>,
    /// What it says; imagined from the rule files where there is none (then `known` is false).
    pub settings: Inbox,
    /// Every rule file.
    pub files: BTreeMap<Arc<str>, Arc<RuleFile>>,
    /// Rule files that are policies though their names do not say so.
    pub named: BTreeSet<Arc<str>>,
    /// What is wrong with the folder itself, with `inbox.toml`, and with files that could not be read.
    pub findings: Vec<Finding>,
}

/// One rule file, parsed.
#[derive(Debug, Clone)]
pub struct RuleFile {
    /// Its text.
    pub source: Source,
    /// Its tree.
    pub tree: ast::File,
    /// Where its lines begin.
    pub lines: LineIndex,
    /// What the parser found.
    pub findings: Vec<Finding>,
}

impl Folder {
    /// Whether the file is the policy of a number, of every other number, or was named as one.
    pub fn is_policy(&self, name: &str) -> bool {
        name == "default.rules" || number_of(name).is_some() || self.named.contains(name)
    }

    /// The names of the policies, in order.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.keys().filter(|name| self.is_policy(name))
    }
}

/// The number that a policy's file is named by: `+15550100.rules` → `+15550100`.
pub fn number_of(name: &str) -> Option<&str> {
    let number = name.strip_suffix(".rules")?;
    is_e164(number).then_some(number)
}

/// Whether `text` is a telephone number in E.164: `+`, then up to 15 digits that do not begin with 0.
pub fn is_e164(text: &str) -> bool {
    text.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_policies() {
        assert_eq!(number_of("+15550100.rules"), Some("+15550100"));
        assert_eq!(number_of("+0555010000.rules"), None);
        assert_eq!(number_of("common.rules"), None);
        assert_eq!(number_of("shared/+15550100.rules"), None);
    }
}
