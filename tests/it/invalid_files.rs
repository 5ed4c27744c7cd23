//! Files that are not rules, and an `inbox.toml` that is wrong in many ways.

use super::harness::Rules;

const SOUND: &str = "otherwise: assign group \"Sales\" by in_order\n";

#[test]
fn bytes_that_are_not_text() {
    let run = Rules::new().file("+15550100.rules", b"\xff\xfe\x00rule").run("check").exits_with(1);
    let run = run.prints("rules/+15550100.rules").prints("UTF-8");
    run.rules.run("route").exits_with(2);
}

#[test]
fn bytes_that_are_not_text_are_placed() {
    let rules = Rules::new().file("+15550100.rules", b"otherwise:\n    assign \xc3\xa9 \xffx\n");
    let run = rules.run("check").exits_with(1).prints("rules/+15550100.rules:2:14");
    let rules = run.rules.file("+15550100.rules", SOUND).file("inbox.toml", b"[users.a]\nname = \"\xe9\"");
    rules.run("check").exits_with(1).prints("rules/inbox.toml:2:9");
}

#[test]
fn more_findings_than_anybody_reads() {
    let rules = Rules::new().file("+15550100.rules", "when\n".repeat(4_000));
    let run = rules.run("check --format json").exits_with(1);
    let report = run.json();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1_001);
    assert_eq!(report["left_out"], 3_000);
    let told = "3,000 more findings in this file are not shown";
    let run = run
        .rules
        .run("check")
        .exits_with(1)
        .prints(told)
        .prints("1000 errors, 3000 more that are not shown in 2 files");
    let run = run.rules.run("check --format github").exits_with(1).prints(told);
    let run = run.rules.run("check --format sarif").exits_with(1).prints(told);
    run.rules.run("check --format junit").exits_with(1).prints(told);
}

#[test]
fn files_that_are_too_large() {
    let large = format!("{SOUND}#{}", "x".repeat(8 * 1024 * 1024));
    let run = Rules::new().file("+15550100.rules", &large).run("check").exits_with(1).prints("8 MiB");
    let run = run.rules.file("+15550100.rules", SOUND).file("inbox.toml", &large).run("check").exits_with(1);
    let run = run.prints("rules/inbox.toml").prints("8 MiB");
    run.rules.input(&large).run("check -").exits_with(1).prints("8 MiB");
}

#[test]
fn nesting_is_limited() {
    let deep =
        format!("rule \"a\" when {}any_online{}: assign owner\n", "(".repeat(5_000), ")".repeat(5_000));
    Rules::new().file("+15550100.rules", deep).run("check").exits_with(1).prints("64");
}

#[test]
fn an_inbox_that_is_not_toml() {
    inbox("[users.alice\n", "syntax");
    inbox("users = 3\n", "rules/inbox.toml:1");
    inbox("[users.alice]\ncapacity = 0\n", "capacity");
    inbox("[users.alice]\nskils = [\"en\"]\n", "skils");
    inbox("[users.alice]\n[groups]\nSales = [\"alice\", \"alice\"]\n", "alice");
    inbox("[groups]\nSales = [\"alice\"]\n", "unknown-user");
    inbox("timezone = \"Africa/Kairo\"\n", "unknown-timezone");
    inbox("[numbers.\"0155\"]\n", "0155");
    inbox("[lints]\nunnamed-rul = \"warn\"\n", "unnamed-rule");
    inbox("[users.alice]\n[users.alice]\n", "rules/inbox.toml:2");
    inbox("\u{0}", "rules/inbox.toml");
}

/// Checks that the inbox has an error that contains `text`, and that `route` and `test` refuse the rules because of it.
#[track_caller]
fn inbox(inbox: &str, text: &str) {
    let rules = Rules::new().file("inbox.toml", inbox).file("default.rules", "otherwise: assign nobody\n");
    let run = rules.run("check").exits_with(1).prints(text);
    let run = run.rules.input("{\"number\": \"+15550100\"}").run("route").exits_with(2).reports(text);
    run.rules.run("test").exits_with(2).reports(text);
}

#[test]
fn an_inbox_of_bytes() {
    let run =
        Rules::new().file("inbox.toml", b"\xff\xfe").file("default.rules", SOUND).run("check").exits_with(1);
    run.prints("rules/inbox.toml").prints("UTF-8");
}

#[test]
fn rules_that_lead_outside() {
    let run = Rules::new()
        .beside("secret.rules", "let a = any_online\n")
        .file("default.rules", format!("use \"../secret.rules\"\n{SOUND}"))
        .run("check")
        .exits_with(1);
    run.prints("path-outside");
}

#[test]
#[cfg(unix)]
fn links_that_lead_outside() {
    let rules = Rules::new().beside("secret.rules", SOUND);
    std::os::unix::fs::symlink("../secret.rules", rules.path().join("rules/default.rules")).unwrap();
    rules.run("check").exits_with(1).prints("path-outside");
}
