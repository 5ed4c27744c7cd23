//! What the parser makes of whole files.

use insta::assert_snapshot;

use super::*;
use crate::language::ast::{Action, Guard, Item, Target};

fn read(text: &str) -> Parsed {
    parse(&Source::new("a.rules", text))
}

/// The items of a text without mistakes.
#[track_caller]
fn items(text: &str) -> Vec<Item> {
    let parsed = read(text);
    assert_eq!(short(text, &parsed), "");
    assert_eq!(parsed.file.broken, []);
    parsed.file.items
}

/// Each finding on a line: `code line:column-column message | help | the line with its fix`.
fn short(text: &str, parsed: &Parsed) -> String {
    let index = crate::text::LineIndex::new(text);
    let lines: Vec<_> = parsed
        .findings
        .iter()
        .map(|finding| {
            let (start, end) =
                (index.position(text, finding.span.start), index.position(text, finding.span.end));
            let mut line = format!(
                "{} {}:{}-{} {}",
                finding.code, start.line, start.column, end.column, finding.message
            );
            for more in finding.help.iter().chain(finding.fix.as_ref().map(|fix| &fix.title)) {
                line = format!("{line} | {more}");
            }
            line
        })
        .collect();
    lines.join("\n")
}

const PAGE: &str = r#"# rules/+15550100.rules

rule "welcome"
when new_customer and any_online in "Sales":
    assign group "Sales" by least_chats,
    reply "Welcome to my store. We'll be with you in a moment."

rule "closed"
when new_customer:
    assign group "Sales" by in_order,
    reply "Thank you for your message. We are out of office hours."

rule "back to the owner"
when returning_customer and owner_online:
    assign owner

rule "owner is away"
when returning_customer and owner_offline and any_online in "Support":
    assign group "Support" by most_waiting,
    reply "{owner.name} is away, {user.name} will help you."

otherwise:
    assign owner else group "Support" by in_order
"#;

#[test]
fn the_first_policy() {
    let items = items(PAGE);
    assert_eq!(items.len(), 5);
    let Item::Rule(rule) = &items[0] else { panic!("{items:?}") };
    assert_eq!(&PAGE[rule.span.range()], PAGE[25..].split("\n\n").next().unwrap());
    assert_eq!(rule.name.as_ref().unwrap().value, "welcome");
    let Item::Rule(rule) = &items[4] else { panic!("{items:?}") };
    assert!(matches!(rule.guard, Guard::Otherwise(_)));
    let Action::Assign(assign) = &rule.actions[0] else { panic!("{rule:?}") };
    assert!(matches!(&assign.alternatives[1].target, Target::Group { by, .. } if by.value == "in_order"));
}

/// Every form of language.md, one item each.
const FORMS: &str = r#"
timezone "Africa/Cairo"
use "common.rules"
let vip = customer has tag "vip" or customer.plan is "gold"
hours office = mon-fri 09:00-17:00, sat 10:00-14:00, 2026-12-24 09:00-12:00 except dec 25, 2026-12-31..2027-01-02, holidays
hours shop = mon wed fri 09:00-12:00 13:00-17:00, fri 22:00-02:00, 08:00 - 09:00, fri-mon
dates holidays = dec 25, 2026-03-20..2026-03-22, dec 31..jan 2
when any_available in "Sales" and all_offline: assign nobody,
when online in "Sales" >= 2 or available < 3 or waiting = 0 or online<=1 or waiting>1_000: assign user "alice"
when during office and not during holidays or (during sat-sun): assign owner
when during mon-fri 09:00-12:30 or during 2026-12-24..2026-12-26 or during dec 25: assign owner
when message contains "refund" or message contains part any ["fund", "back",]: assign owner
when message is "1" or message is not any ["a", "b"] or message starts with "order": assign owner
when message matches /order\s*#?\d+\/x/ or message is image or message.age > 1h: assign owner
when customer has tag any ["a", "b"] or customer.country is not "EG" or customer has plan: assign owner
when customer.orders >= 10 and customer.blocked and customer.silent_for > 30d and customer.orders = -2.5: assign owner
also when vip: tag "vip", priority high
also rule "late"
# why
when not not vip: reply "Hi \"you\"" once per 12h
rule "both" when a:
    assign group "Sales" with skill "en" by least_chats among online for 5m
        else group "Support" with skill customer.language by hand
        else user "bob" else nobody,
    reply """
      Dear {customer.name or there},

        we are #closed
      """,
    tag "x",
