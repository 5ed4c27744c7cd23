//! Findings as diagnostics.

use std::sync::Arc;

use gen_lsp_types::{
    Code as LspCode, CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity,
    DiagnosticTag, Message, Uri,
};
use serde_json::json;

use super::text_edits::text_edits;
use super::view::FolderView;
use crate::diagnostic::{Code, Finding, Level};

/// The pages of all kinds of findings. `rules explain CODE` prints one.
const PAGES: &str = "https://github.com/inbox-rules/inbox_rules/blob/main/src/check";

/// Who has found it, as editors show it.
pub(super) const SOURCE: &str = "rules";

/// The diagnostics of the file of that name.
pub(super) fn diagnostics<'f>(
    view: &FolderView,
    file: &str,
    findings: impl IntoIterator<Item = &'f Finding>,
) -> Arc<Vec<Diagnostic>> {
    Arc::new(findings.into_iter().map(|finding| diagnostic(view, file, finding)).collect())
}

/// A finding of the file of that name.
pub(super) fn diagnostic(view: &FolderView, file: &str, finding: &Finding) -> Diagnostic {
    let client = view.client;
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let related = finding.related.iter().map(|related| DiagnosticRelatedInformation {
        location: view.location(&related.file, related.span),
        message: related.message.clone(),
    });
    let related =
        Some(related.collect()).filter(|related: &Vec<_>| client.related_information && !related.is_empty());
    let fix = finding.fix.as_ref().filter(|_| client.diagnostic_data);
    Diagnostic {
        range: view.range(file, finding.span),
        severity: Some(match finding.level {
            Level::Error => DiagnosticSeverity::Error,
            Level::Warning => DiagnosticSeverity::Warning,
            Level::Note => DiagnosticSeverity::Information,
        }),
        code: Some(LspCode::String(finding.code.name().to_owned())),
        code_description: client.code_descriptions.then(|| CodeDescription { href: page(finding.code) }),
        source: Some(SOURCE.to_owned()),
        message: Message::String(message),
        tags: tag(finding.code).filter(|_| client.diagnostic_tags).map(|tag| vec![tag]),
        related_information: related,
        data: fix.map(|fix| json!({ "title": fix.title, "edits": text_edits(view, file, &fix.edits) })),
    }
}

/// The page about a kind of finding.
fn page(code: Code) -> Uri {
    let folder = if code.is_fault() { "faults" } else { "lints" };
    Uri(format!("{PAGES}/{folder}/{}.md", code.name().replace('-', "_")))
}

/// What does nothing is shown in grey.
fn tag(code: Code) -> Option<DiagnosticTag> {
    let is_unnecessary = matches!(
        code,
        Code::UnusedDefinition
            | Code::UnreachableRule
            | Code::UnreachableAlternative
            | Code::NeverTrue
            | Code::AlwaysTrue
            | Code::RedundantPart
    );
    is_unnecessary.then_some(DiagnosticTag::Unnecessary)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn each_code_has_the_page_that_it_names() {
        for code in Code::ALL {
            let page = page(*code).0;
            let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(page.split_once("/blob/main/").unwrap().1);
            assert!(file.is_file(), "{page}");
        }
    }
}
