//! How many webhooks a second the host decides durably, beside a bare handler that checks the same signature
//! and parses the same JSON. Both run as programs of their own; the client keeps so many requests in flight.
//! PostgreSQL is a server of the bench's own, on the same machine.
//!
//! ```text
//! cargo bench -p inbox_host --bench load              # all of it
//! cargo bench -p inbox_host --bench load -- bare      # only what contains "bare"
//! ```

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a bench that panics has failed")]
#![allow(clippy::disallowed_methods, reason = "it measures")]

use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use self::postgres::{Postgres, program};

#[path = "../tests/faults/postgres.rs"]
#[expect(dead_code, reason = "here no server is killed")]
mod postgres;

const SECRET: &str = "the secret of the bench";
const SECONDS: u64 = 8;

/// What is measured.
struct Case {
    name: &'static str,
    server: ServerKind,
    /// How many requests are in flight at most.
    in_flight: u64,
    /// How many requests are sent a second; 0: as fast as answers come.
    per_second: u64,
    customers: u64,
}

#[derive(Clone, Copy)]
enum ServerKind {
    Bare,
    Sqlite,
    /// So many nodes on one database, with so many inboxes, and so many messages in a webhook.
    Postgres {
        nodes: usize,
        inboxes: u64,
        messages: u64,
    },
}

const fn case(
    name: &'static str,
    server: ServerKind,
    in_flight: u64,
    per_second: u64,
    customers: u64,
) -> Case {
    Case { name, server, in_flight, per_second, customers }
}

const fn postgres(nodes: usize, inboxes: u64, messages: u64) -> ServerKind {
    ServerKind::Postgres { nodes, inboxes, messages }
}

const CASES: [Case; 13] = [
    case("bare handler, 512 in flight", ServerKind::Bare, 512, 0, 1),
    case("SQLite, new customers, 512 in flight", ServerKind::Sqlite, 512, 0, u64::MAX),
    case("SQLite, 10,000 customers, 512 in flight", ServerKind::Sqlite, 512, 0, 10_000),
    case("SQLite, 10,000 customers, 5,000 a second", ServerKind::Sqlite, 512, 5000, 10_000),
    case("SQLite, 2,000 a second, a reload every 100 ms", ServerKind::Sqlite, 512, 2000, 10_000),
    case("PostgreSQL, 1 node, 1 inbox", postgres(1, 1, 1), 1024, 0, 10_000),
    case("PostgreSQL, 3 nodes, 1 inbox", postgres(3, 1, 1), 1024, 0, 10_000),
    case("PostgreSQL, 3 nodes, 1 inbox, 4,000 a second", postgres(3, 1, 1), 1024, 4000, 10_000),
    case("PostgreSQL, 1 node, 1,000 inboxes", postgres(1, 1000, 1), 1024, 0, 10_000),
    case("PostgreSQL, 3 nodes, 1,000 inboxes", postgres(3, 1000, 1), 1024, 0, 10_000),
    case("PostgreSQL, 1 node, 1,000 inboxes, 64 a webhook", postgres(1, 1000, 64), 64, 0, 10_000),
    case("PostgreSQL, 3 nodes, 1,000 inboxes, 64 a webhook", postgres(3, 1000, 64), 64, 0, 10_000),
    case("PostgreSQL, 3 nodes, 1,000 inboxes, 64 a webhook, half", postgres(3, 1000, 64), 64, 117, 10_000),
];

/// A server that is killed when it is no longer needed.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    if arguments.first().is_some_and(|first| first == "serve-bare") {
        return runtime.block_on(serve_bare());
    }
    let only = arguments.first().map_or("", String::as_str);
    println!("{:<52} {:>10} {:>9} {:>9} {:>9}", "", "a second", "50 %", "99 %", "longest");
    for case in CASES.iter().filter(|case| case.name.contains(only)) {
        let folder = tempfile::tempdir().unwrap();
        let (servers, database) = start_servers(case.server, folder.path());
        let _reloads = case.name.contains("reload").then(|| Reloads::start(folder.path()));
        let addresses: Vec<String> = servers.iter().map(|server| server.address.clone()).collect();
        let measured = runtime.block_on(load(&addresses, case));
        println!("{:<52} {measured}", case.name);
        // Before their database.
        drop(servers);
        if let (Some(database), ServerKind::Postgres { inboxes, nodes: 3, messages }, 0) =
            (&database, case.server, case.per_second)
        {
            for batch in if messages > 1 { [messages, 256] } else { [8, 64] } {
                let rate = pgbench(database, inboxes, batch);
                println!(
                    "{:<52} {rate:>10.0}",
                    format!("  pgbench, the same writes, {batch} messages a transaction")
                );
            }
        }
    }
}