move rule "a human, please"
when chat with any ["bot", "bob",] and message contains "human" or chat in "Sales" or chat has tag any ["a", "b"]:
    assign group "Support" with skill "en" and any ["ar", "fr"] and customer.city except owner and user "bob" by least_chats
        else owner among available else user "alice" among online,
    reply "Soon" once per 12h after 5m, reply "Later" after 1h, tag "late" after 5m, priority high after 5m
move
# why
rule "again"
when chat_open and chat.open_for > 1d and chat.waiting_for > 10m and user_away: assign nobody
when message.ad is "120" or message.ad_text contains "sale" or message.button is "yes" or message.forwarded: assign owner
when message has ad or message has campaign or not message.campaign is not any ["a", "b"]: assign owner
let kept = answered and ad and ad_text and forwarded and open_for and waiting_for
rule "rest"
otherwise: assign owner
test "when the owner is away, Support takes over":
    given customer returning, owner "alice", tag "vip", country "EG", plan "gold", orders 12, blocked, not late, silent_for 40d
    given online "bob" with 3 chats idle 20m, "carol" with 1 chat, "dave" idle 5m
    given away "x"
    given waiting 3 in "Sales", 2 in "Support"
    given turn "Support" after "carol"
    given message image "caption" aged 2h
    given message "I want a refund"
    given message sticker
    given number "+15550101"
    given at 2026-11-24 18:30
    given online group "Sales", "bob" with 3 chats, group "Support"
    given message "hi" aged 2h, ad "120", campaign "spring", forwarded, not test_run, score 2
    given chat with "alice", in "Sales", tag "t", answered, open_for 2h
    given chat waiting, in "Sales", waiting_for 10m
    given at fri 22:00
    expect kept
    expect not rule "x"
    expect no tag "t"
    expect assign user any ["a", "b"]
    expect after 5m assign user "bob"
    expect after 5m assign user any ["bob"]
    expect after 5m assign group "Sales"
    expect after 5m assign nobody
    expect after 5m waiting
    expect after 5m reply "text"
    expect after 5m reply contains "text"
    expect after 5m tag "t"
    expect after 5m priority high
    expect rule "owner is away"
    expect no rule
    expect also rule "late"
    expect assign user "bob"
    expect assign group "Sales"
    expect assign nobody
    expect waiting
    expect reply "text"
    expect reply contains "is away"
    expect no reply
    expect tag "t"
    expect priority high
"#;

#[test]
fn every_form_is_read() {
    assert_eq!(items(FORMS).len(), 25);
    assert_eq!(items(&FORMS.replace('\n', "\r\n")).len(), 25);
    assert_eq!(items(&format!("\u{FEFF}{}", FORMS.trim_start())).len(), 25);
}

