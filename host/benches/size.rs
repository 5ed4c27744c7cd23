//! Large inboxes and many of them: how long the start takes with a million customers, what a thousand idle
//! inboxes weigh, how soon somebody who comes online has a chat while ten thousand wait.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that panics has failed")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use inbox_host::incoming::{NewMessage, Profile, SendBy};
use inbox_host::machine::{BatchRun, InboxSettings, Input, Item, LiveInbox, MAX_BATCH, run_batches};
use inbox_host::store::{SqliteStore, Store};
use inbox_rules::desk::CustomerRecord;
use inbox_rules::{Folder, Message, Publisher, Release, Settings};
use sha2::{Digest, Sha256};

const INBOX: &str =
    "[users.alice]\ncapacity = 5\n[users.bob]\n[users.carol]\n[groups]\nSales = [\"alice\", \"bob\"]\n";
const TOKEN: &str = "the token of the bench";

fn main() {
    let only = env::args().skip(1).find(|argument| argument != "--bench").unwrap_or_default();
    for (name, run) in [
        ("start with 1,000,000 customers and 100,000 open chats", start as fn()),
        ("1,000 idle inboxes", idle),
        ("online while 10,000 chats wait", online),
    ] {
        if name.contains(&only) {
            print!("{name:<56}");
            run();
        }
    }
}

fn start() {
    let folder = tempfile::tempdir().unwrap();
    let rules = "otherwise: assign group \"Sales\" by random";
    fill(folder.path(), rules, 100_000);
    let mut store = SqliteStore::open(&folder.path().join("inbox.db")).unwrap();
    for chunk in 0..900_u64 {
        let mut tx = store.begin(&"main".into()).unwrap();
        for n in 0..1000 {
            let id = 10_000_000 + chunk * 1000 + n;
            let name = format!("+44{id}").into();
            tx.put_customer(&CustomerRecord {
                id: format!("c{id}").into(),
                names: vec![name],
                ..CustomerRecord::default()
            })
            .unwrap();
        }
        tx.commit().unwrap();
        store.sync().unwrap();
    }
    drop(store);
    let began = Instant::now();
    let program = Program::start(folder.path());
    let listening = began.elapsed();
    let answered = program.patch_user("bob");
    println!(" listens after {listening:.2?}; the first call took {answered:.2?}");
}

fn idle() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..1000 {
        let inbox = folder.path().join("rules").join(format!("shop-{n}"));
        fs::create_dir_all(&inbox).unwrap();
        fs::write(inbox.join("inbox.toml"), INBOX).unwrap();
        fs::write(
            inbox.join("default.rules"),
            "otherwise: assign group \"Sales\" by least_chats, reply \"Hello.\"",
        )
        .unwrap();
    }
    settings(folder.path());
    let began = Instant::now();
    let program = Program::start(folder.path());
    let listening = began.elapsed();
    std::thread::sleep(Duration::from_secs(5));
    let status = fs::read_to_string(format!("/proc/{}/status", program.child.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default();
    println!(" {}; listens after {listening:.2?}", line.split_whitespace().collect::<Vec<_>>().join(" "));
}

fn online() {
    let folder = tempfile::tempdir().unwrap();
    fill(folder.path(), "otherwise: assign group \"Sales\" by least_chats among available", 10_000);
    let program = Program::start(folder.path());
    program.patch_user("carol");
    println!(" {:.2?} until five chats are theirs, durably", program.patch_user("alice"));
}

/// Makes a store with so many open chats, and the folder beside it.
fn fill(folder: &Path, rules: &str, chats: u64) {
    fs::create_dir(folder.join("rules")).unwrap();
    fs::write(folder.join("rules/inbox.toml"), INBOX).unwrap();
    fs::write(folder.join("rules/default.rules"), rules).unwrap();
    settings(folder);
    let mut publisher = Publisher::new(Settings::default());
    let texts = Folder::from_texts([("inbox.toml", INBOX), ("default.rules", rules)]);
    assert!(publisher.publish(&texts).is_accepted());
    let (mut release, mut live) = (publisher.release(), None);
    let settings = Arc::new(InboxSettings::default());
    let mut store = SqliteStore::open(&folder.join("inbox.db")).unwrap();
    for batch in 0..chats / MAX_BATCH as u64 {
        let items = (0..MAX_BATCH as u64).map(|n| message(batch * MAX_BATCH as u64 + n)).collect();
        (live, release) = run(&mut store, live, release, &settings, items);
    }
}

fn message(n: u64) -> Item {
    Item::Message(Box::new(NewMessage {
        number: "+15550100".into(),
        names: vec![(201_000_000_000 + n).to_string().into()],
        profile: Profile::default(),
        message: Message {
            id: Some(format!("wamid.{n}")),
            text: Some("Hello".to_owned()),
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
        _ => panic!("the batch was not handled"),
    }
}

fn settings(folder: &Path) {
    let hash = Sha256::digest(TOKEN).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
    let text = format!(
        "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n[[tokens]]\nname = \"bench\"\nsha256 = \"{hash}\"\ninbox = \"*\"\n\
         can = [\"read\", \"users\"]\n"
    );
    fs::write(folder.join("host.toml"), text).unwrap();
}

/// The program, until it is dropped.
struct Program {
    child: Child,
    address: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(folder: &Path) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_inbox-host"));
        command.arg(folder.join("rules")).arg("--config").arg(folder.join("host.toml"));
        command.args(["--store", &format!("sqlite:{}", folder.join("inbox.db").display())]);
        let mut child = command.env("INBOX_LOG", "error").stdout(Stdio::piped()).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let first: serde_json::Value = serde_json::from_str(&line).unwrap();
        let address = format!("http://{}", first["address"].as_str().unwrap());
        std::thread::spawn(move || output.lines().for_each(drop));
        Self { child, address }
    }

    /// How long the call takes that makes a user be online.
    fn patch_user(&self, user: &str) -> Duration {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let _ = rustls::crypto::ring::default_provider().install_default();
            let client = reqwest::Client::new();
            let request =
                client.patch(format!("{}/v1/inboxes/main/users/{user}", self.address)).bearer_auth(TOKEN);
            let request = request.json(&serde_json::json!({ "presence": "online" }));
            let began = Instant::now();
            let answer = request.send().await.unwrap();
            let took = began.elapsed();
            assert_eq!(answer.status().as_u16(), 200, "{}", answer.text().await.unwrap());
            took
        })
    }
}
