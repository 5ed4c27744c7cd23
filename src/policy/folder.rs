//! The files of one inbox, in memory and parsed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::file::RuleFile;
use super::files::Files;
use super::infer_inbox::infer_inbox;
use crate::diagnostic::{Finding, Sources};
use crate::inbox::{Inbox, is_e164};
use crate::text::Source;

/// The files of one inbox. Keys are names inside the folder, with `/` between folders; a [`Source`]'s own name
/// is the path as people see it.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// `inbox.toml`, where there is one.
    pub inbox_source: Option<Source>,
    /// What it says; imagined from the rule files where there is none (then `known` is false).
    pub inbox: Arc<Inbox>,
    /// Every rule file.
    pub files: Files,
    /// Rule files that are policies though their names do not say so.
    pub extra_policies: BTreeSet<Arc<str>>,
    /// What is wrong with the folder itself, with `inbox.toml`, and with files that could not be read.
    pub findings: Vec<Finding>,
}

impl Folder {
    /// A folder of these files, by their names inside it. Without an `inbox.toml` the inbox is imagined: it has
    /// whatever the files mention.
    pub fn new(inbox: Option<Source>, files: impl Into<Files>) -> Self {
        let files = files.into();
        let (settings, findings) = match &inbox {
            Some(source) => Inbox::parse(source),
            None => (Inbox::default(), Vec::new()),
        };
        // Where the inbox cannot be read in full, a name that seems to be missing may stand in the rest.
        let is_known = inbox.is_some() && settings.is_complete;
        let settings = if is_known { settings } else { infer_inbox(files.values(), settings) };
        Self {
            inbox_source: inbox,
            inbox: Arc::new(settings),
            files,
            extra_policies: BTreeSet::new(),
            findings,
        }
    }

    /// A folder of one policy, for an inbox that is known already.
    pub fn from_policy(name: &str, text: &str, settings: Inbox) -> Self {
        let name: Arc<str> = name.into();
        let file = RuleFile::parse(Source::new(Arc::clone(&name), text));
        let files = Files::from_iter([(Arc::clone(&name), Arc::new(file))]);
        let settings = Arc::new(settings);
        Self {
            inbox_source: None,
            inbox: settings,
            files,
            extra_policies: BTreeSet::from([name]),
            findings: Vec::new(),
        }
    }

    /// Every text that findings can point into.
    pub fn sources(&self) -> Sources {
        self.files.values().map(|file| file.source.clone()).chain(self.inbox_source.clone()).collect()
    }

    /// Whether the file is the policy of a number, of every other number, or was named as one.
    pub fn is_policy(&self, name: &str) -> bool {
        name == "default.rules" || number_of(name).is_some() || self.extra_policies.contains(name)
    }

    /// The names of the policies, in order.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.names().filter(|name| self.is_policy(name))
    }
}

/// The number that a policy's file is named by: `+15550100.rules` → `+15550100`.
pub fn number_of(name: &str) -> Option<&str> {
    let number = name.strip_suffix(".rules")?;
    is_e164(number).then_some(number)
}

/// What the policy of the file called `name` is found by: the number it is for, or that name.
pub fn policy_key(name: &Arc<str>) -> Arc<str> {
    number_of(name).map_or_else(|| Arc::clone(name), Arc::from)
}

/// The name inside the folder of `path` as written in the file `from`; `None` where it leads outside.
pub fn resolve_path(from: &str, path: &str) -> Option<String> {
    if path.is_empty() || path.starts_with('/') || path.contains(['\\', ':', '\0']) {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
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

    #[test]
    fn paths_stay_inside() {
        assert_eq!(resolve_path("a.rules", "common.rules").as_deref(), Some("common.rules"));
        assert_eq!(resolve_path("shop/a.rules", "../common.rules").as_deref(), Some("common.rules"));
        assert_eq!(resolve_path("shop/a.rules", "./b.rules").as_deref(), Some("shop/b.rules"));
        for outside in ["../x.rules", "/etc/passwd", "a/../../x", "C:\\x", "", ".."] {
            assert_eq!(resolve_path("a.rules", outside), None, "{outside}");
        }
    }
}
