//! What happens to every request, whatever it asks for.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
use axum::middleware::from_fn;
use axum::routing::get;
use tower::ServiceExt;

use super::answer_every_request;
use super::table::TABLE;

#[tokio::test]
async fn a_panic_is_answered() {
    let panics = || async { [(); 0].first().expect("this is a test").to_owned() };
    let router: Router = Router::new().route("/", get(panics)).layer(from_fn(answer_every_request));
    let answer = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 500);
    let id = answer.headers().get("x-request-id").unwrap().to_str().unwrap().to_owned();
    let body = to_bytes(answer.into_body(), 1024).await.unwrap();
    let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
    assert_eq!((&body["error"]["code"], &body["request"]), (&"internal".into(), &id.into()));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_takes_too_long_is_answered() {
    let hangs = || async { std::future::pending::<()>().await };
    let router: Router = Router::new().route("/", get(hangs)).layer(from_fn(answer_every_request));
    let answer = router.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), 408);
}

#[test]
fn every_call_of_an_inbox_asks_for_a_token() {
    for route in TABLE {
        assert_eq!(route.path.starts_with("/v1/inboxes"), route.right.is_some(), "{}", route.path);
        let changes = ["POST", "PUT", "PATCH"].contains(&route.method.as_str());
        assert_eq!(changes && !route.path.ends_with("/close"), route.body.is_some(), "{}", route.path);
        let names: std::collections::BTreeSet<_> = route.parameter_names().into_iter().collect();
        assert_eq!(names.len(), route.parameters.len(), "{}", route.path);
    }
}
