//! Requests about a place: hover, definition, references, highlights and renaming.

use gen_lsp_types::{
    Contents, DocumentHighlight, DocumentHighlightKind, Hover as LspHover, Location, MarkupContent,
    MarkupKind, PrepareRenamePlaceholder, ReferenceParams, RenameParams, TextDocumentPositionParams,
    WorkspaceEdit,
};

use super::clock;
use super::outbox::RequestError;
use super::text_edits::workspace_edit;
use super::view::FolderView;
use crate::ide;

/// `textDocument/hover`
pub(super) fn hover(view: &FolderView, file: &str, params: &TextDocumentPositionParams) -> Option<LspHover> {
    let at = view.byte(file, params.position);
    let found = ide::hover(&view.folder, file, at, clock::moment())?;
    let kind = if view.client.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    Some(LspHover {
        contents: Contents::MarkupContent(MarkupContent { kind, value: found.markdown }),
        range: Some(view.range(file, found.span)),
    })
}

/// `textDocument/definition`
pub(super) fn definition(
    view: &FolderView,
    file: &str,
    params: &TextDocumentPositionParams,
) -> Vec<Location> {
    locations(view, ide::definition(&view.folder, file, view.byte(file, params.position)))
}

/// `textDocument/references`
pub(super) fn references(view: &FolderView, file: &str, params: &ReferenceParams) -> Vec<Location> {
    let at = view.byte(file, params.text_document_position_params.position);
    locations(view, ide::references(&view.folder, file, at, params.context.include_declaration))
}

fn locations(view: &FolderView, places: Vec<ide::Place>) -> Vec<Location> {
    places.into_iter().map(|place| view.location(&place.file, place.span)).collect()
}

/// `textDocument/documentHighlight`: the references in the same file.
pub(super) fn highlights(
    view: &FolderView,
    file: &str,
    params: &TextDocumentPositionParams,
) -> Vec<DocumentHighlight> {
    let at = view.byte(file, params.position);
    let here = ide::references(&view.folder, file, at, true).into_iter().filter(|place| *place.file == *file);
    let highlight = |place: ide::Place| DocumentHighlight {
        range: view.range(file, place.span),
        kind: Some(DocumentHighlightKind::Text),
    };
    here.map(highlight).collect()
}

/// `textDocument/prepareRename`
pub(super) fn prepare_rename(
    view: &FolderView,
    file: &str,
    params: &TextDocumentPositionParams,
) -> Option<PrepareRenamePlaceholder> {
    let (span, placeholder) = ide::prepare_rename(&view.folder, file, view.byte(file, params.position))?;
    Some(PrepareRenamePlaceholder { range: view.range(file, span), placeholder })
}

/// `textDocument/rename`
pub(super) fn rename(
    view: &FolderView,
    file: &str,
    params: &RenameParams,
) -> Result<WorkspaceEdit, RequestError> {
    let at = view.byte(file, params.text_document_position_params.position);
    let renamed = ide::rename(&view.folder, file, at, &params.new_name);
    let files = renamed.map_err(|error| RequestError::failed(error.to_string()))?;
    let files: Vec<_> = files.iter().map(|edit| (&*edit.file, edit.edits.clone())).collect();
    Ok(workspace_edit(view, &files))
}
