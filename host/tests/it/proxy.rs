//! A proxy in front that logs people in, and those who only say that they are one.

use std::fs;
use std::io::{Read, Write};
use std::time::Duration;

use insta::assert_snapshot;
use serde_json::json;

use crate::page::log_in;
use crate::running::{ALL, HttpAnswer, PROXY_SECRET, RunningHost};

const SETTINGS: &str = r#"[proxy]
user_header = "X-Forwarded-User"
groups_header = "X-Forwarded-Groups"
secrets = [{ env = "PROXY_SECRET" }]
log_out = "/oauth2/sign_out"
[[proxy.grants]]
user = "mona@example.com"
can = ["read", "users"]
[[proxy.grants]]
group = "lead agents"
inbox = "main"
can = ["read", "rules"]
[[proxy.grants]]
group = "guests"
can = []
"#;
const SESSION: &str = "/v1/session";
const USERS: &str = "/v1/inboxes/main/users";
const FROM_PAGE: &str = "Sec-Fetch-Site: same-origin";

/// A call as the proxy passes it on.
fn call(host: &RunningHost, method: &str, path: &str, user: &str, more: &[&str]) -> HttpAnswer {
    let (user, secret) = (format!("X-Forwarded-User: {user}"), format!("x-proxy-secret: {PROXY_SECRET}"));
    let headers = [&[&*user, &*secret][..], more].concat();
    host.request(method, path, &headers, if method == "PATCH" { br#"{"presence":"online"}"# } else { b"" })
}

#[test]
fn whoever_the_proxy_has_logged_in_needs_no_token() {
    let host = RunningHost::start_with(SETTINGS);
    let can = |user: &str, more: &[&str]| {
        let answer = call(&host, "GET", SESSION, user, more);
        assert!(!answer.headers.to_lowercase().contains("set-cookie"), "{answer:?}");
        answer.json()
    };
    assert_eq!(
        can("ali", &[]),
        json!({
            "name": "ali", "inboxes": ["main"], "can": ["read"], "expires": null,
            "proxy": { "log_out": "/oauth2/sign_out" },
        })
    );
    assert_eq!(can("mona@example.com", &["X-Forwarded-Groups: guests"])["can"], json!(["read", "users"]));
    assert_eq!(can("ali", &["X-Forwarded-Groups: all, lead agents,guests"])["can"], json!(["read", "rules"]));
    assert_eq!(can("ali", &["X-Forwarded-Groups: lead"])["can"], json!(["read"]));
    assert_eq!(can("ali", &["X-Forwarded-Groups: guests"])["can"], json!([]));

    assert_eq!(call(&host, "GET", USERS, "ali", &[]).status, 200);
    let refused = call(&host, "GET", USERS, "ali", &["X-Forwarded-Groups: guests"]).error();
    assert_snapshot!(refused, @"403 not-allowed: `ali` cannot do this; it needs the right `read`");
    let bob = "/v1/inboxes/main/users/bob";
    assert!(call(&host, "PATCH", bob, "ali", &[FROM_PAGE]).error().starts_with("403 not-allowed"));
    // The browser sends what the proxy knows it by to any site.
    let elsewhere = call(&host, "PATCH", bob, "mona@example.com", &["Sec-Fetch-Site: cross-site"]).error();
    assert!(elsewhere.starts_with("403 other-site"), "{elsewhere}");
    assert!(call(&host, "PATCH", bob, "mona@example.com", &[]).error().starts_with("403 other-site"));
    assert_eq!(call(&host, "PATCH", bob, "mona@example.com", &[FROM_PAGE]).status, 200);

    let log = host.log();
    assert!(
        log.lines().any(|line| line.contains("\"user\":\"mona@example.com\"") && line.contains("200")),
        "{log}"
    );
    assert!(!log.contains(PROXY_SECRET));
}

/// A token counts most, and a cookie least: it may be that of whoever used the browser before.
#[test]
fn the_proxy_beside_tokens_and_cookies() {
    let host = RunningHost::start_with(SETTINGS);
    let cookie = log_in(&host, ALL);
    let name = |headers: &[&str]| call(&host, "GET", SESSION, "ali", headers).json()["name"].take();
    assert_eq!(name(&[&cookie]), "ali");
    assert_eq!(name(&[&cookie, &format!("Authorization: Bearer {ALL}")]), "all");
    assert_eq!(name(&[&cookie, "Authorization: Basic eDp5"]), "ali");
    let secret = format!("X-Proxy-Secret: {PROXY_SECRET}");
    assert_eq!(host.request("GET", SESSION, &[&cookie, &secret], b"").json()["name"], "all");
    assert!(host.request("GET", SESSION, &[&secret], b"").error().starts_with("401 no-token"));

    assert_snapshot!(call(&host, "POST", SESSION, "ali", &[FROM_PAGE]).error(), @"409 by-proxy: the proxy in front has logged in `ali`, so a token is of no use here");
    assert_snapshot!(call(&host, "DELETE", SESSION, "ali", &[FROM_PAGE]).error(), @"409 by-proxy: the proxy in front has logged you in, and only there can you log out");
    // That of a token is over all the same.
    call(&host, "DELETE", SESSION, "ali", &[FROM_PAGE, &cookie]);
    assert_eq!(host.request("GET", SESSION, &[&cookie], b"").status, 401);
}

#[test]
fn what_does_not_come_from_the_proxy_is_refused() {
    let host = RunningHost::start_with(SETTINGS);
    let cookie = log_in(&host, ALL);
    let secret = format!("X-Proxy-Secret: {PROXY_SECRET}");
    let user = "X-Forwarded-User: mona@example.com";
    let forged = "401 bad-proxy: the header `X-Forwarded-User` does not come from the proxy of `host.toml`";
    let wrong = format!("{secret}s");
    let short = &secret[..secret.len() - 1];
    let no_name = "401 bad-proxy: the header `X-Forwarded-User` has no name of a user";
    for (headers, error) in [
        (&[user][..], forged),
        (&[user, "X-Proxy-Secret:"], forged),
        (&[user, &wrong], forged),
        (&[user, short], forged),
        (&[user, &secret, &secret], forged),
        (&[user, &secret, "X-Proxy-Secret: x"], forged),
        (&[user, user, &secret], "401 bad-proxy: the header `X-Forwarded-User` is there twice"),
        (
            &[user, "x-forwarded-user: ali", &secret],
            "401 bad-proxy: the header `X-Forwarded-User` is there twice",
        ),
        (
            &[user, "X-Forwarded-Groups: a", "X-Forwarded-Groups: lead agents", &secret],
            "401 bad-proxy: the header `X-Forwarded-Groups` is there twice",
        ),
        (&["X-Forwarded-User:", &secret], no_name),
        (&["X-Forwarded-User: ali,mona@example.com", &secret], no_name),
        (&["X-Forwarded-User: mona ali", &secret], no_name),
        (&["X-Forwarded-User: منى", &secret], no_name),
        (&["X-Forwarded-User: mona@example.com\u{0}", &secret], "400"),
    ] {
        for path in [SESSION, USERS] {
            // A valid cookie does not help.
            for more in [None, Some(&*cookie)] {
                let headers: Vec<&str> = headers.iter().copied().chain(more).collect();
                let answer = host.request("GET", path, &headers, b"");
                if error == "400" {
                    assert_eq!(answer.status, 400, "{headers:?}");
                } else {
                    assert_eq!(answer.error(), error, "{headers:?}");
                }
            }
        }
    }
    let answer =
        host.request("POST", SESSION, &[user, FROM_PAGE], format!("{{\"token\":\"{ALL}\"}}").as_bytes());
    assert_eq!(answer.error(), forged);
    let log = host.log();
    assert!(
        log.contains("a header that names a user is not the proxy's")
            && log.contains("the secret is there twice")
    );
    assert!(!log.contains(&wrong[16..]) && !log.contains("mona"), "{log}");
}

#[test]
fn a_proxy_is_believed_only_at_its_address() {
    let host =
        RunningHost::start_with(&SETTINGS.replace("log_out", "from = [\"10.0.0.1\", \"::1\"]\nlog_out"));
    let error = call(&host, "GET", SESSION, "mona@example.com", &[]).error();
    assert!(error.starts_with("401 bad-proxy: the header `X-Forwarded-User` does not come from"), "{error}");
    assert!(host.log().contains("the address is not in `from`"));
    // Nothing else that a caller says changes where a call comes from.
    for header in ["X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "X-Real-IP: 10.0.0.1"] {
        assert_eq!(call(&host, "GET", SESSION, "mona@example.com", &[header]).status, 401, "{header}");
    }
}

#[test]
fn without_a_proxy_no_header_is_looked_at() {
    let host = RunningHost::start();
    assert!(call(&host, "GET", SESSION, "mona@example.com", &[]).error().starts_with("401 no-token"));
    let cookie = log_in(&host, ALL);
    assert_eq!(call(&host, "GET", SESSION, "mona@example.com", &[&cookie]).json()["name"], "all");
}

/// What somebody may do changes with the settings, also for a stream that is open.
#[test]
fn grants_are_read_again() {
    let host = RunningHost::start_with(SETTINGS);
    let mut stream = host.connect();
    let request = format!(
        "GET /v1/inboxes/main/events HTTP/1.1\r\nHost: x\r\nAccept: text/event-stream\r\n\
         X-Forwarded-User: mona@example.com\r\nX-Proxy-Secret: {PROXY_SECRET}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut piece = [0; 4096];
    assert!(stream.read(&mut piece).unwrap() > 0);
    let path = host.folder.path().join("host.toml");
    let settings = fs::read_to_string(&path).unwrap();
    fs::write(&path, settings.replace("\"read\", \"users\"]\n[[proxy", "\"rules\"]\n[[proxy")).unwrap();
    host.signal("-HUP");
    let is_changed = (0..50).any(|_| {
        std::thread::sleep(Duration::from_millis(100));
        call(&host, "GET", SESSION, "mona@example.com", &[]).json()["can"] == json!(["rules"])
    });
    assert!(is_changed, "{}", host.log());
    host.message("A1", "+201001234567", "hi");
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).unwrap();
    assert!(!String::from_utf8_lossy(&rest).contains("A1"));
}
