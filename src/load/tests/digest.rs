//! The digest of a policy: the same for the same texts, another for any other.

use crate::load::{ResolvedFolder, RuleSet};
use crate::testing::{INBOX, folder};

const RULES: &str = "use \"common.rules\"\notherwise: assign nobody\n";

/// The digest of the policy of +15550100 in a folder of those files.
fn digest(files: &[(&str, &str)]) -> String {
    let files: Vec<_> = [("inbox.toml", INBOX)].into_iter().chain(files.iter().copied()).collect();
    let set = RuleSet::from_resolved(&ResolvedFolder::new(folder(&files))).unwrap();
    set.policy("+15550100").unwrap().digest.to_string()
}

#[test]
fn of_a_policy_that_uses_no_file_it_is_the_sha_256_of_its_text() {
    let digest = digest(&[("+15550100.rules", "otherwise: assign nobody\n")]);
    assert_eq!(digest, "sha256:268a429b3e414d9017046fd72ae4806dcbba02f7fc9fe172a44e4ad6ddc87ba6");
}

#[test]
fn names_do_not_count_but_every_text_and_its_end_do() {
    let of = |name: &str, common: &str, more: &str| {
        digest(&[
            (name, RULES),
            ("common.rules", &format!("use \"more.rules\"\n{common}")),
            ("more.rules", more),
        ])
    };
    let [vip, old] = ["let vip = customer has tag \"vip\"\n", "let old = returning_customer\n"];
    let first = of("+15550100.rules", vip, old);
    assert_eq!(first, of("default.rules", vip, old), "whatever the file is called");
    let others = [
        of("+15550100.rules", "", old),
        of("+15550100.rules", vip, ""),
        of("+15550100.rules", "", &format!("{vip}{old}")),
        of("+15550100.rules", &format!("{vip}{old}"), ""),
        digest(&[("+15550100.rules", &format!("{RULES}# a comment\n")), ("common.rules", "")]),
    ];
    for (place, other) in others.iter().enumerate() {
        assert_ne!(&first, other);
        assert!(!others[..place].contains(other), "{place}");
    }
}
