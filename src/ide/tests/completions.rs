//! Tests of completion.

use super::fixture::{Fixture, files, fixture};
use crate::ide::{Completion, CompletionKind, completion};

fn complete(fixture: &Fixture) -> Vec<Completion> {
    completion(fixture.folder(), fixture.file, fixture.at)
}

/// Compares the labels, of which `…` stands for any others at the end.
#[track_caller]
fn check(policy: &str, expected: &str) {
    let found: Vec<String> = complete(&fixture(policy)).into_iter().map(|found| found.label).collect();
    let found = found.join(" ");
    match expected.strip_suffix('…') {
        Some(start) => assert!(found.starts_with(start.trim_end()), "{policy}: {found}"),
        None => assert_eq!(found, expected, "{policy}"),
    }
}

/// Compares the text after the completion `label` has been written.
#[track_caller]
fn written(policy: &str, label: &str, expected: &str) {
    let fixture = fixture(policy);
    let found = complete(&fixture).into_iter().find(|found| found.label == label).expect("it is suggested");
    let mut text = policy.replace("<|>", "");
    text.replace_range(found.replace.range(), &found.insert);
    assert_eq!(text, expected);
}

const FACTS: &str = "new_customer returning_customer has_owner owner_online owner_offline owner_away any_online \
    all_offline any_available chat_open chat_waiting chat_answered user_online user_offline user_away online available waiting";

#[test]
fn conditions() {
    let operands = "not during message customer chat";
    check("when <|>", &format!("{FACTS} {operands}"));
    check("when new_cus<|>", &format!("{FACTS} {operands}"));
    check("use \"common.rules\"\nwhen new_customer and <|>", &format!("{FACTS} vip {operands}"));
    check("let a = new_customer\nlet b = not <|>", &format!("{FACTS} a {operands}"));
    check("when new_customer <|>", "and or in");
    check("when during <|>", "mon tue…");
    check("when during sat-<|>", "mon tue wed thu fri sat sun");
    check("when chat has <|>", "tag");
    check("when customer has <|>", "plan orders city blocked country language name phone silent_for tag");
    check("use \"common.rules\"\nwhen during <|>", "holidays office mon tue…");
    check("when customer.<|>", "plan orders city blocked country language name phone silent_for");
    check("when message.<|>", "campaign source items rush ad ad_text button forwarded age");
    check("when chat.<|>", "open_for waiting_for");
    check("when customer.plan is <|>", "free gold not any");
    check("when customer.plan is any [\"free\", <|>", "free gold");
    check("when message is <|>", "text image…");
    check("when any_online in <|>", "Sales Support");
    check("when chat with <|>", "alice bob carol any");
}

#[test]
fn actions() {
    check("otherwise: <|>", "assign reply tag priority");
    check("otherwise: assign owner, <|>", "assign reply tag priority");
    check("otherwise: assign <|>", "owner user group nobody");
    check("otherwise: assign group <|>", "Sales Support");
    check(
        "otherwise: assign group \"Sales\" by <|>",
        "random in_order most_waiting least_chats least_load weighted hand",
    );
    check(
        "otherwise: assign group \"Sales\" except owner by <|>",
        "random in_order most_waiting least_chats least_load weighted",
    );
    check("otherwise: assign owner else <|>", "owner user group nobody");
    check("otherwise: assign group \"Sales\" by random among <|>", "online available everyone");
    check("otherwise: priority <|>", "low normal high urgent");
    check("otherwise: assign group \"Sales\" with skill <|>", "ar en fr customer any");
    check("otherwise: assign group \"Sales\" except user <|>", "alice bob carol");
}

#[test]
fn texts() {
    check("otherwise: assign group \"<|>\"", "Sales Support");
    check("otherwise: assign group \"<|>", "Sales Support");
    check("otherwise: assign owner, reply \"Hi {<|>\"", "customer.name customer.country…");
    check("otherwise: assign owner, reply \"Hi <|>\"", "");
    check("otherwise: assign owner, reply \"Hi {{<|>\"", "");
    check("use \"<|>\"", "common.rules");
    check("when customer has tag \"<|>\"", "vip");
    check("rule \"a\" otherwise: assign owner\ntest \"t\":\n  expect rule \"<|>\"", "a");
    check("# when <|>", "");
    check("rule \"a\"<|>", "");
    check("rule \"a\" <|>", "when otherwise");
    check("when message matches /<|>/", "");
}

