//! Findings, their levels and the comments that silence them, through [`check`](crate::check::check) as a whole.

use super::sample::{code_lines, findings, fixed_text};
use crate::check::check;
use crate::diagnostic::Code;
use crate::testing::{FILE, INBOX, folder};

/// The findings of a policy in the sample inbox with more lines at its end.
#[track_caller]
fn checks(more: &str, policy: &str, expected: &[&str]) {
    let inbox = format!("{INBOX}{more}");
    let rest = if policy.contains("otherwise") { "" } else { REST };
    let found = check(&folder(&[("inbox.toml", &inbox), (FILE, &format!("{policy}{rest}"))]));
    let codes: Vec<String> =
        found.iter().map(|finding| format!("{} {}", finding.level.word(), finding.code)).collect();
    assert_eq!(codes, expected, "{found:#?}");
}

const UNNAMED: &str = "when new_customer: assign nobody\n";

/// Takes what the rules before it leave.
const REST: &str = "\notherwise: assign nobody\n";

#[test]
fn without_an_inbox_names_are_not_verified() {
    let broken = "rule \"a\" when vip and and any_online in \"Sales\": assign group \"Sales\" by hand\n";
    let found = check(&folder(&[(FILE, &format!("{broken}{REST}"))]));
    assert!(found.iter().all(|finding| finding.code != Code::UnknownGroup), "{found:#?}");
    // `city` may be a skill, or an attribute of the customer.
    let skill = "rule \"a\" when any_online: assign group \"Sales\" with skill city by hand\n";
    let found = check(&folder(&[(FILE, &format!("{skill}{REST}"))]));
    let finding = found.iter().find(|finding| finding.code == Code::TypeMismatch).unwrap();
    assert!(
        finding.fix.is_none() && finding.help.as_ref().unwrap().contains("`customer.city`"),
        "{finding:#?}"
    );
}

/// What always holds is odd; its denial never holds, which is an error.
#[test]
fn denials_of_what_always_holds() {
    let policy = |condition: &str| format!("rule \"a\" when {condition}: assign nobody\n");
    let always = "new_customer or returning_customer";
    checks("", &policy(&format!("not ({always})")), &["error never-true"]);
    checks("", &policy(&format!("any_online and not ({always})")), &["error never-true"]);
    checks("", &policy("not (new_customer and returning_customer)"), &["error never-true"]);
    let defined = format!("let always = {always}\n{}", policy("not always"));
    checks("", &defined, &["warning always-true", "error never-true"]);
}

/// A part of an `or` that is false wherever the rule is asked.
#[test]
fn parts_about_open_chats_in_a_rule() {
    let policy = |condition: &str| format!("rule \"a\" when {condition}: assign nobody\n");
    checks("", &policy("chat_waiting or new_customer"), &["error never-true"]);
    checks(
        "",
        &policy("any_online and (new_customer or (chat_open and all_offline))"),
        &["error never-true"],
    );
    checks("", &policy("new_customer or (any_online and not chat_open)"), &[]);
    checks("", &policy("new_customer or not (chat_open and any_online)"), &[]);
    let named = format!("let waits = chat_waiting or new_customer\n{}", policy("waits"));
    checks("", &named, &[]);
}

#[test]
fn levels_of_the_inbox() {
    checks("", UNNAMED, &["warning unnamed-rule"]);
    checks("[lints]\nunnamed-rule = \"allow\"", UNNAMED, &[]);
    checks("[lints]\nunnamed-rule = \"note\"", UNNAMED, &["note unnamed-rule"]);
    checks("[lints]\nunnamed-rule = \"deny\"", UNNAMED, &["error unnamed-rule"]);
    checks("[lints]\nunreachable-rule = \"warn\"", UNNAMED, &["warning unnamed-rule"]);
}

