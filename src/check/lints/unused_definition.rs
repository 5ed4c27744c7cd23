//! A definition, hours or dates that nothing uses.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{Item, Word};
use crate::language::vocabulary::is_reserved;

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::UnusedDefinition,
    page: include_str!("unused_definition.md"),
    pass: Pass::File(check),
};

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let imports = workspace.resolved().imports();
    if !imports.is_self_contained(&file.name) && !imports.is_complete() {
        return;
    }
    for item in &file.file.tree().items {
        let Some((kind, name)) = definition_name(item) else { continue };
        if imports.mentions(&file.name, &name.value) || is_reserved(&name.value) {
            continue;
        }
        let message = format!("nothing uses the {kind} `{}`", name.value);
        findings.push(
            Finding::new(LINT.code, &file.file.source.name, name.span, message)
                .help("use it in a rule, or delete it"),
        );
    }
}

/// The name that an item defines, and what kind of definition it is.
fn definition_name(item: &Item) -> Option<(&'static str, &Word)> {
    match item {
        Item::Definition(item) => Some(("definition", &item.name)),
        Item::Hours(item) => Some(("hours", &item.name)),
        Item::Dates(item) => Some(("dates", &item.name)),
        _ => None,
    }
}
