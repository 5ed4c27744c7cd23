//! Tests of texts, numbers and flags: both sides must have the same type.

use std::sync::Arc;

use super::condition::find_attribute;
use super::context::{Context, MAX_LISTED};
use super::presence_test::report_presence_test;
use crate::diagnostic::{Code, nearest};
use crate::inbox::{AttributeKind, WordList};
use crate::language::ast::{self, ValueTest};
use crate::language::vocabulary::is_reserved;
use crate::language::{Folded, fold};
use crate::policy::condition::{Attribute, AttributeTest, TextTest};
use crate::policy::pattern::{Pattern, PatternError};
use crate::text::{Span, Spanned, quoted};

/// A test of a text, which messages call `what`.
pub(super) fn text_test(cx: &mut Context<'_>, test: &ValueTest, what: &str) -> Option<TextTest> {
    match test {
        ValueTest::Is { not, values } => {
            folded_list(cx, values, what).map(|any| TextTest::Is { not: *not, any })
        }
        ValueTest::Contains { part: false, values } => folded_list(cx, values, what).map(TextTest::Contains),
        ValueTest::Contains { part: true, values } => {
            folded_list(cx, values, what).map(TextTest::ContainsPart)
        }
        ValueTest::StartsWith(values) => folded_list(cx, values, what).map(TextTest::StartsWith),
        ValueTest::Matches(pattern) => pattern_test(cx, pattern),
        ValueTest::Compare(compare) => {
            let message = match compare.op.value.sign() {
                "=" => format!("{what} is a text: compare it with `is`, not `=`"),
                sign => format!("{what} is a text, which cannot be compared with `{sign}`"),
            };
            let finding = cx.error(Code::TypeMismatch, compare.op.span, message);
            let is_text = matches!(compare.value.value, ast::Literal::Text(_));
            cx.report(if compare.op.value.sign() == "=" && is_text {
                finding.did_you_mean("is", compare.op.span, "is")
            } else {
                finding.help("use `is`, `contains` or `starts with`")
            });
            None
        }
    }
}

/// A test of the message's text, the only one that reads past signs at the ends.
pub(super) fn message_text_test(cx: &mut Context<'_>, test: &ValueTest) -> Option<TextTest> {
    let each = |any: Box<[Folded]>, trim: fn(&Folded) -> Folded| any.iter().map(trim).collect();
    Some(match text_test(cx, test, "the message")? {
        TextTest::Is { not, any } => TextTest::Is { not, any: each(any, Folded::without_signs) },
        TextTest::StartsWith(any) => TextTest::StartsWith(each(any, Folded::without_signs_at_start)),
        other => other,
    })
}

/// The folded texts of a list. Values that are not texts, and texts that are empty once folded, are reported.
pub(super) fn folded_list(cx: &mut Context<'_>, values: &ast::Values, what: &str) -> Option<Box<[Folded]>> {
    let mut list = Vec::new();
    for value in &values.values {
        match &value.value {
            ast::Literal::Text(text) => list.extend(folded(cx, text, value)),
            ast::Literal::Word(_) | ast::Literal::Number(_) | ast::Literal::Duration(_) => {
                let source = cx.file.source.slice(value.span);
                let message = format!("`{source}` needs quotes around it, because {what} is a text");
                let fixed = quoted(source);
                let finding = cx.error(Code::TypeMismatch, value.span, message);
                // `customerlanguage` and `language` may have lost a part of `customer.language`, and not their quotes.
                let is_skill = what == "a skill";
                let is_attribute = find_attribute(cx.inbox(), source).is_some()
                    || (is_skill && cx.inbox().is_inferred && matches!(value.value, ast::Literal::Word(_)));
                let is_part = is_attribute
                    || is_reserved(source)
                    || source.starts_with("customer")
                    || !source.is_ascii();
                let title = if is_attribute && is_skill {
                    format!(
                        "write `customer.{source}` for what the customer has, or `{fixed}` for that skill"
                    )
                } else {
                    format!("write `{fixed}`")
                };
                cx.report(if is_part { finding.help(title) } else { finding.fix(title, value.span, fixed) });
            }
        }
    }
    (list.len() == values.values.len()).then(|| list.into())
}

