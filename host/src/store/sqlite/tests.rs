//! Tests of the SQLite store.

use std::sync::atomic::{AtomicU64, Ordering};

use jiff::Timestamp;

use super::SqliteStore;
use crate::store::contract::{Stored, contract};

/// A store in memory of its own.
fn in_memory() -> Stored {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let name = format!("test{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let store = SqliteStore::in_memory(&name, Box::new(|| Timestamp::UNIX_EPOCH)).unwrap();
    let reader = store.reader().unwrap();
    Stored { store: Box::new(store), reader: Box::new(reader) }
}

#[test]
fn a_store_in_memory_keeps_the_contract() {
    contract(in_memory);
}
