//! What is proved of small policies.

use super::report::proved;

/// What is proved of these rules, each `CONDITION: ACTION`; only what is about conditions and reach.
#[track_caller]
fn check(rules: &[&str], expected: &[&str]) {
    let rules: Vec<String> = rules
        .iter()
        .map(|rule| {
            if rule.starts_with("let") || rule.starts_with("hours") || rule.starts_with("dates") {
                (*rule).to_owned()
            } else {
                format!("when {rule}:\n  assign nobody")
            }
        })
        .collect();
    let rules = format!("{}\notherwise:\n  assign nobody\n", rules.join("\n"));
    assert_eq!(proved(&rules).lines().collect::<Vec<_>>(), expected, "{rules}");
}

#[test]
fn shadowed() {
    check(&["new_customer and any_online", "has_owner"], &[]);
    check(&["new_customer", "new_customer and any_online"], &["unreachable: line 3 by line 1"]);
    check(
        &["customer has tag \"a\"", "not customer has tag \"a\"", "new_customer"],
        &["unreachable: line 5 by line 1, line 3"],
    );
    check(
        &["new_customer", "customer has tag \"a\" or returning_customer", "not customer has tag \"b\""],
        &["unreachable: line 5 by line 1, line 3"],
    );
    // One rule that takes every message is reported, and not two.
    check(
        &[
            "new_customer and any_online",
            "new_customer and all_offline",
            "new_customer",
            "new_customer and has_owner or new_customer",
        ],
        &[
            "never: new_customer and has_owner (new_customer; has_owner)",
            "unreachable: line 5 by line 1, line 3",
            "unreachable: line 7 by line 1, line 3",
        ],
    );
}

#[test]
fn customers() {
    check(&["new_customer and has_owner"], &["never: new_customer and has_owner (new_customer; has_owner)"]);
    check(
        &["new_customer and customer.silent_for > 1d"],
        &["never: new_customer and customer.silent_for > 1d (new_customer; customer.silent_for > 1d)"],
    );
    check(
        &["new_customer or returning_customer"],
        &["always: new_customer or returning_customer (new_customer; returning_customer)"],
    );
    check(
        &["owner_online and all_offline"],
        &["never: owner_online and all_offline (owner_online; all_offline)"],
    );
    check(
        &["owner_offline and online >= 3"],
        &["never: owner_offline and online >= 3 (owner_offline; online >= 3)"],
    );
    check(&["owner_offline and online >= 2"], &[]);
    check(
        &["owner_online and all_offline in \"Sales\" and all_offline in \"Support\""],
        &[
            "never: owner_online and all_offline in \"Sales\" and all_offline in \"Support\" (owner_online; all_offline in \"Sales\"; all_offline in \"Support\")",
        ],
    );
    check(&["owner_online and all_offline in \"Sales\""], &[]);
}

#[test]
fn counts() {
    check(&["any_online in \"Empty\""], &["never: any_online in \"Empty\""]);
    check(&["online in \"Sales\" > 2"], &["never: online in \"Sales\" > 2"]);
    check(&["online >= 0"], &["always: online >= 0"]);
    check(&["any_online in \"Sales\"", "any_online in \"Two\""], &["unreachable: line 3 by line 1"]);
    check(
        &["any_available in \"Sales\" and all_offline"],
        &["never: any_available in \"Sales\" and all_offline (any_available in \"Sales\"; all_offline)"],
    );
    check(
        &["online in \"Sales\" = 2 and online in \"Support\" = 2 and online < 3"],
        &[
            "never: online in \"Sales\" = 2 and online in \"Support\" = 2 and online < 3 (online in \"Sales\" = 2; online in \"Support\" = 2; online < 3)",
        ],
    );
    check(&["online in \"Sales\" = 1 and online in \"Support\" = 1 and online = 1"], &[]);
    check(
        &["any_online in \"Support\" and available in \"Support\" = 0 and all_offline in \"Sales\""],
        &[
            "never: any_online in \"Support\" and available in \"Support\" = 0 and all_offline in \"Sales\" (any_online in \"Support\"; available in \"Support\" = 0; all_offline in \"Sales\")",
        ],
    );
    check(
        &["waiting in \"Sales\" >= 3 and waiting < 3"],
        &["never: waiting in \"Sales\" >= 3 and waiting < 3 (waiting in \"Sales\" >= 3; waiting < 3)"],
    );
    check(&["waiting in \"Sales\" >= 2 and waiting in \"Support\" >= 2 and waiting = 4"], &[]);
    check(
        &[
            "waiting in \"Sales\" < 2 and waiting in \"Support\" < 2 and waiting in \"Two\" < 2 and waiting in \"Empty\" < 2 and waiting > 4",
        ],
        &[
            "never: waiting in \"Sales\" < 2 and waiting in \"Support\" < 2 and waiting in \"Two\" < 2 and waiting in \"Empty\" < 2 and waiting > 4 (waiting in \"Sales\" < 2; waiting in \"Support\" < 2; waiting in \"Two\" < 2; waiting in \"Empty\" < 2; waiting > 4)",
        ],
    );
}

