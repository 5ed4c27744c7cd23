//! From a request to an answer: which call it is, whether the caller may make it, and an answer of one shape
//! whatever happens.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONNECTION, CONTENT_SECURITY_POLICY, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderName, HeaderValue, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, on};
use tokio::time::timeout;
use tracing::Instrument;

use super::auth;
use super::body_bytes::read_bytes;
use super::call::{Call, CallResult};
use super::error::{ApiError, RequestId};
use super::page;
use super::proxy_header::peer_of;
use super::query::Parameters;
use super::state::ApiState;
use super::table::{Route, TABLE};
use crate::limits::REQUEST_TIME;

/// All calls of the API. What is no call gets an answer of the same shape.
pub fn router(state: Arc<ApiState>) -> Router {
    let calls = TABLE.iter().fold(Router::new(), |router, route| {
        let handler = move |State(state): State<Arc<ApiState>>, path, request: Request| {
            answer(route, state, path, request)
        };
        let method = MethodFilter::try_from(route.method.clone()).unwrap_or(MethodFilter::GET);
        router.route(route.path, on(method, handler))
    });
    calls
        .merge(page::router())
        .fallback(|| async { ApiError::unknown("unknown-path", "there is nothing at this address") })
        .method_not_allowed_fallback(wrong_method)
        .with_state(state)
}

/// 405 `wrong-method`
pub async fn wrong_method() -> ApiError {
    let message = "this address does not take this method";
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", message)
}

/// Gives each request an id, a line in the log, and an answer of the API's shape even if it fails.
pub async fn answer_every_request(request: Request, next: Next) -> Response {
    let id = RequestId(format!("{:016x}", rand::random::<u64>()));
    let method = request.method().clone();
    // The address itself may name a person.
    let path = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let path = path.unwrap_or_else(|| "-".to_owned());
    let (token, user) = (tracing::field::Empty, tracing::field::Empty);
    let span = tracing::info_span!("request", id = %id.0, token, user);
    // A task of its own: one that panics is answered too, and one whose client is gone comes to its end.
    let running = tokio::spawn(timeout(REQUEST_TIME, next.run(request)).instrument(span.clone()));
    let mut response = match running.await {
        Ok(Ok(response)) => response,
        Ok(Err(_)) => ApiError::too_slow().into_response(),
        Err(panic) => {
            tracing::error!(parent: &span, %panic, "a request has made the program panic, which is a bug");
            let message = "the program has failed, which is a bug";
            let error = ApiError::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", message);
            error.into_response()
        }
    };
    let mut code = None;
    if let Some(error) = response.extensions_mut().remove::<ApiError>() {
        code = Some(error.code);
        let allow = response.headers_mut().remove(axum::http::header::ALLOW);
        response = error.render(&id);
        if let Some(allow) = allow {
            response.headers_mut().insert(axum::http::header::ALLOW, allow);
        }
        if matches!(error.status, StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT) {
            // The rest of the body is not read.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
    }
    let status = response.status().as_u16();
    // There are few calls, but many webhooks and questions whether the program is there.
    if matches!(status, 401 | 403 | 429) {
        tracing::warn!(parent: &span, %method, path, status, code, "refused");
    } else if path.starts_with("/v1/") {
        tracing::info!(parent: &span, %method, path, status, code, "answered");
    } else {
        tracing::debug!(parent: &span, %method, path, status, code, "answered");
    }
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), value);
    }
    for (name, value) in HEADERS {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// What every answer says, unless it says something else: it is data, which a browser neither shows as a page
/// nor keeps, and nothing that another site may load or open beside itself.
const HEADERS: [(HeaderName, &str); 8] = [
    (CACHE_CONTROL, "no-store"),
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; sandbox",
    ),
    (REFERRER_POLICY, "no-referrer"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), fullscreen=(), \
         geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
         picture-in-picture=(), publickey-credentials-get=(), screen-wake-lock=(), usb=(), \
         xr-spatial-tracking=()",
    ),
];

/// Answers a request to a call of the table.
async fn answer(
    route: &'static Route,
    state: Arc<ApiState>,
    path: Result<RawPathParams, RawPathParamsRejection>,
    request: Request,
) -> CallResult {
    let path = path.map_err(|_| ApiError::unknown("unknown-path", "the address is not UTF-8"))?;
    let (parts, body) = request.into_parts();
    let forgets_password = auth::is_browser_with_password(&parts.headers);
    let call = Call {
        state,
        caller: None,
        inbox: None,
        path: path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        query: Parameters::default(),
        method: parts.method,
        headers: parts.headers,
        peer: peer_of(&parts.extensions),
        body: Bytes::new(),
    };
    carry_out(route, call, &parts.uri, body).await.map_err(|error| match error.status {
        StatusCode::UNAUTHORIZED if forgets_password => ApiError { status: StatusCode::FORBIDDEN, ..error },
        _ => error,
    })
}

/// Carries out a call, if the caller may make it.
async fn carry_out(route: &'static Route, mut call: Call, uri: &Uri, body: Body) -> CallResult {
    if let Some(can) = route.right {
        let caller = auth::authenticate(&call).await?;
        if call.path.iter().any(|(name, _)| name == "inbox") {
            call.inbox = Some(auth::inbox_of(&call.state, &caller.principal, call.path("inbox"))?);
        }
        auth::authorize(&caller, can)?;
        call.caller = Some(caller);
    }
    call.query = Parameters::read(uri, &route.parameter_names())?;
    call.body = read_bytes(body, route.most_bytes).await?;
    (route.handler)(call).await
}
