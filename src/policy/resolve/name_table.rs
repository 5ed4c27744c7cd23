//! What each file takes from those that it uses: worked out once for each file, after the files that it uses.

use std::sync::Arc;

use imbl::HashMap;
use sha2::{Digest as _, Sha256};

use super::names::{Duplicate, Names};
use super::use_graph::{UseCycle, UseGraph, used_files};
use crate::policy::file::{RuleFile, digest};
use crate::policy::folder::Folder;
use crate::text::Span;

/// The names that are visible in each of some files.
#[derive(Debug, Clone, Default)]
pub struct NameTable(HashMap<Arc<str>, Arc<FileNames>>);

/// The names that are visible in one file, and what is wrong with how they come there.
#[derive(Debug)]
pub(super) struct FileNames {
    pub(super) names: Names,
    /// Names that the file itself defines a second time, with their places.
    pub(super) own_duplicates: Vec<(Span, Duplicate)>,
    /// Names that come through a `use` line a second time, with the position of the line among the `use` lines.
    pub(super) duplicates: Vec<(usize, Duplicate)>,
    /// The cycles whose first file this is.
    pub(super) cycles: Vec<UseCycle>,
    /// SHA-256 of the text, and of those of the files that it uses.
    pub(super) digest: [u8; 32],
}

impl NameTable {
    /// Adds the files of those names and all that they use, as they are in `folder`. Those that are in the table stay
    /// as they are.
    pub fn add<'n>(&mut self, folder: &Folder, names: impl IntoIterator<Item = &'n str>) {
        let graph = UseGraph::new(folder, names, |name| self.0.contains_key(name));
        for component in graph.components() {
            let mut cycles = graph.cycles(&component);
            // Files that use each other see the same names.
            let joint = (!cycles.is_empty()).then(|| self.joint_names(folder, &component));
            let files = component.iter().filter_map(|name| folder.files.get_key_value(name));
            let new: Vec<_> = files
                .map(|(name, file)| {
                    let mut names = FileNames::of(folder, name, file, self, joint.as_ref());
                    names.cycles = cycles.remove(name).unwrap_or_default();
                    (Arc::clone(name), Arc::new(names))
                })
                .collect();
            self.0.extend(new);
        }
    }

    /// Removes the file of that name.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    pub(super) fn get(&self, name: &str) -> Option<&FileNames> {
        self.0.get(name).map(|names| &**names)
    }

    /// The names of files that use each other, and of all that they use.
    fn joint_names(&self, folder: &Folder, component: &[&Arc<str>]) -> Names {
        let mut joint = Names::default();
        for (name, file) in component.iter().filter_map(|name| folder.files.get_key_value(name)) {
            joint.add(&Names::own(name, &file.outline).0, drop);
            for used in used_files(folder, name, file) {
                match used.map(|used| self.get(used)) {
                    Some(Some(used)) => joint.add(&used.names, drop),
                    Some(None) => {}
                    None => joint.set_incomplete(),
                }
            }
        }
        joint
    }
}

impl FileNames {
    /// The names that are visible in `file`, where `table` has the files that it uses, except those that use it; with
    /// these it shares the names `joint`.
    pub(super) fn of(
        folder: &Folder,
        name: &Arc<str>,
        file: &RuleFile,
        table: &NameTable,
        joint: Option<&Names>,
    ) -> Self {
        let (mut names, own_duplicates) = Names::own(name, &file.outline);
        let mut duplicates = Vec::new();
        let own_digest = file.digest.unwrap_or_else(|| digest(&file.source.text));
        let mut hash = Sha256::new_with_prefix(own_digest);
        let mut has_imports = false;
        for (line, used) in used_files(folder, name, file).enumerate() {
            let known = used.and_then(|used| table.get(used));
            if let Some(known) = known {
                hash.update(known.digest);
                has_imports = true;
            }
            match known.map(|known| &known.names).or(joint.filter(|_| used.is_some())) {
                Some(used) => names.add(used, |duplicate| duplicates.push((line, duplicate))),
                None => names.set_incomplete(),
            }
        }
        let digest = if has_imports { hash.finalize().into() } else { own_digest };
        Self { names, own_duplicates, duplicates, cycles: Vec::new(), digest }
    }
}

#[cfg(test)]
mod tests;