#[test]
fn times() {
    check(
        &["during sat-sun and during mon-fri"],
        &["never: during sat-sun and during mon-fri (during sat-sun; during mon-fri)"],
    );
    check(
        &["during sat-sun or during mon-fri"],
        &["always: during sat-sun or during mon-fri (during sat-sun; during mon-fri)"],
    );
    check(&["during mon-thu", "during fri-sun 00:00-12:00", "during 12:00-24:00"], &[]);
    check(
        &[
            "during mon-thu",
            "during fri-sun 00:00-12:00",
            "during fri 12:00-24:00",
            "during sat-sun 11:00-24:00",
            "new_customer",
        ],
        &["unreachable: line 9 by line 1, line 3, line 5, line 7"],
    );
    check(
        &["during 2026-12-25 and during sat"],
        &["never: during 2026-12-25 and during sat (during 2026-12-25; during sat)"],
    );
    check(&["during dec 25 and during sat"], &[]);
    check(
        &["hours night = fri 22:00-02:00 except dec 25", "during night and during sat 02:00-04:00"],
        &["never: during night and during sat 02:00-04:00 (during night; during sat 02:00-04:00)"],
    );
    check(
        &["during 2030-02-28 and during 2031-02-28"],
        &["never: during 2030-02-28 and during 2031-02-28 (during 2030-02-28; during 2031-02-28)"],
    );
    check(&["during 1999-12-31 10:00-11:00 and during fri"], &["redundant: during fri"]);
    // Cairo's clocks skip the hour after midnight.
    check(&["during 2026-04-24 00:00-01:00"], &["never: during 2026-04-24 00:00-01:00"]);
    check(&["during 2026-04-24 00:30-01:01"], &[]);
    check(&["during feb 29 and during mon"], &[]);
}

#[test]
fn values() {
    check(&["customer.orders >= 10", "customer.orders > 11"], &["unreachable: line 3 by line 1"]);
    check(&["customer.orders > 1 and customer.orders < 2"], &[]);
    check(
        &["customer.orders > 1 and customer.orders <= 1"],
        &["never: customer.orders > 1 and customer.orders <= 1 (customer.orders > 1; customer.orders <= 1)"],
    );
    check(&["customer.orders > 1 or customer.orders <= 1"], &[]);
    check(&["customer has orders", "customer.orders = 3"], &["unreachable: line 3 by line 1"]);
    check(
        &["customer.plan is \"gold\" and customer.plan is \"free\""],
        &[
            "never: customer.plan is \"gold\" and customer.plan is \"free\" (customer.plan is \"gold\"; customer.plan is \"free\")",
        ],
    );
    check(
        &["customer.plan is any [\"gold\", \"free\"]", "customer has plan"],
        &["unreachable: line 3 by line 1"],
    );
    check(&["customer.city is any [\"a\", \"b\"]", "customer has city"], &[]);

    check(
        &["customer.blocked and not customer has blocked"],
        &[
            "never: customer.blocked and not customer has blocked (customer.blocked; not customer has blocked)",
        ],
    );
    check(&["customer has blocked and not customer.blocked"], &[]);
    check(
        &["message is image and message is audio"],
        &["never: message is image and message is audio (message is image; message is audio)"],
    );
    check(&["message.age > 1h", "message.age > 2h"], &["unreachable: line 3 by line 1"]);
    check(
        &["customer.silent_for < 1d", "customer.silent_for >= 1d", "customer has silent_for"],
        &["unreachable: line 5 by line 1, line 3"],
    );
    check(&["customer has tag \"VIP\"", "customer has tag \"vip\""], &["unreachable: line 3 by line 1"]);
}

