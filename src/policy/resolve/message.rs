//! Conditions about the message: its text, its kind, its attributes.

use super::advice;
use super::condition::duration;
use super::context::{self, Context};
use super::text::{attribute_test, message_text_test};
use crate::diagnostic::{Code, Finding, one_of};
use crate::inbox::{AttributeKind, Inbox};
use crate::language::ast::{self, ValueTest};
use crate::language::vocabulary::{MessageBuiltIn, MessageKind};
use crate::policy::condition::{Attribute, Fact};
use crate::text::{Span, Spanned};

/// `message contains "refund"`, `message is image`
pub(super) fn whole(cx: &mut Context<'_>, test: &ValueTest) -> Option<Fact> {
    if let ValueTest::Is { not, values } = test
        && values.values.iter().any(|value| matches!(value.value, ast::Literal::Word(_)))
    {
        return kinds(cx, values).map(|kinds| Fact::MessageKind { not: *not, kinds });
    }
    message_text_test(cx, test).map(Fact::MessageText)
}

fn kinds(cx: &mut Context<'_>, values: &ast::Values) -> Option<Box<[MessageKind]>> {
    let mut kinds = Vec::new();
    let mut is_sound = true;
    for value in &values.values {
        let ast::Literal::Word(word) = &value.value else {
            let message = "a list has either texts or kinds of message, not both";
            cx.report(cx.error(Code::TypeMismatch, value.span, message));
            return None;
        };
        if let Some(kind) = MessageKind::parse(word) {
            kinds.push(kind);
            continue;
        }
        is_sound = false;
        let finding =
            cx.error(Code::UnknownValue, value.span, format!("no kind of message is called `{word}`"));
        let misspelt = Spanned::new(word.clone(), value.span);
        if find_attribute(cx.inbox(), word).is_some_and(|(_, kind)| matches!(kind, AttributeKind::Flag)) {
            cx.report(
                finding.help(format!("it is an attribute: write `message.{word}`, or `not message.{word}`")),
            );
            continue;
        }
        let kinds = MessageKind::ALL.iter().map(|kind| kind.word());
        cx.report(advice::kind(&finding, &misspelt).unwrap_or_else(|| {
            context::suggest_word(finding, &misspelt, kinds.clone(), || {
                format!("the kinds are {}; write a text in quotes: `\"{word}\"`", one_of(kinds))
            })
        }));
    }
    is_sound.then(|| kinds.into())
}

/// `message.age > 1h`, `message.ad is "120"`, `message.forwarded`
pub(super) fn part(cx: &mut Context<'_>, part: &ast::Word, test: Option<&ValueTest>) -> Option<Fact> {
    if part.value == "age" {
        let (op, seconds) = duration(cx, part, test, "message.age > 1h")?;
        return Some(Fact::MessageAge { op, seconds });
    }
    let (attribute, kind) = known_attribute(cx, part)?;
    let test = attribute_test(cx, part, attribute, &kind, test)?;
    Some(Fact::Attribute { attribute, test })
}

/// `message has ad`
pub(super) fn has(cx: &mut Context<'_>, word: &ast::Word, span: Span) -> Option<Fact> {
    let found = find_attribute(cx.inbox(), &word.value);
    // Both are always known, so the question would have one answer.
    let instead = match found {
        Some((Attribute::Forwarded, _)) => "message.forwarded",
        None if word.value == "age" => "message.age > 1h",
        None if MessageKind::parse(&word.value).is_some() => {
            let fixed = format!("message is {}", word.value);
            let message = format!("`{}` is a kind of message, which is asked with `is`", word.value);
            let finding = cx.error(Code::TypeMismatch, span, message);
            cx.report(finding.help(format!("write `{fixed}`")).fix(format!("write `{fixed}`"), span, fixed));
            return None;
        }
        _ => return known_attribute(cx, word).map(|(attribute, _)| Fact::HasAttribute(attribute)),
    };
    let message = format!("`{}` is known of every message", word.value);
    let finding = cx.error(Code::TypeMismatch, word.span, message).help(format!("write `{instead}`"));
    cx.report(match found {
        Some(_) => finding.fix(format!("write `{instead}`"), span, instead),
        None => finding,
    });
    None
}

/// The attribute of messages called `name`, and its kind.
pub(super) fn find_attribute(inbox: &Inbox, name: &str) -> Option<(Attribute, AttributeKind)> {
    if let Some(built_in) = MessageBuiltIn::parse(name) {
        return Some(match built_in {
            MessageBuiltIn::Ad => (Attribute::Ad, AttributeKind::Text),
            MessageBuiltIn::AdText => (Attribute::AdText, AttributeKind::Text),
            MessageBuiltIn::Button => (Attribute::Button, AttributeKind::Text),
            MessageBuiltIn::Forwarded => (Attribute::Forwarded, AttributeKind::Flag),
        });
    }
    let id = inbox.message_attribute_id(name)?;
    Some((Attribute::Message(id), inbox.message_attribute(id).kind.clone()))
}

/// The same; `None` after a finding.
pub(super) fn known_attribute(cx: &mut Context<'_>, word: &ast::Word) -> Option<(Attribute, AttributeKind)> {
    let found = find_attribute(cx.inbox(), &word.value);
    if found.is_none() {
        let message = format!("a message has no `{}`", word.value);
        let finding = cx.error(Code::UnknownAttribute, word.span, message);
        cx.report(suggest(cx.inbox(), finding, word));
    }
    found
}

fn suggest(inbox: &Inbox, finding: Finding, word: &ast::Word) -> Finding {
    match word.value.as_str() {
        "text" | "body" | "content" => {
            return finding.help("write `message contains \"…\"` or `message is \"…\"`");
        }
        "referral" | "referral_id" | "ad_id" | "post" => {
            return finding
                .help("the ad or post that the customer tapped is `message.ad`, its text `message.ad_text`");
        }
        "type" | "kind" => return finding.help("write `message is image`"),
        name if super::condition::find_attribute(inbox, name).is_some() => {
            return finding.help(format!("it is the customer who has it: write `customer.{name}`"));
        }
        _ => {}
    }
    let known = MessageBuiltIn::ALL.iter().map(|built_in| built_in.word()).chain(["age"]);
    let known = known.chain(inbox.message_attributes.iter().map(|attribute| attribute.name.as_str()));
    context::suggest_word(finding, word, known, || {
        "define it under `[message]` in `inbox.toml`; for the text, write `message contains \"…\"`".into()
    })
}
