//! Open chats, messages, what is put off, and the tests about them.

use insta::assert_snapshot;

use super::super::resolve;
use super::{actions, condition, file, folder};
use crate::inbox::{AttributeId, GroupId, UserId};
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Eligibility, Presence, Priority};
use crate::policy::condition::{Attribute, ConditionKind, Fact};
use crate::policy::model::{AttributeValue, ExpectKind, GivenChat, Skill, Target, Test};

#[test]
fn actions_put_off() {
    assert_snapshot!(actions("assign owner, tag \"a\" after 0m, priority hgih after 5m, reply \"\" after 5m, tag \"\" after 5m"), @r#"
    invalid-number 1:57 `0m`: this duration is zero
      help: write a duration such as `30s`, `5m`, `12h` or `30d`
    unknown-value 1:70 `hgih`: no priority is called `hgih`
      help: did you mean `high`?
      fix: write `high`: rule "r" when new_customer: assign owner, tag "a" after 0m, priority high after 5m, reply "" after 5m, tag "" after 5m
    empty-text 1:91 `""`: this reply is empty
      help: write the text that the customer receives, or remove the reply
    empty-text 1:108 `""`: this text is empty
      help: write at least one letter or digit
    "#);
    assert_snapshot!(actions("assign owner, reply \"{user.name or we} of {group}, {owner.name} {number}\" after 5m"), @"
    late-placeholder 1:50 `{user.name or we}`: who has the chat may have changed when this reply is sent
      help: a reply with `after` cannot name the user or the group: write it without, or send it at once
    late-placeholder 1:71 `{group}`: who has the chat may have changed when this reply is sent
      help: a reply with `after` cannot name the user or the group: write it without, or send it at once
    ");
    assert_snapshot!(file("also when new_customer: reply \"{group}\" once per 1d after 5m"), @"
    late-placeholder 1:32 `{group}`: who has the chat may have changed when this reply is sent
      help: a reply with `after` cannot name the user or the group: write it without, or send it at once
    ");
    let text = "when new_customer: tag \"b\" after 1h, assign owner, priority low, reply \"later\" after 1h, reply \"now\",\
                priority urgent after 5m, priority high after 5m, tag \"c\" after 60m, tag \"a\"";
    let folder = folder(&[("+15550100.rules", text)]);
    let policy = resolve(&folder, "+15550100.rules").policy;
    let rule = &policy.rules[0];
    assert_eq!((rule.replies.len(), &*rule.tags, rule.priority), (1, &["a".into()][..], Some(Priority::Low)));
    let [soon, late] = rule.later() else { panic!("{:?}", rule.schedule) };
    assert_eq!(
        (soon.after, soon.replies.len(), soon.tags.len(), soon.priority),
        (300, 0, 0, Some(Priority::Urgent))
    );
    assert_eq!((late.after, late.replies.len(), late.priority), (3600, 1, None));
    assert_eq!(&*late.tags, &["b".into(), "c".into()]);
}

#[test]
fn the_model_of_targets_and_chats() {
    let text = "move rule \"m\" when chat with any [\"bob\", \"carol\"]: assign group \"Sales\" with skill \"AR\" and any [\"en\", \"fr\"] \
                and customer.plan except user \"bob\" and owner by random else owner among available\n\
                also when chat in \"Support\": tag \"a\"";
    let folder = folder(&[("+15550100.rules", text)]);
    let resolved = resolve(&folder, "+15550100.rules");
    assert_eq!(resolved.findings, []);
    let [rule, also] = &*resolved.policy.rules else { panic!("{:?}", resolved.policy.rules) };
    assert_eq!((rule.kind, also.kind), (RuleKind::Move, RuleKind::Also));
    let Some(ConditionKind::Fact(Fact::ChatWith(users))) = rule.when.as_ref().map(|when| &when.kind) else {
        panic!("{rule:?}")
    };
    assert_eq!(**users, [UserId(1), UserId(2)]);
    let [first, last] = &*rule.assign.as_ref().unwrap().alternatives else { panic!("{rule:?}") };
    assert_eq!(last.target, Target::Owner { among: Some(Eligibility::Available) });
    let Target::Group(group) = &first.target else { panic!("{first:?}") };
    assert_eq!((group.excepts_owner(), group.except_users()), (true, &[UserId(1)][..]));
    let [Skill::Any(ar), Skill::Any(either), Skill::Customer(plan)] = group.skills() else {
        panic!("{group:?}")
    };
    assert_eq!((ar[0].folded.as_str(), &*ar[0].written, either.len()), ("ar", "AR", 2));
    assert_eq!(*plan, Attribute::Custom(AttributeId(0)));
}

#[test]
fn chats_and_messages() {
    assert_snapshot!(condition("chat with \"Sales\" or chat in \"alice\" or chat with any [\"bob\", \"blob\"] or chat in \"Slaes\""), @r#"
    unknown-user 1:25 `"Sales"`: `Sales` is a group, not a user
      help: did you mean `chat in "Sales"`?
      fix: write `chat in "Sales"`: rule "r" when chat in "Sales" or chat in "alice" or chat with any ["bob", "blob"] or chat in "Slaes": assign owner
    unknown-group 1:44 `"alice"`: `alice` is a user, not a group
      help: did you mean `chat with "alice"`?
      fix: write `chat with "alice"`: rule "r" when chat with "Sales" or chat with "alice" or chat with any ["bob", "blob"] or chat in "Slaes": assign owner
    unknown-user 1:77 `"blob"`: no user is called `blob`
      help: did you mean `bob`?
      fix: write `bob`: rule "r" when chat with "Sales" or chat in "alice" or chat with any ["bob", "bob"] or chat in "Slaes": assign owner
    unknown-group 1:96 `"Slaes"`: no group is called `Slaes`
      help: did you mean `Sales`?
      fix: write `Sales`: rule "r" when chat with "Sales" or chat in "alice" or chat with any ["bob", "blob"] or chat in "Sales": assign owner
    "#);
    assert_snapshot!(condition("chat.opn_for > 1d or chat.open_for or chat.waiting_for > 5 or chat.open_for is \"1d\""), @r#"
    unknown-attribute 1:20 `opn_for`: a chat has no `opn_for`
      help: did you mean `open_for`?
      fix: write `open_for`: rule "r" when chat.open_for > 1d or chat.open_for or chat.waiting_for > 5 or chat.open_for is "1d": assign owner
    type-mismatch 1:41 `open_for`: `open_for` is a duration, so it needs a comparison
      help: write a comparison such as `chat.open_for > 1d`
    type-mismatch 1:72 `5`: `waiting_for` must be compared with a duration
      help: write a comparison such as `chat.waiting_for > 10m`; the units are `s` seconds, `m` minutes, `h` hours, `d` days
    type-mismatch 1:82 `open_for`: `open_for` is a duration, so it needs a comparison
      help: write a comparison such as `chat.open_for > 1d`
    "#);
    assert_snapshot!(condition("chat.answered or chat.user is \"bob\" or chat.group is \"Sales\" or chat.tags contains \"a\" or chat.color"), @r#"
    unknown-attribute 1:20 `answered`: a chat has no `answered`
      help: did you mean `chat_answered`?
      fix: write `chat_answered`: rule "r" when chat_answered or chat.user is "bob" or chat.group is "Sales" or chat.tags contains "a" or chat.color: assign owner
    unknown-attribute 1:37 `user`: a chat has no `user`
      help: write `chat with "…"`
    unknown-attribute 1:59 `group`: a chat has no `group`
      help: write `chat in "…"`
    unknown-attribute 1:84 `tags`: a chat has no `tags`
      help: write `chat has tag "…"`
    unknown-attribute 1:110 `color`: a chat has no `color`
      help: write `chat.open_for > 1d`, `chat.waiting_for > 10m`, `chat with "…"`, `chat in "…"` or `chat has tag "…"`
    "#);
    assert_snapshot!(condition("chat has tag gold or chat has tag \"\""), @r#"
    type-mismatch 1:28 `gold`: `gold` needs quotes around it, because a tag is a text
      fix: write `"gold"`: rule "r" when chat has tag "gold" or chat has tag "": assign owner
    empty-text 1:49 `""`: this text is empty
      help: write at least one letter or digit
    "#);
    assert_snapshot!(condition("user_online in \"Sales\" or owner_away = 2"), @r#"
    type-mismatch 1:15 `user_online in "Sales"`: `user_online` does not take a group
      help: `user_online and chat in "Sales"` asks for the group of the chat too, `any_online in "Sales"` for anybody in the group
    type-mismatch 1:52 `= 2`: `owner_away` is true or false, so it cannot be compared with a number
      help: write `owner_away` alone, or compare `online`, `available` or `waiting`
    "#);
    assert_snapshot!(condition("message has forwarded or message has age or message has image"), @r#"
    type-mismatch 1:27 `forwarded`: `forwarded` is known of every message
      help: write `message.forwarded`
      fix: write `message.forwarded`: rule "r" when message.forwarded or message has age or message has image: assign owner
    type-mismatch 1:52 `age`: `age` is known of every message
      help: write `message.age > 1h`
    type-mismatch 1:59 `message has image`: `image` is a kind of message, which is asked with `is`
      help: write `message is image`
      fix: write `message is image`: rule "r" when message has forwarded or message has age or message is image: assign owner
    "#);
    assert_snapshot!(condition("message.forwarded is \"yes\" or message.ad or message.score is 2 or message.campain is \"a\""), @r#"
    type-mismatch 1:23 `forwarded`: `forwarded` is a flag, so it needs no comparison
      help: write `message.forwarded`, or `not message.forwarded`
    type-mismatch 1:53 `ad`: `ad` is not a flag, so it needs a comparison
      help: write `message.ad is "…"`, or `message has ad`
    type-mismatch 1:67 `score`: `score` is a number
      help: compare it with a number: `message.score = 10` or `message.score >= 10`
      fix: write `=`: rule "r" when message.forwarded is "yes" or message.ad or message.score = 2 or message.campain is "a": assign owner
    unknown-attribute 1:89 `campain`: a message has no `campain`
      help: did you mean `campaign`?
      fix: write `campaign`: rule "r" when message.forwarded is "yes" or message.ad or message.score is 2 or message.campaign is "a": assign owner
    "#);
    assert_snapshot!(condition("message.country is \"EG\" or message has plan or customer.ad is \"1\" or customer has button or message has zodiac"), @r#"
    unknown-attribute 1:23 `country`: a message has no `country`
      help: it is the customer who has it: write `customer.country`
    unknown-attribute 1:54 `plan`: a message has no `plan`
      help: it is the customer who has it: write `customer.plan`
    unknown-attribute 1:71 `ad`: customers have no attribute `ad`
      help: it is the message that has it: write `message.ad`
    unknown-attribute 1:97 `button`: customers have no attribute `button`
      help: it is the message that has it: write `message.button`
    unknown-attribute 1:119 `zodiac`: a message has no `zodiac`
      help: define it under `[message]` in `inbox.toml`; for the text, write `message contains "…"`
    "#);
    assert_snapshot!(condition("message.ad = \"120\" or message.button is \"\""), @r#"
    type-mismatch 1:26 `=`: `ad` is a text: compare it with `is`, not `=`
      help: did you mean `is`?
      fix: write `is`: rule "r" when message.ad is "120" or message.button is "": assign owner
    empty-text 1:55 `""`: this text is empty
      help: write `not message has button`
    "#);
}

#[test]
fn words_that_stay_free() {
    assert_eq!(
        file(
            "let kept = new_customer\nlet open_for = kept\nlet ad = open_for\nrule \"r\" when ad: assign owner"
        ),
        ""
    );
    assert_snapshot!(file("let chat = new_customer\nlet move = new_customer\nlet user_away = new_customer\nlet button = new_customer"), @"
    syntax 1:5 `chat`: `chat` is a word of the language, so it cannot be a name
      help: choose another name
    syntax 2:5 `move`: `move` is a word of the language, so it cannot be a name
      help: choose another name
    syntax 3:5 `user_away`: `user_away` is a word of the language, so it cannot be a name
      help: choose another name
    syntax 4:5 `button`: `button` is a word of the language, so it cannot be a name
      help: choose another name
    ");
}

#[test]
fn move_rules() {
    assert_snapshot!(file(r#"
rule "a" when new_customer: assign owner
otherwise: assign nobody
move rule "a" when chat_open: tag "x"
move rule "b" when chat_open: assign owner, assign nobody
also when chat_open: tag "x"
move
rule "c"
when chat_waiting: assign group "Sales" by random
"#), @r#"
    duplicate-name 4:11 `"a"`: two rules are called `a`
      help: rename one of them, so that a decision can tell them apart
      +15550100.rules: the first one is here
    missing-assign 4:11 `"a"`: this rule does not say who takes the chat
      help: add `assign owner`, `assign group "…" by least_chats` or `assign nobody`; a rule that only replies or tags is an `also` rule
    several-assigns 5:45 `assign nobody`: this rule assigns twice
      help: join them with `else` if the second is for when the first finds nobody
      +15550100.rules: it assigns here first
    "#);
}

#[test]
fn tests_of_chats_are_resolved() {
    assert_snapshot!(file(r#"
test "a":
    given customer new
    given chat with "alice", waiting, waiting_for 5m, with "ailce", open_fr 2h
    expect after 0m waiting
test "b":
    given chat in "Sales", tag "a", tag "b"
    given chat waiting
    given message ad "120"
    expect assign user any ["alice", "blob"]
test "c":
    given chat with "alice", waiting_for 5m
    given message "hi", aged 2h, campain "x", ad 12, score "a", forwarded "yes", campaign
    given online group "Sales", "bob" with 3 chats, group "Slaes"
    given away group "Support", group "Sales"
    given at fri 25:00
    expect after 5m priority hgih
test "d":
    given message forwarded aged 2h
    given chat waiting, answered, in "alice"
    given online "Support", "Sales" with 2 chats
    expect kept
"#), @r#"
    syntax 3:20 `new`: a new customer has no open chat
      help: write `returning`, or remove one of the two
    syntax 4:30 `waiting`: a chat that waits is with nobody
      help: write `with "…"` or `waiting`, not both
      +15550100.rules: here it is with a user
    syntax 4:55 `with "ailce"`: `with` is said twice of the chat
      help: remove one of the two
      +15550100.rules: it is first said here
    unknown-user 4:60 `"ailce"`: no user is called `ailce`
      help: did you mean `alice`?
      fix: write `alice`:     given chat with "alice", waiting, waiting_for 5m, with "alice", open_fr 2h
    unknown-value 4:69 `open_fr`: a chat has no time called `open_fr`
      help: did you mean `open_for`?
      fix: write `open_for`:     given chat with "alice", waiting, waiting_for 5m, with "ailce", open_for 2h
    invalid-number 5:18 `0m`: this duration is zero
      help: write a duration such as `30s`, `5m`, `12h` or `30d`
    syntax 7:16 `in "Sales", tag "a", tag "b"`: this does not say who has the chat
      help: add `with "…"`, or `waiting` if nobody has it
    syntax 8:16 `waiting`: the chat is given twice
      help: a customer has at most one open chat with a number: write it all in one `given chat`
    syntax 9:19 `ad`: `ad` comes after the text of the message and a comma
      help: write `given message "hello", ad`
      fix: write `"hello", ad`:     given message "hello", ad "120"
    unknown-user 10:38 `"blob"`: no user is called `blob`
      help: did you mean `bob`?
      fix: write `bob`:     expect assign user any ["alice", "bob"]
    syntax 12:30 `waiting_for 5m`: a chat that is with a user does not wait
      help: write `waiting` in place of `with "…"`, or `open_for` for the time since it was opened
      +15550100.rules: here it is with a user
    syntax 13:25 `aged`: the age of the message comes before the first comma
      help: write `given message "…" aged 2h, …`
    unknown-attribute 13:34 `campain`: a message has no `campain`
      help: did you mean `campaign`?
      fix: write `campaign`:     given message "hi", aged 2h, campaign "x", ad 12, score "a", forwarded "yes", campaign
    type-mismatch 13:50 `12`: `ad` is a text
      help: write `ad "…"`
    type-mismatch 13:60 `"a"`: `score` is a number
      help: write `score 12`
    type-mismatch 13:75 `"yes"`: `forwarded` is a flag
      help: write `forwarded`, or `not forwarded`
    type-mismatch 13:82 `campaign`: `campaign` is not a flag, so it needs a value
      help: write a value, as in `plan "gold"` or `orders 12`
    unknown-group 14:59 `"Slaes"`: no group is called `Slaes`
      help: did you mean `Sales`?
      fix: write `Sales`:     given online group "Sales", "bob" with 3 chats, group "Sales"
    duplicate-name 15:39 `"Sales"`: `alice` is given twice
      +15550100.rules: it is first given here
    invalid-hours 16:14 `fri 25:00`: there is no such date and time
      help: write it in the form `2026-11-24 18:30`
    unknown-value 17:30 `hgih`: no priority is called `hgih`
      help: did you mean `high`?
      fix: write `high`:     expect after 5m priority high
    syntax 19:19 `forwarded`: `forwarded` comes after the text of the message and a comma
      help: write `given message "hello", forwarded`
    unknown-group 20:38 `"alice"`: no group is called `alice`
      help: `alice` is a user: write `user "alice"`
    unknown-user 21:18 `"Support"`: `Support` is a group, not a user
      help: did you mean `group "Support"`?
      fix: write `group "Support"`:     given online group "Support", "Sales" with 2 chats
    unknown-user 21:29 `"Sales"`: no user is called `Sales`
      help: `Sales` is a group: write `group "Sales"`
    "#);
}

#[test]
fn what_a_test_gives() {
    let text = r#"
test "t":
    given away "carol"
    given online group "Support", "alice" with 2 chats, group "Sales"
    given chat waiting_for 10m, in "Sales", tag "a", answered, open_for 2h, waiting
    given message "hi" aged 2h, ad "120", campaign "spring", forwarded, not test_run, score 2.5
    given at sun 22:00
    expect not rule "x"
    expect after 5m assign user any ["alice", "bob"]
    expect no tag "a"
"#;
    let folder = folder(&[("+15550100.rules", text)]);
    let resolved = resolve(&folder, "+15550100.rules");
    assert_eq!(resolved.findings, []);
    let Test { given, expects, .. } = &resolved.policy.tests[0];
    let users: Vec<_> = given.users.iter().map(|user| (user.user.0, user.presence, user.chats)).collect();
    assert_eq!(users, [(2, Presence::Away, 0), (0, Presence::Online, 2), (1, Presence::Online, 0)]);
    assert!(given.returning);
    let chat = GivenChat {
        user: None,
        group: Some(GroupId(0)),
        tags: vec!["a".into()],
        answered: true,
        open_for: Some(7_200),
        waiting_for: Some(600),
    };
    assert_eq!(given.chat, Some(chat));
    let message = given.message.as_ref().unwrap();
    assert_eq!((message.age, message.attributes.len()), (Some(7_200), 5));
    assert_eq!(message.attributes[2], (Attribute::Forwarded, AttributeValue::Flag(true)));
    assert_eq!(given.at.unwrap().to_string(), "2026-01-11T22:00:00");
    assert_eq!(expects[0].kind, ExpectKind::NotRule("x".into()));
    assert_eq!(expects[1].after, Some(300));
    assert_eq!(expects[1].kind, ExpectKind::AssignUser([UserId(0), UserId(1)].into()));
    assert_eq!(expects[2].kind, ExpectKind::NoTag("a".into()));
}