/// Each mistake that the grammar reads, so that it can be told and mended.
#[test]
fn forms_that_are_read_and_refused() {
    let check = |text: &str| {
        let parsed = read(text);
        assert_eq!((parsed.file.items.len(), parsed.file.broken.len()), (1, 0), "{text}");
        let all: Vec<_> = parsed.findings.iter().filter_map(|finding| finding.fix.as_ref()).collect();
        let fixed = crate::diagnostic::apply_fixes(text, &all).0;
        format!("{}\n{fixed}", short(text, &parsed))
    };
    assert_snapshot!(check("when a: assign group \"S\" with skill \"fr\" and skill \"visa\" and with skill any [\"a\"] by random"), @r#"
    syntax 1:46-51 `skill` is not repeated after `and` | write `with skill "fr" and "visa"` | remove `skill`
    syntax 1:63-73 `with skill` is not repeated after `and` | write `with skill "fr" and "visa"` | remove `with skill`
    when a: assign group "S" with skill "fr" and "visa" and any ["a"] by random
    "#);
    assert_snapshot!(check("when a: assign group \"S\" except owner, user \"bob\" , user \"al\" by random"), @r#"
    syntax 1:38-39 after `except`, write `and`, not `,` | write `except owner and user "…"` | write `and`
    syntax 1:51-52 after `except`, write `and`, not `,` | write `except owner and user "…"` | write `and`
    when a: assign group "S" except owner and user "bob" and user "al" by random
    "#);
    assert_snapshot!(check("when a: assign group \"S\" with skill \"a\" except owner and user \"bob\" by hand among online"), @r#"
    syntax 1:41-68 `by hand` chooses nobody, so `except` has no meaning here | the chat waits in the group's queue until a member takes it | remove `except`
    syntax 1:77-89 `by hand` chooses nobody, so `among` has no meaning here | the chat waits in the group's queue until a member takes it | remove `among`
    when a: assign group "S" with skill "a" by hand
    "#);
    assert_snapshot!(check("when a: assign group \"S\" except owner by hand"), @r#"
    syntax 1:26-38 `by hand` chooses nobody, so `except` has no meaning here | the chat waits in the group's queue until a member takes it | remove `except`
    when a: assign group "S" by hand
    "#);
    assert_snapshot!(check("when a: assign owner, reply \"x\" after 5m once per 12h"), @r#"
    syntax 1:33-54 `once per` comes before `after` | write `once per 12h after 5m` | write `once per 12h after 5m`
    when a: assign owner, reply "x" once per 12h after 5m
    "#);
    assert_snapshot!(check("when a: assign group \"S\" except \"bob\" and owner and \"al\" by random"), @r#"
    syntax 1:33-38 `user` is missing before this name | write `except owner and user "…"` | write `user`
    syntax 1:53-57 `user` is missing before this name | write `except owner and user "…"` | write `user`
    when a: assign group "S" except user "bob" and owner and user "al" by random
    "#);
    assert_snapshot!(check("when a: assign group \"S\" with skill \"fr\", \"de\" by random"), @r#"
    syntax 1:41-42 skills are joined with `and` | write `with skill "fr" and "de"` if the user needs all of them, `with skill any ["fr", "de"]` if one is enough
    when a: assign group "S" with skill "fr", "de" by random
    "#);
    assert_snapshot!(check("when a: assign group \"S\" with skill \"fr\" or \"de\" or \"it\" by random"), @r#"
    syntax 1:42-44 skills are joined with `and` | write `with skill "fr" and "de" and "it"` if the user needs all of them, `with skill any ["fr", "de", "it"]` if one is enough
    when a: assign group "S" with skill "fr" or "de" or "it" by random
    "#);
    assert_snapshot!(check("when a: assign group \"S\" with skill \"fr\" or customer.city by random"), @r#"
    syntax 1:42-44 skills are joined with `and` | `any ["fr", "visa"]` means one of these
    when a: assign group "S" with skill "fr" or customer.city by random
    "#);
    assert_snapshot!(check("when a: assign group \"S\" by random with skill \"fr\" for 5m else group \"T\" by random among online except owner"), @r#"
    syntax 1:36-51 `with skill` comes before `by` | write `group "…" with skill … by …` | move it before `by`
    syntax 1:97-109 `except` comes before `by` | write `group "…" except … by …` | move it before `by`
    when a: assign group "S" with skill "fr" by random for 5m else group "T" except owner by random among online
    "#);
    assert_snapshot!(check("when a: assign group \"S\" with skill \"de\" by random with skill \"fr\""), @r#"
    syntax 1:52-67 `with skill` comes before `by` | write `group "…" with skill … by …`
    when a: assign group "S" with skill "de" by random with skill "fr"
    "#);
    assert_snapshot!(check("when a: assign owner, after 5m reply \"x\" once per 1h, after 1h tag \"t\""), @r#"
    syntax 1:23-32 `after 5m` comes after the action | write `reply "…" after 5m` | write `after 5m` after the action
    syntax 1:55-64 `after 1h` comes after the action | write `reply "…" after 1h` | write `after 1h` after the action
    when a: assign owner, reply "x" once per 1h after 5m, tag "t" after 1h
    "#);
    assert_snapshot!(check("when a: assign owner, after 5m reply \"x\" after 1h"), @r#"
    syntax 1:23-32 `after 5m` comes after the action | write `reply "…" after 5m`
    when a: assign owner, after 5m reply "x" after 1h
    "#);
    assert_snapshot!(check("test \"t\": expect reply \"x\" after 5m"), @r#"
    syntax 1:28-36 `after 5m` comes directly after `expect` | write `expect after 5m …` | write `expect after 5m`
    test "t": expect after 5m reply "x"
    "#);
    assert_snapshot!(check("when chat in any [\"Sales\", \"Support\"]: assign owner"), @r#"
    syntax 1:14-38 `chat in` takes one group, not a list | write `chat in "Sales" or chat in "Support"`
    when chat in any ["Sales", "Support"]: assign owner
    "#);
}

/// What is said where the new forms are broken off.
#[test]
fn what_is_expected() {
    let check = |text: &str| short(text, &read(text));
    assert_snapshot!(check("move otherwise: assign owner"), @"syntax 1:6-15 there is no `move otherwise` | the rule needs a condition: write `move when …`");
    assert_snapshot!(check("move rule \"x\" otherwise: assign owner"), @"syntax 1:15-24 there is no `move otherwise` | the rule needs a condition: write `move when …`");
    assert_snapshot!(check("when a: assign group \"S\" except by random"), @"syntax 1:33-35 expected `owner` or `user` after `except`, not `by`");
    assert_snapshot!(check("when a: assign group \"S\" with skill by random"), @"syntax 1:37-39 expected a value or `customer` after `skill`, not `by`");
    assert_snapshot!(check("test \"t\": given chat"), @"syntax 1:21-21 expected `with`, `waiting`, `in`, `tag`, `answered`, `open_for` or `waiting_for` after `chat`");
    assert_snapshot!(check("test \"t\": given message \"hi\","), @"syntax 1:30-30 expected an attribute after `,`");
    assert_snapshot!(check("test \"t\": given at noon"), @"syntax 1:20-24 expected a date like `2026-12-25` or a day like `mon` after `at`, not `noon` | hours are written `mon-fri 09:00-17:00`, dates `2026-12-25` or `dec 25`");
    assert_snapshot!(check("test \"t\": expect after 5m kept"), @"syntax 1:27-31 expected `assign`, `priority`, `reply`, `tag` or `waiting` after `5m`, not `kept`");
    assert_snapshot!(check("test \"t\": expect not tag \"x\""), @"syntax 1:18-25 write `no tag`, not `not tag` | write `no tag` to deny it, or `tag` without the `not`");
    assert_snapshot!(check("test \"t\": expect banana"), @"syntax 1:18-24 expected `after`, `also`, `assign`, `kept`, `no`, `not`, `priority`, `reply`, `rule`, `tag` or `waiting` after `expect`, not `banana`");
    assert_snapshot!(check("when message has \"refund\": assign owner"), @"syntax 1:14-17 write `contains`, not `has` | write `contains`");
    assert_snapshot!(check("when chat has \"refund\": assign owner"), @r#"syntax 1:15-23 expected `tag` after `has`, not `"refund"`"#);
    assert_snapshot!(check("when message has any [\"refund\", \"back\"]: assign owner"), @"syntax 1:14-17 write `contains`, not `has` | write `contains`");
    assert_snapshot!(check("test \"t\": given banana"), @"syntax 1:17-23 expected `online`, `away`, `offline`, `at`, `chat`, `customer`, `message`, `number`, `turn` or `waiting` after `given`, not `banana`");
    assert_snapshot!(check("test \"t\": expect not reply"), @"syntax 1:18-27 write `no reply`, not `not reply` | write `no reply`");
    assert_snapshot!(check("when user is away or owner is away or chat is waiting: assign owner"), @"
    unknown-fact 1:6-18 write `user_away`, not `user is away` | write `user_away`
    unknown-fact 1:22-35 write `owner_away`, not `owner is away` | write `owner_away`
    unknown-fact 1:39-54 write `chat_waiting`, not `chat is waiting` | write `chat_waiting`
    ");
    assert_snapshot!(check("when chat open and not chat answered: assign owner"), @"
    unknown-fact 1:6-15 write `chat_open`, not `chat open` | write `chat_open`
    unknown-fact 1:24-37 write `chat_answered`, not `chat answered` | write `chat_answered`
    ");
    assert_snapshot!(check("when a: assign user \"a\" among"), @"syntax 1:30-30 expected `online`, `available` or `everyone` after `among`");
    assert_snapshot!(check("when chat is with \"bob\" or chat is in \"S\": assign owner"), @"
    syntax 1:6-18 write `chat with`, not `chat is with` | write `chat with`
    syntax 1:28-38 write `chat in`, not `chat is in` | write `chat in`
    ");
    assert_snapshot!(check("when a: assign group \"S\" with skill \"fr\", reply \"x\""), @r#"syntax 1:41-42 the way to choose a member of `"S"` is missing | write `by` and one of `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted`, `hand`"#);
    assert_snapshot!(check("when a: assign group \"S\" except owner, reply \"x\""), @r#"syntax 1:38-39 the way to choose a member of `"S"` is missing | write `by` and one of `random`, `in_order`, `most_waiting`, `least_chats`, `least_load`, `weighted`, `hand`"#);
    assert_snapshot!(check("test \"t\": given chat is waiting"), @"syntax 1:17-32 write `chat waiting`, not `chat is waiting` | write `chat waiting`");
    assert_snapshot!(check("when chat with bob: assign owner"), @r#"syntax 1:16-19 `bob` has no quotes around it | names and texts need quotes: write `"bob"` | put it in quotes"#);
    assert_snapshot!(check("when chat is open: assign owner"), @"unknown-fact 1:6-18 write `chat_open`, not `chat is open` | write `chat_open`");
    assert_snapshot!(check("when a: assign owner, reply \"x\" 5m"), @r#"syntax 1:33-35 expected `,` or the end of the item after `"x"`, not `5m`"#);
    assert_snapshot!(check("when a: assign owner, reply \"x\" in 5m"), @"syntax 1:33-35 write `after`, not `in` | write `after`");
}

#[test]
fn nesting_is_capped() {
    let deep =
        |open: &str, close: &str, n| format!("when {}a{}: assign owner", open.repeat(n), close.repeat(n));
    assert_eq!(items(&deep("(", ")", 64)).len(), 1);
    assert_eq!(items(&deep("not ", "", 64)).len(), 1);
    for (open, close) in [("(", ")"), ("not ", ""), ("(not ", ")")] {
        for n in [65, 100_000] {
            let text = deep(open, close, n);
            let parsed = read(&text);
            assert_eq!(parsed.findings.len(), 1);
            assert_eq!(parsed.findings[0].message, "this condition is nested more than 64 deep");
            assert_eq!(parsed.file.broken.len(), 1);
        }
    }
}

mod damage;
mod recovery;

#[test]
fn a_very_long_line_is_read() {
    let values = vec!["\"refund\""; 100_000].join(", ");
    assert_eq!(items(&format!("when message contains any [{values}]: assign owner")).len(), 1);
    let facts = vec!["vip"; 20_000].join(" and ");
    assert_eq!(items(&format!("when {facts}: assign owner")).len(), 1);
}

/// Pieces that, over and over, are hard on a reader that looks ahead or back too far.
#[test]
fn the_worst_files_are_read() {
    const PIECES: [&str; 31] = [
        "x ",
        "\"",
        "“",
        "(",
        "not ",
        "!",
        "a && ",
        "\"\"\"",
        "/",
        "#",
        "\u{200B}",
        "when\n",
        "also\n",
        "move\n",
        "with skill \"a\" and ",
        "except owner, ",
        "],",
        "whne a\n",
        "\"a\" ",
        "x \"\"\" y\n",
        "' ",
        "'a",
        "’a",
        " /x",
        "matches /",
        "{",
        "any (",
        "is \"a\" or ",
        "reply \"\"\"\n",
        "rule \"x\"\n",
        "“a” ",
    ];
    for piece in PIECES {
        let long = piece.repeat(20_000 / piece.len());
        read(&long);
        read(&format!("when a and {long}"));
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*") {
        read(&text);
    }

    #[test]
    fn any_characters_of_a_rule_are_read(text in "[a-z\"“”'/#:,()\\[\\]{}&|!=<> .\\-\n\t0-9؛،\u{200B}\u{A0}]{0,80}") {
        read(&text);
        read(&format!("when {text}: assign owner"));
    }

    #[test]
    fn a_file_with_a_piece_missing_or_twice_is_read(from in 0..FORMS.len(), length in 0..200_usize, to in 0..FORMS.len()) {
        let is_boundary = |at: usize| if FORMS.is_char_boundary(at) { at } else { 0 };
        let (from, to) = (is_boundary(from), is_boundary(to));
        let end = is_boundary((from + length).min(FORMS.len())).max(from);
        read(&format!("{}{}", &FORMS[..from], &FORMS[end..]));
        read(&format!("{}{}{}", &FORMS[..to], &FORMS[from..end], &FORMS[to..]));
    }
}
