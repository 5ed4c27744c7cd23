//! Which rules become current, without files on disk.

use std::sync::{Arc, Mutex};

use crate::policy::Folder;
use crate::reload::{Admission, FolderDigest, Publisher, Refusal, Settings};
use crate::testing::folder as folder_of;

const INBOX: &str = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n";

fn rule(name: &str) -> String {
    format!("rule \"{name}\" when customer has tag \"{name}\": assign nobody\n")
}

/// A policy with rules of these names.
fn policy(names: &[&str]) -> String {
    let rules: String = names.iter().map(|name| rule(name)).collect();
    format!("{rules}rule \"rest\" otherwise: assign nobody\n")
}

fn folder(files: &[(&str, &str)]) -> Folder {
    let mut all = vec![("inbox.toml", INBOX)];
    all.extend(files);
    folder_of(&all)
}

fn numbers(count: usize) -> Folder {
    let names: Vec<String> = (0..count).map(|number| format!("+155501{number:02}.rules")).collect();
    let text = policy(&[]);
    folder(&names.iter().map(|name| (name.as_str(), text.as_str())).collect::<Vec<_>>())
}

/// Why `new` does not replace `old`.
#[track_caller]
fn refusal(old: &Folder, new: &Folder) -> String {
    let mut publisher = Publisher::new(Settings { faults_alone: true, ..Settings::default() });
    assert!(publisher.publish(old).is_accepted());
    let outcome = publisher.publish(new);
    let told = outcome.refusal().map_or_else(|| "accepted".to_owned(), ToString::to_string);
    if outcome.is_waiting() {
        assert!(publisher.accept("sha256:another").is_none());
        assert!(publisher.accept(&outcome.digest).unwrap().is_accepted());
        assert_eq!(publisher.release().digest, outcome.digest);
    }
    told
}

#[test]
fn most_policies_gone() {
    assert_eq!(refusal(&numbers(50), &numbers(1)), "49 of 50 policies are gone");
    assert_eq!(refusal(&numbers(50), &numbers(25)), "accepted");
}

#[test]
fn an_inbox_that_loses_everybody() {
    let file = ("+15550100.rules", policy(&[]));
    let with = |inbox: &str| folder_of(&[("inbox.toml", inbox), (file.0, &file.1)]);
    assert_eq!(refusal(&with(INBOX), &with("")), "`inbox.toml` has lost all its users; is it whole?");
    assert_eq!(
        refusal(&with(INBOX), &with("[users.alice]\n")),
        "`inbox.toml` has lost all its groups; is it whole?"
    );
    assert_eq!(refusal(&with("[users.alice]\n[users.bob]\n"), &with("[users.bob]\n")), "accepted");
}

/// Wherever a save is cut off, nothing is lost silently.
#[test]
fn an_inbox_that_is_cut_off() {
    let whole = concat!(
        "timezone = \"Africa/Cairo\"\n[users.alice]\ncapacity = 5\n[users.bob]\nskills = [\"ar\"]\n[users.carol]\n",
        "[groups]\nSales = [\"alice\", \"bob\"]\nSupport = [\"carol\"]\n[attributes]\nplan = [\"gold\", \"free\"]\n",
        "[message]\ncampaign = \"text\"\n[lints]\nunnamed-rule = \"allow\"\n"
    );
    let with = |inbox: &str| folder_of(&[("inbox.toml", inbox), ("+15550100.rules", &policy(&[]))]);
    for end in 0..whole.len() - 1 {
        assert_ne!(refusal(&with(whole), &with(&whole[..end])), "accepted", "{}", &whole[..end]);
    }
    assert_eq!(refusal(&with(whole), &with(whole.trim_end())), "accepted");
    assert_eq!(
        refusal(&with(whole), &with(whole.split_once("[lints]").unwrap().0)),
        "`inbox.toml` is only the beginning of what it was; is it whole?"
    );
}

#[test]
fn a_policy_that_is_cut_off() {
    let number = "+15550100.rules";
    let with = |text: &str| folder(&[(number, text)]);
    let also = "also rule \"e\" when customer has tag \"e\": tag \"f\"\n";
    let whole = format!("{}{also}", policy(&["a", "b", "c", "d"]));
    let cut = policy(&["a", "b", "c", "d"]);
    assert_eq!(
        refusal(&with(&whole), &with(&cut)),
        "1 of 6 rules of `+15550100.rules` are gone; is the file whole?"
    );
    assert_eq!(
        refusal(&with(&whole), &with(&policy(&["a"]))),
        "4 of 6 rules of `+15550100.rules` are gone; is the file whole?"
    );
    assert_eq!(refusal(&with(&whole), &with(&policy(&["a", "c", "d"]))), "accepted");
}

#[test]
fn whatever_is_gone_if_the_caller_says_so() {
    let mut publisher = Publisher::new(Settings { most_removed: 1.0, ..Settings::default() });
    assert!(publisher.publish(&numbers(50)).is_accepted());
    assert!(publisher.publish(&numbers(1)).is_accepted());
}

