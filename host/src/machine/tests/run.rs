//! Batches on a store that fails in the middle.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::test_host::{INBOX, TestHost, release};
use crate::machine::{Answer, BatchRun, InboxSettings, Input, Item, run_batches};
use crate::store::{
    DueInbox, DueReplies, SessionRow, SqliteStore, Store, StoreError, StoreReader, Transaction,
};

/// A store whose transactions begin, or fail to, as it was told.
struct ScriptedStore<'s> {
    store: &'s mut SqliteStore,
    failures: VecDeque<Option<StoreError>>,
}

impl Store for ScriptedStore<'_> {
    fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.store.now()
    }

    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError> {
        match self.failures.pop_front().flatten() {
            Some(error) => Err(error),
            None => self.store.begin(inbox),
        }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.store.sync()
    }

    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError> {
        self.store.timers_due(most)
    }

    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError> {
        self.store.replies_due(most)
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<(), StoreError> {
        self.store.put_session(row)
    }

    fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.store.delete_session(hash)
    }

    fn retain_sessions(&mut self, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
        self.store.retain_sessions(tokens)
    }

    fn expire(&mut self, messages: i32, texts: Timestamp, events: Timestamp) -> Result<bool, StoreError> {
        self.store.expire(messages, texts, events)
    }
}

#[test]
fn items_that_were_written_are_answered_though_the_store_goes_away_after_them() {
    const RULES: &str = "otherwise: assign user \"alice\"";
    let mut host = TestHost::new(RULES);
    let message = |n: u32| Item::Message(Box::new(host.message(&format!("A{n}"), &["201000000001"], "hi")));
    let run = BatchRun {
        inbox: "main".into(),
        live: None,
        release: release(INBOX, RULES),
        settings: Arc::new(InboxSettings::default()),
        items: (0..4).map(message).collect(),
    };
    // As a whole the batch cannot be handled; then the second item is damaged, and the store away at the third.
    let damaged = || Some(StoreError::Damaged("a row".to_owned()));
    let away = Some(StoreError::Away("gone".to_owned()));
    let failures = [damaged(), None, damaged(), away].into();
    let done = run_batches(&mut ScriptedStore { store: &mut host.store, failures }, vec![run]);
    let [Input::BatchDone(_, _, Ok(result))] = &done[..] else { panic!("the batch has failed") };
    let answers: Vec<&str> = result
        .answers
        .iter()
        .map(|answer| match answer {
            Ok(Answer::Routed(_)) => "routed",
            Ok(_) => "other",
            Err(StoreError::Damaged(_)) => "damaged",
            Err(_) => "away",
        })
        .collect();
    assert_eq!(answers, ["routed", "damaged", "away", "away"]);
    assert_eq!(result.seq, host.reader().inbox("main").unwrap().seq);
}
