//! What a situation may contain, and the errors if it contains anything else.

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::*;
use crate::inbox::UserId;
use crate::language::vocabulary::{MessageKind, Presence};
use crate::policy::{self, AttributeValue};
use crate::testing::inbox;

const FULL: &str = r#"{
  "number": "+15550100",
  "at": "2026-11-24T18:30:00+02:00",
  "message": { "id": "wamid.A1", "kind": "text", "text": "I want a refund", "age_seconds": 0 },
  "customer": {
    "id": "201001234567", "phone": "+201001234567", "name": "Mona",
    "returning": true, "owner": "alice", "tags": ["vip"], "country": "EG", "language": "ar",
    "attributes": { "plan": "gold", "orders": 12 }, "last_message_at": "2026-11-01T09:00:00Z"
  },
  "users": {
    "alice": { "presence": "offline", "chats": 4, "last_message_at": "2026-11-24T15:00:00Z" },
    "bob": { "presence": "online", "chats": 3 }
  },
  "waiting": { "Sales": 2 },
  "turns": { "Support": "carol" },
  "chat": null
}"#;

/// The error for `json`, first as JSON and then against the inbox.
fn told(json: &str) -> String {
    let told = match Situation::from_json(json) {
        Ok(situation) => situation.validate(&inbox(), &TimeZone::UTC).err(),
        Err(error) => Some(error),
    };
    told.map_or("nothing".to_owned(), |error| error.to_string())
}

fn check(json: &str, message: &str) {
    assert_eq!(told(json), message, "{json}");
}

/// The same with the moment given.
fn check_at(fields: &str, message: &str) {
    check(&format!(r#"{{ "at": "2026-11-24T18:30:00Z", {fields} }}"#), message);
}

#[test]
fn the_example_reads_and_writes_back() {
    let situation = Situation::from_json(FULL).unwrap();
    assert_eq!(situation.customer.attributes["orders"], AttributeValue::Number(Decimal::from(12)));
    assert_eq!(situation.users["bob"].presence, Presence::Online);
    let written = serde_json::to_string(&situation).unwrap();
    assert_eq!(Situation::from_json(&written).unwrap(), situation);
    assert!(!written.contains("chat\":"), "{written}");
    assert_eq!(serde_json::to_string(&Situation::default()).unwrap(), "{}");
    check(FULL, "nothing");
}

#[test]
fn missing_and_null_are_the_default() {
    let nulls = r#"{ "number": null, "at": null, "message": { "id": null, "kind": null, "text": null, "age_seconds": null },
        "customer": { "returning": null, "owner": null, "tags": [null], "attributes": { "plan": null }, "last_message_at": null },
        "users": { "bob": null }, "waiting": { "Sales": null }, "turns": { "Sales": null }, "chat": null, "resume": null }"#;
    for json in ["{}", r#"{ "message": null, "customer": null, "users": null, "waiting": null }"#, nulls] {
        assert_eq!(Situation::from_json(json).unwrap(), Situation::default(), "{json}");
    }
}

#[test]
fn no_text_is_missing() {
    let json = r#"{ "at": "2026-11-24T18:30:00Z", "number": "", "message": { "id": "", "text": "" },
        "customer": { "name": "", "owner": "", "attributes": { "plan": "" } }, "chat": { "user": "", "group": "" } }"#;
    let situation = Situation::from_json(json).unwrap();
    let (case, _) = situation.validate(&inbox(), &TimeZone::UTC).unwrap();
    assert!(case.text.is_none() && case.number.is_none() && case.message_id.is_none());
    assert!(case.attribute(policy::Attribute::Name).is_none());
    assert_eq!(case.chat, Some(Chat::default()));
}

#[test]
fn null_in_a_chat_a_message_and_a_continuation() {
    let json = r#"{ "message": { "ad": null, "ad_text": null, "button": null, "forwarded": null, "attributes": { "items": null } },
        "chat": { "user": null, "group": null, "tags": [null], "answered": null, "opened_at": null, "waiting_since": null },
        "resume": { "rule": { "name": "r", "file": null, "line": null }, "alternative": 1, "had": [null] } }"#;
    let situation = Situation::from_json(json).unwrap();
    assert_eq!((situation.message, situation.chat), (Message::default(), Some(OpenChat::default())));
    let resume = situation.resume.unwrap();
    assert_eq!((resume.rule.name.as_deref(), resume.alternative, resume.had), (Some("r"), 1, Vec::new()));
}

