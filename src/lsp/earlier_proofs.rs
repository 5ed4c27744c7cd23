//! What was proved of an earlier text, shown until the proofs about the present one are made: so warnings do not blink
//! while somebody types.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::check::is_proof;
use crate::diagnostic::{Finding, Findings};
use crate::policy::Folder;
use crate::text::Span;

/// A state of a folder, and what was found in it with all proofs.
#[derive(Debug, Clone, Default)]
pub(super) struct ProvedState {
    pub(super) folder: Folder,
    pub(super) findings: Findings,
}

/// `findings` about `folder`, with what was proved `before` of what has not changed. A file with a fault gets none: nothing
/// can be proved of it.
pub(super) fn with_earlier_proofs(findings: &Findings, folder: &Folder, before: &ProvedState) -> Findings {
    let mut by_file: BTreeMap<&Arc<str>, Vec<&Finding>> = BTreeMap::new();
    for finding in before.findings.iter().filter(|finding| is_proof(finding.code)) {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    let mut all = findings.clone();
    for (file, proved) in by_file {
        let (Some(old), Some(new)) = (before.folder.files.get(file), folder.files.get(file)) else {
            continue;
        };
        let known: Vec<Finding> = findings.iter().filter(|finding| finding.file == *file).cloned().collect();
        // What has been proved again already is not kept twice.
        if known.iter().any(|finding| finding.code.is_fault() || is_proof(finding.code)) {
            continue;
        }
        let change = TextChange::between(&old.source.text, &new.source.text);
        let moved = proved.into_iter().filter_map(|finding| change.moved(finding));
        all.set_file(file, known.iter().cloned().chain(moved).collect());
    }
    all
}

/// The part of a text that has changed.
struct TextChange {
    /// It, in the old text.
    old: Span,
    /// Its end in the new text.
    new_end: u32,
}

impl TextChange {
    fn between(old: &str, new: &str) -> Self {
        let (old, new) = (old.as_bytes(), new.as_bytes());
        let start = old.iter().zip(new).take_while(|(old, new)| old == new).count();
        let rest = |text: &[u8]| text.len() - start;
        let longest = rest(old).min(rest(new));
        let same_end =
            old.iter().rev().zip(new.iter().rev()).take(longest).take_while(|(old, new)| old == new).count();
        let new_end = Span::new(start, new.len() - same_end).end;
        Self { old: Span::new(start, old.len() - same_end), new_end }
    }

    /// The finding where its place is now, if nothing in it has changed.
    fn moved(&self, finding: &Finding) -> Option<Finding> {
        let place = |span: Span| {
            if span.end <= self.old.start {
                return Some(span);
            }
            let at = |byte: u32| (byte + self.new_end).checked_sub(self.old.end);
            (span.start >= self.old.end)
                .then(|| Some(Span { start: at(span.start)?, end: at(span.end)? }))
                .flatten()
        };
        let mut moved = finding.clone();
        moved.span = place(finding.span)?;
        moved.fix = None;
        moved.related.retain_mut(|related| match place(related.span) {
            Some(span) if related.file == finding.file => {
                related.span = span;
                true
            }
            _ => related.file != finding.file,
        });
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::{Cancellation, Workspace};

    const NAME: &str = "+15550100.rules";
    const INBOX: &str = "[users.alice]\n[groups]\nSales = [\"alice\"]";
    const TEXT: &str = "rule \"é\" when any_online: assign nobody\n\
        rule \"b\" when any_online and new_customer: assign nobody\n\
        otherwise: assign user \"alice\"\n";

    fn folder(text: &str) -> Folder {
        Folder::from_texts([("inbox.toml", INBOX), (NAME, text)])
    }

    /// What is shown of `text`, typed over [`TEXT`], before anything is proved of it, each as its code and its text.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let mut workspace = Workspace::new(folder(TEXT));
        let before = ProvedState { folder: folder(TEXT), findings: workspace.kept_findings().clone() };
        workspace.update_without_proofs(folder(text));
        let shown = with_earlier_proofs(workspace.kept_findings(), &folder(text), &before);
        let shown = shown.iter().filter(|finding| &*finding.file == NAME);
        let shown: Vec<String> =
            shown.map(|finding| format!("{} {}", finding.code, &text[finding.span.range()])).collect();
        assert_eq!(shown, expected);
        assert!(workspace.prove(&Cancellation::default()));
    }

    #[test]
    fn what_has_not_changed_stays() {
        check(TEXT, &["unreachable-rule \"b\""]);
        check(&TEXT.replace("é", "éé and more"), &["unreachable-rule \"b\""]);
        check(&format!("{TEXT}# end\n"), &["unreachable-rule \"b\""]);
        check(&format!("# 😀\n{TEXT}"), &["unreachable-rule \"b\""]);
    }

    #[test]
    fn what_has_changed_or_means_nothing_is_dropped() {
        check(&TEXT.replace("\"b\"", "\"bc\""), &[]);
        check(&TEXT.replace("assign user", "asign user"), &["syntax asign"]);
        check("", &[]);
    }
}
