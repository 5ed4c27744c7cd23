//! Changes to texts, as editors apply them.

use std::collections::HashMap;
use std::ops::Range;

use gen_lsp_types::{
    DocumentChange, Edit as LspEdit, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit,
    TextDocumentIdentifier, TextEdit, WorkspaceEdit,
};
use similar::{DiffOp, TextDiff};

use super::view::FolderView;
use crate::diagnostic::Edit;
use crate::text::Span;

/// The edits of the file of that name.
pub(super) fn text_edits(view: &FolderView, file: &str, edits: &[Edit]) -> Vec<TextEdit> {
    let edit = |edit: &Edit| TextEdit { range: view.range(file, edit.span), new_text: edit.text.clone() };
    edits.iter().map(edit).collect()
}

/// The edits of several files as one change.
pub(super) fn workspace_edit(view: &FolderView, files: &[(&str, Vec<Edit>)]) -> WorkspaceEdit {
    let edited = files.iter().map(|(file, edits)| (*file, text_edits(view, file, edits)));
    if !view.client.versioned_edits {
        let changes: HashMap<_, _> = edited.map(|(file, edits)| (view.uri(file), edits)).collect();
        return WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() };
    }
    let changes = edited.map(|(file, edits)| {
        DocumentChange::TextDocumentEdit(TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier {
                version: view.version(file),
                text_document_identifier: TextDocumentIdentifier { uri: view.uri(file) },
            },
            edits: edits.into_iter().map(LspEdit::TextEdit).collect(),
        })
    });
    WorkspaceEdit { document_changes: Some(changes.collect()), ..WorkspaceEdit::default() }
}

/// The bytes of a text that give way, and those of the other text that take their place.
type ByteRanges = (Range<usize>, Range<usize>);

/// What turns one text into the other, line by line, so that marks and cursors elsewhere stay where they are.
pub(super) fn line_edits(before: &str, after: &str) -> Vec<Edit> {
    let diff = TextDiff::from_lines(before, after);
    let length = |lines: &[&str]| lines.iter().map(|line| line.len()).sum::<usize>();
    let (mut edits, mut run) = (Vec::new(), None);
    let (mut old, mut new) = (0, 0);
    // What is removed and inserted at one place is one edit: two that touch may be applied in either order.
    let mut end = |run: &mut Option<ByteRanges>| {
        edits.extend(run.take().map(|(from, to)| Edit {
            span: Span::new(from.start, from.end),
            text: after.get(to).unwrap_or_default().to_owned(),
        }));
    };
    for op in diff.ops() {
        let removed = length(diff.old_slices().get(op.old_range()).unwrap_or_default());
        let inserted = length(diff.new_slices().get(op.new_range()).unwrap_or_default());
        if matches!(op, DiffOp::Equal { .. }) {
            end(&mut run);
        } else {
            let (from, to) = run.get_or_insert((old..old, new..new));
            (from.end, to.end) = (old + removed, new + inserted);
        }
        (old, new) = (old + removed, new + inserted);
    }
    end(&mut run);
    edits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::diagnostic::{Fix, apply_fixes};

    fn applied(before: &str, after: &str) -> String {
        let edits = line_edits(before, after);
        if edits.is_empty() {
            return before.to_owned();
        }
        apply_fixes(before, &[&Fix { title: String::new(), edits }]).0
    }

    #[test]
    fn only_lines_that_differ_are_edited() {
        let edits = line_edits("a\nb\nc\n", "a\nB\nc\n");
        assert_eq!(edits, [Edit { span: Span::new(2, 4), text: "B\n".into() }]);
        assert_eq!(line_edits("a\n", "a\n"), []);
    }

    proptest! {
        #[test]
        fn edits_make_the_other_text(before in "[ab\n]{0,12}", after in "[ab\n]{0,12}") {
            prop_assert_eq!(applied(&before, &after), after);
        }
    }
}
