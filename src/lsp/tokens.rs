//! Semantic tokens.

use gen_lsp_types::{
    SemanticToken as LspToken, SemanticTokens, SemanticTokensLegend, SemanticTokensParams,
    SemanticTokensRangeParams,
};

use super::view::FolderView;
use crate::ide::{self, SemanticKind, SemanticToken};
use crate::text::Span;

/// The types of tokens, of those that editors have colours for.
const TYPES: [&str; 15] = [
    "keyword",
    "operator",
    "function",
    "variable",
    "event",
    "property",
    "enumMember",
    "class",
    "struct",
    "method",
    "string",
    "macro",
    "regexp",
    "number",
    "comment",
];

/// That a name is defined here.
const DECLARATION: u32 = 1;

/// The types and modifiers that the numbers of tokens mean.
pub(super) fn legend() -> SemanticTokensLegend {
    SemanticTokensLegend {
        token_types: TYPES.iter().map(|name| (*name).to_owned()).collect(),
        token_modifiers: vec!["declaration".to_owned()],
    }
}

/// `textDocument/semanticTokens/full`
pub(super) fn all(view: &FolderView, file: &str, _: &SemanticTokensParams) -> SemanticTokens {
    tokens(view, file, None)
}

/// `textDocument/semanticTokens/range`
pub(super) fn in_range(view: &FolderView, file: &str, params: &SemanticTokensRangeParams) -> SemanticTokens {
    tokens(view, file, Some(view.span(file, params.range)))
}

fn tokens(view: &FolderView, file: &str, range: Option<Span>) -> SemanticTokens {
    let (mut data, mut line, mut start) = (Vec::new(), 0, 0);
    let (table, text) = (view.table(file), view.text(file));
    for token in ide::semantic_tokens(&view.folder, file, range) {
        let SemanticToken { span, kind, is_declaration } = token;
        let range = table.range(&text, span);
        // A token within a line follows the one before it.
        let is_possible =
            range.start.line == range.end.line && (range.start.line, range.start.character) >= (line, start);
        if !is_possible {
            continue;
        }
        let delta_line = range.start.line - line;
        data.push(LspToken {
            delta_line,
            delta_start: if delta_line == 0 { range.start.character - start } else { range.start.character },
            length: range.end.character - range.start.character,
            token_type: number(kind),
            token_modifiers_bitset: if is_declaration { DECLARATION } else { 0 },
        });
        (line, start) = (range.start.line, range.start.character);
    }
    SemanticTokens { result_id: None, data }
}

/// The place of the type in [`TYPES`].
fn number(kind: SemanticKind) -> u32 {
    match kind {
        SemanticKind::Keyword => 0,
        SemanticKind::Operator => 1,
        SemanticKind::Fact => 2,
        SemanticKind::Definition => 3,
        SemanticKind::Times => 4,
        SemanticKind::Attribute => 5,
        SemanticKind::Value => 6,
        SemanticKind::Group => 7,
        SemanticKind::User => 8,
        SemanticKind::RuleName => 9,
        SemanticKind::Text => 10,
        SemanticKind::Placeholder => 11,
        SemanticKind::Pattern => 12,
        SemanticKind::Number => 13,
        SemanticKind::Comment => 14,
    }
}
