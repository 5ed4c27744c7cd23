//! Chats: taken, moved, answered, closed, and what their timers do.

use inbox_rules::desk::TransferTarget;

use super::test_host::TestHost;
use crate::machine::{Answer, ChatAction, Item, Refused};
use crate::store::OutboxState;

const RULES: &str = "otherwise: assign group \"Sales\" by in_order among online for 5m else user \"bob\" for 5m else user \"alice\",\n\
    reply \"One moment.\", reply \"Are you still there?\" after 2m";

#[test]
fn a_chat_that_waits_goes_to_whoever_comes() {
    let mut host = TestHost::new("otherwise: assign group \"Sales\" by in_order among online");
    let one = host.write("A1", &["201001234567"], "hi");
    assert_eq!(host.holder(&one), "waits");
    host.set_presence("bob", "online", None);
    assert_eq!(host.holder(&one), "bob");
    let answer = host.act(&one, ChatAction::Take("alice".into()));
    assert!(matches!(&answer, Answer::Refused(Refused::ChatTaken(user)) if **user == *"bob"), "{answer:?}");
    let group = TransferTarget::Group { group: "Sales".into(), by: inbox_rules::Algorithm::LeastChats };
    host.act(&one, ChatAction::Transfer(group));
    assert_eq!(host.holder(&one), "alice");
    host.act(&one, ChatAction::Close);
    assert_eq!(host.holder(&one), "closed");
    assert!(matches!(host.act(&one, ChatAction::Close), Answer::Chat(_)));
    let answer = host.act(&one, ChatAction::Take("alice".into()));
    assert!(matches!(answer, Answer::Refused(Refused::ChatClosed)), "{answer:?}");
    let answer = host.submit(Item::Chat(inbox_rules::ChatId(99), ChatAction::Close));
    assert!(matches!(answer, Answer::Refused(Refused::UnknownChat(_))), "{answer:?}");
}

#[test]
fn nobody_answers_in_time_and_the_next_one_has_it() {
    let mut host = TestHost::new(RULES);
    host.set_presence("alice", "online", None);
    let one = host.write("A1", &["201001234567"], "hi");
    assert_eq!(host.holder(&one), "alice");
    host.wait(299);
    assert_eq!(host.holder(&one), "alice");
    host.wait(2);
    assert_eq!(host.holder(&one), "bob");
    host.act(&one, ChatAction::Answered("bob".into()));
    host.jump(400);
    assert_eq!(host.holder(&one), "bob");
    // Nobody writes for twelve hours.
    host.jump(12 * 3600);
    assert_eq!(host.holder(&one), "closed");
}

#[test]
fn a_timer_does_not_outlive_a_transfer_or_a_restart() {
    let mut host = TestHost::new(RULES);
    host.set_presence("alice", "online", None);
    let one = host.write("A1", &["201001234567"], "hi");
    host.act(&one, ChatAction::Transfer(TransferTarget::User("bob".into())));
    host.jump(301);
    assert_eq!(host.holder(&one), "bob");

    let two = host.write("A2", &["201009999999"], "hi");
    assert_eq!(host.holder(&two), "alice");
    host.restart(super::test_host::INBOX, RULES);
    host.jump(301);
    assert_eq!(host.holder(&two), "bob");
}

#[test]
fn what_is_put_off_is_sent_when_it_is_due_unless_a_user_writes() {
    let mut host = TestHost::new(RULES);
    host.set_presence("alice", "online", None);
    let one = host.write("A1", &["201001234567"], "hi");
    let two = host.write("B1", &["201009999999"], "hi");
    assert_eq!(host.sending.len(), 2);
    host.act(&one, ChatAction::Answered("alice".into()));
    host.wait(121);
    let customers: Vec<_> =
        host.replies().iter().map(|(customer, text, _)| format!("{customer} {text}")).collect();
    assert_eq!(
        customers,
        [
            format!("{} One moment.", one.customer),
            format!("{} One moment.", two.customer),
            format!("{} Are you still there?", two.customer),
        ]
    );
}

#[test]
fn a_lent_presence_ends() {
    let mut host = TestHost::new("otherwise: assign group \"Sales\" by in_order among online");
    host.set_presence("bob", "online", Some(90));
    host.wait(60);
    host.set_presence("bob", "online", Some(90));
    host.wait(60);
    let one = host.write("A1", &["201001234567"], "hi");
    assert_eq!(host.holder(&one), "bob");
    host.wait(31);
    let two = host.write("A2", &["201009999999"], "hi");
    assert_eq!(host.holder(&two), "waits");
}

#[test]
fn a_user_writes_to_the_customer() {
    let mut host = TestHost::new("otherwise: assign user \"bob\"");
    let one = host.write("A1", &["201001234567"], "hi");
    let send =
        |id: &str| ChatAction::Send { id: id.to_owned(), user: "bob".into(), text: "Hello".to_owned() };
    let (Answer::Reply(first), Answer::Reply(again)) =
        (host.act(&one, send("m1")), host.act(&one, send("m1")))
    else {
        panic!()
    };
    assert_eq!((first.id, first.state), (again.id, OutboxState::Waiting));
    assert!(host.chat(&one).chat.answered_at.is_some());
    let unknown = ChatAction::Send { id: "m2".to_owned(), user: "bbo".into(), text: "x".to_owned() };
    assert!(matches!(host.act(&one, unknown), Answer::Refused(Refused::UnknownUser(_))));
    // The chat stays open while somebody writes in it, but WhatsApp takes nothing after 24 hours.
    host.jump(11 * 3600);
    host.act(&one, ChatAction::Answered("bob".into()));
    host.jump(11 * 3600);
    host.act(&one, ChatAction::Answered("bob".into()));
    host.jump(3 * 3600);
    assert!(matches!(host.act(&one, send("m3")), Answer::Refused(Refused::WindowClosed)));
}
