//! The program, running in a folder of its own, and a small client for it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The token that may do everything in all inboxes.
pub(crate) const ALL: &str = "all-rights";
/// What the proxy in front sends with each call, if there is one.
pub(crate) const PROXY_SECRET: &str = "a secret that only the proxy knows";
/// The token that may only read in the inbox `other`, which does not exist in most tests.
pub(crate) const READER: &str = "only-reads";

const INBOX: &str = r#"
[numbers."+15550100"]
phone_number_id = "106540352242922"

[users.alice]
name = "Alice"
capacity = 5
[users.bob]
[users.carol]
[groups]
Sales = ["alice", "bob"]
Support = ["carol"]
[attributes]
plan = ["free", "gold"]
"#;

const RULES: &str = r#"
rule "welcome"
when any_online in "Sales":
    assign group "Sales" by least_chats, reply "Welcome."
otherwise:
    assign group "Sales" by least_chats among online, reply "Please wait." once per 1h
"#;

/// The program, which ends with this.
pub(crate) struct RunningHost {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) address: String,
    pub(crate) admin: String,
    pub(crate) first_line: String,
    child: Child,
}

/// An answer of the program.
#[derive(Debug)]
pub(crate) struct HttpAnswer {
    pub(crate) status: u16,
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl HttpAnswer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// `422 unknown-user @ user: the inbox has …`
    pub(crate) fn error(&self) -> String {
        let json = self.json();
        assert!(json["request"].as_str().is_some_and(|id| self.headers.contains(id)), "{self:?}");
        let error = &json["error"];
        let place = error["place"].as_str().map(|place| format!(" @ {place}")).unwrap_or_default();
        let text = |name: &str| error[name].as_str().unwrap().to_owned();
        format!("{} {}{place}: {}", self.status, text("code"), text("message"))
    }
}

impl RunningHost {
    pub(crate) fn start() -> Self {
        Self::start_with("")
    }

    /// Starts it with these lines at the end of `host.toml`, in a new folder.
    pub(crate) fn start_with(settings: &str) -> Self {
        Self::start_as(settings, 9)
    }

    /// Starts it with a WhatsApp at this port.
    pub(crate) fn start_with_graph(port: u16) -> Self {
        Self::start_as("", port)
    }

    fn start_as(settings: &str, graph: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        fs::create_dir(folder.path().join("rules")).unwrap();
        write("rules/inbox.toml", INBOX);
        write("rules/default.rules", RULES);
        let listen = "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n";
        let account = format!(
            "[whatsapp.main]\napp_secrets = [{{ env = \"APP_SECRET\" }}]\nverify_token = {{ env = \"VERIFY_TOKEN\" }}\n\
             access_token = {{ env = \"ACCESS_TOKEN\" }}\nbase_url = \"http://127.0.0.1:{graph}\"\n"
        );
        let (first, last) = if settings.starts_with('[') { ("", settings) } else { (settings, "") };
        write("host.toml", &format!("{listen}{first}\n{account}{last}\n{}", tokens()));
        Self::run_in(folder)
    }

