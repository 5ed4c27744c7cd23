//! Clients that are slow, or mean harm, do not stop the others.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::running::{ALL, RunningHost, read_answer};

/// Whether the program still answers, and how fast.
#[track_caller]
fn answers(host: &RunningHost) {
    let began = Instant::now();
    assert_eq!(host.call("GET", "users", "").status, 200);
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}

#[test]
fn nonsense_is_answered() {
    let host = RunningHost::start();
    let junk: Vec<u8> = (0..10_000_u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let _ = host.raw(&junk);
    for bytes in [
        &b"\r\n\r\n\r\n"[..],
        b"GET",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ] {
        let mut stream = host.connect();
        stream.write_all(bytes).unwrap();
        stream.shutdown(Shutdown::Write).unwrap();
        let _ = read_answer(&mut stream);
    }
    let huge = format!("GET /healthz HTTP/1.1\r\nHost: x\r\nX: {}\r\n\r\n", "x".repeat(200_000));
    assert_eq!(host.raw(huge.as_bytes()).status, 431);
    let many = format!("GET /healthz HTTP/1.1\r\nHost: x\r\n{}\r\n", "X: y\r\n".repeat(5_000));
    assert_eq!(host.raw(many.as_bytes()).status, 431);
    answers(&host);
}

/// Any bytes as a body, in each call that takes one.
#[test]
fn any_body_is_answered_in_the_same_shape() {
    let host = RunningHost::start();
    let bodies: [&[u8]; 7] = [
        b"\xff\xfe\x00",
        b"null",
        b"[[[[[[",
        b"{\"a\":1e999999}",
        b"\"\\ud800\"",
        b"{\"files\":{\"\\u0000\":\"\"}}",
        b"{\"user\":\"\\u0000\"}",
    ];
    let calls = [
        ("POST", "messages"),
        ("PATCH", "users/bob"),
        ("POST", "chats/1/take"),
        ("POST", "chats/1/transfer"),
        ("POST", "chats/1/answered"),
        ("POST", "chats/1/close"),
        ("POST", "chats/1/messages"),
        ("PUT", "customers/c1"),
        ("PUT", "rules"),
        ("POST", "rules/accept"),
        ("POST", "rules/check"),
        ("POST", "rules/try"),
        ("POST", "rules/diff"),
        ("POST", "rules/replay"),
    ];
    let token = format!("Authorization: Bearer {ALL}");
    for (method, path) in calls {
        for body in bodies {
            let answer = host.request(method, &format!("/v1/inboxes/main/{path}"), &[&token], body);
            let error = answer.error();
            assert!((400..429).contains(&answer.status), "{method} {path} {body:?}: {error}");
            // Not faster than the token may call.
            sleep(Duration::from_millis(20));
        }
    }
}

#[test]
fn requests_in_a_row_are_answered_in_order() {
    let host = RunningHost::start();
    let mut stream = host.connect();
    let requests = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".repeat(99)
        + "GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(requests.as_bytes()).unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 99);
    assert!(text.rfind("HTTP/1.1 404").unwrap() > text.rfind("HTTP/1.1 200").unwrap());
}

#[test]
fn slow_clients_are_cut_off_and_stop_nobody() {
    let host = RunningHost::start();
    let began = Instant::now();
    // Headers that never end, bodies that never come, and connections that say nothing.
    let head = format!(
        "POST /v1/inboxes/main/messages HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ALL}\r\nContent-Length: 100\r\n\r\n{{"
    );
    let mut slow: Vec<_> = (0..300)
        .map(|at| {
            let mut stream = host.connect();
            let start: &[u8] = match at % 3 {
                0 => b"GET /healthz HTTP/1.1\r\nX: ",
                1 if at < 60 => head.as_bytes(),
                _ => b"",
            };
            stream.write_all(start).unwrap();
            stream
        })
        .collect();
    answers(&host);
    host.message("A1", "+201001234567", "hi");
    // The headers are waited for ten seconds, the body twenty.
    let mut body = slow.remove(1);
    let answer = read_answer(&mut slow[0]);
    assert!(answer.status == 0 || answer.status == 408, "{answer:?}");
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    let answer = read_answer(&mut body);
    assert_eq!(answer.error(), "408 too-slow: the request took too long");
    assert!(began.elapsed() < Duration::from_secs(35), "{:?}", began.elapsed());
    answers(&host);
}

#[test]
fn who_is_slow_does_not_hold_up_the_end() {
    let mut host = RunningHost::start();
    let _idle = host.connect();
    let mut waiting = host.connect();
    let request = format!(
        "GET /v1/inboxes/main/events?wait=25 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {ALL}\r\n\r\n"
    );
    waiting.write_all(request.as_bytes()).unwrap();
    sleep(Duration::from_millis(300));
    let began = Instant::now();
    assert_eq!(host.terminate(), Some(0));
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

/// Any address, with the largest numbers and the oddest names.
#[test]
fn any_address_is_answered_in_the_same_shape() {
    let host = RunningHost::start();
    host.message("A1", "+201001234567", "hi");
    let token = format!("Authorization: Bearer {ALL}");
    let long = "x".repeat(8_000);
    let (most, more) = (u64::MAX.to_string(), "18446744073709551616");
    let signed = i64::MAX.to_string();
    let names = [
        "%00",
        "%F0%9F%98%80",
        "'%3B--",
        "..%2F..%2Fx",
        &long,
        &most,
        more,
        &signed,
        "-1",
        "c0",
        "c18446744073709551615",
        "%2B",
    ];
    for name in names {
        for path in ["users", "chats", "customers", "decisions", "rules/files"] {
            let answer = host.request("GET", &format!("/v1/inboxes/main/{path}/{name}"), &[&token], b"");
            let expected = if path == "users" { 405 } else { 404 };
            assert_eq!(answer.status, expected, "{path}/{name}: {}", answer.error());
            sleep(Duration::from_millis(20));
        }
    }
    let names = ["%00", "%F0%9F%98%80", "'%3B--", &most, more, "-1"];
    for query in ["after", "limit", "state", "user", "group", "number", "customer", "rule", "message", "wait"]
    {
        for name in names {
            for path in ["users", "chats", "decisions", "events", "replies", "notices"] {
                let path = format!("/v1/inboxes/main/{path}?{query}={name}");
                let answer = host.request("GET", &path, &[&token], b"");
                if answer.status == 200 {
                    assert!(answer.json()["items"].is_array(), "{path}: {answer:?}");
                } else {
                    let error = answer.error();
                    assert!(error.starts_with("400 bad-field"), "{path}: {error}");
                }
                sleep(Duration::from_millis(20));
            }
        }
    }
    for path in [
        "/assets/",
        "/v1",
        "/v1/inboxes/",
        "/v1/inboxes//users",
        "/%",
        "/v1/inboxes/main/users/",
        "/index.html/",
        "/webhooks/whatsapp/%ff",
    ] {
        let answer = host.request("GET", path, &[&token], b"");
        assert!(answer.error().starts_with("404 unknown-"), "{path}: {answer:?}");
    }
    answers(&host);
}
