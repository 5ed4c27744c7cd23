//! What tests cover of a policy, and that the suggested tests cover the rest.

mod expectations;
mod updates;

use std::fs;
use std::sync::Arc;

use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use proptest::test_runner::TestCaseError;

use super::{Coverage, coverage, run, suggest, tests_of_rules};
use crate::check::check;
use crate::diagnostic::Code;
use crate::engine::{self, CoverageItem};
use crate::inbox::Inbox;
use crate::policy::{Files, Folder, Policy, RuleFile, resolve};
use crate::situation::given;
use crate::testing::{self, FILE};
use crate::text::{Source, Span};

fn covered(inbox: &Inbox, policy: &Policy) -> Coverage {
    coverage(policy, inbox, &*policy.tests)
}

/// The coverage of `rules`, as it is printed.
fn coverage_lines(rules: &str) -> String {
    let inbox = testing::inbox();
    let coverage = covered(&inbox, &testing::policy(&inbox, rules));
    let tally = |tally: super::Tally| format!("{} of {}", tally.covered, tally.coverable);
    let mut lines = vec![format!("rules {}, parts {}", tally(coverage.rules), tally(coverage.parts))];
    lines.extend(coverage.uncovered.into_iter().chain(coverage.unsettled).map(|uncovered| uncovered.what));
    lines.join("\n")
}

/// The tests that are suggested for `rules`.
fn suggested(rules: &str) -> String {
    let inbox = testing::inbox();
    let policy = testing::policy(&inbox, rules);
    suggest(&policy, &inbox, &*policy.tests).join("\n")
}

/// Checks that with the suggested tests the policy `file`, which uses `others`, passes and is covered completely; the
/// number of tests.
fn completed(inbox: &Inbox, file: &str, text: &str, others: &Files) -> Result<usize, TestCaseError> {
    let folder = |text: &str| {
        let mut files = others.clone();
        files.insert(file.into(), Arc::new(RuleFile::parse(Source::new(file, text))));
        Folder { inbox: Arc::new(inbox.clone()), files, ..Folder::default() }
    };
    let before = resolve(&folder(text), file).policy;
    let blocks = suggest(&before, inbox, &*before.tests);
    let text = format!("{text}\n{}", blocks.join("\n"));
    let folder = folder(&text);
    let wrong: Vec<String> = check(&folder)
        .into_iter()
        .filter(|finding| {
            finding.code.is_fault() || [Code::TestByChance, Code::EmptyTest].contains(&finding.code)
        })
        .map(|finding| finding.message)
        .collect();
    prop_assert_eq!(&wrong, &[""; 0], "{}", text);
    let policy = resolve(&folder, file).policy;
    prop_assert_eq!(policy.tests.len(), before.tests.len() + blocks.len(), "{}", text);
    for test in policy.tests.iter() {
        let outcome = run(&policy, inbox, test);
        prop_assert_eq!(&outcome.mismatches, &[], "{} in {}", test.name, text);
    }
    let coverage = covered(inbox, &policy);
    prop_assert_eq!(&coverage.uncovered, &[], "{}", text);
    prop_assert_eq!(coverage.rules.covered, coverage.rules.coverable);
    prop_assert_eq!(coverage.parts.covered, coverage.parts.coverable);
    Ok(blocks.len())
}

const SHOP: &str = r#"
let old = returning_customer and has_owner

rule "welcome"
when new_customer and any_online in "Sales":
    assign group "Sales" by least_chats

also rule "refund"
when message contains any ["refund", "money \"back\""]:
    priority high

rule "by luck"
when old or customer.plan is "gold":
    assign group "Support" by random among everyone

otherwise:
    assign nobody
"#;

