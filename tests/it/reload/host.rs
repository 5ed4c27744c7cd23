//! The behaviour of a host while rules are reloaded.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::diagnostic::Code;
use inbox_rules::reload::{Outcome, Reloader, Settings};

use super::watched_folder::{WatchedFolder, broken, mark, policy};

const FILE: &str = "+15550100.rules";

#[test]
fn a_panic_in_the_callers_function() {
    let mut live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let notify = move |_: &_| {
        counted.fetch_add(1, Ordering::SeqCst);
        panic!("on purpose, in a test");
    };
    let reloader = Reloader::watch(live.root(), notify).unwrap();
    for (generation, text) in [(2, policy("two")), (3, policy("three"))] {
        live.write(FILE, text);
        while reloader.generation() < generation
            || calls.load(Ordering::SeqCst) < usize::try_from(generation).unwrap()
        {
            thread::sleep(Duration::from_millis(5));
        }
    }
    drop(reloader);
    live.start();
    live.becomes("three");
}

#[test]
fn the_outcome_of_every_attempt() {
    let live = WatchedFolder::started();
    live.write(FILE, broken("two"));
    live.keeps(1);
    live.write(FILE, policy("three"));
    live.becomes("three");
    live.until("the outcome is reported", |live| live.count() == 3);
    let outcomes = live.outcomes();
    let summaries: Vec<(u64, bool, usize, usize)> = outcomes
        .iter()
        .map(|outcome| {
            (
                outcome.generation,
                outcome.is_accepted(),
                outcome.findings.iter().count(),
                outcome.checked.len(),
            )
        })
        .collect();
    assert_eq!(summaries, [(1, true, 0, 1), (1, false, 1, 1), (2, true, 0, 1)]);
    let digests: std::collections::BTreeSet<&str> = outcomes.iter().map(|outcome| &*outcome.digest).collect();
    assert_eq!(digests.len(), 3);
    assert!(outcomes.windows(2).all(|two| two[0].at < two[1].at));
    let finding = outcomes[1].findings.iter().next().unwrap();
    assert_eq!(finding.code, Code::UnknownFact);
    assert_eq!(outcomes[1].sources().get(&finding.file).unwrap().slice(finding.span), "any_onlin");
    let refusal = outcomes[1].refusal().unwrap().to_string();
    assert_eq!(refusal, format!("{}:6: unknown-fact: {}", finding.file, finding.message));
    assert_eq!(live.reloader().outcome().digest, outcomes[2].digest);
}

#[test]
fn a_folder_that_is_never_stable() {
    let mut live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    live.settings.patience = Duration::from_millis(500);
    live.start();
    let began = Instant::now();
    let mut save = 0;
    // On a busy machine the folder may be stable for a moment.
    while live.outcomes().iter().all(Outcome::is_accepted) && began.elapsed() < Duration::from_secs(30) {
        // The file is replaced in one step, since a half-written file could be stable too.
        live.write(".next", policy(&save.to_string()));
        fs::rename(live.at(".next"), live.at(FILE)).unwrap();
        save += 1;
        thread::sleep(Duration::from_millis(10));
    }
    assert_eq!(live.keeps(1).to_string(), "`+15550100.rules` keeps changing");
    live.write(FILE, policy("rest"));
    live.becomes("rest");
}

#[test]
fn a_set_is_freed_when_its_last_holder_drops_it() {
    let live = WatchedFolder::started();
    let held = live.reloader().current();
    let weak = Arc::downgrade(&held);
    live.write(FILE, policy("two"));
    live.becomes("two");
    assert_eq!(mark(&held, "+15550100"), "one", "a held set does not change");
    drop(held);
    live.until("nothing else holds it", |_| weak.upgrade().is_none());
}

#[test]
fn a_reader_sees_each_change() {
    let live = WatchedFolder::started();
    let mut reader = live.reader();
    assert_eq!(mark(reader.current(), "+15550100"), "one");
    live.write(FILE, policy("two"));
    live.becomes("two");
    assert_eq!(mark(reader.current(), "+15550100"), "two");
    let mut other = reader.clone();
    drop(live);
    assert_eq!(mark(other.current(), "+15550100"), "two", "it outlives the reloader");
}

