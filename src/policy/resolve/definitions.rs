//! Definitions, hours and dates: resolved in the order of their dependencies.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::calendars::with_dates;
use super::condition;
use super::context::Context;
use super::names::{Name, NameKind, Names};
use crate::diagnostic::Code;
use crate::language::ast::{self, MAX_NESTING};
use crate::policy::calendar;
use crate::policy::model::Definition;
use crate::text::Span;

/// Resolves the file's own names and those that it needs from used files, each after the names that it depends on.
pub(super) fn resolve_definitions<'a>(cx: &mut Context<'a>, names: &Names<'a>) {
    let own = cx.file.tree().items.iter().filter_map(|item| match item {
        ast::Item::Definition(item) => Some(item.name.value.as_str()),
        ast::Item::Hours(item) => Some(item.name.value.as_str()),
        ast::Item::Dates(item) => Some(item.name.value.as_str()),
        _ => None,
    });
    let mut roots: Vec<&'a str> = own.collect();
    for item in &cx.file.tree().items {
        if let ast::Item::Rule(ast::Rule { guard: ast::Guard::When(condition), .. }) = item {
            for_each_name(condition, &mut |word| roots.push(word));
        }
    }
    let order = dependency_order(cx, names, &roots);
    let mut depths: BTreeMap<&'a str, usize> = BTreeMap::new();
    for name in order {
        let Some(entry) = names.all.get(name) else { continue };
        cx.current_file = entry.file;
        match entry.kind {
            NameKind::Condition(item) => {
                let depth = nesting_depth(&item.condition, &depths);
                if depth > MAX_NESTING {
                    report_too_deep(cx, item.name.span);
                } else {
                    depths.insert(name, depth);
                }
                let condition = condition::resolve(cx, names, &item.condition);
                cx.definition_indices.insert(name, cx.definitions.len());
                let file = (entry.file != cx.file_name).then(|| Arc::clone(entry.file));
                cx.definitions.push(Definition { name: name.into(), file, span: item.name.span, condition });
            }
            NameKind::Hours(item) => {
                let hours = with_dates(cx, names, |lookup, file, findings| {
                    calendar::resolve_hours(&item.entries, &item.except, lookup, file, findings)
                });
                cx.hours.insert(name, Arc::new(hours));
            }
            NameKind::Dates(item) => {
                let dates = with_dates(cx, names, |lookup, file, findings| {
                    calendar::resolve_dates(&item.entries, lookup, file, findings)
                });
                cx.dates.insert(name, Arc::new(dates));
            }
            NameKind::Broken => {}
        }
    }
    cx.current_file = cx.file_name;
    report_deep_rules(cx, &depths);
}

/// The names that are reachable from `roots`, each after the names that it depends on (a depth-first topological sort).
/// A cycle is reported, and cut.
fn dependency_order<'a>(cx: &mut Context<'a>, names: &Names<'a>, roots: &[&'a str]) -> Vec<&'a str> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        InProgress,
        Done,
    }
    let mut visits: BTreeMap<&'a str, Visit> = BTreeMap::new();
    let mut order = Vec::new();
    for root in roots {
        // The stack is explicit because a chain of definitions may be too long for the thread's stack.
        let mut stack = vec![(*root, false)];
        while let Some((name, leave)) = stack.pop() {
            if leave {
                visits.insert(name, Visit::Done);
                order.push(name);
                continue;
            }
            let Some(entry) = names.all.get(name) else { continue };
            match visits.get(name) {
                Some(Visit::Done) => continue,
                Some(Visit::InProgress) => {
                    report_cycle(cx, name, entry, &stack);
                    continue;
                }
                None => {}
            }
            visits.insert(name, Visit::InProgress);
            stack.push((name, true));
            let pushed_from = stack.len();
            for_each_dependency(entry.kind, &mut |word| stack.push((word, false)));
            // Reversed, so that they are taken from the stack in the order of the text.
            if let Some(pushed) = stack.get_mut(pushed_from..) {
                pushed.reverse();
            }
        }
    }
    order
}

