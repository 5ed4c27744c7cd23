//! Rules that are current, with the texts they were made from.

use std::fmt;
use std::sync::Arc;

use crate::compare::RuleVersion;
use crate::load::RuleSet;
use crate::policy::{Folder, INBOX, RuleFile};
use crate::text::Source;

/// Rules that are or were current, with the texts they were made from.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Release {
    /// The rules.
    pub set: Arc<RuleSet>,
    /// The texts.
    pub folder: Folder,
    /// `sha256:…` over the names and contents of all files; empty where there are no rules yet.
    pub digest: String,
    /// How often the current set had changed then; 0 where there are no rules yet.
    pub generation: u64,
}

impl Release {
    /// The rules, to be [compared](crate::compare::compare_rules) with others.
    pub fn version(&self) -> RuleVersion<'_> {
        RuleVersion { set: &self.set, folder: &self.folder }
    }

    /// The texts with other texts for these files; `None` removes a file. To judge the result costs what differs.
    pub fn with_files<'t>(&self, texts: impl IntoIterator<Item = (&'t str, Option<&'t str>)>) -> Folder {
        // Findings show files of the same folder by the same path.
        let known = self.folder.inbox_source.as_ref().and_then(|inbox| inbox.name.strip_suffix(INBOX));
        let source =
            |name: &str, text: &str| Source::new(format!("{}{name}", known.unwrap_or_default()), text);
        let (mut files, mut inbox) = (self.folder.files.clone(), self.folder.inbox_source.clone());
        for (name, text) in texts {
            match text.map(|text| source(name, text)) {
                text if name == INBOX => inbox = text,
                Some(text) => files.insert(name.into(), Arc::new(RuleFile::parse(text).without_tree())),
                None => files.remove(name),
            }
        }
        let folder = self.folder.clone();
        if inbox == folder.inbox_source {
            folder.with_files(files)
        } else {
            folder.with_files(files).with_inbox(inbox)
        }
    }
}

/// Short: the rules of many numbers are long.
impl fmt::Debug for Release {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { digest, generation, .. } = self;
        f.debug_struct("Release")
            .field("digest", digest)
            .field("generation", generation)
            .finish_non_exhaustive()
    }
}
