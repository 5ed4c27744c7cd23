//! The ways in which editors and programs save a file.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::process::Command;
use std::thread;
use std::time::{Duration, SystemTime};

use super::watched_folder::{WatchedFolder, broken, policy};

const FILE: &str = "+15550100.rules";

#[test]
fn in_place() {
    let live = WatchedFolder::started();
    live.write(FILE, policy("two"));
    live.becomes("two");
    assert_eq!(live.reloader().generation(), 2);
}

#[test]
fn slowly_in_pieces() {
    let live = WatchedFolder::patiently_started();
    let text = policy("two");
    let mut file = File::create(live.at(FILE)).unwrap();
    for piece in text.as_bytes().chunks(7) {
        file.write_all(piece).unwrap();
        file.sync_all().unwrap();
        thread::sleep(Duration::from_millis(20));
        assert!(["one", "two"].contains(&live.marks()[0].as_str()));
    }
    live.becomes("two");
    assert_eq!(live.count(), 2, "no partial file was processed: {:#?}", live.outcomes());
}

#[test]
fn truncated_then_filled() {
    let live = WatchedFolder::patiently_started();
    let mut file = OpenOptions::new().write(true).truncate(true).open(live.at(FILE)).unwrap();
    thread::sleep(Duration::from_millis(50));
    file.write_all(policy("two").as_bytes()).unwrap();
    live.becomes("two");
    assert_eq!(live.count(), 2, "the empty file was not processed: {:#?}", live.outcomes());
}

#[test]
fn renamed_over_again_and_again() {
    let live = WatchedFolder::started();
    for mark in ["two", "three", "four"] {
        fs::write(live.at("new"), policy(mark)).unwrap();
        fs::rename(live.at("new"), live.at(FILE)).unwrap();
        live.becomes(mark);
    }
    assert_eq!(live.reloader().generation(), 4);
}

/// As vim saves: a file with a number to test whether the folder is writable, a swap file, a backup, a new file; then the backup
/// is deleted.
#[test]
fn as_vim_does_it() {
    let live = WatchedFolder::patiently_started();
    for mark in ["two", "three"] {
        live.write(".+15550100.rules.swp", "b0VIM 9.1");
        live.write("4913", "");
        fs::remove_file(live.at("4913")).unwrap();
        fs::rename(live.at(FILE), live.at("+15550100.rules~")).unwrap();
        live.write(FILE, policy(mark));
        fs::remove_file(live.at("+15550100.rules~")).unwrap();
        fs::remove_file(live.at(".+15550100.rules.swp")).unwrap();
        live.becomes(mark);
    }
    live.rests();
    assert_eq!(live.count(), 3);
}

#[test]
fn as_sed_does_it() {
    let live = WatchedFolder::started();
    for (from, to) in [("one", "two"), ("two", "three")] {
        let expression = format!("s/{from}/{to}/");
        let sed = Command::new("sed").args(["-i", &expression]).arg(live.at(FILE)).status().unwrap();
        assert!(sed.success());
        live.becomes(to);
    }
}

#[test]
fn a_thousand_saves_in_a_second() {
    let live = WatchedFolder::started();
    for save in 0..1000 {
        live.write(FILE, policy(&save.to_string()));
        thread::sleep(Duration::from_millis(1));
    }
    live.becomes("999");
    live.rests();
    assert!(live.count() < 20, "changes are processed only when the files are stable: {}", live.count());
}

#[test]
fn removed_and_put_back() {
    let mut live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    live.write("default.rules", policy("others"));
    live.start();
    live.becomes("one");
    fs::remove_file(live.at(FILE)).unwrap();
    live.becomes("others");
    live.write(FILE, policy("one"));
    live.becomes("one");
    assert_eq!(live.reloader().generation(), 3);
}

#[test]
fn the_same_content_is_not_a_change() {
    let live = WatchedFolder::started();
    live.write(FILE, policy("one"));
    File::open(live.at(FILE)).unwrap().set_modified(SystemTime::now()).unwrap();
    live.write("notes.txt", "about the rules");
    live.rests();
    assert_eq!((live.count(), live.reloader().generation()), (1, 1));
}

#[test]
fn other_content_of_the_same_size_and_time() {
    let mut live = WatchedFolder::new();
    // Without notifications, so that only the content shows the change.
    live.settings.notifications = false;
    live.write(FILE, policy("one"));
    let time = fs::metadata(live.at(FILE)).unwrap().modified().unwrap();
    live.start();
    live.becomes("one");
    live.write(FILE, policy("two"));
    File::options().write(true).open(live.at(FILE)).unwrap().set_modified(time).unwrap();
    live.becomes("two");
}

#[test]
fn a_clock_that_goes_backwards() {
    let live = WatchedFolder::started();
    for (mark, seconds) in [("two", 3_600), ("three", 86_400), ("four", 1_000_000_000)] {
        live.write(FILE, policy(mark));
        let past = SystemTime::now() - Duration::from_secs(seconds);
        File::options().write(true).open(live.at(FILE)).unwrap().set_modified(past).unwrap();
        live.becomes(mark);
    }
}

#[test]
fn valid_then_broken_then_valid() {
    let live = WatchedFolder::started();
    live.write(FILE, broken("two"));
    live.keeps(1);
    assert_eq!(live.marks()[0], "one");
    live.write(FILE, policy("three"));
    live.becomes("three");
    assert_eq!(live.reloader().generation(), 2);
}

#[test]
fn broken_several_times_then_valid() {
    let live = WatchedFolder::started();
    for (outcomes, mark) in [(1, "two"), (2, "three"), (3, "four")] {
        live.write(FILE, broken(mark));
        live.keeps(outcomes);
        assert_eq!(live.marks()[0], "one");
    }
    live.write(FILE, policy("five"));
    live.becomes("five");
}

#[test]
fn a_bad_save_that_is_undone() {
    let live = WatchedFolder::started();
    live.write(FILE, broken("two"));
    live.keeps(1);
    live.write(FILE, policy("one"));
    live.until("the rules are accepted again", |live| live.reloader().outcome().is_accepted());
    assert_eq!(live.reloader().generation(), 1, "the set has never changed");
}

#[test]
fn without_notifications() {
    let mut live = WatchedFolder::new();
    live.settings.notifications = false;
    live.write(FILE, policy("one"));
    live.start();
    for mark in ["two", "three"] {
        live.write(FILE, policy(mark));
        live.becomes(mark);
    }
}
