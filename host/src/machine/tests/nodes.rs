//! Two nodes on one store.

use std::sync::Arc;

use inbox_rules::Release;

use super::test_host::{INBOX, TestHost, release};
use crate::machine::{Answer, Item, Refused};
use crate::store::{OutboxState, Page, StoreReader};
use crate::whatsapp::SendOutcome;

const IN_TURN: &str = "otherwise: assign group \"Sales\" by in_order";

#[test]
fn turns_go_on_from_node_to_node() {
    let mut host = TestHost::new(IN_TURN);
    let mut held = Vec::new();
    for n in 0..6 {
        let routed = host.write(&format!("A{n}"), &[&format!("20100000000{n}")], "hi");
        held.push(host.holder(&routed));
        host.switch(IN_TURN);
    }
    assert_eq!(held.join(" "), "alice bob alice bob alice bob");
}

#[test]
fn rules_that_one_node_brings_decide_at_the_other_from_its_next_batch_on() {
    let mut host = TestHost::new(IN_TURN);
    host.write("A1", &["201000000001"], "hi");
    host.switch(IN_TURN);
    host.write("A2", &["201000000002"], "hi");
    let others = release(INBOX, "otherwise: assign user \"alice\", reply \"New.\"");
    host.submit(Item::Rules { release: others.clone(), by: "crm".to_owned() });
    assert_eq!(host.followed, []);

    host.switch(IN_TURN);
    let routed = host.write("A3", &["201000000003"], "hi");
    assert_eq!(routed.replies.len(), 1);
    let [(digest, by)] = &host.followed[..] else { panic!("{:?}", host.followed) };
    assert_eq!((&**digest, &**by), (&*others.digest, "crm"));
}

/// Rules that wait are known to all nodes. Others that are brought in their place, or the active ones once more, take them
/// back; and they never wait beside rules that they were not compared with.
#[test]
fn rules_that_wait_are_accepted_at_another_node() {
    let mut host = TestHost::new(IN_TURN);
    let active = release(INBOX, IN_TURN);
    let [new, newer] =
        ["alice", "bob"].map(|user| release(INBOX, &format!("otherwise: assign user \"{user}\"")));
    let waits = |base: &Release, new: &Release| Item::WaitingRules {
        base: base.digest.clone(),
        digest: new.digest.clone(),
        folder: Box::new(new.folder.clone()),
        differences: 3,
        by: "crm".to_owned(),
    };
    let edited = |base: &Release, new: &Arc<Release>| Item::EditedRules {
        base: base.digest.clone(),
        release: Arc::clone(new),
        by: "boss".to_owned(),
    };
    let waiting =
        |host: &TestHost| host.reader().inbox("main").unwrap().waiting.map(|row| row.digest.to_string());
    assert!(matches!(host.submit(waits(&active, &new)), Answer::Done));
    host.switch(IN_TURN);
    let row = host.reader().inbox("main").unwrap();
    assert_eq!((row.rules.as_deref(), row.waiting.unwrap().differences), (Some(&*active.digest), 3));
    let set = host.reader().rule_set("main", &new.digest).unwrap().unwrap();
    assert_eq!((set.by.as_str(), set.files["default.rules"].contains("alice")), ("crm", true));
    // The active ones once more, and others that wait.
    for (item, expected) in [
        (edited(&active, &active), None),
        (waits(&active, &new), Some(&new.digest)),
        (waits(&active, &newer), Some(&newer.digest)),
    ] {
        host.submit(item);
        assert_eq!(waiting(&host).as_ref(), expected);
    }
    assert!(matches!(host.submit(edited(&active, &newer)), Answer::Done));
    assert_eq!(waiting(&host), None);
    host.switch(IN_TURN);
    let refused = host.submit(waits(&active, &new));
    assert!(matches!(refused, Answer::Refused(Refused::RulesChanged)), "{refused:?}");
    let sets = host.reader().rule_sets("main", Page { after: 0, limit: 9 }).unwrap();
    let sets: Vec<_> = sets.iter().map(|head| (&*head.digest, head.by.as_str())).collect();
    assert_eq!(sets, [(&*newer.digest, "boss"), (&*active.digest, "folder")]);
}

#[test]
fn a_new_inbox_has_the_rules_of_the_first_node() {
    let mut host = TestHost::new("otherwise: assign user \"alice\"");
    let first = host.write("A1", &["201000000001"], "hi");
    host.switch("otherwise: assign user \"bob\"");
    let second = host.write("A2", &["201000000002"], "hi");
    assert_eq!((host.holder(&first), host.holder(&second)), ("alice".to_owned(), "alice".to_owned()));
}

/// Nodes whose folders differ do not take the rules from one another: the one that has changed last decides.
#[test]
fn rules_that_are_active_already_are_not_brought_again() {
    let (mine, theirs) = ("otherwise: assign user \"alice\"", "otherwise: assign user \"bob\"");
    let mut host = TestHost::new(mine);
    host.write("A1", &["201000000001"], "hi");
    host.switch(theirs);
    let brings = |rules| Item::Rules { release: release(INBOX, rules), by: "folder".to_owned() };
    host.submit(brings(theirs));
    let seq = host.reader().inbox("main").unwrap().seq;
    for _ in 0..4 {
        host.switch(mine);
        host.wait(1);
    }
    host.submit(brings(theirs));
    let row = host.reader().inbox("main").unwrap();
    assert_eq!((row.rules.as_deref(), row.seq), (Some(&*release(INBOX, theirs).digest), seq));
}

#[test]
fn what_comes_of_a_lease_that_is_over_counts_only_if_the_reply_was_sent() {
    let rules = "otherwise: assign user \"bob\", reply \"One.\"";
    let mut host = TestHost::new(rules);
    host.write("A1", &["201000000001"], "hi");
    let stopped = host.sending.remove(0);
    host.switch(rules);
    host.wait(61);
    assert_eq!(host.states(), [OutboxState::Unknown]);
    host.wait(121);
    assert_eq!((host.sending.len(), host.states()), (1, vec![OutboxState::Sending]));

    // The node goes on that had it first.
    let item = |outcome| Item::Sent { id: stopped.id, lease: stopped.lease, outcome };
    assert!(matches!(host.submit(item(SendOutcome::NOT_SENT)), Answer::Done));
    assert!(matches!(host.submit(item(SendOutcome::Unknown)), Answer::Done));
    assert_eq!(host.states(), [OutboxState::Sending]);
    host.submit(item(SendOutcome::Sent { wamid: "w1".to_owned(), user_id: None }));
    assert_eq!(host.states(), [OutboxState::Sent]);
}

#[test]
fn rules_that_were_edited_from_others_do_not_take_back_those_of_another_node() {
    let mut host = TestHost::new(IN_TURN);
    host.write("A1", &["201000000001"], "hi");
    let edited = |base: &str, to: &str| Item::EditedRules {
        base: release(INBOX, base).digest.clone(),
        release: release(INBOX, to),
        by: "crm".to_owned(),
    };
    let (theirs, mine) = ("otherwise: assign user \"alice\"", "otherwise: assign user \"bob\"");
    assert!(matches!(host.submit(edited(IN_TURN, theirs)), Answer::Done));
    host.switch(IN_TURN);
    assert!(matches!(host.submit(edited(IN_TURN, mine)), Answer::Refused(Refused::RulesChanged)));
    let row = host.reader().inbox("main").unwrap();
    assert_eq!(row.rules.as_deref(), Some(&*release(INBOX, theirs).digest));
    assert!(matches!(host.submit(edited(theirs, mine)), Answer::Done));
}
