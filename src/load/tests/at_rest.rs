//! A folder is read at a moment when nothing in it is changing.
#![allow(clippy::disallowed_methods, reason = "files change in real time")]

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::load::at_rest::read_within;
use crate::load::{LoadError, Location, RuleSet, Snapshot, Trust, reread_all};
use crate::policy::RuleFile;
use crate::roster::dice;
use crate::situation::Situation;
use crate::text::Source;

const INBOX: &str = "[users.alice]\n";
const PAIR: [&str; 2] = ["+15550100.rules", "+15550101.rules"];

fn policy(mark: usize) -> String {
    format!("otherwise: assign nobody, tag \"{mark:03}\"\n")
}

fn mark(set: &RuleSet, number: &str) -> String {
    let situation = format!(r#"{{"number": "{number}", "at": "2026-11-24T12:00:00Z"}}"#);
    let situation = Situation::from_json(&situation).unwrap();
    set.decide(&situation, &mut dice(0, None)).unwrap().tags.join(" ")
}

fn save(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join("next"), text).unwrap();
    fs::rename(folder.join("next"), folder.join(name)).unwrap();
}

fn pair() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inbox.toml"), INBOX).unwrap();
    for name in PAIR {
        save(folder.path(), name, &policy(0));
    }
    folder
}

/// Both files are saved again and again, one a little after the other, with rests between two releases that are longer
/// than those within one.
fn release(folder: &Path, has_ended: &AtomicBool) {
    for version in 1.. {
        for name in PAIR {
            save(folder, name, &policy(version));
            thread::sleep(Duration::from_millis(40));
            if has_ended.load(Ordering::Relaxed) {
                return;
            }
        }
        thread::sleep(Duration::from_millis(230));
    }
}

#[test]
fn no_set_is_a_mixture_of_two_releases() {
    let folder = pair();
    let has_ended = AtomicBool::new(false);
    let sets: Vec<[String; 2]> = thread::scope(|scope| {
        scope.spawn(|| release(folder.path(), &has_ended));
        let load = || {
            let set = RuleSet::load(folder.path()).unwrap();
            PAIR.map(|name| mark(&set, name.trim_end_matches(".rules")))
        };
        // A fast machine loads the same release many times.
        let mut sets = vec![load()];
        while sets.len() < 8 {
            let set = load();
            if sets.last() != Some(&set) {
                sets.push(set);
            }
        }
        has_ended.store(true, Ordering::Relaxed);
        sets
    });
    assert!(sets.iter().all(|[first, second]| first == second), "{sets:?}");
}

#[test]
fn a_folder_that_does_not_rest_is_told() {
    let folder = pair();
    let has_ended = AtomicBool::new(false);
    let error = thread::scope(|scope| {
        scope.spawn(|| {
            for version in 1.. {
                save(folder.path(), PAIR[0], &policy(version % 1000));
                thread::sleep(Duration::from_millis(10));
                if has_ended.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        thread::sleep(Duration::from_millis(50));
        let error = read_within(Duration::from_millis(600), folder.path(), RuleSet::load_once).unwrap_err();
        has_ended.store(true, Ordering::Relaxed);
        error
    });
    assert!(matches!(error, LoadError::Unstable { .. }), "{error}");
    assert!(error.to_string().ends_with("` keep changing"), "{error}");
}

#[test]
fn nothing_waits_for_a_folder_at_rest() {
    let folder = pair();
    thread::sleep(Duration::from_millis(200));
    let took = (0..5).map(|_| {
        let began = Instant::now();
        RuleSet::load(folder.path()).unwrap();
        began.elapsed()
    });
    assert!(took.min().unwrap() < Duration::from_millis(100));
}

/// As if the file had changed without a trace.
#[test]
fn stamps_are_believed_only_where_they_are_trusted() {
    let folder = pair();
    let location = Location::of(folder.path());
    let mut before = reread_all(&location, &Snapshot::default(), Trust::Nothing).unwrap();
    let name = before.folder.files.get(PAIR[0]).unwrap().source.name.clone();
    let other = Arc::new(RuleFile::parse(Source::new(name, policy(7))));
    before.folder.files.insert(PAIR[0].into(), other);
    let is_seen = |trust: Trust| {
        let after = reread_all(&location, &before, trust).unwrap();
        *after.folder.files.get(PAIR[0]).unwrap().source.text == policy(0)
    };
    assert!(!is_seen(Trust::AllBut(&[].into())));
    assert!(is_seen(Trust::AllBut(&[Arc::from(PAIR[0])].into())));
    assert!(is_seen(Trust::Nothing));
}

#[test]
fn a_file_that_is_used_by_another_rests_too() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inbox.toml"), INBOX).unwrap();
    fs::write(folder.path().join("words.txt"), "let vip = new_customer\n").unwrap();
    save(folder.path(), PAIR[0], &format!("use \"words.txt\"\nwhen vip: assign nobody\n{}", policy(1)));
    thread::sleep(Duration::from_millis(200));
    // In place, so that nothing but the file itself tells of the change.
    fs::write(folder.path().join("words.txt"), "let vip = returning_customer\n").unwrap();
    let began = Instant::now();
    RuleSet::load(folder.path()).unwrap();
    assert!(began.elapsed() >= Duration::from_millis(140));
}