#[test]
fn texts() {
    check(
        &["message contains part \"refund\"", "message contains \"refunds\""],
        &["unreachable: line 3 by line 1"],
    );
    check(&["message contains \"refund\"", "message contains \"refunds\""], &[]);
    check(
        &["message starts with \"a\" and message starts with \"b\""],
        &[
            "never: message starts with \"a\" and message starts with \"b\" (message starts with \"a\"; message starts with \"b\")",
        ],
    );
    check(
        &["message is \"1\" and message is \"2\""],
        &["never: message is \"1\" and message is \"2\" (message is \"1\"; message is \"2\")"],
    );
    check(
        &["message is \"stop\" and not message contains \"stop\""],
        &[
            "never: message is \"stop\" and not message contains \"stop\" (message is \"stop\"; not message contains \"stop\")",
        ],
    );
    check(
        &["message matches /a/", "message contains part \"a\""],
        &["unsettled: Unsettled { about: UnreachableRule, rule: Some(1) }"],
    );
    check(&["message matches /a/", "message matches /a/"], &["unreachable: line 3 by line 1"]);
    check(
        &["customer.country is not \"EG\"", "customer.country is \"EG\"", "new_customer"],
        &["unreachable: line 5 by line 1, line 3"],
    );
}

#[test]
fn one_cause_is_one_finding() {
    check(
        &["let odd = new_customer and has_owner", "odd", "odd and any_online"],
        &["never: new_customer and has_owner (new_customer; has_owner)"],
    );
    check(
        &["not (new_customer and has_owner)", "any_online"],
        &["never: (new_customer and has_owner) (new_customer; has_owner)", "unreachable: line 3 by line 1"],
    );
    check(
        &["customer has tag \"a\" and (new_customer and has_owner)"],
        &["never: (new_customer and has_owner) (new_customer; has_owner)"],
    );
}

#[test]
fn parts_that_are_implied() {
    check(&["has_owner and owner_online"], &["redundant: has_owner"]);
    check(&["returning_customer and owner_offline and any_online"], &["redundant: returning_customer"]);
    check(&["any_online or any_online in \"Sales\""], &["redundant: any_online in \"Sales\""]);
    check(&["new_customer and (any_online or new_customer)"], &["redundant: (any_online or new_customer)"]);
}

/// What is proved of rules that are written in full.
#[track_caller]
fn check_actions(rules: &str, expected: &[&str]) {
    assert_eq!(proved(rules).lines().collect::<Vec<_>>(), expected, "{rules}");
}

#[test]
fn unanswered() {
    check_actions("when new_customer: assign nobody", &["unanswered: given customer returning"]);
    check_actions("when returning_customer: assign nobody", &["unanswered: given customer new"]);
    check_actions(
        "when any_online: assign nobody\nwhen not during sat: assign nobody",
        &["unanswered: given at 2026-01-10 12:00"],
    );
    check_actions("when new_customer: assign nobody\nwhen returning_customer: assign nobody", &[]);
    check_actions(
        "when not message contains \"refund\" or not customer has tag \"a\" or customer.country is not \"EG\": assign nobody",
        &["unanswered: given customer new, tag \"a\", country \"EG\"; given message \"refund\""],
    );
    check_actions(
        "when not (available in \"Sales\" = 1 and online in \"Sales\" = 2 and owner_offline): assign nobody",
        &[
            "unanswered: given customer returning, owner \"carol\"; given online \"alice\", \"bob\" with 3 chats",
        ],
    );
    check_actions(
        "when not message is image or message.age < 2h or not customer.orders > 2.5 or customer.silent_for < 90m or not customer has silent_for or waiting < 3: assign nobody",
        &[
            "unanswered: given customer returning, silent_for 90m, orders 3; given waiting 3 in \"Sales\"; given message image aged 2h",
        ],
    );
}

