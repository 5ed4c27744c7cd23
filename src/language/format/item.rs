//! Where each kind of item is broken into lines.

use super::super::grammar::{Pair, Production};
use super::super::lexer::Token;
use super::INDENT;
use super::leaves::FlatItem;
use super::printer::Printer;
use crate::text::Span;

/// The lines of the item `text` at `span`, whose tokens are `part`.
pub(super) fn format_item(text: &str, span: Span, part: &[Token], item: Pair<'_>) -> String {
    let mut printer = Printer::new(text, FlatItem::new(text, span.start as usize, part, item.clone()));
    match item.as_rule() {
        Production::rule => rule(&mut printer, item),
        Production::definition => definition(&mut printer, item),
        Production::hours | Production::dates => calendar(&mut printer, item),
        Production::test => test(&mut printer, item),
        _ => printer.flat(&item),
    }
    printer.finish()
}

/// ```text
/// rule "name"
/// when CONDITION:
///     ACTION,
///     ACTION
/// ```
fn rule(printer: &mut Printer<'_>, item: Pair<'_>) {
    // What goes on with a condition is indented twice, to be told from the actions.
    printer.hanging = 2 * INDENT;
    let mut is_named = false;
    for pair in item.into_inner() {
        match pair.as_rule() {
            Production::text => is_named = true,
            Production::WHEN | Production::OTHERWISE if is_named => printer.break_line(0),
            Production::action => printer.break_line(INDENT),
            _ => {}
        }
        part(printer, pair, 2 * INDENT);
    }
}

/// `let vip = CONDITION`, or with the condition on the next line.
fn definition(printer: &mut Printer<'_>, item: Pair<'_>) {
    for pair in item.into_inner() {
        if pair.as_rule() == Production::condition && !printer.fits(&pair) {
            printer.break_line(INDENT);
        }
        part(printer, pair, INDENT);
    }
}

/// `hours office = ENTRY, ENTRY except DATE, DATE` or `dates holidays = DATE, DATE`. If it does not fit on one line, each
/// entry of hours has a line, and dates fill theirs.
fn calendar(printer: &mut Printer<'_>, item: Pair<'_>) {
    if printer.fits(&item) {
        return printer.flat(&item);
    }
    let mut is_first = true;
    for pair in item.into_inner() {
        match pair.as_rule() {
            Production::hours_entry | Production::EXCEPT => printer.break_line(INDENT),
            Production::date_range | Production::calendar if is_first => printer.break_line(INDENT),
            Production::date_range | Production::calendar if !printer.fits(&pair) => {
                printer.break_line(printer.hanging);
            }
            _ => {}
        }
        match pair.as_rule() {
            Production::EXCEPT => (is_first, printer.hanging) = (false, 2 * INDENT),
            Production::date_range | Production::calendar => is_first = false,
            _ => {}
        }
        printer.flat(&pair);
    }
}

/// ```text
/// test "name":
///     given …
///     expect …
/// ```
fn test(printer: &mut Printer<'_>, item: Pair<'_>) {
    printer.hanging = 2 * INDENT;
    printer.keeps_empty_lines = true;
    for pair in item.into_inner() {
        if matches!(pair.as_rule(), Production::given | Production::expect) {
            printer.break_line(INDENT);
        }
        part(printer, pair, 2 * INDENT);
    }
}

/// A part of an item. If it does not fit on its line, what goes on with it starts lines that are indented by `indent`.
fn part(printer: &mut Printer<'_>, pair: Pair<'_>, indent: usize) {
    if printer.fits(&pair) {
        return printer.flat(&pair);
    }
    match pair.as_rule() {
        Production::condition => condition(printer, pair, indent),
        Production::conjunction | Production::assign => {
            joined(printer, pair, &[Production::AND, Production::ELSE], indent);
        }
        Production::given_customer
        | Production::given_users
        | Production::given_waiting
        | Production::given_turn
        | Production::given_message
        | Production::given_chat => filled(printer, pair, indent),
        _ => others(printer, pair, indent),
    }
}

/// `a or b and c`: each `or` starts a line, and in what does not fit then each `and`, indented further.
fn condition(printer: &mut Printer<'_>, pair: Pair<'_>, indent: usize) {
    let has_or = pair.clone().into_inner().any(|pair| pair.as_rule() == Production::OR);
    for pair in pair.into_inner() {
        if pair.as_rule() == Production::OR {
            printer.break_line(indent);
        }
        part(printer, pair, if has_or { indent + INDENT } else { indent });
    }
}

/// `a and b`, `owner else nobody`: each of the words `joints` starts a line.
fn joined(printer: &mut Printer<'_>, pair: Pair<'_>, joints: &[Production], indent: usize) {
    for pair in pair.into_inner() {
        if joints.contains(&pair.as_rule()) {
            printer.break_line(indent);
        }
        part(printer, pair, indent);
    }
}

/// `owner "alice", tag "vip"`: as many on a line as fit.
fn filled(printer: &mut Printer<'_>, pair: Pair<'_>, indent: usize) {
    for (number, pair) in pair.into_inner().enumerate() {
        if number > 1 && pair.as_rule() != Production::comma && !printer.fits(&pair) {
            printer.break_line(indent);
        }
        part(printer, pair, indent);
    }
}

/// What is broken only inside parentheses and lists: `(a or b)`, `any [a, b]`.
fn others(printer: &mut Printer<'_>, pair: Pair<'_>, indent: usize) {
    let mut inner = pair.into_inner().peekable();
    if inner.peek().is_none() {
        return printer.leaf();
    }
    let (base, hanging) = (printer.indent(), printer.hanging);
    let mut is_in_list = false;
    for pair in inner {
        match pair.as_rule() {
            Production::open_list => {
                is_in_list = true;
                printer.leaf();
                printer.hanging = base + INDENT;
                printer.break_line(base + INDENT);
                continue;
            }
            Production::close_list => {
                is_in_list = false;
                printer.hanging = hanging;
                printer.break_line(base);
            }
            Production::comma => {}
            Production::condition => {
                part(printer, pair, (base + INDENT).max(hanging));
                continue;
            }
            _ if is_in_list && !printer.fits(&pair) => printer.break_line(base + INDENT),
            _ => {}
        }
        part(printer, pair, indent);
    }
}
