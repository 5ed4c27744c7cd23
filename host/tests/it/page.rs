//! The page's files, and the sessions of browsers.

use std::fs;
use std::time::Duration;

use insta::assert_snapshot;
use serde_json::json;

use crate::running::{ALL, READER, RunningHost};

const PATH: &str = "/v1/session";
const FROM_PAGE: &str = "Sec-Fetch-Site: same-origin";

/// Logs in, and returns the cookie as it is sent back.
pub(crate) fn log_in(host: &RunningHost, token: &str) -> String {
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

    // A proxy that asks for a password has the browser send it with every call.
    let password = "Authorization: Basic bW9uYTpodXNo";
    assert_eq!(host.request("GET", users, &[&cookie, password], b"").status, 200);
    assert_eq!(
        host.request("PATCH", bob, &[&all, FROM_PAGE, password], br#"{"presence":"online"}"#).status,
        200
    );
    assert!(host.request("PATCH", bob, &[&all, password], b"{}").error().starts_with("403 other-site"));
    // A browser that is told 401 forgets the password.
    let refused = host.request("GET", PATH, &[password, FROM_PAGE], b"");
    assert!(refused.error().starts_with("403 no-token") && !refused.headers.contains("www-authenticate"));
    let wrong = host.request("POST", PATH, &[password, FROM_PAGE], br#"{"token":"wrong"}"#).error();
    assert!(wrong.starts_with("403 no-token"), "{wrong}");
    assert!(host.request("GET", PATH, &[password], b"").error().starts_with("401 no-token"));
    let token = format!("Authorization: Bearer {ALL}");
    for headers in
        [&[&*cookie, &token, &token][..], &[&cookie, password, &token], &[&cookie, "Authorization: Bearer x"]]
    {
        assert!(host.request("GET", users, headers, b"").error().starts_with("401 no-token"), "{headers:?}");
    }

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
        "require-trusted-types-for 'script'; trusted-types 'none'",
        "cross-origin-opener-policy: same-origin",
        "cross-origin-embedder-policy: require-corp",
        "permissions-policy: accelerometer=()",
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

/// Also if the token comes back, and whether or not the program runs meanwhile.
#[test]
fn a_session_of_a_token_that_is_gone_is_over() {
    let host = RunningHost::start();
    let [cookie, other] = [log_in(&host, READER), log_in(&host, ALL)];
    let status = |host: &RunningHost, cookie: &str| host.request("GET", PATH, &[cookie], b"").status;
    let path = host.folder.path().join("host.toml");
    let with = fs::read_to_string(&path).unwrap();
    let parts = with.split("[[tokens]]").filter(|token| !token.contains("name = \"reader\""));
    let without = parts.collect::<Vec<_>>().join("[[tokens]]");
    let reload = |host: &RunningHost, text: &str, expected: u16| {
        let reader = format!("Authorization: Bearer {READER}");
        fs::write(host.folder.path().join("host.toml"), text).unwrap();
        host.signal("-HUP");
        let is_read = (0..50).any(|_| {
            std::thread::sleep(Duration::from_millis(100));
            host.request("GET", PATH, &[&reader], b"").status == expected
        });
        assert!(is_read, "{}", host.log());
    };
    assert_eq!((status(&host, &cookie), status(&host, &other)), (200, 200));
    reload(&host, &without, 401);
    assert_eq!((status(&host, &cookie), status(&host, &other)), (401, 200));
    reload(&host, &with, 200);
    assert_eq!((status(&host, &cookie), status(&host, &other)), (401, 200));

    let cookie = log_in(&host, READER);
    fs::write(&path, &without).unwrap();
    let host = host.restart();
    assert!(host.request("GET", PATH, &[&cookie], b"").error().starts_with("401 no-token"));
    reload(&host, &with, 200);
    assert_eq!((status(&host, &cookie), status(&host, &other)), (401, 200));
}
