//! The program under test.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use inbox_host::store::{SqliteStore, StoreReader};
use inbox_host::verify::verify;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tempfile::TempDir;

pub(crate) const SECRET: &str = "an app secret";
pub(crate) const TOKEN: &str = "a token that may do everything, of the tests";
pub(crate) const PHONE_NUMBER_ID: &str = "106540352242922";

const INBOX: &str = "
[numbers.\"+15550100\"]
phone_number_id = \"106540352242922\"

[users.alice]
[users.bob]
capacity = 1000000
[users.carol]

[groups]
Sales = [\"alice\", \"bob\"]
Support = [\"carol\", \"bob\"]
";

const RULES: &str = "
rule \"refund\" when message contains \"refund\":
    assign group \"Support\" by least_chats, reply \"We will look into it.\" once per 1h

otherwise:
    assign owner else group \"Sales\" by in_order among online for 2s else group \"Support\" by random,
    reply \"One moment.\"
";

/// Where the program runs.
pub(crate) struct Place {
    /// The network namespace, unless it is that of the tests.
    pub(crate) namespace: Option<String>,
    /// The IP address on which it listens.
    pub(crate) ip: String,
    /// The address of the store from there.
    pub(crate) store: String,
}

impl Place {
    /// A program beside the tests.
    pub(crate) fn here(store: &str) -> Self {
        Self { namespace: None, ip: "127.0.0.1".to_owned(), store: store.to_owned() }
    }
}

/// A folder with an inbox, its settings and its store.
pub(crate) struct Setup {
    folder: TempDir,
    /// Whether the program runs with the faults of `faults.c`.
    preload: bool,
    journal: bool,
}

impl Setup {
    /// A new folder; replies go to this Graph.
    pub(crate) fn new(graph: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let setup = Self { folder, preload: false, journal: false };
        fs::create_dir(setup.path("rules")).unwrap();
        fs::write(setup.path("rules/inbox.toml"), INBOX).unwrap();
        fs::write(setup.path("rules/+15550100.rules"), RULES).unwrap();
        let hash = Sha256::digest(TOKEN).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let settings = format!(
            "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n\n[whatsapp.main]\n\
             app_secrets = [{{ env = \"APP_SECRET\" }}]\nverify_token = {{ env = \"APP_SECRET\" }}\n\
             access_token = {{ env = \"APP_SECRET\" }}\nbase_url = \"{graph}\"\nunknown_after = \"2s\"\n\n\
             [[tokens]]\nname = \"tests\"\nsha256 = \"{hash}\"\ninbox = \"*\"\n\
             can = [\"read\", \"messages\", \"users\", \"chats\", \"customers\", \"rules\"]\n"
        );
        fs::write(setup.path("host.toml"), settings).unwrap();
        setup
    }

    /// With this line at the beginning of the settings.
    #[cfg(feature = "postgres")]
    pub(crate) fn with_setting(self, line: &str) -> Self {
        let settings = read(&self.path("host.toml"));
        fs::write(self.path("host.toml"), format!("{line}\n{settings}")).unwrap();
        self
    }

    /// The program runs with the faults of `faults.c`, which can be switched on while it runs.
    pub(crate) fn with_faults(mut self) -> Self {
        fs::write(self.path("control"), [0; 16]).unwrap();
        self.preload = true;
        self
    }

    /// Besides, whatever it writes and syncs is noted.
    pub(crate) fn with_journal(self) -> Self {
        Self { journal: true, ..self.with_faults() }
    }

    /// A path in the folder.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The wall clock of the program is ahead of the machine's by so many seconds; the disk is full or not.
    pub(crate) fn control(&self, ahead: i64, is_full: bool) {
        let mut bytes = ahead.to_ne_bytes().to_vec();
        bytes.extend(i32::from(is_full).to_ne_bytes());
        // Written in place: the program has mapped it.
        let file = fs::OpenOptions::new().write(true).open(self.path("control")).unwrap();
        std::os::unix::fs::FileExt::write_all_at(&file, &bytes, 0).unwrap();
    }

    /// Checks what the store holds: each message decided once, the log replayed gives the same picks and
    /// loads, turns neither skip nor repeat. Nobody writes meanwhile.
    pub(crate) fn verify(&self, store: &str) {
        let store = SqliteStore::open(&self.path(store)).unwrap();
        check(&mut store.reader().unwrap());
    }

    /// Starts the program with the store in the file `store`.
    pub(crate) fn start(&self, store: &str) -> Host {
        self.start_at(&Place::here(&format!("sqlite:{}", self.path(store).display())))
    }

    /// Starts the program at this place.
    pub(crate) fn start_at(&self, place: &Place) -> Host {
        const PROGRAM: &str = env!("CARGO_BIN_EXE_inbox-host");
        let mut command = Command::new(if place.namespace.is_some() { "ip" } else { PROGRAM });
        if let Some(namespace) = &place.namespace {
            // It becomes the program, so signals go to that.
            command.args(["netns", "exec", namespace, PROGRAM]);
        }
        command.arg(self.path("rules")).arg("--config").arg(self.path("host.toml"));
        command.args(["--store", &place.store, "--listen", &format!("{}:0", place.ip)]);
        command.env("APP_SECRET", SECRET).env("INBOX_LOG", "error");
        if self.preload {
            command.env("LD_PRELOAD", library()).env("FAULT_CONTROL", self.path("control"));
        }
        if self.journal {
            command.env("FAULT_JOURNAL", self.path("journal"));
        }
        let log = fs::OpenOptions::new().create(true).append(true).open(self.path("log")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line)
            .unwrap_or_else(|_| panic!("the program did not start: {line}\n{}", read(&self.path("log"))));
        assert_eq!(first["event"], "listening");
        std::thread::spawn(move || output.lines().for_each(drop));
        let address = format!("http://{}", first["address"].as_str().unwrap());
        Host { child, address, client: client() }
    }
}

/// Checks what a store holds, as [`Setup::verify`] does.
pub(crate) fn check(reader: &mut dyn StoreReader) {
    let wrong = verify(reader, "main", 0).unwrap();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A client. Nothing here is encrypted, but one must be able to be.
fn client() -> reqwest::Client {
    // Only the first call installs it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::new()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// `faults.c`, compiled.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<(TempDir, PathBuf)> = OnceLock::new();
    let (_, path) = LIBRARY.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("faults.so");
        let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/faults/faults.c");
        let compiled =
            Command::new("cc").args(["-shared", "-fPIC", "-O1", source, "-ldl", "-o"]).arg(&path).status();
        assert!(compiled.unwrap().success(), "a C compiler is needed");
        (folder, path)
    });
    path
}

/// The program, running. It is killed when this is dropped.
pub(crate) struct Host {
    child: Child,
    pub(crate) address: String,
    pub(crate) client: reqwest::Client,
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Host {
    /// `kill -9`
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// It does nothing until [`go_on`](Self::go_on).
    #[cfg(feature = "postgres")]
    pub(crate) fn freeze(&self) {
        self.signal("STOP");
    }

    /// It goes on where it was.
    #[cfg(feature = "postgres")]
    pub(crate) fn go_on(&self) {
        self.signal("CONT");
    }

    #[cfg(feature = "postgres")]
    fn signal(&self, signal: &str) {
        let sent = Command::new("kill").args(["-s", signal, &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// What a call answers: the status and the JSON. It is made again while the token makes too many.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let url = format!("{}/v1/inboxes/main{path}", self.address);
        loop {
            let mut request = self.client.request(method.clone(), &url).bearer_auth(TOKEN);
            if let Some(body) = &body {
                request = request.json(body);
            }
            let answer = request.send().await.unwrap();
            let status = answer.status().as_u16();
            if status != 429 {
                return (status, answer.json().await.unwrap_or(Value::Null));
            }
            tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        }
    }

    /// All items of a list.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let (mut items, mut after) = (Vec::new(), String::new());
        loop {
            let (status, page) = self.call("GET", &format!("{path}?limit=500{after}"), None).await;
            assert_eq!(status, 200, "{page}");
            items.extend(page["items"].as_array().unwrap().iter().cloned());
            match &page["next"] {
                Value::Null => return items,
                Value::String(next) => after = format!("&after={next}"),
                next => after = format!("&after={next}"),
            }
        }
    }

    /// A user is online.
    pub(crate) async fn online(&self, user: &str) {
        let body = serde_json::json!({ "presence": "online" });
        let (status, answer) = self.call("PATCH", &format!("/users/{user}"), Some(body)).await;
        assert_eq!(status, 200, "{answer}");
    }
}
