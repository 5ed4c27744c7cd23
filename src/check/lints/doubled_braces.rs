//! `{{customer.name}}` in a reply, which is no placeholder.

use std::cell::LazyCell;
use std::collections::HashSet;

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding, nearest};
use crate::language::ast::{Action, Item};
use crate::policy::{DoubledBraces, doubled_braces, listed_placeholders, placeholder_names};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::DoubledBraces, page: include_str!("doubled_braces.md"), pass: Pass::File(check) };

/// Only this many names are looked through for a similar one.
const MAX_KNOWN: usize = 2_000;

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let inbox = &workspace.folder().inbox;
    let known = LazyCell::new(|| placeholder_names(inbox));
    let is_known = LazyCell::new(|| known.iter().map(String::as_str).collect::<HashSet<&str>>());
    let source = &file.file.source;
    for item in &file.file.tree().items {
        let Item::Rule(rule) = item else { continue };
        for action in &rule.actions {
            if let Action::Reply { text, .. } = action {
                let doubled = doubled_braces(source.slice(text.span), &text.value, text.span);
                findings.extend(doubled.iter().map(|braces| {
                    let name = braces.inner.split(" or ").next().unwrap_or(braces.inner).trim();
                    let finding = Finding::new(LINT.code, &source.name, braces.span, message(braces));
                    if is_known.contains(name) {
                        single(finding, braces)
                    } else {
                        suggest(finding, name, &known)
                    }
                }));
            }
        }
    }
}

fn message(DoubledBraces { inner, .. }: &DoubledBraces<'_>) -> String {
    format!("`{{{{{inner}}}}}` is no placeholder: the customer reads `{{{inner}}}`")
}

fn single(finding: Finding, braces: &DoubledBraces<'_>) -> Finding {
    let single = format!("{{{}}}", braces.inner);
    let write = format!("write `{single}`");
    let finding = finding.help(write.clone());
    if braces.is_exact { finding.fix(write, braces.span, single) } else { finding }
}

/// Adds what may be meant by a name that no placeholder has.
fn suggest(finding: Finding, name: &str, known: &[String]) -> Finding {
    let last = name.rsplit(['.', ' ']).next().unwrap_or(name);
    let all = || known.iter().map(String::as_str);
    // `contact.name` and `client.city` are the customer's in other programs.
    let of_customer = || all().take(MAX_KNOWN).find(|known| known.strip_prefix("customer.") == Some(last));
    finding.help(match nearest(name, all()).or_else(of_customer) {
        Some(near) => {
            format!("no placeholder is called `{name}`; write `{{{near}}}` if that is what you mean")
        }
        None => format!("no placeholder is called `{name}`; write one of {}", listed_placeholders(known)),
    })
}
