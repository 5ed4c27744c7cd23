//! From the settings to a program that serves, and to its end.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn;
use inbox_rules::desk::DeskSettings;
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::timeout;

use super::ingest::IngestState;
use super::live_rules::{BeginRulesError, FOLDER, LiveRules, begin_rules, deciding_folders, follow_rules};
use super::live_settings::{LiveSettings, accounts};
use super::open_store::{OpenStore, OpenStoreError, open_store};
use super::outbox::{self, OutboxSender, SENDERS};
use super::signals::Signals;
use super::writer::Writer;
use super::{admin, first_token, ingest, logs, serve, service};
use crate::api::{self, Access, ApiState};
use crate::cli::{Start, eprint, style};
use crate::inboxes::{Inboxes, ReaderPool, SessionQueue};
use crate::machine::{HostMachine, InboxSettings};
use crate::metrics::Metrics;
use crate::settings::{HostSettings, TokenTable};
use crate::store::StoreError;
use crate::whatsapp;

/// The inboxes are loaded within this time, or while messages come already.
const LOAD: Duration = Duration::from_secs(30);

/// What has begun is ended within this time.
const DRAIN: Duration = Duration::from_secs(20);

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(transparent)]
    OpenStore(#[from] OpenStoreError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Rules(#[from] BeginRulesError),
    #[error("another program listens on {0} already; choose another port with `--listen` or `--admin`")]
    AddressInUse(SocketAddr),
    #[error("nothing can listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the token of the first run cannot be kept beside the store: {0}")]
    FirstToken(io::Error),
    #[error("nothing can be sent: {0}")]
    Client(reqwest::Error),
    #[error("the system allows no more threads: {0}")]
    Thread(io::Error),
}

/// Serves until the program is told to end.
#[expect(clippy::needless_pass_by_value, reason = "it is where the arguments go")]
pub fn run(start: Start) -> ExitCode {
    logs::start(&start.settings.log);
    match try_run(&start) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut code = 2;
            if let ServeError::Rules(BeginRulesError::Folder(error)) = &error {
                eprint(&error.render(style(&io::stderr())));
                code = 1;
            }
            eprint(&format!("error: {error}\n"));
            ExitCode::from(code)
        }
    }
}

fn try_run(start: &Start) -> Result<(), ServeError> {
    let settings = start.settings.clone();
    let metrics = Arc::new(Metrics::default());
    let OpenStore { mut stores, open_reader, file, lock: _lock } = open_store(&settings.store)?;
    let node: u64 = rand::random();
    // The first webhook would wait for it.
    let countries = thread::spawn(whatsapp::load_countries);
    let (now, nodes) = match stores.last_mut() {
        Some(store) => (store.now()?, store.count_nodes(node)?),
        None => (jiff::Timestamp::UNIX_EPOCH, 1),
    };
    let mut reader = open_reader()?;
    let LiveRules { rules, listener } = begin_rules(start, &mut *reader, now, &metrics)?;
    let deciding = deciding_folders(&rules, &mut *reader, file.is_some() || nodes == 1)?;
    drop(reader);
    let runtime = Runtime::new().map_err(ServeError::Thread)?;
    let (main_listener, address) = runtime.block_on(listen(settings.listen))?;
    let (admin_listener, admin_address) = runtime.block_on(listen(settings.admin))?;
    // Made once nothing else can go wrong, since it is shown only once.
    let (tokens, first) = first_tokens(&settings, file.as_deref())?;
    let (stop, stopping) = watch::channel(false);
    let (submit, submissions) = mpsc::unbounded_channel();
    let releases = rules.iter().map(|(id, rules)| (Arc::clone(id), rules.release()));
    let inboxes = Arc::new(Inboxes::new(releases, &submit));
    drop(submit);
    let (to_send, sending) = mpsc::unbounded_channel();
    let (done, sent) = mpsc::unbounded_channel();
    let (session_queue, sessions) = SessionQueue::new();
    let with_first = move |mut tokens: TokenTable| {
        first.clone().into_iter().for_each(|token| tokens.insert(token));
        tokens
    };
    let access = Access { tokens: with_first(settings.tokens.clone()), proxy: settings.proxy.clone() };
    let writer = Writer {
        machine: machine_of(&settings, &inboxes, &deciding),
        stores,
        node,
        submissions,
        sessions,
        to_send,
        sent,
        inboxes: Arc::downgrade(&inboxes),
        rules: rules.iter().map(|(id, rules)| (Arc::clone(id), Arc::downgrade(rules))).collect(),
        failures: HashMap::new(),
        metrics: Arc::clone(&metrics),
        keep: settings.keep.clone(),
        stopping: stopping.clone(),
    };
    let writer = writer.start().map_err(ServeError::Thread)?;
    let readers = ReaderPool::new(open_reader);
    let live = LiveSettings::new(settings.clone());
    let api = Arc::new(ApiState::new(
        Arc::clone(&inboxes),
        rules,
        readers,
        session_queue,
        access,
        settings.seed,
        Arc::clone(&metrics),
        stopping.clone(),
    ));
    let places = Arc::new(Semaphore::new(SENDERS));
    if !settings.whatsapp.is_empty() {
        let sender = OutboxSender {
            client: outbox::client().map_err(ServeError::Client)?,
            settings: live.clone(),
            inboxes: Arc::clone(&inboxes),
            sent: done,
            places: Arc::clone(&places),
        };
        runtime.spawn(outbox::send_all(Arc::new(sender), sending));
    }
    let loaded = follow_rules(&api, &listener);
    let ingest = Arc::new(IngestState { inboxes, settings: live.clone(), metrics });
    let router = api::router(Arc::clone(&api)).merge(ingest::router(ingest));
    runtime.block_on(async {
        let router = router.layer(from_fn(api::answer_every_request));
        let admin: Router = admin::router(Arc::clone(&api)).layer(from_fn(api::answer_every_request));
        let _ = timeout(LOAD, loaded).await;
        // If this has failed, the first webhook tries again.
        let _ = countries.join();
        let signals = Signals::listen();
        announce(&api, address, admin_address, tokens.as_ref());
        let serving = tokio::spawn(serve::serve(main_listener, router, stopping.clone(), DRAIN));
        let measuring = tokio::spawn(serve::serve(admin_listener, admin, stopping.clone(), DRAIN));
        api::end_orphans(Arc::clone(&api));
        service::ready();
        signals.wait_for_end(start, &live, &api, with_first).await;
        service::stopping();
        tracing::info!("ending");
        stop.send_replace(true);
        let sent = async {
            let _ = serving.await;
            let _ = measuring.await;
            // What is being sent comes to its end, too.
            let _ = places.acquire_many(u32::try_from(SENDERS).unwrap_or(u32::MAX)).await;
        };
        let _ = timeout(DRAIN, sent).await;
    });
    // With the last of these, nothing can be submitted any more, and the writer ends.
    drop((api, listener));
    runtime.shutdown_timeout(Duration::from_secs(1));
    wait_for(&writer);
    Ok(())
}

