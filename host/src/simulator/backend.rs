//! The store behind a run.

use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::memory_store::MemoryStore;
use crate::store::{OutboxRow, Page, SqliteReader, SqliteStore, Store, StoreReader};

/// The store behind a run, as it is without faults.
pub(super) enum Backend {
    Memory(MemoryStore),
    Sqlite(Box<SqliteBackend>),
}

pub(super) struct SqliteBackend {
    name: String,
    clock: Arc<Mutex<Timestamp>>,
    reader: SqliteReader,
    /// `None` only while it is opened again.
    store: Option<SqliteStore>,
}

/// All of a list.
pub(super) const ALL: Page = Page { after: 0, limit: 1_000_000 };

impl Backend {
    /// SQLite in memory, with a name that no other run has.
    pub(super) fn sqlite(name: String) -> Self {
        let clock = Arc::new(Mutex::new(Timestamp::UNIX_EPOCH));
        let store = open(&name, &clock);
        let reader = store.reader().unwrap();
        Self::Sqlite(Box::new(SqliteBackend { name, clock, reader, store: Some(store) }))
    }

    pub(super) fn store(&mut self) -> &mut dyn Store {
        match self {
            Self::Memory(store) => store,
            Self::Sqlite(sqlite) => sqlite.store.as_mut().unwrap(),
        }
    }

    pub(super) fn reader(&mut self) -> &mut dyn StoreReader {
        match self {
            Self::Memory(store) => store,
            Self::Sqlite(sqlite) => &mut sqlite.reader,
        }
    }

    /// Sets the clock.
    pub(super) fn set_now(&mut self, now: Timestamp) {
        match self {
            Self::Memory(store) => store.now = now,
            Self::Sqlite(sqlite) => *sqlite.clock.lock().unwrap() = now,
        }
    }

    /// All that was committed since the last sync is lost.
    pub(super) fn lose(&mut self) {
        match self {
            Self::Memory(store) => store.lose(),
            Self::Sqlite(sqlite) => {
                // As when the process dies.
                sqlite.store = None;
                sqlite.store = Some(open(&sqlite.name, &sqlite.clock));
            }
        }
    }

    /// All replies of an inbox.
    pub(super) fn all_replies(&mut self, inbox: &str) -> Vec<OutboxRow> {
        self.reader().replies(inbox, None, ALL).unwrap()
    }
}

fn open(name: &str, clock: &Arc<Mutex<Timestamp>>) -> SqliteStore {
    let clock = Arc::clone(clock);
    SqliteStore::in_memory(name, Box::new(move || *clock.lock().unwrap())).unwrap()
}
