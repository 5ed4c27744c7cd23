//! Chats that rules, people or stores leave in an unusual place.

use jiff::SignedDuration;

use super::store::{ChatKey, Store};
use crate::desk::{ChatCause, Desk, DeskError, DeskEvent, DeskSettings, Facts, ReplyState, TransferTarget};
use crate::language::vocabulary::{Algorithm, Presence};
use crate::load::RuleSet;
use crate::situation::Message;
use crate::testing::folder;

const INBOX: &str = "[users.alice]\ncapacity = 1\n[users.bob]\ncapacity = 1\n[groups]\nSales = [\"alice\", \"bob\"]\nSupport = [\"bob\"]\n";
const NUMBER: &str = "+15550100";
const OTHER_NUMBER: &str = "+15550101";
const AVAILABLE: &str = "otherwise: assign group \"Sales\" by least_chats among available for 5m\n    \
    else group \"Sales\" by least_chats among available\n";

/// The set of an inbox whose numbers have these rules.
fn set(inbox: &str, rules: &[(&str, &str)]) -> RuleSet {
    let names: Vec<_> = rules.iter().map(|(number, _)| format!("{number}.rules")).collect();
    let rules = names.iter().zip(rules).map(|(name, (_, text))| (name.as_str(), *text));
    let files: Vec<_> = [("inbox.toml", inbox)].into_iter().chain(rules).collect();
    RuleSet::from_folder(&folder(&files)).unwrap()
}

fn store(sets: Vec<RuleSet>) -> Store {
    Store::new(sets, DeskSettings::default())
}

fn key(customer: &str, number: &str) -> ChatKey {
    (customer.into(), number.into())
}

fn change_rules(store: &mut Store) {
    store.handle(DeskEvent::Rules { digest: "sha256:0".into() }, None).unwrap();
    store.verify();
}

fn user(store: &Store, customer: &str) -> Option<String> {
    store.chat(customer, NUMBER).unwrap().user().map(ToString::to_string)
}

