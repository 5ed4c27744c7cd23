//! One call of the API, as whoever answers it sees it.

use core::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use inbox_rules::Inbox;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::auth::{self, Caller};
use super::error::ApiError;
use super::json_body;
use super::query::Parameters;
use super::state::ApiState;
use crate::inboxes::InboxHandle;
use crate::machine::{Answer, Item};
use crate::store::{StoreError, StoreReader};

/// How long a call waits until it is durable.
const TIMEOUT: Duration = Duration::from_secs(5);

/// One call of the API, whose caller may make it.
pub(super) struct Call {
    pub(super) state: Arc<ApiState>,
    /// Who makes it; `None` where anybody may.
    pub(super) caller: Option<Caller>,
    /// The inbox that the address names.
    pub(super) inbox: Option<Arc<InboxHandle>>,
    /// The variable parts of the address.
    pub(super) path: Vec<(String, String)>,
    pub(super) query: Parameters,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    /// Where the connection comes from; `None`: it is not known.
    pub(super) peer: Option<IpAddr>,
    pub(super) body: Bytes,
}

/// What a call answers.
pub(super) type CallResult = Result<Response, ApiError>;

impl Call {
    /// The inbox that the address names.
    pub(super) fn inbox(&self) -> Result<&Arc<InboxHandle>, ApiError> {
        self.inbox.as_ref().ok_or_else(|| ApiError::unknown("unknown-inbox", "there is no such inbox"))
    }

    /// A variable part of the address.
    pub(super) fn path(&self, name: &str) -> &str {
        self.path.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The body.
    pub(super) fn body<T: DeserializeOwned>(&self) -> Result<T, ApiError> {
        json_body::read(&self.body)
    }

    /// Puts an item into the queue of the inbox, and waits until it is durable.
    pub(super) async fn submit(&self, item: Item) -> Result<Answer, ApiError> {
        let answered = self.inbox()?.submit(item)?;
        match timeout(TIMEOUT, answered).await {
            Ok(Ok(Ok(Answer::Refused(refused)))) => Err(ApiError::refused(&refused)),
            Ok(Ok(answer)) => Ok(answer?),
            Ok(Err(_)) => Err(ApiError::store_away()),
            Err(_) => Err(ApiError::not_written_in_time()),
        }
    }

    /// Whether the caller still may call.
    pub(super) async fn is_allowed(&self) -> bool {
        let caller = auth::caller_of(self).await;
        caller.is_ok_and(|caller| self.caller.as_ref().is_none_or(|before| *before == caller))
    }

    /// Reads what is committed in the inbox.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut dyn StoreReader, &str) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, ApiError> {
        let inbox = Arc::clone(self.inbox()?.id());
        Ok(self.state.readers.read(move |reader| read(reader, &inbox)).await?)
    }
}

/// 200 with this body.
#[expect(clippy::unnecessary_wraps, reason = "it is the last line of most calls")]
pub(super) fn ok(body: impl Serialize) -> CallResult {
    Ok(axum::Json(body).into_response())
}

/// 404, unless the inbox has the user.
pub(super) fn known_user(inbox: &Inbox, name: &str, place: Option<&str>) -> Result<(), ApiError> {
    let known = inbox.user_id(name).map(|_| ());
    known.ok_or_else(|| ApiError::unknown_user(inbox, name, place))
}

/// What cannot be: an item was answered as another one would be. The answer is not logged: it may have a text
/// in it.
pub(super) fn unexpected() -> ApiError {
    tracing::error!("an item was answered as another one would be");
    ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "this is a bug of the program")
}
