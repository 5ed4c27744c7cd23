//! The findings about names and types.

use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_snapshot;

use super::resolve;
use crate::diagnostic::apply_fixes;
use crate::policy::file::RuleFile;
use crate::policy::folder::Folder;
use crate::testing::INBOX;
use crate::text::Source;

mod advice;
mod chats;

fn folder(files: &[(&str, &str)]) -> Folder {
    let parsed = files
        .iter()
        .map(|(name, text)| (Arc::from(*name), Arc::new(RuleFile::parse(Source::new(*name, *text)))));
    let inbox = INBOX.replace("[message]\n", "[message]\nscore = \"number\"\ntest_run = \"flag\"\n");
    let folder = Folder::new(Some(Source::new("inbox.toml", inbox)), parsed.collect::<BTreeMap<_, _>>());
    assert_eq!(folder.findings, []);
    folder
}

/// The findings of the file called `name`, each with its help and the line that its fix writes.
fn findings(files: &[(&str, &str)], name: &str) -> String {
    let folder = folder(files);
    let file = folder.files.get(name).unwrap();
    assert_eq!(file.findings, [], "the parser finds nothing");
    let lines = resolve(&folder, name).findings.into_iter().map(|finding| {
        let place = file.lines().position(&file.source.text, finding.span.start);
        let at = file.source.slice(finding.span);
        let mut line =
            format!("{} {}:{} `{at}`: {}", finding.code, place.line, place.column, finding.message);
        if let Some(help) = &finding.help {
            line += &format!("\n  help: {help}");
        }
        for related in &finding.related {
            line += &format!("\n  {}: {}", related.file, related.message);
        }
        if let Some(fix) = &finding.fix {
            let fixed = apply_fixes(&file.source.text, &[fix]).0;
            line +=
                &format!("\n  fix: {}: {}", fix.title, fixed.lines().nth(place.line as usize - 1).unwrap());
        }
        line
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The findings of a condition.
#[track_caller]
fn condition(condition: &str) -> String {
    findings(&[("+15550100.rules", &format!("rule \"r\" when {condition}: assign owner"))], "+15550100.rules")
}

/// The findings of the actions of a rule.
#[track_caller]
fn actions(actions: &str) -> String {
    findings(&[("+15550100.rules", &format!("rule \"r\" when new_customer: {actions}"))], "+15550100.rules")
}

/// The findings of a whole file.
#[track_caller]
fn file(text: &str) -> String {
    findings(&[("+15550100.rules", text)], "+15550100.rules")
}

#[test]
fn sound_conditions() {
    for sound in [
        "any_online in \"Sales\" and not owner_offline",
        "online in \"Sales\" >= 2 or waiting < 1_000 or available = 0",
        "message contains any [\"refund\", \"money back\"]",
        "message is not any [image, video] and message.age > 1h",
        "customer.plan is \"GOLD\" and customer.orders >= 2.5 and customer.blocked and customer has city",
        "customer.country is not any [\"EG\", \"SA\"] and customer.silent_for > 30d",
        "during mon-fri 09:00-12:30 or during 2026-12-24..2026-12-26",
        "customer has tag any [\"vip\", \"gold\"] and customer.phone starts with \"+20\"",
        "message matches /order\\s*#?\\d+/",
        "owner_away or chat_open or chat_waiting or chat_answered or user_online or user_offline or user_away",
        "chat with \"bob\" or chat with any [\"bob\", \"carol\"] or chat in \"Support\" or chat has tag \"t\"",
        "chat has tag any [\"a\", \"b\"] and chat.open_for > 1d and chat.waiting_for <= 10m",
        "message.ad is \"120\" and message.ad_text contains \"sale\" and message.button is not any [\"a\", \"b\"]",
        "message.forwarded and message has ad and message has campaign and message.campaign starts with \"s\"",
        "message.score >= 2 and message.test_run and not message has test_run",
    ] {
        assert_eq!(condition(sound), "", "{sound}");
    }
}

#[test]
fn unknown_words() {
    assert_snapshot!(condition("new_costumer"), @r#"
    unknown-fact 1:15 `new_costumer`: there is no condition called `new_costumer`
      help: did you mean `new_customer`?
      fix: write `new_customer`: rule "r" when new_customer: assign owner
    "#);
    assert_snapshot!(condition("banana"), @"
    unknown-fact 1:15 `banana`: there is no condition called `banana`
      help: write a condition such as `new_customer`, or define it: `let banana = …`
    ");
    assert_snapshot!(condition("any_online in \"Slaes\""), @r#"
    unknown-group 1:29 `"Slaes"`: no group is called `Slaes`
      help: did you mean `Sales`?
      fix: write `Sales`: rule "r" when any_online in "Sales": assign owner
    "#);
    assert_snapshot!(condition("any_online in \"alice\""), @r#"
    unknown-group 1:29 `"alice"`: `alice` is a user, not a group
      help: there is no condition about one user: write `assign user "alice" among online`, with another alternative after `else`
    "#);
    assert_snapshot!(condition("during ofice"), @"
    unknown-definition 1:22 `ofice`: no hours or dates are called `ofice`
      help: define them: `hours ofice = mon-fri 09:00-17:00`
    ");
    assert_snapshot!(condition("customer.pln is \"gold\" and customer has zodiac"), @r#"
    unknown-attribute 1:24 `pln`: customers have no attribute `pln`
      help: did you mean `plan`?
      fix: write `plan`: rule "r" when customer.plan is "gold" and customer has zodiac: assign owner
    unknown-attribute 1:55 `zodiac`: customers have no attribute `zodiac`
      help: define it under `[attributes]` in `inbox.toml`; for a tag, write `customer has tag "zodiac"`
    "#);
    assert_snapshot!(condition("message.text contains \"a\""), @r#"
    unknown-attribute 1:23 `text`: a message has no `text`
      help: write `message contains "…"` or `message is "…"`
    "#);
    assert_snapshot!(condition("message is picture"), @r#"
    unknown-value 1:26 `picture`: no kind of message is called `picture`
      help: here it is called `image`
      fix: write `image`: rule "r" when message is image: assign owner
    "#);
    assert_snapshot!(condition("customer.plan is any [\"gold\", \"golden\", \"silver\"]"), @r#"
    unknown-value 1:45 `"golden"`: `golden` is not one of the words of `plan`
      help: did you mean `gold`?
      fix: write `gold`: rule "r" when customer.plan is any ["gold", "gold", "silver"]: assign owner
    unknown-value 1:55 `"silver"`: `silver` is not one of the words of `plan`
      help: `inbox.toml` lists `free`, `gold`
    "#);
}

#[test]
fn wrong_types() {
    assert_snapshot!(condition("new_customer in \"Sales\""), @r#"
    type-mismatch 1:15 `new_customer in "Sales"`: `new_customer` does not take a group
      help: customers are in no group; `any_online in "Sales"` asks who is online there
    "#);
    assert_snapshot!(condition("any_online >= 2"), @r#"
    type-mismatch 1:26 `>= 2`: `any_online` is true or false, so it cannot be compared with a number
      help: to count who is online, write `online >= 2`
    "#);
    assert_snapshot!(condition("online in \"Sales\""), @"
    type-mismatch 1:15 `online`: `online` is a number, so it needs a comparison
      help: write `online >= 1`, or `any_online`
    ");
    assert_snapshot!(condition("online >= 2.5 or waiting > 1001 or available < \"a\""), @r#"
    invalid-number 1:25 `2.5`: `online` must be compared with a whole number from 0 to 1000
    invalid-number 1:42 `1001`: `waiting` must be compared with a whole number from 0 to 1000
    type-mismatch 1:62 `"a"`: `available` must be compared with a number
      help: write a comparison such as `>= 2`
    "#);
    assert_snapshot!(condition("message is 1"), @r#"
    type-mismatch 1:26 `1`: `1` needs quotes around it, because the message is a text
      fix: write `"1"`: rule "r" when message is "1": assign owner
    "#);
    assert_snapshot!(condition("message contains refund"), @r#"
    type-mismatch 1:32 `refund`: `refund` needs quotes around it, because the message is a text
      fix: write `"refund"`: rule "r" when message contains "refund": assign owner
    "#);
    assert_snapshot!(condition("message is any [image, \"a\"]"), @r#"type-mismatch 1:38 `"a"`: a list has either texts or kinds of message, not both"#);
    assert_snapshot!(condition("customer.orders is 10"), @r#"
    type-mismatch 1:24 `orders`: `orders` is a number
      help: compare it with a number: `customer.orders = 10` or `customer.orders >= 10`
      fix: write `=`: rule "r" when customer.orders = 10: assign owner
    "#);
    assert_snapshot!(condition("customer.orders contains \"1\""), @"
    type-mismatch 1:24 `orders`: `orders` is a number
      help: compare it with a number: `customer.orders = 10` or `customer.orders >= 10`
    ");
    assert_snapshot!(condition("customer.city = \"Cairo\""), @r#"
    type-mismatch 1:29 `=`: `city` is a text: compare it with `is`, not `=`
      help: did you mean `is`?
      fix: write `is`: rule "r" when customer.city is "Cairo": assign owner
    "#);
    assert_snapshot!(condition("customer.blocked is \"yes\""), @"
    type-mismatch 1:24 `blocked`: `blocked` is a flag, so it needs no comparison
      help: write `customer.blocked`, or `not customer.blocked`
    ");
    assert_snapshot!(condition("customer.plan"), @r#"
    type-mismatch 1:24 `plan`: `plan` is not a flag, so it needs a comparison
      help: write `customer.plan is "free"`, or `customer has plan`
    "#);
    assert_snapshot!(condition("customer.plan starts with \"g\""), @r#"
    type-mismatch 1:24 `plan`: `plan` has one of the words that `inbox.toml` lists
      help: use `customer.plan is "…"` or `is any ["…", "…"]`
    "#);
    assert_snapshot!(condition("customer.silent_for > 30"), @"
    type-mismatch 1:37 `30`: `silent_for` must be compared with a duration
      help: write a comparison such as `customer.silent_for > 30d`; the units are `s` seconds, `m` minutes, `h` hours, `d` days
    ");
    assert_snapshot!(condition("message.age is \"1h\""), @"
    type-mismatch 1:23 `age`: `age` is a duration, so it needs a comparison
      help: write a comparison such as `message.age > 1h`
    ");
}

#[test]
fn empty_texts_and_patterns() {
    assert_snapshot!(condition("message contains \"\" or message is \"\u{640}\""), @r#"
    empty-text 1:32 `""`: this text is empty
      help: write at least one letter or digit
    empty-text 1:49 `"ـ"`: this text has no characters that count in a comparison
      help: write at least one letter or digit
    "#);
    assert_snapshot!(condition("message is any [\"\u{1f3fd}\", \"…\"]"), @r#"
    empty-text 1:31 `"🏽"`: this text has no characters that count in a comparison
      help: write at least one letter or digit
    "#);
    assert_snapshot!(condition("message matches /(refund/"), @r"
    invalid-pattern 1:31 `/(refund/`: this pattern is not valid: unclosed group
      help: to match a character such as `(`, `[`, `*` or `+` itself, write `\` before it
    ");
    assert_snapshot!(condition("message matches /(?=a)b/"), @r"
    invalid-pattern 1:31 `/(?=a)b/`: this pattern is not valid: look-around, including look-ahead and look-behind, is not supported
      help: to match a character such as `(`, `[`, `*` or `+` itself, write `\` before it
    ");
    assert_snapshot!(condition("message matches /(a{1000}){1000}/"), @"
    invalid-pattern 1:31 `/(a{1000}){1000}/`: this pattern is too large
      help: shorten it, or use smaller repetition counts
    ");
}

#[test]
fn sound_actions() {
    for sound in [
        "assign group \"Sales\" with skill customer.language by least_load among available for 5m else user \"bob\"",
        "reply \"Hi {customer.name or there}, {{plan}} {customer.plan or none}\" once per 12h, assign owner else nobody,",
        "assign owner among online else user \"bob\" among available",
        "assign group \"Sales\" with skill \"ar\" and any [\"fr\", \"en\"] and customer.plan and customer.name by random",
        "assign group \"Sales\" except user \"bob\" and owner and user \"bob\" by weighted among everyone",
        "assign nobody, reply \"a {owner.name}\" once per 12h after 5m, tag \"a\" after 5m, priority low after 1d",
        "assign group \"Support\" by hand, tag \"a\", priority urgent, reply \"{group} {number} {user.name} {owner.name}\"",
    ] {
        assert_eq!(actions(sound), "", "{sound}");
    }
}

#[test]
fn wrong_actions() {
    assert_snapshot!(actions("assign user \"Sales\""), @r#"
    unknown-user 1:41 `"Sales"`: `Sales` is a group, not a user
      help: say how one of its members is chosen: `group "Sales" by in_order`, `by least_chats`, …
    "#);
    assert_snapshot!(actions("assign user \"Alice\" else user \"blob\""), @r#"
    unknown-user 1:41 `"Alice"`: no user is called `Alice`
      help: did you mean `alice`?
      fix: write `alice`: rule "r" when new_customer: assign user "alice" else user "blob"
    unknown-user 1:59 `"blob"`: no user is called `blob`
      help: did you mean `bob`?
      fix: write `bob`: rule "r" when new_customer: assign user "Alice" else user "bob"
    "#);
    assert_snapshot!(actions("assign group \"Sales\" by round_robin"), @r#"
    unknown-algorithm 1:53 `round_robin`: no algorithm is called `round_robin`
      help: here it is called `in_order`
      fix: write `in_order`: rule "r" when new_customer: assign group "Sales" by in_order
    "#);
    assert_snapshot!(actions("assign group \"Sales\" by least_chat among availble"), @r#"
    unknown-algorithm 1:53 `least_chat`: no algorithm is called `least_chat`
      help: did you mean `least_chats`?
      fix: write `least_chats`: rule "r" when new_customer: assign group "Sales" by least_chats among availble
    unknown-value 1:70 `availble`: `among` cannot be followed by `availble`
      help: did you mean `available`?
      fix: write `available`: rule "r" when new_customer: assign group "Sales" by least_chat among available
    "#);
    assert_snapshot!(actions("assign group \"Sales\" by banana"), @"
    unknown-algorithm 1:53 `banana`: no algorithm is called `banana`
      help: the algorithms are `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted` or `hand`
    ");
    assert_snapshot!(actions("assign group \"Sales\" with skill customer.orders and customer.silent_for and customer.blocked and customer.x by random"), @r#"
    type-mismatch 1:70 `orders`: `customer.orders` is a number, so it cannot name a skill
      help: use an attribute that is a text or has a list of words, such as `customer.language`
    type-mismatch 1:90 `silent_for`: `customer.silent_for` is a duration, so it cannot name a skill
      help: use an attribute that is a text or has a list of words, such as `customer.language`
    type-mismatch 1:114 `blocked`: `customer.blocked` is a flag, so it cannot name a skill
      help: use an attribute that is a text or has a list of words, such as `customer.language`
    unknown-attribute 1:135 `x`: customers have no attribute `x`
      help: define it under `[attributes]` in `inbox.toml`; for a tag, write `customer has tag "x"`
    "#);
    assert_snapshot!(actions("assign group \"Sales\" with skill \"en\" and plan by random"), @r#"
    type-mismatch 1:70 `plan`: `plan` needs quotes around it, because a skill is a text
      help: write `customer.plan` for what the customer has, or `"plan"` for that skill
    "#);
    assert_snapshot!(actions("assign group \"Sales\" with skill fr and any [\"ar\", \"\"] by random"), @r#"
    type-mismatch 1:61 `fr`: `fr` needs quotes around it, because a skill is a text
      fix: write `"fr"`: rule "r" when new_customer: assign group "Sales" with skill "fr" and any ["ar", ""] by random
    empty-text 1:79 `""`: this text is empty
      help: write at least one letter or digit
    "#);
    assert_snapshot!(actions("assign group \"Sales\" except user \"Support\" and user \"blob\" by random"), @r#"
    unknown-user 1:62 `"Support"`: no user is called `Support`
      help: `Support` is a group: write `group "Support"`
    unknown-user 1:81 `"blob"`: no user is called `blob`
      help: did you mean `bob`?
      fix: write `bob`: rule "r" when new_customer: assign group "Sales" except user "Support" and user "bob" by random
    "#);
    assert_snapshot!(actions("assign owner among everyone else user \"bob\" among everyone else user \"bob\" among onlin"), @r#"
    syntax 1:48 `everyone`: the owner is one person, so `among everyone` has no meaning here
      help: write `among online` or `among available`, or neither: then it does not matter who is online
      fix: remove `among everyone`: rule "r" when new_customer: assign owner else user "bob" among everyone else user "bob" among onlin
    syntax 1:79 `everyone`: a user is one person, so `among everyone` has no meaning here
      help: write `among online` or `among available`, or neither: then it does not matter who is online
      fix: remove `among everyone`: rule "r" when new_customer: assign owner among everyone else user "bob" else user "bob" among onlin
    unknown-value 1:110 `onlin`: `among` cannot be followed by `onlin`
      help: did you mean `online`?
      fix: write `online`: rule "r" when new_customer: assign owner among everyone else user "bob" among everyone else user "bob" among online
    "#);
    assert_snapshot!(actions("assign owner for 5m"), @"
    syntax 1:46 `5m`: `for` sets how long to wait before the next alternative, but there is none
      help: add `else` and another alternative, or remove the time
    ");
    assert_snapshot!(actions("assign owner for 0s else nobody"), @"
    invalid-number 1:46 `0s`: this duration is zero
      help: write a duration such as `30s`, `5m`, `12h` or `30d`
    ");
    assert_snapshot!(actions("assign owner, assign nobody"), @"
    several-assigns 1:43 `assign nobody`: this rule assigns twice
      help: join them with `else` if the second is for when the first finds nobody
      +15550100.rules: it assigns here first
    ");
    assert_snapshot!(actions("tag \"a\", priority hihg"), @r#"
    missing-assign 1:6 `"r"`: this rule does not say who takes the chat
      help: add `assign owner`, `assign group "…" by least_chats` or `assign nobody`; a rule that only replies or tags is an `also` rule
    unknown-value 1:47 `hihg`: no priority is called `hihg`
      help: did you mean `high`?
      fix: write `high`: rule "r" when new_customer: tag "a", priority high
    "#);
    assert_snapshot!(actions("assign owner, tag \"\", reply \" \""), @r#"
    empty-text 1:47 `""`: this text is empty
      help: write at least one letter or digit
    empty-text 1:57 `" "`: this reply is empty
      help: write the text that the customer receives, or remove the reply
    "#);
    assert_snapshot!(actions(&format!("assign owner, reply \"{}\"", "a".repeat(4097))).replace(&"a".repeat(4097), "a…"), @r#"
    reply-too-long 1:49 `"a…"`: this reply has 4097 characters, but WhatsApp accepts at most 4096
      help: shorten it, or split it into two replies
    "#);
}

#[test]
fn placeholders() {
    assert_snapshot!(actions("assign owner, reply \"{custmer.name} {customer.nmae or you} {banana}\""), @r#"
    unknown-placeholder 1:50 `{custmer.name}`: no placeholder is called `custmer.name`
      help: did you mean `{customer.name}`?
      fix: write `{customer.name}`: rule "r" when new_customer: assign owner, reply "{customer.name} {customer.nmae or you} {banana}"
    unknown-placeholder 1:65 `{customer.nmae or you}`: no placeholder is called `customer.nmae`
      help: did you mean `{customer.name}`?
      fix: write `{customer.name}`: rule "r" when new_customer: assign owner, reply "{custmer.name} {customer.name or you} {banana}"
    unknown-placeholder 1:88 `{banana}`: no placeholder is called `banana`
      help: write one of `{customer.name}`, `{customer.country}`, `{customer.language}`, `{customer.phone}`, `{owner.name}`, `{user.name}`, `{group}`, `{number}`, `{customer.plan}`, `{customer.orders}`, `{customer.city}`, `{customer.blocked}`; a brace itself is `{{`
    "#);
    assert!(!actions("assign owner, reply \"I am {user.name.} Hi\"").contains("fix:"));
    assert_snapshot!(actions("assign owner, reply \"a } b {\""), @r#"
    syntax 1:52 `}`: this `}` has no matching `{`
      help: write `{` where the placeholder starts, or `}}` for the brace itself
    syntax 1:56 `{`: this `{` is never closed
      help: write `{customer.name}` for a value, or `{{` for the brace itself
    "#);
    assert_snapshot!(actions("assign owner, reply \"{} {customer.silent_for}\""), @"
    unknown-placeholder 1:50 `{}`: this placeholder is empty
      help: write one of `{customer.name}`, `{customer.country}`, `{customer.language}`, `{customer.phone}`, `{owner.name}`, `{user.name}`, `{group}`, `{number}`, `{customer.plan}`, `{customer.orders}`, `{customer.city}`, `{customer.blocked}`; a brace itself is `{{`
    unknown-placeholder 1:53 `{customer.silent_for}`: no placeholder is called `customer.silent_for`
      help: write one of `{customer.name}`, `{customer.country}`, `{customer.language}`, `{customer.phone}`, `{owner.name}`, `{user.name}`, `{group}`, `{number}`, `{customer.plan}`, `{customer.orders}`, `{customer.city}`, `{customer.blocked}`; a brace itself is `{{`
    ");
}

#[test]
fn the_order_and_names_of_rules() {
    assert_snapshot!(file(r#"
rule "a" when new_customer: assign owner
rule "a" when returning_customer: assign owner
otherwise: assign nobody
also when new_customer: tag "late"
also when new_customer: assign owner
when has_owner: assign owner
rule "" otherwise: assign owner
"#), @r#"
    duplicate-name 3:6 `"a"`: two rules are called `a`
      help: rename one of them, so that a decision can tell them apart
      +15550100.rules: the first one is here
    assign-in-also 6:25 `assign owner`: an `also` rule cannot assign
      help: remove `also`, or move the `assign` into a rule of its own
    rule-after-otherwise 7:6 `has_owner`: no message gets past `otherwise` to this rule
      help: move `otherwise` to the end; only `also` and `move` rules may follow it
      +15550100.rules: this takes every remaining message
    empty-text 8:6 `""`: the name of this rule is empty
      help: write what the rule is for
    rule-after-otherwise 8:6 `""`: no message gets past `otherwise` to this rule
      help: move `otherwise` to the end; only `also` and `move` rules may follow it
      +15550100.rules: this takes every remaining message
    "#);
}

#[test]
fn definitions() {
    assert_snapshot!(file(r#"
let vip = customer has tag "vip"
let vip = has_owner
let any_online = has_owner
let a = b and vip
let b = not a
let self = self
hours office = mon-fri 09:00-17:00 except vip, holidays, unknown
dates holidays = dec 25
rule "r" when office and during vip and during holidays: assign owner
timezone "Africa/Ciaro"
timezone "UTC"
"#), @r#"
    duplicate-name 3:5 `vip`: `vip` is defined twice
      help: rename one of them: definitions, hours and dates share one set of names
      +15550100.rules: it is first defined here
    syntax 4:5 `any_online`: `any_online` is a word of the language, so it cannot be a name
      help: choose another name
    definition-cycle 5:5 `a`: these definitions form a cycle: `a` uses `b`, which uses `a`
      help: define one of them without the others
    definition-cycle 7:5 `self`: `self` is defined in terms of itself
      help: define one of them without the others
    type-mismatch 8:43 `vip`: `vip` is a condition, but only dates are allowed here
      help: define dates with `dates NAME = dec 25, …`
    unknown-definition 8:58 `unknown`: no dates are called `unknown`
      help: define them: `dates unknown = dec 25, 2026-03-20..2026-03-22`
    type-mismatch 10:15 `office`: `office` names hours, which are not a condition by themselves
      help: did you mean `during office`?
      fix: write `during office`: rule "r" when during office and during vip and during holidays: assign owner
    type-mismatch 10:33 `vip`: `vip` is a condition, not hours or dates
      help: remove `during`
    unknown-timezone 11:10 `"Africa/Ciaro"`: there is no time zone called `Africa/Ciaro`
      help: did you mean `Africa/Cairo`?
      fix: write `Africa/Cairo`: timezone "Africa/Cairo"
    duplicate-name 12:1 `timezone "UTC"`: the time zone is set twice
      +15550100.rules: it is first set here
    "#);
}

#[test]
fn the_depth_of_definitions_is_limited() {
    let chain = |length: usize| {
        let links: Vec<String> = (1..length).map(|n| format!("let d{n} = d{}", n - 1)).collect();
        file(&format!(
            "let d0 = new_customer\n{}\nrule \"r\" when d{}: assign owner",
            links.join("\n"),
            length - 1
        ))
    };
    assert_eq!(chain(60), "");
    assert_snapshot!(chain(70), @"
    syntax 66:5 `d65`: with the definitions it uses, this condition is nested more than 64 levels deep
      help: replace some of the definitions with their conditions
    ");
    assert_ne!(chain(20_000), "");
}

#[test]
fn used_files() {
    let policy = "use \"common.rules\"\nuse \"comon.rules\"\nuse \"../x.rules\"\nlet vip = new_customer\n\
                  rule \"r\" when vip and deep and during office: assign owner";
    let common = "use \"deep.rules\"\nlet vip = has_owner\nhours office = mon-fri\nlet wrong = banana";
    let files =
        [("+15550100.rules", policy), ("common.rules", common), ("deep.rules", "let deep = has_owner")];
    assert_snapshot!(findings(&files, "+15550100.rules"), @r#"
    duplicate-name 1:5 `"common.rules"`: `vip` is defined twice
      help: rename one of them: definitions, hours and dates share one set of names
      +15550100.rules: it is first defined here
    unknown-file 2:5 `"comon.rules"`: there is no file `comon.rules`
      help: did you mean `common.rules`?
      fix: write `common.rules`: use "common.rules"
    path-outside 3:5 `"../x.rules"`: `../x.rules` is outside the folder
      help: use a file of this folder, as in `use "common.rules"`
    "#);
    assert_snapshot!(findings(&files, "common.rules"), @"
    unknown-fact 4:13 `banana`: there is no condition called `banana`
      help: write a condition such as `new_customer`, or define it: `let banana = …`
    ");
    let used = resolve(&folder(&files), "+15550100.rules").mentions;
    let used: Vec<String> = used.iter().map(|(file, name)| format!("{file} {name}")).collect();
    assert_eq!(used, ["+15550100.rules vip", "common.rules office", "deep.rules deep"]);
}

#[test]
fn files_that_use_each_other() {
    let files = [
        ("a.rules", "use \"b.rules\""),
        ("b.rules", "use \"c.rules\""),
        ("c.rules", "use \"a.rules\"\nuse \"c.rules\""),
    ];
    assert_snapshot!(findings(&files, "a.rules"), @r#"
    use-cycle 1:5 `"b.rules"`: these files use each other in a cycle: `a.rules` uses `b.rules`, which uses `c.rules`, which uses `a.rules`
      help: move what both need into a third file
    "#);
    assert_snapshot!(findings(&files, "b.rules"), @"");
    assert_snapshot!(findings(&files, "c.rules"), @r#"
    use-cycle 2:5 `"c.rules"`: `c.rules` uses itself
      help: move what both need into a third file
    "#);
}

#[test]
fn rules_belong_in_policies() {
    let files = [(
        "shop.rules",
        "timezone \"UTC\"\nrule \"r\" when new_customer: assign owner\ntest \"t\":\n  expect no rule",
    )];
    assert_snapshot!(findings(&files, "shop.rules"), @r#"
    syntax 1:1 `timezone "UTC"`: a time zone belongs in a policy, not in a file that others use
      help: set it in `inbox.toml`, or in the policies that need another one
    rule-outside-policy 2:6 `"r"`: `shop.rules` has a rule, but it is not the policy of a number
      help: move it into the file of a number, such as `+15550100.rules`, or into `default.rules`
    "#);
}

#[test]
fn tests_are_resolved() {
    assert_snapshot!(file(r#"
test "t":
    given customer new, owner "ailce", plan "silver", orders "x", blocked, not city, silent_for 3
    given online "bob" with 1.5 chats, "bob" idle 20m
    given waiting 3 in "Slaes"
    given turn "Support" after "zed"
    given message pitcure "a"
    given number "0123"
    given at 2026-02-30 18:30
    expect assign user "zed"
    expect priority hgih
test "t":
    expect no rule
"#), @r#"
    unknown-user 3:31 `"ailce"`: no user is called `ailce`
      help: did you mean `alice`?
      fix: write `alice`:     given customer new, owner "alice", plan "silver", orders "x", blocked, not city, silent_for 3
    unknown-value 3:45 `"silver"`: `silver` is not one of the words of `plan`
      help: `inbox.toml` lists `free`, `gold`
    type-mismatch 3:62 `"x"`: `orders` is a number
      help: write `orders 12`
    type-mismatch 3:80 `city`: `city` is not a flag, so it needs a value
      help: write a value, as in `plan "gold"` or `orders 12`
    type-mismatch 3:97 `3`: `silent_for` is a duration
      help: write a duration, as in `silent_for 40d`
    invalid-number 4:29 `1.5`: this must be a whole number
    duplicate-name 4:40 `"bob"`: `bob` is given twice
      +15550100.rules: it is first given here
    unknown-group 5:24 `"Slaes"`: no group is called `Slaes`
      help: did you mean `Sales`?
      fix: write `Sales`:     given waiting 3 in "Sales"
    unknown-user 6:32 `"zed"`: no user is called `zed`
      help: the users of `inbox.toml` are `alice`, `bob`, `carol`
    unknown-value 7:19 `pitcure`: no kind of message is called `pitcure`
      help: the kinds are `text`, `image`, `audio`, `video`, `document`, `sticker`, `location`, `contact`, `button`, `reaction`, `order`, `unsupported` or `other`
    invalid-number 8:18 `"0123"`: `0123` is not a full phone number
      help: write it in full, as in `"+15550101"`
    invalid-hours 9:14 `2026-02-30 18:30`: there is no such date and time
      help: write it in the form `2026-11-24 18:30`
    unknown-user 10:24 `"zed"`: no user is called `zed`
      help: the users of `inbox.toml` are `alice`, `bob`, `carol`
    unknown-value 11:21 `hgih`: no priority is called `hgih`
      help: did you mean `high`?
      fix: write `high`:     expect priority high
    duplicate-name 12:6 `"t"`: two tests are called `t`
      +15550100.rules: the first one is here
    "#);
}

#[test]
fn names_in_unreadable_parts_are_not_reported_as_unknown() {
    let text = "let vip = = =\nhours office = ???\nrule \"r\" when vip and during office: assign owner";
    let folder = folder(&[("+15550100.rules", text)]);
    assert_eq!(resolve(&folder, "+15550100.rules").findings, []);
    let folder = self::folder(&[("+15550100.rules", "use\nrule \"r\" when vip: assign owner")]);
    assert_eq!(resolve(&folder, "+15550100.rules").findings, []);
    assert_snapshot!(file("use \"comon.rules\"\nrule \"r\" when vip: assign owner"), @r#"
    unknown-file 1:5 `"comon.rules"`: there is no file `comon.rules`
      help: a path is relative to the file that has the `use`
    "#);
}

#[test]
fn a_mistake_in_the_inbox_hides_only_the_names_that_may_be_lost() {
    let unknown_groups = |inbox: &str| {
        let text = "rule \"r\" when new_customer: assign group \"Slaes\" by random";
        let files =
            [(Arc::from("+15550100.rules"), Arc::new(RuleFile::parse(Source::new("+15550100.rules", text))))];
        let folder = Folder::new(Some(Source::new("inbox.toml", inbox)), BTreeMap::from(files));
        assert_eq!(folder.findings.len(), 1, "{inbox}");
        resolve(&folder, "+15550100.rules").findings.len()
    };
    assert_eq!(unknown_groups("[groups]\nSales = []\n[attributes]\nmessage = \"text\""), 1);
    assert_eq!(unknown_groups("[groups]\nSales = []\n[users.bob]\ncapacity = 0"), 1);
    assert_eq!(unknown_groups("[group]\nSlaes = []"), 0);
    assert_eq!(unknown_groups("[groups]\nSlaes = ["), 0);
}
