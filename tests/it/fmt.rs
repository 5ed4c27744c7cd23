//! Tests of `rules fmt`.

use super::harness::Rules;

const LOOSE: &str =
    "when  new_customer: assign group \"Sales\" by random\n# the rest\notherwise: assign nobody\n";
const TIDY: &str =
    "when new_customer:\n    assign group \"Sales\" by random\n\n# the rest\notherwise:\n    assign nobody\n";

#[test]
fn files_are_written_in_the_canonical_layout() {
    let run = Rules::new().file("+15550100.rules", LOOSE).file("default.rules", TIDY).run("fmt");
    let run = run.exits_with(0).reports("formatted rules/+15550100.rules\n1 of 2 files changed\n");
    assert_eq!(run.rules.read("+15550100.rules"), TIDY);
    let run = run.rules.run("fmt").exits_with(0).reports("2 files formatted already\n");
    assert_eq!(run.stdout(), "");
}

#[test]
fn a_check_shows_the_difference_and_changes_nothing() {
    let run = Rules::new().file("+15550100.rules", LOOSE).run("fmt --check").exits_with(1);
    let run = run.prints("--- a/rules/+15550100.rules\n+++ b/rules/+15550100.rules\n@@ -1,3 +1,6 @@\n");
    let run = run.prints("-when  new_customer: assign").prints("+when new_customer:\n");
    let run = run.reports("1 of 1 file would change\n");
    assert_eq!(run.rules.read("+15550100.rules"), LOOSE);
    Rules::new().file("+15550100.rules", TIDY).run("fmt --check").exits_with(0);
}

#[test]
fn standard_input_is_filtered() {
    let run = Rules::empty().input(LOOSE).run("fmt -").exits_with(0);
    assert_eq!((run.stdout(), run.stderr()), (TIDY.to_owned(), String::new()));
    Rules::empty().input(LOOSE).run("fmt --check -").exits_with(1).prints("+++ b/stdin");
    Rules::empty().input(LOOSE).run("fmt - rules").exits_with(2).reports("`-` cannot be combined");
}

#[test]
fn what_cannot_be_read_stays_as_it_is() {
    let broken = "when  vip:  assign  nobody\nlet  x =  = 3\n";
    let run = Rules::new().file("+15550100.rules", broken).run("fmt").exits_with(1);
    let run =
        run.reports("rules/+15550100.rules:2: this item cannot be read and stays as it is; `rules check`");
    assert_eq!(run.rules.read("+15550100.rules"), "when vip:\n    assign nobody\n\nlet  x =  = 3\n");
    let run = Rules::empty().input(broken).run("fmt -").exits_with(1);
    assert_eq!(run.stdout(), "when vip:\n    assign nobody\n\nlet  x =  = 3\n");
    let run = Rules::new().file("+15550100.rules", b"when \xFF").run("fmt").exits_with(1);
    run.reports("rules/+15550100.rules is no text in UTF-8 and stays as it is");
}

#[test]
fn a_path_names_what_is_formatted() {
    let run = Rules::new().file("+15550100.rules", LOOSE).file("default.rules", LOOSE);
    let run = run.run("fmt rules/default.rules").exits_with(0).reports("1 of 1 file changed");
    assert_eq!(run.rules.read("+15550100.rules"), LOOSE);
    assert_eq!(run.rules.read("default.rules"), TIDY);
    Rules::empty().run("fmt nowhere").exits_with(2).reports("nowhere");
}
