//! The page's files, and the sessions of browsers.

use insta::assert_snapshot;
use serde_json::json;

use crate::running::{ALL, READER, RunningHost};

const PATH: &str = "/v1/session";
const FROM_PAGE: &str = "Sec-Fetch-Site: same-origin";

/// Logs in, and returns the cookie as it is sent back.
fn log_in(host: &RunningHost, token: &str) -> String {
    let answer = host.request("POST", PATH, &[FROM_PAGE], format!("{{\"token\":\"{token}\"}}").as_bytes());
    assert_eq!(answer.status, 200, "{answer:?}");
    let line = answer.headers.lines().find(|line| line.to_lowercase().starts_with("set-cookie:")).unwrap();
    let (cookie, rest) = line.split_once(": ").unwrap().1.split_once("; ").unwrap();
    assert_eq!(rest, "Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Strict");
    assert!(cookie.starts_with("__Host-session=") && cookie.len() == 15 + 64, "{cookie}");
    format!("Cookie: theme=dark; {cookie}")
}

#[test]
fn a_session_begins_with_a_token_and_ends() {
    let host = RunningHost::start();
    let refused = host.request("POST", PATH, &[FROM_PAGE], br#"{"token":"wrong"}"#).error();
    assert_snapshot!(refused, @"401 no-token: this token is not known");
    let elsewhere = host.request("POST", PATH, &["Sec-Fetch-Site: cross-site"], b"{}").error();
    assert_snapshot!(elsewhere, @"403 other-site: with a cookie, only the page of this program can make this call");

    let cookie = log_in(&host, READER);
    let mut session = host.request("GET", PATH, &[&cookie], b"").json();
    assert!(session["expires"].take().as_str().unwrap().ends_with('Z'));
    assert_eq!(session, json!({ "name": "reader", "inboxes": ["main"], "can": ["read"], "expires": null }));
    let users = "/v1/inboxes/main/users";
    assert_eq!(host.request("GET", users, &[&cookie], b"").status, 200);
    let bob = "/v1/inboxes/main/users/bob";
    let change = |headers: &[&str]| host.request("PATCH", bob, headers, br#"{"presence":"online"}"#).error();
    assert!(change(&[&cookie, FROM_PAGE]).starts_with("403 not-allowed"));
    assert!(change(&[&log_in(&host, ALL)]).starts_with("403 other-site"));
    let all = log_in(&host, ALL);
    assert_eq!(host.request("PATCH", bob, &[&all, FROM_PAGE], br#"{"presence":"online"}"#).status, 200);

    // Whoever logs in again has one session, not two.
    let again = host.request("POST", PATH, &[&all, FROM_PAGE], format!("{{\"token\":\"{ALL}\"}}").as_bytes());
    assert_eq!(again.status, 200);
    assert_eq!(host.request("GET", PATH, &[&all], b"").status, 401);
    let all = log_in(&host, ALL);

    let out = host.request("DELETE", PATH, &[&cookie, FROM_PAGE], b"");
    assert_eq!(out.status, 204);
    assert!(out.headers.contains("__Host-session=; Path=/; Max-Age=0;"), "{out:?}");
    assert_snapshot!(host.request("GET", PATH, &[&cookie], b"").error(), @"401 no-token: log in, or send the header `Authorization: Bearer TOKEN`");
    assert_eq!(host.request("GET", PATH, &[&all], b"").status, 200);
    assert!(!host.log().contains(all.rsplit('=').next().unwrap()));
}

#[test]
fn the_page_and_its_files() {
    let host = RunningHost::start();
    let page = host.request("GET", "/", &[], b"");
    assert_eq!(page.status, 200);
    let headers = page.headers.to_lowercase();
    for header in [
        "content-type: text/html",
        "content-security-policy: default-src 'none'; script-src 'self';",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "x-content-type-options: nosniff",
        "cache-control: no-cache",
    ] {
        assert!(headers.contains(header), "{header}: {headers}");
    }
    let mut files = page.body.split('"').filter(|part| part.contains("/assets/")).peekable();
    assert!(files.peek().is_some(), "{}", page.body);
    for file in files {
        let file = file.trim_start_matches('.');
        let answer = host.request("GET", file, &[], b"");
        assert_eq!(answer.status, 200, "{file}");
        assert!(answer.headers.contains("script-src 'self'"), "{answer:?}");
    }
    assert!(!page.body.contains("<style") && !page.body.contains("style="), "{}", page.body);
    assert!(host.request("GET", "/assets/none.js", &[], b"").error().starts_with("404 unknown-path"));
}

#[test]
fn a_session_of_a_token_that_is_gone_is_none() {
    let host = RunningHost::start();
    let cookie = log_in(&host, READER);
    assert_eq!(host.request("GET", PATH, &[&cookie], b"").status, 200);
    let settings = host.folder.path().join("host.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let kept: Vec<&str> =
        text.split("[[tokens]]").filter(|token| !token.contains("name = \"reader\"")).collect();
    std::fs::write(&settings, kept.join("[[tokens]]")).unwrap();
    let host = host.restart();
    assert!(host.request("GET", PATH, &[&cookie], b"").error().starts_with("401 no-token"));
}
