//! Changes that mend a file: one fix, all fixes, and the comment that silences a finding.

use crate::check::fix_folder;
use crate::diagnostic::{Code, Edit, Finding};
use crate::language::ast::Item;
use crate::policy::INBOX;
use crate::text::Span;

use super::text_edits::line_edits;
use super::view::FolderView;

/// The edits that apply every fix of the file of that name, until there is nothing left to fix.
pub(super) fn fix_all(view: &FolderView, file: &str) -> Vec<Edit> {
    let fixed = fix_folder(view.folder.clone(), |finding| &*finding.file == file);
    let after = match file {
        INBOX => fixed.folder.inbox_source.as_ref(),
        _ => fixed.folder.files.get(file).map(|file| &file.source),
    };
    after.map(|after| line_edits(&view.text(file), &after.text)).unwrap_or_default()
}

/// The comment that silences a finding, on the line above what it is about. `None` for faults, which cannot be silenced.
pub(super) fn allow(view: &FolderView, file: &str, finding: &Finding) -> Option<Edit> {
    if finding.code.is_fault() {
        return None;
    }
    let text = view.text(file);
    let at = match (finding.code, file) {
        (Code::Unanswered, _) => text.len() - text.trim_start_matches('\u{FEFF}').len(),
        (_, INBOX) => line_start(&text, finding.span.start as usize),
        _ => {
            let parsed = view.folder.files.get(file)?;
            let mut items = parsed.tree().items.iter().map(Item::span);
            let item =
                items.find(|item| item.start <= finding.span.start && finding.span.start <= item.end)?;
            line_start(&text, item.start as usize)
        }
    };
    let indent: String = text.get(at..)?.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let comment = format!("{indent}# allow {}: write here why this is as it should be{end}", finding.code);
    Some(Edit { span: Span::new(at, at), text: comment })
}

/// Where the line of `byte` begins, without a byte-order mark.
fn line_start(text: &str, byte: usize) -> usize {
    let before = text.get(..byte).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    if start == 0 && text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { start }
}
