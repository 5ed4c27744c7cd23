//! Replies on their way out.

use std::time::Duration;

use super::test_host::TestHost;
use crate::machine::Item;
use crate::store::{OutboxState, Page, StoreReader};
use crate::whatsapp::{SendOutcome, StatusState, StatusUpdate};

const RULES: &str = "otherwise: assign user \"bob\", reply \"One.\", reply \"Two.\"";

fn sent(wamid: &str) -> SendOutcome {
    SendOutcome::Sent { wamid: wamid.to_owned(), user_id: None }
}

fn again(code: i64) -> SendOutcome {
    SendOutcome::Again { code: Some(code), after: None, slower: false }
}

impl TestHost {
    /// The customer, the text and the state of each reply.
    pub(super) fn replies(&self) -> Vec<(String, String, OutboxState)> {
        let rows = self.reader().replies("main", None, Page { after: 0, limit: 99 }).unwrap();
        rows.into_iter().map(|row| (row.customer.to_string(), row.text, row.state)).collect()
    }

    pub(super) fn states(&self) -> Vec<OutboxState> {
        self.replies().into_iter().map(|(.., state)| state).collect()
    }

    fn status(&mut self, wamid: &str, data: Option<u64>, state: StatusState) {
        let data = data.map(|id| id.to_string());
        let update = StatusUpdate { wamid: wamid.to_owned(), data, state, code: None, recipient: Vec::new() };
        self.submit(Item::Status(Box::new(update)));
    }
}

#[test]
fn the_replies_of_a_customer_go_out_one_after_the_other() {
    let mut host = TestHost::new(RULES);
    host.write("A1", &["201001234567"], "hi");
    assert_eq!(host.states(), [OutboxState::Sending, OutboxState::Waiting]);
    assert_eq!(host.sending.len(), 1);
    let first = host.sent(sent("w1"));
    assert_eq!((&*first.text, &*first.recipient, host.sending.len()), ("One.", "+201001234567", 1));
    host.sent(sent("w2"));
    assert_eq!(host.states(), [OutboxState::Sent, OutboxState::Sent]);
}

#[test]
fn a_reply_that_is_to_be_sent_again_waits_longer_each_time() {
    let mut host = TestHost::new("otherwise: assign user \"bob\", reply \"One.\"");
    host.write("A1", &["201001234567"], "hi");
    for wait in [1, 4, 16, 64] {
        host.sent(again(131_000));
        host.wait(wait - 1);
        assert_eq!(host.sending.len(), 0, "after {wait}");
        host.wait(2);
        assert_eq!(host.sending.len(), 1, "after {wait}");
    }
    host.sent(SendOutcome::Again { code: None, after: Some(Duration::from_secs(500)), slower: false });
    host.jump(499);
    assert_eq!(host.sending.len(), 0);
    host.wait(2);
    assert_eq!(host.sending.len(), 1);
}

#[test]
fn a_reply_whose_answer_was_lost_is_sent_again_unless_a_status_comes() {
    let mut host = TestHost::new("otherwise: assign user \"bob\", reply \"One.\"");
    host.write("A1", &["201001234567"], "hi");
    host.write("B1", &["201009999999"], "hi");
    let one = host.sent(SendOutcome::Unknown);
    host.sent(SendOutcome::Unknown);
    assert_eq!(host.states(), [OutboxState::Unknown, OutboxState::Unknown]);
    host.status("w1", Some(one.id), StatusState::Delivered);
    host.wait(119);
    assert_eq!(host.sending.len(), 0);
    host.wait(2);
    assert_eq!(host.states(), [OutboxState::Delivered, OutboxState::Sending]);
}

#[test]
fn a_reply_that_was_being_sent_at_a_crash_is_unknown() {
    let mut host = TestHost::new("otherwise: assign user \"bob\", reply \"One.\"");
    host.write("A1", &["201001234567"], "hi");
    host.restart(super::test_host::INBOX, "otherwise: assign user \"bob\", reply \"One.\"");
    host.wait(59);
    assert_eq!(host.states(), [OutboxState::Sending]);
    host.wait(2);
    assert_eq!(host.states(), [OutboxState::Unknown]);
    host.wait(121);
    assert_eq!((host.states(), host.sending.len()), (vec![OutboxState::Sending], 1));
}

#[test]
fn statuses_never_go_back() {
    let mut host = TestHost::new("otherwise: assign user \"bob\", reply \"One.\"");
    host.write("A1", &["201001234567"], "hi");
    host.sent(sent("w1"));
    for (state, expected) in [
        (StatusState::Read, OutboxState::Read),
        (StatusState::Delivered, OutboxState::Read),
        (StatusState::Failed, OutboxState::Read),
        (StatusState::Sent, OutboxState::Read),
    ] {
        host.status("w1", None, state);
        assert_eq!(host.states(), [expected]);
    }
    host.status("somebody else's", None, StatusState::Read);
}

#[test]
fn a_paused_number_is_tried_once_a_minute() {
    let mut host = TestHost::new("otherwise: assign user \"bob\", reply \"One.\"");
    for n in 0..3 {
        host.write(&format!("A{n}"), &[&format!("20100123456{n}")], "hi");
    }
    assert_eq!(host.sending.len(), 3);
    for _ in 0..3 {
        host.sent(SendOutcome::NumberPaused { code: 190 });
    }
    host.wait(58);
    assert_eq!(host.sending.len(), 0);
    host.wait(3);
    assert_eq!(host.sending.len(), 1);
    host.sent(sent("w1"));
    host.wait(1);
    assert_eq!(host.sending.len(), 2);
}

#[test]
fn a_reply_that_cannot_be_sent_in_time_is_not_sent() {
    let mut host = TestHost::new(RULES);
    host.write("A1", &["201001234567"], "hi");
    host.sent(again(131_000));
    host.jump(3601);
    host.wait(1);
    assert_eq!(host.states(), [OutboxState::TooLate, OutboxState::TooLate]);
    assert_eq!(host.sending.len(), 0);
}

/// What has become of a reply is known here alone, so it is kept until it is written, whatever goes wrong with it.
#[test]
fn what_has_become_of_a_reply_is_not_lost() {
    let mut host = TestHost::new(RULES);
    host.write("A1", &["201001234567"], "hi");
    host.sent_and_damaged(sent("w1"));
    assert_eq!(host.states(), [OutboxState::Sending, OutboxState::Waiting]);
    host.wait(1);
    assert_eq!(host.states(), [OutboxState::Sent, OutboxState::Sending]);
}