#[test]
fn a_continuation_that_is_wrong() {
    let check = |resume: &str, message: &str| check(&format!(r#"{{ "resume": {resume} }}"#), message);
    check("{}", "`resume.rule` is missing");
    check(r#"{ "rule": { "name": "r" } }"#, "`resume.alternative` is missing");
    let rule =
        |rule: &str, message: &str| check(&format!(r#"{{ "alternative": 1, "rule": {rule} }}"#), message);
    rule("null", "`resume.rule` must be an object, not null");
    rule("[]", "`resume.rule` must be an object, not a list");
    rule(r#"{ "line": 3 }"#, "`resume.rule` must have a `name`, or a `file` and a `line`");
    rule(r#"{ "nme": "r" }"#, "`resume.rule.nme` is not a field of a situation; did you mean `name`?");
    check(
        r#"{ "rule": { "name": "r" }, "alternative": null }"#,
        "`resume.alternative` must be a whole number from 0, not null",
    );
}

#[test]
fn facts_of_a_message_that_are_wrong() {
    let check = |fields: &str, message: &str| check_at(&format!(r#""message": {{ {fields} }}"#), message);
    check(
        r#""referral": {}"#,
        "`message.referral` is not a field of a situation; write the id of the ad as `message.ad`, its text as \
         `message.ad_text`",
    );
    check(
        r#""mood": {}"#,
        "`message.mood` is not a field of a situation; if it is an attribute of `inbox.toml`, write it under \
         `message.attributes`",
    );
    check(r#""forwarded": "yes""#, "`message.forwarded` must be true or false, not a text");
    let check =
        |attribute: &str, message: &str| check(&format!(r#""attributes": {{ {attribute} }}"#), message);
    check(r#""campaign": "spring", "source": "WEB", "items": 2, "rush": false"#, "nothing");
    check(
        r#""campaing": "x""#,
        "messages of the inbox have no attribute called `campaing`; did you mean `campaign`?",
    );
    check(
        r#""ad": "1""#,
        "messages of the inbox have no attribute called `ad`; `ad` is a field of `message` itself",
    );
    check(r#""items": "2""#, "`message.attributes.items` must be a number, not a text");
    check(r#""source": "tv""#, "`message.attributes.source` must be `web` or `qr`, not `tv`");
}

#[test]
fn an_open_chat_makes_the_customer_a_returning_one() {
    let json =
        r#"{ "at": "2026-11-24T18:30:00Z", "customer": { "owner": "alice" }, "chat": { "usr": null } }"#;
    check(json, "`chat.usr` is not a field of a situation; did you mean `user`?");
    let situation = Situation::from_json(&json.replace("usr", "user")).unwrap();
    let inbox = inbox();
    assert!(situation.validate(&inbox, &TimeZone::UTC).unwrap().0.returning);
}

#[test]
fn kinds_that_are_not_known_are_other() {
    let kind = |json| Situation::from_json(json).unwrap().message.kind;
    assert_eq!(kind(r#"{ "message": { "kind": "image" } }"#), MessageKind::Image);
    assert_eq!(kind(r#"{ "message": { "kind": "hologram" } }"#), MessageKind::Other);
}

#[test]
fn fields_that_are_wrong() {
    check(r#"{ "mesage": {} }"#, "`mesage` is not a field of a situation; did you mean `message`?");
    check(
        r#"{ "customer": { "ownr": "a" } }"#,
        "`customer.ownr` is not a field of a situation; did you mean `owner`?",
    );
    check(r#"{ "chat": { "xyzzy": 1 } }"#, "`chat.xyzzy` is not a field of a situation");
    check(
        r#"{ "customer": { "returning": "yes" } }"#,
        "`customer.returning` must be true or false, not a text",
    );
    check(r#"{ "customer": [] }"#, "`customer` must be an object, not a list");
    check(r#"{ "customer": { "tags": "vip" } }"#, "`customer.tags` must be a list, not a text");
    check(r#"{ "customer": { "tags": [1] } }"#, "`customer.tags[0]` must be a text, not `1`");
    check(r#"{ "customer": { "name": true } }"#, "`customer.name` must be a text, not `true`");
    check(r#"{ "users": { "bob": "online" } }"#, "`users.bob` must be an object, not a text");
    check(
        r#"{ "users": { "bob": { "presence": "busy" } } }"#,
        "`users.bob.presence` must be one of `online`, `away`, `offline`, not `busy`",
    );
    check(r#"{ "message": { "text": "a", "text": "b" } }"#, "`text` is given twice");
    check(r#"{ "users": { "bob": {}, "bob": {} } }"#, "`users` has `bob` twice");
    check(r#"{ "users": { "bob": null, "bob": {} } }"#, "`users` has `bob` twice");
    check(r#"{ "users": { "bob": {}, "bob": null } }"#, "`users` has `bob` twice");
    check(r#"{ "users": { "bob": null, "bob": null } }"#, "`users` has `bob` twice");
    check(r#"{ "waiting": { "Sales": 1, "Sales": 2 } }"#, "`waiting` has `Sales` twice");
    check(
        r#"{ "customer": { "attributes": { "plan": "free", "plan": "gold" } } }"#,
        "`customer.attributes` has `plan` twice",
    );
    check(
        r#"{ "customer": { "plan": "gold" } }"#,
        "`customer.plan` is not a field of a situation; \
         if it is an attribute of `inbox.toml`, write it under `customer.attributes`",
    );
    check(
        r#"{ "at": "2026-11-24T18:30:00+02:00[Africa/Cairo]" }"#,
        "`at` names a time zone in brackets; write the offset alone, as in `2026-11-24T18:30:00+02:00`",
    );
    check(r#"{ "at": "9999-12-31T23:59:59Z" }"#, "nothing");
    check(r#"{ "at": "tomorrow" }"#, "`at` is not a time; write it as `2026-11-24T18:30:00+02:00`");
    check("[]", "a situation must be an object, not a list");
    check("12", "a situation must be an object, not `12`");
    check("null", "a situation must be an object, not null");
}

#[test]
fn numbers_that_are_wrong() {
    let age = |age: &str| told(&format!(r#"{{ "message": {{ "age_seconds": {age} }} }}"#));
    assert_eq!(age("-1"), "`message.age_seconds` must be a whole number from 0, not `-1`");
    assert_eq!(age("1.5"), "`message.age_seconds` must be a whole number from 0, not `1.5`");
    assert_eq!(age("1e30"), "`message.age_seconds` must be a whole number from 0, not `1e+30`");
    assert_eq!(age("1e999"), "this is not JSON: number out of range");
    check(
        r#"{ "waiting": { "Sales": 4294967296 } }"#,
        "`waiting.Sales` must be a whole number from 0 to 4294967295, not `4294967296`",
    );
    check_at(r#""users": { "bob": { "capacity": 0 } }"#, "`users.bob.capacity` must be at least 1");
    check_at(r#""users": { "bob": { "weight": 0 } }"#, "`users.bob.weight` must be at least 1");
}

#[test]
fn numbers_are_exact() {
    let number = |text: &str| {
        let json = format!(r#"{{ "customer": {{ "attributes": {{ "orders": {text} }} }} }}"#);
        Situation::from_json(&json).map(|situation| situation.customer.attributes["orders"].clone())
    };
    let check = |text: &str, exact: &str| {
        assert_eq!(number(text).unwrap(), AttributeValue::Number(exact.parse().unwrap()));
    };
    check("0.1", "0.1");
    check("12345678901234567.89", "12345678901234567.89");
    check("9007199254740993", "9007199254740993");
    check("1.5e3", "1500");
    check("-0.0", "0");
    for text in ["1e99999999999", "0.12345678901234567890123456789012345", "99999999999999999999999999999999"]
    {
        let error = number(text).unwrap_err();
        assert_eq!(error.place.as_deref(), Some("customer.attributes.orders"), "{text}");
    }
}

#[test]
fn what_is_not_json() {
    check("", "the JSON ends too early");
    check("{ \"at\": ", "the JSON ends too early");
    check("{} {}", "there is more text after the situation");
    check(&"[".repeat(100_000), "a situation must be an object, not a list");
    let deep = format!(r#"{{ "users": {} "#, r#"{ "a": "#.repeat(100_000));
    assert!(Situation::from_json(&deep).is_err());
    let error = Situation::from_json("{\n  \"at\" \"x\" }").unwrap_err();
    assert_eq!((error.line, error.column), (Some(2), Some(8)));
}

#[test]
fn what_contradicts_itself_or_the_inbox() {
    check("{}", "`at` is missing");
    check_at(
        r#""customer": { "owner": "alice" }"#,
        "`customer.owner` is set, but `customer.returning` is not true; \
         set `customer.returning` to true, or remove `customer.owner`",
    );
    check_at(
        r#""customer": { "last_message_at": "2026-01-01T00:00:00Z" }"#,
        "`customer.last_message_at` is set, but `customer.returning` is not true; \
         set `customer.returning` to true, or remove `customer.last_message_at`",
    );
    check_at(r#""users": { "bobb": {} }"#, "no user of the inbox is called `bobb`; did you mean `bob`?");
    check_at(r#""turns": { "Sales": "zoe" }"#, "no user of the inbox is called `zoe`");
    check_at(
        r#""turns": { "Slaes": "bob" }"#,
        "no group of the inbox is called `Slaes`; did you mean `Sales`?",
    );
    check_at(r#""waiting": { "Sale": 1 }"#, "no group of the inbox is called `Sale`; did you mean `Sales`?");
    check_at(r#""chat": { "group": "Other" }"#, "nothing");
    check_at(r#""chat": { "user": "zoe" }"#, "nothing");
    check(r#"{ "at": "9999-12-31T23:59:59" }"#, "nothing");
}

#[test]
fn attributes_that_are_wrong() {
    let check = |attribute: &str, message: &str| {
        check_at(&format!(r#""customer": {{ "attributes": {{ {attribute} }} }}"#), message);
    };
    check(r#""plan": "GOLD""#, "nothing");
    check(
        r#""plan": "golf""#,
        "`customer.attributes.plan` must be `free` or `gold`, not `golf`; did you mean `gold`?",
    );
    check(r#""plan": 3"#, "`customer.attributes.plan` must be `free` or `gold`, not `3`");
    check(r#""orders": "12""#, "`customer.attributes.orders` must be a number, not a text");
    check(r#""blocked": "yes""#, "`customer.attributes.blocked` must be true or false, not a text");
    check(r#""city": true"#, "`customer.attributes.city` must be a text, not `true`");
    check(r#""city": ["Cairo"]"#, "`customer.attributes.city` must be a text, a number, or true or false");
    check(r#""cty": "Cairo""#, "the inbox has no attribute called `cty`; did you mean `city`?");
    check(
        r#""country": "EG""#,
        "the inbox has no attribute called `country`; `country` is a field of `customer` itself",
    );
}

#[test]
fn times_count_up_to_the_moment() {
    let situation = Situation::from_json(
        r#"{ "at": "2026-11-24T18:30:00Z", "customer": { "returning": true, "last_message_at": "2026-11-25T00:00:00Z" },
             "users": { "bob": { "last_message_at": "2030-01-01T00:00:00Z" } } }"#,
    );
    let situation = situation.unwrap();
    let (case, now) = situation.validate(&inbox(), &TimeZone::UTC).unwrap();
    assert_eq!(case.silent_for, Some(0));
    assert_eq!(now.user(UserId(1)).last_message_at, Some(case.at));
}

#[test]
fn an_owner_who_left_is_remembered() {
    let situation = Situation::from_json(
        r#"{ "at": "2026-11-24T18:30:00Z", "customer": { "returning": true, "owner": "zoe" } }"#,
    );
    let situation = situation.unwrap();
    assert_eq!(situation.validate(&inbox(), &TimeZone::UTC).unwrap().0.owner, Owner::Former("zoe"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in ".*") {
        let _ = Situation::from_json(&text);
    }

    #[test]
    fn any_damage_is_read_or_refused(at in 0..FULL.len(), with in ".{0,3}") {
        let _ = told(&format!("{}{with}{}", &FULL[..at], &FULL[at + 1..]));
    }
}
