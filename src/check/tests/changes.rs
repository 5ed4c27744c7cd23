//! After any change, the workspace equals a check from scratch.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert_eq, proptest};

use crate::check::workspace::Workspace;
use crate::policy::{Folder, RuleFile};
use crate::testing::INBOX;
use crate::text::Source;

const NAMES: &[&str] = &["+15550100.rules", "+15550101.rules", "default.rules", "common.rules", "more.rules"];

/// What a file may say; each text is whole, so that any of them may follow any other.
const TEXTS: &[&str] = &[
    "",
    "let vip = customer has tag \"vip\"\n",
    "hours office = mon-fri 09:00-17:00\ndates holidays = dec 25\n",
    "use \"common.rules\"\nrule \"a\" when vip: assign owner else group \"Sales\" by random\n",
    "use \"more.rules\"\nlet old = vip\n",
    "use \"more.rules\"\nrule \"b\" when during office: assign group \"Support\" by in_order with\n",
    "use \"common.rules\"\nuse \"more.rules\"\nrule \"c\" when vip and during office: assign owner\n",
    "use \"commn.rules\"\nrule \"d\" when vip: assign owner\n",
    "use \"+15550100.rules\"\nrule \"e\" when vip: assign owner\n",
    "let vip = new_customer or has_owner and any_online\nwhen vip: assign group \"Slaes\" by in_order\n",
    "let lost = new_customer\nuse common.rules\nwhen new_customer: assign nobody\n",
    "# allow unnamed-rule: short\nwhen new_customer: assign nobody\ntest \"t\": given customer new\n",
    "use \"../outside.rules\"\nrule \"f\" when new_customer: assign user \"alice\"\n",
    "rule \"g\"\notherwise: assign group \"Sales\" by random\ntest \"by chance\":\n  given online \"alice\", \"bob\"\n  expect assign user \"bob\"\n",
    "use \"more.rules\"\nwhen vip and and new_customer: assign nobody\n",
];

const INBOXES: &[Option<&str>] = &[
    Some(INBOX),
    Some(
        "[users.alice]\n[groups]\nSales = [\"alice\"]\nSupport = []\n[lints]\nunused-definition = \"deny\"\n",
    ),
    Some("[users.alice\n"),
    None,
];

#[derive(Debug, Clone)]
enum Change {
    Write(usize, usize),
    Remove(usize),
    Inbox(usize),
}

fn change() -> impl Strategy<Value = Change> {
    proptest::prop_oneof![
        8 => (0..NAMES.len(), 0..TEXTS.len()).prop_map(|(name, text)| Change::Write(name, text)),
        2 => (0..NAMES.len()).prop_map(Change::Remove),
        1 => (0..INBOXES.len()).prop_map(Change::Inbox),
    ]
}

