//! The requests that are answered from one state of a folder.

use lsp_server::ErrorCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;

use super::outbox::{RequestError, json};
use super::view::FolderView;
use super::{annotations, code_actions, completions, formatting, navigation, outline, tokens};

/// Answers a request about a document, given its name and the parameters.
pub(super) type AnswerFn = fn(&FolderView, &str, Value) -> Result<Box<RawValue>, RequestError>;

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
        "textDocument/hover" => (Quick, |view, file, params| typed(navigation::hover, view, file, params)),
        "textDocument/definition" => {
            (Quick, |view, file, params| typed(navigation::definition, view, file, params))
        }
        "textDocument/references" => {
            (Quick, |view, file, params| typed(navigation::references, view, file, params))
        }
        "textDocument/documentHighlight" => {
            (Quick, |view, file, params| typed(navigation::highlights, view, file, params))
        }
        "textDocument/prepareRename" => {
            (Quick, |view, file, params| typed(navigation::prepare_rename, view, file, params))
        }
        "textDocument/rename" => (Quick, |view, file, params| {
            let renamed = navigation::rename(view, file, &parameters(params)?)?;
            json(&renamed)
        }),
        "textDocument/completion" => {
            (Quick, |view, file, params| typed(completions::completion, view, file, params))
        }
        "textDocument/documentSymbol" => {
            (Quick, |view, file, params| typed(outline::symbols, view, file, params))
        }
        "textDocument/foldingRange" => {
            (Quick, |view, file, params| typed(outline::folding, view, file, params))
        }
        "textDocument/selectionRange" => {
            (Quick, |view, file, params| typed(outline::selection, view, file, params))
        }
        "textDocument/semanticTokens/full" => {
            (Quick, |view, file, params| typed(tokens::all, view, file, params))
        }
        "textDocument/semanticTokens/range" => {
            (Quick, |view, file, params| typed(tokens::in_range, view, file, params))
        }
        "textDocument/formatting" => {
            (Quick, |view, file, params| typed(formatting::formatting, view, file, params))
        }
        "textDocument/rangeFormatting" => {
            (Quick, |view, file, params| typed(formatting::range_formatting, view, file, params))
        }
        "textDocument/onTypeFormatting" => {
            (Quick, |view, file, params| typed(formatting::on_type_formatting, view, file, params))
        }
        "textDocument/codeLens" => {
            (Slow, |view, file, params| typed(annotations::code_lenses, view, file, params))
        }
        "textDocument/inlayHint" => {
            (Slow, |view, file, params| typed(annotations::inlay_hints, view, file, params))
        }
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
    answer: impl Fn(&FolderView, &str, &P) -> R,
    view: &FolderView,
    file: &str,
    params: Value,
) -> Result<Box<RawValue>, RequestError> {
    json(&answer(view, file, &parameters(params)?))
}

/// The parameters, if they are what the protocol says.
pub(super) fn parameters<P: DeserializeOwned>(params: Value) -> Result<P, RequestError> {
    serde_json::from_value(params)
        .map_err(|error| RequestError::new(ErrorCode::InvalidParams, error.to_string()))
}
