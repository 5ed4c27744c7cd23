//! A definition, hours or dates that nothing uses.

use std::collections::BTreeSet;

use super::lint::{Checked, CheckedFile, Found, Lint};
use crate::diagnostic::Finding;
use crate::inbox::LintLevel;
use crate::language::ast::{Item, Word};
use crate::language::vocabulary::is_reserved;

pub(super) const LINT: Lint = Lint {
    name: "unused-definition",
    level: LintLevel::Warn,
    page: include_str!("unused_definition.md"),
    found: Found::Check(check),
};

fn check(checked: &Checked<'_>, findings: &mut Vec<Finding>) {
    let used: BTreeSet<(&str, &str)> = checked
        .files
        .iter()
        .flat_map(|file| &file.resolved.used)
        .map(|(file, name)| (&**file, &**name))
        .collect();
    // What could not be read may have meant it.
    let mentioned: BTreeSet<&str> = checked
        .files
        .iter()
        .flat_map(|file| &file.file.tree.broken)
        .flat_map(|broken| &broken.words)
        .map(String::as_str)
        .collect();
    let others_known = others_known(checked);
    for file in checked.files.iter().filter(|file| others_known || is_final(checked, file)) {
        for item in &file.file.tree.items {
            let Some((what, name)) = named(item) else { continue };
            let word = name.value.as_str();
            if used.contains(&(&**file.name, word)) || mentioned.contains(word) || is_reserved(word) {
                continue;
            }
            let message = format!("nothing uses the {what} `{word}`");
            findings.push(
                Finding::error(LINT.name, &file.file.source.name, name.span, message)
                    .help("use it in a rule, or delete it"),
            );
        }
    }
}

/// The name that an item gives, and what it is a name for.
fn named(item: &Item) -> Option<(&'static str, &Word)> {
    match item {
        Item::Definition(item) => Some(("definition", &item.name)),
        Item::Hours(item) => Some(("hours", &item.name)),
        Item::Dates(item) => Some(("dates", &item.name)),
        _ => None,
    }
}

/// Whether a file's definitions are for itself: it has rules or tests, which no file takes from another.
fn is_final(checked: &Checked<'_>, file: &CheckedFile<'_>) -> bool {
    let own = |item: &Item| matches!(item, Item::Rule(_) | Item::Test(_));
    checked.folder.is_policy(file.name) && file.file.tree.items.iter().any(own)
}

/// Whether it is known which files use which: there are policies here, and every `use` was read and followed.
fn others_known(checked: &Checked<'_>) -> bool {
    let is_lost = |finding: &Finding| matches!(finding.code, "unknown-file" | "path-outside" | "use-cycle");
    let lost = |file: &CheckedFile<'_>| {
        file.file.tree.broken.iter().any(|broken| broken.is_use) || file.resolved.findings.iter().any(is_lost)
    };
    checked.files.iter().any(|file| is_final(checked, file)) && !checked.files.iter().any(lost)
}
