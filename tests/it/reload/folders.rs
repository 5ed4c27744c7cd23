//! Folders that disappear and come back, and links.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use inbox_rules::diagnostic::Code;
use inbox_rules::reload::{Refusal, ReloadError, Reloader};

use super::watched_folder::{INBOX, WatchedFolder, policy};

const FILE: &str = "+15550100.rules";

fn write_folder(folder: &Path, mark: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("inbox.toml"), INBOX).unwrap();
    fs::write(folder.join(FILE), policy(mark)).unwrap();
}

#[test]
fn removed_and_put_back() {
    let live = WatchedFolder::started();
    fs::rename(live.root(), live.beside("away")).unwrap();
    assert!(matches!(live.keeps(1), Refusal::Unreadable(_)));
    assert_eq!(live.marks()[0], "one");
    fs::rename(live.beside("away"), live.root()).unwrap();
    live.until("it is back", |live| live.reloader().outcome().is_accepted());
    assert_eq!(live.reloader().generation(), 1);
    live.write(FILE, policy("two"));
    live.becomes("two");
}

#[test]
fn replaced_by_another() {
    let live = WatchedFolder::started();
    for (mark, old) in [("two", "old-1"), ("three", "old-2")] {
        write_folder(&live.beside("next"), mark);
        fs::rename(live.root(), live.beside(old)).unwrap();
        fs::rename(live.beside("next"), live.root()).unwrap();
        live.becomes(mark);
        // The new folder is watched: a change in the old one has no effect.
        fs::write(live.beside(old).join(FILE), policy("old")).unwrap();
        live.write(FILE, policy(&format!("{mark}, saved")));
        live.becomes(&format!("{mark}, saved"));
    }
}

#[test]
fn deleted_and_made_again() {
    let live = WatchedFolder::started();
    fs::remove_dir_all(live.root()).unwrap();
    live.keeps(1);
    write_folder(&live.root(), "two");
    live.becomes("two");
    live.write(FILE, policy("three"));
    live.becomes("three");
}

#[test]
fn missing_at_the_start() {
    let mut live = WatchedFolder::new();
    fs::remove_dir_all(live.root()).unwrap();
    let error = Reloader::watch(live.root(), |_| {}).unwrap_err();
    assert!(matches!(error, ReloadError::Refused { .. }));
    assert!(error.to_string().starts_with("there is no file or folder `"), "{error}");

    live.settings.begin_empty = true;
    live.start();
    assert_eq!((live.marks(), live.reloader().generation()), (["-", "-", "-"].map(str::to_owned), 0));
    write_folder(&live.root(), "one");
    live.becomes("one");
    assert_eq!(live.reloader().generation(), 1);
}

#[test]
fn emptied() {
    let live = WatchedFolder::started();
    fs::remove_file(live.at(FILE)).unwrap();
    assert!(matches!(live.keeps(1), Refusal::Empty));
    fs::remove_file(live.at("inbox.toml")).unwrap();
    live.keeps(2);
    assert_eq!(live.marks()[0], "one");
    write_folder(&live.root(), "two");
    live.becomes("two");
}

#[test]
fn emptied_if_allowed() {
    let mut live = WatchedFolder::new();
    live.write(FILE, policy("one"));
    live.settings.allow_empty = true;
    live.start();
    fs::remove_file(live.at(FILE)).unwrap();
    live.becomes("-");
    fs::remove_file(live.at("inbox.toml")).unwrap();
    live.until("the empty folder is current", |live| live.reloader().current().inbox().users.is_empty());
}

/// As Kubernetes mounts a `ConfigMap`: each file is a link into `..data`, which is a link that is replaced.
#[test]
fn a_config_map_that_is_switched_many_times() {
    let mut live = WatchedFolder::new();
    let release = |live: &WatchedFolder, name: &str, mark: &str| {
        write_folder(&live.at(name), mark);
        symlink(name, live.at("..data_tmp")).unwrap();
        fs::rename(live.at("..data_tmp"), live.at("..data")).unwrap();
    };
    fs::remove_file(live.at("inbox.toml")).unwrap();
    release(&live, "..2026_01", "one");
    for name in ["inbox.toml", FILE] {
        symlink(format!("..data/{name}"), live.at(name)).unwrap();
    }
    live.start();
    live.becomes("one");
    for version in 2..12 {
        let before = live.at(&format!("..2026_{:02}", version - 1));
        release(&live, &format!("..2026_{version:02}"), &version.to_string());
        fs::remove_dir_all(before).unwrap();
        live.becomes(&version.to_string());
    }
    assert_eq!(live.reloader().generation(), 11);
    assert_eq!(live.count(), 11, "there are no outcomes in between: {:#?}", live.outcomes());
}

