//! A folder loaded in batches is the folder loaded as a whole.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::inbox::Inbox;
use crate::load::batches::in_batches_of;
use crate::load::listing::Listing;
use crate::load::parse_cache::KeepTrees;
use crate::load::read_folder;
use crate::load::reader::FolderReader;
use crate::load::resolved_folder::{Policies, ResolvedFolder};
use crate::load::snapshot::{Location, Snapshot, Trust};

const INBOX: &str = "[users.alice]\n[groups]\nSales = [\"alice\"]\n\n    [numbers.\"+15550120\"]\nrules = \"lib/shared.txt\"\n[numbers.\"+15550121\"]\nrules = \"+15550102.rules\"\n";
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

fn loaded(size: usize, path: &Path) -> Option<(Arc<Inbox>, Policies)> {
    let (location, nothing) = (Location::of(path), Snapshot::default());
    let mut reader = FolderReader::new(&location, &nothing, Trust::Nothing, KeepTrees::Yes).unwrap();
    in_batches_of(size, &Listing::of(path).unwrap(), &mut reader)
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
    ("+15550110.rules", USED_POLICY),
    ("+15550111.rules", "use \"+15550110.rules\"\nwhen rich: assign nobody\n"),
    ("default.rules", PLAIN),
    ("lib/common.rules", COMMON),
    ("lib/shared.txt", "use \"common.rules\"\nwhen vip: assign owner\n"),
    ("lib/names.rules", "let old = returning_customer\n"),
];

#[test]
fn each_policy_means_what_it_means_in_the_whole_folder() {
    let folder = folder(SOUND);
    let whole = ResolvedFolder::new(read_folder(folder.path()).unwrap());
    let told = |policies: &Policies| -> Vec<String> {
        policies.iter().map(|(key, policy)| format!("{key} {:?}", *policy.without_tests())).collect()
    };
    for size in 1..15 {
        let (_, policies) = loaded(size, folder.path()).unwrap();
        assert_eq!(told(&policies), told(whole.policies()), "in batches of {size}");
        assert!(policies.values().all(|policy| policy.tests.is_empty()));
    }
}

#[test]
fn copies_in_other_batches_share_their_rules() {
    let (_, policies) = loaded(1, folder(SOUND).path()).unwrap();
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
        ("+15550120.rules", PLAIN),
        ("lib/names.rules", "let old =\n"),
    ] {
        let mut files = SOUND.to_vec();
        files.push((name, text));
        assert!(loaded(2, folder(&files).path()).is_none(), "{name}: {text}");
    }
}

#[test]
fn a_fault_is_one_where_there_is_no_policy_too() {
    let wrong = folder(&[("inbox.toml", INBOX), ("lib/names.rules", "let old =\n")]);
    assert!(loaded(2, wrong.path()).is_none());
}
