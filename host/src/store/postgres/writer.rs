//! A connection that writes.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::address::{ServerAddress, parse};
use super::database::Database;
use super::days::{DailyTable, day_of, make, needed, partitions};
use super::expire::{KeptSince, expire_days, expire_rows};
use super::inboxes::{self, LockedInbox};
use super::keys::InboxNumber;
use super::migrate::migrate;
use super::query::{Query, ReadRow, advisory_lock, server_clock};
use super::reader::PostgresReader;
use super::transaction::PostgresTransaction;
use super::{outbox, sessions, timers};
use crate::store::columns::moment;
use crate::store::{DueInbox, DueReplies, InboxHead, SessionRow, Store, StoreError, Transaction};

/// A store in a PostgreSQL database: one connection, for one thread. Any number of them, of any number of
/// processes, write to a database.
pub struct PostgresStore {
    pub(super) db: Database,
    address: ServerAddress,
    /// The numbers of inboxes that are known.
    numbers: HashMap<Arc<str>, InboxNumber>,
    /// The days that have partitions for entries and texts.
    days: BTreeSet<i32>,
    clock: Option<ServerClock>,
    stamps: StdRng,
    /// When it last said that this node is alive.
    alive_at: Option<Instant>,
    /// The last inbox that was looked at for what is too old.
    expired: InboxNumber,
}

/// What the clock of the server said, and when.
#[derive(Debug, Clone, Copy)]
struct ServerClock {
    said: Timestamp,
    at: Instant,
}

/// For so long the time is extrapolated from what the clock of the server said.
const MAX_CLOCK_AGE: Duration = Duration::from_secs(1);

/// How often it says that this node is alive.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(2);

/// For how long messages are kept at least, in days, before the settings say it.
const KEEP_MESSAGES_DAYS: i32 = 10;

/// A lock that is taken by the one who drops what is too old.
const TRY_EXPIRE: &str = advisory_lock!("pg_try_advisory_lock", 3);
const END_EXPIRE: &str = advisory_lock!("pg_advisory_unlock", 3);

const NOW: &str = concat!("SELECT ", server_clock!());

impl PostgresStore {
    /// Opens the store at an address, `postgres://user@machine/database`. The schema is made or brought up to
    /// date.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let address = parse(url)?;
        #[expect(clippy::disallowed_methods, reason = "another stamp in each process")]
        let stamps = StdRng::from_rng(&mut rand::rng());
        let mut store = Self {
            db: Database::new(address.clone())?,
            address,
            numbers: HashMap::new(),
            days: BTreeSet::new(),
            clock: None,
            stamps,
            alive_at: None,
            expired: InboxNumber(0),
        };
        migrate(&mut store.db)?;
        store.make_days()?;
        Ok(store)
    }

    /// A reader on a connection of its own.
    ///
    /// # Errors
    ///
    /// [`StoreError`].
    pub fn reader(&self) -> Result<PostgresReader, StoreError> {
        PostgresReader::open(self.address.clone())
    }

    /// A function that opens readers of this store.
    pub fn reader_opener(&self) -> impl Fn() -> Result<PostgresReader, StoreError> + Send + Sync + 'static {
        let address = self.address.clone();
        move || PostgresReader::open(address.clone())
    }

    /// The partitions that are needed now are made.
    fn make_days(&mut self) -> Result<(), StoreError> {
        let today = day_of(self.now()?);
        let wanted = needed(today, today - KEEP_MESSAGES_DAYS);
        if wanted.is_subset(&partitions(&mut self.db)?) {
            return self.learn_days();
        }
        let made = self.db.in_transaction(|db| make(db, &wanted));
        self.learn_days()?;
        // A backup that reads all tables keeps new ones from being made. They can wait as long as today has its own.
        if self.has_day(today) { Ok(()) } else { made }
    }

    fn learn_days(&mut self) -> Result<(), StoreError> {
        let found = partitions(&mut self.db)?;
        let days = |table| found.iter().filter(move |(of, _)| *of == table).map(|(_, day)| *day);
        let texts: BTreeSet<i32> = days(DailyTable::Texts).collect();
        self.days = days(DailyTable::Events).filter(|day| texts.contains(day)).collect();
        Ok(())
    }

    /// Whether entries and texts of this day have partitions.
    pub(super) fn has_day(&self, day: i32) -> bool {
        self.days.contains(&day)
    }

    /// Days were made.
    pub(super) fn add_days(&mut self, days: &[i32]) {
        self.days.extend(days);
    }

    /// Which days there are is no longer known.
    pub(super) fn forget_days(&mut self) {
        self.days.clear();
    }

    /// The day, as far as is known.
    pub(super) fn today(&self) -> i32 {
        self.clock.map_or(0, |clock| day_of(clock.said))
    }

    pub(super) fn next_stamp(&mut self) -> u64 {
        self.stamps.random()
    }

    /// Locks the row of an inbox, in a transaction that it begins.
    fn lock(&mut self, inbox: &Arc<str>) -> Result<(InboxNumber, LockedInbox), StoreError> {
        if self.db.connect()? {
            // It may be another server, which has given other numbers.
            self.numbers.clear();
        }
        for _ in 0..2 {
            let number = match self.numbers.get(inbox) {
                Some(number) => *number,
                None => inboxes::find_or_add(&mut self.db, inbox)?,
            };
            let found = self.db.begin(inboxes::lock(number))?;
            match found.first().map(inboxes::head).transpose()? {
                Some(head) if head.name == *inbox => {
                    self.numbers.insert(Arc::clone(inbox), number);
                    return Ok((number, head));
                }
                _ => {
                    self.numbers.remove(inbox);
                    self.db.roll_back();
                }
            }
        }
        Err(StoreError::Away("the row of the inbox is missing".to_owned()))
    }
}

