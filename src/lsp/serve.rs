//! The main loop: messages come in, and are answered in their order.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crossbeam_channel::{Receiver, after, never, select, unbounded};
use gen_lsp_types::{
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWatchedFilesRegistrationOptions,
    DidChangeWorkspaceFoldersParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, FileSystemWatcher, GlobPattern, MessageType, ProgressToken, Registration,
    RegistrationParams, WorkspaceSymbolParams,
};
use lsp_server::{ErrorCode, Message, Notification, Request, RequestId};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::capabilities::initialize_result;
use super::checker::{self, CheckEvent, panic_message};
use super::client::ClientSupport;
use super::clock::now;
use super::commands::{run_tests, summary, tests_of};
use super::documents::DocumentKey;
use super::outbox::{Outbox, RequestError, json};
use super::outline::workspace_symbols;
use super::requests::{Lane, answer_to, document_of, parameters};
use super::session::{Session, paths};
use super::transport::Transport;

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The client shut it down.
    ShutDown,
    /// The client told it to exit, or has gone, without having shut it down.
    Abandoned,
}

/// Serves a client over standard input and output, until it ends.
///
/// # Errors
///
/// If the client does not speak the protocol, or the output cannot be written.
pub fn serve_stdio() -> io::Result<Ended> {
    let Transport { sender, receiver, threads } = Transport::stdio()?;
    let ended = serve(Outbox::new(sender), &receiver);
    if ended == Ended::ShutDown {
        return Ok(ended);
    }
    threads.join().map(|()| ended)
}

/// Serves a client until it ends.
fn serve(mut outbox: Outbox, receiver: &Receiver<Message>) -> Ended {
    let Some((id, params)) = await_initialize(receiver, &outbox) else { return Ended::Abandoned };
    let client = ClientSupport::of(&params);
    outbox.answer(id, json(&initialize_result(client)));
    let (orders, events) = checker::start().unwrap_or_else(|| {
        outbox.log(MessageType::Error, "no thread can be started, so the rules are not checked");
        (unbounded().0, never())
    });
    if client.watches_files {
        outbox.ask("client/registerCapability", watched_files());
    }
    let session = Session::new(client, workspace_folders(&params), outbox, orders);
    Server { session, is_shut_down: false }.run(receiver, &events)
}

/// Waits for `initialize`, and refuses what comes before it. `None`: the client ends.
fn await_initialize(receiver: &Receiver<Message>, outbox: &Outbox) -> Option<(RequestId, Value)> {
    loop {
        match receiver.recv().ok()? {
            Message::Request(request) if request.method == "initialize" => {
                return Some((request.id, request.params));
            }
            Message::Request(request) => {
                let refusal =
                    RequestError::new(ErrorCode::ServerNotInitialized, "`initialize` must come first");
                outbox.answer(request.id, Err(refusal));
            }
            Message::Notification(notification) if notification.method == "exit" => return None,
            Message::Notification(_) | Message::Response(_) => {}
        }
    }
}

fn workspace_folders(params: &Value) -> Vec<std::path::PathBuf> {
    let folders = params.get("workspaceFolders").and_then(Value::as_array);
    let uris = folders.into_iter().flatten().filter_map(|folder| folder.get("uri").and_then(Value::as_str));
    let mut found = paths(uris);
    if found.is_empty() {
        found = paths(params.get("rootUri").and_then(Value::as_str));
    }
    found
}

fn watched_files() -> RegistrationParams {
    let watcher = |pattern: &str| FileSystemWatcher {
        glob_pattern: GlobPattern::Pattern(pattern.to_owned()),
        kind: None,
    };
    let watchers = vec![watcher("**/*.rules"), watcher("**/inbox.toml")];
    let options = serde_json::to_value(DidChangeWatchedFilesRegistrationOptions { watchers });
    RegistrationParams {
        registrations: vec![Registration {
            id: "files".to_owned(),
            method: "workspace/didChangeWatchedFiles".to_owned(),
            register_options: options.ok(),
        }],
    }
}

/// A server that has been initialized.
struct Server {
    session: Session,
    is_shut_down: bool,
}

