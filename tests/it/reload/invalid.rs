//! Files that cannot be read, or that are not rules.

use std::fs;

use inbox_rules::diagnostic::Code;
use inbox_rules::reload::Refusal;

use super::watched_folder::{WatchedFolder, policy};

const FILE: &str = "+15550100.rules";

/// Saves `bytes`, checks that they are refused with a finding of this code, and then saves a valid policy.
#[track_caller]
fn refused(bytes: impl AsRef<[u8]>, code: Code) {
    let live = WatchedFolder::started();
    live.write(FILE, bytes);
    assert!(matches!(live.keeps(1), Refusal::Faults(_)));
    assert_eq!(live.reloader().outcome().findings.iter().next().unwrap().code, code);
    assert_eq!(live.marks()[0], "one");
    live.write(FILE, policy("two"));
    live.becomes("two");
}

#[test]
fn not_text() {
    refused(b"rule \"\xFF\xFE\"\notherwise: assign nobody\n", Code::Syntax);
}

#[test]
fn a_hundred_megabytes() {
    refused(vec![b'#'; 100 * 1024 * 1024], Code::Syntax);
}

#[test]
fn deep_nesting() {
    refused(
        format!("when {}new_customer{}: assign nobody\n", "(".repeat(100_000), ")".repeat(100_000)),
        Code::Syntax,
    );
}

#[test]
fn a_folder_with_the_name_of_a_file() {
    let live = WatchedFolder::started();
    fs::create_dir(live.at("x.rules")).unwrap();
    live.until("it is told", |live| live.count() == 2);
    let told = live.reloader().outcome();
    assert!(told.is_accepted());
    let messages: Vec<&str> = told.findings.iter().map(|finding| &*finding.message).collect();
    assert_eq!(messages, ["this is a folder, and is not read as a rule file"]);
    std::os::unix::fs::symlink(live.at("x.rules"), live.at("y.rules")).unwrap();
    live.until("the link is told as well", |live| live.count() == 3);
    assert_eq!(live.reloader().outcome().findings.iter().count(), 2);
    live.write(FILE, policy("two"));
    live.becomes("two");
    fs::remove_dir(live.at("x.rules")).unwrap();
    fs::remove_file(live.at("y.rules")).unwrap();
    live.write("x.rules", "let vip = customer has tag \"vip\"\n");
    live.until("it is read", |live| live.reloader().release().folder.files.contains("x.rules"));
}

#[test]
fn a_cycle_of_uses_that_comes_and_goes() {
    let live = WatchedFolder::started();
    let with_use = |name: &str, mark: &str| format!("use \"{name}\"\n{}", policy(mark));
    live.write("a.rules", "use \"b.rules\"\n");
    live.write("b.rules", "let vip = new_customer\n");
    live.write(FILE, with_use("a.rules", "two"));
    live.becomes("two");
    live.write("b.rules", "use \"a.rules\"\n");
    assert!(matches!(live.keeps(2), Refusal::Faults(_)));
    assert_eq!(live.reloader().outcome().findings.iter().next().unwrap().code, Code::UseCycle);
    live.write("b.rules", "let vip = new_customer\n");
    live.until("the cycle has been removed", |live| live.reloader().outcome().is_accepted());
    live.write(FILE, policy("three"));
    live.becomes("three");
}

#[test]
fn errors_that_are_not_faults() {
    let with_empty_test = format!("{}test \"empty\":\n    given customer new\n", policy("two"));
    let live = WatchedFolder::started();
    live.write(FILE, &with_empty_test);
    assert!(matches!(live.keeps(1), Refusal::Errors(_)));
    assert_eq!(live.marks()[0], "one");

    let mut live = WatchedFolder::new();
    live.settings.allow_errors = true;
    live.write(FILE, with_empty_test);
    live.start();
    live.becomes("two");
    assert_eq!(live.reloader().outcome().findings.iter().next().unwrap().code, Code::EmptyTest);
}

#[test]
fn an_inbox_that_breaks() {
    let live = WatchedFolder::started();
    let inbox = fs::read(live.at("inbox.toml")).unwrap();
    live.write("inbox.toml", "[users.alice\n");
    assert!(matches!(live.keeps(1), Refusal::Faults(_)));
    fs::remove_file(live.at("inbox.toml")).unwrap();
    assert!(matches!(live.keeps(2), Refusal::Unreadable(_)));
    live.write("inbox.toml", inbox);
    live.until("it is back", |live| live.reloader().outcome().is_accepted());
    assert_eq!(live.reloader().generation(), 1);
}
