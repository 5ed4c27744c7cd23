//! The rules of an inbox as the API changes them, in a folder and in the store.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use inbox_rules::{Folder, FolderDigest, Release, ReloadThread};

use super::edit::{RulesEdit, is_file_name};
use super::error::RulesError;
use super::folder_rules::{FolderRules, OnRules};
use super::inbox::{InboxRules, RulesPut, StoredRules, start_folders};
use super::inboxes::{InboxFolder, find_inboxes};
use super::status::RulesStatus;
use super::store_rules::{Proposed, StoreRules};
use crate::settings::GateMode;

const INBOX: &str = "[users.alice]\n[groups]\nSales = [\"alice\"]\n";
const BY_HAND: &str = "otherwise: assign group \"Sales\" by hand\n";
const NOBODY: &str = "otherwise: assign nobody\n";
const COMMENT: &str = "# Nobody answers.\notherwise: assign nobody\n";
const FAULTY: &str = "otherwise: assign group \"Slaes\" by hand\n";

fn folder(rules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inbox.toml"), INBOX).unwrap();
    fs::write(folder.path().join("default.rules"), rules).unwrap();
    folder
}

fn stored(rules: &str) -> StoredRules {
    let folder = Folder::from_texts([("inbox.toml", INBOX), ("default.rules", rules)]);
    StoredRules { folder, since: "2026-11-24T16:30:00Z".parse().unwrap(), by: "crm".into() }
}

/// What was told: whether the change is taken, and who brought the rules that are active now.
type Told = Arc<Mutex<Vec<(bool, Option<String>)>>>;

fn follow(path: &Path, first: Option<StoredRules>, gate: GateMode) -> (InboxRules, Told) {
    let told = Told::default();
    let to = Arc::clone(&told);
    let on_rules: Arc<OnRules> = Arc::new(move |event| {
        let by = event.active.map(|active| active.by.to_string());
        to.lock().unwrap().push((event.outcome.is_accepted(), by));
    });
    let folder = InboxFolder { id: "main".into(), path: path.to_owned() };
    let rules = FolderRules::start(&folder, first, gate, &ReloadThread::start().unwrap(), &on_rules).unwrap();
    rules.wait_until_judged();
    (InboxRules::Folder(rules), told)
}

fn edit<const N: usize>(base: &str, files: [(&str, Option<&str>); N]) -> RulesEdit {
    let files: BTreeMap<_, _> =
        files.into_iter().map(|(name, text)| (name.to_owned(), text.map(str::to_owned))).collect();
    RulesEdit { base: Some(base.to_owned()), files }
}

fn default_rules(rules: &InboxRules, text: &str) -> RulesEdit {
    edit(&rules.release().digest, [("default.rules", Some(text))])
}

fn code(result: Result<RulesPut, RulesError>) -> &'static str {
    match result {
        Ok(RulesPut::Active(_)) => "active",
        Ok(RulesPut::ToStore(_)) => "to store",
        Err(error) => error.code(),
    }
}

