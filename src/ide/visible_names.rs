//! The names of definitions, hours and dates that are visible in a file, and the files that define them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::policy::{Folder, NameKind, RuleFile};

/// Where a name is defined, and as what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VisibleName {
    /// The file that defines it.
    pub(super) file: Arc<str>,
    pub(super) kind: NameKind,
}

/// The names that are visible in the file called `name`: its own, and those of the files that it uses. Of two equal names
/// the first counts, as for the checker.
pub(super) fn visible_names(folder: &Folder, name: &str) -> BTreeMap<Arc<str>, VisibleName> {
    let mut names = BTreeMap::new();
    for (file, rules) in with_used_files(folder, name) {
        for defined in &rules.outline.names {
            let visible = VisibleName { file: Arc::clone(file), kind: defined.kind };
            names.entry(Arc::clone(&defined.name)).or_insert(visible);
        }
    }
    names
}

/// The files in which the names of the file called `name` are visible, that file among them.
pub(super) fn users_of(folder: &Folder, name: &str) -> Vec<Arc<str>> {
    let sees = |file: &&Arc<str>| with_used_files(folder, file).iter().any(|(used, _)| ***used == *name);
    folder.files.names().filter(sees).cloned().collect()
}

/// The file called `name` and all that it uses, directly or through others, in the order of the `use` lines.
fn with_used_files<'f>(folder: &'f Folder, name: &str) -> Vec<(&'f Arc<str>, &'f RuleFile)> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut stack: Vec<String> = vec![name.to_owned()];
    while let Some(next) = stack.pop() {
        let Some((key, file)) = folder.files.get_key_value(&next) else { continue };
        if seen.insert(key) {
            found.push((key, &**file));
            let mut used: Vec<String> = file.used(key).collect();
            // Reversed, so that they are taken from the stack in the order of the text.
            used.reverse();
            stack.append(&mut used);
        }
    }
    found
}
