//! Questions as programmers and as people ask them: `!=`, `in (…)`, `is "a" or "b"`.

use super::super::grammar::Kind;
use super::super::place::Place;
use super::super::scan::{self, Lexeme};
use super::super::vocabulary::{Count, FactWord};
use super::spelling::find;
use super::{Mend, edit, insert};

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
pub(super) fn negated(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here()?;
    if let Some((first, last, meant)) =
        DENIED.iter().find_map(|(said, meant)| find(place, said).map(|(first, last)| (first, last, *meant)))
    {
        let range = first.span.start as usize..last.span.end as usize;
        let said = place.text().get(range.clone())?;
        let subject = subject(place)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(range.clone(), meant)];
        let mend = Mend::new(place, format!("`{said}` is written with `not` before the question"), edits);
        let subject = place.text().get(subject.span.start as usize..range.start)?.trim_end();
        return Some(mend.help(format!("write `not {subject} {meant} …`")).title("write it so").at(range));
    }
    let said = place.said(here);
    if !matches!(said, "!=" | "!==" | "<>" | "≠") {
        return None;
    }
    let is_number = place.after().next().is_some_and(|next| next.kind == scan::Kind::Number);
    if is_number {
        let subject = subject(place)?;
        let edits = vec![insert(subject.span.start as usize, "not "), edit(here.span.range(), "=")];
        let subject = place.text().get(subject.span.start as usize..here.span.start as usize)?.trim_end();
        let mend =
            Mend::new(place, format!("`{said}` is written with `not` before a number is compared"), edits);
        return Some(mend.help(format!("write `not {subject} = …`")).title("write it so"));
    }
    Some(Mend::new(
        place,
        format!("`{said}` is written `is not` here"),
        vec![edit(here.span.range(), "is not")],
    ))
}

/// The first lexeme of what is asked about, as the `customer` of `customer.plan`.
fn subject(place: &Place<'_, '_>) -> Option<Lexeme> {
    let before: Vec<_> = place.before().take(3).collect();
    let first = *before.first()?;
    let joins = before.get(1).is_some_and(|second| matches!(place.said(*second), "." | "in"));
    if joins { before.get(2).copied() } else { Some(first) }
}

/// `is ["a", "b"]`
pub(super) fn list_without_any(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| place.said(*here) == "[")?;
    if !(place.expects(Kind::values) || place.expects(Kind::value)) {
        return None;
    }
    let mend =
        Mend::new(place, "`any` is missing before the list", vec![insert(here.span.start as usize, "any ")]);
    Some(mend.help("`any [\"a\", \"b\"]` means one of these").title("write `any`"))
}

/// `any ("a", "b")`, `any "a", "b"`, `any "a" or "b"`
pub(super) fn any_without_list(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|_| place.expects(Kind::OPEN_LIST))?;
    let mut edits = Vec::new();
    if matches!(place.said(here), "(" | "{") {
        edits.push(edit(here.span.range(), "["));
        let close = place.after().find(|next| matches!(place.said(*next), ")" | "}"))?;
        edits.push(edit(close.span.range(), "]"));
    } else if is_value(here) {
        edits.push(insert(here.span.start as usize, "["));
        let last = separated(place, here, &mut edits);
        edits.push(insert(last.span.end as usize, "]"));
    } else {
        return None;
    }
    let mend = Mend::new(place, "a list stands in `[` and `]`", edits);
    Some(mend.help("write `any [\"a\", \"b\"]`").title("write `[` and `]`"))
}

/// `customer.country is "EG" or "SA"`
pub(super) fn repeated_value(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here()?;
    let mut before = place.before();
    // After `,` reading stops before it, after `or` behind it.
    let (joint, second) = match place.said(here) {
        "," => (here, place.after().next()?),
        _ => (before.next()?, here),
    };
    let (first, asked) = (before.next()?, before.next()?);
    let is_question = matches!(place.said(asked), "is" | "not" | "contains" | "part" | "with" | "tag");
    let is_joint = matches!(place.said(joint), "or" | "and" | ",");
    if !(is_question && is_joint && is_value(first) && is_value(second)) {
        return None;
    }
    let mut edits = vec![insert(first.span.start as usize, "any [")];
    let last = separated(place, first, &mut edits);
    edits.push(insert(last.span.end as usize, "]"));
    let mend = Mend::new(place, "several values stand in a list", edits);
    let (first, second) = (place.said(first), place.said(second));
    Some(mend.help(format!("write `any [{first}, {second}]`")).title("write them as a list"))
}

fn is_value(lexeme: Lexeme) -> bool {
    matches!(lexeme.kind, scan::Kind::Text | scan::Kind::Number)
}

/// Writes commas between the values from `first` on, and gives the last of them.
fn separated(place: &Place<'_, '_>, first: Lexeme, edits: &mut Vec<crate::diagnostic::Edit>) -> Lexeme {
    let mut last = first;
    let mut rest = place.draft.lexemes.iter().copied().filter(|lexeme| lexeme.span.start > first.span.start);
    while let (Some(joint), Some(value)) = (rest.next(), rest.next()) {
        if !matches!(place.said(joint), "or" | "and" | ",") || !is_value(value) {
            break;
        }
        if place.said(joint) != "," {
            edits.push(edit(last.span.end as usize..joint.span.end as usize, ","));
        }
        last = value;
    }
    last
}

/// `any_online("Sales")`
pub(super) fn call(place: &Place<'_, '_>) -> Option<Mend> {
    let here = place.here().filter(|here| place.said(*here) == "(" && place.expects(Kind::IN))?;
    let word = place.said(place.before().next()?);
    if FactWord::parse(word).is_none() && Count::parse(word).is_none() {
        return None;
    }
    let mut after = place.after();
    let (group, close) = (after.next()?, after.next().filter(|close| place.said(*close) == ")")?);
    let group_said = place.said(group);
    let edits = vec![edit(here.span.range(), " in "), edit(close.span.range(), "")];
    let mend = Mend::new(place, format!("a group is named with `in` after `{word}`"), edits);
    Some(mend.help(format!("write `{word} in {group_said}`")).title("write `in`"))
}
