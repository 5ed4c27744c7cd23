//! Which file uses which, and what of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::diagnostic::Code;
use crate::policy::{Folder, Resolved, RuleFile};

/// Which file uses which, and what of it.
#[derive(Debug, Default)]
pub(super) struct Uses {
    /// The files that name a file in a `use`, whether or not it is there.
    users: BTreeMap<Arc<str>, BTreeSet<Arc<str>>>,
    /// How many files mention a definition, hours or dates, by file and name.
    mentions: HashMap<(Arc<str>, Arc<str>), usize>,
    /// Files of which it is not known what they use.
    lost: BTreeSet<Arc<str>>,
    /// Files whose definitions are for themselves.
    closed: BTreeSet<Arc<str>>,
    /// Files that name a file which is not there.
    unmet: BTreeSet<Arc<str>>,
}

impl Uses {
    /// Takes a file in. Gives the files of which it mentions something.
    pub(super) fn insert<'a>(
        &mut self,
        folder: &Folder,
        name: &Arc<str>,
        file: &RuleFile,
        resolved: &'a Resolved,
    ) -> impl Iterator<Item = &'a Arc<str>> {
        for target in file.used(name) {
            self.users.entry(target.into()).or_default().insert(Arc::clone(name));
        }
        for mention in &*resolved.mentions {
            *self.mentions.entry(mention.clone()).or_default() += 1;
        }
        let has = |code: Code| resolved.findings.iter().any(|finding| finding.code == code);
        if has(Code::UnknownFile) {
            self.unmet.insert(Arc::clone(name));
        }
        if file.outline.is_use_broken
            || [Code::UnknownFile, Code::PathOutside, Code::UseCycle].into_iter().any(has)
        {
            self.lost.insert(Arc::clone(name));
        }
        if folder.is_policy(name) && file.outline.has_rules {
            self.closed.insert(Arc::clone(name));
        }
        resolved.mentions.iter().map(|(file, _)| file)
    }

    /// Lets go of a file that was [inserted](Self::insert) so. Gives the files of which it mentioned something.
    pub(super) fn remove<'a>(
        &mut self,
        name: &Arc<str>,
        file: &RuleFile,
        resolved: &'a Resolved,
    ) -> impl Iterator<Item = &'a Arc<str>> {
        for target in file.used(name) {
            if let Some(users) = self.users.get_mut(target.as_str()) {
                users.remove(name);
                if users.is_empty() {
                    self.users.remove(target.as_str());
                }
            }
        }
        for mention in &*resolved.mentions {
            if let Some(count) = self.mentions.get_mut(mention) {
                *count -= 1;
                if *count == 0 {
                    self.mentions.remove(mention);
                }
            }
        }
        self.unmet.remove(name);
        self.lost.remove(name);
        self.closed.remove(name);
        resolved.mentions.iter().map(|(file, _)| file)
    }

    /// `names`, and every file that uses one of them, directly or through others.
    pub(super) fn with_users(&self, names: BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
        let mut open: Vec<Arc<str>> = names.iter().cloned().collect();
        let mut all = names;
        while let Some(name) = open.pop() {
            for user in self.users.get(&name).into_iter().flatten() {
                if all.insert(Arc::clone(user)) {
                    open.push(Arc::clone(user));
                }
            }
        }
        all
    }

    /// Whether some file names this one in a `use`.
    pub(super) fn is_used(&self, file: &str) -> bool {
        self.users.contains_key(file)
    }

    /// Files that name a file which is not there: any new file may be the one they mean.
    pub(super) fn unmet(&self) -> &BTreeSet<Arc<str>> {
        &self.unmet
    }

    /// Whether some file mentions what `file` calls `name`.
    pub(super) fn mentions(&self, file: &Arc<str>, name: &str) -> bool {
        self.mentions.contains_key(&(Arc::clone(file), Arc::from(name)))
    }

    /// Whether the file's definitions are for itself: it has rules or tests, which no file takes from another.
    pub(super) fn is_closed(&self, file: &str) -> bool {
        self.closed.contains(file)
    }

    /// Whether it is known which files use which: there are policies here, and every `use` was read and followed.
    pub(super) fn are_known(&self) -> bool {
        !self.closed.is_empty() && self.lost.is_empty()
    }
}