#[test]
fn levels_of_unknown_names() {
    let inbox = format!("{INBOX}[lints]\nunnamed-rul = \"deny\"\nunknown-group = \"warn\"\nblue = \"warn\"");
    let folder = folder(&[("inbox.toml", &inbox)]);
    let found = check(&folder);
    insta::assert_snapshot!(code_lines(&found, &folder), @"
    unknown-value: unnamed-rul
    unknown-value: unknown-group
    unknown-value: blue
    ");
    let messages: Vec<&str> = found.iter().map(|finding| finding.message.as_str()).collect();
    insta::assert_snapshot!(messages.join("\n"), @"
    no finding is called `unnamed-rul`
    `unknown-group` is a fault, and faults keep their level
    no finding is called `blue`
    ");
    assert_eq!(found[0].fix.as_ref().unwrap().edits[0].text, "unnamed-rule");
}

#[test]
fn comments_that_allow() {
    checks("", &format!("# allow unnamed-rule: short-lived\n{UNNAMED}"), &[]);
    checks(
        "",
        &format!("# allow mixed-and-or: x\n# allow unnamed-rule: short-lived\r\n# more\n{UNNAMED}"),
        &[],
    );
    checks(
        "",
        &format!("#allow unnamed-rule: short-lived\n{UNNAMED}when any_online: assign nobody\n"),
        &["warning unnamed-rule"],
    );
    checks("", &format!("# allow unnamed-rule: short-lived\n\n{UNNAMED}"), &["warning unnamed-rule"]);
    checks("", &format!("# allow mixed-and-or: short-lived\n{UNNAMED}"), &["warning unnamed-rule"]);
    let after = format!("otherwise: assign nobody # allow unnamed-rule: no\nalso {UNNAMED}");
    checks("", &after.replace("assign nobody\n", "tag \"t\"\n"), &["warning unnamed-rule"]);
}

#[test]
fn comments_that_allow_within_an_item() {
    checks("", "also\n# allow unnamed-rule: soon\nwhen new_customer: tag \"t\"\n", &[]);
}

#[test]
fn comments_that_allow_nothing() {
    checks("", "# allow unnamed-rule\notherwise: assign nobody", &["error syntax"]);
    checks("", "# allow unnamed-rule:  \notherwise: assign nobody", &["error syntax"]);
    checks("", "# allow unnamed-rule kept\notherwise: assign nobody", &["error syntax"]);
    checks("", "# allow unnamed-rul: kept\notherwise: assign nobody", &["error unknown-value"]);
    checks("", "# allow no-such-thing: kept\notherwise: assign nobody", &["error unknown-value"]);
    checks("", "# allow unknown-group: kept\notherwise: assign nobody", &["error unknown-value"]);
    for prose in
        ["# allow refunds on Fridays", "# allow: x", "# allowed unnamed-rul: x", "# allow vips: later"]
    {
        checks("", &format!("{prose}\notherwise: assign nobody"), &[]);
    }
    let fixed =
        fixed_text("# allow unnamed-rul: kept\n# allow unnamed-rule kept\notherwise: assign nobody\n");
    assert_eq!(fixed, "# allow unnamed-rule: kept\n# allow unnamed-rule: kept\notherwise: assign nobody\n");
}

#[test]
fn comments_that_allow_in_the_inbox() {
    let groups = "\n[groups]\n# allow single-member: for now\nA = [\"a\"]\nB = [\"a\"]\n";
    let found = check(&folder(&[("inbox.toml", &format!("[users.a]{groups}"))]));
    assert_eq!(found.len(), 1, "{found:#?}");
    assert!(found[0].message.contains("`B`"), "{found:#?}");
}

#[test]
fn mixed_conditions_are_told_as_they_are_read() {
    let read = |condition: &str| {
        let text = format!("rule \"a\"\nwhen {condition}: assign nobody\n");
        assert_eq!(fixed_text(&text), text);
        let findings = check(&folder(&[("inbox.toml", INBOX), (FILE, &text)]));
        let mixed = findings.into_iter().filter(|finding| finding.code == Code::MixedAndOr);
        let helps = mixed.filter_map(|finding| Some(finding.help?.split('`').nth(3)?.to_owned()));
        helps.collect::<Vec<_>>()
    };
    assert_eq!(
        read("has_owner or new_customer\n  and any_online"),
        ["has_owner or (new_customer and any_online)"]
    );
    assert_eq!(
        read("not any_online and has_owner or new_customer and (any_online or has_owner and all_offline)"),
        [
            "(not any_online and has_owner) or (new_customer and (any_online or has_owner and all_offline))",
            "any_online or (has_owner and all_offline)"
        ]
    );
    assert_eq!(read("has_owner and (new_customer or any_online)"), [""; 0]);
}

#[test]
fn signs_of_patterns_in_texts() {
    let told = |condition: &str| {
        let text = format!("rule \"a\"\nwhen {condition}: assign nobody\n{REST}");
        let found = check(&folder(&[("inbox.toml", INBOX), (FILE, &text)]));
        found.into_iter().map(|finding| (finding.code, finding.help.unwrap_or_default())).collect::<Vec<_>>()
    };
    let confusing = |help: &str| vec![(Code::ConfusingCharacters, help.to_owned())];
    assert_eq!(
        told("message contains \"refund*\""),
        confusing("write `contains part \"refund\"` to find it inside words too, or `matches /…/`")
    );
    assert_eq!(
        told("message contains \"refund|money\""),
        confusing("write `any [\"refund\", \"money\"]` for any of these")
    );
    assert_eq!(told("message contains any [\"50%\", \"a * b\", \"|\", \"!\"] or message is \"*\""), []);
}

#[test]
fn the_name_of_the_default_policy_is_in_small_letters() {
    let files = [("inbox.toml", INBOX), ("Default.rules", "otherwise: assign nobody\n")];
    let found = check(&folder(&files));
    let ignored: Vec<_> = found.iter().filter(|finding| finding.code == Code::IgnoredFile).collect();
    assert_eq!(ignored.len(), 1, "{found:#?}");
    assert_eq!(ignored[0].help.as_deref(), Some("rename it to `default.rules`"));
}

#[test]
fn skills_are_compared_as_texts() {
    checks("", "rule \"a\"\nwhen new_customer: assign group \"Sales\" with skill \"AR\" by hand\n", &[]);
    let near = "rule \"a\"\nwhen new_customer: assign group \"Sales\" with skill \"er\" by hand\n";
    checks("", near, &["warning unknown-skill"]);
}

#[test]
fn a_misspelt_member_leaves_no_empty_group() {
    let found = check(&folder(&[("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alcie\"]\n")]));
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::UnknownUser]);
}

