//! Compares two versions of the rules, policy by policy.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::comparison::{PolicyChange, PolicyComparison, PolicyDifferences, RuleComparison};
use super::words::{AlignedVersions, inbox_differences, path, policy_differences};
use crate::inbox::AlignedInboxes;
use crate::load::{LoadError, RuleSet};
use crate::policy::{Folder, Policy};
use crate::prove::{compare, compare_versions};

/// One version of the rules: a set, and the texts that it was made from.
#[derive(Debug, Clone, Copy)]
pub struct RuleVersion<'v> {
    /// The rules.
    pub set: &'v RuleSet,
    /// Their texts.
    pub folder: &'v Folder,
}

/// The policies of one version, by their files.
type PoliciesByFile<'s> = BTreeMap<Arc<str>, &'s Policy>;

/// The old policy and the new one.
type PolicyPair<'s> = (Option<&'s Policy>, Option<&'s Policy>);

/// What two versions of the rules, each with its own inbox, decide differently. Policies are compared with those of the
/// same file name; if each folder [names](Folder::extra_policies) a policy, these two are compared.
///
/// Once `most` differences have been found, no further policy is compared ([`RuleComparison::not_compared`]), so a caller who
/// only asks whether there are any passes 1. Policies whose texts have not changed cost nothing, unless the inbox has.
///
/// ```
/// use inbox_rules::compare::{RuleVersion, compare_rules};
/// use inbox_rules::{Folder, Inbox, RuleSet};
///
/// let folder = |text| Folder::from_policy("+15550100.rules", text, Inbox::default());
/// let (old, new) = (folder("otherwise: assign owner"), folder("otherwise: assign nobody"));
/// let sets = [RuleSet::from_folder(&old)?, RuleSet::from_folder(&new)?];
/// let old = RuleVersion { set: &sets[0], folder: &old };
/// let new = RuleVersion { set: &sets[1], folder: &new };
/// let comparison = compare_rules(old, new, usize::MAX)?;
/// assert!(!comparison.is_alike());
/// println!("{}", serde_json::to_string_pretty(&comparison)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`LoadError::Faults`], if a set was not made from its folder, which has faults.
pub fn compare_rules(
    old: RuleVersion<'_>,
    new: RuleVersion<'_>,
    most: usize,
) -> Result<RuleComparison, LoadError> {
    let inboxes = AlignedInboxes::new(&old.folder.inbox, &new.folder.inbox);
    let [old_inbox, new_inbox] = inboxes.sides.clone();
    if old.folder.inbox == new.folder.inbox {
        return Ok(compare_aligned([old, new], inboxes, most));
    }
    // Now a name has the same id in both versions.
    let old_folder = Folder { inbox: Arc::new(old_inbox), ..old.folder.clone() };
    let new_folder = Folder { inbox: Arc::new(new_inbox), ..new.folder.clone() };
    let (old_set, new_set) = (RuleSet::from_folder(&old_folder)?, RuleSet::from_folder(&new_folder)?);
    let old = RuleVersion { set: &old_set, folder: &old_folder };
    let new = RuleVersion { set: &new_set, folder: &new_folder };
    Ok(compare_aligned([old, new], inboxes, most))
}

/// Compares two versions in which a name has the same id.
fn compare_aligned([old, new]: [RuleVersion<'_>; 2], inboxes: AlignedInboxes, most: usize) -> RuleComparison {
    let inbox_changes = inboxes.changes();
    let versions = AlignedVersions { folders: [old.folder, new.folder], inboxes };
    let is_same = |before: &Policy, after: &Policy| inbox_changes.is_empty() && before.digest == after.digest;
    let decide_differently = |before: &Policy, after: &Policy| {
        if inbox_changes.is_empty() {
            compare(before, after, &versions.inboxes.union)
        } else {
            compare_versions(before, after, &versions.inboxes)
        }
    };
    let mut comparison =
        RuleComparison { inbox: inbox_differences(&versions, &inbox_changes), ..RuleComparison::default() };
    let mut count = 0;
    for (name, sides) in pairs(&policies(old), &policies(new)) {
        let change = match sides {
            (Some(before), Some(after)) if is_same(before, after) => {
                PolicyChange::Both(PolicyDifferences::default())
            }
            (Some(_), Some(_)) if count >= most => {
                comparison.not_compared.push(name);
                continue;
            }
            (Some(before), Some(after)) => {
                let found = decide_differently(before, after);
                PolicyChange::Both(policy_differences(&versions, &name, [before, after], found))
            }
            (None, _) => PolicyChange::Added,
            (_, None) => PolicyChange::Removed,
        };
        let path = path(new.folder, &name);
        let compared = PolicyComparison { policy: name, path, change };
        count += compared.count();
        comparison.policies.push(compared);
    }
    comparison
}

/// The policies of a folder, or the one that it names.
fn policies(version: RuleVersion<'_>) -> (PoliciesByFile<'_>, bool) {
    let named = &version.folder.extra_policies;
    let policies = version.set.policies().filter(|policy| named.is_empty() || named.contains(&policy.file));
    (policies.map(|policy| (Arc::clone(&policy.file), policy)).collect(), !named.is_empty())
}

/// The policies to be compared, by the name of the new file or else of the old one.
fn pairs<'v>(
    (old, is_old_named): &(PoliciesByFile<'v>, bool),
    (new, is_new_named): &(PoliciesByFile<'v>, bool),
) -> Vec<(Arc<str>, PolicyPair<'v>)> {
    if *is_old_named && *is_new_named {
        let pair = old.values().next().zip(new.first_key_value());
        let pair = pair.map(|(before, (name, after))| (Arc::clone(name), (Some(*before), Some(*after))));
        return pair.into_iter().collect();
    }
    let names: BTreeSet<&Arc<str>> = old.keys().chain(new.keys()).collect();
    let pair = |name: &Arc<str>| (old.get(name).copied(), new.get(name).copied());
    names.into_iter().map(|name| (Arc::clone(name), pair(name))).collect()
}