#[test]
fn tests() {
    check("test \"t\":\n  <|>", "given expect");
    check("test \"t\":\n  given <|>", "online waiting message customer chat turn number at away offline");
    check("test \"t\":\n  given customer <|>", "plan orders city blocked…");
    check("test \"t\":\n  given online <|>", "alice bob carol group");
    check("test \"t\":\n  given message <|>", "text image…");
    check("test \"t\":\n  expect assign user <|>", "alice bob carol any");
    check("test \"t\":\n  given customer new\n<|>", "given expect rule when…");
}

#[test]
fn items() {
    check("<|>", "rule when also move otherwise let hours dates use test timezone…");
    check("when new_customer: assign owner\n<|>", "rule when also…");
    check("rule \"a\"\n<|>", "when otherwise");
    let snippets =
        complete(&fixture("<|>")).into_iter().filter(|found| found.kind == CompletionKind::Snippet);
    assert!(snippets.clone().all(|snippet| snippet.is_snippet) && snippets.count() > 5);
}

#[test]
fn what_comes_before_may_have_mistakes() {
    check("when foo bar and <|>", &format!("{FACTS} not during message customer chat"));
    check("when foo bar: assign to, assign group <|>", "Sales Support");
    check("test \"t\":\n  given customr new\n  given online <|>", "alice bob carol group");
}

#[test]
fn what_is_written() {
    written("when new_<|>", "new_customer", "when new_customer");
    written("when new_<|>cust: assign owner", "new_customer", "when new_customer: assign owner");
    written("otherwise: assign group Sa<|>", "Sales", "otherwise: assign group \"Sales\"");
    written(
        "otherwise: assign group \"Sa<|>\" by random",
        "Sales",
        "otherwise: assign group \"Sales\" by random",
    );
    written("otherwise: assign group \"Sa<|>", "Sales", "otherwise: assign group \"Sales\"");
    written(
        "otherwise: assign group \"Sa<|> by random, reply \"Hi\"",
        "Sales",
        "otherwise: assign group \"Sales by random, reply \"Hi\"",
    );
    written("otherwise: reply \"Hi {cust<|>\"", "customer.name", "otherwise: reply \"Hi {customer.name}\"");
    written("otherwise: reply \"Hi {cust<|>}\"", "customer.name", "otherwise: reply \"Hi {customer.name}\"");
}

/// Every snippet is a sound item of the language.
#[test]
fn snippets_are_sound() {
    for snippet in complete(&fixture("<|>")).into_iter().filter(|found| found.is_snippet) {
        let text = expanded(&snippet.insert);
        let policy = if text.contains("otherwise") {
            text.clone()
        } else {
            format!("{text}\notherwise: assign owner\n")
        };
        let fixture = fixture(&policy);
        let findings = fixture.workspace.findings();
        assert!(findings.is_empty(), "{}: {text}\n{findings:?}", snippet.label);
    }
}

/// A snippet with the defaults of its tab stops.
fn expanded(snippet: &str) -> String {
    let choice = regex::Regex::new(r"\$\{\d+\|([^,|]*)[^|]*\|\}").unwrap();
    let stop = regex::Regex::new(r"\$\{\d+:([^}]*)\}").unwrap();
    let text = choice.replace_all(snippet, "$1");
    stop.replace_all(&text, "$1").replace("$0", "")
}

#[test]
fn completion_in_the_inbox() {
    let check = |inbox: &str, expected: &str| {
        let found = complete(&files(inbox, "", ""));
        let labels: Vec<String> = found.into_iter().map(|found| found.label).collect();
        assert_eq!(labels.join(" "), expected, "{inbox}");
    };
    check("[users.alice]\n<|>", "name capacity skills weight owns");
    check("[users.alice]\n[users.bob]\n[groups]\nSales = [<|>]", "alice bob");
    check("[users.alice]\n[groups]\nSales = [\"<|>\"]", "alice");
    check("[attributes]\nplan = <|>", "text number flag");
    check("[<|>", "timezone numbers users groups attributes message lints");
    check("[lints]\nunused-definition = \"<|>\"", "allow note warn deny");
    check("# <|>", "");
}
