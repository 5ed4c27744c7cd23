//! The thread that writes, on stores that are slow or have bugs.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Weak};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use inbox_rules::{Folder, Publisher, Release, Settings};
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

use super::writer::Writer;
use crate::inboxes::{Inboxes, SessionChange, SessionQueue};
use crate::machine::{Answer, HostMachine, Item, Unavailable};
use crate::settings::KeepSettings;
use crate::store::{
    DueInbox, DueReplies, SessionRow, SqliteReader, SqliteStore, Store, StoreError, StoreReader, Transaction,
};

const POLL: Duration = Duration::from_millis(400);

/// A store whose polls take longer than the time between two, and whose next transaction panics if it is told to.
struct SlowStore {
    store: SqliteStore,
    seen: Arc<Seen>,
}

/// What the store was asked.
#[derive(Default)]
struct Seen {
    polls: AtomicU32,
    panics: AtomicBool,
    /// Whether there is always more to drop.
    expires: AtomicBool,
    has_left: AtomicBool,
}

impl Store for SlowStore {
    fn now(&mut self) -> Result<Timestamp, StoreError> {
        self.store.now()
    }

    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError> {
        assert!(!self.seen.panics.swap(false, Ordering::SeqCst), "a bug");
        self.store.begin(inbox)
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.store.sync()
    }

    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError> {
        thread::sleep(POLL);
        self.seen.polls.fetch_add(1, Ordering::SeqCst);
        self.store.timers_due(most)
    }

    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError> {
        self.store.replies_due(most)
    }

    fn leave(&mut self, node: u64) -> Result<(), StoreError> {
        self.seen.has_left.store(node == 7, Ordering::SeqCst);
        Ok(())
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
        Ok(self.store.expire(messages, texts, events)? || self.seen.expires.load(Ordering::SeqCst))
    }
}

fn release() -> Arc<Release> {
    let folder = Folder::from_texts([("inbox.toml", ""), ("default.rules", "otherwise: assign nobody")]);
    let mut publisher = Publisher::new(Settings::default());
    assert!(publisher.publish(&folder).is_accepted());
    publisher.release()
}

/// A writer of the inbox `main`, as node 7.
fn start(name: &str) -> (JoinHandle<()>, Inboxes, SessionQueue, Arc<Seen>, SqliteReader) {
    let store = SqliteStore::in_memory(name, Box::new(|| Timestamp::UNIX_EPOCH)).unwrap();
    let (reader, seen) = (store.reader().unwrap(), Arc::<Seen>::default());
    let (submit, submissions) = mpsc::unbounded_channel();
    let (sessions, changes) = SessionQueue::new();
    let (inbox, release) = (Arc::<str>::from("main"), release());
    let mut machine = HostMachine::new(Arc::default());
    machine.add_inbox(Arc::clone(&inbox), Arc::clone(&release));
    let day = Duration::from_secs(86_400);
    let writer = Writer {
        machine,
        stores: vec![Box::new(SlowStore { store, seen: Arc::clone(&seen) })],
        node: 7,
        submissions,
        sessions: changes,
        to_send: mpsc::unbounded_channel().0,
        sent: mpsc::unbounded_channel().1,
        inboxes: Weak::new(),
        rules: HashMap::new(),
        failures: HashMap::new(),
        metrics: Arc::default(),
        keep: KeepSettings { messages: day, texts: day, events: day },
        stopping: watch::channel(false).1,
    };
    let inboxes = Inboxes::new([(inbox, release)], &submit);
    (writer.start().unwrap(), inboxes, sessions, seen, reader)
}

fn wait_until(is_so: impl Fn() -> bool) {
    for _ in 0..200 {
        if is_so() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("it takes too long");
}

fn submit(inboxes: &Inboxes) -> Result<Answer, Unavailable> {
    inboxes.get("main").unwrap().submit(Item::Timers).unwrap().blocking_recv().unwrap()
}

#[test]
fn the_writer_ends_though_polls_take_longer_than_the_time_between_them() {
    let (writer, inboxes, sessions, seen, _reader) = start("slow");
    wait_until(|| seen.polls.load(Ordering::SeqCst) > 1);
    drop((inboxes, sessions));
    wait_until(|| writer.is_finished());
    assert!(seen.has_left.load(Ordering::SeqCst), "it is still counted as a node");
}

#[test]
fn a_panic_between_two_batches_stops_no_inbox() {
    let (_writer, inboxes, _sessions, seen, _reader) = start("panics");
    submit(&inboxes).unwrap();
    seen.panics.store(true, Ordering::SeqCst);
    let failed = submit(&inboxes);
    assert!(matches!(failed, Err(Unavailable::Store(_))), "{failed:?}");
    submit(&inboxes).unwrap();
}

#[test]
fn what_is_too_old_holds_up_no_batch() {
    let (_writer, inboxes, _sessions, seen, _reader) = start("expires");
    seen.expires.store(true, Ordering::SeqCst);
    for _ in 0..20 {
        submit(&inboxes).unwrap();
    }
}

#[test]
fn sessions_of_the_page_are_durable_when_they_are_written() {
    let (_writer, _inboxes, sessions, _seen, mut reader) = start("sessions");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let expires = Timestamp::UNIX_EPOCH + Duration::from_secs(60);
    let row = SessionRow { hash: [1; 32], token: [2; 32], created: Timestamp::UNIX_EPOCH, expires };
    runtime.block_on(sessions.write(SessionChange::Put(row.clone()))).unwrap();
    assert_eq!(reader.session(&[1; 32]).unwrap(), Some(row));
    runtime.block_on(sessions.write(SessionChange::Delete([1; 32]))).unwrap();
    assert_eq!(reader.session(&[1; 32]).unwrap(), None);
}
