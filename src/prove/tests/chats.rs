//! What is proved of rules that are asked in an open chat, and of what messages have beside their text.

use super::report::proved;

#[track_caller]
fn check(rules: &str, expected: &[&str]) {
    assert_eq!(proved(rules).lines().collect::<Vec<_>>(), expected, "{rules}");
}

const REST: &str = "otherwise: assign nobody\n";

/// What is proved of a policy whose only other rule answers everything.
#[track_caller]
fn check_rule(rule: &str, expected: &[&str]) {
    check(&format!("{rule}\n{REST}"), expected);
}

#[test]
fn rules_are_asked_where_no_chat_is_open() {
    check_rule("when chat_open: assign owner else nobody", &["never: chat_open (asked)"]);
    check_rule(
        "when message contains \"a\" and chat with \"bob\": assign nobody",
        &["never: chat with \"bob\" (asked)"],
    );
    check_rule("when not chat_open: assign nobody", &["redundant: not chat_open"]);
    check_rule("when user_away or new_customer: assign nobody", &["redundant: user_away"]);
    check_rule("move when new_customer: assign nobody", &["never: new_customer (asked)"]);
    check_rule("move when chat_open: assign nobody", &[]);
    check_rule("move when chat_open and message is \"1\": assign nobody", &["redundant: chat_open"]);
    check_rule(
        "when chat_open and not chat_open: assign nobody",
        &["never: chat_open and not chat_open (chat_open; not chat_open)"],
    );
    check_rule(
        "also when chat_waiting and user_online: priority low",
        &["never: chat_waiting and user_online (chat_waiting; user_online)"],
    );
    check_rule("also when chat_waiting: priority low", &[]);
}

#[test]
fn move_rules_stand_against_move_rules() {
    check(
        "move when chat_waiting: assign nobody\nwhen any_online: assign nobody\notherwise: assign nobody\n\
         move when chat.waiting_for > 10m: assign nobody\n",
        &["unreachable: line 4 by line 1"],
    );
    check(
        "when chat_open or new_customer: assign nobody",
        &["redundant: chat_open", "unanswered: given customer returning"],
    );
}

#[test]
fn who_has_the_chat() {
    let never = |condition: &str, because: &[&str]| {
        check_rule(
            &format!("also when {condition}: priority low"),
            &[&format!("never: {condition} ({})", because.join("; "))],
        );
    };
    never("chat with \"bob\" and chat with \"alice\"", &["chat with \"bob\"", "chat with \"alice\""]);
    never("user_online and all_offline", &["user_online", "all_offline"]);
    never("user_offline and online = 3", &["user_offline", "online = 3"]);
    never("user_away and user_online", &["user_away", "user_online"]);
    never("owner_away and owner_online", &["owner_away", "owner_online"]);
    never("chat in \"Sales\" and chat in \"Two\"", &["chat in \"Sales\"", "chat in \"Two\""]);
    never("chat.waiting_for > 1m and chat with \"bob\"", &["chat.waiting_for > 1m", "chat with \"bob\""]);
    never("owner_offline and user_online and online = 3", &["owner_offline", "online = 3"]);
    never(
        "owner_online and user_offline and online in \"Sales\" = 2 and all_offline in \"Support\"",
        &["online in \"Sales\" = 2", "all_offline in \"Support\""],
    );
    check_rule("also when owner_online and user_offline and online = 1: priority low", &[]);
    check_rule("also when owner_offline and user_offline and online = 2: priority low", &[]);
}

#[test]
fn who_is_left_out() {
    check_rule(
        "move when chat with \"bob\": assign user \"bob\"",
        &["nobody: line 1: given customer returning; given chat with \"bob\""],
    );
    check_rule(
        "move when chat with \"alice\": assign user \"bob\" else owner",
        &["unreachable: line 1 alternative 1"],
    );
    check_rule("move when chat_open: assign user \"bob\" else owner", &[]);
    check_rule(
        "move when chat_open: assign group \"Sales\" by in_order else group \"Sales\" by hand else nobody",
        &["unreachable: line 1 alternative 2"],
    );
    check_rule(
        "move when chat_waiting and not has_owner: assign owner",
        &["nobody: line 1: given customer returning; given chat waiting"],
    );
    check_rule(
        "when has_owner: assign group \"Sales\" except owner by random among everyone else nobody",
        &[
            "unreachable: line 1 alternative 1",
            "offline: line 1: given customer returning, owner \"alice\"; given online \"carol\"",
        ],
    );
}

#[test]
fn placeholders_in_open_chats() {
    check(
        "also when has_owner: reply \"{user.name}\"\nmove when chat_waiting: assign user \"bob\"\n\
         otherwise: assign user \"bob\"\n",
        &[],
    );
    check(
        "also when has_owner: reply \"{user.name}\"\notherwise: assign user \"bob\"\n",
        &["empty: {user.name} in line 1: given customer returning, owner \"alice\"; given chat waiting"],
    );
    check("otherwise: assign nobody, reply \"{owner.name}\" after 5m\n", &[]);
}

#[test]
fn what_messages_have() {
    check_rule(
        "when message.forwarded and not message.forwarded: assign nobody",
        &["never: message.forwarded and not message.forwarded (message.forwarded; not message.forwarded)"],
    );
    check_rule(
        "when message.ad is \"1\" and not message has ad: assign nobody",
        &["never: message.ad is \"1\" and not message has ad (message.ad is \"1\"; not message has ad)"],
    );
    check("when not message.forwarded: assign nobody", &["unanswered: given message \"hello\", forwarded"]);
}
