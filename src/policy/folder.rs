//! The files of one inbox, in memory and parsed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::file::RuleFile;
use super::files::Files;
use super::infer_inbox::infer_inbox;
use super::path::number_of;
use crate::diagnostic::{Finding, Sources};
use crate::inbox::Inbox;
use crate::text::Source;

/// The files of one inbox. The keys are file names relative to the folder, with `/` between folders; the name of a
/// [`Source`] is the path as findings show it.
#[derive(Debug, Clone, Default)]
pub struct Folder {
    /// The text of `inbox.toml`, if there is one.
    pub inbox_source: Option<Source>,
    /// The content of `inbox.toml`, or an inbox inferred from the rule files.
    pub inbox: Arc<Inbox>,
    /// Every rule file.
    pub files: Files,
    /// Rule files that are policies although they are not named after a number: those that the user named.
    pub extra_policies: BTreeSet<Arc<str>>,
    /// The findings about the folder itself, `inbox.toml`, and files that could not be read.
    pub findings: Vec<Finding>,
}

impl Folder {
    /// A folder of these files, by their names relative to it. Without an `inbox.toml`, the inbox is inferred from the
    /// names that the files mention.
    pub fn new(inbox: Option<Source>, files: impl Into<Files>) -> Self {
        let files = files.into();
        let (settings, findings) = match &inbox {
            Some(source) => Inbox::parse(source),
            None => (Inbox::default(), Vec::new()),
        };
        // If a part of the inbox was lost, a name that seems to be missing may be in that part. Inferring the names
        // then avoids findings that are only consequences.
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

    /// A folder of one policy, for an inbox that is already known.
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

    /// Every text that findings may point into.
    pub fn sources(&self) -> Sources {
        self.files.values().map(|file| file.source.clone()).chain(self.inbox_source.clone()).collect()
    }

    /// Whether the file is a policy: that of a number, `default.rules`, or one of the extra policies.
    pub fn is_policy(&self, name: &str) -> bool {
        name == "default.rules" || number_of(name).is_some() || self.extra_policies.contains(name)
    }

    /// The names of the policies, in order.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.names().filter(|name| self.is_policy(name))
    }
}
