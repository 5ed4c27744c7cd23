//! Tests of the PostgreSQL store, on the server that `INBOX_TEST_POSTGRES` names.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::PostgresStore;
use super::address::parse;
use super::database::Database;
use super::query::{Query, ReadRow};
use crate::store::contract::{Calls, Stored, agree, contract, decision_times};
use crate::store::{
    LogRow, MessageKey, MessageRow, NoticeRow, Page, SqliteStore, Store, StoreError, StoreReader, Transaction,
};

/// A database of its own on the server for tests, which goes with it.
pub(crate) struct TestDatabase {
    server: Database,
    url: String,
    name: String,
}

impl TestDatabase {
    /// `None`, and a word about it: there is no server. In CI there has to be one.
    pub(crate) fn make() -> Option<Self> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        #[expect(clippy::disallowed_methods, reason = "whoever runs the tests names the server")]
        let [url, ci] = ["INBOX_TEST_POSTGRES", "CI"].map(std::env::var);
        let Ok(server) = url else {
            assert!(ci.is_err(), "INBOX_TEST_POSTGRES is not set");
            println!("skipped: INBOX_TEST_POSTGRES is not set");
            return None;
        };
        let name = format!("inbox_test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let (address, options) =
            server.split_once('?').map_or((&*server, ""), |(address, rest)| (address, rest));
        let (machine, _) = address.rsplit_once('/').unwrap();
        let url = format!("{machine}/{name}?{options}");
        let mut server = Database::new(parse(&server).unwrap()).unwrap();
        server.connect().unwrap();
        server.run_script(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")).unwrap();
        Some(Self { server, url, name })
    }

    pub(crate) fn store(&self) -> PostgresStore {
        PostgresStore::open(&self.url).unwrap()
    }

    fn stored(&self) -> Stored {
        let store = self.store();
        let reader = store.reader().unwrap();
        Stored { store: Box::new(store), reader: Box::new(reader) }
    }

    /// A connection for what no store does.
    fn connection(&self) -> Database {
        let mut db = Database::new(parse(&self.url).unwrap()).unwrap();
        db.connect().unwrap();
        db
    }

    /// Drops all rows.
    fn clear(&self) {
        const CLEAR: &str = "DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public'
                AND tablename NOT IN ('schema_steps', 'inbox_keys') AND tablename !~ '_[0-9]+$'
                AND tablename <> 'messages_other'
            LOOP EXECUTE format('DELETE FROM %I', name); END LOOP; END $$";
        self.connection().run_script(CLEAR).unwrap();
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        self.server.run_script(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)).unwrap();
    }
}

#[test]
fn a_store_keeps_the_contract() {
    let Some(database) = TestDatabase::make() else { return };
    contract(|| {
        let stored = database.stored();
        database.clear();
        stored
    });
}