fn start_servers(kind: ServerKind, folder: &Path) -> (Vec<Server>, Option<Postgres>) {
    match kind {
        ServerKind::Bare => (vec![start_bare()], None),
        ServerKind::Sqlite => {
            write_inboxes(folder, 1);
            let store = format!("sqlite:{}", folder.join("inbox.db").display());
            (vec![start_host(folder, &store)], None)
        }
        ServerKind::Postgres { nodes, inboxes, .. } => {
            write_inboxes(folder, inboxes);
            let database = Postgres::start();
            let store = format!("postgres://postgres@127.0.0.1:{}/postgres?sslmode=disable", database.port);
            ((0..nodes).map(|_| start_host(folder, &store)).collect(), Some(database))
        }
    }
}

/// How many messages a second `pgbench` writes, so many a transaction, from eight connections.
fn pgbench(database: &Postgres, inboxes: u64, batch: u64) -> f64 {
    let script = tempfile::Builder::new().permissions(fs::Permissions::from_mode(0o644)).tempfile().unwrap();
    fs::write(script.path(), include_str!("load/limit.sql")).unwrap();
    let mut command = program("pgbench");
    command.args(["-n", "-U", "postgres", "-h", "127.0.0.1", "-c", "8", "-j", "2", "-T", "8"]);
    command.env(
        "PGOPTIONS",
        "-c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c jit=off -c plan_cache_mode=force_generic_plan",
    );
    command.args(["-M", "prepared", "-p", &database.port.to_string()]);
    command.args(["-D", &format!("inboxes={inboxes}"), "-D", &format!("batch={batch}"), "-f"]);
    let output = command.arg(script.path()).arg("postgres").output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout).into_owned();
    let tps = told.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse().ok());
    let tps: f64 =
        tps.unwrap_or_else(|| panic!("pgbench: {told}\n{}", String::from_utf8_lossy(&output.stderr)));
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    return tps * batch as f64;
}

/// The rules change every 100 ms, until this is dropped.
struct Reloads(Arc<AtomicBool>);

impl Reloads {
    fn start(folder: &Path) -> Self {
        let (stopped, path) = (Arc::new(AtomicBool::new(false)), folder.join("rules/+15550000100.rules"));
        let text = fs::read_to_string(&path).unwrap();
        let stop = Arc::clone(&stopped);
        std::thread::spawn(move || {
            for n in 0.. {
                if stop.load(Ordering::Relaxed) {
                    return;
                }
                let new = path.with_extension("new");
                fs::write(&new, text.replace("Welcome", &format!("Welcome ({n})"))).unwrap();
                fs::rename(&new, &path).unwrap();
                std::thread::sleep(Duration::from_millis(100));
            }
        });
        Self(stopped)
    }
}

