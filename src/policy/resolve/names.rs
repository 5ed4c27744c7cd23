//! The names of definitions, hours and dates: where they are defined, and the order in which they are resolved.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::condition;
use super::context::Context;
use super::imports::ImportClosure;
use crate::diagnostic::Code;
use crate::language::ast::{self, MAX_NESTING};
use crate::language::vocabulary::is_reserved;
use crate::policy::calendar;
use crate::policy::file::RuleFile;
use crate::policy::model::Definition;
use crate::text::Span;

/// Every name that is visible in the file.
pub(super) struct Names<'a> {
    pub(super) all: BTreeMap<&'a str, Name<'a>>,
    /// Whether a `use` could not be followed, so that any name may come from there.
    pub(super) is_incomplete: bool,
}

/// A name and its definition.
#[derive(Clone, Copy)]
pub(super) struct Name<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) span: Span,
    pub(super) kind: NameKind<'a>,
}

/// The definition of a name.
#[derive(Clone, Copy)]
pub(super) enum NameKind<'a> {
    Condition(&'a ast::Definition),
    Hours(&'a ast::Hours),
    Dates(&'a ast::Dates),
    /// An item that could not be read, so it may be of any kind.
    Broken,
}

impl<'a> Names<'a> {
    /// Collects the names of all files, and reports names that are defined twice.
    pub(super) fn collect(cx: &mut Context<'a>, closure: &ImportClosure<'a>) -> Self {
        let mut names = Self { all: BTreeMap::new(), is_incomplete: closure.is_incomplete };
        for (origin, file) in &closure.files {
            for item in &file.tree().items {
                let (name, kind) = match item {
                    ast::Item::Definition(item) => (&item.name, NameKind::Condition(item)),
                    ast::Item::Hours(item) => (&item.name, NameKind::Hours(item)),
                    ast::Item::Dates(item) => (&item.name, NameKind::Dates(item)),
                    _ => continue,
                };
                let new = Name { file: origin.file_name, span: name.span, kind };
                if origin.via.is_none() && is_reserved(&name.value) {
                    let message =
                        format!("`{}` is a word of the language, so it cannot be a name", name.value);
                    cx.report(cx.error(Code::Syntax, name.span, message).help("choose another name"));
                } else if let Some(first) = names.all.get(name.value.as_str()) {
                    report_duplicate(cx, &name.value, *first, origin.via.unwrap_or(name.span));
                } else {
                    names.all.insert(&name.value, new);
                }
            }
            for broken in &file.tree().broken {
                names.is_incomplete |= broken.is_use;
                if broken.is_rule {
                    continue;
                }
                for name in &broken.names {
                    let kind = NameKind::Broken;
                    names.all.entry(name).or_insert(Name { file: origin.file_name, span: broken.span, kind });
                }
            }
        }
        names
    }

    /// The names that occur in the unreadable parts of `file`, which may be mentions of them: pairs of file and name.
    pub(super) fn possible_mentions(&self, file: &'a RuleFile) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let words = file.tree().broken.iter().flat_map(|broken| &broken.words);
        words.filter_map(|word| {
            let name = self.all.get(word.as_str())?;
            Some((Arc::clone(name.file), Arc::from(word.as_str())))
        })
    }

    /// Whether `word` may be defined in something that could not be read. Then it is not reported as unknown.
    pub(super) fn may_be_defined_elsewhere(&self, word: &str) -> bool {
        self.is_incomplete || self.all.get(word).is_some_and(|name| matches!(name.kind, NameKind::Broken))
    }
}

fn report_duplicate(cx: &mut Context<'_>, name: &str, first: Name<'_>, span: Span) {
    let finding = cx.error(Code::DuplicateName, span, format!("`{name}` is defined twice"));
    let finding = match cx.folder.files.get(first.file) {
        Some(file) => finding.related_in(&file.source.name, first.span, "it is first defined here"),
        None => finding,
    };
    cx.report(finding.help("rename one of them: definitions, hours and dates share one set of names"));
}

/// Resolves the file's own names and those that it needs of used files, each after the names that it depends on.
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

/// Runs `step`, which resolves hours or dates, with a lookup for the names of dates; and reports its findings.
pub(super) fn with_dates<'a, T>(
    cx: &mut Context<'a>,
    names: &Names<'a>,
    step: impl FnOnce(
        &mut dyn FnMut(&ast::Word) -> Option<Arc<calendar::DateSet>>,
        &Arc<str>,
        &mut Vec<crate::diagnostic::Finding>,
    ) -> T,
) -> T {
    let mut findings = Vec::new();
    let file = Arc::clone(&cx.file.source.name);
    let result = step(&mut |word| condition::dates(cx, names, word), &file, &mut findings);
    for finding in findings {
        cx.report(finding);
    }
    result
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

/// Reports a cycle of names. Those on it are the names that have been entered and not left since `name` was.
fn report_cycle<'a>(cx: &mut Context<'a>, name: &str, entry: &Name<'a>, stack: &[(&str, bool)]) {
    let entered = stack.iter().filter(|(_, leave)| *leave).map(|(name, _)| *name);
    let mut path: Vec<String> =
        entered.skip_while(|entered| *entered != name).map(|name| format!("`{name}`")).collect();
    path.push(format!("`{name}`"));
    let message = match path.len() {
        2 => format!("`{name}` is defined in terms of itself"),
        _ => format!("these definitions form a cycle: {}", path.join(" uses ")),
    };
    cx.current_file = entry.file;
    cx.report(
        cx.error(Code::DefinitionCycle, entry.span, message).help("define one of them without the others"),
    );
    cx.current_file = cx.file_name;
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
        cx.error(Code::Syntax, span, message).help("write some of the definitions out where they are used"),
    );
}
