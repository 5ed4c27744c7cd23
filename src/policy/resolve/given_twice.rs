//! What a test gives twice: the second would silently take the place of the first.

use std::collections::BTreeMap;

use super::context::Context;
use crate::diagnostic::Code;
use crate::language::ast::{AttributeGiven, CustomerGiven, Given, Word};
use crate::text::Span;

/// Reports everything that is given twice, but for users and the parts of an open chat, whose reports say more.
pub(super) fn report_given_twice(cx: &mut Context<'_>, givens: &[Given]) {
    let mut first_spans: BTreeMap<String, Span> = BTreeMap::new();
    let mut note = |what: String, span: Span| {
        let Some(first) = first_spans.get(&what) else {
            first_spans.insert(what, span);
            return;
        };
        let help = match what.as_str() {
            "the message" => "a test is about one message: write a test for each, or remove one of the two",
            _ => "remove one of the two",
        };
        let finding = cx.error(Code::Syntax, span, format!("{what} is given twice")).help(help);
        cx.report(finding.related(*first, "it is first given here"));
    };
    for given in givens {
        match given {
            Given::Message { kind, text, aged, attributes } => {
                let parts = [
                    kind.as_ref().map(|kind| kind.span),
                    text.as_ref().map(|text| text.span),
                    aged.as_ref().map(|aged| aged.span),
                ];
                if let Some(span) = parts.into_iter().flatten().reduce(Span::to) {
                    note("the message".to_owned(), span);
                }
                for attribute in attributes {
                    let name = name_of(attribute);
                    note(format!("`{}` of the message", name.value), name.span);
                }
            }
            Given::At { span, .. } => note("the moment".to_owned(), *span),
            Given::Number(text) => note("the number".to_owned(), text.span),
            Given::Waiting(list) => {
                for (_, group) in list {
                    note(format!("the queue of `{}`", group.value), group.span);
                }
            }
            Given::Turn(list) => {
                for (group, _) in list {
                    note(format!("the turn of `{}`", group.value), group.span);
                }
            }
            Given::Customer(list) => {
                for item in list {
                    match &item.value {
                        CustomerGiven::Owner(_) => note("the owner".to_owned(), item.span),
                        CustomerGiven::Attribute(attribute) => {
                            note(format!("`{}` of the customer", name_of(attribute).value), item.span);
                        }
                        CustomerGiven::New | CustomerGiven::Returning | CustomerGiven::Tag(_) => {}
                    }
                }
            }
            Given::Users { .. } | Given::Chat(_) => {}
        }
    }
}

fn name_of(attribute: &AttributeGiven) -> &Word {
    let (AttributeGiven::Value(word, _) | AttributeGiven::Flag(word, _)) = attribute;
    word
}