impl Drop for Reloads {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// The settings, and so many inboxes; a single one is the folder itself.
fn write_inboxes(folder: &Path, inboxes: u64) {
    for n in 0..inboxes {
        let rules = folder.join("rules");
        let rules = if inboxes == 1 { rules } else { rules.join(format!("shop{n}")) };
        fs::create_dir_all(&rules).unwrap();
        let inbox = format!(
            "[numbers.\"{number}\"]\nphone_number_id = \"{n}\"\n\n[users.alice]\n[users.bob]\n[users.carol]\n\n\
             [groups]\nSales = [\"alice\", \"bob\"]\nSupport = [\"carol\", \"bob\"]\n",
            number = number(n)
        );
        fs::write(rules.join("inbox.toml"), inbox).unwrap();
        let policy = "rule \"refunds\" when message contains \"refund\": assign group \"Support\" by least_chats, tag \"refund\"\n\
            rule \"new\" when new_customer and any_online: assign group \"Sales\" by in_order, reply \"Welcome to my store.\"\n\
            rule \"nobody\" when all_offline: assign group \"Sales\" by least_chats for 5m else group \"Support\" by random, \
            reply \"We will answer soon.\" once per 8h\n\
            otherwise: assign owner else group \"Sales\" by most_waiting\n";
        fs::write(rules.join(format!("{}.rules", number(n))), policy).unwrap();
    }
    let settings = "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n\n[whatsapp.main]\n\
        app_secrets = [{ env = \"APP_SECRET\" }]\nverify_token = { env = \"APP_SECRET\" }\n\
        access_token = { env = \"APP_SECRET\" }\nbase_url = \"http://127.0.0.1:9\"\n";
    fs::write(folder.join("host.toml"), settings).unwrap();
}

/// The number of the n-th inbox.
fn number(n: u64) -> String {
    format!("+1555{:07}", 100 + n)
}

fn start_host(folder: &Path, store: &str) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_inbox-host"));
    command.arg(folder.join("rules")).arg("--config").arg(folder.join("host.toml")).args(["--store", store]);
    start(command.env("APP_SECRET", SECRET).env("INBOX_LOG", "error"))
}

fn start_bare() -> Server {
    let mut command = Command::new(env::current_exe().unwrap());
    start(command.arg("serve-bare"))
}

/// Starts a program whose first line is JSON with its `address`.
fn start(command: &mut Command) -> Server {
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let first: serde_json::Value =
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("no address: {line}"));
    let address = first["address"].as_str().unwrap().to_owned();
    std::thread::spawn(move || output.lines().for_each(drop));
    Server { child, address }
}

/// A handler that checks the signature, parses the JSON, and answers.
async fn serve_bare() {
    async fn webhook(State(key): State<Arc<Hmac<Sha256>>>, headers: HeaderMap, body: Bytes) -> StatusCode {
        let signature =
            headers.get("x-hub-signature-256").and_then(|value| value.to_str().ok()).unwrap_or("");
        let mut mac = Hmac::clone(&key);
        mac.update(&body);
        let expected = hex(&mac.finalize().into_bytes());
        if signature.strip_prefix("sha256=") != Some(&expected) {
            return StatusCode::UNAUTHORIZED;
        }
        match serde_json::from_slice::<serde_json::Value>(&body) {
            Ok(_) => StatusCode::OK,
            Err(_) => StatusCode::BAD_REQUEST,
        }
    }
    let key = Arc::new(Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("{{\"address\":\"{}\"}}", listener.local_addr().unwrap());
    let router = Router::new().route("/webhooks/whatsapp", post(webhook)).with_state(key);
    axum::serve(listener, router).await.unwrap();
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// The n-th request, with so many messages.
fn request(n: u64, customers: u64, inboxes: u64, messages: u64, timestamp: u64) -> Vec<u8> {
    // Neighbours are of different inboxes, and each customer writes to one.
    let inbox = n % customers % inboxes;
    let message = |of_request: u64| {
        let of_inbox = n / inboxes * messages + of_request;
        let customer = 201_000_000_000 + (of_inbox * inboxes + inbox) % customers;
        let text = if of_inbox.is_multiple_of(5) { "I want a refund" } else { "Hello, is it still there?" };
        let message = format!(
            r#"{{"from":"{customer}","id":"wamid.{n}.{of_request}","timestamp":"{timestamp}","text":{{"body":"{text}"}},"type":"text"}}"#
        );
        (format!(r#"{{"profile":{{"name":"Mona"}},"wa_id":"{customer}"}}"#), message)
    };
    let (contacts, messages): (Vec<_>, Vec<_>) = (0..messages).map(message).unzip();
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"1","phone_number_id":"{inbox}"}},"contacts":[{}],"messages":[{}]}},"field":"messages"}}]}}]}}"#,
        contacts.join(","),
        messages.join(",")
    );
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(body.as_bytes());
    let signature = hex(&mac.finalize().into_bytes());
    format!(
        "POST /webhooks/whatsapp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         X-Hub-Signature-256: sha256={signature}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Sends requests for some seconds, to all of the addresses in turn.
async fn load(addresses: &[String], case: &Case) -> String {
    let Case { in_flight, per_second, customers, .. } = *case;
    let (inboxes, messages) = match case.server {
        ServerKind::Postgres { inboxes, messages, .. } => (inboxes, messages),
        _ => (1, 1),
    };
    let timestamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    if inboxes > 1 {
        // A request to each inbox, from all of its customers, so that they are known.
        let first = 1_000_000 * inboxes;
        let request = |n| request(first + n, customers, inboxes, customers / inboxes, timestamp);
        let (_, failed) = send(addresses, (0..inboxes).map(request).collect(), in_flight, 0, 60).await;
        assert_eq!(failed, 0);
    }
    // What the client does must not be measured: the requests are made before.
    let most = if per_second > 0 { per_second * SECONDS } else { 40_000 / messages * SECONDS };
    let requests = (0..most).map(|n| request(n, customers, inboxes, messages, timestamp)).collect();
    let started = Instant::now();
    let (mut times, failed) = send(addresses, requests, in_flight, per_second, SECONDS).await;
    let seconds = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a small index"
        )]
        let index = (times.len() as f64 * share) as usize;
        format!(
            "{:.1} ms",
            times.get(index.min(times.len().saturating_sub(1))).map_or(0.0, Duration::as_secs_f64) * 1000.0
        )
    };
    #[expect(clippy::cast_precision_loss, reason = "a count of requests")]
    let rate = times.len() as f64 * messages as f64 / seconds;
    let failed = match failed {
        0 => String::new(),
        failed => format!("   {failed} FAILED"),
    };
    format!("{rate:>10.0} {:>9} {:>9} {:>9}{failed}", at(0.5), at(0.99), at(1.0))
}