#[test]
fn what_waits_is_forgotten_when_the_rules_change_again() {
    let mut publisher = Publisher::new(Settings::default());
    publisher.publish(&numbers(50));
    let waiting = publisher.publish(&numbers(1));
    assert!(matches!(waiting.refusal(), Some(Refusal::Removed(_))));
    publisher.publish(&numbers(49));
    assert!(publisher.accept(&waiting.digest).is_none());
    assert_eq!(publisher.release().set.policies().count(), 49);
}

#[test]
fn a_gate_allows_denies_holds_and_panics() {
    let says = Arc::new(Mutex::new(Admission::Allow));
    let asked = Arc::new(Mutex::new(Vec::new()));
    let (answer, seen) = (Arc::clone(&says), Arc::clone(&asked));
    let mut publisher = Publisher::new(Settings::default()).with_gate(move |proposal| {
        seen.lock().unwrap().push((
            proposal.current.generation,
            proposal.set.policies().count(),
            proposal.folder.files.names().count(),
            proposal.changes.added.len(),
        ));
        let answer = answer.lock().unwrap().clone();
        match answer {
            Admission::Deny(why) if why == "panic" => panic!("on purpose, in a test"),
            answer => answer,
        }
    });
    let mut publish = |files: usize, admission: Admission| {
        *says.lock().unwrap() = admission;
        publisher.publish(&numbers(files))
    };
    assert!(publish(1, Admission::Allow).is_accepted());
    assert_eq!(publish(2, Admission::Deny("not today".into())).refusal().unwrap().to_string(), "not today");
    let held = publish(3, Admission::Hold("2 differences".into()));
    assert!(held.is_waiting() && held.generation == 1);
    let panicked = publish(4, Admission::Deny("panic".into()));
    assert!(matches!(panicked.refusal(), Some(Refusal::GatePanicked(_))));
    // What is current already need not be asked about.
    assert!(publish(1, Admission::Deny("no".into())).is_accepted());
    let held = publish(3, Admission::Hold("2 differences".into()));
    let accepted = publisher.accept(&held.digest).unwrap();
    assert_eq!((accepted.generation, accepted.release.set.policies().count()), (2, 3));
    assert_eq!(
        *asked.lock().unwrap(),
        [(0, 1, 1, 2), (1, 2, 2, 1), (1, 3, 3, 2), (1, 4, 4, 3), (1, 3, 3, 2)]
    );
}

#[test]
fn an_outcome_has_the_new_set_and_what_differs() {
    let mut publisher = Publisher::new(Settings::default());
    let (one, other) = (policy(&["a"]), policy(&["b"]));
    publisher.publish(&folder(&[("+15550100.rules", &one), ("+15550101.rules", &one)]));
    let outcome = publisher.publish(&folder(&[("+15550100.rules", &other), ("default.rules", &one)]));
    let names = |names: &[Arc<str>]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&outcome.changes.added), ["default.rules"]);
    assert_eq!(names(&outcome.changes.removed), ["+15550101.rules"]);
    assert_eq!(names(&outcome.changes.changed), ["+15550100.rules"]);
    assert_eq!(&*outcome.release.folder.files.get("+15550100.rules").unwrap().source.text, other);
    assert!(outcome.release.set.policy("+15550101").unwrap().file.contains("default"));
}

#[test]
fn texts_of_the_current_rules_with_some_changed() {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in
        [("inbox.toml", INBOX), ("+15550100.rules", &policy(&[])), ("default.rules", &policy(&[]))]
    {
        std::fs::write(directory.path().join(name), text).unwrap();
    }
    let mut publisher = Publisher::new(Settings::default());
    assert!(publisher.publish(&crate::load::read_folder(directory.path()).unwrap()).is_accepted());
    let wrong = "otherwise: assign user \"zoe\"\n";
    let folder = publisher.release().with_files([
        ("+15550100.rules", Some(wrong)),
        ("+15550101.rules", Some(&policy(&["a"]))),
        ("default.rules", None),
    ]);
    let judgement = publisher.judge(&folder);
    let checked: Vec<&str> = judgement.checked.iter().map(|name| &**name).collect();
    assert_eq!(checked, ["+15550100.rules", "+15550101.rules", "default.rules"]);
    let shown = directory.path().join("+15550100.rules").display().to_string();
    assert_eq!(*judgement.findings.iter().next().unwrap().file, *shown);
    let inbox = format!("{INBOX}[users.zoe]\n");
    let folder =
        publisher.release().with_files([("+15550100.rules", Some(wrong)), ("inbox.toml", Some(&inbox))]);
    assert!(publisher.publish(&folder).is_accepted());
    assert_eq!(publisher.release().with_files([]).files, folder.files);
}

#[test]
fn to_judge_changes_nothing() {
    let mut publisher = Publisher::new(Settings::default());
    publisher.publish(&numbers(3));
    let before = publisher.release();
    let judgement = publisher.judge(&numbers(2));
    assert!(judgement.result.is_ok() && judgement.changes.removed.len() == 1);
    let broken = publisher.judge(&folder(&[("+15550100.rules", "otherwise: assign user \"zoe\"")]));
    assert!(matches!(broken.result, Err(Refusal::Faults(_))) && !broken.findings.is_empty());
    assert!(Arc::ptr_eq(&before, &publisher.release()));
    let again = publisher.publish(&numbers(3));
    assert_eq!((again.generation, again.digest == before.digest), (1, true));
    assert!(again.checked.is_empty(), "nothing of what was judged is left");
}

