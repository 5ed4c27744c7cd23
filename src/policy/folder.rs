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

/// The name of the file that describes the inbox.
pub(crate) const INBOX: &str = "inbox.toml";

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
    /// Whether these are all the files of the inbox, so that a file which is missing here does not exist.
    pub is_whole: bool,
    /// Files that were meant to be read, as it seems, but are not because of their names: `default.rules.txt`.
    pub ignored_files: Vec<Arc<str>>,
    /// The findings about the folder itself, `inbox.toml`, and files that could not be read.
    pub findings: Vec<Finding>,
}

impl Folder {
    /// A folder of these files, by their names relative to it. Without an `inbox.toml`, the inbox is inferred from the
    /// names that the files mention.
    pub fn new(inbox: Option<Source>, files: impl Into<Files>) -> Self {
        Self::empty(inbox).with_files(files)
    }

    /// A folder with that `inbox.toml` and no rule files yet.
    pub fn empty(inbox: Option<Source>) -> Self {
        let (mut settings, findings) = match &inbox {
            Some(source) => Inbox::parse(source),
            None => (Inbox::default(), Vec::new()),
        };
        // If a part of the inbox was lost, a name that seems to be missing may be in that part. Inferring the names
        // then avoids findings that are only consequences.
        settings.is_inferred = inbox.is_none() || !settings.is_complete;
        Self { inbox_source: inbox, inbox: Arc::new(settings), is_whole: true, findings, ..Self::default() }
    }

    /// A folder of these texts by their file names, `inbox.toml` among them.
    ///
    /// ```
    /// use inbox_rules::{Folder, RuleSet};
    ///
    /// let folder = Folder::from_texts([
    ///     ("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"),
    ///     ("default.rules", "otherwise: assign group \"Sales\" by hand"),
    /// ]);
    /// assert!(RuleSet::from_folder(&folder).is_ok());
    /// assert_eq!(folder.texts().count(), 2);
    /// ```
    pub fn from_texts<'t>(texts: impl IntoIterator<Item = (&'t str, &'t str)>) -> Self {
        let (mut inbox, mut files) = (None, Files::new());
        for (name, text) in texts {
            let source = Source::new(name, text);
            if name == INBOX {
                inbox = Some(source);
            } else {
                files.insert(name.into(), Arc::new(RuleFile::parse(source).without_tree()));
            }
        }
        Self::new(inbox, files)
    }

    /// Every text by its file name, `inbox.toml` first. Files that could not be read are empty.
    pub fn texts(&self) -> impl Iterator<Item = (&str, &str)> {
        let inbox = self.inbox_source.iter().map(|inbox| (INBOX, &*inbox.text));
        inbox.chain(self.files.iter().map(|(name, file)| (&**name, &*file.source.text)))
    }

    /// The same folder with these files.
    #[must_use]
    pub fn with_files(mut self, files: impl Into<Files>) -> Self {
        self.files = files.into();
        if self.inbox.is_inferred {
            self.inbox = Arc::new(infer_inbox(self.files.values(), Inbox::clone(&self.inbox)));
        }
        self
    }

    /// The same folder with another `inbox.toml`.
    #[must_use]
    pub fn with_inbox(self, inbox: Option<Source>) -> Self {
        let Self { inbox_source, inbox, findings, .. } = Self::new(inbox, self.files.clone());
        Self { inbox_source, inbox, findings, ..self }
    }

    /// A folder of one policy, for an inbox that is already known.
    pub fn from_policy(name: &str, text: &str, settings: Inbox) -> Self {
        let name: Arc<str> = name.into();
        let file = RuleFile::parse(Source::new(Arc::clone(&name), text));
        let files = Files::from_iter([(Arc::clone(&name), Arc::new(file))]);
        let settings = Arc::new(settings);
        Self { inbox: settings, files, extra_policies: BTreeSet::from([name]), ..Self::default() }
    }

    /// Every text that findings may point into.
    pub fn sources(&self) -> Sources {
        self.files.values().map(|file| file.source.clone()).chain(self.inbox_source.clone()).collect()
    }

    /// Whether the file is a policy: named after a number, `default.rules`, named by a number of the inbox, or one of
    /// the extra policies.
    pub fn is_policy(&self, name: &str) -> bool {
        name == "default.rules"
            || number_of(name).is_some()
            || self.inbox.policy_files.contains(name)
            || self.extra_policies.contains(name)
    }

    /// The names of the policies, in order.
    pub fn policies(&self) -> impl Iterator<Item = &Arc<str>> {
        self.files.names().filter(|name| self.is_policy(name))
    }
}
