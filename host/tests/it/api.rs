//! Every call of the API, from outside.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::running::{ALL, READER, RunningHost};

#[track_caller]
fn refused(host: &RunningHost, method: &str, path: &str, body: &str, expected: &str) {
    assert_eq!(host.call(method, path, body).error(), expected, "{method} {path} {body}");
}

#[test]
fn who_may_call() {
    let host = RunningHost::start();
    assert!(
        host.first_line.starts_with("{\"event\":\"listening\",\"address\":\"127.0.0.1:"),
        "{}",
        host.first_line
    );
    let with = |method: &str, path: &str, header: &str| host.request(method, path, &[header], b"").error();
    let path = "/v1/inboxes/main/users";
    assert_snapshot!(with("GET", path, "X: y"), @"401 no-token: log in, or send the header `Authorization: Bearer TOKEN`");
    assert_snapshot!(with("GET", path, "Authorization: Basic eDp5"), @"401 no-token: the header `Authorization` must be `Bearer` and a token");
    assert_snapshot!(with("GET", path, "Authorization: Bearer wrong"), @"401 no-token: this token is not known");
    let reader = format!("Authorization: Bearer {READER}");
    assert_eq!(host.request("GET", path, &[&reader], b"").status, 200);
    assert_snapshot!(with("PATCH", "/v1/inboxes/main/users/bob", &reader), @"403 not-allowed: the token `reader` cannot do this; it needs the right `users`");
    assert_snapshot!(with("GET", "/v1/inboxes/mian/users", &reader), @"404 unknown-inbox @ inbox: there is no inbox `mian`; did you mean `main`?");
    assert_snapshot!(with("GET", "/v2/x", &reader), @"404 unknown-path @ path: there is nothing at this address");
    assert_snapshot!(with("GET", "/v1/inboxes/%ff/users", &reader), @"404 unknown-path @ path: the address is not UTF-8");
    let wrong = host.request("DELETE", path, &[&reader], b"");
    assert_snapshot!(wrong.error(), @"405 wrong-method: this address does not take this method");
    assert!(wrong.headers.to_lowercase().contains("allow: get,head"), "{wrong:?}");
    let all = format!("Authorization: bearer {ALL}");
    assert_eq!(
        host.request("GET", "/v1/inboxes", &[&all], b"").json(),
        json!({ "items": [{ "id": "main", "numbers": ["+15550100"], "seq": 1 }], "next": null })
    );
}

#[test]
fn health_and_metrics() {
    let host = RunningHost::start();
    host.message("A1", "+201001234567", "hi");
    assert_eq!(host.request("GET", "/healthz", &[], b"").json(), json!({ "status": "ok" }));
    assert_eq!(host.request("GET", "/readyz", &[], b"").json(), json!({ "store": "ready" }));
    let admin = RunningHost::request_at(&host.admin, "/metrics");
    assert!(admin.body.contains("rules_waiting{inbox=\"main\"} 1\n"), "{admin:?}");
    let decisions = "rules_decisions_total{inbox=\"main\",rule=\"\"} 1\n";
    // It is counted once the answer has gone out.
    assert!(soon(|| RunningHost::request_at(&host.admin, "/metrics").body.contains(decisions)), "{admin:?}");
    assert!(RunningHost::request_at(&host.admin, "/").error().starts_with("404 unknown-path"));
}

