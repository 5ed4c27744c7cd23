//! Completion.

use gen_lsp_types::{
    CompletionItem, CompletionItemKind, CompletionItemTextEdit, CompletionList, Documentation,
    InsertTextFormat, MarkupContent, MarkupKind, TextDocumentPositionParams, TextEdit,
};

use super::view::FolderView;
use crate::ide::{self, Completion, CompletionKind};

/// `textDocument/completion`
pub(super) fn completion(
    view: &FolderView,
    file: &str,
    params: &TextDocumentPositionParams,
) -> CompletionList {
    let found = ide::completion(&view.folder, file, view.byte(file, params.position));
    let usable = found.into_iter().filter(|completion| view.client.snippets || !completion.is_snippet);
    let items = usable.map(|completion| item(view, file, completion)).collect();
    CompletionList { is_incomplete: false, items, ..CompletionList::default() }
}

fn item(view: &FolderView, file: &str, completion: Completion) -> CompletionItem {
    let Completion { label, kind, detail, documentation, replace, insert, is_snippet, rank } = completion;
    let kind_of_text = if view.client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    let documentation =
        documentation.map(|value| Documentation::MarkupContent(MarkupContent { kind: kind_of_text, value }));
    CompletionItem {
        label,
        kind: Some(lsp_kind(kind)),
        detail,
        documentation,
        sort_text: Some(format!("{rank:05}")),
        insert_text_format: is_snippet.then_some(InsertTextFormat::Snippet),
        text_edit: Some(CompletionItemTextEdit::TextEdit(TextEdit {
            range: view.range(file, replace),
            new_text: insert,
        })),
        ..CompletionItem::default()
    }
}

fn lsp_kind(kind: CompletionKind) -> CompletionItemKind {
    match kind {
        CompletionKind::Keyword => CompletionItemKind::Keyword,
        CompletionKind::Fact => CompletionItemKind::Function,
        CompletionKind::Definition | CompletionKind::Placeholder => CompletionItemKind::Variable,
        CompletionKind::Times => CompletionItemKind::Event,
        CompletionKind::Attribute => CompletionItemKind::Property,
        CompletionKind::Value => CompletionItemKind::EnumMember,
        CompletionKind::Group => CompletionItemKind::Class,
        CompletionKind::User => CompletionItemKind::Constant,
        CompletionKind::Text => CompletionItemKind::Text,
        CompletionKind::File => CompletionItemKind::File,
        CompletionKind::Snippet => CompletionItemKind::Snippet,
    }
}