/// Reports a cycle. It consists of `name` and the names that were entered after it and have not been left.
fn report_cycle<'a>(cx: &mut Context<'a>, name: &str, entry: &Name<'a>, stack: &[(&str, bool)]) {
    let entered = stack.iter().filter(|(_, leave)| *leave).map(|(name, _)| *name);
    let mut path: Vec<String> =
        entered.skip_while(|entered| *entered != name).map(|name| format!("`{name}`")).collect();
    path.push(format!("`{name}`"));
    let message = match path.len() {
        2 => format!("`{name}` is defined in terms of itself"),
        _ => format!("these definitions form a cycle: {}", uses(&path)),
    };
    cx.current_file = entry.file;
    cx.report(
        cx.error(Code::DefinitionCycle, entry.span, message).help("define one of them without the others"),
    );
    cx.current_file = cx.file_name;
}

/// `` `a` uses `b`, which uses `a` ``
pub(super) fn uses(path: &[String]) -> String {
    path.join(", which uses ").replacen(", which uses ", " uses ", 1)
}

/// Calls `each` with every name that a definition depends on.
fn for_each_dependency<'a>(kind: NameKind<'a>, each: &mut impl FnMut(&'a str)) {
    match kind {
        NameKind::Condition(item) => for_each_name(&item.condition, each),
        NameKind::Hours(item) => for_each_date_name(&item.except, each),
        NameKind::Dates(item) => for_each_date_name(&item.entries, each),
        NameKind::Broken => {}
    }
}

/// Calls `each` with every word of a condition that may be a name.
fn for_each_name<'a>(condition: &'a ast::Condition, each: &mut impl FnMut(&'a str)) {
    match &condition.kind {
        ast::ConditionKind::Or(parts) | ast::ConditionKind::And(parts) => {
            for part in parts {
                for_each_name(part, each);
            }
        }
        ast::ConditionKind::Not(part) | ast::ConditionKind::Parens(part) => for_each_name(part, each),
        ast::ConditionKind::Fact { word, .. } | ast::ConditionKind::During(ast::During::Name(word)) => {
            each(&word.value);
        }
        _ => {}
    }
}

fn for_each_date_name<'a>(entries: &'a [ast::DatesEntry], each: &mut impl FnMut(&'a str)) {
    for entry in entries {
        if let ast::DatesEntry::Name(word) = entry {
            each(&word.value);
        }
    }
}

/// How deep `condition` nests, including the definitions that it mentions.
fn nesting_depth(condition: &ast::Condition, depths: &BTreeMap<&str, usize>) -> usize {
    match &condition.kind {
        ast::ConditionKind::Or(parts) | ast::ConditionKind::And(parts) => {
            parts.iter().map(|part| nesting_depth(part, depths)).max().unwrap_or(0)
        }
        ast::ConditionKind::Not(part) | ast::ConditionKind::Parens(part) => 1 + nesting_depth(part, depths),
        ast::ConditionKind::Fact { word, .. } => depths.get(word.value.as_str()).map_or(0, |depth| depth + 1),
        _ => 0,
    }
}

fn report_deep_rules(cx: &mut Context<'_>, depths: &BTreeMap<&str, usize>) {
    for item in &cx.file.tree().items {
        if let ast::Item::Rule(ast::Rule { guard: ast::Guard::When(condition), .. }) = item
            && nesting_depth(condition, depths) > MAX_NESTING
        {
            report_too_deep(cx, condition.span);
        }
    }
}

fn report_too_deep(cx: &mut Context<'_>, span: Span) {
    let message =
        format!("with the definitions it uses, this condition is nested more than {MAX_NESTING} levels deep");
    cx.report(
        cx.error(Code::Syntax, span, message).help("replace some of the definitions with their conditions"),
    );
}
