//! Numbers that name their policy in `inbox.toml`, numbers without one, and files that are not read.

use inbox_rules::{LoadError, RuleSet, read_folder};

use super::harness::Rules;

const INBOX: &str = r#"
[users.alice]
[users.bob]
[groups]
Sales = ["alice", "bob"]

[numbers."+15550100"]
rules = "policies/store.txt"
[numbers."+15550101"]
rules = "policies/store.txt"
[numbers."+15550102"]
rules = "+15550103.rules"
"#;

const STORE: &str = r#"timezone "Africa/Cairo"

otherwise:
    assign nobody,
    reply "the store at {number}"

test "everybody is greeted":
    expect assign nobody
"#;

const CLINIC: &str = "otherwise:\n    assign nobody,\n    reply \"the clinic at {number}\"\n";

fn shared() -> Rules {
    let rules = Rules::new().file("inbox.toml", INBOX).file("+15550103.rules", CLINIC);
    std::fs::create_dir(rules.path().join("rules/policies")).unwrap();
    rules.file("policies/store.txt", STORE)
}

#[test]
fn each_number_is_answered_by_the_policy_that_it_names() {
    let run = shared().run("check").exits_with(0).prints("no findings in 3 files");
    let run = run.rules.run("test").exits_with(0).prints("1 test passed");
    let numbers = ["+15550100", "+15550101", "+15550102", "+15550103"];
    let input: Vec<String> = numbers.iter().map(|number| format!("{{\"number\": \"{number}\"}}")).collect();
    let run = run.rules.input(input.join("\n")).run("route").exits_with(0);
    let replies: Vec<_> =
        run.json_lines().iter().map(|line| line["replies"][0]["text"].to_string()).collect();
    insta::assert_snapshot!(replies.join("\n"), @r#"
    "the store at +15550100"
    "the store at +15550101"
    "the clinic at +15550102"
    "the clinic at +15550103"
    "#);
    let run = run.rules.input("{\"number\": \"+15550104\"}").run("route").exits_with(1);
    run.prints("`+15550104` has no policy");
}

#[test]
fn a_set_that_is_loaded_in_batches_is_the_same() {
    let rules = shared();
    let path = rules.path().join("rules");
    let (batches, whole) =
        (RuleSet::load(&path).unwrap(), RuleSet::from_folder(&read_folder(&path).unwrap()).unwrap());
    let files = |set: &RuleSet| -> Vec<String> {
        let numbers = ["+15550100", "+15550101", "+15550102", "+15550103", "+15550104"];
        numbers
            .iter()
            .map(|number| set.policy(number).map_or("-".to_owned(), |policy| policy.file.to_string()))
            .collect()
    };
    assert_eq!(
        files(&batches),
        ["policies/store.txt", "policies/store.txt", "+15550103.rules", "+15550103.rules", "-"]
    );
    assert_eq!(files(&whole), files(&batches));
    assert_eq!(batches.policies().count(), 2);
    assert_eq!(whole.policies().count(), 2);
}

#[test]
fn a_number_with_two_policies() {
    let run = shared().file("+15550100.rules", CLINIC).run("check --format json").exits_with(1);
    insta::assert_snapshot!(lines(&run.json()), @"rules/inbox.toml:8:two-policies `+15550100` has two policies: `policies/store.txt` and `+15550100.rules` (remove this line, or the file `+15550100.rules`)");
    let run =
        run.rules.input("{\"number\": \"+15550100\"}").run("route").exits_with(2).reports("two-policies");
    let path = run.rules.path().join("rules");
    assert!(matches!(RuleSet::load(path), Err(LoadError::Faults { findings, .. }) if findings.len() == 1));
    // A file that is checked alone has no such neighbours.
    run.rules.run("check rules/+15550100.rules").exits_with(0);
}

#[test]
fn a_policy_that_does_not_exist() {
    let inbox = INBOX.replace("+15550103.rules", "clinic.rules").replacen("store.txt", "stroe.txt", 1);
    let run = shared().file("inbox.toml", inbox).run("check --format json").exits_with(1);
    insta::assert_snapshot!(lines(&run.json()), @"
    rules/inbox.toml:8:unknown-file there is no file `policies/stroe.txt` (did you mean `policies/store.txt`?)
    rules/inbox.toml:12:unknown-file there is no file `clinic.rules` (a path is relative to the folder of `inbox.toml`)
    ");
    run.rules.run("check --fix").exits_with(1);
}

#[test]
fn a_rule_in_a_file_that_is_no_policy() {
    let inbox = INBOX.replace("+15550103.rules", "clinic.rules");
    let rules = shared().file("inbox.toml", inbox).file("clinic.rules", CLINIC).file("draft.rules", CLINIC);
    let run = rules.run("check --format json").exits_with(1);
    insta::assert_snapshot!(lines(&run.json()), @"rules/draft.rules:1:rule-outside-policy `draft.rules` has a rule, but it is not the policy of a number (move it into the file of a number, such as `+15550100.rules`, or into `default.rules`)");
}

#[test]
fn numbers_that_no_policy_answers() {
    let inbox = "[users.nora]\n[numbers.\"+966500000001\"]\n[numbers.\"+966500000002\"]\n[numbers.\"+966500000003\"]\n";
    let rules = Rules::new().file("inbox.toml", inbox).file("+966500000001.rules", CLINIC);
    let rules = rules.file("+966500000002.rules.txt", CLINIC).file("+966500000003.RULES", CLINIC);
    let run = rules.run("check --format json").exits_with(0);
    insta::assert_snapshot!(lines(&run.json()), @r#"
    rules/+966500000002.rules.txt:1:ignored-file this file is not read: the names of rule files end in `.rules` (rename it to `+966500000002.rules`)
    rules/+966500000003.RULES:1:ignored-file this file is not read: the names of rule files end in `.rules` (rename it to `+966500000003.rules`)
    rules/inbox.toml:3:number-without-policy no policy answers `+966500000002` (write `+966500000002.rules` or `default.rules`, or name its policy here, as in `rules = "store.rules"`)
    rules/inbox.toml:4:number-without-policy no policy answers `+966500000003` (write `+966500000003.rules` or `default.rules`, or name its policy here, as in `rules = "store.rules"`)
    "#);
    let run = run.rules.file("default.rules", CLINIC).run("check --format json").exits_with(0);
    let run = run.prints_no("number-without-policy").prints("ignored-file");
    // One mistake, one finding.
    let inbox = "[users.nora]\n[numbers.\"966500000001\"]\n";
    let run = run.rules.file("inbox.toml", inbox).run("check rules/inbox.toml --format json").exits_with(1);
    run.prints("invalid-number").prints_no("number-without-policy");
}

#[test]
fn files_that_are_nearly_named_after_a_number() {
    let rules =
        Rules::new().file("default.rules", CLINIC).file("15550100.rules", CLINIC).file("+1555.rules", CLINIC);
    let rules = rules.file("15550101.rules", "let vip = customer has tag \"vip\"\n");
    // A copy beside the inbox.
    let run = rules.file("inbox.toml.txt", "").run("check --format json").exits_with(0);
    insta::assert_snapshot!(lines(&run.json()), @"
    rules/+1555.rules:1:ignored-file no number uses these rules: `+1555` is not a full phone number (name it by `+`, the country code and the number, 7 to 15 digits in all, as in `+15550100.rules`)
    rules/15550100.rules:1:ignored-file no number uses these rules: `15550100` is not a full phone number (rename it to `+15550100.rules`)
    rules/15550101.rules:1:unused-definition nothing uses the definition `vip` (use it in a rule, or delete it)
    ");
}

#[test]
fn an_inbox_of_another_name() {
    let run = Rules::empty().file("Inbox.toml.txt", INBOX).file("default.rules", CLINIC).run("check");
    insta::assert_snapshot!(run.stdout(), @"
    warning: ignored-file

      ⚠ this file is not read: an inbox is called `inbox.toml`
      help: rename it to `inbox.toml`
       in rules/Inbox.toml.txt

    note: no-inbox

      ☞ there is no `inbox.toml`, so the names of groups, users and attributes are not checked
       ╭─[rules/default.rules:1:1]
     1 │ otherwise:
       · ▲
     2 │     assign nobody,
       ╰────
      help: `rules init` writes a first `inbox.toml`

    1 warning, 1 note in 1 file
    ");
}

/// The findings, one on a line.
fn lines(report: &serde_json::Value) -> String {
    let line = |finding: &serde_json::Value| {
        let part = |name: &str| finding[name].as_str().unwrap_or_default();
        format!(
            "{}:{}:{} {} ({})\n",
            part("file"),
            finding["start"]["line"],
            part("code"),
            part("message"),
            part("help")
        )
    };
    report["findings"].as_array().unwrap().iter().map(line).collect()
}

/// A policy under another name is told, but no copy beside the policy itself.
#[test]
fn policies_that_are_not_read() {
    let inbox = "[users.nora]\n";
    let rules = Rules::new().file("inbox.toml", inbox).file("+966500000001.rules", CLINIC);
    let rules = rules.file("+966500000001.rules~", CLINIC).file("+966500000001.rules.bak", CLINIC);
    let rules = rules.file("+966500000002.txt", CLINIC).file("default.rules.bak", CLINIC);
    let rules =
        rules.file("README.txt", "hello").file("notes.bak", "hello").file("+966500000003.rules~", CLINIC);
    let run = rules.run("check --format json").exits_with(0);
    insta::assert_snapshot!(lines(&run.json()), @"
    rules/+966500000002.txt:1:ignored-file this file is not read: the names of rule files end in `.rules` (rename it to `+966500000002.rules`)
    rules/+966500000003.rules~:1:ignored-file this file is not read: the names of rule files end in `.rules` (rename it to `+966500000003.rules`)
    rules/default.rules.bak:1:ignored-file this file is not read: the names of rule files end in `.rules` (rename it to `default.rules`)
    ");
}
