//! The documents that are open in the editor, in their latest state.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent, TextDocumentItem, Uri};

use super::file_uri::path_of;
use super::positions::{ColumnUnit, LineTable};
use crate::language::decode;
use crate::policy::RuleFile;
use crate::text::Source;

/// An open document.
#[derive(Debug)]
pub(super) struct Document {
    /// As the client writes it.
    pub(super) uri: Uri,
    pub(super) version: i32,
    pub(super) text: Arc<str>,
    /// The text as a rule file of the name that it was parsed under.
    parsed: Option<Arc<RuleFile>>,
    /// An earlier state of that, until the text is parsed again.
    earlier: Option<Arc<RuleFile>>,
}

/// Where a document is known by: its path, since clients escape URIs in different ways, or else its URI.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum DocumentKey {
    Path(PathBuf),
    Uri(String),
}

impl DocumentKey {
    pub(super) fn of(uri: &str) -> Self {
        path_of(uri).map_or_else(|| Self::Uri(uri.to_owned()), Self::Path)
    }
}

/// The open documents.
pub(super) type Documents = BTreeMap<DocumentKey, Document>;

impl Document {
    pub(super) fn open(item: TextDocumentItem) -> Self {
        Self { uri: item.uri, version: item.version, text: item.text.into(), parsed: None, earlier: None }
    }

    /// Applies the changes, each to the result of the one before.
    pub(super) fn change(
        &mut self,
        version: i32,
        changes: &[TextDocumentContentChangeEvent],
        unit: ColumnUnit,
    ) {
        let mut text = String::from(&*self.text);
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let span = LineTable::new(&text, unit).span(&text, change.range);
                    text.replace_range(span.range(), &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    text.clone_from(&change.text);
                }
            }
        }
        self.version = version;
        self.text = text.into();
        self.earlier = self.parsed.take().or(self.earlier.take());
    }

    /// The text as the rule file called `name`.
    pub(super) fn rule_file(&mut self, name: &Arc<str>) -> Arc<RuleFile> {
        if let Some(parsed) = self.parsed.as_ref().filter(|parsed| parsed.source.name == *name) {
            return Arc::clone(parsed);
        }
        let parsed = Arc::new(match decode(name, self.text.as_bytes()) {
            Ok(_) => {
                let source = Source::new(Arc::clone(name), Arc::clone(&self.text));
                match self.earlier.take() {
                    Some(earlier) => earlier.reparse(source),
                    None => RuleFile::parse(source),
                }
            }
            Err(too_large) => RuleFile::unreadable(Arc::clone(name), *too_large),
        });
        self.parsed = Some(Arc::clone(&parsed));
        parsed
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(text: &str, changes: serde_json::Value, expected: &str) {
        let item = json!({ "uri": "file:///a.rules", "languageId": "rules", "version": 1, "text": text });
        let mut document = Document::open(serde_json::from_value(item).unwrap());
        let changes: Vec<_> = serde_json::from_value(changes).unwrap();
        document.change(2, &changes, ColumnUnit::Utf16);
        assert_eq!((&*document.text, document.version), (expected, 2));
    }

    fn change(from: (u32, u32), to: (u32, u32), text: &str) -> serde_json::Value {
        let at = |(line, character): (u32, u32)| json!({ "line": line, "character": character });
        json!({ "range": { "start": at(from), "end": at(to) }, "text": text })
    }

    #[test]
    fn each_change_is_applied_to_the_result_of_the_one_before() {
        check("when 😀 a", json!([change((0, 5), (0, 7), "é\n"), change((1, 0), (1, 1), "x")]), "when é\nxa");
        check("abc", json!([{ "text": "new" }, change((0, 0), (0, 1), "N")]), "New");
        check("a\r\nb", json!([change((0, 1), (1, 0), "")]), "ab");
        check("ab", json!([change((0, 2), (0, 0), "")]), "");
        check("ab", json!([change((7, 0), (9, 0), "c")]), "abc");
        check("ab", json!([]), "ab");
    }
}
