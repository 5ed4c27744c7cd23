//! A panic, wherever it comes from, ends one request and nothing else.

use std::time::Duration;

use serde_json::json;

use super::*;

/// A server, what it sends, and what its checker is asked for.
fn server() -> (Server, Receiver<String>, Receiver<checker::CheckOrder>) {
    let ((sender, sent), (orders, ordered)) = (unbounded(), unbounded());
    let client = ClientSupport::of(&json!({ "capabilities": { "textDocument": { "diagnostic": {} } } }));
    let session = Session::new(client, Vec::new(), Outbox::new(sender), orders);
    (Server { session, is_shut_down: false }, sent, ordered)
}

fn request(id: i32, method: &str) -> Request {
    let params =
        json!({ "textDocument": { "uri": "untitled:a" }, "position": { "line": 0, "character": 12 } });
    Request { id: id.into(), method: method.to_owned(), params }
}

/// What is sent next, as JSON.
#[track_caller]
fn next(sent: &Receiver<String>) -> Value {
    serde_json::from_str(&sent.recv_timeout(Duration::from_secs(60)).unwrap()).unwrap()
}

/// The next two messages are the log of a panic, and the refusal of request 1.
#[track_caller]
fn is_refused(sent: &Receiver<String>) {
    let logged = next(sent);
    assert_eq!((&logged["method"], &logged["params"]["type"]), (&json!("window/logMessage"), &json!(1)));
    assert!(logged["params"]["message"].as_str().unwrap().contains("has panicked"), "{logged}");
    let refused = next(sent);
    assert_eq!((&refused["id"], &refused["error"]["code"]), (&json!(1), &json!(-32603)), "{refused}");
}

/// The server still answers a request about a document.
#[track_caller]
fn answers(server: &mut Server, sent: &Receiver<String>) {
    let document = json!({ "uri": "untitled:a", "languageId": "rules", "version": 1, "text": "otherwise: assign nobody\n" });
    let opened = json!({ "textDocument": document });
    server.notification(Notification { method: "textDocument/didOpen".to_owned(), params: opened });
    server.request(request(2, "textDocument/hover"));
    let answer = next(sent);
    assert_eq!(answer["id"], 2);
    assert!(answer["result"]["contents"]["value"].as_str().unwrap().contains("assign"), "{answer}");
}

#[test]
fn a_request_that_panics_is_refused_and_the_next_is_answered() {
    let (mut server, sent, _orders) = server();
    server.answering(1.into(), "textDocument/hover", |_| panic!("a bug"));
    is_refused(&sent);
    answers(&mut server, &sent);
}

#[test]
fn longer_work_that_panics_is_refused_and_the_next_is_answered() {
    let (mut server, sent, _orders) = server();
    let Session { tasks, outbox, .. } = &mut server.session;
    tasks.add(1.into(), "textDocument/codeLens", None, None, outbox, || panic!("a bug"));
    tasks.add(3.into(), "textDocument/codeLens", None, None, outbox, || json(&"an answer"));
    for _ in 0..2 {
        let result = tasks.results.recv_timeout(Duration::from_secs(60)).unwrap();
        tasks.finish(result, |_, _| true, outbox);
    }
    is_refused(&sent);
    let answer = next(&sent);
    assert_eq!((&answer["id"], &answer["result"]), (&json!(3), &json!("an answer")));
    answers(&mut server, &sent);
}

#[test]
fn a_notification_that_panics_is_logged_and_the_next_request_is_answered() {
    let (mut server, sent, _orders) = server();
    server.guarded("opening a document", |_| panic!("a bug"));
    assert!(next(&sent)["params"]["message"].as_str().unwrap().contains("a bug"));
    answers(&mut server, &sent);
}

#[test]
fn who_waits_for_a_check_that_panics_is_refused_and_the_next_check_runs() {
    let (mut server, sent, orders) = server();
    answers(&mut server, &sent);
    check_begins(&mut server, &sent, &orders);
    server.request(request(1, "textDocument/diagnostic"));
    let root = *server.session.roots.keys().next().unwrap();
    server.session.checker_tells(CheckEvent::Panicked(root, "a bug".to_owned()));
    is_refused(&sent);
    let change =
        json!({ "textDocument": { "uri": "untitled:a", "version": 2 }, "contentChanges": [{ "text": "" }] });
    server.notification(Notification { method: "textDocument/didChange".to_owned(), params: change });
    check_begins(&mut server, &sent, &orders);
}

/// The checker is asked for a check.
#[track_caller]
fn check_begins(server: &mut Server, sent: &Receiver<String>, orders: &Receiver<checker::CheckOrder>) {
    for _ in 0..1_000 {
        server.session.tick();
        if let Ok(order) = orders.try_recv() {
            return assert!(matches!(order, checker::CheckOrder::Check(_)));
        }
        // Nothing is sent, so this only waits.
        assert!(sent.recv_timeout(Duration::from_millis(10)).is_err());
    }
    panic!("no check begins");
}
