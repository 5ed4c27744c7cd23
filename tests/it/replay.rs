//! Tests of `rules replay`.

use std::process::Command;

use super::harness::Rules;

const BEFORE: &str =
    "rule \"new\" when new_customer: assign user \"alice\"\notherwise: assign group \"Sales\" by random\n";
const NOW: &str = "rule \"new\" when new_customer: assign user \"bob\", reply \"Hello\"\n\
    otherwise: assign group \"Sales\" by random\n";

/// A situation: every third is of a new customer.
fn situation(id: usize) -> String {
    let returning = !id.is_multiple_of(3);
    format!(
        "{{\"number\":\"+15550100\",\"at\":\"2026-11-24T18:30:00Z\",\"message\":{{\"id\":\"{id}\",\"text\":\"hello {id}\"}},\
         \"customer\":{{\"name\":\"Mona\",\"returning\":{returning}}},\"users\":{{\"alice\":{{\"presence\":\"online\"}},\
         \"bob\":{{\"presence\":\"online\"}}}}}}\n"
    )
}

fn situations(count: usize) -> String {
    (1..=count).map(situation).collect()
}

/// Situations with the decisions that `BEFORE` made, with other dice than those of the replay.
fn log(count: usize) -> String {
    let rules = Rules::new().file("default.rules", BEFORE).input(situations(count));
    rules.run("route --seed 9 --record").exits_with(0).stdout()
}

fn with(rules: &str, log: impl AsRef<[u8]>) -> Rules {
    Rules::new().file("default.rules", rules).beside("log.jsonl", log)
}

#[test]
fn the_rules_that_wrote_the_log_decide_alike() {
    let run = with(BEFORE, log(30)).run("replay log.jsonl").exits_with(0);
    assert_eq!(run.stdout(), "30 messages replayed; all decisions are the same\n");
    assert_eq!(run.stderr(), "");
}

#[test]
fn differences_are_shown_by_pairs_of_rules() {
    let run = with(NOW, log(12)).run("replay log.jsonl --examples 2").exits_with(1);
    insta::assert_snapshot!(run.stdout(), @r"
    12 messages replayed; 4 decisions differ (33.3 %)

    count   share  before → now
        4  33.3 %  `new` → `new`

    `new` → `new`
      line 3: Mona, 2026-11-24T18:30:00Z: “hello 3”
        was `alice`, now `bob`; now sends the reply “Hello”
      line 6: Mona, 2026-11-24T18:30:00Z: “hello 6”
        was `alice`, now `bob`; now sends the reply “Hello”
    ");
    let json = with(NOW, log(12)).run("replay log.jsonl --format json").exits_with(1).json();
    assert_eq!((&json["decided"], &json["different"]), (&12.into(), &4.into()));
    assert_eq!(json["changes"][0]["before"]["name"], "new");
    assert_eq!(json["changes"][0]["parts"], serde_json::json!({ "assign": 4, "replies": 4 }));
    assert_eq!(json["changes"][0]["examples"][2]["situation"]["message"]["text"], "hello 9");
}

#[test]
fn two_versions_are_compared_on_plain_situations() {
    let rules = with(NOW, situations(12)).beside("old/default.rules", BEFORE);
    let inbox = rules.read("inbox.toml");
    let run = rules.beside("old/inbox.toml", inbox).run("replay log.jsonl --against old").exits_with(1);
    let run = run.prints("12 messages replayed; 4 decisions differ (33.3 %)");
    run.rules.run("replay log.jsonl --against rules").exits_with(0).prints("all decisions are the same");
}

#[test]
fn a_version_may_be_a_revision() {
    let rules = with(BEFORE, situations(3));
    let git = |arguments: &[&str]| {
        let who = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
        let output =
            Command::new("git").args(who).args(arguments).current_dir(rules.path()).output().unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "-A"]);
    git(&["commit", "-q", "-m", "before"]);
    let rules = rules.file("default.rules", NOW);
    let run = rules.run("replay log.jsonl --against git:HEAD:rules").exits_with(1);
    let run = run.prints("3 messages replayed; 1 decision differs (33.3 %)");
    let swapped = run.rules.run("replay log.jsonl --rules git:HEAD:rules --against rules").exits_with(1);
    swapped.prints("was `bob`, now `alice`; no longer sends the reply “Hello”");
}

#[test]
fn a_log_may_come_from_a_pipe() {
    let rules = with(NOW, "").input(log(3));
    rules.run("replay -").exits_with(1).prints("3 messages replayed; 1 decision differs (33.3 %)");
}

