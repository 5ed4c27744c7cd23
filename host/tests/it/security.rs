//! What keeps others out: headers, limits, and what the log says of calls that are refused.

use std::fs;
use std::io::{Read, Write};

use crate::running::{ALL, READER, RunningHost, tokens};

/// Every answer has the headers that keep browsers from showing or keeping it.
#[test]
fn the_headers_of_every_answer() {
    let host = RunningHost::start();
    let token = format!("Authorization: Bearer {ALL}");
    for (method, path) in [
        ("GET", "/healthz"),
        ("GET", "/nothing"),
        ("GET", "/v1/inboxes/main/users"),
        ("TRACE", "/v1/inboxes/main/users"),
        ("OPTIONS", "/v1/inboxes/main/users"),
        ("GET", "/v1/inboxes/main/rules/files/default.rules"),
        ("POST", "/webhooks/whatsapp"),
    ] {
        let answer = host.request(method, path, &[&token, "Origin: https://example.com"], b"");
        let headers = answer.headers.to_lowercase();
        for header in [
            "cache-control: no-store",
            "content-security-policy: default-src 'none'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'",
            "referrer-policy: no-referrer",
            "x-content-type-options: nosniff",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "permissions-policy: accelerometer=()",
        ] {
            assert!(headers.contains(header), "{method} {path}: {header} in {answer:?}");
        }
        assert!(!headers.contains("access-control-"), "{answer:?}");
        assert!(answer.body.is_empty() || headers.contains("content-type: "), "{answer:?}");
        if ["TRACE", "OPTIONS"].contains(&method) {
            assert_eq!(answer.status, 405, "{answer:?}");
        }
    }
}

/// Whose call it was, and why it was refused, are in the log; the token is not.
#[test]
fn refused_calls_are_logged() {
    let host = RunningHost::start();
    let call = |method: &str, token: &str| {
        let header = format!("Authorization: Bearer {token}");
        host.request(method, "/v1/inboxes/main/users/bob", &[&header], b"{}").status
    };
    assert_eq!((call("PATCH", "wrong-token"), call("PATCH", READER), call("PATCH", ALL)), (401, 403, 200));
    assert_eq!(host.request("POST", "/webhooks/whatsapp", &[], b"{}").status, 401);
    let (log, line) = (host.log(), |parts: &[&str]| {
        let log = host.log();
        assert!(log.lines().any(|line| parts.iter().all(|part| line.contains(part))), "{parts:?} in {log}");
    });
    line(&["\"WARN\"", "refused", "\"status\":401", "\"code\":\"no-token\""]);
    line(&["\"WARN\"", "refused", "\"status\":403", "\"code\":\"not-allowed\"", "\"token\":\"reader\""]);
    line(&["\"INFO\"", "answered", "\"status\":200", "\"token\":\"all\""]);
    line(&["\"WARN\"", "refused", "\"code\":\"bad-signature\"", "/webhooks/whatsapp"]);
    for secret in ["wrong-token", ALL, READER] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}

#[test]
fn a_token_that_calls_too_often_is_told_to_wait() {
    let host = RunningHost::start();
    let address = host.address.clone();
    let answers = RunningHost::at_once(8, move |_| {
        (0..30)
            .map(|_| {
                RunningHost::request_with(&address, "/v1/inboxes", &format!("Authorization: Bearer {READER}"))
            })
            .collect::<Vec<_>>()
    });
    let refused: Vec<_> = answers.into_iter().flatten().filter(|answer| answer.status == 429).collect();
    let first = refused.first().expect("240 calls at once are too many");
    assert_eq!(first.error(), "429 too-many: the token makes too many calls");
    assert!(first.headers.contains("retry-after: 1"), "{first:?}");
    assert_eq!(host.call("GET", "users", "").status, 200);
}

