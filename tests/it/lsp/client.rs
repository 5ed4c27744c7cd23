//! A small client of the protocol, which starts `rules lsp` and speaks with it.

#![allow(
    clippy::disallowed_methods,
    clippy::needless_pass_by_value,
    reason = "a client waits, and its calls read better with values"
)]

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use serde_json::{Value, json};

use crate::harness::Rules;

/// How long an answer may take, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(60);

/// A client, and the folder whose `rules/` it has open. The server ends with it.
pub(crate) struct Client {
    pub(crate) rules: Rules,
    server: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next_id: i64,
    /// Notifications and requests of the server that nobody has looked at.
    told: VecDeque<Value>,
}

impl Client {
    /// A client that can do nothing special, and is told of diagnostics.
    pub(crate) fn simple(rules: Rules) -> Self {
        Self::start(rules, &json!({}))
    }

    /// A client that asks for diagnostics, and counts columns in UTF-16.
    pub(crate) fn pulling(rules: Rules) -> Self {
        Self::start(rules, &pulling())
    }

    /// A client with these capabilities.
    pub(crate) fn start(rules: Rules, capabilities: &Value) -> Self {
        let mut client = Self::uninitialized(rules);
        let folder = client.uri("");
        let folders = json!([{ "uri": folder.trim_end_matches('/'), "name": "rules" }]);
        let params = json!({ "processId": null, "rootUri": null, "capabilities": capabilities, "workspaceFolders": folders });
        client.request("initialize", params).unwrap();
        client.notify("initialized", json!({}));
        client
    }

    /// A client that has said nothing yet.
    pub(crate) fn uninitialized(rules: Rules) -> Self {
        let mut command = Command::new(cargo_bin!("rules"));
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut server = command.spawn().unwrap();
        let mut output = BufReader::new(server.stdout.take().unwrap());
        let (sender, messages) = channel();
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let input = server.stdin.take();
        Self { rules, server, input, messages, next_id: 0, told: VecDeque::new() }
    }

    /// The URI of a file in `rules/`, escaped as VS Code does it.
    pub(crate) fn uri(&self, name: &str) -> String {
        let path = self.rules.path().join("rules").join(name);
        format!("file://{}", path.to_str().unwrap().replace('+', "%2B"))
    }

    pub(crate) fn open(&mut self, name: &str, text: &str) {
        let document = json!({ "uri": self.uri(name), "languageId": "rules", "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Replaces the whole text.
    pub(crate) fn replace(&mut self, name: &str, version: i64, text: &str) {
        self.change(name, version, json!([{ "text": text }]));
    }

    pub(crate) fn change(&mut self, name: &str, version: i64, changes: Value) {
        let document = json!({ "uri": self.uri(name), "version": version });
        self.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    }

    pub(crate) fn close(&mut self, name: &str) {
        let document = json!({ "uri": self.uri(name) });
        self.notify("textDocument/didClose", json!({ "textDocument": document }));
    }

    /// Tells that a file has changed on disk.
    pub(crate) fn changed_on_disk(&mut self, name: &str) {
        let changes = json!([{ "uri": self.uri(name), "type": 2 }]);
        self.notify("workspace/didChangeWatchedFiles", json!({ "changes": changes }));
    }

    /// Asks about a document, with these further parameters.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: &str, name: &str, more: Value) -> Value {
        let mut params = json!({ "textDocument": { "uri": self.uri(name) } });
        params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.request(method, params).unwrap()
    }

    /// Asks for the diagnostics of a file, which are a full report.
    #[track_caller]
    pub(crate) fn pull(&mut self, name: &str) -> Vec<Value> {
        let report = self.ask("textDocument/diagnostic", name, json!({}));
        assert_eq!(report["kind"], "full", "{report}");
        report["items"].as_array().unwrap().clone()
    }

    /// The diagnostics of a file, in the order of the file, each as `line:column-line:column code`.
    #[track_caller]
    pub(crate) fn found(&mut self, name: &str) -> Vec<String> {
        self.pull(name).iter().map(short).collect()
    }

    /// The diagnostics that the server tells of a file next.
    #[track_caller]
    pub(crate) fn told(&mut self, name: &str) -> Value {
        let uri = self.uri(name);
        self.wait_for(|message| {
            let is_of_file =
                message["params"]["uri"].as_str().map(|uri| uri.replace('+', "%2B")) == Some(uri.clone());
            message["method"] == "textDocument/publishDiagnostics" && is_of_file
        })["params"]
            .clone()
    }

    /// The next message of the server, other than an answer, that `is_wanted`. Those before it are dropped.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, is_wanted: impl Fn(&Value) -> bool) -> Value {
        let until = Instant::now() + PATIENCE;
        loop {
            while let Some(message) = self.told.pop_front() {
                if is_wanted(&message) {
                    return message;
                }
            }
            self.receive(until);
        }
    }

    /// The result of a request, or its error.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Result<Value, Value> {
        let id = self.send_request(method, params);
        self.answer(id)
    }