/// A store in memory of its own.
fn sqlite() -> Stored {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let name = format!("beside{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let store = SqliteStore::in_memory(&name, Box::new(|| Timestamp::UNIX_EPOCH)).unwrap();
    let reader = store.reader().unwrap();
    Stored { store: Box::new(store), reader: Box::new(reader) }
}

#[test]
fn random_calls_do_the_same_as_in_sqlite() {
    let Some(database) = TestDatabase::make() else { return };
    let stored = RefCell::new(database.stored());
    let calls = (prop::collection::vec(any::<[u8; 4]>(), 0..12), any::<bool>());
    // A case takes long.
    let mut runner = TestRunner::new(ProptestConfig::with_cases(ProptestConfig::default().cases / 8));
    let run = |(calls, is_first): (Vec<Calls>, bool)| {
        let mut stored = stored.borrow_mut();
        database.clear();
        if is_first {
            agree(&mut stored, &mut sqlite(), &calls);
        } else {
            agree(&mut sqlite(), &mut stored, &calls);
        }
        Ok(())
    };
    runner.run(&(prop::collection::vec(calls, 0..12), any::<bool>()), run).unwrap();
}

#[test]
fn nodes_that_start_at_once_make_one_schema() {
    let Some(database) = TestDatabase::make() else { return };
    thread::scope(|scope| {
        let nodes: Vec<_> = (0..4).map(|_| scope.spawn(|| drop(database.store()))).collect();
        for node in nodes {
            node.join().unwrap();
        }
    });
}

#[test]
fn nodes_are_counted() {
    let Some(database) = TestDatabase::make() else { return };
    let (mut one, mut other) = (database.store(), database.store());
    assert_eq!(one.count_nodes(1).unwrap(), 1);
    assert_eq!(other.count_nodes(u64::MAX).unwrap(), 2);
    database.connection().run_script("UPDATE nodes SET seen = seen - 11000000 WHERE node = 1").unwrap();
    let mut third = database.store();
    assert_eq!(third.count_nodes(3).unwrap(), 2);
    // One that ends is not counted from then on.
    third.leave(3).unwrap();
    assert_eq!(other.count_nodes(u64::MAX).unwrap(), 1);
}

#[test]
fn a_newer_schema_is_refused() {
    let Some(database) = TestDatabase::make() else { return };
    drop(database.store());
    database.connection().run_script("INSERT INTO schema_steps VALUES (99)").unwrap();
    let refused = PostgresStore::open(&database.url).err().unwrap();
    assert!(matches!(refused, StoreError::Newer { found: 99, known: 1 }), "{refused}");
}

const KEY: MessageKey = MessageKey { day: 1, hash: [7; 16] };

fn main() -> Arc<str> {
    "main".into()
}

/// Adds a notice, and says which one it is.
fn add_notice(tx: &mut dyn Transaction) -> u64 {
    let body = serde_json::value::to_raw_value(&1).unwrap();
    let (kind, at) = ("echo".to_owned(), Timestamp::UNIX_EPOCH);
    tx.add_notice(&NoticeRow { seq: 0, at, kind, number: None, customer: None, body }).unwrap()
}

#[test]
fn an_inbox_is_written_by_one_at_a_time() {
    let Some(database) = TestDatabase::make() else { return };
    drop(database.store());
    thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut store = database.store();
                for _ in 0..20 {
                    let mut tx = store.begin(&main()).unwrap();
                    let seq = add_notice(&mut *tx);
                    let before = tx.message(&KEY).unwrap().map_or(0, |row| row.seq);
                    assert_eq!(before + 1, seq);
                    tx.put_message(&KEY, MessageRow { seq, held: false }).unwrap();
                    tx.commit().unwrap();
                }
            });
        }
    });
    let mut reader = database.store().reader().unwrap();
    assert_eq!(reader.notices("main", Page { after: 0, limit: 100 }).unwrap().len(), 60);
}

/// Ends all connections to the database but the present one.
fn end_connections(database: &TestDatabase) {
    const SQL: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.connection().ask_one(Query::new(SQL)).unwrap();
}

#[test]
fn a_lost_connection_is_opened_again() {
    let Some(database) = TestDatabase::make() else { return };
    let mut store = database.store();
    let mut reader = store.reader().unwrap();
    for round in 1..=3 {
        let mut tx = store.begin(&main()).unwrap();
        assert_eq!(add_notice(&mut *tx), round);
        end_connections(&database);
        // Nothing may have been written, and it is not known that nothing was.
        let lost = tx.commit().unwrap_err();
        assert!(matches!(lost, StoreError::Unknown(_) | StoreError::Away(_)), "{lost}");
        let mut tx = store.begin(&main()).unwrap();
        assert_eq!(add_notice(&mut *tx), round);
        tx.commit().unwrap();
        end_connections(&database);
        assert_eq!(reader.notices("main", Page { after: 0, limit: 9 }).unwrap().len() as u64, round);
        store.now().unwrap();
        store.timers_due(9).unwrap();
    }
}

#[test]
fn a_stalled_transaction_frees_its_inbox() {
    let Some(database) = TestDatabase::make() else { return };
    let (mut stalled, mut other) = (database.store(), database.store());
    let mut tx = stalled.begin(&main()).unwrap();
    add_notice(&mut *tx);
    #[expect(clippy::disallowed_methods, reason = "it is measured")]
    let began = Instant::now();
    let mut second = other.begin(&main()).unwrap();
    assert!(began.elapsed() > Duration::from_secs(2));
    assert_eq!(add_notice(&mut *second), 1);
    second.commit().unwrap();
    tx.commit().unwrap_err();
    assert_eq!(stalled.reader().unwrap().notices("main", Page { after: 0, limit: 9 }).unwrap().len(), 1);
}

