//! Other rules take over.

use super::test_host::{INBOX, TestHost, release};
use crate::machine::{Answer, ChatAction, Item};
use crate::store::StoreReader;

#[test]
fn chats_of_users_who_have_gone_are_decided_afresh() {
    let rules = "otherwise: assign group \"Sales\" by in_order";
    let mut host = TestHost::new(rules);
    let (one, two) = (host.write("A1", &["201001234567"], "hi"), host.write("A2", &["201009999999"], "hi"));
    assert_eq!((host.holder(&one), host.holder(&two)), ("alice".to_owned(), "bob".to_owned()));
    let inbox = INBOX.replace("[users.alice]\n", "").replace("\"alice\", ", "");
    let release = release(&inbox, rules);
    let digest = release.digest.clone();
    assert!(matches!(host.submit(Item::Rules { release, by: "folder".to_owned() }), Answer::Done));
    assert_eq!((host.holder(&one), host.holder(&two)), ("bob".to_owned(), "bob".to_owned()));
    assert_eq!(host.reader().inbox("main").unwrap().rules.as_deref(), Some(&*digest));
    assert_eq!(host.reader().customer("main", &one.customer).unwrap().unwrap().owner.as_deref(), Some("bob"));
    assert!(host.reader().rule_set("main", &digest).unwrap().unwrap().files.contains_key("inbox.toml"));
}

#[test]
fn a_change_while_the_program_was_down_is_made_up_for() {
    let rules = "otherwise: assign group \"Sales\" by in_order";
    let mut host = TestHost::new(rules);
    let one = host.write("A1", &["201001234567"], "hi");
    let inbox = INBOX.replace("[users.alice]\n", "").replace("\"alice\", ", "");
    host.restart(&inbox, rules);
    // It needs no message, and is tried again until the store is there.
    host.fail();
    assert_eq!(host.holder(&one), "alice");
    host.wait(1);
    assert_eq!(host.holder(&one), "bob");
}

#[test]
fn an_owner_who_comes_back_owns_whom_they_owned() {
    let rules = "otherwise: assign owner among online else group \"Sales\" by in_order among online";
    let mut host = TestHost::new(rules);
    host.set_presence("alice", "online", None);
    let one = host.write("A1", &["201001234567"], "hi");
    let owner = |host: &TestHost| host.reader().customer("main", &one.customer).unwrap().unwrap().owner;
    assert_eq!(owner(&host).as_deref(), Some("alice"));
    host.act(&one, ChatAction::Close);
    host.set_presence("alice", "offline", None);

    let without = INBOX.replace("[users.alice]\n", "").replace("\"alice\", ", "");
    let by = || "folder".to_owned();
    host.submit(Item::Rules { release: release(&without, rules), by: by() });
    let two = host.write("A2", &["201001234567"], "hi");
    host.submit(Item::Rules { release: release(INBOX, rules), by: by() });
    host.set_presence("bob", "online", None);
    assert_eq!(host.holder(&two), "bob");
    assert_eq!(owner(&host).as_deref(), Some("alice"));
}

#[test]
fn a_group_with_another_name_keeps_its_queue() {
    let rules = "otherwise: assign group \"Sales\" by in_order among online";
    let mut host = TestHost::new(rules);
    let one = host.write("A1", &["201001234567"], "hi");
    let renamed = |text: &str| text.replace("Sales", "Shop");
    host.submit(Item::Rules { release: release(&renamed(INBOX), &renamed(rules)), by: "folder".to_owned() });
    assert_eq!(host.chat(&one).chat.group().map(|group| &**group), Some("Shop"));
    host.set_presence("bob", "online", None);
    assert_eq!(host.holder(&one), "bob");
}

#[test]
fn the_first_rules_are_those_of_whoever_brings_them() {
    let rules = "otherwise: assign nobody";
    for (by, items) in [
        ("crm", vec![Item::Rules { release: release(INBOX, rules), by: "crm".to_owned() }]),
        ("folder", vec![]),
    ] {
        let mut host = TestHost::new(rules);
        host.submit_all(items.into_iter().chain([Item::Timers]));
        let digest = release(INBOX, rules).digest.clone();
        assert_eq!(host.reader().rule_set("main", &digest).unwrap().unwrap().by, by);
    }
}