/// The folded text; `None` after a finding if the folded text is empty.
pub(super) fn folded<T>(cx: &mut Context<'_>, text: &str, place: &Spanned<T>) -> Option<Folded> {
    let folded = fold(text);
    if folded.is_empty() {
        let message = if text.is_empty() {
            "this text is empty"
        } else {
            "this text has no characters that count in a comparison"
        };
        cx.report(cx.error(Code::EmptyText, place.span, message).help("write at least one letter or digit"));
        return None;
    }
    Some(folded)
}

fn pattern_test(cx: &mut Context<'_>, pattern: &Spanned<String>) -> Option<TextTest> {
    if pattern.value.is_empty() {
        cx.report(cx.error(Code::EmptyText, pattern.span, "this pattern is empty, so it matches every text"));
        return None;
    }
    match Pattern::new(&pattern.value) {
        Ok(pattern) => return Some(TextTest::Matches(Arc::new(pattern))),
        Err(PatternError::TooLarge) => cx.report(
            cx.error(Code::InvalidPattern, pattern.span, "this pattern is too large")
                .help("shorten it, or use smaller repetition counts"),
        ),
        Err(PatternError::Malformed(reason)) => cx.report(
            cx.error(Code::InvalidPattern, pattern.span, format!("this pattern is not valid: {reason}"))
                .help("to match a character such as `(`, `[`, `*` or `+` itself, write `\\` before it"),
        ),
    }
    None
}

/// A test of an attribute whose values are of `kind`.
pub(super) fn attribute_test(
    cx: &mut Context<'_>,
    part: &ast::Word,
    attribute: Attribute,
    kind: &AttributeKind,
    test: Option<&ValueTest>,
) -> Option<AttributeTest> {
    let what = format!("`{}`", part.value);
    if test.is_some_and(|test| report_presence_test(cx, part, test)) {
        return None;
    }
    let subject = attribute.subject();
    if let Some(ValueTest::Is { not, values }) = test
        && let [Spanned { value: ast::Literal::Text(text), span }] = values.values.as_slice()
        && text.is_empty()
    {
        let not = if *not { "" } else { "not " };
        let help = format!("write `{not}{subject} has {}`", part.value);
        cx.report(cx.error(Code::EmptyText, *span, "this text is empty").help(help));
        return None;
    }
    match (kind, test) {
        (AttributeKind::Flag | AttributeKind::Unknown, None) => Some(AttributeTest::Flag),
        (AttributeKind::Flag, Some(_)) => {
            let message = format!("{what} is a flag, so it needs no comparison");
            let help = format!("write `{subject}.{0}`, or `not {subject}.{0}`", part.value);
            cx.report(cx.error(Code::TypeMismatch, part.span, message).help(help));
            None
        }
        (_, None) => {
            let message = format!("{what} is not a flag, so it needs a comparison");
            let example = match kind {
                AttributeKind::Number => format!("{subject}.{} >= 10", part.value),
                AttributeKind::Words(words) => {
                    let word = words.first().map_or("…", |(word, _)| word);
                    format!("{subject}.{} is \"{word}\"", part.value)
                }
                _ => format!("{subject}.{} is \"…\"", part.value),
            };
            let help = format!("write `{example}`, or `{subject} has {}`", part.value);
            cx.report(cx.error(Code::TypeMismatch, part.span, message).help(help));
            None
        }
        (AttributeKind::Number, Some(test)) => number_test(cx, part, subject, test),
        (AttributeKind::Unknown, Some(test)) if compares_numbers(test) => {
            number_test(cx, part, subject, test)
        }
        (AttributeKind::Words(words), Some(test)) => word_list_test(cx, part, subject, words, test),
        (AttributeKind::Text | AttributeKind::Unknown, Some(test)) => {
            let resolved = text_test(cx, test, &what)?;
            Some(AttributeTest::Text(resolved))
        }
    }
}