impl Server {
    fn run(mut self, receiver: &Receiver<Message>, events: &Receiver<CheckEvent>) -> Ended {
        self.guarded("looking for rules", Session::discover);
        let results = self.session.tasks.results.clone();
        loop {
            let timer = match self.session.deadline() {
                Some(at) => after(at.saturating_duration_since(now())),
                None => never(),
            };
            select! {
                recv(receiver) -> message => match message {
                    Ok(Message::Notification(notification)) if notification.method == "exit" => {
                        return if self.is_shut_down { Ended::ShutDown } else { Ended::Abandoned };
                    }
                    Ok(message) => self.handle(message),
                    Err(_) => return Ended::Abandoned,
                },
                recv(events) -> event => if let Ok(event) = event {
                    self.guarded("telling what was found", |session| session.checker_tells(event));
                },
                recv(results) -> result => if let Ok(result) = result {
                    let Session { tasks, outbox, roots, .. } = &mut self.session;
                    let is_current = |root, revision| roots.get(&root).is_some_and(|root| root.revision == revision);
                    tasks.finish(result, is_current, outbox);
                },
                recv(timer) -> _ => {}
            }
            self.guarded("checking the rules", Session::tick);
        }
    }

    fn handle(&mut self, message: Message) {
        match message {
            Message::Request(request) => self.request(request),
            Message::Notification(notification) => self.notification(notification),
            Message::Response(response) => self.session.outbox.answered(&response),
        }
    }

