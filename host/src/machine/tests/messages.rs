//! Messages are decided once.

use inbox_rules::MessageKind;
use inbox_rules::desk::DeskSettings;

use super::test_host::TestHost;
use crate::incoming::SendBy;
use crate::machine::{Answer, Item, Refused, why};
use crate::store::{DecisionFilter, OutboxState, Page, StoreReader};

const RULES: &str = "when new_customer: assign group \"Sales\" by in_order, reply \"Welcome.\"\n\
    otherwise: assign owner else group \"Sales\" by random, reply \"Hello again.\" once per 1h";

#[test]
fn a_message_that_comes_again_gets_the_answer_that_it_had() {
    let mut host = TestHost::new(RULES);
    let first = host.write("A1", &["201001234567"], "hi");
    assert_eq!((&*first.customer, first.repeated, first.replies.len()), ("c2", false, 1));
    let again = host.write("A1", &["201001234567"], "hi");
    assert!(again.repeated);
    assert_eq!((again.seq, &again.decision), (first.seq, &first.decision));
    assert_eq!(again.replies[0].state, OutboxState::Sending);

    // In the same batch, too, and after a restart.
    let (new, same) =
        (host.message("A2", &["201001234567"], "x"), host.message("A2", &["201001234567"], "x"));
    let answers = host.submit_all([new, same].map(|new| Item::Message(Box::new(new))));
    let [Answer::Routed(one), Answer::Routed(two)] = &answers[..] else { panic!("{answers:?}") };
    assert_eq!((one.seq, one.repeated, two.repeated), (two.seq, false, true));
    host.restart(super::test_host::INBOX, RULES);
    assert_eq!(host.write("A2", &["201001234567"], "x").seq, one.seq);
    assert_eq!(
        host.reader()
            .decisions("main", &DecisionFilter::default(), Page { after: 0, limit: 9 })
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_message_without_its_content_waits_for_it() {
    let mut host = TestHost::new(RULES);
    let mut held = host.message("A1", &["201001234567"], "");
    (held.held, held.message.kind, held.message.text) = (true, MessageKind::Unsupported, None);
    let item = || Item::Message(Box::new(held.clone()));
    assert!(matches!(host.submit(item()), Answer::Noted));
    host.wait(3);
    let with_content = host.write("A1", &["201001234567"], "hi");
    assert!(!with_content.repeated);
    host.wait(9);
    assert_eq!(host.store_len(), 1);

    // Without content it is decided after five seconds; content that comes later is added.
    let mut other = held.clone();
    other.message.id = Some("A2".to_owned());
    assert!(matches!(host.submit(Item::Message(Box::new(other))), Answer::Noted));
    host.wait(4);
    assert_eq!(host.store_len(), 1);
    host.wait(2);
    assert_eq!(host.store_len(), 2);
    let later = host.write("A2", &["201001234567"], "the content");
    assert!(later.repeated);
    let text = host.reader().text("main", later.seq).unwrap().unwrap();
    assert_eq!(text.text.as_deref(), Some("the content"));
}

/// A message from the future was sent now, and is known when it comes again.
#[test]
fn a_message_from_the_future_was_sent_now() {
    let mut host = TestHost::new(RULES);
    let mut early = host.message("A1", &["201001234567"], "hi");
    early.sent_at = Some("2099-01-01T00:00:00Z".parse().unwrap());
    let item = || Item::Message(Box::new(early.clone()));
    let Answer::Routed(routed) = host.submit(item()) else { panic!() };
    let customer = host.reader().customer("main", &routed.customer).unwrap().unwrap();
    assert_eq!((customer.first_at, customer.last_at), (Some(routed.at), Some(routed.at)));
    host.jump(7 * 86_400);
    let Answer::Routed(again) = host.submit(item()) else { panic!() };
    assert_eq!((again.seq, again.repeated), (routed.seq, true));
}

#[test]
fn messages_that_are_too_old_are_noted_or_refused() {
    let mut host = TestHost::new(RULES);
    let mut old = host.message("A1", &["201001234567"], "hi");
    old.sent_at = Some("2026-11-13T12:00:00Z".parse().unwrap());
    assert!(matches!(host.submit(Item::Message(Box::new(old.clone()))), Answer::Noted));
    assert_eq!(host.reader().notices("main", Page { after: 0, limit: 9 }).unwrap()[0].kind, "too_old");
    old.send = SendBy::Caller;
    let answer = host.submit(Item::Message(Box::new(old.clone())));
    assert!(matches!(answer, Answer::Refused(Refused::TooOld)), "{answer:?}");

    // Older than an hour: decided, and not replied to.
    old.sent_at = Some("2026-11-24T10:59:00Z".parse().unwrap());
    let Answer::Routed(routed) = host.submit(Item::Message(Box::new(old))) else { panic!() };
    assert_eq!(routed.replies[0].state, OutboxState::TooLate);
    assert_eq!(DeskSettings::default().reply_within.as_secs(), 3600);
}

#[test]
fn a_decision_can_be_explained_from_the_log() {
    let mut host = TestHost::new(RULES);
    host.set_presence("alice", "online", None);
    host.set_presence("bob", "away", None);
    let one = host.write("A1", &["201001234567"], "hi");
    let two = host.write("A2", &["201009999999"], "hello");
    host.set_presence("alice", "offline", None);
    for routed in [&one, &two] {
        let explained = why(&mut host.reader(), "main", routed.seq, 0).unwrap().unwrap();
        assert_eq!((&explained.rule, &explained.assign), (&routed.decision.rule, &routed.decision.assign));
        assert!(explained.why.is_some());
    }
    assert_eq!(why(&mut host.reader(), "main", 1, 0).unwrap(), None);
}

impl TestHost {
    fn store_len(&self) -> usize {
        self.reader()
            .decisions("main", &DecisionFilter::default(), Page { after: 0, limit: 99 })
            .unwrap()
            .len()
    }
}

#[test]
fn a_text_that_is_taken_back_is_gone() {
    let mut host = TestHost::new(RULES);
    let routed = host.write("A1", &["201001234567"], "a secret");
    host.jump(2 * 86_400);
    let edit = |text: Option<&str>| Item::Edit {
        number: "+15550100".into(),
        id: "A1".to_owned(),
        at: None,
        text: text.map(str::to_owned),
    };
    host.submit(edit(Some("another secret")));
    let text = host.reader().text("main", routed.seq).unwrap().unwrap();
    assert_eq!(text.text.as_deref(), Some("another secret"));
    host.submit(edit(None));
    let text = host.reader().text("main", routed.seq).unwrap().unwrap();
    assert_eq!((text.text, &*text.facts), (None, ""));
    assert_eq!(why(&mut host.reader(), "main", routed.seq, 0).unwrap(), None);
}