/// Waits until the status is so.
fn wait(rules: &InboxRules, is_so: impl Fn(&RulesStatus) -> bool) -> RulesStatus {
    for _ in 0..1_000 {
        let status = rules.status(None);
        if is_so(&status) {
            return status;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{:?}", rules.status(None));
}

#[test]
fn names_of_files() {
    for name in ["inbox.toml", "default.rules", "+15550100.rules", "holidays-2026_eg.rules"] {
        assert!(is_file_name(name), "{name}");
    }
    for name in [
        "",
        ".rules",
        "../default.rules",
        "a/b.rules",
        "a\\b.rules",
        "/etc/passwd",
        "host.toml",
        "default.rules\0",
        "Default.rules",
        "default.rules.txt",
        ".default.rules",
        "+1555.rules",
        "é.rules",
        "inbox.toml/",
        "default.rules ",
    ] {
        assert!(!is_file_name(name), "{name}");
    }
}

#[test]
fn a_file_is_put_into_the_folder() {
    let folder = folder(BY_HAND);
    let (rules, told) = follow(folder.path(), None, GateMode::Off);
    let before = rules.status(None);
    assert_eq!((&*before.by, before.last.taken, before.files.len()), ("folder", true, 2));

    let Ok(RulesPut::Active(status)) = rules.put(&default_rules(&rules, NOBODY), "crm") else { panic!() };
    assert_eq!((&*status.by, &status.digest), ("crm", &rules.release().digest));
    assert_eq!(fs::read_to_string(folder.path().join("default.rules")).unwrap(), NOBODY);
    assert_eq!(rules.file("default.rules").as_deref(), Some(NOBODY));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    // The same again, and the rules that it was based on.
    assert_eq!(code(rules.put(&default_rules(&rules, NOBODY), "crm")), "active");
    assert_eq!(
        code(rules.put(&edit(&before.digest, [("default.rules", Some(BY_HAND))]), "crm")),
        "rules-changed"
    );
    assert_eq!(*told.lock().unwrap(), [(true, Some("folder".to_owned())), (true, Some("crm".to_owned()))]);
}

#[test]
fn what_is_not_put_into_the_folder() {
    let folder = folder(BY_HAND);
    let (rules, _) = follow(folder.path(), None, GateMode::Off);
    let digest = rules.release().digest.clone();
    let Err(RulesError::Findings { findings, why }) = rules.put(&default_rules(&rules, FAULTY), "crm") else {
        panic!()
    };
    assert_eq!((&*findings[0].file, &*findings[0].code), ("default.rules", "unknown-group"));
    assert_eq!(why, "default.rules:1: unknown-group: no group is called `Slaes`");
    let two = edit(&digest, [("default.rules", Some(NOBODY)), ("+15550100.rules", Some(NOBODY))]);
    assert_eq!(code(rules.put(&two, "crm")), "one-file");
    assert_eq!(code(rules.put(&edit(&digest, [("../x.rules", Some(NOBODY))]), "crm")), "bad-field");
    assert_eq!(
        code(rules.put(&RulesEdit { base: None, ..default_rules(&rules, NOBODY) }, "crm")),
        "bad-field"
    );
    assert_eq!(code(rules.put(&edit(&digest, [("inbox.toml", None)]), "crm")), "findings");
    assert_eq!(rules.release().digest, digest);
    assert_eq!(fs::read_to_string(folder.path().join("default.rules")).unwrap(), BY_HAND);
}

#[test]
fn what_somebody_else_saves_is_not_lost() {
    let folder = folder(BY_HAND);
    fs::write(folder.path().join("+15550100.rules"), BY_HAND).unwrap();
    let (rules, _) = follow(folder.path(), None, GateMode::Off);
    let put = default_rules(&rules, NOBODY);
    fs::write(folder.path().join("+15550100.rules"), FAULTY).unwrap();
    assert_eq!(code(rules.put(&put, "crm")), "rules-changed");
    let status = wait(&rules, |status| !status.last.taken);
    assert_eq!(
        status.last.refusal.as_deref(),
        Some("+15550100.rules:1: unknown-group: no group is called `Slaes`")
    );
    // The faulty file itself can be mended.
    let mend = edit(&rules.release().digest, [("+15550100.rules", Some(NOBODY))]);
    assert_eq!(code(rules.put(&mend, "crm")), "active");
}

#[test]
fn rules_that_decide_differently_wait() {
    let folder = folder(BY_HAND);
    let (rules, _) = follow(folder.path(), None, GateMode::Diff);
    let first = rules.release().digest.clone();
    let Err(RulesError::Gate(waiting)) = rules.put(&default_rules(&rules, NOBODY), "crm") else { panic!() };
    assert_eq!((waiting.differences, rules.release().digest == first), (1, true));
    assert_eq!(rules.status(None).waiting.as_ref(), Some(&waiting));
    // Again: they still wait.
    assert_eq!(code(rules.put(&default_rules(&rules, NOBODY), "crm")), "gate");
    assert_eq!(code(rules.accept("sha256:other", "boss", None)), "unknown-digest");
    let Ok(RulesPut::Active(status)) = rules.accept(&waiting.digest, "boss", None) else { panic!() };
    assert_eq!((status.digest, &*status.by, status.waiting), (waiting.digest, "boss", None));
    // A comment changes nothing.
    assert_eq!(code(rules.put(&default_rules(&rules, COMMENT), "crm")), "active");
}

/// A policy that is removed may be a save that was cut off, so it waits even without a gate.
#[test]
fn rules_that_lose_much_wait() {
    let folder = folder(BY_HAND);
    fs::write(folder.path().join("+15550100.rules"), BY_HAND).unwrap();
    fs::write(folder.path().join("+15550101.rules"), BY_HAND).unwrap();
    let (rules, _) = follow(folder.path(), None, GateMode::Diff);
    fs::remove_file(folder.path().join("+15550100.rules")).unwrap();
    fs::remove_file(folder.path().join("+15550101.rules")).unwrap();
    let status = wait(&rules, |status| status.waiting.is_some());
    let waiting = status.waiting.unwrap();
    assert_eq!((waiting.differences, status.last.refusal.as_deref()), (2, Some("2 of 3 policies are gone")));
    assert_eq!(code(rules.accept(&waiting.digest, "boss", None)), "active");
}

/// A call brings whole files, so nothing waits without a gate.
#[test]
fn a_call_may_remove_much() {
    let rule = |at| format!("rule \"{at}\" when message contains \"{at}\": assign nobody\n");
    let many = [1, 2, 3, 4].map(rule).concat();
    for (gate, expected) in [(GateMode::Off, "active"), (GateMode::Diff, "gate")] {
        let folder = folder(&format!("{many}{BY_HAND}"));
        let (rules, _) = follow(folder.path(), None, gate);
        assert_eq!(code(rules.put(&default_rules(&rules, NOBODY), "crm")), expected);
    }
}

#[test]
fn the_last_good_rules_go_on_beside_a_broken_folder() {
    let folder = folder(FAULTY);
    let (rules, _) = follow(folder.path(), Some(stored(BY_HAND)), GateMode::Off);
    let status = rules.status(None);
    assert_eq!((&*status.by, status.since.to_string().as_str()), ("crm", "2026-11-24T16:30:00Z"));
    assert!(!status.last.taken && !status.last.findings.is_empty());
    assert_eq!(rules.file("default.rules").as_deref(), Some(BY_HAND));
    // And beside none.
    let (rules, _) = follow(&folder.path().join("gone"), Some(stored(BY_HAND)), GateMode::Off);
    assert!(!rules.status(None).last.taken);
}

#[test]
fn after_a_restart_the_folder_counts() {
    let folder = folder(NOBODY);
    let (rules, _) = follow(folder.path(), Some(stored(BY_HAND)), GateMode::Off);
    assert_eq!((rules.file("default.rules").as_deref(), &*rules.status(None).by), (Some(NOBODY), "folder"));
    let (rules, _) = follow(folder.path(), Some(stored(BY_HAND)), GateMode::Diff);
    assert_eq!(rules.file("default.rules").as_deref(), Some(BY_HAND));
    assert_eq!(rules.status(None).waiting.map(|waiting| waiting.differences), Some(1));
    // Nothing has changed.
    let (rules, _) = follow(folder.path(), Some(stored(NOBODY)), GateMode::Diff);
    assert_eq!((&*rules.status(None).by, rules.status(None).last.taken), ("crm", true));
}

/// The folder may change while the machine takes over rules that another node has brought.
#[test]
fn rules_of_another_node_decide_until_others_do() {
    let folder = folder(BY_HAND);
    let (rules, _) = follow(folder.path(), None, GateMode::Off);
    let own = rules.release();
    let theirs = proposed(
        &StoreRules::start(&stored(NOBODY), GateMode::Off).unwrap(),
        &edit(&FolderDigest::of(&stored(NOBODY).folder).to_string(), [("default.rules", Some(COMMENT))]),
    );
    rules.follow(&theirs, "2026-11-25T09:00:00Z".parse().unwrap(), &"node".into());
    rules.decides(&theirs.digest);
    assert_eq!((rules.release().digest.as_str(), &*rules.status(None).by), (theirs.digest.as_str(), "node"));
    rules.decides(&own.digest);
    assert_eq!((&rules.release().digest, &*rules.status(None).by), (&own.digest, "folder"));
}

#[test]
fn several_inboxes() {
    let parent = tempfile::tempdir().unwrap();
    for (name, rules) in [("shop", BY_HAND), ("clinic", NOBODY), ("empty", "")] {
        let folder = parent.path().join(name);
        fs::create_dir(&folder).unwrap();
        if !rules.is_empty() {
            fs::write(folder.join("inbox.toml"), INBOX).unwrap();
            fs::write(folder.join("default.rules"), rules).unwrap();
        }
    }
    let inboxes = find_inboxes(parent.path()).unwrap();
    assert_eq!(inboxes.iter().map(|inbox| &*inbox.id).collect::<Vec<_>>(), ["clinic", "shop"]);
    assert_eq!(&*find_inboxes(&parent.path().join("shop")).unwrap()[0].id, "main");
    let thread = ReloadThread::start().unwrap();
    let on_rules: Arc<OnRules> = Arc::new(|_| {});
    let started = start_folders(&inboxes, &|_| None, GateMode::Off, &thread, &on_rules).unwrap();
    assert_eq!(started.iter().map(|(id, _)| &**id).collect::<Vec<_>>(), ["clinic", "shop"]);
    fs::write(parent.path().join("shop/default.rules"), FAULTY).unwrap();
    let error = start_folders(&inboxes, &|_| None, GateMode::Off, &thread, &on_rules).unwrap_err();
    assert_eq!(&*error.inbox, "shop");
}

#[test]
fn rules_in_the_store() {
    let rules = StoreRules::start(&stored(BY_HAND), GateMode::Off).unwrap();
    let old = rules.release().digest.clone();
    let two = [("default.rules", Some(NOBODY)), ("+15550100.rules", Some(BY_HAND))];
    let new = proposed(&rules, &edit(&old, two));
    // It could not be stored.
    assert_eq!(rules.release().digest, old);
    assert!(matches!(rules.propose(&edit(&new.digest, two)), Err(RulesError::Changed)));
    assert!(matches!(
        rules.propose(&edit(&old, [("default.rules", Some(FAULTY))])),
        Err(RulesError::Findings { .. })
    ));
    assert!(!rules.status().last.taken);
    // Now it could.
    let new = proposed(&rules, &edit(&old, two));
    rules.activate(&new, "2026-11-25T09:00:00Z".parse().unwrap(), "page");
    let status = rules.status();
    assert_eq!(
        (&status.digest, &*status.by, status.last.taken, status.files.len()),
        (&new.digest, "page", true, 3)
    );
    // Another program has stored others.
    let read = rules.read(&stored(COMMENT).folder).unwrap();
    rules.activate(&read, "2026-11-25T10:00:00Z".parse().unwrap(), "page");
    assert_eq!(rules.release().digest, read.digest);
}

/// Edited rules that may decide once they are stored.
fn proposed(rules: &StoreRules, edit: &RulesEdit) -> Arc<Release> {
    let Ok(Proposed::Active(release)) = rules.propose(edit) else { panic!() };
    release
}

#[test]
fn the_gate_of_the_store() {
    let rules = StoreRules::start(&stored(BY_HAND), GateMode::Diff).unwrap();
    let old = rules.release().digest.clone();
    let put = edit(&old, [("default.rules", Some(NOBODY))]);
    let Ok(Proposed::Waiting(folder, waiting)) = rules.propose(&put) else { panic!() };
    assert_eq!((waiting.differences, rules.status().last.taken, &rules.status().digest), (1, false, &old));
    // They are stored, and accepted at any node.
    let other = StoreRules::start(&stored(BY_HAND), GateMode::Diff).unwrap();
    let other = InboxRules::Store(Box::new(other));
    assert_eq!(code(other.accept(&waiting.digest, "boss", None)), "unknown-digest");
    let Ok(RulesPut::ToStore(Proposed::Active(new))) = other.accept(&waiting.digest, "boss", Some(&folder))
    else {
        panic!()
    };
    assert_eq!(other.status(Some(waiting.clone())).waiting.as_ref(), Some(&waiting));
    rules.activate(&new, "2026-11-25T09:00:00Z".parse().unwrap(), "boss");
    assert_eq!(rules.release().digest, waiting.digest);
    proposed(&rules, &edit(&new.digest, [("default.rules", Some(COMMENT))]));
}

#[test]
fn what_would_change() {
    let rules = InboxRules::Store(Box::new(StoreRules::start(&stored(BY_HAND), GateMode::Off).unwrap()));
    let check = |text| rules.check(&default_rules(&rules, text)).unwrap();
    let found = |text, code: &str| check(text).findings.iter().any(|finding| finding.code == code);
    assert_eq!(
        (found(FAULTY, "unknown-group"), found(NOBODY, "unknown-group"), check(NOBODY).files),
        (true, false, 2)
    );
    let diff = |text| rules.diff(&default_rules(&rules, text)).map(|diff| diff.counts().differences);
    assert_eq!((diff(NOBODY).unwrap(), diff(BY_HAND).unwrap(), diff(FAULTY).is_err()), (1, 0, true));
    assert!(rules.edited(&default_rules(&rules, NOBODY)).unwrap().policies().next().is_some());
}

#[test]
#[ignore = "a measurement"]
#[expect(clippy::disallowed_methods, reason = "time is measured")]
fn a_thousand_folders() {
    let parent = tempfile::tempdir().unwrap();
    for at in 0..1_000 {
        let folder = parent.path().join(format!("inbox{at}"));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("inbox.toml"), INBOX).unwrap();
        fs::write(folder.join("default.rules"), BY_HAND).unwrap();
    }
    let inboxes = find_inboxes(parent.path()).unwrap();
    let on_rules: Arc<OnRules> = Arc::new(|_| {});
    for first in [None, Some(stored(BY_HAND))] {
        let began = std::time::Instant::now();
        let thread = ReloadThread::start().unwrap();
        let started = start_folders(&inboxes, &|_| first.clone(), GateMode::Off, &thread, &on_rules).unwrap();
        println!("{} folders: {:?}", started.len(), began.elapsed());
    }
}
