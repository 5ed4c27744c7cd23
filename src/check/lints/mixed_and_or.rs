//! `a or b and c` without parentheses, which many readers misread.

use crate::check::conditions::each_condition;
use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Condition, ConditionKind};
use crate::policy::RuleFile;
use crate::text::Span;

/// The longest condition that is written out.
const LONGEST: usize = 150;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::MixedAndOr, page: include_str!("mixed_and_or.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    each_condition(file.file.tree(), &mut |condition| {
        let ConditionKind::Or(parts) = &condition.kind else { return };
        let bare: Vec<Span> = parts.iter().filter(|part| is_and(part)).map(|part| part.span).collect();
        if !bare.is_empty() {
            findings.push(mixed(&file.file, condition.span, &bare));
        }
    });
}

fn is_and(condition: &Condition) -> bool {
    matches!(condition.kind, ConditionKind::And(_))
}

fn mixed(file: &RuleFile, span: Span, bare: &[Span]) -> Finding {
    let finding = Finding::new(
        LINT.code,
        &file.source.name,
        span,
        "`and` and `or` are side by side without parentheses",
    );
    let mut written = String::new();
    let mut at = span.start;
    for part in bare {
        written += file.source.slice(Span { start: at, end: part.start });
        written += &format!("({})", file.source.slice(*part));
        at = part.end;
    }
    written += file.source.slice(Span { start: at, end: span.end });
    let written: Vec<&str> = written.split_whitespace().collect();
    let written = written.join(" ");
    finding.help(if written.len() <= LONGEST {
        format!("`and` binds first, so this is read as `{written}`; put parentheses where you want them")
    } else {
        "`and` binds first; put parentheses where you want them".to_owned()
    })
}
