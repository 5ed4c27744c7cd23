//! What differs between two states of a folder, and whether it looks like a save that was cut off.

use std::sync::Arc;

use super::release::Release;
use crate::load::RuleSet;
use crate::policy::{Folder, INBOX, Policy, number_of};

/// The files that differ between two states of a folder, by name and in order, `inbox.toml` included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Files that are new.
    pub added: Vec<Arc<str>>,
    /// Files that are gone.
    pub removed: Vec<Arc<str>>,
    /// Files with another text.
    pub changed: Vec<Arc<str>>,
}

impl Changes {
    /// The changes from `old` to `new`.
    pub(super) fn between(old: &Folder, new: &Folder) -> Self {
        let mut changes = Self::default();
        let text = |folder: &Folder| folder.inbox_source.as_ref().map(|source| Arc::clone(&source.text));
        changes.add(&INBOX.into(), text(old), text(new));
        for (name, (old, new)) in old.files.changes(&new.files) {
            changes.add(name, old.map(|file| file.digest), new.map(|file| file.digest));
        }
        changes
    }

    fn add<T: PartialEq>(&mut self, name: &Arc<str>, old: Option<T>, new: Option<T>) {
        let names = match (old, new) {
            (None, Some(_)) => &mut self.added,
            (Some(_), None) => &mut self.removed,
            (old, new) if old != new => &mut self.changed,
            _ => return,
        };
        names.push(Arc::clone(name));
    }
}

/// Why `set` of `folder` looks as if a save had been cut off: more than that share of the policies of `old` is gone, or of
/// the rules of one, or a policy is only the beginning of what it was, or all users or groups are gone.
pub(super) fn loss(
    old: &Release,
    (set, folder): (&RuleSet, &Folder),
    changes: &Changes,
    most_removed: f64,
) -> Option<String> {
    if most_removed >= 1.0 {
        return None;
    }
    let is_too_much = |removed: usize, all: usize| {
        #[expect(clippy::cast_precision_loss, reason = "a share")]
        let share = removed as f64 / all.max(1) as f64;
        removed > 0 && (share > most_removed || most_removed.is_nan())
    };
    let (old_inbox, new_inbox) = (old.set.inbox(), set.inbox());
    if !old_inbox.users.is_empty() && new_inbox.users.is_empty() {
        return Some("`inbox.toml` has lost all its users; is it whole?".to_owned());
    }
    if !old_inbox.groups.is_empty() && new_inbox.groups.is_empty() {
        return Some("`inbox.toml` has lost all its groups; is it whole?".to_owned());
    }
    if is_cut_off(old, folder) {
        return Some("`inbox.toml` is only the beginning of what it was; is it whole?".to_owned());
    }
    let removed = changes.removed.iter().filter(|name| old.folder.is_policy(name)).count();
    let all = if removed == 0 { 0 } else { old.folder.policies().count() };
    if is_too_much(removed, all) {
        return Some(format!("{removed} of {all} policies are gone"));
    }
    changes.changed.iter().filter(|file| old.folder.is_policy(file)).find_map(|file| {
        let rules = |set: &RuleSet| policy_of(set, file).map(|policy| policy.rules.len());
        let (before, after) = (rules(&old.set)?, rules(set)?);
        let text = |folder: &Folder| Some(Arc::clone(&folder.files.get(file)?.source.text));
        let removed = before.saturating_sub(after);
        let is_cut_off = removed > 0 && text(&old.folder)?.starts_with(&*text(folder)?);
        (is_cut_off || is_too_much(removed, before))
            .then(|| format!("{removed} of {before} rules of `{file}` are gone; is the file whole?"))
    })
}

/// Whether `inbox.toml` is a mere beginning of what it was, and so lacks something that it had.
fn is_cut_off(old: &Release, new: &Folder) -> bool {
    let text = |folder: &Folder| folder.inbox_source.as_ref().map(|source| Arc::clone(&source.text));
    let (Some(before), Some(after)) = (text(&old.folder), text(new)) else { return false };
    old.folder.inbox != new.inbox && before.len() > after.len() && before.starts_with(&*after)
}

/// The policy in that file.
fn policy_of<'s>(set: &'s RuleSet, file: &str) -> Option<&'s Policy> {
    let of_number = number_of(file).and_then(|number| set.policy(number));
    let is_it = |policy: &&Policy| *policy.file == *file;
    of_number.filter(is_it).or_else(|| set.policies().find(is_it))
}