/// Somebody who waits for an answer is told soon that there is none.
#[test]
fn a_reader_does_not_wait_long_for_a_lock() {
    let Some(database) = TestDatabase::make() else { return };
    let mut store = database.store();
    let mut tx = store.begin(&main()).unwrap();
    add_notice(&mut *tx);
    tx.commit().unwrap();
    let mut reader = store.reader().unwrap();
    let page = Page { after: 0, limit: 9 };
    let mut other = database.connection();
    other.run_script("SET idle_in_transaction_session_timeout = 0").unwrap();
    other.begin(Query::new("LOCK TABLE notices")).unwrap();
    #[expect(clippy::disallowed_methods, reason = "it is measured")]
    let began = Instant::now();
    let error = reader.notices("main", page).unwrap_err();
    assert!(matches!(error, StoreError::Away(_)), "{error}");
    assert!(began.elapsed() < Duration::from_millis(4500), "{:?}", began.elapsed());
    other.roll_back();
    assert_eq!(reader.notices("main", page).unwrap().len(), 1);
}

#[test]
fn rows_of_a_day_without_partition_move_into_it() {
    let Some(database) = TestDatabase::make() else { return };
    let mut store = database.store();
    let today = super::days::day_of(store.now().unwrap());
    let key = |day| MessageKey { day, hash: [9; 16] };
    let later = [today + 8, today + 9];
    let mut tx = store.begin(&main()).unwrap();
    for day in later {
        tx.put_message(&key(day + 20), MessageRow { seq: 1, held: false }).unwrap();
        tx.put_message(&key(day), MessageRow { seq: u64::from(day.unsigned_abs()), held: false }).unwrap();
    }
    tx.commit().unwrap();
    let wanted = later.map(|day| (super::days::DailyTable::Messages, day));
    let mut db = database.connection();
    db.in_transaction(|db| super::days::make(db, &wanted.into())).unwrap();
    let rows = db.ask_one(Query::new("SELECT count(*) FROM messages_other")).unwrap();
    assert_eq!(rows[0].count(0).unwrap(), 2);
    let mut tx = store.begin(&main()).unwrap();
    assert_eq!(tx.message(&key(later[1])).unwrap().unwrap().seq, u64::from(later[1].unsigned_abs()));
}

/// Somebody has dropped a day that the store still knows. It is made again, whenever in a transaction that is found out.
#[test]
fn a_day_that_was_dropped_is_made_again() {
    let Some(database) = TestDatabase::make() else { return };
    let mut store = database.store();
    let today = super::days::day_of(store.now().unwrap());
    let write = |store: &mut PostgresStore, seq, reads: bool| {
        let mut tx = store.begin(&main())?;
        let now = Timestamp::from_second(i64::from(today) * 86_400).unwrap();
        let record = serde_json::json!({ "seq": seq, "at": now, "kind": "rules", "digest": "sha256:1" });
        tx.add_log(&LogRow { record: serde_json::from_value(record).unwrap(), routed: None })?;
        if reads {
            tx.log_from(1, 9)?;
        }
        tx.commit()
    };
    for (seq, reads) in [(1, false), (2, true)] {
        database
            .connection()
            .run_script(&super::days::drop_one(super::days::DailyTable::Events, today))
            .unwrap();
        write(&mut store, seq, reads).unwrap_err();
        write(&mut store, seq, reads).unwrap();
    }
}

#[test]
fn a_server_that_is_not_there_is_away() {
    let error = PostgresStore::open("postgres://nobody@127.0.0.1:1/none").err().unwrap();
    let told = error.to_string();
    assert!(told.starts_with("the store cannot be used: ") && told.contains("refused"), "{told}");
    let error = PostgresStore::open("postgres://nobody@127.0.0.1:port/none").err().unwrap();
    assert!(matches!(error, StoreError::Away(_)));
}

