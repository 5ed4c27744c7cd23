//! The webhooks of WhatsApp: signed, read, put into the queues of their inboxes, and answered when all of it
//! is durable.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::live_settings::LiveSettings;
use crate::api::{ApiError, read_bytes, wrong_method};
use crate::inboxes::{InboxHandle, Inboxes, NumberOwner, QueueFull};
use crate::incoming::{NewMessage, Profile, SendBy};
use crate::limits::WEBHOOK_BYTES;
use crate::machine::{Answer, Item, Unavailable};
use crate::metrics::Metrics;
use crate::settings::{AccountSettings, HostSettings};
use crate::whatsapp::{self, Element, ElementKind, Notice};

/// How long a webhook waits until it is durable, at most.
const TIMEOUT: Duration = Duration::from_secs(4);

/// The account at `/webhooks/whatsapp`.
const MAIN: &str = "main";

/// What the webhooks need.
#[derive(Debug)]
pub(super) struct IngestState {
    pub(super) inboxes: Arc<Inboxes>,
    pub(super) settings: LiveSettings,
    pub(super) metrics: Arc<Metrics>,
}

type Path = Result<RawPathParams, RawPathParamsRejection>;
type Pending = oneshot::Receiver<Result<Answer, Unavailable>>;

/// The addresses of the webhooks.
pub(super) fn router(state: Arc<IngestState>) -> Router {
    let methods = || {
        get(|State(state): State<Arc<IngestState>>, path: Path, uri: Uri| async move {
            confirm(&state, &account(path)?, &uri)
        })
        .post(receive)
        .fallback(wrong_method)
    };
    Router::new()
        .route("/webhooks/whatsapp", methods())
        .route("/webhooks/whatsapp/{account}", methods())
        .with_state(state)
}

/// The name of the account that the address names.
fn account(path: Path) -> Result<String, ApiError> {
    let path = path.map_err(|_| unknown_account(""))?;
    Ok(path.iter().next().map_or(MAIN, |(_, name)| name).to_owned())
}

fn unknown_account(name: &str) -> ApiError {
    ApiError::unknown("unknown-account", format!("there is no WhatsApp account `{name}`"))
}

fn settings_of<'s>(settings: &'s HostSettings, name: &str) -> Result<&'s AccountSettings, ApiError> {
    settings.whatsapp.get(name).ok_or_else(|| unknown_account(name))
}

/// WhatsApp asks whether the address is ours.
fn confirm(state: &IngestState, account: &str, uri: &Uri) -> Result<Response, ApiError> {
    let settings = state.settings.get();
    let account = settings_of(&settings, account)?;
    let query = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(uri);
    let query = query.map(|query| query.0).unwrap_or_default();
    let get = |name: &str| query.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value);
    let is_ours =
        account.verify_token.as_ref().is_some_and(|token| whatsapp::is_token(token, get("hub.verify_token")));
    if get("hub.mode") == "subscribe" && is_ours {
        return Ok((StatusCode::OK, get("hub.challenge").to_owned()).into_response());
    }
    let message = "`hub.verify_token` is not the one of host.toml";
    Err(ApiError::new(StatusCode::FORBIDDEN, "not-allowed", message))
}

/// A webhook.
async fn receive(
    State(state): State<Arc<IngestState>>,
    path: Path,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    #[expect(clippy::disallowed_methods, reason = "only measured")]
    let began = Instant::now();
    let answer = take(&state, &account(path)?, &headers, request.into_body()).await;
    state.metrics.webhook_seconds.observe(began.elapsed().as_secs_f64());
    answer.map(|()| StatusCode::OK.into_response())
}

async fn take(state: &IngestState, name: &str, headers: &HeaderMap, body: Body) -> Result<(), ApiError> {
    let settings = state.settings.get();
    let account = settings_of(&settings, name)?;
    let body: Bytes = read_bytes(body, WEBHOOK_BYTES).await?;
    let signature = headers.get("x-hub-signature-256").and_then(|header| header.to_str().ok());
    if !whatsapp::verify(&account.app_secrets, signature, &body) {
        let message = "the header `X-Hub-Signature-256` is not the signature of this body";
        return Err(ApiError::new(StatusCode::UNAUTHORIZED, "bad-signature", message));
    }
    let webhook = whatsapp::read(&body);
    let webhook =
        webhook.map_err(|error| ApiError::new(StatusCode::BAD_REQUEST, "bad-json", error.to_string()))?;
    for (why, count) in webhook.ignored {
        state.metrics.count_ignored(why, count);
    }
    let all = async {
        let mut pending: Vec<Pending> = Vec::with_capacity(webhook.elements.len());
        for element in webhook.elements {
            submit(state, &settings, name, element, &mut pending).await?;
        }
        wait(pending).await
    };
    timeout(TIMEOUT, all).await.unwrap_or_else(|_| Err(ApiError::store_away()))
}

