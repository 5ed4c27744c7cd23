//! A rule without a name.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Guard, Item};
use crate::text::Span;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::UnnamedRule, page: include_str!("unnamed_rule.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    for item in &file.file.tree().items {
        let Item::Rule(rule) = item else { continue };
        let Guard::When(condition) = &rule.guard else { continue };
        if rule.name.is_none() {
            let head = Span { start: rule.span.start, end: condition.span.end };
            findings.push(
                Finding::new(LINT.code, &file.file.source.name, head, "this rule has no name")
                    .help("write `rule \"…\"` before `when`, so that decisions and tests can name it"),
            );
        }
    }
}
