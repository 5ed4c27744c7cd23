//! A host that panics wherever it can, and asks for what no host needs.

use std::panic::panic_any;
use std::sync::{Arc, Mutex, OnceLock, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::read_folder;
use inbox_rules::reload::{Admission, Refusal, ReloadThread, Reloader, Settings};

use super::watched_folder::{WatchedFolder, mark, policy};

const FILE: &str = "+15550100.rules";

/// Panics when it is dropped.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(thread::panicking(), "on purpose, in a test");
    }
}

#[track_caller]
fn within_a_minute(what: &str, is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// Ends the watch. Fails if that takes for ever.
#[track_caller]
fn close(reloader: Reloader) {
    let (sender, has_ended) = mpsc::channel();
    thread::spawn(move || {
        reloader.close();
        sender.send(()).unwrap();
    });
    has_ended.recv_timeout(Duration::from_secs(60)).expect("`close` returns");
}

#[test]
fn a_function_that_panics_with_something_that_panics_when_it_is_dropped() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    let (sender, calls) = mpsc::channel();
    let own = Bomb;
    let reloader = Reloader::watch(live.root(), move |_| {
        let _own = &own;
        sender.send(()).unwrap();
        panic_any(Bomb);
    });
    let reloader = reloader.unwrap();
    calls.recv_timeout(Duration::from_secs(60)).unwrap();
    live.write(FILE, policy("two"));
    calls.recv_timeout(Duration::from_secs(60)).expect("it is called again");
    within_a_minute("it is current", || mark(&reloader.current(), "+15550100") == "two");
    close(reloader);
}

#[test]
fn a_gate_that_panics_is_told_as_such_and_ends_nothing() {
    let thread = ReloadThread::start().unwrap();
    let [live, other] = [WatchedFolder::new(), WatchedFolder::new()];
    live.write(FILE, policy("one"));
    other.write(FILE, policy("one"));
    let own = Bomb;
    let gate = move |proposal: &inbox_rules::Proposal<'_>| {
        let _own = &own;
        match proposal.current.generation {
            0 => Admission::Allow,
            1 => panic!("no idea"),
            _ => panic_any(Bomb),
        }
    };
    let reloader = Reloader::builder(live.root()).gate(gate).start_on(&thread).unwrap();
    let beside = Reloader::builder(other.root()).start_on(&thread).unwrap();
    live.write(FILE, policy("two"));
    within_a_minute("it is refused", || !reloader.outcome().is_accepted());
    let outcome = reloader.outcome();
    assert!(matches!(outcome.refusal(), Some(Refusal::GatePanicked(_))));
    assert_eq!(outcome.refusal().unwrap().to_string(), "the gate has panicked: no idea");
    assert_eq!(mark(&reloader.current(), "+15550100"), "one");
    close(reloader);
    other.write(FILE, policy("two"));
    within_a_minute("the other folder is followed", || mark(&beside.current(), "+15550100") == "two");
    assert!(beside.health().alive);
}

/// One that takes long to judge holds up only itself, and of what is saved meanwhile the last state counts.
#[test]
fn folders_on_one_thread_do_not_wait_for_each_other() {
    let thread = ReloadThread::start().unwrap();
    let [slow, other] = [WatchedFolder::new(), WatchedFolder::new()];
    slow.write(FILE, policy("one"));
    other.write(FILE, policy("one"));
    let (proceed, wait) = mpsc::channel::<()>();
    let (asked, has_asked) = mpsc::channel();
    let gate = move |proposal: &inbox_rules::Proposal<'_>| {
        if proposal.current.generation > 0 {
            asked.send(()).unwrap();
            wait.recv().unwrap();
        }
        Admission::Allow
    };
    let slowly = Reloader::builder(slow.root()).gate(gate).start_on(&thread).unwrap();
    let quickly = Reloader::builder(other.root()).start_on(&thread).unwrap();
    slow.write(FILE, policy("two"));
    has_asked.recv_timeout(Duration::from_secs(60)).unwrap();
    for text in ["two", "three"] {
        other.write(FILE, policy(text));
        within_a_minute("the other folder is judged", || mark(&quickly.current(), "+15550100") == text);
    }
    assert!(slowly.health().busy_since.is_some());
    slow.write(FILE, policy("three"));
    thread::sleep(Duration::from_millis(500));
    slow.write(FILE, policy("four"));
    thread::sleep(Duration::from_millis(500));
    assert_eq!(mark(&slowly.current(), "+15550100"), "one");
    proceed.send(()).unwrap();
    has_asked.recv_timeout(Duration::from_secs(60)).unwrap();
    proceed.send(()).unwrap();
    within_a_minute("the last state is current", || mark(&slowly.current(), "+15550100") == "four");
}

/// A rule set that is held by nobody is freed soon, without waiting for the next change.
#[test]
fn what_is_replaced_by_accepting_is_freed() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    let reloader = Reloader::builder(live.root())
        .gate(|proposal| match proposal.current.generation {
            0 => Admission::Allow,
            _ => Admission::Hold("somebody has to look at it".to_owned()),
        })
        .start()
        .unwrap();
    let first = Arc::downgrade(&reloader.release());
    live.write(FILE, policy("two"));
    within_a_minute("it is held", || reloader.outcome().is_waiting());
    let digest = reloader.outcome().digest.clone();
    assert!(reloader.accept(&digest).unwrap().is_accepted());
    within_a_minute("it is freed", || first.upgrade().is_none());
}

#[test]
fn settings_at_their_limits() {
    let all = [Duration::ZERO, Duration::MAX].into_iter().flat_map(|time| {
        let settings = Settings::default;
        [Settings { interval: time, ..settings() }, Settings { patience: time, ..settings() }]
    });
    let shares = [f64::NAN, -1.0].map(|most_removed| Settings { most_removed, ..Settings::default() });
    for settings in all.chain(shares).chain([Settings { settle: Duration::ZERO, ..Settings::default() }]) {
        let live = WatchedFolder::new();
        live.write(FILE, policy("one"));
        let reloader = Reloader::watch_with(settings.clone(), live.root(), |_| {}).unwrap();
        live.write(FILE, policy("two"));
        within_a_minute(&format!("{settings:?}"), || mark(&reloader.current(), "+15550100") == "two");
    }
}

#[test]
fn a_function_that_uses_its_reloader_and_closes_it() {
    let live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    // Read once, before anything is saved: a folder read during a save may be half of it.
    let at_rest = read_folder(&live.root()).unwrap();
    let place: Arc<OnceLock<Mutex<Option<Reloader>>>> = Arc::default();
    let own = Arc::clone(&place);
    let reloader = Reloader::watch(live.root(), move |outcome| {
        let Some(place) = own.get() else { return };
        let mut reloader = place.lock().unwrap();
        let Some(live) = &*reloader else { return };
        assert!(live.judge(&at_rest).result.is_ok());
        assert!(live.accept(&outcome.digest).is_none() && live.health().alive);
        if outcome.generation == 3 {
            reloader.take().unwrap().close();
        }
    });
    place.set(Mutex::new(Some(reloader.unwrap()))).unwrap();
    let generation = || place.get().unwrap().lock().unwrap().as_ref().map(Reloader::generation);
    live.write(FILE, policy("two"));
    within_a_minute("it is current", || generation() == Some(2));
    live.write(FILE, policy("three"));
    within_a_minute("it is closed", || generation().is_none());
}
