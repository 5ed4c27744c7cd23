//! Definitions, hours and dates: resolved in the order of their dependencies.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::calendars::with_dates;
use super::condition;
use super::context::Context;
use super::names::{Name, Names};
use crate::diagnostic::Code;
use crate::language::ast::{self, MAX_NESTING};
use crate::policy::calendar;
use crate::policy::model::Definition;
use crate::policy::outline::NameKind;
use crate::text::Span;

/// How long a path of definitions is followed into other files: longer ones are too deep.
const MAX_PATH: usize = 3 * MAX_NESTING;

/// Resolves the file's own names and those that it needs from used files, each after the names that it depends on.
pub(super) fn resolve_definitions<'a>(cx: &mut Context<'a>, names: &'a Names) {
    let own = cx.file.tree().items.iter().filter_map(|item| match item {
        ast::Item::Definition(item) => Some(&item.name),
        ast::Item::Hours(item) => Some(&item.name),
        ast::Item::Dates(item) => Some(&item.name),
        _ => None,
    });
    let mut roots: Vec<&'a ast::Word> = own.collect();
    for item in &cx.file.tree().items {
        if let ast::Item::Rule(ast::Rule { guard: ast::Guard::When(condition), .. }) = item {
            for_each_name(condition, &mut |word| roots.push(word));
        }
    }
    let order = dependency_order(cx, names, &roots);
    let mut depths: BTreeMap<&'a str, usize> = BTreeMap::new();
    for (name, definition, item) in order {
        let Some((file, _)) = cx.folder.files.get_key_value(&definition.file) else { continue };
        cx.current_file = file;
        match item {
            ast::Item::Definition(item) => {
                let depth = nesting_depth(&item.condition, &depths);
                if depth > MAX_NESTING {
                    report_too_deep(cx, item.name.span);
                } else {
                    depths.insert(name, depth);
                }
                let condition = condition::resolve(cx, names, &item.condition);
                cx.definition_indices.insert(name, cx.definitions.len());
                let file = (file != cx.file_name).then(|| Arc::clone(file));
                cx.definitions.push(Definition { name: name.into(), file, span: item.name.span, condition });
            }
            ast::Item::Hours(item) => {
                let hours = with_dates(cx, names, |lookup, file, findings| {
                    calendar::resolve_hours(&item.entries, &item.except, lookup, file, findings)
                });
                cx.hours.insert(name, Arc::new(hours));
            }
            ast::Item::Dates(item) => {
                let dates = with_dates(cx, names, |lookup, file, findings| {
                    calendar::resolve_dates(&item.entries, lookup, file, findings)
                });
                cx.dates.insert(name, Arc::new(dates));
            }
            ast::Item::Rule(_) | ast::Item::TimeZone(_) | ast::Item::Use(_) | ast::Item::Test(_) => {}
        }
    }
    cx.current_file = cx.file_name;
    report_deep_rules(cx, &depths);
}

/// A name, where it is defined, and its definition.
type Found<'a> = (&'a str, &'a Name, &'a ast::Item);

/// The names that are reachable from `roots`, each after the names that it depends on (a depth-first topological sort).
/// A cycle is reported, and cut.
fn dependency_order<'a>(cx: &mut Context<'a>, names: &'a Names, roots: &[&'a ast::Word]) -> Vec<Found<'a>> {
    #[derive(Clone, Copy, PartialEq)]
    enum Visit {
        InProgress,
        Done,
    }
    let mut visits: BTreeMap<&'a str, Visit> = BTreeMap::new();
    let mut order = Vec::new();
    for root in roots {
        // The stack is explicit because a chain of definitions may be too long for the thread's stack.
        let mut stack: Vec<(&'a str, Option<Found<'a>>)> = vec![(&root.value, None)];
        let mut path = 0;
        let mut is_cut = false;
        while let Some((name, leave)) = stack.pop() {
            if let Some(found) = leave {
                visits.insert(name, Visit::Done);
                order.push(found);
                path -= 1;
                continue;
            }
            let Some(definition) = names.get(name) else { continue };
            match visits.get(name) {
                Some(Visit::Done) => continue,
                Some(Visit::InProgress) => {
                    report_cycle(cx, name, definition, &stack);
                    continue;
                }
                None => {}
            }
            let Some(item) = item_of(cx, definition) else { continue };
            visits.insert(name, Visit::InProgress);
            stack.push((name, Some((name, definition, item))));
            path += 1;
            if path > MAX_PATH && definition.file != *cx.file_name {
                is_cut = true;
                continue;
            }
            let pushed_from = stack.len();
            for_each_dependency(item, &mut |word| stack.push((word, None)));
            // Reversed, so that they are taken from the stack in the order of the text.
            if let Some(pushed) = stack.get_mut(pushed_from..) {
                pushed.reverse();
            }
        }
        if is_cut {
            report_too_deep(cx, root.span);
        }
    }
    order
}

fn item_of<'a>(cx: &Context<'a>, definition: &Name) -> Option<&'a ast::Item> {
    let file = cx.folder.files.get(&definition.file).filter(|_| definition.kind != NameKind::Broken)?;
    file.tree().items.get(definition.item)
}

/// Reports a cycle. It consists of `name` and the names that were entered after it and have not been left.
fn report_cycle(cx: &mut Context<'_>, name: &str, definition: &Name, stack: &[(&str, Option<Found<'_>>)]) {
    let entered = stack.iter().filter(|(_, leave)| leave.is_some()).map(|(name, _)| *name);
    let mut path: Vec<String> =
        entered.skip_while(|entered| *entered != name).map(|name| format!("`{name}`")).collect();
    path.push(format!("`{name}`"));
    let message = match path.len() {
        2 => format!("`{name}` is defined in terms of itself"),
        _ => format!("these definitions form a cycle: {}", uses(&path)),
    };
    if definition.file == *cx.file_name {
        let finding = cx.error(Code::DefinitionCycle, definition.span, message);
        cx.report(finding.help("define one of them without the others"));
    }
}

/// `` `a` uses `b`, which uses `a` ``
pub(super) fn uses(path: &[String]) -> String {
    path.join(", which uses ").replacen(", which uses ", " uses ", 1)
}

/// Calls `each` with every name that a definition depends on.
fn for_each_dependency<'a>(item: &'a ast::Item, each: &mut impl FnMut(&'a str)) {
    match item {
        ast::Item::Definition(item) => for_each_name(&item.condition, &mut |word| each(&word.value)),
        ast::Item::Hours(item) => for_each_date_name(&item.except, each),
        ast::Item::Dates(item) => for_each_date_name(&item.entries, each),
        ast::Item::Rule(_) | ast::Item::TimeZone(_) | ast::Item::Use(_) | ast::Item::Test(_) => {}
    }
}

/// Calls `each` with every word of a condition that may be a name.
fn for_each_name<'a>(condition: &'a ast::Condition, each: &mut impl FnMut(&'a ast::Word)) {
    match &condition.kind {
        ast::ConditionKind::Or(parts) | ast::ConditionKind::And(parts) => {
            for part in parts {
                for_each_name(part, each);
            }
        }
        ast::ConditionKind::Not(part) | ast::ConditionKind::Parens(part) => for_each_name(part, each),
        ast::ConditionKind::Fact { word, .. } | ast::ConditionKind::During(ast::During::Name(word)) => {
            each(word);
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
