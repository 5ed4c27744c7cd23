//! What the parser makes of whole files.

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
    assert_eq!(items(FORMS).len(), 20);
    assert_eq!(items(&FORMS.replace('\n', "\r\n")).len(), 20);
    assert_eq!(items(&format!("\u{FEFF}{}", FORMS.trim_start())).len(), 20);
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
    const PIECES: [&str; 28] = [
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