    /// Sends a request, and returns its id.
    pub(crate) fn send_request(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next_id, "method": method, "params": params }));
        self.next_id
    }

    /// Waits for the answer to a request.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Value> {
        let until = Instant::now() + PATIENCE;
        let is_answer = |message: &Value| message["id"] == id && message.get("method").is_none();
        loop {
            if let Some(at) = self.told.iter().position(is_answer) {
                let answer = self.told.remove(at).unwrap();
                return match answer.get("error") {
                    Some(error) => Err(error.clone()),
                    None => Ok(answer["result"].clone()),
                };
            }
            self.receive(until);
        }
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    pub(crate) fn send(&mut self, message: &Value) {
        let text = message.to_string();
        self.send_raw(format!("Content-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
    }

    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        self.input.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Takes the next message, and answers it if it is a request.
    #[track_caller]
    fn receive(&mut self, until: Instant) {
        match self.messages.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(message) => {
                if message.get("method").is_some() && message.get("id").is_some() {
                    self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
                }
                self.told.push_back(message);
            }
            Err(RecvTimeoutError::Timeout) => panic!("no answer; told: {:?}", self.told),
            Err(RecvTimeoutError::Disconnected) => panic!("the server has ended: {}", self.end().1),
        }
    }

    /// Shuts the server down. It must end well, and have panicked nowhere.
    #[track_caller]
    pub(crate) fn shut_down(mut self) {
        assert_eq!(self.request("shutdown", Value::Null), Ok(Value::Null));
        self.notify("exit", Value::Null);
        let (code, errors) = self.end();
        assert_eq!((code, errors.as_str()), (Some(0), ""));
    }

    /// Waits for the end of the server: its exit code, and what it has written to standard error.
    pub(crate) fn end(&mut self) -> (Option<i32>, String) {
        self.input = None;
        let code = self.server.wait().unwrap().code();
        let mut errors = String::new();
        if let Some(mut output) = self.server.stderr.take() {
            output.read_to_string(&mut errors).unwrap();
        }
        (code, errors)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

/// The capabilities of a client that asks for diagnostics.
pub(crate) fn pulling() -> Value {
    json!({ "textDocument": { "diagnostic": {} } })
}

/// A diagnostic as `line:column-line:column code`.
pub(crate) fn short(diagnostic: &Value) -> String {
    let at = |end: &str| {
        let position = &diagnostic["range"][end];
        format!("{}:{}", position["line"], position["character"])
    };
    format!("{}-{} {}", at("start"), at("end"), diagnostic["code"].as_str().unwrap_or_default())
}

fn read(output: &mut BufReader<impl std::io::Read>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end().strip_prefix("Content-Length: ") {
            Some(number) => length = number.parse().unwrap(),
            None if line == "\r\n" => break,
            None => {}
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    Some(serde_json::from_slice(&text).unwrap())
}