/// Whatever call needs another right than to read is refused to a token that can only read.
#[test]
fn a_token_that_only_reads_changes_nothing() {
    let host = RunningHost::start();
    let document = RunningHost::request_at(&host.address, "/openapi.json").json();
    let token = format!("Authorization: Bearer {READER}");
    let mut refused = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        let address = path.replace("{inbox}", "main").replace(['{', '}'], "");
        for (method, operation) in operations.as_object().unwrap() {
            let reads = operation["description"].as_str().is_none_or(|right| right.contains("`read`"));
            let status = host.request(&method.to_uppercase(), &address, &[&token], b"{}").status;
            assert_eq!(status == 403, !reads, "{method} {path}: {status}");
            refused += usize::from(!reads);
            let without = host.request(&method.to_uppercase(), &address, &[], b"{}").status;
            let needs_token = path.starts_with("/v1/inboxes") || (path == "/v1/session" && method == "get");
            assert_eq!(without == 401, needs_token, "{method} {path}: {without}");
        }
    }
    assert!(refused > 10, "{refused}");
}

/// An inbox that a token is not for does not exist for it.
#[test]
fn a_token_sees_its_inbox_alone() {
    let host = RunningHost::start();
    let folder = tempfile::tempdir().unwrap();
    let rules = host.folder.path().join("rules");
    for inbox in ["main", "other"] {
        let to = folder.path().join("rules").join(inbox);
        fs::create_dir_all(&to).unwrap();
        for file in ["inbox.toml", "default.rules"] {
            fs::copy(rules.join(file), to.join(file)).unwrap();
        }
    }
    // A number belongs to one inbox.
    let other = folder.path().join("rules/other/inbox.toml");
    let text = fs::read_to_string(&other).unwrap();
    fs::write(&other, text.replace("106540352242922", "106540352242923").replace("+15550100", "+15550101"))
        .unwrap();
    let settings = "listen = \"127.0.0.1:0\"\nadmin = \"127.0.0.1:0\"\n".to_owned() + &tokens();
    fs::write(folder.path().join("host.toml"), settings).unwrap();
    let host = RunningHost::run_in(folder);
    let token = format!("Authorization: Bearer {ALL}");
    let get = |path: &str| host.request("GET", path, &[&token], b"");
    assert_eq!(get("/v1/inboxes").json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(get("/v1/inboxes/main/users").status, 200);
    let unknown = get("/v1/inboxes/none/users").error();
    for path in ["users", "chats", "customers/c1", "decisions", "events", "replies", "notices", "rules"] {
        let error = get(&format!("/v1/inboxes/other/{path}")).error();
        assert_eq!(error, unknown.replace("`none`", "`other`"));
    }
}

/// A stream that is open ends when its token is removed, before the next event.
#[test]
fn a_stream_ends_with_its_token() {
    let host = RunningHost::start();
    let mut stream = host.connect();
    let request = format!(
        "GET /v1/inboxes/main/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\nAuthorization: Bearer {READER}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut seen = Vec::new();
    let mut piece = [0; 4096];
    while !String::from_utf8_lossy(&seen).contains("event: rules") {
        let length = stream.read(&mut piece).unwrap();
        assert!(length > 0, "{seen:?}");
        seen.extend(&piece[..length]);
    }
    let path = host.folder.path().join("host.toml");
    let settings = fs::read_to_string(&path).unwrap();
    let start = settings.find("[[tokens]]\nname = \"reader\"").unwrap();
    fs::write(&path, &settings[..start]).unwrap();
    host.signal("-HUP");
    let reader = format!("Authorization: Bearer {READER}");
    let status = || host.request("GET", "/v1/inboxes/main/users", &[&reader], b"").status;
    let is_removed = (0..50).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(100));
        status() == 401
    });
    assert!(is_removed, "{}", host.log());
    host.message("A1", "+201001234567", "hi");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    let rest = String::from_utf8_lossy(&rest);
    assert!(!rest.contains("A1"), "{rest}");
}

/// With it, the log would have what the client of PostgreSQL logs: the values of parameters, which are texts of customers.
#[test]
fn the_log_has_nothing_of_other_libraries_logs() {
    let lock = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock")).unwrap();
    assert!(lock.contains("name = \"tracing-subscriber\""));
    assert!(!lock.contains("name = \"tracing-log\""));
}
