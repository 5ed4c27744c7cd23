//! What people mean by a name that there is not: an attribute without its subject, a day without `during`, a kind of
//! message without `message is`, a tag as an attribute.

use super::condition::find_attribute;
use super::context::Context;
use super::message;
use crate::diagnostic::{Code, Edit, Finding};
use crate::inbox::AttributeKind;
use crate::language::ast::{self, ConditionKind as Tree, Literal, ValueTest};
use crate::language::message_kind;
use crate::language::vocabulary::{ChatTime, MessageKind, Weekday};
use crate::policy::condition::Attribute;
use crate::text::{Span, quoted};

/// Adds to `finding`, which is about the unknown fact `word`, what was probably meant, if that is known.
pub(super) fn of_fact(
    cx: &Context<'_>,
    finding: &Finding,
    word: &ast::Word,
    compare: Option<&ast::Compare>,
) -> Option<Finding> {
    let name = word.value.as_str();
    let help = |help: &str| Some(finding.clone().help(help));
    let write = |text: String| {
        let finding = finding.clone().help(format!("write `{text}`"));
        Some(finding.fix(format!("write `{text}`"), word.span, text))
    };
    if let Some(text) = owner_advice(name) {
        return help(text);
    }
    if ChatTime::parse(name).is_some() {
        return if compare.is_some() {
            write(format!("chat.{name}"))
        } else {
            help(&format!("write `chat.{name} > 10m`"))
        };
    }
    let (day, kind) = (Weekday::parse(name).is_some(), message_kind(name));
    if compare.is_none() && (day || kind.is_some()) {
        let text = kind.map_or_else(|| format!("during {name}"), |kind| format!("message is {kind}"));
        return if may_belong_to_test(cx, word) { help(&format!("write `{text}`")) } else { write(text) };
    }
    let of_customer = find_attribute(cx.inbox(), name)
        .map(|(attribute, kind)| ("customer", kind, attribute == Attribute::SilentFor));
    let of_message = match message::find_attribute(cx.inbox(), name) {
        None if name == "age" => Some(("message", AttributeKind::Unknown, true)),
        found => found.map(|(_, kind)| ("message", kind, false)),
    };
    let (subject, kind, is_duration) = match (of_customer, of_message) {
        (Some(_), Some(_)) => {
            return help(&format!("write `customer.{name}` or `message.{name}`"));
        }
        (Some(found), None) | (None, Some(found)) => found,
        (None, None) => return None,
    };
    let fits = match (&kind, compare) {
        _ if is_duration => compare.is_some(),
        (AttributeKind::Flag, None) | (AttributeKind::Number, Some(_)) => true,
        _ => false,
    };
    if fits {
        return write(format!("{subject}.{name}"));
    }
    help(&format!("it is an attribute: write `{subject}.{name}` with a test, or `{subject} has {name}`"))
}

fn owner_advice(name: &str) -> Option<&'static str> {
    Some(match name {
        "owner_available" | "owner_free" | "owner_busy" | "owner_has_room" => {
            "there is no condition for whether the owner is available: write `assign owner among available`, with another alternative after `else`"
        }
        "owner" | "owned" | "owner_exists" => "write `has_owner`, `owner_online` or `owner_offline`",
        "all_online" | "everyone_online" => {
            "there is no condition for everybody being online: count them, as in `online >= 3`"
        }
        "any_offline" | "someone_offline" => {
            "there is no condition for somebody being offline: count who is online, as in `online < 3`"
        }
        _ => return None,
    })
}

/// Reports kinds of message and days that stand after `or` or `and` without what they belong to, as in `message is image or
/// video` and `during fri and sat`. Returns which parts these are, from the first to before the last.
pub(super) fn report_bare_values(cx: &mut Context<'_>, parts: &[ast::Condition], is_or: bool) -> Vec<usize> {
    let mut reported = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let bare = |is_value: fn(&str) -> bool| {
            let rest = parts.get(index + 1..).unwrap_or_default().iter();
            rest.map_while(move |part| bare_word(part, is_value)).collect::<Vec<_>>()
        };
        let (is_denied, test) = match &part.kind {
            Tree::Not(inner) => (true, &inner.kind),
            kind => (false, kind),
        };
        let (words, finding) = match test {
            Tree::Message(ValueTest::Is { not, values }) if is_kind(values) => {
                let words = bare(|word| MessageKind::parse(word).is_some());
                if words.is_empty() {
                    continue;
                }
                // `is not image and video` is neither, as is `not message is image or video`.
                let is_certain = if *not { !is_or && !is_denied } else { is_or };
                let written = cx.file.source.slice(Span { end: values.span.start, ..part.span });
                (words.len(), several_kinds(cx, written, values, &words, is_certain))
            }
            Tree::During(ast::During::Entry(entry)) if entry.times.is_empty() && entry.dates.is_empty() => {
                let words = bare(|word| Weekday::parse(word).is_some());
                if words.is_empty() {
                    continue;
                }
                (words.len(), several_days(cx, entry, &words, (is_or, is_denied)))
            }
            _ => continue,
        };
        cx.report(finding);
        reported.extend(index + 1..=index + words);
    }
    reported
}

fn bare_word(part: &ast::Condition, is_value: fn(&str) -> bool) -> Option<&ast::Word> {
    match &part.kind {
        Tree::Fact { word, group: None, compare: None } if is_value(&word.value) => Some(word),
        _ => None,
    }
}