#[test]
fn a_server_is_reached_over_tls() {
    const IS_USED: &str = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    const CERTIFICATE: &str =
        "SELECT pg_read_file(current_setting('ssl_cert_file')) WHERE current_setting('ssl')::boolean";
    let Some(mut database) = TestDatabase::make() else { return };
    let rows = database.server.ask_one(Query::new(CERTIFICATE)).unwrap();
    let Some(certificate) = rows.first().map(|row| row.text(0).unwrap()) else {
        println!("skipped: the server has no TLS");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("server.crt");
    std::fs::write(&root, certificate).unwrap();
    let address = database.url.split_once('?').unwrap().0;
    let connect = |options: &str| {
        let mut db = Database::new(parse(&format!("{address}?{options}"))?)?;
        let rows = db.ask_one(Query::new(IS_USED))?;
        rows[0].value::<bool>(0)
    };
    for (options, expected) in [("sslmode=disable", false), ("", true), ("sslmode=require", true)] {
        assert_eq!(connect(options).unwrap(), expected, "{options}");
    }
    assert!(connect(&format!("sslmode=verify-full&sslrootcert={}", root.display())).unwrap());
    let error = connect("sslmode=verify-full").unwrap_err().to_string();
    assert!(error.contains("certificate"), "{error}");
}

#[test]
fn options_that_are_not_supported_say_so() {
    let refusal =
        |options: &str| parse(&format!("postgres://machine/db?{options}")).err().unwrap().to_string();
    let of = "the store cannot be used: the address of the store: ";
    let expected = "write `sslmode=verify-full`, which checks the server's name, too";
    assert_eq!(refusal("sslmode=verify-ca"), format!("{of}{expected}"));
    assert_eq!(refusal("sslrootcert=/x"), format!("{of}`sslrootcert` needs `sslmode=verify-full`"));
    assert!(refusal("sslmode=verify-full&sslrootcert=/none").contains("`/none` cannot be used"));
    assert!(refusal("sslmode=verify-full&sslrootcert=%2Fno%20ne%c3%a9").contains("`/no neé` cannot be used"));
    for path in ["%2", "%+1", "%ff", "a%"] {
        let said = refusal(&format!("sslmode=verify-full&sslrootcert={path}"));
        assert_eq!(said, format!("{of}`sslrootcert` is not a path"));
    }
    assert!(refusal("sslkey=secret").contains("sslkey"));
    assert!(!refusal("password=secret&x=secret").contains("secret"));
}

/// Without statistics of its own, a new database must not make a statement look at all rows of the inbox.
#[test]
fn a_decision_reads_few_rows() {
    const READ: &str = "SELECT sum(idx_tup_read)::bigint FROM pg_stat_user_indexes";
    let rows_of_a_decision = || {
        let database = TestDatabase::make()?;
        drop(database.store());
        let read = || {
            // The figures of a connection are there soon after it has ended.
            thread::sleep(Duration::from_millis(500));
            let rows = database.connection().ask_one(Query::new(READ)).unwrap();
            rows[0].value::<i64>(0).unwrap()
        };
        let before = read();
        decision_times(&mut database.stored(), 512, 64, || Timestamp::UNIX_EPOCH);
        Some((read() - before) / 1024)
    };
    // On a busy server old versions of rows stay in the indexes for longer, and are read too. The store itself reads the same.
    let few = |rows: &i64| *rows < 40;
    let Some(first) = rows_of_a_decision() else { return };
    assert!(few(&first) || (0..2).filter_map(|_| rows_of_a_decision()).any(|rows| few(&rows)), "{first}");
}

#[test]
#[ignore = "a measurement: run it with optimisations"]
fn the_time_of_a_decision() {
    let Some(database) = TestDatabase::make() else { return };
    for batch in [4, 64, 256] {
        let mut stored = database.stored();
        database.clear();
        #[expect(clippy::disallowed_methods, reason = "it is measured")]
        let [new, again] = decision_times(&mut stored, 64 * batch.max(64), batch, Timestamp::now);
        println!("batches of {batch}: customers who are new: {new:?}, who come again: {again:?}");
    }
}
