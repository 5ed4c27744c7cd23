//! `message is "image"`: the text, where the kind was probably meant.

use crate::check::conditions::each_condition;
use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Edit, Finding};
use crate::language::ast::{ConditionKind, Literal, ValueTest, Values};
use crate::language::fold;
use crate::language::vocabulary::MessageKind;
use crate::text::Span;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::KindInQuotes, page: include_str!("kind_in_quotes.md"), pass: Pass::File(check) };

/// The kinds that hardly anybody writes as a whole message. `order` and `text`, for example, are also answers.
const KINDS: [MessageKind; 5] = [
    MessageKind::Image,
    MessageKind::Audio,
    MessageKind::Video,
    MessageKind::Sticker,
    MessageKind::Unsupported,
];

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    each_condition(file.file.tree(), &mut |condition| {
        if let ConditionKind::Message(ValueTest::Is { values, .. }) = &condition.kind {
            let kinds = kinds(values);
            if let Some((kind, span)) = kinds.first() {
                let message = format!(
                    "`\"{kind}\"` in quotes is a text that the customer writes, not a kind of message"
                );
                let finding = Finding::new(LINT.code, &file.file.source.name, *span, message);
                findings.push(if kinds.len() == values.values.len() {
                    let edit =
                        |(kind, span): &(MessageKind, Span)| Edit { span: *span, text: kind.to_string() };
                    finding
                        .help(format!("write `message is {kind}`"))
                        .fix_all("remove the quotes", kinds.iter().map(edit).collect())
                } else {
                    finding.help(format!(
                        "kinds and texts need a test each: write `message is {kind} or message is …`"
                    ))
                });
            }
        }
    });
}

/// The kinds in a list of texts, with the places of the texts.
fn kinds(values: &Values) -> Vec<(MessageKind, Span)> {
    let kind = |text: &str| KINDS.into_iter().find(|kind| fold(text).as_str() == kind.word());
    let texts = values.values.iter().filter_map(|value| match &value.value {
        Literal::Text(text) => Some((kind(text)?, value.span)),
        _ => None,
    });
    texts.collect()
}
