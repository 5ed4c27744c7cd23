//! Tests of definition and references.

use super::fixture::{Fixture, fixture, fixture_in_inbox};
use crate::ide::{Place, definition, references};

fn places(fixture: &Fixture, places: &[Place]) -> String {
    places.iter().map(|place| fixture.place(&place.file, place.span)).collect::<Vec<_>>().join(" | ")
}

#[track_caller]
fn defined(policy: &str, expected: &str) {
    let fixture = fixture(policy);
    let found = definition(fixture.folder(), fixture.file, fixture.at);
    assert_eq!(places(&fixture, &found), expected, "{policy}");
}

#[track_caller]
fn referred(policy: &str, expected: &str) {
    let fixture = fixture(policy);
    let found = references(fixture.folder(), fixture.file, fixture.at, true);
    assert_eq!(places(&fixture, &found), expected, "{policy}");
}

const USE: &str = "use \"common.rules\"\n";

#[test]
fn names_are_defined_in_this_file_or_in_a_used_one() {
    defined("let a = new_customer\nwhen <|>a: assign owner", "policy:1 a");
    defined(&format!("{USE}when vip<|>: assign owner"), "common.rules:3 vip");
    defined(&format!("{USE}when during of<|>fice: assign owner"), "common.rules:1 office");
    defined(&format!("{USE}hours a = mon except hol<|>idays"), "common.rules:2 holidays");
    defined("when vi<|>p: assign owner", "");
    defined("use \"<|>common.rules\"", "common.rules:1");
}

#[test]
fn groups_users_and_attributes_are_defined_in_the_inbox() {
    defined("otherwise: assign group \"<|>Sales\" by random", "inbox.toml:25 Sales");
    defined("when any_online in \"<|>Sales\": assign owner", "inbox.toml:25 Sales");
    defined("otherwise: assign user \"<|>bob\"", "inbox.toml:8 bob");
    defined("when customer.<|>plan is \"gold\": assign owner", "inbox.toml:15 plan");
    defined("when customer.plan is any [\"free\", \"<|>GOLD\"]: assign owner", "inbox.toml:15 \"gold\"");
    defined("when message.<|>campaign is \"x\": assign owner", "inbox.toml:20 campaign");
    defined("otherwise: assign owner, reply \"Hi {customer.<|>city or x}\"", "inbox.toml:17 city");
    defined("otherwise: assign group \"Sales\" with skill \"<|>ar\" by random", "inbox.toml:6 \"ar\"");
    defined("when <|>new_customer: assign owner", "");
    defined("when customer.<|>country is \"EG\": assign owner", "");
}

#[test]
fn rules_are_defined_where_they_stand() {
    defined("rule \"a\" otherwise: assign owner\ntest \"t\":\n  expect rule \"<|>a\"", "policy:1 \"a\"");
}

#[test]
fn half_typed_items_have_definitions() {
    defined("when new_customer and any_online in \"<|>Sales\"", "inbox.toml:25 Sales");
    defined("when new_customer assign group \"<|>Sales\"", "inbox.toml:25 Sales");
    defined("let a =\nwhen <|>a and", "policy:1 a");
    defined("test \"t\": given online \"<|>bob\" with", "inbox.toml:8 bob");
}

#[test]
fn references_are_found_in_all_files() {
    referred(
        &format!("{USE}when <|>vip and not vip: assign owner"),
        "policy:2 vip | policy:2 vip | common.rules:3 vip",
    );
    referred(
        "when chat with \"<|>bob\": assign user \"bob\"",
        "policy:1 \"bob\" | policy:1 \"bob\" | inbox.toml:8 bob | inbox.toml:25 \"bob\" | inbox.toml:26 \"bob\"",
    );
    referred(
        "otherwise: assign owner, tag \"<|>x\"\ntest \"t\": expect no tag \"X\"",
        "policy:1 \"x\" | policy:2 \"X\"",
    );
}

#[test]
fn places_in_the_inbox_have_references() {
    let fixture = fixture_in_inbox("Sales = ", "otherwise: assign group \"Sales\" by random");
    let found = references(fixture.folder(), fixture.file, fixture.at, false);
    assert_eq!(places(&fixture, &found), "policy:1 \"Sales\"");
    let fixture = fixture_in_inbox("\"bob\", \"carol\"]", "");
    let found = definition(fixture.folder(), fixture.file, fixture.at);
    assert_eq!(places(&fixture, &found), "inbox.toml:8 bob");
}