#[test]
fn nothing_is_covered() {
    insta::assert_snapshot!(coverage_lines(SHOP), @r#"
    rules 0 of 4, parts 0 of 13
    no test depends on `returning_customer` being true
    no test depends on `has_owner` being false
    no test depends on `has_owner` being true
    the rule "welcome" fires in no test
    no test depends on `new_customer` being false
    no test depends on `new_customer` being true
    no test depends on `any_online in "Sales"` being false
    no test depends on `any_online in "Sales"` being true
    the `also` rule "refund" fires in no test
    no test depends on `message contains any ["refund", "money \"back\""]` being false
    no test depends on `message contains any ["refund", "money \"back\""]` being true
    the rule "by luck" fires in no test
    no test depends on `old` being false
    no test depends on `old` being true
    no test depends on `customer.plan is "gold"` being false
    no test depends on `customer.plan is "gold"` being true
    `otherwise` fires in no test
    "#);
}

#[test]
fn some_is_covered() {
    let tests = "test \"a\":\n  given online \"alice\"\n  expect rule \"welcome\"\n\
        test \"b\":\n  given customer returning\n  given online \"alice\"\n  expect assign nobody\n";
    insta::assert_snapshot!(coverage_lines(&format!("{SHOP}{tests}")), @r#"
    rules 2 of 4, parts 7 of 13
    no test depends on `returning_customer` being true
    no test depends on `has_owner` being true
    no test depends on `any_online in "Sales"` being false
    the `also` rule "refund" fires in no test
    no test depends on `message contains any ["refund", "money \"back\""]` being true
    the rule "by luck" fires in no test
    no test depends on `old` being true
    no test depends on `customer.plan is "gold"` being true
    "#);
}

#[test]
fn what_cannot_be_shown_is_not_counted() {
    insta::assert_snapshot!(coverage_lines("when new_customer and has_owner: assign nobody\notherwise: assign nobody"), @"
    rules 0 of 1, parts 0 of 2
    no test depends on `new_customer` being false
    no test depends on `has_owner` being false
    `otherwise` fires in no test
    ");
    insta::assert_snapshot!(coverage_lines("when new_customer: assign nobody\nwhen new_customer: assign nobody"), @"
    rules 0 of 1, parts 0 of 3
    this rule fires in no test
    no test depends on `new_customer` being false
    no test depends on `new_customer` being true
    no test depends on `new_customer` being false
    ");
    insta::assert_snapshot!(coverage_lines("when message matches /(?i)^a.*b$/ and not message contains \"b\": assign nobody"), @r#"
    rules 0 of 1, parts 0 of 4
    this rule fires in no test
    no test depends on `message matches /(?i)^a.*b$/` being false
    no test depends on `message matches /(?i)^a.*b$/` being true
    no test depends on `message contains "b"` being false
    no test depends on `message contains "b"` being true
    "#);
}

#[test]
fn tests_that_read_well() {
    insta::assert_snapshot!(suggested(SHOP), @r#"
    test "welcome: a new customer while Alice is online":
        given online "alice"
        expect rule "welcome"
        expect assign user "alice"

    test "otherwise: a returning customer while Bob is online":
        given customer returning
        given online "bob"
        expect assign nobody

    test "otherwise and refund: a new customer who writes 'money \"back\"'":
        given message "money \"back\""
        expect assign nobody
        expect also rule "refund"

    test "by luck: a new customer with plan gold":
        given customer new, plan "gold"
        expect rule "by luck"
        expect assign group "Support"

    test "by luck: a returning customer of Alice":
        given customer returning, owner "alice"
        expect rule "by luck"
        expect assign group "Support"
    "#);
}

#[test]
fn names_that_are_taken() {
    let rules = "when message.age > 1h: assign nobody\ntest \"no rule: a new customer\":\n  given message \"x\" aged 2h\n  expect assign nobody";
    insta::assert_snapshot!(suggested(rules), @r#"
    test "no rule: a new customer (2)":
        given customer new
        expect no rule
    "#);
}

#[test]
fn the_policies_to_copy_are_completed() {
    let read = |name: &str| fs::read_to_string(format!("rules/{name}")).unwrap();
    let inbox = testing::inbox_of(&read("inbox.toml"));
    let shared = "common.rules";
    let others =
        Files::from_iter([(shared.into(), Arc::new(RuleFile::parse(Source::new(shared, read(shared)))))]);
    for entry in fs::read_dir("rules").unwrap() {
        let path = entry.unwrap().path();
        let file = path.file_name().unwrap().to_str().unwrap();
        if path.extension().is_none_or(|extension| extension != "rules") || file == shared {
            continue;
        }
        let text = read(file);
        let rules = text.split("\ntest \"").next().unwrap();
        let tests = completed(&inbox, file, rules, &others).unwrap();
        assert!(tests > 3, "{file}: {tests}");
        completed(&inbox, file, &text, &others).unwrap();
    }
}

#[test]
fn odd_names_are_written_as_they_are_read() {
    let inbox = testing::inbox_of(
        "[users.\"a\\\"b\"]\nname = \"\\u200Bx\"\n[users.c]\n[groups]\n\"G \\\\ \\\"q\\\"\" = [\"a\\\"b\", \"c\"]\n",
    );
    let rules = "rule \"say \\\"hi\\\"\\n\\u{7}\" when any_online in \"G \\\\ \\\"q\\\"\" and message is \"a\\u{7}\\n\\u{200b}\\\\b\":\n  \
        assign group \"G \\\\ \\\"q\\\"\" by in_order";
    completed(&inbox, FILE, rules, &Files::default()).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn random_policies_are_completed(rules in testing::policies()) {
        completed(&testing::inbox(), FILE, &rules.text(), &Files::default())?;
    }
}

#[test]
fn the_tests_of_a_rule_are_those_that_cover_it() {
    let mut reached = 0;
    for sample in testing::sound_policies() {
        let files = [("inbox.toml", sample.inbox), ("common.rules", testing::COMMON), (FILE, sample.text)];
        let folder = testing::folder(&files);
        let policy = resolve(&folder, FILE).policy;
        let tests = tests_of_rules(&policy, &folder.inbox);
        for (place, rule) in policy.rules.iter().enumerate() {
            let with: Vec<Span> = tests.get(&place).into_iter().flatten().map(|test| test.span).collect();
            let covering = policy.tests.iter().filter(|test| {
                let situation = given::situation(&test.given, &policy, &folder.inbox);
                let covered = engine::covered(&policy, &folder.inbox, &situation).unwrap();
                covered.contains(&CoverageItem::Rule(place))
            });
            let covering: Vec<Span> = covering.map(|test| test.span).collect();
            assert_eq!(with, covering, "{:?}", rule.name);
            reached += with.len();
        }
    }
    assert!(reached > 20, "{reached}");
}
