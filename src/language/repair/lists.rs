//! Tests of values as programmers and other people write them: `!=`, `in (…)`, `is "a" or "b"`.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{Count, FactWord};
use super::synonyms::find;
use super::{Repair, edit, insert};

/// How people negate a test that the language negates with `not` before the subject.
const DENIED: &[(&str, &str)] = &[
    ("does not contain", "contains"),
    ("doesn ' t contain", "contains"),
    ("doesn ’ t contain", "contains"),
    ("not contains", "contains"),
    ("not contain", "contains"),
    ("does not start with", "starts with"),
    ("doesn ' t start with", "starts with"),
    ("not starts with", "starts with"),
    ("does not match", "matches"),
    ("not matches", "matches"),
];

/// `customer.plan != "gold"`, `message does not contain "refund"`
pub(super) fn negated(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    if let Some((first, last, replacement)) = DENIED.iter().find_map(|(snippet, replacement)| {
        find(site, snippet).map(|(first, last)| (first, last, *replacement))
    }) {
        let range = first.span.start as usize..last.span.end as usize;
        let snippet = site.text().get(range.clone())?;
        let subject = subject(site)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(range.clone(), replacement)];
        let repair = Repair::new(site, format!("write `not … {replacement}`, not `{snippet}`"), edits);
        let subject = site.text().get(subject.span.start as usize..range.start)?.trim_end();
        return Some(
            repair
                .help(format!("write `not {subject} {replacement} …`"))
                .title(format!("write `not {subject} {replacement}`"))
                .at(range),
        );
    }
    let snippet = site.text_of(here);
    if !matches!(snippet, "!=" | "!==" | "<>" | "≠") {
        return None;
    }
    let is_number = site.after().next().is_some_and(|next| next.kind == TokenKind::Number);
    if is_number {
        let subject = subject(site)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(here.span.range(), "=")];
        let subject = site.text().get(subject.span.start as usize..here.span.start as usize)?.trim_end();
        let repair = Repair::new(site, format!("for numbers, write `not … =`, not `{snippet}`"), edits);
        return Some(
            repair.help(format!("write `not {subject} = …`")).title(format!("write `not {subject} =`")),
        );
    }
    Some(Repair::new(
        site,
        format!("write `is not`, not `{snippet}`"),
        vec![edit(here.span.range(), "is not")],
    ))
}

/// The first token of the subject of a test, such as the `customer` of `customer.plan`.
fn subject(site: &ErrorSite<'_, '_>) -> Option<Token> {
    let before: Vec<_> = site.before().take(3).collect();
    let first = *before.first()?;
    let joins = before.get(1).is_some_and(|second| matches!(site.text_of(*second), "." | "in"));
    if joins { before.get(2).copied() } else { Some(first) }
}

/// `is ["a", "b"]`
pub(super) fn list_without_any(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "[")?;
    if !(site.expects(Production::values) || site.expects(Production::value)) {
        return None;
    }
    let repair =
        Repair::new(site, "`any` is missing before the list", vec![insert(here.span.start as usize, "any ")]);
    Some(repair.help("`any [\"a\", \"b\"]` means one of these").title("write `any`"))
}

/// `any ("a", "b")`, `any "a", "b"`, `any "a" or "b"`
pub(super) fn any_without_list(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|_| site.expects(Production::open_list))?;
    let mut edits = Vec::new();
    if matches!(site.text_of(here), "(" | "{") {
        edits.push(edit(here.span.range(), "["));
        let close = site.after().find(|next| matches!(site.text_of(*next), ")" | "}"))?;
        edits.push(edit(close.span.range(), "]"));
    } else if is_value(here) {
        edits.push(insert(here.span.start as usize, "["));
        let last = separate_by_commas(site, here, &mut edits);
        edits.push(insert(last.span.end as usize, "]"));
    } else {
        return None;
    }
    let repair = Repair::new(site, "a list needs `[` and `]`", edits);
    Some(repair.help("write `any [\"a\", \"b\"]`").title("write `[` and `]`"))
}

/// `customer.country is "EG" or "SA"`
pub(super) fn repeated_value(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let mut before = site.before();
    // Parsing stops at a `,`, but after an `or`.
    let (joint, second) = match site.text_of(here) {
        "," => (here, site.after().next()?),
        _ => (before.next()?, here),
    };
    let (first, asked) = (before.next()?, before.next()?);
    let is_test = asked.kind == TokenKind::Word;
    let is_joint = matches!(site.text_of(joint), "or" | "and" | ",");
    if !(is_test && is_joint && is_value(first) && is_value(second)) {
        return None;
    }
    let mut edits = vec![insert(first.span.start as usize, "any [")];
    let last = separate_by_commas(site, first, &mut edits);
    edits.push(insert(last.span.end as usize, "]"));
    let repair = Repair::new(site, "several values need a list", edits);
    let (first, second) = (site.text_of(first), site.text_of(second));
    Some(repair.help(format!("write `any [{first}, {second}]`")).title("write them as a list"))
}

fn is_value(token: Token) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::Number)
}

/// Adds edits that write commas between the values from `first` on; returns the last value.
fn separate_by_commas(
    site: &ErrorSite<'_, '_>,
    first: Token,
    edits: &mut Vec<crate::diagnostic::Edit>,
) -> Token {
    let mut last = first;
    let mut rest = site.patched.tokens.iter().copied().filter(|token| token.span.start > first.span.start);
    while let (Some(joint), Some(value)) = (rest.next(), rest.next()) {
        if !matches!(site.text_of(joint), "or" | "and" | ",") || !is_value(value) {
            break;
        }
        if site.text_of(joint) != "," {
            edits.push(edit(last.span.end as usize..joint.span.end as usize, ","));
        }
        last = value;
    }
    last
}

/// `any_online("Sales")`
pub(super) fn call(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current().filter(|here| site.text_of(*here) == "(" && site.expects(Production::IN))?;
    let word = site.text_of(site.before().next()?);
    if FactWord::parse(word).is_none() && Count::parse(word).is_none() {
        return None;
    }
    let mut after = site.after();
    let (group, close) = (after.next()?, after.next().filter(|close| site.text_of(*close) == ")")?);
    let group_text = site.text_of(group);
    let edits = vec![edit(here.span.range(), " in "), edit(close.span.range(), "")];
    let repair = Repair::new(site, format!("the group after `{word}` needs `in`"), edits);
    Some(repair.help(format!("write `{word} in {group_text}`")).title("write `in`"))
}
