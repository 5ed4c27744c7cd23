//! From the settings to a program that serves, and to its end.

use std::collections::BTreeMap;
use std::fs::{File, TryLockError};
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn;
use inbox_rules::desk::DeskSettings;
use inbox_rules::{Folder, LoadError, ReloadThread, read_folder};
use secrecy::{ExposeSecret, SecretString};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::timeout;

use super::ingest::IngestState;
use super::live_settings::{LiveSettings, accounts};
use super::outbox::{self, OutboxSender, SENDERS};
use super::writer::Writer;
use super::{admin, first_token, ingest, logs, serve, signals};
use crate::api::{self, ApiState};
use crate::cli::{Start, eprint, style};
use crate::inboxes::{Inboxes, ReaderPool};
use crate::machine::{HostMachine, InboxSettings, Item};
use crate::metrics::Metrics;
use crate::rules::{
    InboxRules, OnRules, RulesError, RulesEvent, RulesStartError, StoreRules, StoredRules, start_folders,
};
use crate::settings::{HostSettings, RulesSource, StoreAddress, TokenTable};
use crate::store::{SqliteReader, SqliteStore, StoreError, StoreReader};
use crate::whatsapp;

/// The inboxes are loaded within this time, or while messages come already.
const LOAD: Duration = Duration::from_secs(30);

/// What has begun is ended within this time.
const DRAIN: Duration = Duration::from_secs(20);

/// Why the program cannot start.
#[derive(Debug, thiserror::Error)]
enum ServeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("this build has no PostgreSQL; name a file as the store, as in `sqlite:inbox.db`")]
    NoPostgres,
    #[error(transparent)]
    Rules(#[from] RulesStartError),
    #[error("the stored rules of the inbox `{inbox}` cannot be used: {source}")]
    StoredRules { inbox: Arc<str>, source: RulesError },
    #[error("the rules of the inbox `{inbox}` cannot be read: {source}")]
    UnreadableRules { inbox: Arc<str>, source: LoadError },
    #[error("another program listens on {0} already; choose another port with `--listen` or `--admin`")]
    AddressInUse(SocketAddr),
    #[error("`{}` is used by another inbox-host that runs", .0.display())]
    StoreInUse(PathBuf),
    #[error("nobody else can be kept from using the store: {0}")]
    StoreLock(io::Error),
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
            if let ServeError::Rules(error) = &error {
                eprint(&error.render(style(&io::stderr())));
                code = 1;
            }
            eprint(&format!("error: {error}\n"));
            ExitCode::from(code)
        }
    }
}

/// The rules of all inboxes, and who has to hear of changes once everything runs.
struct LiveRules {
    rules: BTreeMap<Arc<str>, Arc<InboxRules>>,
    listener: Arc<OnceLock<Arc<Inboxes>>>,
}

