//! How many webhooks a second the host decides durably, beside a bare handler that checks the same signature
//! and parses the same JSON. Both run as programs of their own; the client keeps so many requests in flight.
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

const SECRET: &str = "the secret of the bench";
const PHONE_NUMBER_ID: &str = "106540352242922";
const SECONDS: u64 = 8;

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
    println!("{:<44} {:>10} {:>9} {:>9} {:>9}", "", "a second", "50 %", "99 %", "longest");
    for (name, in_flight, per_second, customers) in [
        ("bare handler, 512 in flight", 512, 0, 0),
        ("SQLite, new customers, 512 in flight", 512, 0, u64::MAX),
        ("SQLite, 10,000 customers, 512 in flight", 512, 0, 10_000),
        ("SQLite, 10,000 customers, 5,000 a second", 512, 5000, 10_000),
        ("SQLite, 2,000 a second, a reload every 100 ms", 512, 2000, 10_000),
    ] {
        if !name.contains(only) {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let server = if customers == 0 { start_bare() } else { start_host(folder.path()) };
        let _reloads = name.contains("reload").then(|| Reloads::start(folder.path()));
        let measured = runtime.block_on(load(&server.address, in_flight, per_second, customers.max(1)));
        println!("{name:<44} {measured}");
    }
}

/// The rules change every 100 ms, until this is dropped.
struct Reloads(Arc<AtomicBool>);

impl Reloads {
    fn start(folder: &Path) -> Self {
        let (stopped, path) = (Arc::new(AtomicBool::new(false)), folder.join("rules/+15550100.rules"));
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

/// The host, with one inbox.
fn start_host(folder: &Path) -> Server {
    let rules = folder.join("rules");
    fs::create_dir(&rules).unwrap();
    let inbox = format!(
        "[numbers.\"+15550100\"]\nphone_number_id = \"{PHONE_NUMBER_ID}\"\n\n[users.alice]\n[users.bob]\n[users.carol]\n\n\
         [groups]\nSales = [\"alice\", \"bob\"]\nSupport = [\"carol\", \"bob\"]\n"
    );
    fs::write(rules.join("inbox.toml"), inbox).unwrap();
    let policy = "rule \"refunds\" when message contains \"refund\": assign group \"Support\" by least_chats, tag \"refund\"\n\
        rule \"new\" when new_customer and any_online: assign group \"Sales\" by in_order, reply \"Welcome to my store.\"\n\
        rule \"nobody\" when all_offline: assign group \"Sales\" by least_chats for 5m else group \"Support\" by random, \
        reply \"We will answer soon.\" once per 8h\n\
        otherwise: assign owner else group \"Sales\" by most_waiting\n";
    fs::write(rules.join("+15550100.rules"), policy).unwrap();
    let settings = "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n\n[whatsapp.main]\n\
        app_secrets = [{ env = \"APP_SECRET\" }]\nverify_token = { env = \"APP_SECRET\" }\n\
        access_token = { env = \"APP_SECRET\" }\nbase_url = \"http://127.0.0.1:9\"\n";
    fs::write(folder.join("host.toml"), settings).unwrap();
    let store = format!("sqlite:{}", folder.join("inbox.db").display());
    let mut command = Command::new(env!("CARGO_BIN_EXE_inbox-host"));
    command.arg(&rules).arg("--config").arg(folder.join("host.toml")).args(["--store", &store]);
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

/// The request with the n-th message.
fn request(n: u64, customers: u64, timestamp: u64) -> Vec<u8> {
    let customer = 201_000_000_000 + n % customers;
    let text = if n.is_multiple_of(5) { "I want a refund" } else { "Hello, is it still there?" };
    let body = format!(
        r#"{{"object":"whatsapp_business_account","entry":[{{"id":"1","changes":[{{"value":{{"messaging_product":"whatsapp","metadata":{{"display_phone_number":"15550100","phone_number_id":"{PHONE_NUMBER_ID}"}},"contacts":[{{"profile":{{"name":"Mona"}},"wa_id":"{customer}"}}],"messages":[{{"from":"{customer}","id":"wamid.{n}","timestamp":"{timestamp}","text":{{"body":"{text}"}},"type":"text"}}]}},"field":"messages"}}]}}]}}"#
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

/// Sends requests for some seconds; `per_second` 0: as fast as answers come.
async fn load(address: &str, in_flight: u64, per_second: u64, customers: u64) -> String {
    let timestamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    let (next, failed) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    // What the client does must not be measured: the requests are made before.
    let most = if per_second > 0 { per_second * SECONDS } else { 40_000 * SECONDS };
    let requests: Arc<Vec<Vec<u8>>> = Arc::new((0..most).map(|n| request(n, customers, timestamp)).collect());
    let started = Instant::now();
    let until = started + Duration::from_secs(SECONDS);
    let local = tokio::task::LocalSet::new();
    let mut tasks = Vec::new();
    for _ in 0..in_flight {
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
    local
        .run_until(async {
            for task in tasks {
                times.extend(task.await.unwrap());
            }
        })
        .await;
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
    let rate = times.len() as f64 / seconds;
    let failed = match failed.load(Ordering::Relaxed) {
        0 => String::new(),
        failed => format!("   {failed} FAILED"),
    };
    format!("{rate:>10.0} {:>9} {:>9} {:>9}{failed}", at(0.5), at(0.99), at(1.0))
}
