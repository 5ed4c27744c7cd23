//! Following folders on the current thread.
#![allow(clippy::disallowed_methods, reason = "files change in real time")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::DO_READINGS_PANIC;
use crate::load::Location;
use crate::reload::Settings;
use crate::reload::follower::Follower;
use crate::reload::followers::{Followers, WatchEvent};
use crate::reload::fs_events::FsEvents;

fn settings() -> Settings {
    let brief = Duration::from_millis(20);
    Settings { settle: brief, interval: brief * 2, ..Settings::default() }
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inbox.toml"), "[users.alice]\n").unwrap();
    folder
}

fn save(folder: &Path, text: &str) {
    fs::write(folder.join("+15550100.rules"), text).unwrap();
}

/// The next event, which is about a folder.
fn next(followers: &mut Followers) -> WatchEvent {
    let end = Instant::now() + Duration::from_secs(60);
    followers.next(Some(end))
}

#[test]
fn several_folders_are_followed_by_their_numbers() {
    let folders = [folder(), folder(), folder()];
    let mut followers = Followers::new();
    for (id, folder) in folders.iter().enumerate() {
        followers.insert(id, Follower::new(folder.path(), &settings()));
        assert!(matches!(next(&mut followers), WatchEvent::Changed(changed) if changed == id));
    }
    for id in [2, 0, 1] {
        save(folders[id].path(), "otherwise: assign nobody\n");
        assert!(matches!(next(&mut followers), WatchEvent::Changed(changed) if changed == id));
    }
    followers.remove(0);
    save(folders[0].path(), "# another\n");
    save(folders[1].path(), "# another\n");
    assert!(matches!(next(&mut followers), WatchEvent::Changed(1)));
}

#[test]
fn events_arrive() {
    let folder = folder();
    let (sender, paths) = mpsc::channel();
    let send = move |paths: Vec<PathBuf>| paths.into_iter().for_each(|path| drop(sender.send(path)));
    let mut events = FsEvents::new(send).unwrap();
    events.watch_only(0, [folder.path()].into_iter());
    save(folder.path(), "# saved\n");
    let path = paths.recv_timeout(Duration::from_secs(60)).unwrap();
    assert!(path.ends_with("+15550100.rules"));
}

#[test]
fn the_parent_is_watched_only_while_it_may_tell_what_the_folder_cannot() {
    let folder = folder();
    let parent = folder.path().parent().unwrap();
    let watches_parent = |follower: &Follower| follower.folders().any(|watched| watched == parent);
    let mut follower = Follower::new(folder.path(), &settings());
    follower.wait();
    assert!(!watches_parent(&follower));

    let moved = folder.path().with_extension("moved");
    fs::rename(folder.path(), &moved).unwrap();
    follower.search();
    follower.read(Instant::now(), Instant::now());
    assert!(watches_parent(&follower), "another folder may take its place");
    fs::rename(&moved, folder.path()).unwrap();

    let link = folder.path().with_extension("link");
    std::os::unix::fs::symlink(folder.path(), &link).unwrap();
    let mut follower = Follower::new(&link, &settings());
    follower.wait();
    assert!(watches_parent(&follower), "the link may be replaced");
    fs::remove_file(link).unwrap();
}

#[test]
fn a_reading_that_panics_is_told_and_the_next_is_as_good_as_ever() {
    let folder = folder();
    let mut followers = Followers::new();
    followers.insert(0, Follower::new(folder.path(), &settings()));
    assert!(matches!(next(&mut followers), WatchEvent::Changed(0)));
    DO_READINGS_PANIC.set(true);
    save(folder.path(), "otherwise: assign nobody\n");
    assert!(
        matches!(next(&mut followers), WatchEvent::Panicked(0, message) if message == "on purpose, in a test")
    );
    DO_READINGS_PANIC.set(false);
    assert!(matches!(next(&mut followers), WatchEvent::Changed(0)));
    assert_eq!(followers.get(0).unwrap().state().snapshot.folder.files.names().count(), 1);
}

/// An event of an unknown file tells that any link may have changed its target, and every log line is one.
#[test]
fn events_without_a_known_file_do_not_cause_a_search_each() {
    let folder = folder();
    fs::write(folder.path().join("target.txt"), "otherwise: assign nobody\n").unwrap();
    for number in 0..500 {
        let link = folder.path().join(format!("+1555{number:07}.rules"));
        std::os::unix::fs::symlink("target.txt", link).unwrap();
    }
    let mut follower = Follower::new(folder.path(), &settings());
    follower.wait();
    let quiet = Instant::now() + Duration::from_secs(3600);
    let mut searches = 0;
    let end = Instant::now() + Duration::from_secs(3);
    while Instant::now() < end {
        follower.record_events(&[folder.path().join("log.txt")]);
        let now = Instant::now();
        if follower.due(quiet) <= now {
            follower.read(now, quiet);
            searches += 1;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    // 3,000 events; a search of 500 links takes a millisecond or more.
    assert!((1..300).contains(&searches), "{searches}");
}

#[test]
fn a_relative_path_is_that_of_the_working_directory_at_first() {
    let location = Location::absolute("rules".as_ref());
    assert!(location.path.is_absolute() && location.path.ends_with("rules"));
    assert_eq!(location.shown, Path::new("rules"));
}
