//! What a host that embeds a reloader relies on: whatever it does, and whatever happens in the folder, reloading goes on.

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::reload::{Admission, Refusal, ReloadError, ReloadThread, Reloader, Settings};
use inbox_rules::{RuleSet, read_folder};

use super::watched_folder::{INBOX, WatchedFolder, broken, mark, policy};

const FILE: &str = "+15550100.rules";
const OTHER: &str = "+15550101.rules";

#[test]
fn a_pipe_that_is_renamed_over_a_file() {
    let live = WatchedFolder::started();
    let pipe = live.beside("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    fs::rename(&pipe, live.at(FILE)).unwrap();
    assert!(live.keeps(1).to_string().ends_with("it is not a file"));
    fs::remove_file(live.at(FILE)).unwrap();
    live.write(FILE, policy("two"));
    live.becomes("two");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let skipped = live.count();
    fs::rename(&pipe, live.at("inbox.toml")).unwrap();
    live.keeps(skipped);
    fs::remove_file(live.at("inbox.toml")).unwrap();
    live.write("inbox.toml", INBOX);
    live.write(FILE, policy("three"));
    live.becomes("three");
}

#[test]
fn a_name_that_is_not_utf_8() {
    let live = WatchedFolder::started();
    fs::write(live.at("").join(std::ffi::OsStr::from_bytes(b"caf\xE9.rules")), policy("x")).unwrap();
    live.until("it is told", |live| live.count() == 2);
    let told = live.reloader().outcome();
    assert!(told.is_accepted());
    assert_eq!(
        told.findings.iter().next().unwrap().message,
        "this file or folder is not read: its name is not UTF-8"
    );
    live.write(FILE, policy("two"));
    live.becomes("two");
}

/// Saves a file every 50 ms until it is dropped.
struct Noise {
    has_ended: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Noise {
    fn new(live: &WatchedFolder, name: &str) -> Self {
        let (next, path) = (live.beside("noise"), live.at(name));
        let has_ended = Arc::new(AtomicBool::new(false));
        let end = Arc::clone(&has_ended);
        let thread = thread::spawn(move || {
            for save in 0.. {
                fs::write(&next, policy(&save.to_string())).unwrap();
                fs::rename(&next, &path).unwrap();
                thread::sleep(Duration::from_millis(50));
                if end.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        Self { has_ended, thread: Some(thread) }
    }
}

impl Drop for Noise {
    fn drop(&mut self) {
        self.has_ended.store(true, Ordering::Relaxed);
        self.thread.take().unwrap().join().unwrap();
    }
}

#[test]
fn one_noisy_file_does_not_hold_back_the_others() {
    let mut live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    live.write(OTHER, policy("0"));
    live.start();
    let noise = Noise::new(&live, OTHER);
    for mark in ["two", "three"] {
        live.write(FILE, policy(mark));
        live.becomes(mark);
    }
    drop(noise);
    live.until("the noise is current", |live| live.marks()[1] != "0");
}

#[test]
fn a_first_set_of_a_folder_that_does_not_rest() {
    let mut live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    live.settings.patience = Duration::from_millis(500);
    let noise = Noise::new(&live, OTHER);
    thread::sleep(Duration::from_millis(100));
    let refused = Reloader::watch_with(live.settings.clone(), live.root(), |_| {}).unwrap_err();
    assert_eq!(refused.to_string(), format!("`{OTHER}` keeps changing"));
    live.settings.begin_unstable = true;
    live.start();
    assert_eq!(live.marks()[0], "one");
    drop(noise);
}

#[test]
fn a_first_set_is_whole() {
    let mut live = WatchedFolder::new();
    for name in [FILE, OTHER] {
        live.write(name, policy("0"));
    }
    live.settings.patience = Duration::from_secs(60);
    let has_ended = AtomicBool::new(false);
    let save = |name: &str, mark: usize| {
        fs::write(live.beside("next"), policy(&mark.to_string())).unwrap();
        fs::rename(live.beside("next"), live.at(name)).unwrap();
        thread::sleep(Duration::from_millis(40));
    };
    thread::scope(|scope| {
        scope.spawn(|| {
            for mark in 1.. {
                save(FILE, mark);
                save(OTHER, mark);
                thread::sleep(Duration::from_millis(260));
                if has_ended.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        for _ in 0..6 {
            let set = Reloader::watch_with(live.settings.clone(), live.root(), |_| {}).unwrap().current();
            assert_eq!(mark(&set, "+15550100"), mark(&set, "+15550101"));
        }
        has_ended.store(true, Ordering::Relaxed);
    });
}

#[test]
fn a_function_that_is_stuck_holds_nothing_back() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    let lock = Arc::new(Mutex::new(()));
    let wanted = Arc::clone(&lock);
    let held = lock.lock().unwrap();
    let reloader = Reloader::watch(live.root(), move |_| drop(wanted.lock().unwrap())).unwrap();
    for (generation, mark) in [(2, "two"), (3, "three")] {
        live.write(FILE, policy(mark));
        let began = Instant::now();
        while reloader.generation() < generation {
            assert!(began.elapsed() < Duration::from_secs(60));
            thread::sleep(Duration::from_millis(5));
        }
    }
    // Under the lock that the function wants.
    drop(reloader);
    drop(held);
}

#[test]
fn how_it_goes() {
    let live = WatchedFolder::started();
    live.until("it is idle", |live| live.reloader().health().busy_since.is_none());
    let before = live.reloader().health();
    assert!(before.alive && before.last_outcome.is_accepted());
    live.until("it was read again", |live| live.reloader().health().last_read > before.last_read);
    live.write(FILE, broken("two"));
    live.keeps(1);
    assert!(!live.reloader().health().last_outcome.is_accepted());
}

#[test]
fn a_first_set_from_the_caller() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("good"));
    let good = read_folder(&live.root()).unwrap();
    live.write(FILE, broken("bad"));
    let (sender, outcomes) = mpsc::channel();
    let reloader = Reloader::builder(live.root())
        .first(good)
        .on_outcome(move |outcome| sender.send(outcome.clone()).unwrap())
        .start()
        .unwrap();
    assert_eq!(mark(&reloader.current(), "+15550100"), "good");
    let next = || outcomes.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(next().is_accepted());
    assert!(matches!(next().refusal(), Some(Refusal::Faults(_))), "it says so");
    live.write(FILE, policy("better"));
    assert!(next().is_accepted());
    assert_eq!(mark(&reloader.current(), "+15550100"), "better");
    let error = Reloader::builder(live.root()).first(read_folder("/proc/self/fdinfo".as_ref()).unwrap());
    assert!(matches!(error.start(), Err(ReloadError::Refused { .. })));
}

#[test]
fn a_gate_that_holds_until_it_is_accepted() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    let (sender, outcomes) = mpsc::channel();
    let reloader = Reloader::builder(live.root())
        .gate(|proposal| match proposal.current.generation {
            0 => Admission::Allow,
            _ => Admission::Hold("somebody has to look at it".to_owned()),
        })
        .on_outcome(move |outcome| sender.send(outcome.clone()).unwrap())
        .start()
        .unwrap();
    let next = || outcomes.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(next().is_accepted());
    live.write(FILE, policy("two"));
    let held = next();
    assert!(held.is_waiting());
    assert_eq!(held.refusal().unwrap().to_string(), "somebody has to look at it");
    assert_eq!(mark(&reloader.current(), "+15550100"), "one");
    assert!(reloader.accept("sha256:0").is_none());
    assert_eq!(reloader.accept(&held.digest).unwrap().generation, 2);
    assert_eq!(next().generation, 2);
    assert_eq!(mark(&reloader.current(), "+15550100"), "two");
    let text = &reloader.release().folder.files.get(FILE).unwrap().source.text.to_string();
    assert_eq!(*text, policy("two"));
}

#[test]
fn rules_that_are_judged_without_being_saved() {
    let live = WatchedFolder::started();
    live.write("extra.rules", broken("x"));
    let wrong = read_folder(&live.root()).unwrap();
    fs::remove_file(live.at("extra.rules")).unwrap();
    let judgement = live.reloader().judge(&wrong);
    assert!(matches!(judgement.result, Err(Refusal::Faults(_))));
    assert_eq!(judgement.changes.added.len(), 1);
    live.write(FILE, policy("two"));
    live.becomes("two");
}

#[test]
fn many_folders_on_one_thread() {
    let folders: Vec<WatchedFolder> = (0..20).map(|_| WatchedFolder::new()).collect();
    let thread = ReloadThread::start().unwrap();
    let threads = || fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    let start = |live: &WatchedFolder| {
        live.write(FILE, policy("one"));
        let settings = Settings { settle: Duration::from_millis(20), ..Settings::default() };
        Reloader::builder(live.root()).settings(settings).start_on(&thread).unwrap()
    };
    let reloaders: Vec<Reloader> = folders.iter().map(start).collect();
    for round in ["two", "three"] {
        for live in &folders {
            live.write(FILE, policy(round));
        }
        for reloader in &reloaders {
            let began = Instant::now();
            while mark(&reloader.current(), "+15550100") != round {
                assert!(began.elapsed() < Duration::from_secs(60));
                thread::sleep(Duration::from_millis(5));
            }
        }
    }
    drop(reloaders);
    println!("{} threads with those of other tests", threads());
}

#[test]
fn a_save_that_takes_most_of_the_policies_away() {
    let mut live = WatchedFolder::new();
    for number in 0..50 {
        live.write(&format!("+155501{number:02}.rules"), policy("one"));
    }
    live.write(FILE, policy("one"));
    live.start();
    fs::create_dir(live.beside("next")).unwrap();
    for name in [FILE, "inbox.toml"] {
        fs::copy(live.at(name), live.beside("next").join(name)).unwrap();
    }
    fs::rename(live.root(), live.beside("old")).unwrap();
    fs::rename(live.beside("next"), live.root()).unwrap();
    assert_eq!(live.keeps(1).to_string(), "49 of 50 policies are gone");
    let digest = live.reloader().outcome().digest.clone();
    assert!(live.reloader().accept(&digest).unwrap().is_accepted());
    assert_eq!(live.reloader().current().policies().count(), 1);
}

#[test]
fn the_set_that_is_loaded_is_the_set_that_is_watched() {
    let live = WatchedFolder::started();
    let loaded = RuleSet::load(live.root()).unwrap();
    assert_eq!(mark(&loaded, "+15550100"), live.marks()[0]);
}
