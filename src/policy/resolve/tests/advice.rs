//! What people mean by a name that there is not.

use insta::assert_snapshot;

use super::{actions, condition, file, findings};

/// The findings of each condition.
fn told(conditions: &[&str]) -> String {
    conditions.iter().map(|one| condition(one)).collect::<Vec<_>>().join("\n")
}

#[test]
fn attributes_and_days_alone() {
    let conditions = [
        "blocked",
        "orders > 5",
        "city",
        "silent_for > 30d",
        "age > 1h",
        "sat",
        "video",
        "owner_available",
        "all_online",
        "owner = 3",
    ];
    assert_snapshot!(told(&conditions), @r#"
    unknown-fact 1:15 `blocked`: there is no condition called `blocked`
      help: write `customer.blocked`
      fix: write `customer.blocked`: rule "r" when customer.blocked: assign owner
    unknown-fact 1:15 `orders`: there is no condition called `orders`
      help: write `customer.orders`
      fix: write `customer.orders`: rule "r" when customer.orders > 5: assign owner
    unknown-fact 1:15 `city`: there is no condition called `city`
      help: it is an attribute: write `customer.city` with a test, or `customer has city`
    unknown-fact 1:15 `silent_for`: there is no condition called `silent_for`
      help: write `customer.silent_for`
      fix: write `customer.silent_for`: rule "r" when customer.silent_for > 30d: assign owner
    unknown-fact 1:15 `age`: there is no condition called `age`
      help: write `message.age`
      fix: write `message.age`: rule "r" when message.age > 1h: assign owner
    unknown-fact 1:15 `sat`: there is no condition called `sat`
      help: write `during sat`
      fix: write `during sat`: rule "r" when during sat: assign owner
    unknown-fact 1:15 `video`: there is no condition called `video`
      help: write `message is video`
      fix: write `message is video`: rule "r" when message is video: assign owner
    unknown-fact 1:15 `owner_available`: there is no condition called `owner_available`
      help: there is no condition for whether the owner is available: write `assign owner among available`, with another alternative after `else`
    unknown-fact 1:15 `all_online`: there is no condition called `all_online`
      help: there is no condition for everybody being online: count them, as in `online >= 3`
    unknown-fact 1:15 `owner`: there is no condition called `owner`
      help: write `has_owner`, `owner_online` or `owner_offline`
    "#);
}

#[test]
fn kinds_of_message() {
    let conditions = [
        "message is photo",
        "message is any [picture, voice, pdf]",
        "message is image or video or audio",
        "message is first",
        "message is image and video",
    ];
    assert_snapshot!(told(&conditions), @r#"
    unknown-value 1:26 `photo`: no kind of message is called `photo`
      help: here it is called `image`
      fix: write `image`: rule "r" when message is image: assign owner
    unknown-value 1:31 `picture`: no kind of message is called `picture`
      help: here it is called `image`
      fix: write `image`: rule "r" when message is any [image, voice, pdf]: assign owner
    unknown-value 1:40 `voice`: no kind of message is called `voice`
      help: here it is called `audio`
      fix: write `audio`: rule "r" when message is any [picture, audio, pdf]: assign owner
    unknown-value 1:47 `pdf`: no kind of message is called `pdf`
      help: here it is called `document`
      fix: write `document`: rule "r" when message is any [picture, voice, document]: assign owner
    unknown-fact 1:26 `image or video or audio`: several kinds of message need a list
      help: write `message is any [image, video, audio]`
      fix: write `any [image, video, audio]`: rule "r" when message is any [image, video, audio]: assign owner
    unknown-value 1:26 `first`: no kind of message is called `first`
      help: the kinds are `text`, `image`, `audio`, `video`, `document`, `sticker`, `location`, `contact`, `button`, `reaction`, `order`, `unsupported` or `other`; write a text in quotes: `"first"`
    unknown-fact 1:26 `image and video`: several kinds of message need a list
      help: a message has one kind: write `message is any [image, video]` for any of them, or `message is not any [image, video]` for none of them
    "#);
}

#[test]
fn several_days() {
    assert_snapshot!(told(&["during fri and sat", "during fri or sat or sun", "during fri 09:00-12:00 or sat"]), @r#"
    unknown-fact 1:22 `fri and sat`: several days stand side by side
      help: write `during fri sat`
      fix: write `during fri sat`: rule "r" when during fri sat: assign owner
    unknown-fact 1:22 `fri or sat or sun`: several days stand side by side
      help: write `during fri sat sun`
      fix: write `during fri sat sun`: rule "r" when during fri sat sun: assign owner
    unknown-fact 1:41 `sat`: there is no condition called `sat`
      help: write `during sat`
    "#);
}

#[test]
fn tags_and_owners_as_attributes() {
    let conditions = [
        "customer.tags contains \"vip\"",
        "customer.tag is not any [\"a\", \"b\"]",
        "customer.tags",
        "customer has owner",
        "customer.owner is \"alice\"",
        "customer.new",
    ];
    assert_snapshot!(told(&conditions), @r#"
    unknown-attribute 1:24 `tags`: customers have no attribute `tags`
      help: write `customer has tag "vip"`
      fix: write `customer has tag "vip"`: rule "r" when customer has tag "vip": assign owner
    unknown-attribute 1:24 `tag`: customers have no attribute `tag`
      help: write `not customer has tag any ["a", "b"]`
      fix: write `not customer has tag any ["a", "b"]`: rule "r" when not customer has tag any ["a", "b"]: assign owner
    unknown-attribute 1:24 `tags`: customers have no attribute `tags`
      help: a tag is asked for with `customer has tag "…"`
    unknown-attribute 1:28 `owner`: `owner` is not an attribute
      help: did you mean `has_owner`?
      fix: write `has_owner`: rule "r" when has_owner: assign owner
    unknown-attribute 1:24 `owner`: customers have no attribute `owner`
      help: write `has_owner`, `owner_online` or `owner_offline`; there is no condition for who the owner is
    unknown-attribute 1:24 `new`: customers have no attribute `new`
      help: write `new_customer`
      fix: write `new_customer`: rule "r" when new_customer: assign owner
    "#);
}

#[test]
fn users_as_groups() {
    assert_snapshot!(told(&["any_online in \"alice\""]), @r#"
    unknown-group 1:29 `"alice"`: `alice` is a user, not a group
      help: there is no condition about one user: write `assign user "alice" among online`, with another alternative after `else`
    "#);
}

#[test]
fn offsets_as_time_zones() {
    let text = "timezone \"UTC+3\"\notherwise: assign nobody";
    assert_snapshot!(findings(&[("+15550100.rules", text)], "+15550100.rules"), @r#"
    unknown-timezone 1:10 `"UTC+3"`: there is no time zone called `UTC+3`
      help: write a city with that time, such as `Africa/Cairo`, `Asia/Riyadh` or `Europe/Berlin`
    "#);
}

#[test]
fn opposites_are_help() {
    let conditions = ["chat_unanswered", "any_unavailable", "not_online", "notchat_open", "not_new_customer"];
    assert_snapshot!(told(&conditions), @r#"
    unknown-fact 1:15 `chat_unanswered`: there is no condition called `chat_unanswered`
      help: for the opposite of `chat_answered`, write `not chat_answered`
    unknown-fact 1:15 `any_unavailable`: there is no condition called `any_unavailable`
      help: for the opposite of `any_available`, write `not any_available`
    unknown-fact 1:15 `not_online`: there is no condition called `not_online`
      help: `online` is a number: write `online = 0`, or compare it with another
    unknown-fact 1:15 `notchat_open`: there is no condition called `notchat_open`
      help: did you mean `not chat_open`?
      fix: write `not chat_open`: rule "r" when not chat_open: assign owner
    unknown-fact 1:15 `not_new_customer`: there is no condition called `not_new_customer`
      help: did you mean `not new_customer`?
      fix: write `not new_customer`: rule "r" when not new_customer: assign owner
    "#);
}

#[test]
fn comparisons_and_groups_after_facts() {
    let conditions = [
        "any_online > 2",
        "any_available in \"Sales\" >= 2",
        "all_offline < 2",
        "chat_waiting > 10m",
        "chat_open > 2h",
        "chat_waiting > 2",
        "chat_waiting in \"Sales\"",
        "owner_online in \"Sales\"",
    ];
    assert_snapshot!(told(&conditions), @r#"
    type-mismatch 1:26 `> 2`: `any_online` is true or false, so it cannot be compared with a number
      help: to count who is online, write `online > 2`
    type-mismatch 1:40 `>= 2`: `any_available` is true or false, so it cannot be compared with a number
      help: to count who is available, write `available in "Sales" >= 2`
    type-mismatch 1:27 `< 2`: `all_offline` is true or false, so it cannot be compared with a number
      help: users who are offline cannot be counted; write `all_offline` alone, or count who is online, as in `online < 2`
    type-mismatch 1:28 `> 10m`: `chat_waiting` is true or false, so it cannot be compared with a duration
      help: write `chat.waiting_for > 10m`
    type-mismatch 1:25 `> 2h`: `chat_open` is true or false, so it cannot be compared with a duration
      help: write `chat.open_for > 2h`
    type-mismatch 1:28 `> 2`: `chat_waiting` is true or false, so it cannot be compared with a number
      help: write `chat_waiting` alone, or count: `waiting > 2`
    type-mismatch 1:15 `chat_waiting in "Sales"`: `chat_waiting` does not take a group
      help: ask for the group of the chat too: `chat_waiting and chat in "Sales"`
    type-mismatch 1:15 `owner_online in "Sales"`: `owner_online` does not take a group
      help: there is no condition for the groups of the owner; `any_online in "Sales"` asks for anybody in the group
    "#);
}

#[test]
fn kinds_and_days_after_not() {
    let conditions = [
        "not message is image or video",
        "not message is image and video",
        "message is not image and video",
        "message is not image or video",
        "not message is image or video and new_customer",
        "not during mon-fri or sat",
        "not during mon-fri and sat",
    ];
    assert_snapshot!(told(&conditions), @r#"
    unknown-fact 1:30 `image or video`: several kinds of message need a list
      help: write `not message is any [image, video]`
      fix: write `any [image, video]`: rule "r" when not message is any [image, video]: assign owner
    unknown-fact 1:30 `image and video`: several kinds of message need a list
      help: a message has one kind: write `message is any [image, video]` for any of them, or `message is not any [image, video]` for none of them
    unknown-fact 1:30 `image and video`: several kinds of message need a list
      help: write `message is not any [image, video]`
      fix: write `any [image, video]`: rule "r" when message is not any [image, video]: assign owner
    unknown-fact 1:30 `image or video`: several kinds of message need a list
      help: a message has one kind: write `message is any [image, video]` for any of them, or `message is not any [image, video]` for none of them
    unknown-fact 1:39 `video`: there is no condition called `video`
      help: write `message is video`
    unknown-fact 1:26 `mon-fri or sat`: several days stand side by side
      help: write `not during mon-fri sat`
      fix: write `not during mon-fri sat`: rule "r" when not during mon-fri sat: assign owner
    unknown-fact 1:26 `mon-fri and sat`: several days stand side by side
      help: write `during mon-fri sat` for any of these days, or `not during mon-fri sat` for all others
    "#);
}

#[test]
fn words_that_the_language_has_elsewhere() {
    assert_snapshot!(condition("not new or returning or with_x"), @r#"
    unknown-fact 1:19 `new`: there is no condition called `new`
      help: did you mean `new_customer`?
      fix: write `new_customer`: rule "r" when not new_customer or returning or with_x: assign owner
    unknown-fact 1:26 `returning`: there is no condition called `returning`
      help: did you mean `returning_customer`?
      fix: write `returning_customer`: rule "r" when not new or returning_customer or with_x: assign owner
    unknown-fact 1:39 `with_x`: there is no condition called `with_x`
      help: write a condition such as `new_customer`, or define it: `let with_x = …`
    "#);
    assert_snapshot!(condition("random"), @r#"
    unknown-fact 1:15 `random`: there is no condition called `random`
      help: write a condition such as `new_customer`
    "#);
    assert_snapshot!(condition("message.referral is \"120\" or message has referral"), @r#"
    unknown-attribute 1:23 `referral`: a message has no `referral`
      help: the ad or post that the customer tapped is `message.ad`, its text `message.ad_text`
    unknown-attribute 1:56 `referral`: a message has no `referral`
      help: the ad or post that the customer tapped is `message.ad`, its text `message.ad_text`
    "#);
    assert_snapshot!(actions("assign group \"Sales\" by first"), @r#"
    unknown-algorithm 1:53 `first`: no algorithm is called `first`
      help: a list that is tried from the top down is `assign user "…" among available else user "…" among available`
    "#);
}

#[test]
fn what_a_test_gives_twice() {
    let test = |givens: &str| {
        let givens = givens.replace('\n', "\n    given ");
        file(&format!(
            "otherwise: assign nobody\ntest \"t\":\n    given {givens}\n    expect assign nobody\n"
        ))
    };
    assert_snapshot!(test("message \"a\"\nmessage image"), @"
    syntax 4:19 `image`: the message is given twice
      help: a test is about one message: write a test for each, or remove one of the two
      +15550100.rules: it is first given here
    ");
    assert_snapshot!(test("at fri 22:00\nnumber \"+15550100\"\nat sat 9:00\nnumber \"+15550101\"".replace("9:00", "09:00").as_str()), @r#"
    syntax 5:14 `sat 09:00`: the moment is given twice
      help: remove one of the two
      +15550100.rules: it is first given here
    syntax 6:18 `"+15550101"`: the number is given twice
      help: remove one of the two
      +15550100.rules: it is first given here
    "#);
    assert_snapshot!(test("customer owner \"alice\", plan \"gold\", tag \"a\", tag \"b\"\ncustomer owner \"bob\", plan \"free\""), @r#"
    syntax 4:20 `owner "bob"`: the owner is given twice
      help: remove one of the two
      +15550100.rules: it is first given here
    syntax 4:33 `plan "free"`: `plan` of the customer is given twice
      help: remove one of the two
      +15550100.rules: it is first given here
    "#);
    assert_snapshot!(test("waiting 1 in \"Sales\", 2 in \"Support\", 3 in \"Sales\"\nmessage \"a\", campaign \"x\", campaign \"y\""), @r#"
    syntax 3:54 `"Sales"`: the queue of `Sales` is given twice
      help: remove one of the two
      +15550100.rules: it is first given here
    syntax 4:38 `campaign`: `campaign` of the message is given twice
      help: remove one of the two
      +15550100.rules: it is first given here
    "#);
}

#[test]
fn two_names_that_would_become_one() {
    assert_snapshot!(actions("assign user \"rob\" else user \"bot\" else user \"alicia\""), @r#"
    unknown-user 1:41 `"rob"`: no user is called `rob`
      help: did you mean `bob`?
    unknown-user 1:57 `"bot"`: no user is called `bot`
      help: did you mean `bob`?
    unknown-user 1:73 `"alicia"`: no user is called `alicia`
      help: the users of `inbox.toml` are `alice`, `bob`, `carol`
    "#);
    assert_snapshot!(actions("assign user \"bobb\" else user \"BOBB\""), @r#"
    unknown-user 1:41 `"bobb"`: no user is called `bobb`
      help: did you mean `bob`?
      fix: write `bob`: rule "r" when new_customer: assign user "bob" else user "BOBB"
    unknown-user 1:58 `"BOBB"`: no user is called `BOBB`
      help: did you mean `bob`?
      fix: write `bob`: rule "r" when new_customer: assign user "bobb" else user "bob"
    "#);
}

#[test]
fn placeholders_in_other_words() {
    assert_snapshot!(actions("assign owner, reply \"{customer.name ,or there} {customer.city, or here} {user.name, a or b}\""), @r#"
    unknown-placeholder 1:50 `{customer.name ,or there}`: no placeholder is called `customer.name ,or there`
      help: write `{customer.name or there}`
      fix: write `{customer.name or there}`: rule "r" when new_customer: assign owner, reply "{customer.name or there} {customer.city, or here} {user.name, a or b}"
    unknown-placeholder 1:76 `{customer.city, or here}`: no placeholder is called `customer.city,`
      help: write `{customer.city or here}`
      fix: write `{customer.city or here}`: rule "r" when new_customer: assign owner, reply "{customer.name ,or there} {customer.city or here} {user.name, a or b}"
    unknown-placeholder 1:101 `{user.name, a or b}`: no placeholder is called `user.name, a`
      help: write `{user.name or a or b}`
    "#);
    assert_snapshot!(actions("assign owner, reply \"{customer.name|there} {customer.city, here} {user.name ?? 'we'}\""), @r#"
    unknown-placeholder 1:50 `{customer.name|there}`: no placeholder is called `customer.name|there`
      help: write `{customer.name or there}`
      fix: write `{customer.name or there}`: rule "r" when new_customer: assign owner, reply "{customer.name or there} {customer.city, here} {user.name ?? 'we'}"
    unknown-placeholder 1:72 `{customer.city, here}`: no placeholder is called `customer.city, here`
      help: write `{customer.city or here}`
      fix: write `{customer.city or here}`: rule "r" when new_customer: assign owner, reply "{customer.name|there} {customer.city or here} {user.name ?? 'we'}"
    unknown-placeholder 1:94 `{user.name ?? 'we'}`: no placeholder is called `user.name ?? 'we'`
      help: write `{user.name or we}`
      fix: write `{user.name or we}`: rule "r" when new_customer: assign owner, reply "{customer.name|there} {customer.city, here} {user.name or we}"
    "#);
}
