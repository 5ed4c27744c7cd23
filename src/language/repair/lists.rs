//! Questions as programmers and as people ask them: `!=`, `in (…)`, `is "a" or "b"`.

use super::super::error_site::ErrorSite;
use super::super::grammar::Production;
use super::super::lexer::{Token, TokenKind};
use super::super::vocabulary::{Count, FactWord};
use super::synonyms::find;
use super::{Repair, edit, insert};

/// How people deny a question that is denied with `not` before it.
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
    if let Some((first, last, meant)) =
        DENIED.iter().find_map(|(said, meant)| find(site, said).map(|(first, last)| (first, last, *meant)))
    {
        let range = first.span.start as usize..last.span.end as usize;
        let said = site.text().get(range.clone())?;
        let subject = subject(site)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(range.clone(), meant)];
        let mend = Repair::new(site, format!("`{said}` is written with `not` before the question"), edits);
        let subject = site.text().get(subject.span.start as usize..range.start)?.trim_end();
        return Some(mend.help(format!("write `not {subject} {meant} …`")).title("write it so").at(range));
    }
    let said = site.text_of(here);
    if !matches!(said, "!=" | "!==" | "<>" | "≠") {
        return None;
    }
    let is_number = site.after().next().is_some_and(|next| next.kind == TokenKind::Number);
    if is_number {
        let subject = subject(site)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(here.span.range(), "=")];
        let subject = site.text().get(subject.span.start as usize..here.span.start as usize)?.trim_end();
        let mend =
            Repair::new(site, format!("`{said}` is written with `not` before a number is compared"), edits);
        return Some(mend.help(format!("write `not {subject} = …`")).title("write it so"));
    }
    Some(Repair::new(
        site,
        format!("`{said}` is written `is not` here"),
        vec![edit(here.span.range(), "is not")],
    ))
}

/// The first token of what is asked about, as the `customer` of `customer.plan`.
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
    let mend =
        Repair::new(site, "`any` is missing before the list", vec![insert(here.span.start as usize, "any ")]);
    Some(mend.help("`any [\"a\", \"b\"]` means one of these").title("write `any`"))
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
        let last = separated(site, here, &mut edits);
        edits.push(insert(last.span.end as usize, "]"));
    } else {
        return None;
    }
    let mend = Repair::new(site, "a list stands in `[` and `]`", edits);
    Some(mend.help("write `any [\"a\", \"b\"]`").title("write `[` and `]`"))
}

/// `customer.country is "EG" or "SA"`
pub(super) fn repeated_value(site: &ErrorSite<'_, '_>) -> Option<Repair> {
    let here = site.current()?;
    let mut before = site.before();
    // After `,` reading stops before it, after `or` behind it.
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
    let last = separated(site, first, &mut edits);
    edits.push(insert(last.span.end as usize, "]"));
    let mend = Repair::new(site, "several values stand in a list", edits);
    let (first, second) = (site.text_of(first), site.text_of(second));
    Some(mend.help(format!("write `any [{first}, {second}]`")).title("write them as a list"))
}

fn is_value(token: Token) -> bool {
    matches!(token.kind, TokenKind::Text | TokenKind::Number)
}

/// Writes commas between the values from `first` on, and gives the last of them.
fn separated(site: &ErrorSite<'_, '_>, first: Token, edits: &mut Vec<crate::diagnostic::Edit>) -> Token {
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
    let group_said = site.text_of(group);
    let edits = vec![edit(here.span.range(), " in "), edit(close.span.range(), "")];
    let mend = Repair::new(site, format!("a group is named with `in` after `{word}`"), edits);
    Some(mend.help(format!("write `{word} in {group_said}`")).title("write `in`"))
}
