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
    assert!(read(&run.rules, "store.mmd").starts_with("flowchart"));
    let run = run.rules.run("graph -o store.gv").exits_with(0);
    assert!(read(&run.rules, "store.gv").starts_with("digraph"));
    let run = run.rules.run("graph -o none/store.svg").exits_with(2).reports("cannot write `none/store.svg`");
    let run =
        run.rules.run("graph -o rules/+15550100.rules").exits_with(2).reports("would replace the rules");
    assert_eq!(run.rules.read("+15550100.rules"), RULES);
    let run = run.rules.run("graph --week --format dot").exits_with(2).reports("only drawn as SVG");
    run.rules.run("graph --format png").exits_with(2).reports("svg");
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
