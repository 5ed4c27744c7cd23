//! `use "common.rules"`: what is wrong with the `use` lines of a file.

use std::sync::Arc;

use super::context::Context;
use super::definitions::uses;
use super::name_table::FileNames;
use super::names::report_duplicate;
use crate::diagnostic::{Code, nearest};
use crate::inbox::resolve_path;
use crate::language::ast;
use crate::text::{Span, quoted};

/// So many files are named at the start and at the end of a long cycle.
const MAX_NAMED: usize = 6;

/// Reports the `use` lines that name no file of the folder, names that come through them a second time, and cycles.
pub(super) fn check_imports(cx: &mut Context<'_>, names: &FileNames) {
    let lines: Vec<&ast::TextLiteral> = cx.file.tree().items.iter().filter_map(path_of_use).collect();
    for path in &lines {
        check_import(cx, path);
    }
    let span = |line: usize| lines.get(line).map(|path| path.span).unwrap_or_default();
    for (span, duplicate) in &names.own_duplicates {
        report_duplicate(cx, *span, duplicate);
    }
    for (line, duplicate) in &names.duplicates {
        report_duplicate(cx, span(*line), duplicate);
    }
    for cycle in &names.cycles {
        report_cycle(cx, span(cycle.line), &cycle.files);
    }
}

fn path_of_use(item: &ast::Item) -> Option<&ast::TextLiteral> {
    match item {
        ast::Item::Use(used) => Some(&used.path),
        _ => None,
    }
}

fn check_import(cx: &mut Context<'_>, path: &ast::TextLiteral) {
    let Some(name) = resolve_path(cx.file_name, &path.value) else {
        cx.report(
            cx.error(Code::PathOutside, path.span, format!("`{}` is outside the folder", path.value))
                .help("use a file of this folder, as in `use \"common.rules\"`"),
        );
        return;
    };
    if let Some((key, file)) = cx.folder.files.get_key_value(name.as_str()) {
        if cx.folder.is_policy(key) && key != cx.file_name && file.outline.sets_time_zone {
            let message = format!("`{}` sets a time zone, so other files cannot use it", path.value);
            cx.report(
                cx.error(Code::Syntax, path.span, message).help("move what both need into a file of its own"),
            );
        }
        return;
    }
    let finding = cx.error(Code::UnknownFile, path.span, format!("there is no file `{}`", path.value));
    let files = &cx.folder.files;
    cx.report_with(finding, |finding| {
        let whole = format!("{name}.rules");
        let near = files.get_key_value(whole.as_str()).map(|(key, _)| &**key);
        match near.or_else(|| nearest(&name, files.names().map(|key| &**key))) {
            Some(near) => finding.did_you_mean(near, path.span, quoted(near)),
            None => finding.help("a path is relative to the file that has the `use`"),
        }
    });
}

/// Reports a cycle of these files, which begins and ends with the resolved one.
fn report_cycle(cx: &mut Context<'_>, span: Span, files: &[Arc<str>]) {
    let message = match files {
        [file, _] => format!("`{file}` uses itself"),
        _ => format!("these files use each other in a cycle: {}", path_of_cycle(files)),
    };
    cx.report(cx.error(Code::UseCycle, span, message).help("move what both need into a third file"));
}

fn path_of_cycle(files: &[Arc<str>]) -> String {
    let named = |files: &[Arc<str>]| uses(&files.iter().map(|file| format!("`{file}`")).collect::<Vec<_>>());
    match files.len().checked_sub(2 * MAX_NAMED) {
        Some(between @ 1..) => {
            let (first, rest) = files.split_at(MAX_NAMED);
            let (_, last) = rest.split_at(between);
            format!(
                "{}, and so on, with {between} files between, up to {}",
                named(first),
                named(last).replacen(" uses ", ", which uses ", 1)
            )
        }
        _ => named(files),
    }
}