#[test]
fn ended_while_a_change_is_under_way() {
    let mut live = WatchedFolder::new();
    for number in 0..500 {
        live.write(&format!("+1555{number:04}.rules"), policy("one"));
    }
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let settings = Settings { settle: Duration::from_millis(5), ..Settings::default() };
    let reloader = Reloader::watch_with(settings, live.root(), move |_| {
        counted.fetch_add(1, Ordering::SeqCst);
    })
    .unwrap();
    for number in 0..500 {
        live.write(&format!("+1555{number:04}.rules"), policy("two"));
    }
    thread::sleep(Duration::from_millis(20));
    let set = reloader.current();
    reloader.close();
    let after = calls.load(Ordering::SeqCst);
    assert!(["one", "two"].contains(&mark(&set, "+15550001").as_str()));
    thread::sleep(Duration::from_millis(1500));
    assert_eq!(calls.load(Ordering::SeqCst), after, "nothing is reported after the end");
    live.settings = Settings::default();
}

#[test]
fn ended_from_the_callers_function() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    let own: Arc<Mutex<Option<Reloader>>> = Arc::default();
    let (sender, ended) = mpsc::channel();
    let taken = Arc::clone(&own);
    let reloader = Reloader::watch(live.root(), move |outcome| {
        if outcome.generation == 2 {
            drop(taken.lock().unwrap().take());
            sender.send(()).unwrap();
        }
    });
    *own.lock().unwrap() = Some(reloader.unwrap());
    live.write(FILE, policy("two"));
    ended.recv_timeout(Duration::from_secs(60)).unwrap();
}

/// How long the test below reloads: a minute if `RELOAD_MINUTE` is set, otherwise two seconds.
fn reload_time() -> Duration {
    Duration::from_secs(if std::env::var_os("RELOAD_MINUTE").is_some() { 60 } else { 2 })
}

#[test]
fn fifty_reloads_a_second_while_two_threads_decide() {
    let mut live = WatchedFolder::new();
    live.settings = Settings { settle: Duration::from_millis(2), ..Settings::default() };
    // Each release is a folder that is moved into place; both numbers and the group of the inbox belong to one release.
    let release = |live: &WatchedFolder, mark: &str| {
        let folder = live.beside("next");
        fs::create_dir_all(&folder).unwrap();
        for name in [FILE, "+15550101.rules", "default.rules"] {
            fs::write(folder.join(name), policy(mark)).unwrap();
        }
        fs::copy(live.at("inbox.toml"), folder.join("inbox.toml")).unwrap();
        let old = live.beside("old");
        fs::rename(live.root(), &old).unwrap();
        fs::rename(&folder, live.root()).unwrap();
        fs::remove_dir_all(old).unwrap();
    };
    release(&live, "0");
    live.start();
    let end = Arc::new(AtomicBool::new(false));
    let deciders: Vec<thread::JoinHandle<u64>> = (0..2)
        .map(|_| {
            let (mut reader, end) = (live.reader(), Arc::clone(&end));
            thread::spawn(move || {
                let mut decisions = 0;
                while !end.load(Ordering::Relaxed) {
                    let set = reader.current();
                    let first = mark(set, "+15550100");
                    assert_eq!(mark(set, "+15550101"), first);
                    assert_eq!(mark(set, "+15550199"), first);
                    decisions += 3;
                }
                decisions
            })
        })
        .collect();
    let began = Instant::now();
    let mut releases = 0;
    while began.elapsed() < reload_time() {
        releases += 1;
        release(&live, &releases.to_string());
        let next = Duration::from_millis(20) * releases;
        thread::sleep(next.saturating_sub(began.elapsed()));
    }
    live.becomes(&releases.to_string());
    end.store(true, Ordering::Relaxed);
    let decisions: u64 = deciders.into_iter().map(|decider| decider.join().unwrap()).sum();
    println!("{releases} releases, {} generations, {decisions} decisions", live.reloader().generation());
    assert!(decisions > 0);
}