/// Sends requests for so many seconds at most: how long each took, and how many failed.
async fn send(
    addresses: &[String],
    requests: Vec<Vec<u8>>,
    in_flight: u64,
    per_second: u64,
    seconds: u64,
) -> (Vec<Duration>, u64) {
    let (next, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let requests = Arc::new(requests);
    let started = Instant::now();
    let until = started + Duration::from_secs(seconds);
    let local = tokio::task::LocalSet::new();
    let mut tasks = Vec::new();
    for address in addresses.iter().cycle().take(usize::try_from(in_flight).unwrap()) {
        let (next, failed, requests) = (Arc::clone(&next), Arc::clone(&failed), Arc::clone(&requests));
        let address = address.to_owned();
        tasks.push(local.spawn_local(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            stream.set_nodelay(true).unwrap();
            let mut times = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let n = next.fetch_add(1, Ordering::Relaxed);
                let Some(request) = usize::try_from(n).ok().and_then(|n| requests.get(n)) else {
                    return times;
                };
                let mut began = Instant::now();
                if let Some(wait) = (n * 1_000_000).checked_div(per_second) {
                    // From when it should have been sent: a late start counts too.
                    began = started + Duration::from_micros(wait);
                    tokio::time::sleep_until(began.into()).await;
                }
                if Instant::now() > until {
                    return times;
                }
                stream.write_all(request).await.unwrap();
                let mut read = 0;
                while !buffer[..read].windows(4).any(|end| end == b"\r\n\r\n") {
                    match stream.read(&mut buffer[read..]).await {
                        Ok(more) if more > 0 => read += more,
                        _ => panic!("the server has closed the connection"),
                    }
                }
                if !buffer.starts_with(b"HTTP/1.1 200") {
                    failed.fetch_add(1, Ordering::Relaxed);
                }
                times.push(began.elapsed());
            }
        }));
    }
    let mut times = Vec::new();
    let all = async {
        for task in tasks {
            times.extend(task.await.unwrap());
        }
    };
    local.run_until(all).await;
    (times, failed.load(Ordering::Relaxed))
}
