//! The log of decisions that `rules replay` reads, from outside.

use inbox_rules::RuleSet;
use inbox_rules::replay::{LogLine, ReplayReport, Replayer};

use crate::running::{ALL, RunningHost};

const NDJSON: &str = "Accept: application/x-ndjson";

/// The lines of the log.
fn log(host: &RunningHost, query: &str) -> Vec<String> {
    let token = format!("Authorization: Bearer {ALL}");
    let path = format!("/v1/inboxes/main/decisions{query}");
    let answer = RunningHost::once_allowed(|| host.request("GET", &path, &[&token, NDJSON], b""));
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(answer.headers.contains("content-type: application/x-ndjson"), "{answer:?}");
    // The lines between are the sizes of the pieces.
    answer.body.lines().filter(|line| line.starts_with('{')).map(str::to_owned).collect()
}

fn replay(rules: &RuleSet, log: &[String]) -> ReplayReport {
    let replayer = Replayer { now: rules, before: None, seed: 0, examples: 3 };
    replayer.lines(log.join("\n").as_bytes()).report()
}

#[test]
fn the_decisions_of_a_host_are_made_again_from_its_log() {
    let host = RunningHost::start();
    assert_eq!(host.call("PATCH", "users/bob", r#"{"presence":"online"}"#).status, 200);
    for number in 0..150 {
        host.message(&format!("A{number}"), &format!("+2010012{:05}", number % 100), "hello");
    }
    host.call("PATCH", "users/bob", r#"{"presence":"offline"}"#);
    let body = r#"{"number":"+15550100","message":{"id":"B1","text":"hi"},
        "customer":{"phone":"+201001999999","attributes":{"plan":"gold","other":1}},"send":false}"#;
    assert_eq!(host.call("POST", "messages", body).status, 200);

    let lines = log(&host, "");
    assert_eq!(lines.len(), 151);
    let rules = RuleSet::load(host.folder.path().join("rules")).unwrap();
    let report = replay(&rules, &lines);
    assert_eq!((report.decided, report.different, report.undecided), (151, 0, 0), "{report:?}");
    // The rules were not shown it then, either.
    let left_out = serde_json::to_value(&report.left_out).unwrap();
    assert_eq!(left_out[0]["name"], "customer.other");

    let text = "otherwise: assign group \"Support\" by least_chats, reply \"Please wait.\" once per 1h";
    let other = RuleSet::parse("default.rules", text, rules.inbox()).unwrap();
    let report = replay(&other, &lines);
    // In an open chat, no rule decides.
    assert_eq!((report.decided, report.different), (151, 101));
    let counts: Vec<u64> = report.changes.iter().map(|change| change.count).collect();
    assert_eq!(counts, [100, 1]);

    // The page's replay counts alike.
    let edit = serde_json::json!({ "files": { "default.rules": text } }).to_string();
    let page = host.call("POST", "rules/replay", &edit).json();
    assert_eq!(
        (&page["decisions"], &page["different"], &page["unknown"]),
        (&151.into(), &101.into(), &0.into())
    );

    let first = LogLine::parse(lines[100].as_bytes()).unwrap();
    let after = log(&host, &format!("?after={}", first.seq.unwrap()));
    assert_eq!(after, lines[101..]);
    let last = LogLine::parse(lines[150].as_bytes()).unwrap().seq.unwrap();
    assert!(log(&host, &format!("?after={last}")).is_empty());
}

#[test]
fn what_is_no_longer_kept_is_left_out_of_the_log() {
    let host = RunningHost::start();
    host.message("A1", "+201001234567", "hi");
    host.message("A2", "+201001234568", "hi");
    assert_eq!(host.call("DELETE", "customers/%2B201001234567", "").status, 204);
    let lines = log(&host, "");
    assert_eq!(lines.len(), 1, "{lines:?}");
    assert!(lines[0].contains("\"A2\"") && !lines[0].contains("201001234567"), "{lines:?}");
}

#[test]
fn a_log_is_not_narrowed_down() {
    let host = RunningHost::start();
    let token = format!("Authorization: Bearer {ALL}");
    let path = "/v1/inboxes/main/decisions?rule=welcome";
    assert_eq!(
        host.request("GET", path, &[&token, NDJSON], b"").error(),
        "400 bad-field @ rule: `rule` cannot be used with `Accept: application/x-ndjson`; only `after` can"
    );
    assert_eq!(host.request("GET", "/v1/inboxes/main/decisions", &[NDJSON], b"").status, 401);
}
