//! What a call answers that cannot be carried out: always of one shape.

use std::fmt::Write;

use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use inbox_rules::Inbox;
use inbox_rules::diagnostic::nearest;
use schemars::JsonSchema;
use serde::Serialize;

use crate::inboxes::QueueFull;
use crate::machine::{Refused, Unavailable};
use crate::rules::WaitingRules;
use crate::store::StoreError;

/// Why a call cannot be carried out.
#[derive(Debug, Clone, PartialEq)]
pub struct ApiError {
    /// The status of HTTP.
    pub status: StatusCode,
    /// What programs tell it by.
    pub code: &'static str,
    /// One sentence for people.
    pub message: String,
    /// The field, or the part of the address, that is wrong.
    pub place: Option<String>,
    /// After how many seconds it makes sense to try again.
    pub retry_after: Option<u32>,
    /// What was found in the rules.
    pub findings: Option<Box<serde_json::Value>>,
    /// The rules that wait to be accepted.
    pub waiting: Option<WaitingRules>,
}

/// The id of a request, which its answer and its lines in the log have.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The body of every answer that is an error.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ErrorAnswer<'e> {
    /// What is wrong.
    error: ErrorDetail<'e>,
    /// The id of the request, by which it is found in the log.
    request: &'e str,
}

/// What is wrong.
#[derive(Debug, Serialize, JsonSchema)]
struct ErrorDetail<'e> {
    /// What programs tell it by.
    code: &'e str,
    /// One sentence for people.
    message: &'e str,
    /// The field, or the part of the address, that is wrong.
    place: Option<&'e str>,
    /// What was found in the rules, as `rules check --format json` writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<&'e serde_json::Value>,
    /// The rules that wait to be accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    waiting: Option<&'e WaitingRules>,
}

impl ApiError {
    /// An error without a place.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { status, code, message, place: None, retry_after: None, findings: None, waiting: None }
    }

    /// The same with the field, or the part of the address, that is wrong.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    /// The same with what was found in the rules.
    #[must_use]
    pub fn with_findings(self, findings: serde_json::Value) -> Self {
        Self { findings: Some(Box::new(findings)), ..self }
    }

    /// The same with the name that was perhaps meant.
    #[must_use]
    pub fn did_you_mean<'k>(mut self, word: &str, known: impl IntoIterator<Item = &'k str>) -> Self {
        if let Some(known) = nearest(word, known) {
            let _ = write!(self.message, "; did you mean `{known}`?");
        }
        self
    }

    /// 400 `bad-field`
    pub fn bad_field(place: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad-field", message).at(place)
    }

    /// 404 `unknown-…`
    pub fn unknown(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message).at(code.trim_start_matches("unknown-"))
    }

    /// 404, or 422 if the name was in a field of the body: the inbox has no such user.
    pub fn unknown_user(inbox: &Inbox, name: &str, place: Option<&str>) -> Self {
        let known = inbox.users.iter().map(|user| &*user.id);
        let message = format!("the inbox has no user called `{name}`");
        Self::unknown("unknown-user", message).in_body(place).did_you_mean(name, known)
    }

    /// The same for a group.
    pub fn unknown_group(inbox: &Inbox, name: &str, place: Option<&str>) -> Self {
        let known = inbox.groups.iter().map(|group| &*group.name);
        let message = format!("the inbox has no group called `{name}`");
        Self::unknown("unknown-group", message).in_body(place).did_you_mean(name, known)
    }

    /// 422, if the name was in this field of the body.
    #[must_use]
    pub fn in_body(self, place: Option<&str>) -> Self {
        match place {
            None => self,
            Some(place) => Self { status: StatusCode::UNPROCESSABLE_ENTITY, ..self }.at(place),
        }
    }

    /// 409
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 503 `store-away`
    pub fn store_away() -> Self {
        let message = "the store is away, so nothing can be read or written now";
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "store-away", message);
        Self { retry_after: Some(1), ..error }
    }

    /// 503 `store-away`, after a call that waits in the queue of its inbox has taken too long
    pub fn not_written_in_time() -> Self {
        let message = "the store has not answered in time, so it is not known whether this was done";
        Self { message: message.to_owned(), ..Self::store_away() }
    }

    /// 503 `busy`
    pub fn busy(message: impl Into<String>) -> Self {
        let error = Self::new(StatusCode::SERVICE_UNAVAILABLE, "busy", message);
        Self { retry_after: Some(1), ..error }
    }

    /// 408
    pub fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow", "the request took too long")
    }

    /// Why the machine does not do it.
    pub fn refused(refused: &Refused) -> Self {
        let message = refused.to_string();
        match refused {
            Refused::UnknownChat(_) => Self::unknown("unknown-chat", message),
            Refused::UnknownCustomer => Self::unknown("unknown-customer", message),
            Refused::UnknownUser(_) => Self::unknown("unknown-user", message).in_body(Some("user")),
            Refused::UnknownGroup(_) => Self::unknown("unknown-group", message).in_body(Some("group")),
            Refused::NoMember(_) => Self::conflict("no-member", message).at("group"),
            Refused::ChatClosed => Self::conflict("chat-closed", message),
            Refused::ChatTaken(_) => Self::conflict("chat-taken", message),
            Refused::WindowClosed => Self::conflict("window-closed", message),
            Refused::RulesChanged => Self::conflict("rules-changed", message).at("base"),
            Refused::TooOld => Self::conflict("too-old", message).at("message.sent_at"),
            Refused::Invalid(_) => Self::new(StatusCode::BAD_REQUEST, "bad-field", message),
        }
    }

    /// The answer.
    pub(super) fn render(&self, request: &RequestId) -> Response {
        let Self { code, message, place, findings, .. } = self;
        let (place, findings) = (place.as_deref(), findings.as_deref());
        let error = ErrorDetail { code, message, place, findings, waiting: self.waiting.as_ref() };
        let answer = axum::Json(ErrorAnswer { error, request: &request.0 });
        let mut response = (self.status, answer).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.code == "no-token" && self.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(axum::http::header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

/// The body is written where the id of the request is known.
impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::warn!(%error, "the store has failed");
        Self::store_away()
    }
}

impl From<Unavailable> for ApiError {
    fn from(unavailable: Unavailable) -> Self {
        match unavailable {
            Unavailable::UnknownInbox => Self::unknown("unknown-inbox", unavailable.to_string()),
            Unavailable::Busy => Self::busy(unavailable.to_string()),
            // Whoever writes the store has logged why.
            Unavailable::Store(_) => Self::store_away(),
        }
    }
}

impl From<QueueFull> for ApiError {
    fn from(full: QueueFull) -> Self {
        Self::busy(full.to_string())
    }
}
