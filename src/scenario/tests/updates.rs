//! What tests are changed to when the rules have changed.

use super::super::{run, update};
use super::expectations::RULES;
use crate::diagnostic::EditSet;
use crate::policy::RuleFile;
use crate::testing::{self, FILE};
use crate::text::Source;

/// The lines of a test after it has been changed, if it can be; it then holds.
fn updated(lines: &str) -> Option<String> {
    let inbox = testing::inbox();
    let text = format!("{RULES}\ntest \"t\":\n{lines}\n");
    let policy = testing::policy(&inbox, &text);
    let file = RuleFile::parse(Source::new(FILE, &*text));
    let fix = update(&policy, &inbox, &file, &policy.tests[0])?;
    let mut edits = EditSet::new(&text);
    assert!(edits.add(&fix));
    let text = edits.apply();
    let policy = testing::policy(&inbox, &text);
    assert_eq!(run(&policy, &inbox, &policy.tests[0]).mismatches, []);
    text.split_once("test \"t\":\n").map(|(_, lines)| lines.trim().to_owned())
}

#[track_caller]
fn becomes(lines: &str, expected: &str) {
    let (given, _) = lines.split_at(lines.rfind("expect").unwrap());
    assert_eq!(updated(lines), Some(format!("{given}expect {expected}").trim().to_owned()));
}

#[test]
fn an_expectation_becomes_what_happens() {
    let turn = "given message \"turn\"\n";
    let dice = "given message \"dice\"\n";
    let human = "given chat with \"alice\", in \"Sales\"\ngiven message \"a human\"\n";
    becomes(&format!("{turn}expect rule \"spam\""), "rule \"in turn\"");
    becomes(&format!("{turn}expect no rule"), "rule \"in turn\"");
    becomes(&format!("{turn}expect not rule \"in turn\""), "rule \"in turn\"");
    becomes("given message \"?\"\nexpect rule \"spam\"", "no rule");
    becomes("given message \"?\"\nexpect assign user \"bob\"", "no rule");
    becomes(&format!("{turn}expect assign user \"bob\""), "assign user \"alice\"");
    becomes(&format!("{turn}expect assign group \"Sales\""), "assign user \"alice\"");
    becomes(&format!("{turn}expect reply \"Hi\""), "no reply");
    becomes(&format!("{turn}expect after 5m reply \"Hi\""), "after 5m reply \"We are busy.\"");
    becomes(&format!("{turn}expect after 2h assign user \"bob\""), "after 2h waiting");
    becomes("given message \"casino\"\nexpect waiting", "assign nobody");
    becomes(&format!("{dice}expect assign user \"alice\""), "assign user any [\"alice\", \"bob\"]");
    becomes(&format!("{dice}expect assign group \"Support\""), "assign group \"Sales\"");
    becomes(&format!("{human}expect assign user \"alice\""), "waiting");
    becomes("given online \"bob\"\nexpect no reply", "reply \"Hello from Bob\"");
}

#[test]
fn only_what_is_not_met_is_changed() {
    let lines = "given message \"dice\" # luck\nexpect rule \"luck\"\nexpect assign user \"alice\" # who\nexpect no reply";
    let changed = lines.replace("user \"alice\"", "user any [\"alice\", \"bob\"]");
    assert_eq!(updated(lines), Some(changed));
}

#[test]
fn what_cannot_be_said_in_one_line_is_left() {
    for lines in [
        "given message \"turn\"\nexpect tag \"fast\"",
        "given message \"turn\"\nexpect after 1m reply \"Hi\"",
        "given message \"dice\"\nexpect after 5m assign user \"alice\"\nexpect no tag \"x\"\nexpect tag \"y\"",
        "given message \"dice\"\nexpect assign user any [\n\"alice\" # first\n]",
        "given message \"dice\"\nexpect assign group \"Sales\"",
    ] {
        assert_eq!(updated(lines), None, "{lines}");
    }
}

#[test]
fn of_replies_that_name_who_is_chosen_by_chance_the_rest_is_expected() {
    let inbox = testing::inbox();
    let text = |expected: &str| {
        format!(
            "otherwise: assign group \"Sales\" by random, reply \"{{user.name}} will help you.\"\n\
             test \"t\":\n    expect {expected}\n"
        )
    };
    let before = text("reply \"Hi\"");
    let policy = testing::policy(&inbox, &before);
    let file = RuleFile::parse(Source::new(FILE, &*before));
    let fix = update(&policy, &inbox, &file, &policy.tests[0]).unwrap();
    let mut edits = EditSet::new(&before);
    assert!(edits.add(&fix));
    assert_eq!(edits.apply(), text("reply contains \"will help you.\""));
}
