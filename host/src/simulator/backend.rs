//! The store behind a run.

#[cfg(feature = "postgres")]
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::memory_store::MemoryStore;
use crate::store::{OutboxRow, Page, SqliteReader, SqliteStore, Store, StoreError, StoreReader};
#[cfg(feature = "postgres")]
use crate::store::{PostgresReader, PostgresStore, TestDatabase};

/// The store behind a run, as it is without faults.
pub(super) enum Backend {
    Memory(MemoryStore),
    Sqlite(Box<SqliteBackend>),
    #[cfg(feature = "postgres")]
    Postgres(Box<PostgresBackend>),
}

/// A database of its own on the server for tests, with a clock that the run moves.
#[cfg(feature = "postgres")]
pub(super) struct PostgresBackend {
    store: PostgresStore,
    reader: PostgresReader,
    now: Timestamp,
    nodes: BTreeSet<u64>,
    _database: TestDatabase,
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

    /// PostgreSQL; `None`: there is no server for tests.
    #[cfg(feature = "postgres")]
    pub(super) fn postgres() -> Option<Self> {
        let database = TestDatabase::make()?;
        let store = database.store();
        let (reader, now) = (store.reader().unwrap(), Timestamp::UNIX_EPOCH);
        let nodes = BTreeSet::new();
        Some(Self::Postgres(Box::new(PostgresBackend { store, reader, now, nodes, _database: database })))
    }

    /// The time by the clock of the run.
    pub(super) fn now(&mut self) -> Result<Timestamp, StoreError> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => Ok(postgres.now),
            other => other.store().now(),
        }
    }

    /// How many nodes there are, by the clock of the run; PostgreSQL's own would find all that ever were.
    pub(super) fn count_nodes(&mut self, node: u64) -> Result<usize, StoreError> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => {
                postgres.nodes.insert(node);
                Ok(postgres.nodes.len().min(3))
            }
            other => other.store().count_nodes(node),
        }
    }

    pub(super) fn store(&mut self) -> &mut dyn Store {
        match self {
            Self::Memory(store) => store,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => &mut postgres.store,
            Self::Sqlite(sqlite) => sqlite.store.as_mut().unwrap(),
        }
    }

    pub(super) fn reader(&mut self) -> &mut dyn StoreReader {
        match self {
            Self::Memory(store) => store,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => &mut postgres.reader,
            Self::Sqlite(sqlite) => &mut sqlite.reader,
        }
    }

    /// Sets the clock.
    pub(super) fn set_now(&mut self, now: Timestamp) {
        match self {
            Self::Memory(store) => store.now = now,
            #[cfg(feature = "postgres")]
            Self::Postgres(postgres) => postgres.now = now,
            Self::Sqlite(sqlite) => *sqlite.clock.lock().unwrap() = now,
        }
    }

    /// All that was committed since the last sync is lost.
    pub(super) fn lose(&mut self) {
        match self {
            Self::Memory(store) => store.lose(),
            // Each commit is durable.
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => {}
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
