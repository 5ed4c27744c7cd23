//! One mistake in one item: the items around it stand, and nothing is said of them.

use super::{FORMS, read};
use crate::language::ast::Item;
use crate::language::scan::{Kind, scan};

/// What is put in place of a word or sign, or before it.
const WRONG: [&str; 16] =
    [",", ":", "(", ")", "\"", "“", "and", "when_", "42", "/", "=", "]", "'", "؛", "\u{200B}", "\"\"\""];

/// The items of a file, each with the text that it is written with.
const ITEMS: [&str; 8] = [
    "let vip = customer has tag \"vip\" or customer.plan is any [\"gold\", \"silver\"]",
    "hours office = mon-fri 09:00-17:00, sat 10:00-14:00 except dec 25, holidays",
    "dates holidays = dec 25, 2026-03-20..2026-03-22",
    "rule \"welcome\"\nwhen new_customer and any_online in \"Sales\":\n    assign group \"Sales\" by least_chats,\n    reply \"Hello!\"",
    "also when message matches /refund(ed)?/ and not during office: tag \"refund\", priority high",
    "rule \"long\"\nwhen message.age > 1h or (vip and online >= 2):\n    assign owner for 5m else nobody,\n    reply \"\"\"\n    Dear you,\n      when will you come?\n    \"\"\"",
    "otherwise:\n    assign owner else group \"Support\" by in_order",
    "test \"a case\":\n    given customer returning, owner \"alice\"\n    given online \"bob\" with 3 chats idle 20m\n    expect assign user \"bob\"",
];

/// An item without its places.
fn plain(item: &Item) -> String {
    let text = format!("{item:?}");
    let pieces = text.split("Span { start: ");
    pieces.map(|piece| piece.split_once(" }").map_or(piece, |(_, rest)| rest)).collect()
}

/// Reads the items with `damaged` in place of item `number` and looks at the others.
#[track_caller]
fn check(number: usize, damaged: &str) {
    check_apart(number, damaged, "\n\n");
    // Without a blank line before it, `and` goes on with the item above.
    if !damaged.starts_with("and") {
        check_apart(number, damaged, "\n");
    }
}

#[track_caller]
fn check_apart(number: usize, damaged: &str, gap: &str) {
    let mut text = String::new();
    let mut place = 0..0;
    for (other, item) in ITEMS.iter().enumerate() {
        let item = if other == number { damaged } else { item };
        let start = text.len();
        text.push_str(item);
        if other == number {
            place = start..text.len();
        }
        text.push_str(gap);
    }
    let parsed = read(&text);
    let is_outside = |span: crate::text::Span| {
        span.range().end <= place.start || span.range().start >= place.end + gap.len()
    };
    let outside: Vec<_> =
        parsed.file.items.iter().filter(|item| is_outside(item.span())).map(plain).collect();
    let whole: Vec<String> = ITEMS
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != number)
        .map(|(_, item)| plain(&read(item).file.items[0]))
        .collect();
    assert_eq!(outside, whole, "{text}");
    let findings = parsed.findings.iter().filter(|finding| is_outside(finding.span));
    assert_eq!(findings.map(|finding| &finding.message).collect::<Vec<_>>(), [""; 0], "{text}");
}

#[test]
fn a_damaged_item_harms_no_other() {
    for (number, item) in ITEMS.iter().enumerate() {
        for lexeme in scan(item) {
            let range = lexeme.span.range();
            let (before, after) = (&item[..range.start], &item[range.end..]);
            let said = lexeme.of(item);
            check(number, &format!("{before}{after}"));
            check(number, &format!("{before}{said} {said}{after}"));
            for wrong in WRONG {
                check(number, &format!("{before}{wrong}{after}"));
                check(number, &format!("{before}{wrong} {said}{after}"));
            }
            if lexeme.kind == Kind::Text {
                check(number, &format!("{before}{}{after}", &said[1..]));
                check(number, &format!("{before}{}{after}", &said[..said.len() - 1]));
            }
        }
    }
}

/// Applying a fix takes its finding away.
#[test]
fn fixes_help() {
    for item in FORMS.split_inclusive('\n').chain(ITEMS) {
        for lexeme in scan(item) {
            let range = lexeme.span.range();
            let said = lexeme.of(item);
            let wrongs = WRONG.iter().map(|wrong| (*wrong).to_owned());
            for wrong in wrongs.chain([String::new(), said.to_uppercase(), format!("{said}{said}")]) {
                fixes_of(&format!("{}{wrong}{}", &item[..range.start], &item[range.end..]));
            }
        }
    }
}

#[track_caller]
fn fixes_of(text: &str) {
    for finding in &read(text).findings {
        let Some(fix) = &finding.fix else { continue };
        let mut fixed = text.to_owned();
        let mut edits: Vec<_> = fix.edits.iter().collect();
        edits.sort_by_key(|edit| edit.span);
        for edit in edits.iter().rev() {
            fixed.replace_range(edit.span.range(), &edit.text);
        }
        let again = read(&fixed).findings;
        let is_same =
            again.iter().any(|other| other.message == finding.message && other.span == finding.span);
        assert!(!is_same, "{}\n{fix:?}\n{text}\n{fixed}", finding.message);
    }
}