#[test]
fn situations_without_decisions_need_other_rules() {
    let run = with(NOW, situations(3)).run("replay log.jsonl").exits_with(2);
    insta::assert_snapshot!(run.stderr(), @"error: the lines of `log.jsonl` have no decisions to compare with; name the rules to compare with, as in `--against git:HEAD:rules`, or record situations with their decisions by `rules route --record`");
}

#[test]
fn lines_that_cannot_be_decided_are_told_and_do_not_stop_the_rest() {
    let other = log(1).replace("+15550100", "+15550199");
    let lines = format!("{}nonsense\n{other}{other}{}", log(2), "x".repeat(9 * 1024 * 1024));
    let run = Rules::new().file("+15550100.rules", BEFORE).input(lines).run("replay -").exits_with(1);
    insta::assert_snapshot!(run.stdout(), @r"
    2 messages replayed; all decisions are the same

    4 lines cannot be decided:
      2  `+15550199` has no policy: there is neither `+15550199.rules` nor `default.rules` (first on
         line 4)
      1  this is not JSON (first on line 3)
      1  the line is longer than 8 MiB (first on line 6)
    ");
}

#[test]
fn users_who_have_left_are_left_out_and_told() {
    let gone = log(3).replace("\"alice\":{", "\"dan\":{\"presence\":\"online\"},\"alice\":{");
    let run = with(BEFORE, gone).run("replay log.jsonl").exits_with(0);
    insta::assert_snapshot!(run.stdout(), @r"
    3 messages replayed; all decisions are the same

    Left out, because `inbox.toml` does not have it:
      3  user `dan` (first on line 1)
    ");
}

#[test]
fn what_is_no_log_is_refused_in_words() {
    let check = |log: &[u8], arguments: &str, expected: &str| {
        let run = with(NOW, log).run(&format!("replay {arguments}")).exits_with(2);
        assert_eq!(run.stderr().trim_end(), expected);
        assert_eq!(run.stdout(), "");
    };
    check(b"", "missing.jsonl", "error: there is no file `missing.jsonl`");
    check(b"", "rules", "error: `rules` is a folder; name the file of a log");
    check(
        b"otherwise: assign nobody\n",
        "log.jsonl",
        "error: no line of `log.jsonl` can be decided; line 1: this is not JSON",
    );
    check(
        b"\x1f\x8b\x08\0",
        "log.jsonl",
        "error: `log.jsonl` is compressed; decompress it first: `zcat log.jsonl | rules replay -`",
    );
    check(
        b"{}",
        "log.jsonl --against git:x",
        "error: `git:x` has no path; write `git:REVISION:PATH`, for example `git:HEAD:rules`",
    );
    check(
        b"{}",
        "log.jsonl --against git::rules",
        "error: `git::rules` has no revision; write `git:REVISION:PATH`, for example `git:HEAD:rules`",
    );
    for arguments in ["- --against -", "- --rules -"] {
        let message = "error: rules cannot be read from `-`; name a folder or `git:REVISION:PATH`";
        check(b"{}", arguments, message);
    }
    for empty in ["", "\n\n"] {
        check(empty.as_bytes(), "log.jsonl", "error: there is no message in `log.jsonl`");
    }
    check(b"{}", "log.jsonl --against nowhere", "error: there is no file or folder `nowhere`");
    with("otherwise: assign user \"x\"\n", log(1))
        .run("replay log.jsonl")
        .exits_with(2)
        .reports("no user is called");
}

#[test]
fn a_log_records_what_was_decided_now() {
    let rules = Rules::new().file("+15550100.rules", BEFORE);
    let plain = r#"{"customer":{"name":"Mona"},"message":{"text":"hello"}}"#;
    let log = rules.input(plain).run("route --record --number +15550100").exits_with(0);
    let log = log.stdout();
    let line: serde_json::Value = serde_json::from_str(&log).unwrap();
    assert_eq!(line["situation"]["number"], "+15550100");
    assert!(line["situation"]["at"].is_string() && line["decision"]["assign"]["user"] == "alice", "{line}");
    with(BEFORE, log)
        .run("replay log.jsonl")
        .exits_with(0)
        .prints("1 message replayed; the decision is the same");
    let rules = Rules::new().file("default.rules", BEFORE);
    rules.run("route --record --format human").exits_with(2).reports("cannot be used with");
}

#[test]
fn a_repository_without_commits_has_no_revisions() {
    let rules = with(BEFORE, situations(1));
    let status = Command::new("git").args(["init", "-q"]).current_dir(rules.path()).status().unwrap();
    assert!(status.success());
    let run = rules.run("replay log.jsonl --against git:HEAD:rules").exits_with(2);
    assert_eq!(run.stderr(), "error: the git repository has no commits, so it has no revisions\n");
}