impl Store for PostgresStore {
    fn now(&mut self) -> Result<Timestamp, StoreError> {
        #[expect(clippy::disallowed_methods, reason = "the clock of the server is asked once a second")]
        let at = Instant::now();
        if let Some(clock) = self.clock
            && at.duration_since(clock.at) < MAX_CLOCK_AGE
            && let Ok(now) = clock.said.checked_add(at.duration_since(clock.at))
        {
            // As it is stored: what is read again compares equal.
            return moment(now.as_microsecond());
        }
        let rows = self.db.ask_one(Query::new(NOW))?;
        let said = match rows.first() {
            Some(row) => row.moment(0)?,
            None => return Err(StoreError::Away("the server does not tell the time".to_owned())),
        };
        self.clock = Some(ServerClock { said, at });
        Ok(said)
    }

    fn begin(&mut self, inbox: &Arc<str>) -> Result<Box<dyn Transaction + '_>, StoreError> {
        match self.lock(inbox) {
            Ok((number, head)) => Ok(Box::new(PostgresTransaction::new(self, number, head))),
            Err(error) => {
                self.db.roll_back();
                Err(error)
            }
        }
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    fn timers_due(&mut self, most: usize) -> Result<Vec<DueInbox>, StoreError> {
        timers::due_inboxes(&mut self.db, most)
    }

    fn replies_due(&mut self, most: usize) -> Result<Vec<DueReplies>, StoreError> {
        outbox::due_numbers(&mut self.db, most)
    }

    fn heads(&mut self) -> Result<Vec<InboxHead>, StoreError> {
        inboxes::heads(&mut self.db)
    }

    fn count_nodes(&mut self, node: u64) -> Result<usize, StoreError> {
        const SAY: &str = concat!(
            "INSERT INTO nodes VALUES ($1, ",
            server_clock!(),
            ") ON CONFLICT (node) DO UPDATE SET seen = excluded.seen"
        );
        const GONE: &str = concat!("DELETE FROM nodes WHERE seen < ", server_clock!(), " - 10000000");
        #[expect(clippy::disallowed_methods, reason = "the clock of the server is asked every other second")]
        let now = Instant::now();
        if self.alive_at.is_none_or(|at| now.duration_since(at) >= HEARTBEAT_EVERY) {
            self.db.in_transaction(|db| {
                // Nobody has to wait for the disk.
                let fast = Query::new("SET LOCAL synchronous_commit = off");
                db.ask(&[fast, Query::new(SAY).with(node.cast_signed()), Query::new(GONE)]).map(drop)
            })?;
            self.alive_at = Some(now);
        }
        let rows = self.db.ask_one(Query::new("SELECT count(*) FROM nodes"))?;
        let count = rows.first().map_or(Ok(1), |row| row.count(0))?;
        Ok(usize::try_from(count).unwrap_or(usize::MAX))
    }

    fn leave(&mut self, node: u64) -> Result<(), StoreError> {
        const GONE: &str = "DELETE FROM nodes WHERE node = $1";
        self.db.ask_one(Query::new(GONE).with(node.cast_signed())).map(drop)
    }

    fn put_session(&mut self, row: &SessionRow) -> Result<(), StoreError> {
        sessions::put(&mut self.db, row)
    }

    fn delete_session(&mut self, hash: &[u8; 32]) -> Result<(), StoreError> {
        sessions::delete(&mut self.db, hash)
    }

    fn retain_sessions(&mut self, tokens: &[[u8; 32]]) -> Result<(), StoreError> {
        sessions::retain(&mut self.db, tokens)
    }

    fn expire(&mut self, messages: i32, texts: Timestamp, events: Timestamp) -> Result<bool, StoreError> {
        let kept = KeptSince { messages, texts, events };
        let now = self.now()?;
        let taken = self.db.ask_one(Query::new(TRY_EXPIRE))?;
        let is_taken = taken.first().map_or(Ok(false), |row| row.value(0))?;
        let more = if is_taken {
            let days = expire_days(&mut self.db, day_of(now), kept);
            let sessions = days.and_then(|()| sessions::expire(&mut self.db, now));
            let more = sessions.and_then(|()| expire_rows(&mut self.db, &mut self.expired, kept));
            if self.db.send(&[Query::new(END_EXPIRE)]).is_err() {
                // The lock goes with the connection.
                self.db.disconnect();
            }
            more?
        } else {
            false
        };
        self.learn_days()?;
        Ok(more)
    }
}