    /// Starts it in this folder, which has its settings.
    pub(crate) fn run_in(folder: tempfile::TempDir) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_inbox-host"))
            .current_dir(folder.path())
            .envs([("APP_SECRET", "secret"), ("VERIFY_TOKEN", "verify"), ("ACCESS_TOKEN", "access")])
            .env("PROXY_SECRET", PROXY_SECRET)
            .env("INBOX_LOG", "debug,hyper=warn,reqwest=warn")
            .stdout(Stdio::piped())
            .stderr(fs::File::options().create(true).append(true).open(folder.path().join("log")).unwrap())
            .spawn()
            .unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut first_line = String::new();
        out.read_line(&mut first_line).unwrap();
        let line: Value = serde_json::from_str(&first_line).unwrap_or_else(|_| {
            let log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("it does not start: {first_line}{log}")
        });
        let text = |name: &str| line[name].as_str().unwrap().to_owned();
        Self { address: text("address"), admin: text("admin"), first_line, folder, child }
    }

    /// Ends the program, and starts it again in the same folder.
    pub(crate) fn restart(mut self) -> Self {
        assert_eq!(self.terminate(), Some(0));
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        Self::run_in(folder)
    }

    /// Tells it to end. The exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        Command::new("kill").arg(self.child.id().to_string()).status().unwrap();
        self.child.wait().unwrap().code()
    }

    pub(crate) fn signal(&self, name: &str) {
        Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap();
    }

    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(40))).unwrap();
        stream
    }

    /// Sends these bytes, and reads the answer to its end.
    pub(crate) fn raw(&self, bytes: &[u8]) -> HttpAnswer {
        let mut stream = self.connect();
        // Whoever is refused early may have the connection cut.
        let _ = stream.write_all(bytes);
        read_answer(&mut stream)
    }

    pub(crate) fn request(&self, method: &str, path: &str, headers: &[&str], body: &[u8]) -> HttpAnswer {
        let mut request =
            format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n").into_bytes();
        for header in headers {
            request.extend_from_slice(format!("{header}\r\n").as_bytes());
        }
        request.extend_from_slice(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        request.extend_from_slice(body);
        self.raw(&request)
    }

    pub(crate) fn request_at(address: &str, path: &str) -> HttpAnswer {
        Self::request_with(address, path, "X: y")
    }

    pub(crate) fn request_with(address: &str, path: &str, header: &str) -> HttpAnswer {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{header}\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        read_answer(&mut stream)
    }

    pub(crate) fn call(&self, method: &str, path: &str, body: &str) -> HttpAnswer {
        let token = format!("Authorization: Bearer {ALL}");
        let path = format!("/v1/inboxes/main/{path}");
        Self::once_allowed(|| self.request(method, &path, &[&token], body.as_bytes()))
    }

    /// Calls again, as clients do, while the token makes too many calls.
    pub(crate) fn once_allowed(call: impl Fn() -> HttpAnswer) -> HttpAnswer {
        loop {
            let answer = call();
            if answer.status != 429 {
                return answer;
            }
            thread::sleep(Duration::from_secs(1));
        }
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self.call("GET", path, "");
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        answer.json()
    }

    /// What it tells about its rules, once it tells this.
    pub(crate) fn rules_when(&self, is_so: impl Fn(&Value) -> bool) -> Value {
        for _ in 0..100 {
            let rules = self.get("rules");
            if is_so(&rules) {
                return rules;
            }
            thread::sleep(Duration::from_millis(100));
        }
        panic!("{}", self.get("rules"))
    }

    /// A message of the customer, decided.
    pub(crate) fn message(&self, id: &str, phone: &str, text: &str) -> Value {
        let body = serde_json::json!({
            "number": "+15550100",
            "message": { "id": id, "text": text },
            "customer": { "phone": phone },
        });
        let answer = self.call("POST", "messages", &body.to_string());
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()
    }

    /// A webhook with the right signature.
    pub(crate) fn webhook(&self, body: &str) -> HttpAnswer {
        let signature = format!("X-Hub-Signature-256: sha256={}", sign("secret", body.as_bytes()));
        self.request("POST", "/webhooks/whatsapp", &[&signature], body.as_bytes())
    }

    /// Does this on other threads, one for each item, and waits for them at most so long.
    pub(crate) fn at_once<T: Send + 'static>(
        count: usize,
        work: impl Fn(usize) -> T + Send + Sync + Clone + 'static,
    ) -> Vec<T> {
        let (done, results) = mpsc::channel();
        for at in 0..count {
            let (done, work) = (done.clone(), work.clone());
            thread::spawn(move || done.send(work(at)));
        }
        (0..count).map(|_| results.recv_timeout(Duration::from_secs(60)).unwrap()).collect()
    }
}

impl Drop for RunningHost {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The lines of `host.toml` for the tokens.
pub(crate) fn tokens() -> String {
    let token = |name: &str, text: &str, can: &str| {
        let hash: String =
            Sha256::digest(text).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        format!("[[tokens]]\nname = \"{name}\"\nsha256 = \"{hash}\"\ninbox = \"main\"\ncan = [{can}]\n")
    };
    let all = r#""read", "messages", "users", "chats", "customers", "rules""#;
    format!("{}{}", token("all", ALL, all), token("reader", READER, r#""read""#))
}

pub(crate) fn sign(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    mac.finalize().into_bytes().iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

pub(crate) fn read_answer(stream: &mut TcpStream) -> HttpAnswer {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    HttpAnswer { status, headers: head.to_owned(), body: body.to_owned() }
}
