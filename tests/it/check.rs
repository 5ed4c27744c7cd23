//! Tests of `rules check`.

use super::harness::Rules;

const SOUND: &str =
    "rule \"all\" when any_online: assign group \"Sales\" by hand\notherwise: assign nobody\n";
const SLAES: &str = "otherwise: assign group \"Slaes\" by random\n";
const UNNAMED: &str = "when any_online: assign nobody\notherwise: assign nobody\n";

#[test]
fn nothing_is_found() {
    Rules::new().file("+15550100.rules", SOUND).run("check").exits_with(0).prints("no findings in 2 files");
}

#[test]
fn a_misspelt_group() {
    Rules::new()
        .file("+15550100.rules", SLAES)
        .run("check")
        .exits_with(1)
        .prints("unknown-group")
        .prints("no group is called `Slaes`")
        .prints("rules/+15550100.rules:1:25")
        .prints("did you mean `Sales`?")
        .prints("1 error in 2 files");
}

#[test]
fn every_finding_of_every_file() {
    let run = Rules::new()
        .file("+15550100.rules", "otherwise: assign user \"alise\"\n")
        .file("default.rules", format!("let a = any_onlin\n{SLAES}"))
        .run("check")
        .exits_with(1);
    run.prints("unknown-user").prints("unknown-group").prints("unknown-fact").prints("in 3 files");
}

#[test]
fn one_file_of_a_folder() {
    let rules = Rules::new().file("+15550100.rules", SLAES).file("+15550101.rules", SOUND);
    let run = rules.run("check rules/+15550101.rules").exits_with(0).prints("no findings in 2 files");
    let run = run.rules.run("check rules/+15550101.rules rules/+15550100.rules").exits_with(1);
    run.prints("unknown-group").prints("in 3 files");
}

#[test]
fn a_fault_in_a_used_file_counts() {
    let rules = Rules::new()
        .file("common.rules", "let busy = any_onlin\nlet other = any_online\n")
        .file("+15550100.rules", "use \"common.rules\"\nrule \"a\" when busy: assign owner\n");
    let run = rules.run("check rules/+15550100.rules").exits_with(1);
    run.prints("rules/common.rules:1:12").prints("unknown-fact").prints_no("unused-definition");
}

#[test]
fn the_inbox_alone() {
    let rules = Rules::new().file("+15550100.rules", SLAES);
    let run = rules.run("check rules/inbox.toml").exits_with(0);
    let rules = run.rules.file("inbox.toml", "[groups]\nSales = [\"alice\"]\n");
    rules.run("check rules/inbox.toml").exits_with(1).prints("unknown-user").prints_no("unknown-group");
}

#[test]
fn warnings_can_be_denied() {
    let run = Rules::new().file("+15550100.rules", UNNAMED).run("check").exits_with(0);
    let run = run.prints("unnamed-rule").prints("1 warning");
    let run = run.rules.run("check --deny warnings").exits_with(1).prints("error: unnamed-rule");
    run.rules.run("check --deny everything").exits_with(2).reports("warnings");
}

#[test]
fn levels_of_the_inbox() {
    let inbox = "[users.alice]\n[users.bob]\n[lints]\nunnamed-rule = \"LEVEL\"\n";
    for (level, code, printed) in [("allow", 0, "no findings"), ("note", 0, "1 note"), ("deny", 1, "1 error")]
    {
        let inbox = inbox.replace("LEVEL", level);
        Rules::new()
            .file("inbox.toml", inbox)
            .file("default.rules", UNNAMED)
            .run("check")
            .exits_with(code)
            .prints(printed);
    }
}

#[test]
fn as_json() {
    let json = Rules::new().file("+15550100.rules", SLAES).run("check --format json").exits_with(1).json();
    assert_eq!(json["files"], 2);
    let finding = &json["findings"][0];
    assert_eq!(finding["code"], "unknown-group");
    assert_eq!(finding["level"], "error");
    assert_eq!(finding["file"], "rules/+15550100.rules");
    assert_eq!(finding["start"], serde_json::json!({ "line": 1, "column": 25, "byte": 24 }));
    assert_eq!(finding["end"], serde_json::json!({ "line": 1, "column": 32, "byte": 31 }));
    assert_eq!(finding["situation"], serde_json::Value::Null);
    let edit = serde_json::json!({ "start": 24, "end": 31, "text": "\"Sales\"" });
    assert_eq!(finding["fix"]["edits"], serde_json::json!([edit]));
}

#[test]
fn as_sarif_github_and_junit() {
    let rules = Rules::new().file("+15550100.rules", SLAES);
    let run = rules.run("check --format sarif").exits_with(1);
    assert_eq!(run.json()["runs"][0]["results"][0]["ruleId"], "unknown-group");
    let run = run.rules.run("check --format github").exits_with(1);
    let run = run.prints(
        "::error file=rules/+15550100.rules,line=1,col=25,endLine=1,endColumn=32,title=unknown-group::",
    );
    let run = run.rules.run("check --format junit").exits_with(1);
    let run = run.prints("<failure type=\"unknown-group\"").prints("name=\"rules/inbox.toml\"");
    run.rules.run("check --format xml").exits_with(2).reports("possible values");
}

#[test]
fn standard_input() {
    let run = Rules::empty().input(SOUND).run("check -").exits_with(0).prints("no-inbox");
    let run = run.rules.input("otherwise: assign owner els").run("check -").exits_with(1);
    let run = run.prints("stdin:1:").prints("syntax");
    run.rules.input(b"\xff\xfe").run("check -").exits_with(1).prints("stdin");
}

#[test]
fn without_an_inbox() {
    let run = Rules::empty().file("+15550100.rules", SLAES).run("check rules/+15550100.rules").exits_with(0);
    run.prints("note: no-inbox").prints_no("unknown-group");
}

#[test]
fn nothing_to_check() {
    Rules::empty()
        .run("check")
        .exits_with(2)
        .reports("there is no folder `rules` here")
        .reports("rules init");
    Rules::empty().run("check nowhere").exits_with(2).reports("there is no file or folder `nowhere`");
    Rules::empty()
        .run("check nowhere.rules")
        .exits_with(2)
        .reports("there is no file or folder `nowhere.rules`");
    Rules::empty()
        .beside("rules/readme", "")
        .run("check")
        .exits_with(2)
        .reports("there is no rule file in `rules`");
}

#[test]
fn colours_only_on_request() {
    let rules = || Rules::new().file("+15550100.rules", SLAES);
    rules().run("check").exits_with(1).prints_no("\u{1b}[");
    rules().environment("CLICOLOR_FORCE", "1").run("check").exits_with(1).prints("\u{1b}[31merror");
    let run =
        rules().environment("CLICOLOR_FORCE", "1").environment("NO_COLOR", "1").run("check").exits_with(1);
    run.prints_no("\u{1b}[");
}
