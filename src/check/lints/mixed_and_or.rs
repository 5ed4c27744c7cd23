//! `a or b and c` without parentheses, which many readers misread.

use std::sync::Arc;

use crate::check::conditions::each_condition;
use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Edit, Finding};
use crate::language::ast::{Condition, ConditionKind};
use crate::text::Span;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::MixedAndOr, page: include_str!("mixed_and_or.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    each_condition(file.file.tree(), &mut |condition| {
        let ConditionKind::Or(parts) = &condition.kind else { return };
        let bare: Vec<Span> = parts.iter().filter(|part| is_and(part)).map(|part| part.span).collect();
        if !bare.is_empty() {
            findings.push(mixed(&file.file.source.name, condition.span, &bare));
        }
    });
}

fn is_and(condition: &Condition) -> bool {
    matches!(condition.kind, ConditionKind::And(_))
}

fn mixed(file: &Arc<str>, span: Span, bare: &[Span]) -> Finding {
    let at = |byte: u32, text: &str| Edit { span: Span { start: byte, end: byte }, text: text.to_owned() };
    let edits = bare.iter().flat_map(|part| [at(part.start, "("), at(part.end, ")")]).collect();
    Finding::new(LINT.code, file, span, "`and` and `or` are side by side without parentheses")
        .help("`and` binds first; add parentheses that say so, or put them where you want them")
        .fix_all("add parentheses that keep the present meaning", edits)
}