fn compares_numbers(test: &ValueTest) -> bool {
    let is_number = |value: &Spanned<ast::Literal>| matches!(value.value, ast::Literal::Number(_));
    match test {
        ValueTest::Compare(compare) => is_number(&compare.value),
        ValueTest::Is { values, .. } => values.values.iter().all(is_number),
        _ => false,
    }
}

fn number_test(
    cx: &mut Context<'_>,
    part: &ast::Word,
    subject: &str,
    test: &ValueTest,
) -> Option<AttributeTest> {
    if let ValueTest::Compare(ast::Compare { op, value }) = test
        && let ast::Literal::Number(number) = value.value
    {
        if number.is_none() {
            cx.report(cx.error(Code::InvalidNumber, value.span, "this number has too many digits"));
        }
        return Some(AttributeTest::Number { op: op.value, value: number? });
    }
    if let ValueTest::Compare(ast::Compare { value, .. }) = test
        && let ast::Literal::Text(text) = &value.value
        && !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_digit())
    {
        let message = format!("`{}` is a number, and a number has no quotes", part.value);
        let finding = cx.error(Code::TypeMismatch, value.span, message);
        cx.report(finding.fix(format!("write `{text}`"), value.span, text.clone()));
        return None;
    }
    let message = format!("`{}` is a number", part.value);
    let help = format!("compare it with a number: `{subject}.{0} = 10` or `{subject}.{0} >= 10`", part.value);
    let finding = cx.error(Code::TypeMismatch, part.span, message).help(help);
    cx.report(match test {
        // The text between the attribute and its only value is the wrong operator.
        ValueTest::Is { not: false, values } if compares_numbers(test) && !values.any => {
            let between = Span { start: part.span.end, end: values.span.start };
            finding.fix("write `=`", between, " = ")
        }
        _ => finding,
    });
    None
}

fn word_list_test(
    cx: &mut Context<'_>,
    part: &ast::Word,
    subject: &str,
    words: &WordList,
    test: &ValueTest,
) -> Option<AttributeTest> {
    let ValueTest::Is { values, .. } = test else {
        let message = format!("`{}` has one of the words that `inbox.toml` lists", part.value);
        let help = format!("use `{subject}.{} is \"…\"` or `is any [\"…\", \"…\"]`", part.value);
        cx.report(cx.error(Code::TypeMismatch, part.span, message).help(help));
        return None;
    };
    let resolved = text_test(cx, test, &format!("`{}`", part.value))?;
    let mut is_sound = true;
    for value in &values.values {
        let ast::Literal::Text(word) = &value.value else { continue };
        is_sound &= is_listed(cx, &part.value, words, &Spanned::new(word.clone(), value.span));
    }
    is_sound.then_some(AttributeTest::Text(resolved))
}

/// Whether `text` is one of the words of the attribute. If not, it is reported.
pub(super) fn is_listed(
    cx: &mut Context<'_>,
    attribute: &str,
    words: &WordList,
    text: &ast::TextLiteral,
) -> bool {
    let folded = fold(&text.value);
    if words.has(&folded) {
        return true;
    }
    let message = format!("`{}` is not one of the words of `{attribute}`", text.value);
    let finding = cx.error(Code::UnknownValue, text.span, message);
    cx.report_with(finding, |finding| {
        match nearest(&text.value, words.iter().map(|(word, _)| word.as_str())) {
            Some(near) => finding.did_you_mean(near, text.span, quoted(near)),
            None if words.len() > MAX_LISTED => finding.help("`inbox.toml` lists the words"),
            None => {
                let words: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
                finding.help(format!("`inbox.toml` lists {}", words.join(", ")))
            }
        }
    });
    false
}
