//! `customer.city is not known`: asking whether there is a value at all.

use super::context::Context;
use crate::diagnostic::{Code, Edit};
use crate::language::ast::{self, Literal, ValueTest};
use crate::text::Span;

/// What people write for a value that is there, and for one that is not.
const THERE: [&str; 4] = ["known", "set", "present", "there"];
const ABSENT: [&str; 7] = ["unknown", "unset", "missing", "absent", "empty", "blank", "null"];

/// Reports a test such as `is not known` of the attribute `part`, which is `has`. Returns whether it is one.
pub(super) fn report_presence_test(cx: &mut Context<'_>, part: &ast::Word, test: &ValueTest) -> bool {
    let ValueTest::Is { not, values } = test else { return false };
    let [value] = values.values.as_slice() else { return false };
    let Literal::Word(word) = &value.value else { return false };
    let is_absent = ABSENT.contains(&word.as_str());
    if !(is_absent || THERE.contains(&word.as_str())) || values.any {
        return false;
    }
    let before = cx.file.source.text.get(..part.span.start as usize).unwrap_or_default();
    let subject_end = before.trim_end().trim_end_matches('.').trim_end().len();
    let subject = before.get(..subject_end).unwrap_or_default();
    let start = subject.trim_end_matches(|c: char| c.is_ascii_lowercase()).len();
    let subject = subject.get(start..).unwrap_or_default();
    let negation = if is_absent ^ *not { "not " } else { "" };
    let meant = format!("{negation}{subject} has {}", part.value);
    let span = Span::new(start, value.span.end as usize);
    let written = cx.file.source.slice(span);
    let finding = cx.error(Code::TypeMismatch, span, format!("write `{meant}`, not `{written}`"));
    let edits = vec![Edit { span, text: meant.clone() }];
    cx.report(
        finding
            .help(format!(
                "`{subject} has {0}` asks whether there is a value; `{subject}.{0} is \"…\"` compares it",
                part.value
            ))
            .fix_all(format!("write `{meant}`"), edits),
    );
    true
}
