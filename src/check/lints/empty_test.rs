//! A test that expects nothing.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::Item;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::EmptyTest, page: include_str!("empty_test.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    for item in &file.file.tree().items {
        let Item::Test(test) = item else { continue };
        if test.expects.is_empty() {
            let message = format!("the test `{}` expects nothing", test.name.value);
            findings.push(
                Finding::new(LINT.code, &file.file.source.name, test.name.span, message)
                    .help("add what you expect, such as `expect assign user \"…\"` or `expect no reply`"),
            );
        }
    }
}