#[test]
fn a_definition_is_used_by_another_file_a_test_or_what_could_not_be_read() {
    let policy =
        "use \"common.rules\"\nrule \"broken\"\nwhen late %% 3: assign nobody\notherwise: assign nobody\n";
    let common = "let vip = new_customer\nlet late = has_owner\nhours office = mon\ndates off = dec 25\n";
    let folder = folder(&[("inbox.toml", INBOX), (FILE, policy), ("common.rules", common)]);
    let found: Vec<_> = check(&folder).into_iter().filter(|finding| finding.code != Code::Syntax).collect();
    insta::assert_snapshot!(code_lines(&found, &folder), @"
    unused-definition: vip
    unused-definition: office
    unused-definition: off
    ");
}

#[test]
fn a_file_of_definitions_alone_is_not_reported_as_unused() {
    let found = check(&folder(&[("inbox.toml", INBOX), ("common.rules", "let vip = new_customer\n")]));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn findings_are_sorted_without_duplicates() {
    let policy = "when nobody_there: assign user \"x\"\nwhen new_customer: assign group \"y\" by random\n";
    let found = findings(policy);
    let places: Vec<u32> = found.iter().map(|finding| finding.span.start).collect();
    assert!(places.is_sorted(), "{found:#?}");
    let codes: Vec<Code> = found.iter().map(|finding| finding.code).collect();
    assert_eq!(
        codes,
        [Code::UnnamedRule, Code::UnknownFact, Code::UnknownUser, Code::UnnamedRule, Code::UnknownGroup]
    );
}

#[test]
fn a_missing_inbox_is_reported_once() {
    let found =
        check(&folder(&[("default.rules", "otherwise: assign nobody"), (FILE, "otherwise: assign nobody")]));
    assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), [Code::NoInbox]);
}

