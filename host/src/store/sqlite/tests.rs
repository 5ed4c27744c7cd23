//! Tests of the SQLite store.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;
use proptest::prelude::*;
use rusqlite::Connection;

use super::SqliteStore;
use crate::store::contract::{Calls, Stored, agree, contract, decision_times, isolated};
use crate::store::{MessageKey, MessageRow, Store, StoreError};

/// A store in memory of its own.
fn in_memory() -> Stored {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
    stored(SqliteStore::in_memory(&name, Box::new(|| Timestamp::UNIX_EPOCH)).unwrap())
}

fn stored(store: SqliteStore) -> Stored {
    let reader = store.reader().unwrap();
    Stored { store: Box::new(store), reader: Box::new(reader) }
}

#[test]
fn a_store_in_memory_keeps_the_contract() {
    contract(in_memory);
}

#[test]
fn a_store_in_a_file_keeps_the_contract() {
    let mut folders = Vec::new();
    let mut make = || {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("inbox.db")).unwrap();
        folders.push(folder);
        stored(store)
    };
    contract(&mut make);
    isolated(&mut make());
}

proptest! {
    /// What a transaction remembers, and how many calls it has, changes nothing.
    #[test]
    fn random_calls_do_the_same_in_one_transaction_and_in_many(
        calls in proptest::collection::vec((proptest::collection::vec(any::<[u8; 4]>(), 0..12), any::<bool>()), 0..12),
    ) {
        let calls: Vec<Calls> = calls;
        agree(&mut in_memory(), &mut in_memory(), &calls);
    }
}

const KEY: MessageKey = MessageKey { day: 1, hash: [7; 16] };

fn write(store: &mut SqliteStore, seq: u64) -> Result<(), StoreError> {
    let mut tx = store.begin(&Arc::from("main"))?;
    tx.put_message(&KEY, MessageRow { seq, held: false })?;
    tx.put_snapshot(seq, &"x".repeat(10_000))?;
    tx.commit()?;
    store.sync()
}

fn seq_in(path: &Path) -> Option<u64> {
    let mut store = SqliteStore::open(path).unwrap();
    let mut tx = store.begin(&Arc::from("main")).unwrap();
    tx.message(&KEY).unwrap().map(|row| row.seq)
}

/// A copy of the files right after a `sync` is what a power cut leaves.
#[test]
fn what_is_synced_is_in_the_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let mut store = SqliteStore::open(&path).unwrap();
    for seq in 1..=20 {
        write(&mut store, seq).unwrap();
        // The next one has begun and is not synced.
        let mut tx = store.begin(&Arc::from("main")).unwrap();
        tx.put_message(&KEY, MessageRow { seq: 99, held: false }).unwrap();
        let copy = tempfile::tempdir().unwrap();
        for end in ["", "-wal"] {
            fs::copy(format!("{}{end}", path.display()), copy.path().join(format!("inbox.db{end}"))).unwrap();
        }
        drop(tx);
        assert_eq!(seq_in(&copy.path().join("inbox.db")), Some(seq));
    }
}

/// A log that was cut anywhere gives what was synced before, and never a part.
#[test]
fn a_cut_log_gives_one_of_the_commits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("inbox.db");
    let mut store = SqliteStore::open(&path).unwrap();
    for seq in 1..=5 {
        write(&mut store, seq).unwrap();
    }
    // Both at once: a checkpoint may follow.
    let database = fs::read(&path).unwrap();
    let log = fs::read(folder.path().join("inbox.db-wal")).unwrap();
    let mut before = None;
    for length in (0..=log.len()).step_by(1009).chain([log.len()]) {
        let copy = tempfile::tempdir().unwrap();
        fs::write(copy.path().join("inbox.db"), &database).unwrap();
        fs::write(copy.path().join("inbox.db-wal"), &log[..length]).unwrap();
        let seq = seq_in(&copy.path().join("inbox.db"));
        assert!(seq >= before, "{before:?} and then {seq:?}");
        before = seq;
    }
    assert_eq!(before, Some(5));
}

#[test]
fn a_full_disk_loses_nothing_that_was_synced() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("inbox.db")).unwrap();
    write(&mut store, 1).unwrap();
    let pages: i64 = store.db().query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store.db().pragma_update(None, "max_page_count", pages + 1).unwrap();
    let error = (2..100).find_map(|seq| write(&mut store, seq).err()).unwrap();
    assert_eq!(error.to_string(), "the store cannot be used: the disk is full");
    // All that was committed since the last sync is lost, and the store says so.
    store.db().pragma_update(None, "max_page_count", 1_000_000).unwrap();
    drop(store.sync());
    write(&mut store, 1000).unwrap();
    assert_eq!(seq_in(&folder.path().join("inbox.db")), Some(1000));
}

#[test]
fn a_transaction_after_a_full_disk_takes_the_others_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = SqliteStore::open(&folder.path().join("inbox.db")).unwrap();
    write(&mut store, 1).unwrap();
    let mut tx = store.begin(&Arc::from("main")).unwrap();
    tx.put_message(&KEY, MessageRow { seq: 2, held: false }).unwrap();
    tx.commit().unwrap();
    let mut tx = store.begin(&Arc::from("other")).unwrap();
    tx.put_snapshot(1, "x").unwrap();
    drop(tx);
    store.db().execute_batch("ROLLBACK").unwrap();
    assert!(matches!(store.begin(&Arc::from("other")), Err(StoreError::Away(_))));
    assert!(matches!(store.sync(), Err(StoreError::Away(_))));
    write(&mut store, 3).unwrap();
    assert_eq!(seq_in(&folder.path().join("inbox.db")), Some(3));
}

/// What is said when a store cannot be opened.
fn refusal(path: &Path) -> String {
    let folder = path.parent().unwrap().display().to_string();
    SqliteStore::open(path).err().unwrap().to_string().replace(&folder, "DIR")
}

#[test]
fn a_store_that_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert_eq!(refusal(&at("none").join("inbox.db")), "the store cannot be used: there is no folder `DIR`");
    fs::create_dir(at("folder")).unwrap();
    assert_eq!(refusal(&at("folder")), "the store cannot be used: `DIR/folder` is a folder");
    fs::write(at("text"), "no database ".repeat(1000)).unwrap();
    assert_eq!(refusal(&at("text")), "the store is damaged: `DIR/text` is not a database");
    let other = Connection::open(at("other")).unwrap();
    other.execute_batch("CREATE TABLE t (a)").unwrap();
    assert_eq!(refusal(&at("other")), "the store is damaged: `DIR/other` is the database of another program");
    drop(SqliteStore::open(&at("newer")).unwrap());
    Connection::open(at("newer")).unwrap().pragma_update(None, "user_version", 99).unwrap();
    assert!(matches!(SqliteStore::open(&at("newer")), Err(StoreError::Newer { found: 99, known: 1 })));
}

#[test]
#[ignore = "a measurement: run it with optimisations"]
fn the_time_of_a_decision() {
    let folder = tempfile::tempdir().unwrap();
    let mut stored = stored(SqliteStore::open(&folder.path().join("inbox.db")).unwrap());
    #[expect(clippy::disallowed_methods, reason = "it is measured")]
    let [new, again] = decision_times(&mut stored, 100_000, 256, Timestamp::now);
    println!("customers who are new: {new:?}, who come again: {again:?}");
}
