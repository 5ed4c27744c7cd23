//! The differences between two policies, in short.

use crate::describe::{given_lines, inbox_change};
use crate::inbox::AlignedInboxes;
use crate::policy::Policy;
use crate::prove::{RulePair, compare_versions};
use crate::testing::{INBOX, inbox, inbox_of, policy};

/// Each difference with its rules and its example, a line each.
fn described(old: &str, new: &str) -> String {
    let inbox = inbox();
    described_in(&AlignedInboxes::new(&inbox, &inbox), old, new)
}

/// The same, each side with its own inbox.
fn described_in(inboxes: &AlignedInboxes, old: &str, new: &str) -> String {
    let [old_inbox, new_inbox] = &inboxes.sides;
    let (old, new) = (policy(old_inbox, old), policy(new_inbox, new));
    let comparison = compare_versions(&old, &new, inboxes);
    let rule = |policy: &Policy, index: Option<usize>| {
        index.map_or("none".to_owned(), |index| format!("line {}", policy.rules[index].line))
    };
    let pair = |pair: &RulePair| {
        let also = if pair.also { "also " } else { "" };
        format!("{also}{} → {}", rule(&old, pair.old), rule(&new, pair.new))
    };
    let shown = comparison.differences.iter().map(|one| {
        let lines = given_lines(&inboxes.union, &one.example.given).join("; ");
        format!("{}: {} [{lines}]", pair(&one.pair), one.customers)
    });
    let open = comparison.unsettled.iter().map(|one| format!("unsettled: {}", pair(one)));
    shown.chain(open).collect::<Vec<_>>().join("\n")
}

#[track_caller]
fn alike(old: &str, new: &str) {
    assert_eq!(described(old, new), "", "{old}\n{new}");
    assert_eq!(described(new, old), "", "{new}\n{old}");
}

const REST: &str = "otherwise: assign nobody";

#[test]
fn conditions_that_say_the_same() {
    let rule = |when: &str| format!("when {when}: assign owner\n{REST}");
    let check = |one: &str, other: &str| alike(&rule(one), &rule(other));
    check("new_customer", "not returning_customer");
    check("owner_online", "has_owner and not owner_offline");
    check("any_online in \"Sales\"", "online in \"Two\" >= 1");
    check("during mon-sun 09:00-12:00", "during 09:00-10:00 or during 10:00-12:00");
    check("message contains any [\"a\", \"b\"]", "message contains \"b\" or message contains \"A\"");
    check("customer.orders > 2", "customer has orders and not customer.orders <= 2");
}

#[test]
fn assignments_that_do_the_same() {
    let rule = |when: &str, assign: &str| format!("when {when}: assign {assign}\n{REST}");
    let check = |when: &str, one: &str, other: &str| alike(&rule(when, one), &rule(when, other));
    check("not has_owner", "owner else user \"bob\"", "user \"bob\"");
    check("has_owner", "owner else user \"bob\"", "owner");
    check(
        "all_offline in \"Sales\"",
        "group \"Sales\" by random",
        "group \"Sales\" by random among everyone",
    );
    check(
        "any_available in \"Sales\"",
        "group \"Sales\" by random",
        "group \"Sales\" by random among available",
    );
    check("new_customer", "group \"Sales\" with skill \"AR\" by hand", "group \"Sales\" by hand");
}

#[test]
fn rules_in_another_order() {
    let (one, other) = ("when new_customer: assign owner\n", "when has_owner: assign user \"bob\"\n");
    alike(&format!("{one}{other}{REST}"), &format!("{other}{one}{REST}"));
    let tagged = "when new_customer: tag \"new\", assign owner\n";
    alike(
        &format!("{tagged}{other}{REST}"),
        &format!("also when new_customer: tag \"NEW\"\n{other}{one}{REST}"),
    );
}

/// What differs in each of these pairs.
fn all(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(old, new)| described(old, new)).collect::<Vec<_>>().join("\n\n")
}