fn is_kind(values: &ast::Values) -> bool {
    !values.any && values.values.iter().all(|value| matches!(value.value, Literal::Word(_)))
}

fn several_kinds(
    cx: &Context<'_>,
    test: &str,
    values: &ast::Values,
    words: &[&ast::Word],
    is_certain: bool,
) -> Finding {
    let first = cx.file.source.slice(values.span);
    let others: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
    let list = format!("any [{first}, {}]", others.join(", "));
    let end = words.last().map_or(values.span.end, |last| last.span.end);
    let span = Span { start: values.span.start, end };
    let finding = cx.error(Code::UnknownFact, span, "several kinds of message need a list");
    if is_certain {
        return finding.help(format!("write `{test}{list}`")).fix(format!("write `{list}`"), span, list);
    }
    finding.help(format!(
        "a message has one kind: write `message is {list}` for any of them, or `message is not {list}` for none of them"
    ))
}

fn several_days(
    cx: &Context<'_>,
    entry: &ast::HoursEntry,
    words: &[&ast::Word],
    (is_or, is_denied): (bool, bool),
) -> Finding {
    let mut edits = Vec::new();
    let mut end = entry.span.end;
    for word in words {
        edits.push(Edit { span: Span { start: end, end: word.span.start }, text: " ".to_owned() });
        end = word.span.end;
    }
    let first = cx.file.source.slice(entry.span);
    let others: Vec<&str> = words.iter().map(|word| word.value.as_str()).collect();
    let written = format!("during {first} {}", others.join(" "));
    let span = Span { start: entry.span.start, end };
    let finding = cx.error(Code::UnknownFact, span, "several days stand side by side");
    if is_denied && !is_or {
        return finding
            .help(format!("write `{written}` for any of these days, or `not {written}` for all others"));
    }
    let written = if is_denied { format!("not {written}") } else { written };
    finding.help(format!("write `{written}`")).fix_all(format!("write `{written}`"), edits)
}

/// Whether `word` follows `or` or `and` after a test that it may belong to: `not message is image or video and vip`.
fn may_belong_to_test(cx: &Context<'_>, word: &ast::Word) -> bool {
    const NEAR: usize = 60;
    let before = cx.file.source.text.get(..word.span.start as usize).unwrap_or_default();
    let mut words = before.split_whitespace().rev().take(NEAR);
    let joint = words.next();
    matches!(joint, Some("or" | "and"))
        && words
            .take_while(|word| !matches!(*word, "when" | "=") && !word.ends_with(':'))
            .any(|word| matches!(word.trim_start_matches('('), "message" | "during"))
}

/// Reports `customer.tags contains "vip"` and its kin, which ask for what is no attribute; `false` if it is not known what
/// is meant. `span` is the whole condition.
pub(super) fn report_no_attribute(
    cx: &mut Context<'_>,
    part: &ast::Word,
    test: Option<&ValueTest>,
    span: Span,
) -> bool {
    if find_attribute(cx.inbox(), &part.value).is_some() {
        return false;
    }
    let message = format!("customers have no attribute `{}`", part.value);
    let finding = cx.error(Code::UnknownAttribute, part.span, message);
    let write = |finding: Finding, text: String| {
        finding.help(format!("write `{text}`")).fix(format!("write `{text}`"), span, text)
    };
    let finding = match (part.value.as_str(), test) {
        ("tag" | "tags", Some(ValueTest::Is { not, values })) => {
            let not = if *not { "not " } else { "" };
            write(finding, format!("{not}customer has tag {}", cx.file.source.slice(values.span)))
        }
        ("tag" | "tags", Some(ValueTest::Contains { part: false, values })) => {
            write(finding, format!("customer has tag {}", cx.file.source.slice(values.span)))
        }
        ("tag" | "tags", _) => finding.help("a tag is asked for with `customer has tag \"…\"`"),
        ("new", None) => write(finding, "new_customer".to_owned()),
        ("returning", None) => write(finding, "returning_customer".to_owned()),
        ("owner", _) => finding.help("write `has_owner`, `owner_online` or `owner_offline`; there is no condition for who the owner is"),
        _ => return false,
    };
    cx.report(finding);
    true
}

/// Adds to `finding` what a word for a kind of message that there is not means, with the fix, if that is known.
pub(super) fn kind(finding: &Finding, word: &ast::Word) -> Option<Finding> {
    let kind = message_kind(&word.value)?;
    let finding = finding.clone().help(format!("here it is called `{kind}`"));
    Some(finding.fix(format!("write `{kind}`"), word.span, kind.word()))
}

/// What to write for a condition about one user.
pub(super) fn help_for_user(user: &str) -> String {
    format!(
        "there is no condition about one user: write `assign user {user} among online`, with another alternative after `else`"
    )
}

/// Reports a user where a condition needs a group.
pub(super) fn report_user_as_group(cx: &mut Context<'_>, name: &ast::TextLiteral) -> bool {
    let inbox = cx.inbox();
    let is_user = inbox.group_id(&name.value).is_none() && inbox.user_id(&name.value).is_some();
    if is_user {
        let message = format!("`{}` is a user, not a group", name.value);
        let finding = cx.error(Code::UnknownGroup, name.span, message);
        cx.report(finding.help(help_for_user(&quoted(&name.value))));
    }
    is_user
}
