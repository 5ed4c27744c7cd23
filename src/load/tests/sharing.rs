//! Policies with the same text share what was made of it.

use std::sync::Arc;

use crate::diagnostic::Code;
use crate::load::ResolvedFolder;
use crate::policy::resolve;
use crate::testing::{INBOX, folder};

const CUSTOM: &str = "use \"common.rules\"\nlet big = customer.orders > 9\nrule \"a\" when vip and big: assign owner \
    else group \"Sales\" by random\notherwise: assign group \"Support\" by hand\n";
const COMMON: &str = "let vip = customer has tag \"vip\"\n";

/// Whatever is shared, each file means what it means alone.
#[track_caller]
fn check(files: &[(&str, &str)]) -> ResolvedFolder {
    let folder = folder(files);
    let resolved = ResolvedFolder::new(folder.clone());
    is_as_alone(&resolved);
    resolved
}

#[track_caller]
fn is_as_alone(resolved: &ResolvedFolder) {
    let folder = resolved.folder();
    for name in folder.files.names() {
        let alone = resolve(folder, name);
        assert_eq!(
            format!("{:?}", resolved.files.get(name).map(|file| &file.resolved)),
            format!("{:?}", Some(&alone)),
            "{name}"
        );
    }
}

#[test]
fn copies_that_use_others_share_their_rules() {
    let resolved = check(&[
        ("inbox.toml", INBOX),
        ("common.rules", COMMON),
        ("+15550100.rules", CUSTOM),
        ("+15550101.rules", CUSTOM),
        ("+15550102.rules", &CUSTOM.replace('9', "8")),
    ]);
    let rules = |number: &str| &resolved.policies()[number].rules;
    assert!(Arc::ptr_eq(rules("+15550100"), rules("+15550101")));
    assert!(!Arc::ptr_eq(rules("+15550100"), rules("+15550102")));
}

#[test]
fn copies_elsewhere_and_copies_that_are_no_policies_are_files_of_their_own() {
    check(&[
        ("inbox.toml", INBOX),
        ("common.rules", COMMON),
        ("shop/common.rules", &COMMON.replace("vip\"", "gold\"")),
        ("+15550100.rules", CUSTOM),
        ("copy.rules", CUSTOM),
        ("shop/a.rules", CUSTOM),
        ("shop/b.rules", CUSTOM),
    ]);
}

#[test]
fn each_copy_has_findings_of_its_own() {
    let wrong = CUSTOM.replace("Sales", "Slaes");
    let files = [
        ("inbox.toml", INBOX),
        ("common.rules", COMMON),
        ("+15550100.rules", &wrong),
        ("+15550101.rules", &wrong),
    ];
    let found = check(&files).faults();
    let files: Vec<&str> = found
        .iter()
        .filter(|finding| finding.code == Code::UnknownGroup)
        .map(|finding| &*finding.file)
        .collect();
    assert_eq!(files, ["+15550100.rules", "+15550101.rules"]);
}

#[test]
fn a_copy_that_uses_itself_through_others_is_told() {
    let text = "use \"middle.rules\"\nrule \"a\" otherwise: assign nobody\n";
    check(&[
        ("inbox.toml", INBOX),
        ("middle.rules", "use \"+15550101.rules\"\n"),
        ("+15550100.rules", text),
        ("+15550101.rules", text),
    ]);
}

#[test]
fn a_copy_that_is_edited_goes_its_own_way() {
    let files = |second: &'static str| {
        folder(&[
            ("inbox.toml", INBOX),
            ("common.rules", COMMON),
            ("+15550100.rules", second),
            ("+15550101.rules", CUSTOM),
        ])
    };
    let mut resolved = ResolvedFolder::new(files(CUSTOM));
    resolved.update(files(COMMON));
    is_as_alone(&resolved);
    resolved.update(files(CUSTOM));
    is_as_alone(&resolved);
}
