//! What is shown beside the text: code lenses and inlay hints.

use gen_lsp_types::{
    CodeLens as LspLens, CodeLensParams, Command, InlayHint as LspHint, InlayHintParams, Label, Tooltip,
};
use serde_json::json;

use super::commands::RUN_TESTS;
use super::view::FolderView;
use crate::ide::{self, LensAction};

/// `textDocument/codeLens`
pub(super) fn code_lenses(view: &FolderView, file: &str, _: &CodeLensParams) -> Vec<LspLens> {
    let uri = view.uri(file);
    let lenses = ide::code_lenses(&view.workspace(), file).into_iter().map(|lens| {
        let (command, arguments) = match lens.action {
            LensAction::None => (String::new(), None),
            LensAction::RunTests(names) => (RUN_TESTS.to_owned(), Some(vec![json!(uri), json!(names)])),
        };
        // The line that it is above is the one on which the thing begins.
        let start = view.position(file, lens.span.start);
        LspLens {
            range: gen_lsp_types::Range { start, end: start },
            command: Some(Command { title: lens.title, tooltip: None, command, arguments }),
            data: None,
        }
    });
    lenses.collect()
}

/// `textDocument/inlayHint`
pub(super) fn inlay_hints(view: &FolderView, file: &str, params: &InlayHintParams) -> Vec<LspHint> {
    let range = view.span(file, params.range);
    let hints = ide::inlay_hints(&view.workspace(), file, range).into_iter().map(|hint| LspHint {
        position: view.position(file, hint.at),
        label: Label::String(hint.text),
        kind: None,
        text_edits: None,
        tooltip: hint.tooltip.map(Tooltip::String),
        padding_left: Some(true),
        padding_right: None,
        data: None,
    });
    hints.collect()
}