#[test]
fn alternatives() {
    check_actions("otherwise: assign owner", &["ownerless: line 1: given customer new"]);
    check_actions("when has_owner: assign owner\notherwise: assign nobody", &[]);
    check_actions(
        "when has_owner: assign owner else nobody\notherwise: assign nobody",
        &["unreachable: line 1 alternative 1"],
    );
    check_actions("otherwise: assign user \"bob\" else nobody", &["unreachable: line 1 alternative 1"]);
    check_actions("otherwise: assign user \"bob\" for 5m else nobody", &[]);
    check_actions(
        "otherwise: assign user \"bob\" for 5m else owner",
        &["ownerless: line 1: given customer new"],
    );
    check_actions("when has_owner: assign user \"bob\" for 5m else owner\notherwise: assign nobody", &[]);
    check_actions(
        "otherwise: assign user \"bob\" among online for 5m else user \"carol\" among available else owner",
        &["ownerless: line 1: given customer new"],
    );
    check_actions(
        "when new_customer and any_online in \"Sales\": assign group \"Sales\" by least_chats among online for 5m else owner\notherwise: assign nobody",
        &["ownerless: line 1: given online \"alice\""],
    );
    check_actions(
        "otherwise: assign user \"bob\" for 5m else user \"carol\" else owner",
        &["unreachable: line 1 alternative 2"],
    );
    check_actions(
        "otherwise: assign group \"Sales\" by least_chats else nobody",
        &["unreachable: line 1 alternative 1", "offline: line 1: given online \"carol\""],
    );
    check_actions(
        "otherwise: assign group \"Sales\" by least_chats among online",
        &["nobody: line 1: given customer new"],
    );
    check_actions(
        "otherwise: assign group \"Sales\" by least_chats among available else owner",
        &["ownerless: line 1: given customer new"],
    );
    check_actions(
        "otherwise: assign group \"Sales\" by random among everyone",
        &["offline: line 1: given online \"alice\""],
    );
    check_actions(
        "when any_available in \"Sales\": assign group \"Sales\" by in_order among available\notherwise: assign group \"Sales\" by hand",
        &[],
    );
    check_actions("otherwise: assign group \"Empty\" by in_order", &["nobody: line 1: given customer new"]);
    check_actions(
        "otherwise: assign group \"Sales\" with skill customer.language by in_order else group \"Sales\" with skill \"ar\" by random among online else nobody",
        &["offline: line 1: given customer new, language \"en\"; given online \"bob\""],
    );
}

#[test]
fn placeholders() {
    check_actions(
        "otherwise: assign nobody, reply \"{customer.name} {customer.city or x}\"",
        &["empty: {customer.name} in line 1: given customer new"],
    );
    check_actions(
        "when customer.name contains \"a\": assign nobody, reply \"{customer.name}\"\notherwise: assign nobody",
        &[],
    );
    check_actions(
        "when owner_offline: assign owner, reply \"{owner.name} {user.name}\"\notherwise: assign nobody",
        &[],
    );
    check_actions(
        "otherwise: assign user \"bob\", reply \"{user.name} of {group}\"",
        &["empty: {group} in line 1: given customer new"],
    );
    check_actions(
        "otherwise: assign group \"Sales\" by hand, reply \"{user.name} of {group}\"",
        &["empty: {user.name} in line 1: given customer new"],
    );
    check_actions(
        "also when any_online: reply \"{user.name}\"\nwhen new_customer: assign user \"bob\"\notherwise: assign nobody",
        &["empty: {user.name} in line 1: given customer returning; given online \"alice\""],
    );
}

#[test]
fn a_hopeless_question_is_not_settled() {
    // Ten guests in nine rooms: no room has two, and each guest has one.
    let tag = |guest: usize, room: usize| format!("customer has tag \"{guest} in {room}\"");
    let has_room = |guest| (0..9).map(|room| tag(guest, room)).collect::<Vec<_>>().join(" or ");
    let guests = (0..10).map(|guest| format!("({})", has_room(guest)));
    let pairs = (0..10).flat_map(|one| (0..one).map(move |other| (one, other)));
    let shared = pairs.flat_map(|(one, other)| (0..9).map(move |room| (one, other, room)));
    let alone = shared.map(|(one, other, room)| format!("not ({} and {})", tag(one, room), tag(other, room)));
    let condition = guests.chain(alone).collect::<Vec<_>>().join(" and ");
    let rule = format!("when {condition}: assign nobody\n");
    let found = proved(&format!("{rule}otherwise: assign owner else nobody\n"));
    assert!(found.contains("unsettled: Unsettled { about: UnreachableRule, rule: Some(0) }"), "{found}");
    assert!(!found.contains("never:") && !found.contains("unreachable:"), "{found}");
}
