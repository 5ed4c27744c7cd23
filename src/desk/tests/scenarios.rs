//! One chat after another, as a person would read the log.

use insta::assert_snapshot;
use jiff::SignedDuration;

use super::store::Store;
use crate::desk::{ChatCause, DeskError, DeskEvent, DeskSettings, ReplyState, TransferTarget};
use crate::language::vocabulary::{Algorithm, Presence};
use crate::load::RuleSet;
use crate::testing::folder;

const INBOX: &str = "[users.alice]\ncapacity = 1\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n";
const NUMBER: &str = "+15550100";

fn store(rules: &[&str]) -> Store {
    let set = |rules: &&str| {
        RuleSet::from_folder(&folder(&[("inbox.toml", INBOX), ("+15550100.rules", rules)])).unwrap()
    };
    Store::new(rules.iter().map(set).collect(), DeskSettings::default())
}

fn key(customer: &str) -> super::store::ChatKey {
    (customer.into(), NUMBER.into())
}

const AVAILABLE: &str = "rule \"all\" otherwise: assign group \"Sales\" by least_chats among available for 5m\n    \
    else group \"Sales\" by least_chats among available, reply \"One moment.\" once per 1h\n";

#[test]
fn a_chat_waits_is_given_times_out_and_is_closed() {
    let mut store = store(&[AVAILABLE]);
    store.message("c1", NUMBER, "hello").unwrap();
    store.presence("alice", Presence::Online);
    store.pass(SignedDuration::from_mins(6));
    store.presence("bob", Presence::Online);
    store.message("c2", NUMBER, "hello").unwrap();
    store.handle(DeskEvent::Close(ChatCause::Api), Some(&key("c1"))).unwrap();
    store.pass(SignedDuration::from_hours(13));
    store.verify();
    assert_snapshot!(store.lines(0), @r"
    1 message, chat 1, all
    2 chat 1 waits in Sales: decision
    3 alice is online
    4 chat 1 to alice: queue
    5 chat 1 waits in Sales: timeout
    6 chat 1 to alice: queue
    7 bob is online
    8 message, chat 8, all
    9 chat 8 to bob: decision
    10 chat 1 closed: api
    11 chat 8 to alice: timeout
    12 chat 8 closed: idle
    ");
}

#[test]
fn an_answer_ends_the_timer() {
    let mut store = store(&[AVAILABLE]);
    store.presence("alice", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    store.handle(DeskEvent::Answered(Some("alice".into())), Some(&key("c1"))).unwrap();
    store.pass(SignedDuration::from_mins(30));
    assert_snapshot!(store.lines(0), @r"
    1 alice is online
    2 message, chat 2, all
    3 chat 2 to alice: decision
    4 chat 2 answered by alice
    ");
}

#[test]
fn the_first_user_becomes_the_owner() {
    let mut store = store(&[AVAILABLE]);
    store.message("c1", NUMBER, "hello").unwrap();
    assert_eq!(store.customers["c1"].customer.owner, None);
    store.handle(DeskEvent::Take("bob".into()), Some(&key("c1"))).unwrap();
    assert_eq!(store.customers["c1"].customer.owner.as_deref(), Some("bob"));
    let target = TransferTarget::User("alice".into());
    store.handle(DeskEvent::Transfer(target), Some(&key("c1"))).unwrap();
    assert_eq!(store.customers["c1"].customer.owner.as_deref(), Some("bob"));
    store.verify();
}

#[test]
fn a_chat_that_somebody_has_cannot_be_taken() {
    let mut store = store(&[AVAILABLE]);
    store.message("c1", NUMBER, "hello").unwrap();
    store.handle(DeskEvent::Take("bob".into()), Some(&key("c1"))).unwrap();
    let refused = store.handle(DeskEvent::Take("alice".into()), Some(&key("c1"))).unwrap_err();
    assert_eq!(refused, DeskError::ChatTaken("bob".into()));
    assert_eq!(refused.to_string(), "`bob` already has the chat");
    let again = store.handle(DeskEvent::Take("bob".into()), Some(&key("c1"))).unwrap();
    assert!(again.records.is_empty());
}

#[test]
fn a_reply_with_once_per_is_not_repeated() {
    let mut store = store(&[AVAILABLE]);
    let replies = |store: &mut Store| {
        let effects = store.message("c1", NUMBER, "hello").unwrap();
        store.handle(DeskEvent::Close(ChatCause::Api), Some(&key("c1"))).unwrap();
        effects.replies.iter().map(|reply| reply.state).collect::<Vec<_>>()
    };
    assert_eq!(replies(&mut store), [ReplyState::Waiting]);
    assert_eq!(replies(&mut store), [ReplyState::Suppressed]);
    store.pass(SignedDuration::from_hours(1));
    assert_eq!(replies(&mut store), [ReplyState::Waiting]);
}

#[test]
fn a_chat_in_a_queue_by_hand_waits_for_a_person() {
    let mut store = store(&[AVAILABLE]);
    store.presence("bob", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    let target = TransferTarget::Group { group: "Sales".into(), by: Algorithm::Hand };
    store.handle(DeskEvent::Transfer(target), Some(&key("c1"))).unwrap();
    store.presence("alice", Presence::Online);
    assert_eq!(store.chat("c1", NUMBER).unwrap().user(), None);
    store.handle(DeskEvent::Take("alice".into()), Some(&key("c1"))).unwrap();
    store.verify();
    assert_snapshot!(store.lines(1), @r"
    2 message, chat 2, all
    3 chat 2 to bob: decision
    4 chat 2 waits in Sales: transferred
    5 alice is online
    6 chat 2 to alice: taken
    ");
}

#[test]
fn rules_that_change_decide_afresh_what_waits() {
    let owner = "rule \"new\" otherwise: assign user \"bob\"";
    let mut store = store(&[AVAILABLE, owner]);
    store.message("c1", NUMBER, "hello").unwrap();
    store.handle(DeskEvent::Rules { digest: "sha256:1".into() }, None).unwrap();
    store.verify();
    assert_snapshot!(store.lines(0), @r"
    1 message, chat 1, all
    2 chat 1 waits in Sales: decision
    3 rules changed
    4 chat 1 to bob: afresh
    ");
}

#[test]
fn a_presence_ends_unless_it_is_renewed() {
    let mut store = store(&[AVAILABLE]);
    let lend = |store: &mut Store| {
        let until = Some(store.now + SignedDuration::from_secs(90));
        let event = DeskEvent::Presence { user: "bob".into(), presence: Presence::Online, until };
        store.handle(event, None).unwrap();
    };
    lend(&mut store);
    store.pass(SignedDuration::from_secs(60));
    lend(&mut store);
    store.pass(SignedDuration::from_secs(60));
    assert_eq!(store.desk.roster().now("bob").unwrap().presence, Presence::Online);
    store.pass(SignedDuration::from_secs(60));
    assert_eq!(store.desk.roster().now("bob").unwrap().presence, Presence::Offline);
    store.verify();
}
