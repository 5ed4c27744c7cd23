//! Which file uses which, and which of its definitions.

use std::collections::BTreeSet;
use std::sync::Arc;

use imbl::{HashMap, OrdMap, OrdSet};

use crate::diagnostic::Code;
use crate::policy::{Folder, Resolved, RuleFile};

/// Which file uses which, and which of its definitions.
#[derive(Debug, Clone, Default)]
pub(crate) struct ImportGraph {
    /// The files that name a file in a `use`, whether or not it is there.
    users: OrdMap<Arc<str>, OrdSet<Arc<str>>>,
    /// How many files mention a definition, hours or dates, by file and name.
    mentions: HashMap<(Arc<str>, Arc<str>), usize>,
    /// Files with a `use` that could not be read or followed: they may use any file.
    unresolved: OrdSet<Arc<str>>,
    /// Policies with rules or tests, whose definitions no other file needs.
    self_contained: OrdSet<Arc<str>>,
    /// Files that name a file which does not exist.
    dangling: OrdSet<Arc<str>>,
}

impl ImportGraph {
    /// Adds a file, and returns the files whose definitions it mentions.
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
            self.dangling.insert(Arc::clone(name));
        }
        if file.outline.is_use_broken
            || [Code::UnknownFile, Code::PathOutside, Code::UseCycle].into_iter().any(has)
        {
            self.unresolved.insert(Arc::clone(name));
        }
        if folder.is_policy(name) && file.outline.has_rules {
            self.self_contained.insert(Arc::clone(name));
        }
        resolved.mentions.iter().map(|(file, _)| file)
    }

    /// Removes a file that was [inserted](Self::insert) with these arguments, and returns the files whose definitions it
    /// mentioned.
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
        self.dangling.remove(name);
        self.unresolved.remove(name);
        self.self_contained.remove(name);
        resolved.mentions.iter().map(|(file, _)| file)
    }

    /// `names`, and every file that uses one of them, directly or through others.
    pub(super) fn with_users(&self, names: BTreeSet<Arc<str>>) -> BTreeSet<Arc<str>> {
        let mut queue: Vec<Arc<str>> = names.iter().cloned().collect();
        let mut all = names;
        while let Some(name) = queue.pop() {
            for user in self.users.get(&name).into_iter().flatten() {
                if all.insert(Arc::clone(user)) {
                    queue.push(Arc::clone(user));
                }
            }
        }
        all
    }

    /// Whether some file names this one in a `use`.
    pub(super) fn is_used(&self, file: &str) -> bool {
        self.users.contains_key(file)
    }

    /// Files that name a file which does not exist: any new file may be that one.
    pub(super) fn dangling(&self) -> &OrdSet<Arc<str>> {
        &self.dangling
    }

    /// Whether some file mentions the definition `name` of `file`.
    #[cfg(feature = "check")]
    pub(crate) fn mentions(&self, file: &Arc<str>, name: &str) -> bool {
        self.mentions.contains_key(&(Arc::clone(file), Arc::from(name)))
    }

    /// Whether no other file needs this one's definitions: it is a policy with rules or tests, and those are not shared.
    pub(crate) fn is_self_contained(&self, file: &str) -> bool {
        self.self_contained.contains(file)
    }

    /// Whether every use of a definition is known: there are policies, and every `use` could be followed.
    pub(crate) fn is_complete(&self) -> bool {
        !self.self_contained.is_empty() && self.unresolved.is_empty()
    }
}
