//! What is no file, is empty, or leads elsewhere: it is told, holds nothing up, and is forgotten once it is gone.

use std::fs;
use std::os::unix::fs::symlink;
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::watched_folder::{INBOX, WatchedFolder, policy};

const FILE: &str = "+15550100.rules";

/// Replaces the file of that name by what `make` makes at a path, and returns what is told.
fn replaced(name: &str, make: impl FnOnce(&Path)) -> String {
    let mut live = WatchedFolder::new();
    live.settings.faults_alone = true;
    live.write(FILE, policy("one"));
    live.start();
    let (path, next) = (live.at(name), live.beside("next"));
    make(&next);
    if next.is_dir() {
        fs::remove_file(&path).unwrap();
    }
    fs::rename(&next, &path).unwrap();
    let told = live.keeps(1).to_string();
    let _ = fs::remove_file(&path);
    let _ = fs::remove_dir(&path);
    live.write("inbox.toml", INBOX);
    live.write(FILE, policy("two"));
    live.becomes("two");
    told.split_once("rules/").map_or(told.clone(), |(_, told)| told.to_owned())
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn in_the_place_of_a_policy() {
    let unreadable = "+15550100.rules:1: unknown-file: this file cannot be read: it is not a file";
    assert_eq!(replaced(FILE, pipe), unreadable);
    assert_eq!(replaced(FILE, |path| drop(UnixListener::bind(path).unwrap())), unreadable);
    assert_eq!(
        replaced(FILE, |path| symlink("/dev/zero", path).unwrap()),
        "+15550100.rules:1: path-outside: this link leads outside the folder"
    );
    assert_eq!(
        replaced(FILE, |path| fs::write(path, "").unwrap()),
        "1 of 1 rules of `+15550100.rules` are gone; is the file whole?"
    );
}

#[test]
fn in_the_place_of_the_inbox() {
    let unreadable = "inbox.toml:1: unknown-file: this file cannot be read: it is not a file";
    assert_eq!(replaced("inbox.toml", pipe), unreadable);
    assert_eq!(replaced("inbox.toml", |path| fs::create_dir(path).unwrap()), unreadable);
    assert_eq!(
        replaced("inbox.toml", |path| symlink("/dev/zero", path).unwrap()),
        "inbox.toml:1: path-outside: this link leads outside the folder"
    );
    assert_eq!(
        replaced("inbox.toml", |path| fs::write(path, "").unwrap()),
        "`inbox.toml` has lost all its users; is it whole?"
    );
}
