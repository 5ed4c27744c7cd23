//! What an error prints.

use crate::load::{LoadError, RuleSet};
use crate::testing::{FILE, INBOX, folder};

fn error(rules: &str) -> LoadError {
    RuleSet::from_folder(&folder(&[("inbox.toml", INBOX), (FILE, rules)])).unwrap_err()
}

#[test]
fn faults_print_the_first_and_how_many_more() {
    let wrong = "when new_customer: assign group \"Slaes\" by random\n";
    let others = "otherwise: assign nobody\n";
    let text = |rules: &str| error(&format!("# Rules\n{rules}{others}")).to_string();
    insta::assert_snapshot!(text(wrong), @"+15550100.rules:2: unknown-group: no group is called `Slaes`");
    insta::assert_snapshot!(text(&wrong.repeat(2)), @"+15550100.rules:2: unknown-group: no group is called `Slaes` (and 1 more finding)");
    insta::assert_snapshot!(text(&wrong.repeat(4)), @"+15550100.rules:2: unknown-group: no group is called `Slaes` (and 3 more findings)");
}

#[test]
fn a_program_that_ends_with_an_error_prints_the_same_sentence() {
    let error = error("when late: assign nobody\notherwise: assign nobody\n");
    assert_eq!(format!("{error:?}"), error.to_string());
}

#[test]
fn a_path_that_does_not_exist_is_named() {
    let error = RuleSet::load("/no/such/folder").unwrap_err();
    insta::assert_snapshot!(error, @"there is no file or folder `/no/such/folder`");
}
