//! The requests that are answered from one state of a folder.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::code_actions;
use super::outbox::RequestError;
use super::view::FolderView;
use lsp_server::ErrorCode;

/// Answers a request about a document, given its name and the parameters.
pub(super) type AnswerFn = fn(&FolderView, &str, Value) -> Result<Value, RequestError>;

/// Who answers a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// The main loop, at once.
    Quick,
    /// A thread of its own, since it may take longer.
    Slow,
}

/// How a request is answered. `None`: it is not known.
pub(super) fn answer_to(method: &str) -> Option<(Lane, AnswerFn)> {
    use Lane::{Quick, Slow};
    let route: (Lane, AnswerFn) = match method {
        "textDocument/codeAction" => {
            (Quick, |view, file, params| typed(code_actions::code_actions, view, file, params))
        }
        "codeAction/resolve" => (Slow, |view, file, params| typed(code_actions::resolve, view, file, params)),
        _ => return None,
    };
    Some(route)
}

/// The URI of the document that a request is about.
pub(super) fn document_of(params: &Value) -> Option<&str> {
    let uri = params.pointer("/textDocument/uri").or_else(|| params.pointer("/data/textDocument/uri"));
    uri.and_then(Value::as_str)
}

fn typed<P: DeserializeOwned, R: Serialize>(
    answer: impl Fn(&FolderView, &str, P) -> R,
    view: &FolderView,
    file: &str,
    params: Value,
) -> Result<Value, RequestError> {
    let params = parameters(params)?;
    let result = answer(view, file, params);
    serde_json::to_value(result)
        .map_err(|error| RequestError::new(ErrorCode::InternalError, error.to_string()))
}

/// The parameters, if they are what the protocol says.
pub(super) fn parameters<P: DeserializeOwned>(params: Value) -> Result<P, RequestError> {
    serde_json::from_value(params)
        .map_err(|error| RequestError::new(ErrorCode::InvalidParams, error.to_string()))
}