#[test]
fn what_differs() {
    let pair = |one: (&str, &str), other: (&str, &str)| {
        let [one, other] = [one, other].map(|(when, assign)| format!("when {when}: assign {assign}\n{REST}"));
        (one, other)
    };
    insta::assert_snapshot!(all(&[
        pair(("new_customer", "owner"), ("new_customer", "user \"bob\"")),
        pair(("owner_offline", "owner"), ("owner_offline", "user \"alice\"")),
        pair(("during fri 09:00-14:00", "owner"), ("during fri 09:00-15:00", "owner")),
        pair(("has_owner", "owner for 5m else user \"bob\""), ("has_owner", "owner for 5m else user \"carol\"")),
        pair(
            ("any_online", "group \"Sales\" by least_chats"),
            ("any_online", "group \"Sales\" by least_chats among everyone"),
        ),
        pair(
            ("any_online", "group \"Sales\" by random"),
            ("any_online", "group \"Sales\" with skill \"ar\" by random"),
        ),
    ]), @r#"
    line 1 → line 1: new customers [given customer new]

    line 1 → line 1: returning customers whose owner is not online [given customer returning, owner "bob"]

    line 2 → line 1: customers, on Fridays between 14:00 and 15:00 [given at 2026-01-09 14:00]

    line 1 → line 1: returning customers who have an owner [given customer returning, owner "alice"]

    line 1 → line 1: customers, while somebody of Sales is online [given online "alice" with 5 chats]

    line 1 → line 1: customers, while somebody is online [given online "carol"]
    "#);
}

#[test]
fn hours() {
    let rule = |hours: &str| format!("hours open = {hours}\nwhen during open: assign owner\n{REST}");
    let moved = |hours: &str| format!("timezone \"Europe/Berlin\"\n{}", rule(hours));
    let pair = |one: &str, other: &str| (rule(one), rule(other));
    insta::assert_snapshot!(all(&[
        pair("mon-fri 09:00-17:00", "mon-fri 09:00-18:00"),
        pair("mon-fri 09:00-17:00", "mon-fri 09:00-17:00, sat 10:00-14:00"),
        pair("fri 22:00-02:00", "sat 22:00-02:00"),
        pair("mon-fri 09:00-17:00", "mon-fri 09:00-17:00 except dec 25"),
        pair("mon 09:00-10:00, tue 10:00-11:00, wed 11:00-12:00, thu 12:00-13:00", "mon 09:00-09:01"),
        (rule("mon-fri 09:00-17:00"), format!("when new_customer: assign owner\n{REST}")),
        ("when during dec 25: assign nobody\notherwise: assign owner".to_owned(), "otherwise: assign nobody".to_owned()),
        (rule("mon-fri 09:00-17:00"), moved("mon-fri 09:00-17:00")),
    ]), @"
    line 3 → line 2: customers, from Monday to Friday between 17:00 and 18:00 [given at 2026-01-05 17:00]

    line 3 → line 2: customers, on Saturdays between 10:00 and 14:00 [given at 2026-01-10 12:00]

    line 2 → line 3: customers, on Fridays after 22:00 and on Saturdays before 02:00 [given at 2026-01-09 22:00]
    line 3 → line 2: customers, on Saturdays after 22:00 and on Sundays before 02:00 [given at 2026-01-10 22:00]

    line 2 → line 3: customers, at certain times, for example on Friday 25 December 2026 at 12:00 [given at 2026-12-25 12:00]

    line 2 → line 3: customers, at certain hours, for example on Monday 5 January 2026 at 09:01 [given at 2026-01-05 09:01]

    line 2 → line 2: returning customers, from Monday to Friday between 09:00 and 17:00 [given customer returning]
    line 3 → line 1: new customers, from Monday to Friday before 09:00 and after 17:00 and on Saturdays and Sundays [given at 2026-01-05 00:00]

    line 2 → line 1: customers, except on certain dates [given customer new]

    line 2 → line 4: customers, at certain times, for example on Thursday 1 January 2026 at 08:00 [given at 2026-01-01 08:00]
    line 3 → line 3: customers, at certain times, for example on Thursday 1 January 2026 at 16:00 [given at 2026-01-01 16:00]
    ");
    // Berlin is an hour behind Cairo, but for some weeks in spring and autumn: then a change of an hour is none.
    alike(&rule("2026-01-05 10:00-12:00"), &moved("2026-01-05 09:00-11:00"));
    alike(&rule("2026-04-10 10:00-12:00"), &moved("2026-04-10 10:00-12:00"));
}

#[test]
fn nobody_answers_any_more() {
    let [old, new] =
        ["when new_customer: assign owner\notherwise: assign nobody", "when new_customer: assign owner"];
    insta::assert_snapshot!(described(old, new), @"line 2 → none: returning customers [given customer returning]");
}

#[test]
fn what_is_added_beside() {
    let also = |when: &str, what: &str| format!("also when {when}: {what}\n{REST}");
    let pair = |one: (&str, &str), other: (&str, &str)| (also(one.0, one.1), also(other.0, other.1));
    insta::assert_snapshot!(all(&[
        pair(("message.age > 1h", "tag \"late\""), ("message.age > 2h", "tag \"late\"")),
        pair(("new_customer", "priority high"), ("new_customer", "priority low")),
        pair(("new_customer", "reply \"a\", reply \"b\""), ("new_customer", "reply \"b\", reply \"a\"")),
    ]), @r#"
    also line 1 → line 1: customers whose message is more than 1 hour and at most 2 hours old [given message "hello" aged 2h]

    also line 1 → line 1: new customers [given customer new]

    also line 1 → line 1: new customers [given customer new]
    "#);
    alike(
        &also("new_customer", "tag \"a\", tag \"b\""),
        &also("not returning_customer", "tag \"b\", tag \"A\""),
    );
}

#[test]
fn a_reply_is_another() {
    let rule = |reply: &str| {
        format!("when any_online: assign group \"Support\" by in_order, reply \"{reply}\"\n{REST}")
    };
    insta::assert_snapshot!(all(&[
        (rule("Hi {customer.name}"), rule("Hi {customer.name or you}")),
        (rule("Hi {user.name}"), rule("Hi {owner.name or Bob}")),
    ]), @r#"
    line 1 → line 1: customers, while somebody is online [given online "alice"]

    line 1 → line 1: customers, while somebody is online [given online "alice" with 1 chat idle 1m; given turn "Support" after "bob"]
    "#);
}

#[test]
fn in_an_open_chat() {
    let rule = "when message is image: tag \"picture\", assign nobody\n";
    let also = |rest: &str| format!("{rule}also when message is image: {rest}\n{REST}");
    insta::assert_snapshot!(all(&[
        (also("tag \"picture\""), format!("{rule}{REST}")),
        (also("tag \"photo\" after 5m"), also("tag \"photo\" after 6m")),
    ]), @"
    also line 2 → none: customers with an open chat who send an image [given customer returning; given message image; given chat waiting]

    also line 2 → line 2: customers with an open chat who send an image [given customer returning; given message image; given chat waiting]
    ");
}

/// What is said of a class holds for all of it, and not only for its example.
#[test]
fn what_all_of_a_class_have() {
    let rule = |when: &str| (format!("when {when}: assign owner\n{REST}"), REST.to_owned());
    insta::assert_snapshot!(all(&[
        rule("customer.orders > 20"),
        rule("customer.orders >= 3 and customer.orders <= 5"),
        rule("customer.orders = 2.5"),
        rule("customer has orders and not customer.orders >= 10"),
        rule("customer.blocked and customer.plan is \"gold\""),
        rule("customer.plan is any [\"gold\", \"free\"]"),
        rule("message contains \"refund\" and message is image"),
        rule("message contains any [\"refund\", \"money\"]"),
        rule("customer has tag any [\"a\", \"b\"]"),
        rule("customer.silent_for > 30d and customer.city starts with \"new\""),
        rule("online in \"Sales\" >= 2"),
        rule("online >= 2"),
        rule("any_available in \"Sales\""),
        rule("any_online and not any_available"),
        rule("all_offline and new_customer"),
        rule("waiting in \"Sales\" > 3 and waiting > 10"),
        rule("owner_offline or customer has tag \"vip\""),
    ]), @r#"
    line 1 → line 1: customers with `orders` over 20 [given customer new, orders 21]

    line 1 → line 1: customers with `orders` of at least 3 and at most 5 [given customer new, orders 3]

    line 1 → line 1: customers with `orders` of 2.5 [given customer new, orders 2.5]

    line 1 → line 1: customers with `orders` below 10 [given customer new, orders 0]

    line 1 → line 1: customers who are blocked and whose plan is gold [given customer new, plan "gold", blocked]

    line 1 → line 1: some customers whose `plan` is known [given customer new, plan "free"]

    line 1 → line 1: customers whose message contains “refund” and who send an image [given message image "refund"]

    line 1 → line 1: some customers [given message "money"]

    line 1 → line 1: some customers [given customer new, tag "b"]

    line 1 → line 1: returning customers whose city starts with “new” and who were silent for more than 30 days [given customer returning, silent_for 31d, city "new"]

    line 1 → line 1: customers, while all of Sales are online [given online "alice", "bob"]

    line 1 → line 1: customers, while at least 2 users are online [given online "alice", "carol"]

    line 1 → line 1: customers, while somebody of Sales is available [given online "alice"]

    line 1 → line 1: customers, while somebody is online and nobody is available [given online "alice" with 5 chats]

    line 1 → line 1: new customers, while nobody is online [given customer new]

    line 1 → line 1: customers, while at least 11 chats wait and at least 4 chats wait in Sales [given waiting 11 in "Sales"]

    line 1 → line 1: some customers [given customer new, tag "vip"]
    "#);
}

/// What differs between two versions of the inbox under the same rules.
fn in_versions(edits: &[(&str, &str)], rules: &str) -> String {
    let edited = edits.iter().fold(INBOX.to_owned(), |inbox, (from, to)| {
        assert!(inbox.contains(from), "{from}");
        inbox.replace(from, to)
    });
    let inboxes = AlignedInboxes::new(&inbox_of(INBOX), &inbox_of(&edited));
    let changes = inboxes.changes();
    let changes: Vec<String> = changes.iter().map(|change| inbox_change(&inboxes, change)).collect();
    format!("{}: {}", changes.join("; "), described_in(&inboxes, rules, rules))
}

#[test]
fn the_same_rules_in_another_inbox() {
    let group = |by: &str| format!("otherwise: assign group \"Sales\" by {by}");
    insta::assert_snapshot!([
        in_versions(&[("weight = 2", "weight = 9")], &group("weighted")),
        in_versions(&[("weight = 2", "weight = 9")], &group("random")),
        in_versions(&[("capacity = 5", "capacity = 9")], &group("least_load")),
        in_versions(&[("capacity = 5", "capacity = 9")], &group("in_order among available")),
        in_versions(&[("capacity = 5\n", "")], "when any_available in \"Sales\": assign owner\notherwise: assign nobody"),
        in_versions(&[("[\"alice\", \"bob\"]", "[\"bob\", \"alice\"]")], &group("random")),
        in_versions(&[("[\"alice\", \"bob\"]", "[\"bob\", \"alice\"]")], &group("most_waiting")),
        in_versions(&[("skills = [\"en\", \"ar\"]", "skills = [\"ar\", \"de\"]")], "otherwise: assign group \"Sales\" with skill customer.language by in_order else nobody"),
        in_versions(&[("name = \"Bob\"", "name = \"Robert\"")], "also when has_owner: reply \"{owner.name}\"\notherwise: assign user \"bob\", reply \"{user.name}\""),
        in_versions(&[("\"free\", \"gold\"", "\"gold\", \"silver\"")], "when customer.plan is not \"gold\": assign owner\notherwise: assign nobody"),
        in_versions(&[("orders = \"number\"\n", "")], "otherwise: assign nobody"),
        in_versions(&[("capacity = 5", "capacity = 9")], "otherwise: assign user \"alice\" among available else nobody"),
        in_versions(&[("capacity = 5", "capacity = 9")], "move when chat_waiting: assign owner among available\notherwise: assign nobody"),
        in_versions(&[("name = \"Bob\"", "name = \"Robert\"")], "also when message is image: reply \"{user.name}\"\notherwise: assign nobody"),
        in_versions(&[("[\"bob\", \"carol\"]", "[\"bob\"]")], "move when chat with \"alice\": assign group \"Support\" by in_order\notherwise: assign nobody"),
        in_versions(&[("[\"bob\", \"carol\"]", "[\"bob\"]")], "when new_customer: assign owner for 5m else group \"Support\" by in_order\notherwise: assign owner for 5m else group \"Support\" by in_order"),
    ].join("\n\n"), @r#"
    the weight of `alice` was 2, now 9: line 1 → line 1: customers [given customer new]

    the weight of `alice` was 2, now 9: 

    the capacity of `alice` was 5, now 9: line 1 → line 1: customers [given offline "alice" with 2 chats, "bob" with 1 chat, "carol"]

    the capacity of `alice` was 5, now 9: line 1 → line 1: customers, while Alice is available by the new capacities [given online "alice" with 5 chats]

    the capacity of `alice` was 5, now unlimited: line 2 → line 1: customers, while somebody of Sales is available by the new capacities [given online "alice" with 5 chats]

    the turn order of Sales was `alice` and `bob`, now `bob` and `alice`: 

    the turn order of Sales was `alice` and `bob`, now `bob` and `alice`: line 1 → line 1: customers [given customer new]

    `alice` has the skill “de” now and `alice` no longer has the skill “en”: line 1 → line 1: some customers whose `language` is known [given customer new, language "de"]

    the name of `bob` was “Bob”, now “Robert”: line 2 → line 2: customers [given customer new]
    none → none: customers with an open chat whose owner is Robert [given customer returning, owner "bob"; given chat waiting]

    the attribute `plan` can be “silver” now and the attribute `plan` can no longer be “free”: 

    the attribute `orders` was removed: 

    the capacity of `alice` was 5, now 9: line 1 → line 1: customers, while Alice is available by the new capacities [given online "alice" with 5 chats]

    the capacity of `alice` was 5, now 9: line 1 → line 1: customers with an open chat whose owner is online, while somebody is online [given customer returning, owner "alice"; given online "alice" with 5 chats; given chat waiting]

    the name of `bob` was “Bob”, now “Robert”: none → none: customers with an open chat who send an image [given customer returning; given message image; given chat with "bob"]

    `carol` is no longer in Support: line 1 → line 1: customers with an open chat, while somebody of Support is online [given customer returning; given online "carol"; given chat with "alice"]

    `carol` is no longer in Support: line 1 → line 1: new customers [given turn "Sales" after "alice", "Support" after "bob"]
    line 2 → line 2: returning customers [given customer returning; given turn "Sales" after "alice", "Support" after "bob"]

    "#);
}

#[test]
fn what_moves_a_chat() {
    let closes = "move when message is \"bye\": assign nobody\n";
    let hands_over =
        |when: &str, what: &str| format!("move when chat with \"bob\" and {when}: assign {what}\n{REST}");
    let pair =
        |one: (&str, &str), other: (&str, &str)| (hands_over(one.0, one.1), hands_over(other.0, other.1));
    let human = "message is \"human\"";
    let waits = "move when chat_waiting: assign user \"bob\"\n";
    insta::assert_snapshot!(all(&[
        (format!("{closes}{REST}"), REST.to_owned()),
        pair((human, "user \"carol\""), ("message is any [\"human\", \"person\"]", "user \"carol\"")),
        pair((human, "user \"carol\""), (human, "user \"alice\"")),
        pair((human, "user \"carol\""), (human, "user \"bob\" else user \"carol\", reply \"Hi\"")),
        pair((human, "group \"Sales\" by in_order"), (human, "group \"Support\" by in_order")),
        pair((human, "group \"Sales\" by hand"), (human, "group \"Sales\" by hand for 5m else user \"carol\"")),
        (format!("{closes}{waits}{REST}"), format!("{waits}{closes}{REST}")),
    ]), @r#"
    line 1 → none: customers with an open chat who write “bye” [given customer returning; given message "bye"; given chat waiting]

    none → line 1: customers with an open chat who write “person” [given customer returning; given message "person"; given chat with "bob"]

    line 1 → line 1: customers with an open chat who write “human” [given customer returning; given message "human"; given chat with "bob"]

    line 1 → line 1: customers with an open chat who write “human” [given customer returning; given message "human"; given chat with "bob"]

    line 1 → line 1: customers with an open chat who write “human”, while somebody is online [given customer returning; given online "carol"; given message "human"; given chat with "bob"]

    line 1 → line 1: customers with an open chat who write “human” [given customer returning; given message "human"; given chat with "bob"]

    line 1 → line 1: customers with an open chat who write “bye” [given customer returning; given message "bye"; given chat waiting]
    "#);
}

#[test]
fn chats_that_are_moved_alike() {
    let rule = |when: &str, assign: &str| format!("move when {when}: assign {assign}\n{REST}");
    // Nobody is taken who has the chat already.
    alike(&rule("chat with \"bob\"", "user \"bob\" else nobody"), &rule("chat with \"bob\"", "nobody"));
    alike(&rule("chat with \"bob\"", "user \"bob\""), REST);
    alike(&rule("new_customer", "nobody"), REST);
    // The chat stays in the queue.
    alike(&rule("chat_waiting and chat in \"Sales\"", "group \"Sales\" by hand, reply \"Hi\""), REST);
    alike(&rule("chat with \"bob\"", "nobody"), &rule("chat_open and chat with \"bob\"", "nobody"));
    alike(
        &rule("chat_waiting", "group \"Sales\" by random"),
        &rule(
            "chat_waiting",
            "group \"Sales\" by random among available else group \"Sales\" by random among online",
        ),
    );
    let (waiting, had) =
        ("move when chat_waiting: assign nobody\n", "move when chat with \"bob\": assign owner\n");
    alike(&format!("{waiting}{had}{REST}"), &format!("{had}{REST}\n{waiting}"));
}
