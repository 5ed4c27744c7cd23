//! Characters that do not mean what they seem to mean: invisible ones in texts and comments, which the parser finds, and
//! signs of patterns in texts.

use crate::check::conditions::each_condition;
use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{ConditionKind, Literal, ValueTest};
use crate::text::quoted;

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::ConfusingCharacters,
    page: include_str!("confusing_characters.md"),
    pass: Pass::File(check),
};

/// `message contains "refund*"`, `"refund|money"`: signs are not compared.
fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    each_condition(file.file.tree(), &mut |condition| {
        let comparison = match &condition.kind {
            ConditionKind::Message(test) => Some(test),
            ConditionKind::MessagePart { test, .. } | ConditionKind::CustomerPart { test, .. } => {
                test.as_ref()
            }
            _ => None,
        };
        let Some(
            ValueTest::Is { values, .. } | ValueTest::Contains { values, .. } | ValueTest::StartsWith(values),
        ) = comparison
        else {
            return;
        };
        for value in &values.values {
            let Literal::Text(text) = &value.value else { continue };
            let Some((sign, help)) = sign_of_pattern(text) else { continue };
            let message = format!("`{sign}` has no meaning of its own in a text, and is not compared");
            findings.push(Finding::new(LINT.code, &file.file.source.name, value.span, message).help(help));
        }
    });
}

/// A sign of `text` that elsewhere stands for any letters or for `or`, and what to write instead.
fn sign_of_pattern(text: &str) -> Option<(char, String)> {
    let touches = |rest: &str| rest.ends_with(char::is_alphanumeric);
    let stem = text.trim_matches(['*', '%']);
    let is_word = |text: &str| !text.is_empty() && text.chars().all(char::is_alphanumeric);
    // `*sale*` is bold in WhatsApp.
    let sign = text.strip_prefix(stem).and_then(|rest| rest.chars().next());
    if let Some(sign) =
        sign.filter(|sign| is_word(stem) && (*sign == '*' || stem.chars().all(char::is_alphabetic)))
    {
        let part = quoted(stem);
        return Some((
            sign,
            format!("write `contains part {part}` to find it inside words too, or `matches /…/`"),
        ));
    }
    let (before, after) = text.split_once('|')?;
    (touches(before.trim_end()) && after.trim_start().starts_with(char::is_alphanumeric)).then(|| {
        let texts: Vec<String> = text.split('|').map(|part| quoted(part.trim())).collect();
        ('|', format!("write `any [{}]` for any of these", texts.join(", ")))
    })
}