fn try_run(start: &Start) -> Result<(), ServeError> {
    let settings = start.settings.clone();
    let StoreAddress::Sqlite(path) = settings.store.clone() else { return Err(ServeError::NoPostgres) };
    let metrics = Arc::new(Metrics::default());
    let store = SqliteStore::open(&path)?;
    let _lock = lock(&path)?;
    let open = store.reader_opener();
    // The first webhook would wait for it.
    let countries = thread::spawn(whatsapp::load_countries);
    let LiveRules { rules, listener } = begin_rules(start, open()?, &metrics)?;
    let runtime = Runtime::new().map_err(ServeError::Thread)?;
    let (main_listener, address) = runtime.block_on(listen(settings.listen))?;
    let (admin_listener, admin_address) = runtime.block_on(listen(settings.admin))?;
    // Made once nothing else can go wrong, since it is shown only once.
    let (tokens, first) = first_tokens(&settings, &path)?;
    let (stop, stopping) = watch::channel(false);
    let (submit, submissions) = mpsc::unbounded_channel();
    let releases = rules.iter().map(|(id, rules)| (Arc::clone(id), rules.release()));
    let inboxes = Arc::new(Inboxes::new(releases, &submit));
    drop(submit);
    let mut machine = HostMachine::new(Arc::new(inbox_settings(&settings)));
    for inbox in inboxes.iter() {
        machine.add_inbox(Arc::clone(inbox.id()), inbox.release());
    }
    let (to_send, sending) = mpsc::unbounded_channel();
    let (done, sent) = mpsc::unbounded_channel();
    let writer = Writer {
        machine,
        store,
        submissions,
        to_send,
        sent,
        inboxes: Arc::downgrade(&inboxes),
        metrics: Arc::clone(&metrics),
        keep: settings.keep.clone(),
        stopping: stopping.clone(),
    };
    let writer = writer.start().map_err(ServeError::Thread)?;
    let readers = ReaderPool::new(Box::new(move || {
        open().map(|reader| -> Box<dyn StoreReader + Send> { Box::new(reader) })
    }));
    let with_first = move |mut tokens: TokenTable| {
        first.clone().into_iter().for_each(|token| tokens.insert(token));
        tokens
    };
    let live = LiveSettings::new(settings.clone());
    let api = Arc::new(ApiState::new(
        Arc::clone(&inboxes),
        rules,
        readers,
        with_first(settings.tokens.clone()),
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
        announce(&api, address, admin_address, tokens.as_ref());
        let serving = tokio::spawn(serve::serve(main_listener, router, stopping.clone(), DRAIN));
        let measuring = tokio::spawn(serve::serve(admin_listener, admin, stopping.clone(), DRAIN));
        signals::wait_for_end(start, &live, &api, with_first).await;
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
    let mut tries = 0;
    while !writer.is_finished() && tries < 50 {
        thread::sleep(Duration::from_millis(100));
        tries += 1;
    }
    Ok(())
}

/// The tokens that are made and known beside the settings: the text of the one of the first run, and what is
/// kept of it.
fn first_tokens(
    settings: &HostSettings,
    store: &Path,
) -> Result<(Option<SecretString>, Option<crate::settings::ApiToken>), ServeError> {
    if !settings.tokens.is_empty() {
        return Ok((None, None));
    }
    if let Some(token) = first_token::earlier(store) {
        return Ok((None, Some(token)));
    }
    // In a pipe nobody would read it, and it is shown only once.
    if !io::stdout().is_terminal() {
        tracing::warn!("there are no tokens, so nobody can call; `inbox-host token` makes one");
        return Ok((None, None));
    }
    let (token, text) = first_token::make(store).map_err(ServeError::FirstToken)?;
    Ok((Some(text), Some(token)))
}

fn inbox_settings(settings: &HostSettings) -> InboxSettings {
    let mut desk = DeskSettings::default();
    desk.seed = settings.seed;
    desk.close_after = settings.chats.close_after;
    desk.reply_within = settings.chats.reply_within;
    InboxSettings { desk, keep_messages: settings.keep.messages, accounts: accounts(settings) }
}

/// The rules of all inboxes: in folders that are followed, or as the store has them.
fn begin_rules(start: &Start, reader: SqliteReader, metrics: &Arc<Metrics>) -> Result<LiveRules, ServeError> {
    let listener: Arc<OnceLock<Arc<Inboxes>>> = Arc::default();
    let reader = Mutex::new(reader);
    let stored =
        |inbox: &str| stored_rules(&mut *reader.lock().unwrap_or_else(PoisonError::into_inner), inbox);
    let mut rules = BTreeMap::new();
    match start.settings.rules {
        RulesSource::Folder => {
            let thread = ReloadThread::start().map_err(ServeError::Thread)?;
            let (listener, metrics) = (Arc::clone(&listener), Arc::clone(metrics));
            let on_rules: Arc<OnRules> =
                Arc::new(move |event: &RulesEvent<'_>| rules_changed(event, listener.get(), &metrics));
            for (inbox, folder) in
                start_folders(&start.inboxes, &stored, start.settings.gate, &thread, &on_rules)?
            {
                rules.insert(inbox, Arc::new(InboxRules::Folder(folder)));
            }
        }
        RulesSource::Store => {
            for folder in &start.inboxes {
                let inbox = Arc::clone(&folder.id);
                let first = || {
                    let folder = read_folder(&folder.path);
                    let folder = folder.map_err(|source| ServeError::UnreadableRules {
                        inbox: Arc::clone(&inbox),
                        source,
                    })?;
                    #[expect(clippy::disallowed_methods, reason = "the rules are there since now")]
                    let since = jiff::Timestamp::now();
                    Ok::<_, ServeError>(StoredRules { folder, since, by: "folder".into() })
                };
                let stored = stored(&inbox).map_or_else(first, Ok)?;
                let of_store = StoreRules::start(&stored, start.settings.gate)
                    .map_err(|source| ServeError::StoredRules { inbox: Arc::clone(&inbox), source })?;
                rules.insert(inbox, Arc::new(InboxRules::Store(Box::new(of_store))));
            }
        }
    }
    Ok(LiveRules { rules, listener })
}

/// The rules that decided last.
fn stored_rules(reader: &mut dyn StoreReader, inbox: &str) -> Option<StoredRules> {
    let row = reader.inbox(inbox).ok()?;
    let set = reader.rule_set(inbox, row.rules.as_deref()?).ok()??;
    let texts = set.files.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    let since = row.rules_since.unwrap_or(set.at);
    Some(StoredRules { folder: Folder::from_texts(texts), since, by: set.by.into() })
}

/// Hands rules that have changed to the machine. This runs on a thread of its own.
fn rules_changed(event: &RulesEvent<'_>, inboxes: Option<&Arc<Inboxes>>, metrics: &Metrics) {
    let (inbox, outcome) = (event.inbox, event.outcome);
    match (outcome.refusal(), outcome.is_waiting()) {
        (None, _) => metrics.count_reload("accepted"),
        (Some(_), true) => metrics.count_reload("waiting"),
        (Some(refusal), false) => {
            metrics.count_reload("rejected");
            tracing::warn!(%inbox, %refusal, "the rules stay as they were");
        }
    }
    let Some(active) = event.active else { return };
    // Before everything runs nobody hears it: the machine begins with the rules that are active then.
    let Some(inbox) = inboxes.and_then(|inboxes| inboxes.get(inbox)) else { return };
    let item = || Item::Rules { release: Arc::clone(&active.release), by: active.by.to_string() };
    while inbox.submit(item()).is_err() {
        thread::sleep(Duration::from_millis(50));
    }
    tracing::info!(inbox = %event.inbox, digest = active.release.digest, "other rules decide from now on");
}

/// Lets changes of the rules reach the machine, and those that came while it was made. What it gives waits until all inboxes are
/// loaded, and go on under the rules that they have now.
fn follow_rules(api: &ApiState, listener: &OnceLock<Arc<Inboxes>>) -> impl Future<Output = ()> + use<> {
    let _ = listener.set(Arc::clone(&api.inboxes));
    for (id, rules) in &api.rules {
        let (Some(inbox), status) = (api.inboxes.get(id), rules.status()) else { continue };
        let release = rules.release();
        if release.digest != inbox.release().digest {
            let _ = inbox.submit(Item::Rules { release, by: status.by.to_string() });
        }
    }
    let loading: Vec<_> = api.inboxes.iter().map(|inbox| inbox.submit(Item::Timers)).collect();
    async move {
        for loaded in loading.into_iter().flatten() {
            // What the store refuses now is tried again with the next item; the log says so.
            let _ = loaded.await;
        }
    }
}

/// Keeps other programs from writing the same store for as long as the file is open.
fn lock(store: &Path) -> Result<File, ServeError> {
    let mut name = store.as_os_str().to_owned();
    name.push(".lock");
    let file = File::options().create(true).write(true).truncate(false).open(Path::new(&name));
    let file = file.map_err(ServeError::StoreLock)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(ServeError::StoreInUse(store.to_owned())),
        Err(TryLockError::Error(error)) => Err(ServeError::StoreLock(error)),
    }
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
            "\nThe token for the API, which is shown only now:\n\n{token}\n\n\
             Try: curl -H 'Authorization: Bearer {token}' http://{address}/v1/inboxes\n"
        ));
    }
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