    /// Does something. A panic, which is a bug, is logged and ends nothing.
    fn guarded(&mut self, what: &str, work: impl FnOnce(&mut Session)) {
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(&mut self.session))) {
            let message = format!("{what} has panicked, which is a bug: {}", panic_message(&*panic));
            self.session.outbox.log(MessageType::Error, message);
        }
    }

    fn request(&mut self, request: Request) {
        let Request { id, method, params } = request;
        if self.is_shut_down {
            let refusal = RequestError::new(ErrorCode::InvalidRequest, "the server has been shut down");
            return self.session.outbox.answer(id, Err(refusal));
        }
        self.answering(id.clone(), &method, |server| server.answer(&id, &method, params));
    }

    /// Sends the answer that `work` gives, unless it comes later. A panic, which is a bug, is logged and refuses the request.
    fn answering(
        &mut self,
        id: RequestId,
        method: &str,
        work: impl FnOnce(&mut Self) -> Option<Result<Box<RawValue>, RequestError>>,
    ) {
        let answered = catch_unwind(AssertUnwindSafe(|| work(self)));
        let answer = answered.unwrap_or_else(|panic| {
            let message = format!("`{method}` has panicked, which is a bug: {}", panic_message(&*panic));
            self.session.outbox.log(MessageType::Error, &*message);
            Some(Err(RequestError::new(ErrorCode::InternalError, message)))
        });
        if let Some(answer) = answer {
            self.session.outbox.answer(id, answer);
        }
    }

    /// The answer to a request. `None`: it comes later.
    fn answer(
        &mut self,
        id: &RequestId,
        method: &str,
        params: Value,
    ) -> Option<Result<Box<RawValue>, RequestError>> {
        match method {
            "shutdown" => {
                self.is_shut_down = true;
                return Some(json(&Value::Null));
            }
            "initialize" => {
                let message = "the server is initialized already";
                return Some(Err(RequestError::new(ErrorCode::InvalidRequest, message)));
            }
            "textDocument/diagnostic" => {
                let Some(uri) = document_of(&params) else { return Some(Err(no_document())) };
                let previous = params.get("previousResultId").and_then(Value::as_str).map(str::to_owned);
                self.session.pull_document(id.clone(), uri, previous);
                return None;
            }
            "workspace/diagnostic" => {
                let previous = params.get("previousResultIds").and_then(Value::as_array);
                let previous = previous.into_iter().flatten().filter_map(|result| {
                    let text = |key: &str| result.get(key).and_then(Value::as_str);
                    Some((DocumentKey::of(text("uri")?), text("value")?.to_owned()))
                });
                self.session.pull_workspace(id.clone(), previous.collect());
                return None;
            }
            "workspace/symbol" => return Some(self.workspace_symbols(params)),
            "workspace/executeCommand" => return self.execute(id, params).err().map(Err),
            _ => {}
        }
        let Some((lane, answer)) = answer_to(method) else {
            let message = format!("`{method}` is not known");
            return Some(Err(RequestError::new(ErrorCode::MethodNotFound, message)));
        };
        let Some(uri) = document_of(&params) else { return Some(Err(no_document())) };
        // There is nothing to say of other documents.
        let Some((root, name, view)) = self.session.view_of(uri) else { return Some(json(&Value::Null)) };
        if lane == Lane::Quick {
            return Some(answer(&view, &name, params));
        }
        let token = token_of(&params);
        let state = Some((root, view.revision));
        let Session { tasks, outbox, .. } = &mut self.session;
        tasks.add(id.clone(), method, state, token, outbox, move || answer(&view, &name, params));
        None
    }

    /// `workspace/symbol`
    fn workspace_symbols(&mut self, params: Value) -> Result<Box<RawValue>, RequestError> {
        let params: WorkspaceSymbolParams = parameters(params)?;
        let views = self.session.views();
        json(&views.iter().flat_map(|view| workspace_symbols(view, &params.query)).collect::<Vec<_>>())
    }

    /// `workspace/executeCommand`. The answer comes later, unless it is a refusal.
    fn execute(&mut self, id: &RequestId, params: Value) -> Result<(), RequestError> {
        let token = token_of(&params);
        let (uri, names) = tests_of(&parameters(params)?)?;
        let view = self.session.view_of(&uri);
        let (_, name, view) = view.ok_or_else(|| RequestError::failed("this is no file of rules"))?;
        let tell = self.session.outbox.another();
        let work = move || {
            let report = run_tests(&view, &name, &names)?;
            let (kind, message) = summary(&report);
            tell.show(kind, message);
            json(&report)
        };
        let Session { tasks, outbox, .. } = &mut self.session;
        tasks.add(id.clone(), "workspace/executeCommand", None, token, outbox, work);
        Ok(())
    }

    fn notification(&mut self, notification: Notification) {
        let Notification { method, params } = notification;
        let what = format!("`{method}`");
        match &*method {
            "textDocument/didOpen" => {
                self.notified(&what, params, |session, params: DidOpenTextDocumentParams| {
                    session.open(params.text_document);
                });
            }
            "textDocument/didChange" => {
                self.notified(&what, params, |session, params: DidChangeTextDocumentParams| {
                    session.change(&params);
                });
            }
            "textDocument/didClose" => {
                self.notified(&what, params, |session, params: DidCloseTextDocumentParams| {
                    session.close(&params.text_document.uri);
                });
            }
            "textDocument/didSave" => {
                self.notified(&what, params, |session, params: DidSaveTextDocumentParams| {
                    session.save(&params.text_document.uri);
                });
            }
            "workspace/didChangeWatchedFiles" => {
                self.notified(&what, params, |session, params: DidChangeWatchedFilesParams| {
                    session.files_changed(&params.changes);
                });
            }
            "workspace/didChangeWorkspaceFolders" => {
                self.notified(&what, params, |session, params: DidChangeWorkspaceFoldersParams| {
                    let added = paths(params.event.added.iter().map(|folder| &*folder.uri.0));
                    let removed = paths(params.event.removed.iter().map(|folder| &*folder.uri.0));
                    session.change_workspace(added, &removed);
                });
            }
            "$/cancelRequest" => self.cancel(&params),
            _ => {}
        }
    }

    fn notified<P: DeserializeOwned>(
        &mut self,
        what: &str,
        params: Value,
        work: impl FnOnce(&mut Session, P),
    ) {
        match serde_json::from_value(params) {
            Ok(params) => self.guarded(what, |session| work(session, params)),
            Err(error) => {
                let message = format!("{what} is not as the protocol says: {error}");
                self.session.outbox.log(MessageType::Error, message);
            }
        }
    }

    fn cancel(&mut self, params: &Value) {
        let Some(id) = params.get("id") else { return };
        let Ok(id) = serde_json::from_value::<RequestId>(id.clone()) else { return };
        let Session { pulls, tasks, outbox, .. } = &mut self.session;
        if pulls.cancel(&id) || tasks.cancel(&id, outbox) {
            let refusal = RequestError::new(ErrorCode::RequestCanceled, "cancelled");
            self.session.outbox.answer(id, Err(refusal));
        }
    }
}

/// The client's token for the progress of its request.
fn token_of(params: &Value) -> Option<ProgressToken> {
    let token = params.get("workDoneToken")?;
    serde_json::from_value(token.clone()).ok()
}

fn no_document() -> RequestError {
    RequestError::new(ErrorCode::InvalidParams, "`textDocument.uri` is missing")
}

#[cfg(test)]
mod tests;