/// Puts an element into the queue of its inbox.
async fn submit(
    state: &IngestState,
    settings: &HostSettings,
    account: &str,
    element: Element,
    pending: &mut Vec<Pending>,
) -> Result<(), ApiError> {
    let is_of_account = |id: &str| settings.account_of(id).is_some_and(|(owner, _)| **owner == *account);
    let numbers = state.inboxes.numbers();
    let owner = match (&element.phone_number_id, &element.display_phone_number) {
        (Some(id), _) => numbers.get(&**id).filter(|_| is_of_account(id)),
        (None, Some(number)) => numbers.get(&**number),
        (None, None) => None,
    };
    if let Some(NumberOwner { inbox, number }) = owner {
        for item in items(element, Some(number)) {
            pending.push(put(inbox, item, pending.is_empty()).await?);
        }
        return Ok(());
    }
    let is_about_account = element.phone_number_id.is_none() && element.display_phone_number.is_none();
    let mut inboxes: Vec<&Arc<InboxHandle>> = Vec::new();
    if is_about_account && let ElementKind::Notice(_) = element.kind {
        inboxes.extend(state.inboxes.iter().filter(|inbox| {
            let release = inbox.release();
            let mut ids =
                release.set.inbox().numbers.values().filter_map(|entry| entry.phone_number_id.as_deref());
            ids.any(is_of_account)
        }));
    }
    if inboxes.is_empty() {
        state.metrics.count_ignored("unknown_number", 1);
    }
    if let ElementKind::Notice(notice) = element.kind {
        for inbox in inboxes {
            let Notice { kind, body, .. } = &*notice;
            let item =
                Item::Notice { kind: kind.clone(), number: None, customer: Vec::new(), body: body.clone() };
            pending.push(put(inbox, item, pending.is_empty()).await?);
        }
    }
    Ok(())
}

/// Where the queue is full, a webhook is refused before any of it is taken. What has begun waits for a place:
/// otherwise a webhook that is longer than the queue could never be taken, however often it comes.
async fn put(inbox: &InboxHandle, item: Item, is_first: bool) -> Result<Pending, QueueFull> {
    if is_first { inbox.submit(item) } else { inbox.submit_when_free(item).await }
}

/// What an element of a number brings for its inbox.
pub(crate) fn items(element: Element, number: Option<&Arc<str>>) -> Vec<Item> {
    let Element { at, kind, .. } = element;
    let to = number.cloned().unwrap_or_default();
    match kind {
        ElementKind::Message(message) => {
            let country = message.profile_country.or_else(|| whatsapp::country(&message.names));
            let profile = Profile { name: message.profile_name, country, ..Profile::default() };
            vec![Item::Message(Box::new(NewMessage {
                number: to,
                names: message.names.iter().map(|name| name.as_str().into()).collect(),
                profile,
                message: message.message,
                sent_at: at,
                held: message.held,
                send: SendBy::WhatsApp,
            }))]
        }
        ElementKind::Renamed { old, new } => vec![Item::Rename { old, new }],
        ElementKind::Echo { names } => vec![Item::Echo { number: to, to: names }],
        ElementKind::Status(status) => vec![Item::Status(status)],
        ElementKind::Notice(notice) => {
            let Notice { kind, names, change, body } = *notice;
            let edit =
                change.map(|change| Item::Edit { number: to, id: change.message, at, text: change.text });
            let noted = Item::Notice { kind, number: number.cloned(), customer: names, body };
            edit.into_iter().chain([noted]).collect()
        }
    }
}

/// Waits until all of it is durable.
async fn wait(pending: Vec<Pending>) -> Result<(), ApiError> {
    for answered in pending {
        match answered.await {
            Ok(Ok(_)) => {}
            Ok(Err(unavailable)) => return Err(ApiError::from(unavailable)),
            Err(_) => return Err(ApiError::store_away()),
        }
    }
    Ok(())
}
