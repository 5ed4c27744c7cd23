//! What the client can do.

use serde_json::Value;

use super::positions::ColumnUnit;

/// What the client can do. Whatever is missing or strange in its capabilities, it cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one thing that the protocol lets a client say")]
pub(super) struct ClientSupport {
    pub(super) unit: ColumnUnit,
    /// It asks for diagnostics, so none are sent.
    pub(super) pulls_diagnostics: bool,
    pub(super) refreshes_diagnostics: bool,
    pub(super) related_information: bool,
    pub(super) diagnostic_tags: bool,
    pub(super) diagnostic_data: bool,
    pub(super) code_descriptions: bool,
    /// It shows code actions, not only commands.
    pub(super) code_action_literals: bool,
    /// It asks for the edit of a code action when that is chosen.
    pub(super) resolves_edits: bool,
    pub(super) versioned_edits: bool,
    pub(super) snippets: bool,
    pub(super) nested_symbols: bool,
    pub(super) markdown: bool,
    /// It can be asked to watch files.
    pub(super) watches_files: bool,
    pub(super) shows_progress: bool,
    pub(super) refreshes_lenses: bool,
    pub(super) refreshes_hints: bool,
}

impl ClientSupport {
    /// That of the parameters of `initialize`.
    pub(super) fn of(params: &Value) -> Self {
        let at = |path: &str| params.pointer("/capabilities").and_then(|value| value.pointer(path));
        let is = |path: &str| at(path).and_then(Value::as_bool).unwrap_or(false);
        let has = |path: &str| at(path).is_some_and(|value| !value.is_null());
        let lists = |path: &str, wanted: &str| {
            let list = at(path).and_then(Value::as_array);
            list.is_some_and(|list| list.iter().any(|item| item.as_str() == Some(wanted)))
        };
        let offered = at("/general/positionEncodings").and_then(Value::as_array).cloned().unwrap_or_default();
        // Diagnostics are described once for those that are sent, and again for those that are asked for.
        let of_diagnostics = |what: &str| {
            ["publishDiagnostics", "diagnostic"]
                .iter()
                .any(|kind| is(&format!("/textDocument/{kind}/{what}")))
        };
        let tags = ["publishDiagnostics", "diagnostic"]
            .iter()
            .any(|kind| has(&format!("/textDocument/{kind}/tagSupport")));
        Self {
            unit: ColumnUnit::best_of(offered.iter().filter_map(Value::as_str)),
            pulls_diagnostics: has("/textDocument/diagnostic"),
            refreshes_diagnostics: is("/workspace/diagnostics/refreshSupport"),
            related_information: of_diagnostics("relatedInformation"),
            diagnostic_tags: tags,
            diagnostic_data: of_diagnostics("dataSupport"),
            code_descriptions: of_diagnostics("codeDescriptionSupport"),
            code_action_literals: has("/textDocument/codeAction/codeActionLiteralSupport"),
            resolves_edits: lists("/textDocument/codeAction/resolveSupport/properties", "edit"),
            versioned_edits: is("/workspace/workspaceEdit/documentChanges"),
            snippets: is("/textDocument/completion/completionItem/snippetSupport"),
            nested_symbols: is("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            markdown: lists("/textDocument/hover/contentFormat", "markdown"),
            watches_files: is("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            shows_progress: is("/window/workDoneProgress"),
            refreshes_lenses: is("/workspace/codeLens/refreshSupport"),
            refreshes_hints: is("/workspace/inlayHint/refreshSupport"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_or_strange_is_not_supported() {
        for params in [json!({}), json!(null), json!({ "capabilities": [1] })] {
            let client = ClientSupport::of(&params);
            assert!(!client.pulls_diagnostics && !client.snippets && client.unit == ColumnUnit::Utf16);
        }
        let strange = json!({ "capabilities": { "general": { "positionEncodings": [1, "utf-8"] },
            "textDocument": { "diagnostic": null, "completion": 5 } } });
        assert!(!ClientSupport::of(&strange).pulls_diagnostics);
        assert_eq!(ClientSupport::of(&strange).unit, ColumnUnit::Utf8);
    }

    #[test]
    fn what_it_says() {
        let client = ClientSupport::of(&json!({ "capabilities": {
            "workspace": { "didChangeWatchedFiles": { "dynamicRegistration": true } },
            "textDocument": {
                "publishDiagnostics": { "relatedInformation": true },
                "codeAction": { "codeActionLiteralSupport": {}, "resolveSupport": { "properties": ["edit"] } },
            },
        } }));
        assert!(client.watches_files && client.related_information && client.code_action_literals);
        assert!(client.resolves_edits && !client.pulls_diagnostics);
    }
}
