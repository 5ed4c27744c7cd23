//! A test that names a rule that its file does not have.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding, nearest};
use crate::language::ast::{self, Expect, ExpectKind, Item, RuleKind, TextLiteral};
use crate::text::{Span, quoted};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::UnknownRule, page: include_str!("unknown_rule.md"), pass: Pass::File(check) };

fn check(_: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let tree = file.file.tree();
    let rules = rule_names(tree);
    let tests = tree.items.iter().filter_map(|item| match item {
        Item::Test(test) => Some(test),
        _ => None,
    });
    for expect in tests.flat_map(|test| &test.expects) {
        let (ExpectKind::Rule(name) | ExpectKind::AlsoRule(name) | ExpectKind::NotRule(name)) = &expect.kind
        else {
            continue;
        };
        if rules.contains(name.value.as_str()) {
            findings.extend(other_kind(tree, expect, name, &file.file.source.name));
            continue;
        }
        let message = format!("no rule of this file is called `{}`", name.value);
        let finding = Finding::new(LINT.code, &file.file.source.name, name.span, message);
        findings.push(match nearest(&name.value, rules.iter().copied()) {
            Some(near) => finding.did_you_mean(near, name.span, quoted(near)),
            None => finding.help("write the name of a rule as it stands after `rule`"),
        });
    }
}

/// `expect rule "a"` of an `also` rule, which never decides; and the other way round.
fn other_kind(tree: &ast::File, expect: &Expect, name: &TextLiteral, file: &Arc<str>) -> Option<Finding> {
    let expects_also = matches!(expect.kind, ExpectKind::AlsoRule(_));
    if matches!(expect.kind, ExpectKind::NotRule(_)) {
        return None;
    }
    let rule = tree.items.iter().find_map(|item| match item {
        Item::Rule(rule) => {
            Some(rule).filter(|rule| rule.name.as_ref().is_some_and(|own| own.value == name.value))
        }
        _ => None,
    })?;
    let is_also = rule.kind == RuleKind::Also;
    let (message, written) = match (is_also, expects_also) {
        (true, false) => ("is an `also` rule, which never decides", "expect also rule"),
        (false, true) => ("is no `also` rule", "expect rule"),
        _ => return None,
    };
    let finding = Finding::new(LINT.code, file, name.span, format!("`{}` {message}", name.value));
    let words = Span { start: expect.span.start, end: name.span.start };
    let written = format!("{written} {}", quoted(&name.value));
    let words_written = written.strip_suffix(&quoted(&name.value)).unwrap_or_default().to_owned();
    Some(finding.help(format!("write `{written}`")).fix(format!("write `{written}`"), words, words_written))
}

/// The names of the file's rules, and all texts of rules that could not be read.
fn rule_names(tree: &ast::File) -> BTreeSet<&str> {
    let broken = tree.broken.iter().filter(|broken| broken.is_rule).flat_map(|broken| &broken.texts);
    let named = tree.items.iter().filter_map(|item| match item {
        Item::Rule(rule) => rule.name.as_ref(),
        _ => None,
    });
    broken.map(String::as_str).chain(named.map(|name| name.value.as_str())).collect()
}
