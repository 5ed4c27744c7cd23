//! `use "common.rules"`: the files that a file takes names from.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use super::context::Context;
use super::definitions::uses;
use crate::diagnostic::{Code, nearest};
use crate::inbox::resolve_path;
use crate::language::ast;
use crate::policy::file::RuleFile;
use crate::text::{Span, quoted};

/// The transitive closure of the `use` lines of a file.
#[derive(Default)]
pub(super) struct ImportClosure<'a> {
    pub(super) files: Vec<(Origin<'a>, &'a Arc<RuleFile>)>,
    /// Whether a `use` names no file, so that any name may come from there.
    pub(super) is_incomplete: bool,
}

/// How a file came into the closure.
#[derive(Clone, Copy)]
pub(super) struct Origin<'a> {
    /// The name of the file, relative to the folder.
    pub(super) file_name: &'a Arc<str>,
    /// The `use` line of the resolved file that leads to it; `None` for the resolved file itself.
    pub(super) via: Option<Span>,
}

/// The file itself and every file that it uses, in breadth-first order. Mistakes in its own `use` lines are reported.
pub(super) fn import_closure<'a>(cx: &mut Context<'a>) -> ImportClosure<'a> {
    let Some((key, file)) = cx.folder.files.get_key_value(cx.file_name) else {
        return ImportClosure::default();
    };
    let mut found =
        ImportClosure { files: vec![(Origin { file_name: key, via: None }, file)], is_incomplete: false };
    let mut importers: HashMap<&str, &str> = HashMap::new();
    let mut queue = VecDeque::from([(key, file, None::<Span>)]);
    while let Some((from, file, via)) = queue.pop_front() {
        cx.current_file = from;
        for used in file.tree().items.iter().filter_map(as_use) {
            let via = via.or(Some(used.path.span));
            let Some((target, next)) = resolve_import(cx, from, &used.path) else {
                found.is_incomplete = true;
                continue;
            };
            if target == key {
                report_cycle(cx, key, from, via.unwrap_or(used.path.span), &importers);
            } else if !importers.contains_key(&**target) {
                importers.insert(target, from);
                found.files.push((Origin { file_name: target, via }, next));
                queue.push_back((target, next, via));
            }
        }
    }
    cx.current_file = cx.file_name;
    found
}

fn as_use(item: &ast::Item) -> Option<&ast::Use> {
    match item {
        ast::Item::Use(used) => Some(used),
        _ => None,
    }
}

/// The file of a path written in `from`; `None` after a finding.
fn resolve_import<'a>(
    cx: &mut Context<'a>,
    from: &str,
    path: &ast::TextLiteral,
) -> Option<(&'a Arc<str>, &'a Arc<RuleFile>)> {
    let Some(name) = resolve_path(from, &path.value) else {
        cx.report(
            cx.error(Code::PathOutside, path.span, format!("`{}` is outside the folder", path.value))
                .help("use a file of this folder, as in `use \"common.rules\"`"),
        );
        return None;
    };
    let found = cx.folder.files.get_key_value(name.as_str());
    if let Some((key, file)) = found {
        let zone = file.tree().items.iter().any(|item| matches!(item, ast::Item::TimeZone(_)));
        if zone && cx.folder.is_policy(key) && key != cx.file_name {
            let message = format!("`{}` sets a time zone, so other files cannot use it", path.value);
            cx.report(
                cx.error(Code::Syntax, path.span, message).help("move what both need into a file of its own"),
            );
        }
    } else {
        let finding = cx.error(Code::UnknownFile, path.span, format!("there is no file `{}`", path.value));
        let whole = format!("{name}.rules");
        let near = cx.folder.files.get_key_value(whole.as_str()).map(|(key, _)| &**key);
        let near = near.or_else(|| nearest(&name, cx.folder.files.names().map(|key| &**key)));
        let finding = match near {
            Some(near) => finding.did_you_mean(near, path.span, quoted(near)),
            None => finding.help("a path is relative to the file that has the `use`"),
        };
        cx.report(finding);
    }
    found
}

/// Reports a cycle once, in the first of its files by name.
fn report_cycle(cx: &mut Context<'_>, start: &str, last: &str, span: Span, importers: &HashMap<&str, &str>) {
    let mut path = vec![last];
    while let Some(before) = path.last().and_then(|file| importers.get(file)) {
        path.push(before);
    }
    if path.iter().any(|file| *file < start) {
        return;
    }
    let path: Vec<String> = path.iter().rev().chain([&start]).map(|file| format!("`{file}`")).collect();
    let message = if last == start {
        format!("`{start}` uses itself")
    } else {
        format!("these files use each other in a cycle: {}", uses(&path))
    };
    let finding = cx.error(Code::UseCycle, span, message).help("move what both need into a third file");
    // The last `use` of the cycle may be in a used file, whose findings `report` would drop.
    cx.findings.push(finding);
}
