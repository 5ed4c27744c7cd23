//! One mistake in one item: the items around it stand, and nothing is said of them.

use super::{FORMS, read};
use crate::language::ast::Item;
use crate::language::lexer::{Token, TokenKind, lex};
use crate::text::Span;

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

/// Reads the items with `damaged` in place of item `number` and looks at the others, which are `whole`.
#[track_caller]
fn check(whole: &[String], number: usize, damaged: &str, gap: &str) {
    let mut text = String::new();
    let mut place = 0..0;
    for (other, item) in ITEMS.iter().enumerate() {
        let start = text.len();
        text.push_str(if other == number { damaged } else { item });
        text.push_str(gap);
        if other == number {
            place = start..text.len();
        }
    }
    let parsed = read(&text);
    let is_outside = |span: Span| span.range().end <= place.start || span.range().start >= place.end;
    let outside: Vec<_> =
        parsed.file.items.iter().filter(|item| is_outside(item.span())).map(plain).collect();
    let others = whole.iter().enumerate().filter(|(other, _)| *other != number);
    assert_eq!(
        outside.iter().collect::<Vec<_>>(),
        others.map(|(_, item)| item).collect::<Vec<_>>(),
        "{text}"
    );
    let findings = parsed.findings.iter().filter(|finding| is_outside(finding.span));
    assert_eq!(findings.map(|finding| &finding.message).collect::<Vec<_>>(), [""; 0], "{text}");
}

#[test]
fn a_damaged_item_harms_no_other() {
    let whole: Vec<_> = ITEMS.iter().map(|item| plain(&read(item).file.items[0])).collect();
    for (number, item) in ITEMS.iter().enumerate() {
        for (nth, token) in lex(item).into_iter().enumerate() {
            let (before, said, after) = pieces(item, token);
            let gone = format!("{before}{after}");
            let twice = format!("{before}{said} {said}{after}");
            let mut damaged = vec![gone, twice];
            damaged.extend(WRONG.map(|wrong| format!("{before}{wrong}{after}")));
            damaged.extend(WRONG.map(|wrong| format!("{before}{wrong} {said}{after}")));
            if token.kind == TokenKind::Text {
                damaged.push(format!("{before}{}{after}", &said[1..]));
                damaged.push(format!("{before}{}{after}", &said[..said.len() - 1]));
            }
            for (kind, damaged) in damaged.iter().enumerate() {
                // Without a blank line before it, `and` goes on with the item above.
                let gap = if (nth + kind) % 2 == 0 || damaged.starts_with("and") { "\n\n" } else { "\n" };
                check(&whole, number, damaged, gap);
            }
        }
    }
}

/// What stands before `token` in `text`, it, and what stands after.
fn pieces(text: &str, token: Token) -> (&str, &str, &str) {
    let range = token.span.range();
    (&text[..range.start], &text[range.clone()], &text[range.end..])
}

/// Applying a fix takes its finding away.
#[test]
fn fixes_help() {
    for item in FORMS.split_inclusive('\n').chain(ITEMS) {
        for token in lex(item) {
            let (before, said, after) = pieces(item, token);
            let wrongs = WRONG.iter().map(|wrong| (*wrong).to_owned());
            for wrong in wrongs.chain([String::new(), said.to_uppercase(), format!("{said}{said}")]) {
                fixes_of(&format!("{before}{wrong}{after}"));
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