#[test]
fn a_release_link_that_is_moved() {
    let mut live = WatchedFolder::new();
    fs::remove_dir_all(live.root()).unwrap();
    for (release, mark) in [("release-1", "one"), ("release-2", "two"), ("release-3", "three")] {
        write_folder(&live.beside(release), mark);
    }
    let point = |live: &WatchedFolder, release: &str| {
        symlink(release, live.beside("next")).unwrap();
        fs::rename(live.beside("next"), live.root()).unwrap();
    };
    point(&live, "release-1");
    live.start();
    live.becomes("one");
    for (release, mark) in [("release-2", "two"), ("release-3", "three")] {
        point(&live, release);
        live.becomes(mark);
    }
    live.write(FILE, policy("three, saved"));
    live.becomes("three, saved");
}

#[test]
fn a_link_above_the_folder_that_is_moved() {
    let live = WatchedFolder::new();
    for (release, mark) in [("release-1", "one"), ("release-2", "two")] {
        write_folder(&live.beside(release).join("rules"), mark);
    }
    symlink("release-1", live.beside("current")).unwrap();
    let reloader = Reloader::watch(live.beside("current/rules"), |_| {}).unwrap();
    fs::remove_file(live.beside("current")).unwrap();
    symlink("release-2", live.beside("current")).unwrap();
    wait_for_mark(&reloader, "two");
}

/// Waits until the policy of the first number has this mark.
#[track_caller]
fn wait_for_mark(reloader: &Reloader, mark: &str) {
    for _ in 0..2000 {
        if super::watched_folder::mark(&reloader.current(), "+15550100") == mark {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("`{mark}` never became current");
}

#[test]
fn a_folder_within() {
    let live = WatchedFolder::started();
    fs::create_dir_all(live.at("shared/more")).unwrap();
    live.write("shared/more/words.rules", "let vip = customer has tag \"vip\"\n");
    live.write(
        FILE,
        format!(
            "use \"shared/more/words.rules\"\nrule \"vip\"\nwhen not vip: assign nobody, tag \"two\"\n{}",
            policy("rest")
        ),
    );
    live.becomes("two");
    live.write("shared/more/words.rules", "let vip = not customer has tag \"vip\"\n");
    live.becomes("rest");
    fs::rename(live.at("shared"), live.at("moved")).unwrap();
    live.keeps(3);
    assert_eq!(live.marks()[0], "rest");
    fs::rename(live.at("moved"), live.at("shared")).unwrap();
    live.until("it is back", |live| live.reloader().outcome().is_accepted());
}

#[test]
fn links_that_lead_outside_nowhere_or_in_a_cycle() {
    let live = WatchedFolder::started();
    fs::write(live.beside("outside.rules"), policy("outside")).unwrap();
    for (outcomes, target) in
        [(1, live.beside("nothing")), (2, live.beside("outside.rules")), (3, live.at("default.rules"))]
    {
        let _ = fs::remove_file(live.at("default.rules"));
        symlink(target, live.at("default.rules")).unwrap();
        live.until("the outcome is reported", |live| live.count() > outcomes);
        assert!(matches!(live.reloader().outcome().refusal(), Some(Refusal::Faults(_))));
        assert_eq!(live.reloader().outcome().findings.iter().next().unwrap().code, Code::PathOutside);
        assert_eq!(live.marks().map(|mark| mark), ["one", "-", "-"].map(str::to_owned));
    }
    fs::remove_file(live.at("default.rules")).unwrap();
    live.write("default.rules", policy("others"));
    live.until("it is sound", |live| live.marks()[2] == "others");
}

#[test]
fn a_policy_of_any_name_that_a_number_names() {
    let inbox = |file: &str| format!("{INBOX}[numbers.\"+15550101\"]\nrules = \"{file}\"\n");
    let live = WatchedFolder::started();
    live.write("inbox.toml", inbox("store.txt"));
    live.keeps(1);
    live.write("store.txt", policy("two"));
    live.until("the named file is read", |live| live.marks()[1] == "two");
    live.write("store.txt", policy("three"));
    live.until("the named file is followed", |live| live.marks()[1] == "three");
    live.write("inbox.toml", inbox("+15550100.rules"));
    live.until("the number names another file", |live| live.marks()[1] == "one");
}
