//! Tests of hover.

use super::fixture::{fixture, fixture_in_inbox};
use crate::ide::hover;

/// Friday 27 November 2026, 12:00 in Cairo.
const NOW: &str = "2026-11-27T10:00:00Z";

/// The text without its code fences, its lines joined by ` / `.
fn shown(fixture: &super::fixture::Fixture) -> String {
    let found = hover(fixture.folder(), fixture.file, fixture.at, NOW.parse().unwrap());
    let markdown = found.map(|found| found.markdown).unwrap_or_default();
    let lines = markdown.lines().filter(|line| !line.starts_with("```") && !line.is_empty());
    lines.collect::<Vec<_>>().join(" / ")
}

#[track_caller]
fn check(policy: &str, expected: &str) {
    assert_eq!(shown(&fixture(policy)), expected, "{policy}");
}

#[test]
fn words_of_the_language() {
    check("when <|>new_customer", "new_customer / the customer has never written to this inbox before");
    check(
        "when customer.coun<|>try is",
        "customer.country is \"EG\" / the country, two letters (ISO 3166-1 alpha-2)",
    );
    check(
        "otherwise: assign group \"Sales\" by <|>least_chats",
        "by least_chats / the user with the fewest open chats, over all groups and numbers",
    );
    check("test \"t\": given <|>online \"bob\"", "given online \"bob\" / signed in and ready");
    check("when online >= 1 and <|>", "");
}

#[test]
fn definitions_are_shown_in_full() {
    check(
        "use \"common.rules\"\nwhen <|>vip",
        "let vip = customer has tag \"vip\" or customer.plan is \"gold\" / from `common.rules`",
    );
    check(
        "use \"common.rules\"\nlet a = vip and not blocked\nlet blocked = customer.blocked\nwhen <|>a",
        "let a = vip and not blocked / in full: / (customer has tag \"vip\" or customer.plan is \"gold\") and not customer.blocked",
    );
    check("let a = b\nlet b = <|>a", "let a = b / in full: / b");
}

#[test]
fn hours_are_those_of_today() {
    check(
        "use \"common.rules\"\nwhen during <|>office: assign owner",
        "hours office = mon-fri 09:00-17:00 except holidays / from `common.rules` / today, Friday 27 November: \
         09:00-17:00; open now / | | | / |-|-| / | Mon-Fri | 09:00-17:00 | / | Sat-Sun | closed |",
    );
    check(
        "timezone \"Asia/Tokyo\"\nhours <|>late = mon 22:00-02:00, fri 18:00-20:00",
        "hours late = mon 22:00-02:00, fri 18:00-20:00 / today, Friday 27 November: 18:00-20:00; open now / | | | / \
         |-|-| / | Mon | 22:00-24:00 | / | Tue | 00:00-02:00 | / | Wed-Thu | closed | / | Fri | 18:00-20:00 | / \
         | Sat-Sun | closed |",
    );
    check(
        "dates <|>a = nov 27, b\ndates b = jan 1",
        "dates a = nov 27, b / today, Friday 27 November, is one of them",
    );
}

#[test]
fn what_the_inbox_has() {
    check(
        "when any_online in \"<|>Sales\"",
        "group **Sales**: 2 members, in turn order / - `alice` (Alice): skills en and ar; at most 5 chats; weight 2 / \
         - `bob` (Bob): at most 3 chats",
    );
    check("otherwise: assign user \"<|>carol\"", "user `carol` (Carol) / in Support; skills fr");
    check("when customer.<|>plan is", "`customer.plan`: one of `free`, `gold`");
    check("when message.<|>rush", "`message.rush`: true or false");
    check("otherwise: assign group \"Sales\" with skill \"<|>AR\" by random", "a skill that Alice has");
    let number = "test \"t\": given number \"<|>+15550100\"";
    check(number, "number `+15550100`; its policy is `+15550100.rules`");
}

#[test]
fn rules_files_and_placeholders() {
    check(
        "rule \"a\" otherwise: assign owner\ntest \"t\": expect rule \"<|>a\"",
        "rule \"a\" otherwise: assign owner",
    );
    check("rule \"<|>a\" otherwise: assign owner", "rule 1 of 1");
    check("use \"<|>common.rules\"", "`common.rules` / defines `office`, `holidays`, `vip`");
    check(
        "otherwise: assign owner, reply \"Hi {owner<|>.name}\"",
        "`{owner.name}`: the name of the customer's owner",
    );
    check("otherwise: assign owner, reply \"Hi {customer.<|>city}\"", "`customer.city`: a text");
}

#[test]
fn hover_in_the_inbox() {
    assert_eq!(
        shown(&fixture_in_inbox("bob\", \"carol", "")),
        "user `bob` (Bob) / in Sales and Support; at most 3 chats"
    );
}
