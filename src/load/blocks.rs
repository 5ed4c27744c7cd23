//! A folder loaded for deciding, one block of policies after another: of each only what decides is kept, so that trees
//! take the room of one block, however many numbers there are.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use imbl::OrdMap;

use super::error::LoadError;
use super::read::{DEEPEST_FOLDER, FEW, Found, Kind, at, read_inbox, read_text};
use crate::check::Checked;
use crate::engine::CompiledPolicy;
use crate::inbox::Inbox;
use crate::parallel::{self, Threads};
use crate::policy::{Files, Folder, RuleFile, digest, policy_key};
use crate::text::Source;

/// How many policies are read together.
const BLOCK: usize = 512;

/// An inbox, and its policies by number, or by file where that is not named by a number.
pub(super) type Policies = (Arc<Inbox>, OrdMap<Arc<str>, Arc<CompiledPolicy>>);

/// The policies of a folder. `None` where it is no folder, or anything is wrong with it: who reads it as a whole can
/// tell all of that.
pub(super) fn by_blocks(path: &Path) -> Result<Option<Policies>, LoadError> {
    in_blocks_of(BLOCK, path)
}

fn in_blocks_of(size: usize, path: &Path) -> Result<Option<Policies>, LoadError> {
    let unreadable = |source| at(path, source);
    if !fs::metadata(path).map_err(unreadable)?.is_dir() {
        return Ok(None);
    }
    let mut found = Found::default();
    found.collect(path, "", DEEPEST_FOLDER).map_err(unreadable)?;
    let place = Place { root: path, root_path: fs::canonicalize(path).map_err(unreadable)? };
    let Ok(Some(inbox)) = read_inbox(path, &place.root_path) else { return Ok(None) };
    let empty = Folder::new(Some(inbox), Files::new());
    let is_policy = |(name, _): &(String, Kind)| empty.is_policy(name);
    let (policies, others): (Vec<_>, Vec<_>) = found.files.into_iter().partition(is_policy);
    Ok(load(&place, empty, &others, &policies, size))
}

/// Where the files are.
struct Place<'p> {
    root: &'p Path,
    /// The same without links.
    root_path: PathBuf,
}

/// Gives each policy its meaning, beside the `others`, of which any may be used by many.
fn load(
    place: &Place<'_>,
    empty: Folder,
    others: &[(String, Kind)],
    policies: &[(String, Kind)],
    size: usize,
) -> Option<Policies> {
    let others = Folder { files: with_used(Files::new(), place, place.texts(others)?)?, ..empty };
    let mut checked = Checked::faults_of(others.clone());
    if has_faults(&checked) {
        return None;
    }
    let mut meanings = OrdMap::new();
    // The first policy of each text. Where a text is met again it means the same: all policies stand in one folder.
    let mut first: HashMap<[u8; 32], Arc<CompiledPolicy>> = HashMap::new();
    for block in policies.chunks(size) {
        let texts: Vec<_> =
            place.texts(block)?.into_iter().map(|text| (digest(&text.1.text), text)).collect();
        let mut seen = BTreeSet::new();
        let mut is_new = |digest| !first.contains_key(digest) && seen.insert(*digest);
        let new = texts.iter().filter(|(digest, _)| is_new(digest)).map(|(_, text)| text.clone());
        let files = with_used(others.files.clone(), place, new.collect())?;
        checked.update(Folder { files, ..others.clone() });
        if has_faults(&checked) {
            return None;
        }
        for (digest, (name, _)) in texts {
            let key = policy_key(&name);
            let policy = match first.entry(digest) {
                Entry::Vacant(entry) => {
                    Arc::clone(entry.insert(Arc::new(checked.policies().get(&key)?.without_tests())))
                }
                Entry::Occupied(first) => Arc::new(first.get().for_file(name)),
            };
            meanings.insert(key, policy);
        }
    }
    Some((others.inbox, meanings))
}

fn has_faults(checked: &Checked) -> bool {
    checked.findings().iter().any(|finding| finding.code.is_fault())
}

/// `files` with those of these texts, and with what they use, directly or through others.
fn with_used(mut files: Files, place: &Place<'_>, mut texts: Vec<Text>) -> Option<Files> {
    while !texts.is_empty() {
        let parsed =
            parallel::map(Threads::All, &texts, FEW, |(_, source)| Arc::new(RuleFile::parse(source.clone())));
        let names = texts.iter().map(|(name, _)| Arc::clone(name));
        let parsed: Vec<(Arc<str>, Arc<RuleFile>)> = names.zip(parsed).collect();
        files.extend(parsed.iter().cloned());
        let used = parsed.iter().flat_map(|(name, file)| file.used(name));
        let used: BTreeSet<String> = used.filter(|used| !files.contains_key(&**used)).collect();
        let is_there = |used: &String| place.root.join(used).symlink_metadata().is_ok();
        let used: Vec<_> = used.into_iter().filter(is_there).map(|used| (used, Kind::Other)).collect();
        texts = place.texts(&used)?;
    }
    Some(files)
}

