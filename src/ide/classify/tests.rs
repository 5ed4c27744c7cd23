//! Tests of what tokens are, with the syntax tree as the oracle.

use super::{Role, classify};
use crate::language::TokenKind;

/// Compares the names and texts of an item, each as `role text`.
#[track_caller]
fn check(text: &str, expected: &str) {
    let named = classify(text).into_iter().filter_map(|found| {
        let role = match found.role {
            Role::Sign | Role::Number | Role::Word(_) => return None,
            role => format!("{role:?}"),
        };
        let name = role.split([' ', '(']).next().unwrap_or_default().to_owned();
        Some(format!("{name} {}", &text[found.token.span.range()]))
    });
    assert_eq!(named.collect::<Vec<_>>().join(", "), expected, "{text}");
}

#[test]
fn conditions() {
    check("let a = vip and not any_online in \"G\"", "DefinesCondition a, Condition vip, Group \"G\"");
    check(
        "when customer.plan is any [\"a\", \"b\"] or x:",
        "CustomerAttribute plan, Value \"a\", Value \"b\", Condition x",
    );
    check("when customer has tag any [\"a\"] and customer has plan", "Tag \"a\", CustomerAttribute plan");
    check(
        "when chat with \"u\" and chat in \"g\" and chat.open_for > 1d",
        "User \"u\", Group \"g\", ChatAttribute open_for",
    );
    check("when message is image and message is \"a\"", "Text \"a\"");
    check(
        "when message starts with \"a\" and message.ad is \"b\"",
        "Text \"a\", MessageAttribute ad, Value \"b\"",
    );
    check("when during a and during mon-fri 09:00-12:00 and b:", "Calendar a, Condition b");
    check("hours a = mon 09:00-12:00 except b, dec 25", "DefinesHours a, Calendar b");
}

#[test]
fn actions() {
    check(
        "rule \"r\"\nwhen a: assign group \"g\" with skill any [\"x\", \"y\"] and \"z\" except user \"u\" by random, tag \"t\"",
        "RuleHeading \"r\", Condition a, Group \"g\", Skill \"x\", Skill \"y\", Skill \"z\", User \"u\", Tag \"t\"",
    );
    check(
        "when during 09:00-10:00: assign user \"u\" else owner, reply \"a\" once per 5m",
        "User \"u\", Reply \"a\"",
    );
    check(
        "otherwise: assign group \"g\" with skill customer.language by quick among all",
        "Group \"g\", CustomerAttribute language, WordOf quick, WordOf all",
    );
}

#[test]
fn lines_of_tests() {
    check(
        "test \"t\":\n given customer returning, owner \"u\", tag \"x\", plan \"p\"\n given online \"a\" with 3 chats, group \"g\"",
        "TestHeading \"t\", User \"u\", Tag \"x\", CustomerAttribute plan, Value \"p\", User \"a\", Group \"g\"",
    );
    check(
        "test \"t\":\n given message image \"x\", ad \"1\", campaign \"c\"\n given turn \"g\" after \"u\", \"h\" after \"v\"",
        "TestHeading \"t\", Text \"x\", MessageAttribute ad, Value \"1\", MessageAttribute campaign, Value \"c\", \
         Group \"g\", User \"u\", Group \"h\", User \"v\"",
    );
    check(
        "test \"t\":\n given chat with \"u\", in \"g\", tag \"t\"\n given waiting 3 in \"g\"\n given number \"+1\"",
        "TestHeading \"t\", User \"u\", Group \"g\", Tag \"t\", Group \"g\", PhoneNumber \"+1\"",
    );
    check(
        "test \"t\":\n expect also rule \"r\"\n expect assign user any [\"a\", \"b\"]\n expect reply \"x\" after 5m\n expect no tag \"t\"",
        "TestHeading \"t\", RuleReference \"r\", User \"a\", User \"b\", Text \"x\", Tag \"t\"",
    );
}

#[test]
fn every_token_is_there() {
    let text = "when a: # why\n\n# apart\nreply \"x";
    let kinds: Vec<TokenKind> = classify(text).iter().map(|found| found.token.kind).collect();
    assert_eq!(kinds.iter().filter(|kind| **kind == TokenKind::Comment).count(), 2);
    assert_eq!(kinds.last(), Some(&TokenKind::Unclosed));
}
