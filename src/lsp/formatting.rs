//! Formatting: of a file, of a part of it, and of what was just typed.

use gen_lsp_types::{
    DocumentFormattingParams, DocumentOnTypeFormattingParams, DocumentRangeFormattingParams, TextEdit,
};

use super::text_edits::{line_edits, text_edits};
use super::view::FolderView;
use crate::diagnostic::Edit;
use crate::language;
use crate::policy::INBOX;
use crate::text::{Source, Span};

/// The indentation of what belongs to the line above.
const INDENT: &str = "    ";

/// `textDocument/formatting`
pub(super) fn formatting(view: &FolderView, file: &str, _: &DocumentFormattingParams) -> Vec<TextEdit> {
    text_edits(view, file, &by_line(&view.text(file), edits(view, file)))
}

/// `textDocument/rangeFormatting`: the items that the range touches.
pub(super) fn range_formatting(
    view: &FolderView,
    file: &str,
    params: &DocumentRangeFormattingParams,
) -> Vec<TextEdit> {
    let range = view.span(file, params.range);
    let touches = |edit: &Edit| edit.span.start <= range.end && range.start <= edit.span.end;
    let edits = edits(view, file).into_iter().filter(touches).collect();
    text_edits(view, file, &by_line(&view.text(file), edits))
}

/// `textDocument/onTypeFormatting`: after a new line, the item above it, and the indentation of the new line.
pub(super) fn on_type_formatting(
    view: &FolderView,
    file: &str,
    params: &DocumentOnTypeFormattingParams,
) -> Vec<TextEdit> {
    let text = view.text(file);
    let at = view.byte(file, params.position) as usize;
    let (before, after) = text.split_at_checked(at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |line_break| line_break + 1);
    let Some(above) = before.get(..start).filter(|above| file != INBOX && !above.is_empty()) else {
        return Vec::new();
    };
    let is_above = |edit: &Edit| edit.span.end as usize <= above.trim_end_matches(['\n', '\r']).len();
    let last = edits(view, file).into_iter().rfind(is_above);
    let mut edits = by_line(&text, last.into_iter().collect());
    // What is typed may be in the middle of a text of several lines.
    let line = after.split('\n').next().unwrap_or_default();
    let indent = before.get(start..).unwrap_or_default();
    let opens = above.trim_end().ends_with(':');
    if opens && line.trim().is_empty() && indent.trim().is_empty() && indent != INDENT {
        edits.retain(|edit| edit.span.end as usize <= start);
        edits.push(Edit { span: Span::new(start, at), text: INDENT.to_owned() });
    }
    text_edits(view, file, &edits)
}

/// What formatting changes in a rule file. An `inbox.toml` is left as it is: other tools format TOML.
fn edits(view: &FolderView, file: &str) -> Vec<Edit> {
    if file == INBOX {
        return Vec::new();
    }
    language::format(&Source::new(file, view.text(file))).edits
}

/// The edits, each reduced to the lines that differ.
fn by_line(text: &str, edits: Vec<Edit>) -> Vec<Edit> {
    let reduced = edits.into_iter().flat_map(|edit| {
        let before = text.get(edit.span.range()).unwrap_or_default();
        let start = edit.span.start;
        let moved = move |inner: Edit| Edit {
            span: Span { start: inner.span.start + start, end: inner.span.end + start },
            ..inner
        };
        line_edits(before, &edit.text).into_iter().map(moved).collect::<Vec<_>>()
    });
    reduced.collect()
}
