//! The connection that writes.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use rusqlite::Connection;

use super::checkpoints::Checkpoints;
use super::connect::{Location, open_to_write};
use super::customer_cache::CustomerCache;
use super::error::of_commit;
use super::expire::{Expiry, expire};
use super::reader::SqliteReader;
use super::transaction::SqliteTransaction;
use super::{inboxes, outbox, sessions, timers};
use crate::store::{DueInbox, DueReplies, SessionRow, Store, StoreError, Transaction};

/// A store in an SQLite database. There is one for a database in a process; any number of readers go with it.
pub struct SqliteStore {
    db: Connection,
    location: Location,
    clock: Box<dyn FnMut() -> Timestamp + Send>,
    stamps: StdRng,
    /// What has happened since the last `COMMIT`.
    open: OpenWork,
    last_reply: i64,
    last_reply_written: i64,
    expiry: Expiry,
    cache: CustomerCache,
    /// Held for as long as the store is open.
    _checkpoints: Option<Checkpoints>,
}

/// What has happened since the last `COMMIT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OpenWork {
    /// Nothing.
    None,
    /// `BEGIN`, and so many transactions have been committed.
    Kept(u32),
    /// SQLite has rolled back what had been committed.
    Lost,
}

/// The name of the savepoint of a transaction that is not the first since the last `COMMIT`.
const SAVEPOINT: &str = "inbox";

impl SqliteStore {
    /// Opens the store in a file, which is made if it does not exist.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        #[expect(clippy::disallowed_methods, reason = "the store's clock is the one that counts")]
        let clock = Box::new(Timestamp::now);
        #[expect(clippy::disallowed_methods, reason = "another stamp in each process")]
        let stamps = StdRng::from_rng(&mut rand::rng());
        let location = Location::File(path.to_owned());
        let store = Self::new(location.clone(), clock, stamps)?;
        Ok(Self { _checkpoints: Some(Checkpoints::start(&location)?), ..store })
    }

    /// Makes a store in memory. Those with the same name are one; the last to go takes it with it. A reader
    /// of it waits while something is written and not synced, and in a file it does not.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn in_memory(name: &str, clock: Box<dyn FnMut() -> Timestamp + Send>) -> Result<Self, StoreError> {
        Self::new(Location::Memory(name.to_owned()), clock, StdRng::seed_from_u64(0))
    }

    fn new(
        location: Location,
        clock: Box<dyn FnMut() -> Timestamp + Send>,
        stamps: StdRng,
    ) -> Result<Self, StoreError> {
        let db = open_to_write(&location)?;
        let last_reply = outbox::last_id(&db)?;
        let (open, expiry) = (OpenWork::None, Expiry::default());
        Ok(Self {
            db,
            location,
            clock,
            stamps,
            open,
            last_reply,
            last_reply_written: last_reply,
            expiry,
            cache: CustomerCache::default(),
            _checkpoints: None,
        })
    }

    /// A reader on a connection of its own.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn reader(&self) -> Result<SqliteReader, StoreError> {
        SqliteReader::open(&self.location)
    }

    /// A function that opens readers of this store.
    pub fn reader_opener(&self) -> impl Fn() -> Result<SqliteReader, StoreError> + Send + Sync + 'static {
        let location = self.location.clone();
        move || SqliteReader::open(&location)
    }

    pub(super) fn db(&self) -> &Connection {
        &self.db
    }

    /// The database, and the cache of its customers.
    pub(super) fn db_and_cache(&mut self) -> (&Connection, &mut CustomerCache) {
        (&self.db, &mut self.cache)
    }

    /// The id of the last reply.
    pub(super) fn last_reply(&self) -> i64 {
        self.last_reply
    }

    /// The id of a new reply. One that a failed `COMMIT` may have written is not given again.
    pub(super) fn next_reply(&mut self) -> i64 {
        self.last_reply += 1;
        self.last_reply
    }

    pub(super) fn next_stamp(&mut self) -> u64 {
        self.stamps.random()
    }

    /// Begins a transaction: of the database, or a savepoint after those that have been committed.
    fn begin_work(&mut self) -> Result<(), StoreError> {
        self.check_lost();
        match self.open {
            OpenWork::None => {
                self.db.execute_batch("BEGIN IMMEDIATE")?;
                self.open = OpenWork::Kept(0);
            }
            OpenWork::Kept(_) => self.db.execute_batch(&format!("SAVEPOINT {SAVEPOINT}"))?,
            OpenWork::Lost => return Err(lost()),
        }
        Ok(())
    }

    /// Ends the present transaction with what it has written.
    pub(super) fn keep(&mut self) -> Result<(), StoreError> {
        self.check_lost();
        match self.open {
            OpenWork::Kept(before) => {
                if before > 0 {
                    self.db.execute_batch(&format!("RELEASE {SAVEPOINT}"))?;
                }
                self.open = OpenWork::Kept(before + 1);
                Ok(())
            }
            _ => Err(lost()),
        }
    }

    /// Ends the present transaction without what it has written. The last reply is the one before it.
    pub(super) fn drop_work(&mut self, last_reply: i64) {
        self.last_reply = last_reply;
        self.cache.clear();
        self.check_lost();
        match self.open {
            OpenWork::Kept(0) => self.roll_back_all(),
            OpenWork::Kept(_) => {
                let sql = format!("ROLLBACK TO {SAVEPOINT}; RELEASE {SAVEPOINT}");
                if self.db.execute_batch(&sql).is_err() {
                    self.roll_back_all();
                    self.open = OpenWork::Lost;
                }
            }
            OpenWork::None | OpenWork::Lost => {}
        }
    }

    fn roll_back_all(&mut self) {
        self.cache.clear();
        if !self.db.is_autocommit() {
            // If it fails, the connection is of no use, and the next `BEGIN` says so.
            drop(self.db.execute_batch("ROLLBACK"));
        }
        self.open = OpenWork::None;
    }

    /// After some errors SQLite rolls back all by itself.
    fn check_lost(&mut self) {
        if let OpenWork::Kept(kept) = self.open
            && self.db.is_autocommit()
        {
            self.cache.clear();
            self.open = if kept == 0 { OpenWork::None } else { OpenWork::Lost };
        }
    }
}

