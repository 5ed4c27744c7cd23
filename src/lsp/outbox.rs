//! What is sent to the client.

use std::collections::BTreeMap;

use crossbeam_channel::Sender;
use gen_lsp_types::{
    LogMessageNotification, LogMessageParams, MessageType, Notification as _, PublishDiagnosticsNotification,
    PublishDiagnosticsParams, ShowMessageNotification, ShowMessageParams,
};
use lsp_server::{ErrorCode, Notification, Request, RequestId, Response};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// What is sent to the client. If it has gone, nothing is: the end of its input ends the server.
pub(super) struct Outbox {
    sender: Sender<String>,
    next_id: i32,
    /// The requests that the client has not answered, by what they ask.
    asked: BTreeMap<i32, String>,
}

/// A message with what JSON-RPC asks for.
#[derive(Serialize)]
struct JsonRpc<M> {
    jsonrpc: &'static str,
    #[serde(flatten)]
    message: M,
}

/// The answer to a request.
#[derive(Serialize)]
struct AnswerMessage {
    id: RequestId,
    result: Box<RawValue>,
}

/// Why a request has no answer.
#[derive(Debug)]
pub(super) struct RequestError {
    pub(super) code: ErrorCode,
    pub(super) message: String,
}

impl RequestError {
    pub(super) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// For what is asked in a wrong way, or cannot be done.
    pub(super) fn failed(message: impl Into<String>) -> Self {
        Self::new(ErrorCode::RequestFailed, message)
    }
}

/// A result as JSON.
pub(super) fn json(result: &impl Serialize) -> Result<Box<RawValue>, RequestError> {
    to_raw_value(result).map_err(|error| RequestError::new(ErrorCode::InternalError, error.to_string()))
}

impl Outbox {
    pub(super) fn new(sender: Sender<String>) -> Self {
        Self { sender, next_id: 0, asked: BTreeMap::new() }
    }

    /// Another one, for a thread that only tells.
    pub(super) fn another(&self) -> Self {
        Self::new(self.sender.clone())
    }

    fn send(&self, message: impl Serialize) {
        if let Ok(text) = serde_json::to_string(&JsonRpc { jsonrpc: "2.0", message }) {
            let _ = self.sender.send(text);
        }
    }

    /// Answers a request.
    pub(super) fn answer(&self, id: RequestId, result: Result<Box<RawValue>, RequestError>) {
        match result {
            Ok(result) => self.send(AnswerMessage { id, result }),
            Err(refusal) => self.send(Response::new_err(id, refusal.code as i32, refusal.message)),
        }
    }

    pub(super) fn notify(&self, method: &str, params: impl Serialize) {
        if let Ok(params) = serde_json::to_value(params) {
            self.send(Notification { method: method.to_owned(), params });
        }
    }

    /// A number that it has not given before.
    pub(super) fn next_number(&mut self) -> i32 {
        self.next_id = self.next_id.wrapping_add(1);
        self.next_id
    }

    /// Asks the client for something. Its answer is not waited for; an error is logged.
    pub(super) fn ask(&mut self, method: &str, params: impl Serialize) {
        let Ok(params) = serde_json::to_value(params) else { return };
        let id = self.next_number();
        self.asked.insert(id, method.to_owned());
        self.send(Request { id: id.into(), method: method.to_owned(), params });
    }

    /// Takes the client's answer to what it was asked.
    pub(super) fn answered(&mut self, response: &Response) {
        let id = response.id.to_string().parse::<i32>().ok();
        let asked = id.and_then(|id| self.asked.remove(&id));
        if let (Some(method), Err(error)) = (asked, &response.response_result) {
            self.log(MessageType::Warning, format!("the editor refuses `{method}`: {}", error.message));
        }
    }

    pub(super) fn log(&self, kind: MessageType, message: impl Into<String>) {
        let params = LogMessageParams { kind, message: message.into() };
        self.notify(LogMessageNotification::METHOD.as_str(), params);
    }

    pub(super) fn show(&self, kind: MessageType, message: impl Into<String>) {
        let params = ShowMessageParams { kind, message: message.into() };
        self.notify(ShowMessageNotification::METHOD.as_str(), params);
    }

    pub(super) fn publish(&self, params: PublishDiagnosticsParams) {
        self.notify(PublishDiagnosticsNotification::METHOD.as_str(), params);
    }
}