#[test]
fn dice_that_decide_a_test() {
    let chance = |action: &str, given: &str, expect: &str| {
        let policy =
            format!("otherwise: assign {action}\n\ntest \"t\":\n    given {given}\n    expect {expect}\n");
        let found = findings(&policy).into_iter().map(|finding| finding.code);
        found.filter(|code| *code != Code::MayPickOffline).collect::<Vec<_>>()
    };
    let random = "group \"Sales\" by random";
    let alice = "assign user \"alice\"";
    assert_eq!(chance(random, "online \"alice\", \"bob\"", alice), [Code::TestByChance]);
    assert_eq!(chance(random, "customer new", alice), [Code::TestByChance]);
    assert_eq!(chance("group \"Sales\" by weighted", "customer new", alice), [Code::TestByChance]);
    assert_eq!(chance(random, "online \"alice\"", alice), []);
    assert_eq!(chance(random, "online \"alice\", \"bob\"", "assign group \"Sales\""), []);
    assert_eq!(chance("group \"Sales\" by in_order", "online \"alice\", \"bob\"", alice), []);
    let skilled = "group \"Sales\" with skill \"ar\" by random";
    assert_eq!(chance(skilled, "online \"alice\", \"bob\"", alice), []);
    let owner = "owner else group \"Sales\" by random";
    assert_eq!(chance(owner, "customer owner \"alice\"", alice), []);
}

#[test]
fn choices_among_users_who_are_offline_are_told_once_in_a_file() {
    let policy = "rule \"a\"\nwhen new_customer: assign group \"Sales\" by random\n\n\
        rule \"b\"\nwhen has_owner: assign group \"Sales\" by random among online else group \"Sales\" by random\n\n\
        rule \"c\"\notherwise: assign group \"Support\" by random\n";
    let message = |policy: &str| {
        findings(policy).into_iter().map(|finding| finding.message).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(message(policy), @"`a`, `b` and `c` may choose somebody who is offline while others are online");
    insta::assert_snapshot!(message(&format!("# allow may-pick-offline: they answer later\n{policy}")), @"`b` and `c` may choose somebody who is offline while others are online");
    checks("[lints]\nmay-pick-offline = \"allow\"", policy, &[]);
}

/// Each mistake of a rule is told in one run, also behind a part that cannot be read.
#[test]
fn a_rule_with_four_mistakes() {
    let rule = |condition: &str| {
        format!(
            "rule \"a\"\nwhen {condition}:\n    assign group \"Saels\" by fewest_chats,\n    reply \"Hi {{customer.nam}}\"\n{REST}"
        )
    };
    let folder = |condition: &str| folder(&[("inbox.toml", INBOX), (FILE, &rule(condition))]);
    for (condition, code) in [("everyone is offline", "unknown-fact"), ("blue sky", "syntax")] {
        let folder = folder(condition);
        let found = check(&folder);
        let codes: Vec<_> = found.iter().map(|finding| finding.code.to_string()).collect();
        assert_eq!(codes, [code, "unknown-group", "unknown-algorithm", "unknown-placeholder"], "{found:#?}");
    }
}

/// What a used file has twice is reported for that file alone.
#[test]
fn duplicates_in_a_used_file() {
    let used = "let vip = new_customer\nlet vip = returning_customer\n";
    let policy = "use \"common.rules\"\nrule \"a\" when vip: assign nobody\notherwise: assign nobody\n";
    let folder = folder(&[("inbox.toml", INBOX), ("common.rules", used), (FILE, policy)]);
    let found = check(&folder);
    assert_eq!(
        found.iter().map(|finding| &*finding.file).collect::<Vec<_>>(),
        ["common.rules"],
        "{found:#?}"
    );
}