#[test]
fn a_message_is_decided_once() {
    let host = RunningHost::start();
    assert_eq!(host.call("PATCH", "users/bob", r#"{"presence":"online"}"#).status, 200);
    let body = r#"{"number":"+15550100","message":{"id":"A1","kind":"text","text":"hi"},
        "customer":{"phone":"+201001234567","user_id":null,"name":"Mona","language":"ar","tags":["vip"],"attributes":{"plan":"gold","other":1}},"send":false}"#;
    let first = host.call("POST", "messages", body).json();
    assert_eq!(first["decision"]["rule"]["name"], "welcome");
    assert_eq!(first["decision"]["assign"]["user"], "bob");
    assert_eq!(first["replies"][0]["state"], "returned");
    assert_eq!(first["repeated"], false);
    assert!(first["decision"].get("routed").is_none() && first["decision"].get("step").is_none());
    let again = host.call("POST", "messages", body).json();
    assert_eq!(again["repeated"], true);
    assert_eq!(again["seq"], first["seq"]);
    let seq = first["seq"].as_u64().unwrap();
    let why = host.get(&format!("decisions/{seq}?why=true"));
    assert_eq!(why["decision"]["why"]["rules"][0]["held"], true);
    assert_eq!(host.get("decisions?message=A1")["items"].as_array().unwrap().len(), 1);
    assert_eq!(host.get("decisions?rule=welcome&customer=%2B201001234567")["items"][0]["seq"], seq);
    assert_eq!(host.get("decisions?customer=nobody")["items"], json!([]));
    let found = |text: &str| host.get(&format!("decisions?search={text}"))["items"].as_array().unwrap().len();
    assert_eq!(["mona", "%2B201001234567", "0100%20123", "Mo%CC%80na"].map(found), [1; 4]);
    assert_eq!(["nobody", "4568", "mona&number=%2B15550101"].map(found), [0; 3]);
    let shown = host.get(&format!("decisions/{seq}"));
    assert_eq!(shown["customer_names"], json!(["+201001234567"]));
    assert_eq!(host.get(&format!("chats/{}", shown["chat"]))["customer_names"], shown["customer_names"]);
    let customer = host.get("customers/%2B201001234567");
    assert_eq!(customer["country"], "EG");
    assert_eq!(customer["attributes"], json!({ "plan": "gold", "other": 1 }));
    assert_eq!(customer["owner"], "bob");
    refused(
        &host,
        "GET",
        "decisions/999",
        "",
        "404 unknown-decision @ decision: the inbox has no decision 999",
    );
    refused(&host, "GET", "decisions/x", "", "404 unknown-decision @ decision: the inbox has no decision x");
    refused(
        &host,
        "GET",
        "decisions/1?why=maybe",
        "",
        "400 bad-field @ why: `why` cannot be `maybe`; write `true` or `false`",
    );

    // Nothing that was written or came is in the log.
    let log = host.log();
    assert!(log.contains("\"path\":\"/v1/inboxes/{inbox}/customers/{customer}\""), "{log}");
    for secret in ["201001234567", "Mona", ALL, "secret"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn what_is_wrong_with_a_message() {
    let host = RunningHost::start();
    let check = |body: &str, expected: &str| refused(&host, "POST", "messages", body, expected);
    check("", "400 bad-json: the body is empty, and this call needs a JSON object");
    check("{", "400 bad-json: the JSON ends too early");
    check("[]", "400 bad-field: the body must be an object");
    check("{}", "400 bad-field @ number: `number` is missing");
    let with = |message: &str, customer: &str| {
        format!(r#"{{"number":"+15550100","message":{message},"customer":{customer}}}"#)
    };
    let mona = r#"{"phone":"+201001234567"}"#;
    check(
        &with(r#"{"txet":"hi"}"#, mona),
        "400 bad-field @ message.txet: `message.txet` is not a field of this call; did you mean `text`?",
    );
    check(
        &with("{}", "{}"),
        "400 bad-field @ customer: it must be known who wrote: by `phone`, by `user_id` or by both",
    );
    check(
        &with("{}", r#"{"phone":"Mona"}"#),
        "400 bad-field @ customer.phone: `customer.phone` must be a phone number such as `+201001234567`",
    );
    check(
        &with(r#"{"sent_at":"noon"}"#, mona),
        "400 bad-field @ message.sent_at: `message.sent_at` is wrong: `noon` is not a time such as `2026-11-24T16:30:00Z`",
    );
    check(
        &with(r#"{"id":"O1","sent_at":"2020-01-01T00:00:00Z"}"#, mona),
        "409 too-old @ message.sent_at: the message is older than messages are kept",
    );
    let other = with("{}", mona).replace("+15550100", "15550100");
    check(&other, "400 bad-field @ number: `15550100` is not a number such as `+15550100`");
    let long = format!("{{\"number\":\"{}\"}}", "x".repeat(300 * 1024));
    check(&long, "413 too-large: the body has more than 256 kB");
    let answer =
        host.call("POST", "messages", &with(r#"{"id":"K1","kind":"hologram"}"#, r#"{"user_id":"US.1349"}"#));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(host.get("customers/US.1349")["country"], "US");
}

#[test]
fn users_are_changed() {
    let host = RunningHost::start();
    let bob =
        host.call("PATCH", "users/bob", r#"{"presence":"online","for_seconds":90,"capacity":3}"#).json();
    assert_eq!(
        (&bob["presence"], &bob["capacity"], bob["until"].is_string()),
        (&json!("online"), &json!(3), true)
    );
    let bob = host.call("PATCH", "users/bob", r#"{"capacity":null,"presence":"away"}"#).json();
    assert_eq!((&bob["capacity"], &bob["until"]), (&Value::Null, &Value::Null));
    let page = host.get("users?limit=2");
    assert_eq!(
        (&page["items"][0]["id"], &page["items"][0]["groups"], &page["next"]),
        (&json!("alice"), &json!(["Sales"]), &json!(2))
    );
    let page = host.get("users?limit=2&after=2");
    assert_eq!((&page["items"][0]["id"], &page["next"]), (&json!("carol"), &Value::Null));
    let check = |path: &str, body: &str, expected: &str| refused(&host, "PATCH", path, body, expected);
    check(
        "users/bbo",
        "{}",
        "404 unknown-user @ user: the inbox has no user called `bbo`; did you mean `bob`?",
    );
    check(
        "users/bob",
        r#"{"presence":"onlin"}"#,
        "400 bad-field @ presence: `presence` cannot be `onlin`; write `online`, `away` or `offline`",
    );
    check("users/bob", r#"{"presence":null}"#, "400 bad-field @ presence: `presence` must be a text");
    check(
        "users/bob",
        r#"{"capacity":0}"#,
        "400 bad-field @ capacity: `capacity` must be at least 1; a user who is `away` is given no chats",
    );
    check(
        "users/bob",
        r#"{"for_seconds":0,"presence":"online"}"#,
        "400 bad-field @ for_seconds: `for_seconds` must be at least 1",
    );
    refused(
        &host,
        "GET",
        "users?limit=501",
        "",
        "400 bad-field @ limit: `limit` must be a whole number of at most 500",
    );
    refused(
        &host,
        "GET",
        "users?limt=5",
        "",
        "400 bad-field @ limt: `limt` is not a parameter of this call; did you mean `limit`?",
    );
    refused(&host, "GET", "users?limit=5&limit=6", "", "400 bad-field @ limit: `limit` is written twice");
}

#[test]
fn chats_are_taken_moved_answered_and_closed() {
    let host = RunningHost::start();
    let routed = host.message("A1", "+201001234567", "hi");
    let id = routed["chat"].as_u64().unwrap();
    let chat = host.get(&format!("chats/{id}"));
    assert_eq!(
        (&chat["state"], &chat["user"], &chat["group"]),
        (&json!("waiting"), &Value::Null, &json!("Sales"))
    );
    assert_eq!(host.get("chats?state=waiting")["items"][0]["id"], id);
    assert_eq!(host.get("chats?state=open")["items"], json!([]));
    let post = |what: &str, body: &str| host.call("POST", &format!("chats/{id}/{what}"), body);
    assert_eq!(
        post("take", r#"{"user":"bbo"}"#).error(),
        "422 unknown-user @ user: the inbox has no user called `bbo`; did you mean `bob`?"
    );
    assert_eq!(post("take", r#"{"user":"bob"}"#).json()["user"], "bob");
    assert_eq!(post("take", r#"{"user":"bob"}"#).status, 200);
    assert_eq!(post("take", r#"{"user":"alice"}"#).error(), "409 chat-taken: `bob` already has the chat");
    assert_eq!(post("transfer", r#"{"user":"carol"}"#).json()["user"], "carol");
    let to_her_group = post("transfer", r#"{"group":"Support","by":"least_chats"}"#);
    assert_eq!(
        to_her_group.error(),
        "409 no-member @ group: `Support` has no member who could take the chat"
    );
    assert_eq!(
        post("transfer", r#"{"group":"Sales"}"#).error(),
        "400 bad-field @ by: `by` is missing: how the member of the group is chosen"
    );
    assert_eq!(
        post("transfer", r#"{"group":"Slaes","by":"least_chats"}"#).error(),
        "422 unknown-group @ group: the inbox has no group called `Slaes`; did you mean `Sales`?"
    );
    assert_eq!(post("transfer", r#"{"group":"Sales","by":"least_chats"}"#).json()["group"], "Sales");
    assert!(post("answered", r#"{"user":"bob"}"#).json()["answered_at"].is_string());
    let reply = post("messages", r#"{"id":"m1","user":"bob","text":"Hello"}"#);
    assert_eq!((reply.status, reply.json()["text"].as_str()), (202, Some("Hello")));
    assert_eq!(post("messages", r#"{"id":"m1","user":"bob","text":"Hello"}"#).json(), reply.json());
    assert!(
        post("messages", r#"{"id":"m2","user":"bob","text":" "}"#)
            .error()
            .starts_with("400 bad-field @ text")
    );
    assert_eq!(post("close", "").json()["state"], "closed");
    assert_eq!(post("close", "{}").status, 200);
    assert_eq!(post("take", r#"{"user":"bob"}"#).error(), "409 chat-closed: the chat is closed");
    assert!(post("close", r#"{"x":1}"#).error().starts_with("400 bad-field @ x"));
    assert_eq!(host.get("replies?state=returned")["items"].as_array().unwrap().len(), 2);
    refused(
        &host,
        "GET",
        "replies?state=lost",
        "",
        "400 bad-field @ state: `state` cannot be `lost`; write `waiting`, `sending`, `sent`, \
        `delivered`, `read`, `failed`, `unknown`, `suppressed`, `too_late` or `returned`",
    );
    refused(&host, "POST", "chats/999/close", "", "404 unknown-chat @ chat: the inbox has no chat 999");
    refused(&host, "GET", "chats/x", "", "404 unknown-chat @ chat: the inbox has no chat x");
}

#[test]
fn customers_are_made_changed_and_forgotten() {
    let host = RunningHost::start();
    let path = "customers/%2B201001234567";
    refused(&host, "GET", path, "", "404 unknown-customer @ customer: the inbox has no such customer");
    let made = host
        .call(
            "PUT",
            path,
            r#"{"name":"Mona","tags":["vip"],"attributes":{"plan":"gold"},"owner":"bob","returning":true}"#,
        )
        .json();
    assert_eq!(
        (&made["name"], &made["owner"], &made["returning"]),
        (&json!("Mona"), &json!("bob"), &json!(true))
    );
    let id = made["id"].as_str().unwrap();
    let changed =
        host.call("PUT", &format!("customers/{id}"), r#"{"owner":null,"attributes":{"plan":null}}"#).json();
    assert_eq!(
        (&changed["owner"], &changed["attributes"], &changed["name"]),
        (&Value::Null, &json!({}), &json!("Mona"))
    );
    refused(
        &host,
        "PUT",
        path,
        r#"{"owner":"bbo"}"#,
        "422 unknown-user @ owner: the inbox has no user called `bbo`; did you mean `bob`?",
    );
    refused(&host, "PUT", path, r#"{"tags":null}"#, "400 bad-field @ tags: `tags` must be a list");
    host.message("A1", "+201001234567", "hi");
    host.message("A2", "+201001234568", "hi");
    assert_eq!(host.call("DELETE", path, "").status, 204);
    refused(&host, "GET", path, "", "404 unknown-customer @ customer: the inbox has no such customer");
    let decisions = host.get("decisions?limit=1");
    assert_eq!((&decisions["items"][0]["message"], &decisions["next"]), (&json!("A2"), &Value::Null));
    refused(
        &host,
        "DELETE",
        "customers/c999",
        "",
        "404 unknown-customer @ customer: the inbox has no such customer",
    );
}

#[test]
fn the_id_of_a_merged_customer_names_the_other() {
    let host = RunningHost::start();
    let by_phone = host.message("A1", "+201001234567", "hi")["customer"].clone();
    let message = |id: &str, customer: Value| {
        let body = json!({ "number": "+15550100", "message": { "id": id }, "customer": customer });
        host.call("POST", "messages", &body.to_string()).json()["customer"].as_str().unwrap().to_owned()
    };
    let by_id = message("A2", json!({ "user_id": "US.1349" }));
    assert_ne!(by_phone, *by_id);
    assert_eq!(by_phone, *message("A3", json!({ "phone": "+201001234567", "user_id": "US.1349" })));
    assert_eq!(host.get(&format!("customers/{by_id}"))["id"], by_phone);
    assert_eq!(host.get(&format!("decisions?customer={by_id}"))["items"].as_array().unwrap().len(), 3);
    assert_eq!(host.get(&format!("chats?customer={by_id}"))["items"][0]["customer"], by_phone);
    let put = host.call("PUT", &format!("customers/{by_id}"), r#"{"name":"Mona"}"#).json();
    assert_eq!((&put["id"], &put["name"]), (&by_phone, &json!("Mona")));
    assert_eq!(host.call("DELETE", &format!("customers/{by_id}"), "").status, 204);
    assert_eq!(host.get(&format!("customers/{by_id}"))["names"], json!([]));
}

#[test]
fn events_are_listed_waited_for_and_streamed() {
    let host = RunningHost::start();
    host.message("A1", "+201001234567", "hi");
    let all = host.get("events");
    let kinds: Vec<&str> =
        all["items"].as_array().unwrap().iter().map(|event| event["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["rules", "message", "waiting"]);
    assert_eq!(all["items"][2]["cause"], "decision");
    assert_eq!(host.get("events?after=3&wait=0")["items"], json!([]));

    // A call that waits is answered by the next event, long before its time is over.
    let mut stream = host.connect();
    let request = format!(
        "GET /v1/inboxes/main/events?after=3&wait=25 HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {ALL}\r\n\r\n"
    );
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    host.call("PATCH", "users/bob", r#"{"presence":"away"}"#);
    let waited = crate::running::read_answer(&mut stream).json();
    assert_eq!(waited["items"][0]["kind"], "presence");
    refused(
        &host,
        "GET",
        "events?wait=26",
        "",
        "400 bad-field @ wait: `wait` must be a whole number of at most 25",
    );

    let mut stream = host.connect();
    let request = format!(
        "GET /v1/inboxes/main/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nLast-Event-ID: 3\r\nAuthorization: Bearer {ALL}\r\n\r\n"
    );
    std::io::Write::write_all(&mut stream, request.as_bytes()).unwrap();
    host.call("PATCH", "users/bob", r#"{"capacity":2}"#);
    let mut seen = String::new();
    while !seen.contains("event: capacity\n") {
        let mut piece = [0; 4096];
        let length = std::io::Read::read(&mut stream, &mut piece).unwrap();
        assert!(length > 0, "{seen}");
        seen.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    assert!(seen.contains("id: 4\nevent: presence\ndata: {"), "{seen}");
}

#[test]
fn rules_are_changed() {
    let host = RunningHost::start();
    let before = host.get("rules");
    let base = before["digest"].as_str().unwrap().to_owned();
    assert_eq!(before["by"], "folder");
    assert_eq!(before["files"][1]["name"], "default.rules");
    let text = host.call("GET", "rules/files/default.rules", "");
    assert!(text.headers.contains("text/plain; charset=utf-8") && text.body.contains("Welcome."), "{text:?}");
    refused(
        &host,
        "GET",
        "rules/files/..%2Fhost.toml",
        "",
        "404 unknown-file @ file: the rules have no file `../host.toml`",
    );
    let edit =
        |base: &str, name: &str, text: &str| json!({ "base": base, "files": { name: text } }).to_string();
    let new = text.body.replace("Welcome.", "Hello.");
    let put = host.call("PUT", "rules", &edit("sha256:0", "default.rules", &new));
    assert_eq!(put.error(), "409 rules-changed @ base: the rules have been changed meanwhile");
    let put = host.call("PUT", "rules", &edit(&base, "default.rules", "rule"));
    assert_eq!((put.status, put.json()["error"]["code"].as_str()), (422, Some("findings")));
    assert!(!put.json()["error"]["findings"].as_array().unwrap().is_empty());
    assert!(
        host.call("PUT", "rules", &edit(&base, "../x.rules", ""))
            .error()
            .starts_with("400 bad-field @ files.../x.rules")
    );

    host.call("PATCH", "users/bob", r#"{"presence":"online"}"#);
    host.message("A1", "+201001234567", "hi");
    let body = edit(&base, "default.rules", &new);
    let found = host.call("POST", "rules/check", &body).json();
    assert_eq!(found["findings"][0]["code"], "nobody-to-give");
    let diff = host.call("POST", "rules/diff", &body);
    assert!(diff.status == 200 && diff.body.contains("Hello."), "{diff:?}");
    assert!(!diff.body.contains("rules/default.rules"), "{diff:?}");
    assert!(diff.body.contains("`welcome` (default.rules:"), "{diff:?}");
    let replay = host.call("POST", "rules/replay", &body).json();
    assert_eq!((&replay["decisions"], &replay["different"]), (&json!(1), &json!(1)));
    assert_eq!(replay["differences"][0]["after"]["replies"], json!(["Hello."]));
    let put = host.call("PUT", "rules", &body);
    assert_eq!((put.status, put.json()["by"].as_str()), (200, Some("all")), "{put:?}");
    assert_eq!(host.message("A2", "+201001234568", "hi")["replies"][0]["text"], "Hello.");
    let tried = r#"{"number":"+15550100","message":{"text":"hi"},"customer":{"phone":"+201001234569"}}"#;
    let tried = host.call("POST", "rules/try", tried).json();
    assert_eq!(
        (&tried["rule"]["name"], &tried["why"]["rules"][0]["held"]),
        (&json!("welcome"), &json!(true))
    );
    refused(
        &host,
        "POST",
        "rules/accept",
        r#"{"digest":"sha256:0"}"#,
        "404 unknown-digest @ digest: no rules with the digest `sha256:0` wait to be accepted",
    );
}

#[test]
fn the_document_describes_the_calls() {
    let host = RunningHost::start();
    let document = host.request("GET", "/openapi.json", &[], b"").json();
    assert_eq!(document["openapi"], "3.1.0");
    let text = document.to_string();
    // Whatever is referred to is there.
    for reference in text.split("\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"].get(name).is_some(), "{name} is missing");
    }
    // Whatever is described exists: it asks for a token, or answers. `page` tries the calls about sessions.
    let paths = document["paths"].as_object().unwrap();
    for (path, methods) in paths.iter().filter(|(path, _)| *path != "/v1/session") {
        for (method, operation) in methods.as_object().unwrap() {
            let path = path.replace("{inbox}", "main").replace(['{', '}'], "");
            let answer = host.request(&method.to_uppercase(), &path, &[], b"");
            let expected = if operation.get("security").is_some() { 401 } else { 200 };
            assert_eq!(answer.status, expected, "{method} {path}");
        }
    }
}

#[test]
fn what_is_too_long_is_refused_with_its_place() {
    let host = RunningHost::start();
    let (long, longest) = ("é".repeat(257), "é".repeat(256));
    let many = vec!["tag"; 101];
    let attributes: serde_json::Map<_, _> = (0..101).map(|n| (format!("a{n}"), Value::Null)).collect();
    for (place, value, expected) in [
        ("message.id", json!(long), "must have at most 256 characters"),
        ("message.ad", json!(long), "must have at most 256 characters"),
        ("customer.name", json!(long), "must have at most 256 characters"),
        ("customer.tags", json!(many), "must have at most 100 tags"),
        ("customer.tags", json!([long]), "must have tags of at most 256 characters"),
        ("customer.attributes", json!(attributes), "must have at most 100 attributes"),
        ("message.attributes", json!({ long.as_str(): 1 }), "must have names of at most 256 characters"),
        (
            "customer.attributes",
            json!({ "a": "x".repeat(4097) }),
            "must have texts of at most 4096 characters",
        ),
    ] {
        let (object, field) = place.split_once('.').unwrap();
        let mut body =
            json!({ "number": "+15550100", "message": {}, "customer": { "phone": "+201001234567" } });
        body[object][field] = value.clone();
        let refused = host.call("POST", "messages", &body.to_string());
        assert_eq!(refused.error(), format!("400 bad-field @ {place}: `{place}` {expected}"));
        if object == "customer" {
            let refused = host.call("PUT", "customers/%2B201001234567", &json!({ field: value }).to_string());
            assert_eq!(refused.error(), format!("400 bad-field @ {field}: `{field}` {expected}"));
        }
    }
    let fits = json!({ "name": longest, "tags": vec![longest.as_str(); 100], "attributes": { "a": "x".repeat(4096) } });
    let put = host.call("PUT", "customers/%2B201001234567", &fits.to_string());
    assert_eq!(put.status, 200, "{put:?}");
}

#[test]
fn what_is_answered_is_there_after_a_restart() {
    let host = RunningHost::start();
    let routed = host.message("A1", "+201001234567", "hi");
    let host = host.restart();
    assert_eq!(host.message("A1", "+201001234567", "hi")["seq"], routed["seq"]);
    assert_eq!(host.get("events")["items"].as_array().unwrap().len(), 3);
    // Tokens are read again.
    let path = host.folder.path().join("host.toml");
    let settings = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, settings.replace("can = [\"read\"]", "can = [\"read\", \"users\"]")).unwrap();
    host.signal("-HUP");
    let reader = format!("Authorization: Bearer {READER}");
    let allowed = || host.request("PATCH", "/v1/inboxes/main/users/bob", &[&reader], b"{}").status;
    assert!(soon(|| allowed() == 200), "the token has no new right: {}", host.log());

    // Settings that cannot be used change nothing, and the log says where they are wrong.
    std::fs::write(
        &path,
        format!("gate = \"dif\"\n{}", settings.replace("{ env = \"APP_SECRET\" }", "\"hush\"")),
    )
    .unwrap();
    host.signal("-HUP");
    assert!(soon(|| host.log().contains("tokens and secrets stay as they were")), "{}", host.log());
    for part in ["host.toml:1:8 unknown-value: `gate` cannot be `dif`", " secret-in-file: "] {
        assert!(host.log().contains(part), "{part} in {}", host.log());
    }
    assert!(!host.log().contains("hush"));
    assert_eq!(allowed(), 200);
}

/// Whether it is so within five seconds.
fn soon(is_so: impl Fn() -> bool) -> bool {
    (0..50).any(|_| {
        is_so() || {
            std::thread::sleep(std::time::Duration::from_millis(100));
            false
        }
    })
}
