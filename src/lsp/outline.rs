//! The outline of a file: symbols, folding, selection.

use gen_lsp_types::{
    BaseSymbolInformation, DocumentSymbol, DocumentSymbolParams, DocumentSymbolResponse,
    FoldingRange as LspFolding, FoldingRangeKind, FoldingRangeParams, SelectionRange, SelectionRangeParams,
    SymbolInformation, SymbolKind as LspSymbolKind,
};

use super::view::FolderView;
use crate::ide::{self, Symbol, SymbolKind};

/// `textDocument/documentSymbol`
pub(super) fn symbols(view: &FolderView, file: &str, _: &DocumentSymbolParams) -> DocumentSymbolResponse {
    let found = ide::symbols(&view.folder, file);
    if view.client.nested_symbols {
        let nested = found.into_iter().map(|symbol| nested(view, file, symbol));
        return DocumentSymbolResponse::DocumentSymbolList(nested.collect());
    }
    let mut flat = Vec::new();
    flatten(view, file, found, None, &mut flat);
    DocumentSymbolResponse::SymbolInformationList(flat)
}

/// What `workspace/symbol` finds in a folder.
pub(super) fn workspace_symbols(view: &FolderView, query: &str) -> Vec<SymbolInformation> {
    let found = ide::workspace_symbols(&view.folder, query);
    found.into_iter().map(|(file, symbol)| information(view, &file, &symbol, None)).collect()
}

#[expect(deprecated, reason = "the field must be given, and is not sent")]
fn nested(view: &FolderView, file: &str, symbol: Symbol) -> DocumentSymbol {
    let children = symbol.children.into_iter().map(|child| nested(view, file, child)).collect();
    DocumentSymbol {
        name: shown(symbol.name),
        detail: symbol.detail,
        kind: lsp_kind(symbol.kind),
        range: view.range(file, symbol.span),
        selection_range: view.range(file, symbol.name_span),
        children: Some(children),
        tags: None,
        deprecated: None,
    }
}

fn flatten(
    view: &FolderView,
    file: &str,
    symbols: Vec<Symbol>,
    container: Option<&str>,
    flat: &mut Vec<SymbolInformation>,
) {
    for symbol in symbols {
        flat.push(information(view, file, &symbol, container));
        let name = symbol.name;
        flatten(view, file, symbol.children, Some(&name), flat);
    }
}

#[expect(deprecated, reason = "the field must be given, and is not sent")]
fn information(view: &FolderView, file: &str, symbol: &Symbol, container: Option<&str>) -> SymbolInformation {
    SymbolInformation {
        deprecated: None,
        location: view.location(file, symbol.span),
        base_symbol_information: BaseSymbolInformation {
            name: shown(symbol.name.clone()),
            kind: lsp_kind(symbol.kind),
            tags: None,
            container_name: container.map(str::to_owned),
        },
    }
}

/// Editors refuse an outline with an empty name.
fn shown(name: String) -> String {
    if name.trim().is_empty() { "?".to_owned() } else { name }
}

fn lsp_kind(kind: SymbolKind) -> LspSymbolKind {
    match kind {
        SymbolKind::Rule => LspSymbolKind::Function,
        SymbolKind::Definition => LspSymbolKind::Variable,
        SymbolKind::Hours | SymbolKind::Dates => LspSymbolKind::Event,
        SymbolKind::Test => LspSymbolKind::Method,
        SymbolKind::Use => LspSymbolKind::File,
        SymbolKind::TimeZone => LspSymbolKind::Constant,
        SymbolKind::Section => LspSymbolKind::Namespace,
        SymbolKind::User => LspSymbolKind::Object,
        SymbolKind::Group => LspSymbolKind::Class,
        SymbolKind::Attribute => LspSymbolKind::Property,
        SymbolKind::Number => LspSymbolKind::Key,
        SymbolKind::Lint => LspSymbolKind::EnumMember,
    }
}

/// `textDocument/foldingRange`
pub(super) fn folding(view: &FolderView, file: &str, _: &FoldingRangeParams) -> Vec<LspFolding> {
    let found = ide::folding(&view.folder, file).into_iter().map(|fold| {
        let range = view.range(file, fold.span);
        LspFolding {
            start_line: range.start.line,
            end_line: range.end.line,
            kind: fold.is_comment.then_some(FoldingRangeKind::Comment),
            ..LspFolding::default()
        }
    });
    found.filter(|fold| fold.end_line > fold.start_line).collect()
}

/// `textDocument/selectionRange`
pub(super) fn selection(view: &FolderView, file: &str, params: &SelectionRangeParams) -> Vec<SelectionRange> {
    let around = |position| {
        let at = view.byte(file, position);
        let spans = ide::selection(&view.folder, file, at);
        let outermost_first = spans.into_iter().rev();
        let chain = outermost_first.fold(None, |parent, span| {
            Some(SelectionRange { range: view.range(file, span), parent: parent.map(Box::new) })
        });
        chain.unwrap_or(SelectionRange {
            range: gen_lsp_types::Range { start: position, end: position },
            parent: None,
        })
    };
    params.positions.iter().map(|position| around(*position)).collect()
}
