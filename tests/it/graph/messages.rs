//! What `rules graph` says where it cannot draw.

use std::process::{Command, Stdio};

use crate::harness::Rules;

const RULES: &str = "otherwise: assign owner else group \"Sales\" by random\n";

#[test]
fn one_policy_of_a_folder_is_drawn() {
    let rules = Rules::new().file("+15550100.rules", RULES).file("common.rules", "let vip = new_customer\n");
    let run = rules.run("graph").exits_with(0).prints("<title>+15550100</title>");
    let run = run.rules.run("graph rules/+15550100.rules").exits_with(0).prints("Everything else");
    run.rules.run("graph rules").exits_with(0).prints("Everything else");
}

#[test]
fn of_several_policies_one_must_be_named() {
    let rules = Rules::new().file("+15550100.rules", RULES).file("default.rules", RULES);
    let run = rules.run("graph").exits_with(2);
    insta::assert_snapshot!(run.stderr(), @r"
    error: there are 2 policies in `rules`, and a picture shows one; name it:
      rules/+15550100.rules
      rules/default.rules
    ");
}

#[test]
fn without_rules_there_is_nothing_to_draw() {
    let rules = Rules::new().file("common.rules", "let vip = new_customer\n");
    let run = rules.run("graph").exits_with(2).reports("there is no policy in `rules`");
    run.rules
        .run("graph rules/common.rules")
        .exits_with(2)
        .reports("there are no rules in `rules/common.rules`");
    Rules::empty().run("graph").exits_with(2).reports("there is no folder `rules` here");
    Rules::new()
        .run("graph nowhere.rules")
        .exits_with(2)
        .reports("there is no file or folder `nowhere.rules`");
}

#[test]
fn faults_are_shown_as_check_shows_them() {
    let rules = Rules::new().file("+15550100.rules", "otherwise: assign group \"Slaes\" by random\n");
    let run = rules.run("graph").exits_with(2).reports("unknown-group").reports("did you mean `Sales`?");
    run.reports("error: the rules cannot be used until this is fixed");
}

#[test]
fn a_policy_without_an_inbox_is_drawn_and_not_proved() {
    let rules = Rules::empty().file("+15550100.rules", RULES);
    rules.run("graph").exits_with(0).prints("One of").reports("note: there is no `inbox.toml`");
    let rules = Rules::empty().file("+15550100.rules", RULES);
    rules.run("graph --week").exits_with(2).reports("`--week` needs to know who is in which group");
    Rules::empty().input(RULES).run("graph -").exits_with(0).prints("<title>stdin</title>");
}

#[test]
fn a_picture_is_written_into_a_file() {
    let rules = Rules::new().file("+15550100.rules", RULES);
    let run = rules.run("graph --output store.svg").exits_with(0).prints_no("svg");
    let read = |rules: &Rules, name: &str| std::fs::read_to_string(rules.path().join(name)).unwrap();
    assert!(read(&run.rules, "store.svg").starts_with("<svg"));
    let run = run.rules.run("graph -o store.mmd").exits_with(0);
    assert!(read(&run.rules, "store.mmd").contains("\nflowchart TB\n"));
    let run = run.rules.run("graph -o store.gv").exits_with(0);
    assert!(read(&run.rules, "store.gv").starts_with("digraph"));
    let run = run.rules.run("graph -o -").exits_with(0).prints("<svg");
    assert!(!run.rules.path().join("-").exists());
    let run = run.rules.run("graph --format svg -o store.xml").exits_with(0);
    assert!(read(&run.rules, "store.xml").starts_with("<svg"));
    let run =
        run.rules.run("graph -o rules/+15550100.rules").exits_with(2).reports("would replace the rules");
    assert_eq!(run.rules.read("+15550100.rules"), RULES);
    run.rules.run("graph --format png").exits_with(2).reports("svg");
}

#[test]
fn a_file_that_cannot_be_written_is_named_with_what_to_do() {
    let mut rules = Rules::new().file("+15550100.rules", RULES);
    let mut messages = String::new();
    for arguments in [
        "-o none/store.svg",
        "-o rules",
        "-o store.png",
        "-o store.json --week",
        "-o store.mmd --week",
        "--format dot --week",
        "rules/inbox.toml",
    ] {
        let run = rules.run(&format!("graph {arguments}")).exits_with(2).prints_no("svg");
        messages += &run.stderr();
        rules = run.rules;
    }
    insta::assert_snapshot!(messages, @r"
    error: cannot write `none/store.svg`: there is no folder `none`; create it first
    error: `rules` is a folder; name a file in it, as `rules/graph.svg`
    error: the extension of `store.png` does not say which format it is to have; let it end in `.svg`, `.dot`, `.gv`, `.mmd` or `.mermaid`, or name a format with `--format`
    error: the extension of `store.json` does not say which format it is to have; let it end in `.svg`, `.dot`, `.gv`, `.mmd` or `.mermaid`, or name a format with `--format`
    error: the week is only drawn as SVG; let `store.mmd` end in `.svg`
    error: the week is only drawn as SVG; leave out `--format`
    error: `rules/inbox.toml` has no rules; name the file of a policy
    ");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let rule = |at| format!("when message contains \"w{at}\": assign owner\n");
    let text: String = (0..2_000).map(rule).collect();
    let rules = Rules::new().file("default.rules", text + RULES);
    let mut child = Command::new(assert_cmd::cargo::cargo_bin!("rules"))
        .arg("graph")
        .current_dir(rules.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