fn file(name: &str, text: &str) -> Arc<RuleFile> {
    Arc::new(RuleFile::parse(Source::new(name, text)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn an_update_equals_a_check_from_scratch(steps in prop::collection::vec(prop::collection::vec(change(), 1..4), 1..8)) {
        let mut inbox = Some(Source::new("inbox.toml", INBOX));
        let mut files: BTreeMap<Arc<str>, Arc<RuleFile>> = BTreeMap::new();
        let (mut kept, mut proving_last) = (Workspace::default(), Workspace::proving_last());
        for changes in steps {
            for change in changes {
                match change {
                    Change::Write(name, text) => _ = files.insert(NAMES[name].into(), file(NAMES[name], TEXTS[text])),
                    Change::Remove(name) => _ = files.remove(NAMES[name]),
                    Change::Inbox(text) => inbox = INBOXES[text].map(|text| Source::new("inbox.toml", text)),
                }
            }
            let light: BTreeMap<_, _> =
                files.iter().map(|(name, file)| (Arc::clone(name), Arc::new(file.without_tree()))).collect();
            kept.update(Folder::new(inbox.clone(), light.clone()));
            proving_last.update(Folder::new(inbox.clone(), light));
            let fresh = Workspace::new(Folder::new(inbox.clone(), files.clone()));
            prop_assert_eq!(kept.findings(), fresh.findings());
            if fresh.resolved().has_faults() {
                let faults = |workspace: &Workspace| -> Vec<_> {
                    workspace.findings().into_iter().filter(|finding| finding.code.is_fault()).collect()
                };
                prop_assert_eq!(faults(&proving_last), faults(&fresh));
            } else {
                prop_assert_eq!(proving_last.findings(), fresh.findings());
            }
            let policies = |workspace: &Workspace| -> Vec<String> {
                workspace.resolved().policies().iter().map(|(name, policy)| format!("{name} {policy:?}")).collect()
            };
            prop_assert_eq!(policies(&kept), policies(&fresh));
        }
    }
}

/// A folder of three policies, two of which use the same file, and what is checked again after it became `changed`.
#[track_caller]
fn checks_again(changed: &[(&str, &str)], expected: &[&str]) {
    let vip = "let vip = customer has tag \"vip\"\n";
    let mut files: BTreeMap<Arc<str>, Arc<RuleFile>> = BTreeMap::new();
    for (name, text) in [
        ("+15550100.rules", TEXTS[3]),
        ("+15550101.rules", TEXTS[3]),
        ("default.rules", TEXTS[11]),
        ("common.rules", vip),
    ] {
        files.insert(name.into(), file(name, text));
    }
    let mut inbox = INBOX.to_owned();
    let folder = Folder::new(Some(Source::new("inbox.toml", INBOX)), files.clone());
    let mut workspace = Workspace::new(folder);
    for (name, text) in changed {
        if *name == "inbox.toml" {
            inbox = format!("{INBOX}{text}");
        } else {
            files.insert((*name).into(), file(name, text));
        }
    }
    let again = workspace.update(Folder::new(Some(Source::new("inbox.toml", inbox)), files));
    let expected: BTreeSet<Arc<str>> = expected.iter().map(|name| (*name).into()).collect();
    assert_eq!(again, expected);
}

#[test]
fn only_dependents_of_a_change_are_checked_again() {
    checks_again(&[], &[]);
    checks_again(&[("default.rules", TEXTS[0])], &["default.rules"]);
    checks_again(&[("+15550100.rules", TEXTS[3])], &[]);
    checks_again(&[("+15550100.rules", TEXTS[7])], &["+15550100.rules"]);
    checks_again(&[("common.rules", TEXTS[2])], &["+15550100.rules", "+15550101.rules", "common.rules"]);
    checks_again(&[("more.rules", TEXTS[1])], &["more.rules"]);
    checks_again(
        &[("inbox.toml", "[lints]\nunnamed-rule = \"note\"")],
        &["+15550100.rules", "+15550101.rules", "common.rules", "default.rules"],
    );
}

#[test]
fn only_files_that_others_use_keep_their_trees() {
    let light = |name: &str, text| (Arc::from(name), Arc::new(file(name, text).without_tree()));
    let files = [
        light("+15550100.rules", TEXTS[3]),
        light("+15550101.rules", TEXTS[3]),
        light("common.rules", TEXTS[1]),
    ];
    let workspace =
        Workspace::new(Folder::new(Some(Source::new("inbox.toml", INBOX)), BTreeMap::from(files)));
    let has_tree: Vec<bool> = workspace.folder().files.values().map(|file| file.has_tree()).collect();
    assert_eq!(has_tree, [false, false, true]);
}

/// Proofs may take long, and a fault decides without them.
#[test]
fn faults_are_known_before_proofs() {
    let files = |text: &str| {
        let all = [
            ("+15550100.rules", "when new_customer and returning_customer: assign nobody\n"),
            ("default.rules", text),
        ];
        all.into_iter().map(|(name, text)| (name.into(), file(name, text))).collect::<BTreeMap<Arc<str>, _>>()
    };
    let folder = |text: &str| Folder::new(Some(Source::new("inbox.toml", INBOX)), files(text));
    let codes = |workspace: &Workspace| -> Vec<&str> {
        workspace.findings().iter().map(|finding| finding.code.name()).collect()
    };
    let mut workspace = Workspace::proving_last();
    workspace.update(folder("otherwise: assign user \"zoe\"\n"));
    assert_eq!(codes(&workspace), ["unnamed-rule", "unknown-user"]);
    let checked = workspace.update(folder("otherwise: assign nobody\n"));
    assert_eq!(checked.len(), 1);
    assert_eq!(codes(&workspace), ["unnamed-rule", "never-true", "unanswered"]);
}
