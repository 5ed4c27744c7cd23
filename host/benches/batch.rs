//! What a durable decision costs without HTTP: batches of messages against SQLite on disk, and against the PostgreSQL server
//! that `INBOX_TEST_POSTGRES` names.

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

use inbox_host::incoming::{NewMessage, Profile, SendBy};
use inbox_host::machine::{BatchRun, InboxSettings, Input, Item, LiveInbox, MAX_BATCH, run_batches};
use inbox_host::store::{SqliteStore, Store};
use inbox_rules::{Folder, Message, Publisher, Release, Settings};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const INBOX: &str = "[users.alice]\n[users.bob]\n[users.carol]\n[groups]\nSales = [\"alice\", \"bob\"]\n\
    Support = [\"carol\", \"bob\"]\n";

const RULES: &str = "rule \"refunds\" when message contains \"refund\": assign group \"Support\" by least_chats, tag \"refund\"\n\
    rule \"new\" when new_customer and any_online: assign group \"Sales\" by in_order, reply \"Welcome to my store.\"\n\
    rule \"nobody\" when all_offline: assign group \"Sales\" by least_chats for 5m else group \"Support\" by random, \
    reply \"We will answer soon.\" once per 8h\n\
    otherwise: assign owner else group \"Sales\" by most_waiting\n";

fn main() {
    // To run some of the rows only: `cargo bench -p inbox_host --bench batch -- 100`.
    let wanted = std::env::args().nth(1).filter(|word| !word.starts_with('-')).unwrap_or_default();
    println!("{:<28} {:>12} {:>14}", "", "a decision", "a second");
    for (name, customers, messages) in [
        ("new customers", u64::MAX, 40_000),
        ("10,000 customers", 10_000, 60_000),
        ("100 customers", 100, 40_000),
    ]
    .into_iter()
    .filter(|(name, ..)| name.starts_with(&wanted))
    {
        let folder = tempfile::tempdir().unwrap();
        let mut store = SqliteStore::open(&folder.path().join("inbox.db")).unwrap();
        let batches = batches(0..messages, customers, MAX_BATCH);
        let started = Instant::now();
        decide(&mut store, "main", batches);
        report(name, messages, started);
    }
    #[cfg(feature = "postgres")]
    postgres::run(&wanted);
}

fn report(name: &str, decided: u64, started: Instant) {
    let each = started.elapsed().as_secs_f64() / f64::from(u32::try_from(decided).unwrap());
    println!("{name:<28} {:>9.1} µs {:>14.0}", each * 1e6, 1.0 / each);
}

fn batches(messages: Range<u64>, customers: u64, size: usize) -> Vec<Vec<Item>> {
    let all: Vec<u64> = messages.collect();
    all.chunks(size).map(|some| some.iter().map(|n| message(*n, customers)).collect()).collect()
}

/// Decides batches, one after the other.
fn decide(store: &mut dyn Store, inbox: &str, batches: Vec<Vec<Item>>) {
    let mut publisher = Publisher::new(Settings::default());
    let texts = Folder::from_texts([("inbox.toml", INBOX), ("default.rules", RULES)]);
    assert!(publisher.publish(&texts).is_accepted());
    let (mut release, mut live) = (publisher.release(), None);
    let settings = Arc::new(InboxSettings::default());
    for items in batches {
        (live, release) = run(store, inbox, live, release, &settings, items);
    }
}

fn message(n: u64, customers: u64) -> Item {
    let text = if n.is_multiple_of(5) { "I want a refund" } else { "Hello, is it still there?" };
    Item::Message(Box::new(NewMessage {
        number: "+15550100".into(),
        names: vec![(201_000_000_000 + n % customers).to_string().into()],
        profile: Profile {
            name: Some("Mona".to_owned()),
            country: Some("EG".to_owned()),
            ..Profile::default()
        },
        message: Message {
            id: Some(format!("wamid.{n}")),
            text: Some(text.to_owned()),
            ..Message::default()
        },
        sent_at: None,
        held: false,
        send: SendBy::Caller,
    }))
}

fn run(
    store: &mut dyn Store,
    inbox: &str,
    live: Option<Box<LiveInbox>>,
    release: Arc<Release>,
    settings: &Arc<InboxSettings>,
    items: Vec<Item>,
) -> (Option<Box<LiveInbox>>, Arc<Release>) {
    let run = BatchRun { inbox: inbox.into(), live, release, settings: Arc::clone(settings), items };
    match run_batches(store, vec![run]).pop() {
        Some(Input::BatchDone(_, live, Ok(result))) => (live, result.release),
        Some(Input::BatchDone(_, _, Err(error))) => panic!("{error}"),
        _ => panic!("nothing was done"),
    }
}

#[cfg(feature = "postgres")]
mod postgres {
    use std::ops::Range;
    use std::thread;
    use std::time::Instant;

    use inbox_host::store::PostgresStore;

    use super::{batches, decide, report};

    /// So many writers, each with inboxes of its own, and the size of a batch. All customers have written before.
    const ROWS: [(&str, usize, usize); 4] = [
        ("PostgreSQL, 256", 1, 256),
        ("PostgreSQL, 64", 1, 64),
        ("PostgreSQL, 64, 6 writers", 6, 64),
        ("PostgreSQL, 16, 6 writers", 6, 16),
    ];

    pub(super) fn run(wanted: &str) {
        let Ok(server) = std::env::var("INBOX_TEST_POSTGRES") else {
            println!("PostgreSQL: skipped, INBOX_TEST_POSTGRES is not set");
            return;
        };
        for (name, writers, size) in ROWS.into_iter().filter(|(name, ..)| name.starts_with(wanted)) {
            let database = Database::make(&server);
            let (customers, each) = (2_000, 30_000 / writers as u64);
            let of = |writer: usize| format!("inbox{writer}");
            let write = |messages: Range<u64>| {
                thread::scope(|scope| {
                    for writer in 0..writers {
                        let (url, messages) = (&database.url, messages.clone());
                        scope.spawn(move || {
                            let mut store = PostgresStore::open(url).unwrap();
                            decide(&mut store, &of(writer), batches(messages, customers, size));
                        });
                    }
                });
            };
            write(0..customers);
            let started = Instant::now();
            write(customers..customers + each);
            report(name, each * writers as u64, started);
        }
    }

    /// A database of its own, which goes with it.
    struct Database {
        server: String,
        name: String,
        url: String,
    }

    impl Database {
        fn make(server: &str) -> Self {
            let name = format!("inbox_bench_{}", std::process::id());
            let (address, options) = server.split_once('?').unwrap_or((server, ""));
            let (machine, _) = address.rsplit_once('/').unwrap();
            let url = format!("{machine}/{name}?{options}");
            let database = Self { server: server.to_owned(), name, url };
            database.run("DROP DATABASE IF EXISTS");
            database.run("CREATE DATABASE");
            database
        }

        fn run(&self, what: &str) {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let (client, connection) =
                    tokio_postgres::connect(&self.server, tokio_postgres::NoTls).await.unwrap();
                tokio::spawn(connection);
                client.batch_execute(&format!("{what} {}", self.name)).await.unwrap();
            });
        }
    }

    impl Drop for Database {
        fn drop(&mut self) {
            self.run("DROP DATABASE");
        }
    }
}
