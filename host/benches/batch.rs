//! What a durable decision costs without HTTP: batches of 256 messages against SQLite on disk.

#![allow(clippy::unwrap_used, reason = "a bench that panics has failed")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use std::sync::Arc;
use std::time::Instant;

use inbox_host::incoming::{NewMessage, Profile, SendBy};
use inbox_host::machine::{BatchRun, InboxSettings, Input, Item, LiveInbox, MAX_BATCH, run_batches};
use inbox_host::store::SqliteStore;
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
        let mut publisher = Publisher::new(Settings::default());
        let texts = Folder::from_texts([("inbox.toml", INBOX), ("default.rules", RULES)]);
        assert!(publisher.publish(&texts).is_accepted());
        let (mut release, mut live) = (publisher.release(), None);
        let settings = Arc::new(InboxSettings::default());
        let batches: Vec<Vec<Item>> = (0..messages / MAX_BATCH as u64)
            .map(|batch| {
                (0..MAX_BATCH as u64).map(|n| message(batch * MAX_BATCH as u64 + n, customers)).collect()
            })
            .collect();
        let started = Instant::now();
        let mut decided = 0_u32;
        for items in batches {
            decided += u32::try_from(items.len()).unwrap();
            (live, release) = run(&mut store, live, release, &settings, items);
        }
        let each = started.elapsed() / decided;
        println!("{name:<28} {:>9.1} µs {:>14.0}", each.as_secs_f64() * 1e6, 1.0 / each.as_secs_f64());
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
    store: &mut SqliteStore,
    live: Option<Box<LiveInbox>>,
    release: Arc<Release>,
    settings: &Arc<InboxSettings>,
    items: Vec<Item>,
) -> (Option<Box<LiveInbox>>, Arc<Release>) {
    let run = BatchRun { inbox: "main".into(), live, release, settings: Arc::clone(settings), items };
    match run_batches(store, vec![run]).pop() {
        Some(Input::BatchDone(_, live, Ok(result))) => (live, result.release),
        Some(Input::BatchDone(_, _, Err(error))) => panic!("{error}"),
        _ => panic!("nothing was done"),
    }
}