fn lost() -> StoreError {
    StoreError::Away("the database has dropped what was written before".to_owned())
}

impl Store for SqliteStore {
    fn now(&mut self) -> Result<Timestamp, StoreError> {
        let now = (self.clock)();
        // As it is stored: what is read again compares equal.
        Ok(Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now))
    }

    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError> {
        self.begin_work()?;
        self.cache.evict();
        match inboxes::find_or_add(&self.db, inbox) {
            Ok(inbox) => Ok(Box::new(SqliteTransaction::new(self, inbox))),
            Err(error) => {
                self.drop_work(self.last_reply);
                Err(error)
            }
        }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        self.check_lost();
        match std::mem::replace(&mut self.open, OpenWork::None) {
            OpenWork::None => Ok(()),
            OpenWork::Lost => Err(lost()),
            OpenWork::Kept(_) => {
                let result = self.commit();
                if result.is_err() {
                    self.roll_back_all();
                }
                result
            }
        }
    }

    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError> {
        timers::due_inboxes(&self.db, most)
    }

    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError> {
        outbox::due_numbers(&self.db, most)
    }

    fn expire(&mut self, messages: i32, texts: Timestamp, events: Timestamp) -> Result<bool, StoreError> {
        let now = self.now()?;
        self.write(|db, expiry| {
            sessions::expire(db, now)?;
            expire(db, expiry, messages, texts, events)
        })
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<(), StoreError> {
        self.write(|db, _| sessions::put(db, row))
    }

    fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        self.write(|db, _| sessions::delete(db, hash))
    }

    fn retain_sessions(&mut self, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
        self.write(|db, _| sessions::retain(db, tokens))
    }
}

impl SqliteStore {
    /// Writes what is not of one inbox.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Connection, &mut Expiry) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.begin_work()?;
        match work(&self.db, &mut self.expiry) {
            Ok(done) => self.keep().map(|()| done),
            Err(error) => {
                self.drop_work(self.last_reply);
                Err(error)
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if self.last_reply != self.last_reply_written {
            outbox::write_last_id(&self.db, self.last_reply)?;
        }
        #[cfg(test)]
        self.cache.assert_current(&self.db);
        self.db.execute_batch("COMMIT").map_err(of_commit)?;
        self.last_reply_written = self.last_reply;
        Ok(())
    }
}