#[test]
fn what_was_refused_is_not_confused_with_what_is_judged() {
    let mut publisher = Publisher::new(Settings::default());
    publisher.publish(&numbers(50));
    let waiting = publisher.publish(&numbers(1));
    publisher.judge(&numbers(20));
    let told = publisher.refuse(Refusal::Unstable(Vec::new()));
    assert_eq!(told.digest, waiting.digest);
}

/// Only who reads the rules holds them.
#[test]
fn what_is_replaced_is_freed() {
    let mut publisher = Publisher::new(Settings::default());
    publisher.publish(&numbers(3));
    let first = Arc::downgrade(&publisher.release());
    publisher.publish(&numbers(4));
    assert!(first.upgrade().is_none());
}

#[test]
fn the_gate_is_asked_about_a_removal_that_is_accepted() {
    let mut publisher = Publisher::new(Settings::default()).with_gate(|proposal| {
        if proposal.changes.removed.is_empty() {
            Admission::Allow
        } else {
            Admission::Hold("policies are gone".into())
        }
    });
    assert!(publisher.publish(&numbers(50)).is_accepted());
    let removed = publisher.publish(&numbers(1));
    assert!(matches!(removed.refusal(), Some(Refusal::Removed(_))));
    let held = publisher.accept(&removed.digest).unwrap();
    assert_eq!(held.refusal().unwrap().to_string(), "policies are gone");
    assert!(publisher.accept(&held.digest).unwrap().is_accepted());
}

/// A host may want to be asked about whatever decides any message differently.
#[test]
fn a_gate_compares_the_new_rules_with_the_current_ones() {
    let mut publisher = Publisher::new(Settings::default()).with_gate(|proposal| {
        let comparison = proposal.compare(100).unwrap();
        match comparison.counts().differences {
            0 => Admission::Allow,
            count if proposal.current.generation > 0 => Admission::Hold(format!("{count} differences")),
            _ => Admission::Allow,
        }
    });
    let publish =
        |publisher: &mut Publisher, text: &str| publisher.publish(&folder(&[("+15550100.rules", text)]));
    let policy = |tag: &str| policy(&[tag]).replacen("assign nobody", "assign user \"bob\"", 1);
    assert!(publish(&mut publisher, &policy("a")).is_accepted());
    assert!(publish(&mut publisher, &format!("# a comment\n{}", policy("a"))).is_accepted());
    let other = publish(&mut publisher, &policy("b"));
    assert_eq!(other.refusal().unwrap().to_string(), "2 differences");
}

/// Warnings in other files cost nothing: neither are they copied, nor are the texts that they point into looked up.
#[test]
fn a_save_costs_what_it_changes() {
    let allocations = |count: usize| {
        let unnamed = |tag: usize| {
            format!(
                "when customer has tag \"{tag}\": assign owner else user \"bob\"\notherwise: assign nobody\n"
            )
        };
        let names: Vec<String> = (0..count).map(|number| format!("+15550{number:05}.rules")).collect();
        let texts: Vec<String> = (0..count).map(unnamed).collect();
        let files: Vec<(&str, &str)> =
            names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let mut publisher = Publisher::new(Settings::default());
        let first = publisher.publish(&folder(&files));
        assert!(first.is_accepted() && first.findings.iter().count() >= count);
        let next =
            publisher.release().with_files([(names[count / 2].as_str(), Some(unnamed(count).as_str()))]);
        let mut outcome = None;
        let judged = allocation_counter::measure(|| drop(publisher.judge(&next)));
        let saved = allocation_counter::measure(|| outcome = Some(publisher.publish(&next)));
        assert_eq!(outcome.unwrap().checked.len(), 1);
        [judged.bytes_total, saved.bytes_total]
    };
    for (few, many) in allocations(50).into_iter().zip(allocations(500)) {
        assert!(many < few * 3 / 2, "{few} bytes are allocated among 50 files, {many} among 500");
    }
}

/// As a store keeps the last good rules.
#[test]
fn texts_that_were_kept_are_the_same_rules() {
    let mut publisher = Publisher::new(Settings::default());
    let numbered = format!("{INBOX}[numbers.\"+15550100\"]\nrules = \"store.txt\"\n");
    let before = publisher.publish(&folder_of(&[("inbox.toml", &numbered), ("store.txt", &policy(&["a"]))]));
    assert!(before.is_accepted());
    let texts: Vec<(String, String)> =
        before.release.folder.texts().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    let kept = Folder::from_texts(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    assert_eq!(FolderDigest::of(&kept).to_string(), before.digest);
    let mut after_restart = Publisher::new(Settings::default());
    assert!(after_restart.publish(&kept).is_accepted());
    assert!(after_restart.release().set.policy("+15550100").is_some());
}