/// A file by its name inside the folder, not parsed yet.
type Text = (Arc<str>, Source);

impl Place<'_> {
    /// The texts of those files; `None` where one cannot be read.
    fn texts(&self, files: &[(String, Kind)]) -> Option<Vec<Text>> {
        let read = |(name, kind): &(String, Kind)| {
            Some((Arc::from(name.as_str()), read_text(self.root, name, *kind, &self.root_path)?))
        };
        parallel::map(Threads::All, files, FEW, read).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::read::read;
    use super::*;

    const INBOX: &str = "[users.alice]\n[groups]\nSales = [\"alice\"]\n";
    const PLAIN: &str = "rule \"a\" when new_customer: assign user \"alice\"\notherwise: assign nobody\n";
    const WITH_VIP: &str = "use \"lib/common.rules\"\nwhen vip: assign owner, reply \"{number}\"\n";
    const COMMON: &str = "use \"names.rules\"\nlet vip = customer has tag \"vip\" and old\n";
    const WITH_POLICY: &str = "use \"+15550101.rules\"\nwhen rich: assign owner\n";
    const USED_POLICY: &str = "let rich = customer has tag \"rich\"\n";

    fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("lib")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        folder
    }

    const SOUND: &[(&str, &str)] = &[
        ("inbox.toml", INBOX),
        ("+15550101.rules", USED_POLICY),
        ("+15550102.rules", PLAIN),
        ("+15550103.rules", WITH_VIP),
        ("+15550104.rules", PLAIN),
        ("+15550105.rules", WITH_POLICY),
        ("+15550106.rules", PLAIN),
        ("+15550107.rules", WITH_VIP),
        ("+15550108.rules", WITH_POLICY),
        ("+15550109.rules", "otherwise: assign nobody\ntest \"t\": expect assign nobody\n"),
        ("default.rules", PLAIN),
        ("lib/common.rules", COMMON),
        ("lib/names.rules", "let old = returning_customer\n"),
    ];

    #[test]
    fn each_policy_means_what_it_means_in_the_whole_folder() {
        let folder = folder(SOUND);
        let whole = Checked::faults_of(read(folder.path()).unwrap());
        let told = |policies: &OrdMap<Arc<str>, Arc<CompiledPolicy>>| -> Vec<String> {
            policies.iter().map(|(key, policy)| format!("{key} {:?}", *policy.without_tests())).collect()
        };
        for size in 1..12 {
            let (_, policies) = in_blocks_of(size, folder.path()).unwrap().unwrap();
            assert_eq!(told(&policies), told(whole.policies()), "in blocks of {size}");
            assert!(policies.values().all(|policy| policy.tests.is_empty()));
        }
    }

    #[test]
    fn copies_in_other_blocks_share_their_rules() {
        let (_, policies) = in_blocks_of(1, folder(SOUND).path()).unwrap().unwrap();
        for (one, other) in
            [("+15550102", "+15550106"), ("+15550103", "+15550107"), ("+15550102", "default.rules")]
        {
            assert!(Arc::ptr_eq(&policies[one].rules, &policies[other].rules), "{one}, {other}");
            assert!(std::ptr::eq(policies[one].program(), policies[other].program()), "{one}, {other}");
        }
    }

    #[test]
    fn with_anything_wrong_the_folder_is_read_as_a_whole() {
        for (name, text) in [
            ("inbox.toml", "[users.alice\n"),
            ("inbox.toml", "[lints]\nno-such-lint = \"deny\"\n"),
            ("+15550104.rules", "when new_customer: assign group \"Slaes\" by random\n"),
            ("+15550108.rules", "use \"commn.rules\"\n"),
            ("lib/common.rules", "use \"../+15550107.rules\"\n"),
            ("lib/names.rules", "let old =\n"),
        ] {
            let mut files = SOUND.to_vec();
            files.push((name, text));
            assert!(in_blocks_of(2, folder(&files).path()).unwrap().is_none(), "{name}: {text}");
        }
    }

    #[test]
    fn a_fault_is_one_where_there_is_no_policy_too() {
        let wrong = folder(&[("inbox.toml", INBOX), ("lib/names.rules", "let old =\n")]);
        assert!(in_blocks_of(2, wrong.path()).unwrap().is_none());
    }
}