#[test]
fn a_chat_does_not_wait_for_ever_by_a_move_rule_that_is_gone() {
    let moves = "move when message contains \"urgent\": assign user \"alice\" among online for 1m\n    \
        else user \"bob\" among online\n\
        otherwise: assign group \"Sales\" by hand\n";
    let plain = "otherwise: assign user \"bob\" among online\n";
    let mut store = store(vec![set(INBOX, &[(NUMBER, moves)]), set(INBOX, &[(NUMBER, plain)])]);
    store.presence("alice", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    store.message("c1", NUMBER, "urgent").unwrap();
    assert_eq!(user(&store, "c1").as_deref(), Some("alice"));
    store.pass(SignedDuration::from_mins(2));
    assert_eq!(user(&store, "c1"), None);
    change_rules(&mut store);
    store.presence("bob", Presence::Online);
    assert_eq!(user(&store, "c1").as_deref(), Some("bob"));
}

#[test]
fn a_chat_moved_to_a_queue_by_hand_stays_there_when_a_comment_changes() {
    let rules = "move when message contains \"urgent\": assign group \"Support\" by hand\n\
        otherwise: assign group \"Sales\" by hand\n";
    let edited = format!("# Urgent chats go to the support.\n{rules}");
    let mut store = store(vec![set(INBOX, &[(NUMBER, rules)]), set(INBOX, &[(NUMBER, &edited)])]);
    store.message("c1", NUMBER, "hello").unwrap();
    store.message("c1", NUMBER, "urgent").unwrap();
    change_rules(&mut store);
    assert_eq!(store.chat("c1", NUMBER).unwrap().group().map(|group| &**group), Some("Support"));
    store.handle(DeskEvent::Take("bob".into()), Some(&key("c1", NUMBER))).unwrap();
    store.verify();
}

#[test]
fn the_first_of_two_users_becomes_the_owner() {
    let larger = INBOX.replace("capacity = 1", "capacity = 2");
    let rules = [(NUMBER, AVAILABLE), (OTHER_NUMBER, AVAILABLE)];
    let mut store = store(vec![set(INBOX, &rules), set(&larger, &rules)]);
    store.presence("alice", Presence::Online);
    store.presence("bob", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    store.message("c2", NUMBER, "hello").unwrap();
    store.message("c3", NUMBER, "hello").unwrap();
    store.message("c3", OTHER_NUMBER, "hello").unwrap();
    store.pass(SignedDuration::from_secs(1));
    change_rules(&mut store);
    let first = user(&store, "c3");
    assert_ne!(first.as_deref(), store.chat("c3", OTHER_NUMBER).unwrap().user().map(|user| &**user));
    assert_eq!(store.customers["c3"].customer.owner, first);
}

#[test]
fn a_timer_of_a_number_without_a_policy_changes_nothing() {
    let mut store = store(vec![set(INBOX, &[(NUMBER, AVAILABLE)]), set(INBOX, &[(OTHER_NUMBER, AVAILABLE)])]);
    store.presence("alice", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    change_rules(&mut store);
    store.pass(SignedDuration::from_mins(6));
    assert_eq!(user(&store, "c1").as_deref(), Some("alice"));
}

#[test]
fn a_chat_of_a_user_who_has_left_is_decided_when_its_number_has_a_policy_again() {
    let without = "[users.bob]\n[groups]\nSales = [\"bob\"]\n";
    let sets = vec![
        set(INBOX, &[(NUMBER, AVAILABLE)]),
        set(without, &[(OTHER_NUMBER, AVAILABLE)]),
        set(without, &[(NUMBER, AVAILABLE)]),
    ];
    let mut store = store(sets);
    store.presence("alice", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    change_rules(&mut store);
    assert_eq!(user(&store, "c1").as_deref(), Some("alice"));
    change_rules(&mut store);
    assert_eq!(user(&store, "c1"), None);
}

#[test]
fn a_chat_of_a_user_who_has_left_can_be_taken() {
    let without = "[users.bob]\n[groups]\nSales = [\"bob\"]\n";
    let sets = vec![set(INBOX, &[(NUMBER, AVAILABLE)]), set(without, &[(OTHER_NUMBER, AVAILABLE)])];
    let mut store = store(sets);
    store.presence("alice", Presence::Online);
    store.message("c1", NUMBER, "hello").unwrap();
    change_rules(&mut store);
    store.handle(DeskEvent::Take("bob".into()), Some(&key("c1", NUMBER))).unwrap();
    assert_eq!(user(&store, "c1").as_deref(), Some("bob"));
    assert_eq!(store.customers["c1"].customer.owner.as_deref(), Some("bob"));
    store.verify();
}

#[test]
fn a_set_of_another_inbox_is_refused_before_anything_changes() {
    let (now, larger) =
        (set(INBOX, &[(NUMBER, AVAILABLE)]), INBOX.replace("[groups]", "[users.carol]\n[groups]"));
    let next = set(&larger, &[(NUMBER, AVAILABLE)]);
    let mut desk = Desk::new(now.inbox(), DeskSettings::default());
    let before = serde_json::to_string(&desk.save()).unwrap();
    let event = DeskEvent::Presence { user: "bob".into(), presence: Presence::Online, until: None };
    let at = "2026-11-24T09:00:00Z".parse().unwrap();
    let error = desk.handle(&next, event, &Facts::default(), at).unwrap_err();
    assert!(error.to_string().starts_with("the roster is of another inbox"), "{error}");
    assert_eq!(serde_json::to_string(&desk.save()).unwrap(), before);
}

#[test]
fn a_restored_desk_follows_the_new_name_of_a_group() {
    let renamed = set(&INBOX.replace("Sales", "Vente"), &[(NUMBER, &AVAILABLE.replace("Sales", "Vente"))]);
    let mut store = store(vec![set(INBOX, &[(NUMBER, AVAILABLE)])]);
    store.message("c1", NUMBER, "hello").unwrap();
    let (desk, rebased) = Desk::restore(renamed.inbox(), store.desk.save(), DeskSettings::default()).unwrap();
    assert_eq!(rebased.groups_renamed.len(), 1);
    let group = desk.waiting().iter().next().unwrap().group.clone();
    assert_eq!(group.as_deref(), Some("Vente"));
}

#[test]
fn nothing_is_kept_of_the_customer_of_a_chat_in_a_queue_by_hand() {
    let mut store = store(vec![set(INBOX, &[(NUMBER, AVAILABLE)])]);
    store.message("c1", NUMBER, "hello").unwrap();
    let target = TransferTarget::Group { group: "Support".into(), by: Algorithm::Hand };
    store.handle(DeskEvent::Transfer(target), Some(&key("c1", NUMBER))).unwrap();
    let saved = serde_json::to_value(store.desk.save()).unwrap();
    assert_eq!(saved["waiting_customers"], serde_json::json!({}));
}

#[test]
fn what_an_old_message_puts_off_is_done_but_not_said() {
    let rules = "also rule \"later\" when message contains \"hello\": tag \"late\" after 5m, priority high after 5m, reply \"Still there?\" after 5m\n\
        otherwise: assign group \"Sales\" by hand, reply \"Hi.\"\n";
    let mut store = store(vec![set(INBOX, &[(NUMBER, rules)])]);
    let message = Message { age_seconds: 7200, text: Some("hello".to_owned()), ..Message::default() };
    let effects = store.write("c1", NUMBER, message).unwrap();
    assert_eq!(effects.replies[0].state, ReplyState::TooLate);
    store.pass(SignedDuration::from_mins(6));
    let chat = store.chat("c1", NUMBER).unwrap();
    assert_eq!(chat.tags, ["late".into()]);
    assert_eq!(chat.last.step.priority, Some(crate::Priority::High));
    assert!(store.replies.iter().all(|reply| reply.state == ReplyState::TooLate));
    assert_eq!(store.replies.len(), 2);
    store.verify();
}

#[test]
fn a_person_changes_a_customer_and_a_channel_their_names() {
    let mut store = store(vec![set(INBOX, &[(NUMBER, AVAILABLE)])]);
    store.message("c1", NUMBER, "hello").unwrap();
    store.handle(DeskEvent::CustomerEdited, Some(&key("c1", NUMBER))).unwrap();
    let names = vec!["+20100".into(), "US.1".into()];
    store.handle(DeskEvent::CustomerRenamed(names), Some(&key("c1", NUMBER))).unwrap();
    store.verify();
    assert_eq!(store.lines(2), "3 c1 changed\n4 c1 is +20100 US.1\n");
}

#[test]
fn members_who_take_chats_by_hand_have_a_time_limit_too() {
    let rules = "otherwise: assign group \"Support\" by hand for 1m else user \"alice\"\n";
    let mut store = store(vec![set(INBOX, &[(NUMBER, rules)])]);
    store.message("c1", NUMBER, "hello").unwrap();
    assert_eq!(user(&store, "c1"), None);
    store.pass(SignedDuration::from_mins(2));
    assert_eq!(user(&store, "c1").as_deref(), Some("alice"));
    store.verify();
}

#[test]
fn a_message_to_a_number_without_a_policy_is_logged_and_its_chat_stays() {
    let sets = vec![set(INBOX, &[(NUMBER, AVAILABLE)]), set(INBOX, &[(OTHER_NUMBER, AVAILABLE)])];
    let mut store = store(sets);
    store.message("c1", NUMBER, "hello").unwrap();
    store.handle(DeskEvent::Take("bob".into()), Some(&key("c1", NUMBER))).unwrap();
    change_rules(&mut store);
    store.pass(SignedDuration::from_secs(5));
    store.message("c1", NUMBER, "hello again").unwrap();
    store.message("c2", NUMBER, "hello").unwrap();
    store.verify();
    assert_eq!(store.lines(4), "5 message, chat 1, no rule\n6 message, chat none, no rule\n");
    assert_eq!(store.desk.roster().now("bob").unwrap().last_message_at, Some(store.now));
}

#[test]
fn users_whom_the_inbox_does_not_have_or_no_longer_are_named() {
    let without = "[users.bob]\n[groups]\nSales = [\"bob\"]\n";
    let rules = [(NUMBER, AVAILABLE)];
    let mut store = store(vec![set(INBOX, &rules), set(without, &rules)]);
    store.message("c1", NUMBER, "hello").unwrap();
    change_rules(&mut store);
    let events = |user: &str| {
        [
            DeskEvent::Presence { user: user.into(), presence: Presence::Online, until: None },
            DeskEvent::Capacity { user: user.into(), capacity: Some(1) },
            DeskEvent::Answered(Some(user.into())),
            DeskEvent::Take(user.into()),
            DeskEvent::Transfer(TransferTarget::User(user.into())),
        ]
    };
    for user in ["alice", "nobody"] {
        for event in events(user) {
            let error = store.handle(event, Some(&key("c1", NUMBER))).unwrap_err();
            assert_eq!(error, DeskError::UnknownUser(user.into()));
        }
    }
    let group = |group: &str, by| DeskEvent::Transfer(TransferTarget::Group { group: group.into(), by });
    for by in [Algorithm::Hand, Algorithm::InOrder] {
        let error = store.handle(group("Support", by), Some(&key("c1", NUMBER))).unwrap_err();
        assert_eq!(error, DeskError::UnknownGroup("Support".into()));
    }
    store.handle(DeskEvent::Take("bob".into()), Some(&key("c1", NUMBER))).unwrap();
    let error = store.handle(group("Sales", Algorithm::Random), Some(&key("c1", NUMBER))).unwrap_err();
    assert_eq!(error.to_string(), "`Sales` has no member who could take the chat");
    store.handle(DeskEvent::Close(ChatCause::Api), Some(&key("c1", NUMBER))).unwrap();
    let error = store.handle(DeskEvent::Take("bob".into()), Some(&key("c1", NUMBER))).unwrap_err();
    assert_eq!(error, DeskError::ChatClosed);
}

#[test]
fn the_presence_of_a_user_who_has_left_ends_too() {
    let without = "[users.bob]\n[groups]\nSales = [\"bob\"]\n";
    let rules = [(NUMBER, AVAILABLE)];
    let mut store = store(vec![set(INBOX, &rules), set(without, &rules)]);
    let until = Some(store.now + SignedDuration::from_secs(90));
    let event = DeskEvent::Presence { user: "alice".into(), presence: Presence::Online, until };
    store.handle(event, None).unwrap();
    change_rules(&mut store);
    store.pass(SignedDuration::from_secs(120));
    assert_eq!(store.lines(2), "3 alice is offline\n");
    assert_eq!(store.desk.roster().figures("alice").unwrap().presence, Presence::Offline);
    store.verify();
}