/// Waits for the end of the thread, for some seconds at most.
fn wait_for(thread: &JoinHandle<()>) {
    for _ in 0..50 {
        if thread.is_finished() {
            return;
        }
        thread::sleep(Duration::from_millis(100));
    }
}

/// The tokens that are made and known beside the settings: the text of the one of the first run, and what is
/// kept of it.
fn first_tokens(
    settings: &HostSettings,
    file: Option<&Path>,
) -> Result<(Option<SecretString>, Option<crate::settings::ApiToken>), ServeError> {
    if !settings.tokens.is_empty() {
        return Ok((None, None));
    }
    // A node of several has only tokens that all have.
    let Some(store) = file else {
        warn_of_no_tokens(settings);
        return Ok((None, None));
    };
    if let Some(token) = first_token::earlier(store) {
        return Ok((None, Some(token)));
    }
    // In a pipe nobody would read it, and it is shown only once.
    if !io::stdout().is_terminal() {
        warn_of_no_tokens(settings);
        return Ok((None, None));
    }
    let (token, text) = first_token::make(store).map_err(ServeError::FirstToken)?;
    Ok((Some(text), Some(token)))
}

fn warn_of_no_tokens(settings: &HostSettings) {
    // A proxy logs people in without any.
    if settings.proxy.is_none() {
        tracing::warn!("there are no tokens, so nobody can call; `inbox-host token` makes one");
    }
}

/// The machine with these inboxes, of which some begin with the rules of their folders.
fn machine_of(settings: &HostSettings, inboxes: &Inboxes, deciding: &BTreeSet<Arc<str>>) -> HostMachine {
    let mut machine = HostMachine::new(Arc::new(inbox_settings(settings)));
    for inbox in inboxes.iter() {
        machine.add_inbox(Arc::clone(inbox.id()), inbox.release());
        if deciding.contains(inbox.id()) {
            machine.begin_with(inbox.id(), inbox.release(), FOLDER);
        }
    }
    machine
}

fn inbox_settings(settings: &HostSettings) -> InboxSettings {
    let mut desk = DeskSettings::default();
    desk.seed = settings.seed;
    desk.close_after = settings.chats.close_after;
    desk.reply_within = settings.chats.reply_within;
    InboxSettings { desk, keep_messages: settings.keep.messages, accounts: accounts(settings) }
}

async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AddrInUse => ServeError::AddressInUse(address),
        _ => ServeError::Listen { address, source },
    };
    let listener = TcpListener::bind(address).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// The first line on standard output: for programs in a pipe, in plain words on a terminal.
fn announce(api: &ApiState, address: SocketAddr, admin: SocketAddr, token: Option<&SecretString>) {
    let mut out = io::stdout().lock();
    if !out.is_terminal() {
        // An address needs no escapes in JSON.
        let line = format!("{{\"event\":\"listening\",\"address\":\"{address}\",\"admin\":\"{admin}\"}}");
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
        return;
    }
    let mut text = format!("inbox-host listens on http://{address} (metrics: http://{admin}/metrics)\n");
    for inbox in api.inboxes.iter() {
        let release = inbox.release();
        let numbers: Vec<&str> = release.set.inbox().numbers.keys().map(String::as_str).collect();
        let (id, files) = (inbox.id(), release.folder.texts().count());
        let numbers = if numbers.is_empty() { "no numbers".to_owned() } else { numbers.join(", ") };
        text.push_str(&format!("inbox `{id}`: {numbers}; rules in {files} files\n"));
    }
    if let Some(token) = token {
        let token = token.expose_secret();
        text.push_str(&format!(
            "\nThe page is at http://{address}/. Log in with this token:\n\n{token}\n\n\
             It is for the API as well, and is shown only now.\n"
        ));
    }
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
