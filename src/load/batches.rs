//! A folder loaded for deciding, in batches of policies. Only what decides is kept of each, so that texts and syntax
//! trees take the memory of one batch, however many numbers there are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::listing::{EntryKind, Listing};
use super::reader::FolderReader;
use super::resolved_folder::{BATCH, Policies, ResolvedFolder};
use crate::inbox::Inbox;
use crate::policy::{Folder, Policy, policy_file_errors, policy_key};

/// The policies of the reader's folder and its inbox. `None` where there are faults: whoever reads the folder as a whole
/// finds all of them.
pub(super) fn load_in_batches(
    listing: &Listing,
    reader: &mut FolderReader<'_>,
) -> Option<(Arc<Inbox>, Policies)> {
    in_batches_of(BATCH, listing, reader)
}

pub(super) fn in_batches_of(
    size: usize,
    listing: &Listing,
    reader: &mut FolderReader<'_>,
) -> Option<(Arc<Inbox>, Policies)> {
    let inbox = reader.inbox().ok()??;
    let empty = Folder { is_whole: false, ..Folder::empty(Some(inbox)) };
    let unlisted = listing.policy_files(&empty.inbox, reader);
    let is_there = |name: &str| listing.files.contains_key(name) || unlisted.contains_key(name);
    if policy_file_errors(&empty.inbox, is_there).next().is_some() {
        return None;
    }
    let files = listing.files.iter().chain(&unlisted);
    let (policies, others): (Vec<_>, Vec<_>) = files.partition(|(name, _)| empty.is_policy(name));
    let owned = |(name, kind): &(&Arc<str>, &EntryKind)| (Arc::clone(name), **kind);
    // Any policy may use these.
    reader.read(others.iter().map(owned).collect());
    let mut resolved = ResolvedFolder::new(Folder { files: reader.files.clone(), ..empty.clone() });
    let mut loaded = Policies::new();
    let mut batches = policies.chunks(size);
    while !resolved.has_faults() {
        let Some(batch) = batches.next() else { return Some((empty.inbox, loaded)) };
        reader.read(batch.iter().map(owned).collect());
        let names: Vec<Arc<str>> = batch.iter().map(|(name, _)| Arc::clone(name)).collect();
        let files = names.iter().filter_map(|name| Some((name, reader.files.get(name)?)));
        let used: BTreeSet<String> = files.flat_map(|(name, file)| file.used(name)).collect();
        let mut new = Vec::new();
        for name in names {
            // A policy with the text of an earlier one need not be resolved, unless another file uses it.
            let is_used = used.contains(&*name) || resolved.imports().is_used(&name);
            let first = reader.files.get(&name).and_then(|file| resolved.first_with_text(file));
            match first.and_then(|first| loaded.get(&policy_key(first))).filter(|_| !is_used) {
                Some(first) => {
                    let policy = Policy { file: Arc::clone(&name), ..Policy::clone(first) };
                    let copy = Arc::new(first.sharing(Arc::new(policy)));
                    loaded.insert(policy_key(&name), copy);
                    reader.forget(&name);
                }
                None => new.push(name),
            }
        }
        resolved.update(Folder { files: reader.files.clone(), ..empty.clone() });
        for name in new {
            let policy = resolved.policies().get(&policy_key(&name))?;
            loaded.insert(policy_key(&name), Arc::new(policy.without_tests()));
            reader.drop_tree(&name);
        }
    }
    None
}
