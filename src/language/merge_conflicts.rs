//! The conflicts that git leaves in a file when it cannot merge two versions of its lines.

use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::text::{Source, Span};

/// The marks at the start of the lines around a conflict, as `git merge` writes them by default.
const OURS: &str = "<<<<<<<";
const BASE: &str = "|||||||";
const THEIRS: &str = "=======";
const END: &str = ">>>>>>>";

/// A finding for each conflict in `source`, and a source of the same length in which the first version alone is left: all
/// else of a conflict is a comment there.
pub(crate) fn first_versions(source: &Source) -> Option<(Vec<Finding>, Source)> {
    memchr::memmem::find(source.text.as_bytes(), OURS.as_bytes())?;
    let (mut text, mut findings) = (String::with_capacity(source.text.len()), Vec::new());
    let mut rest = &*source.text;
    while let Some(conflict) = Conflict::find(rest) {
        let start = text.len() + conflict.ours.start;
        let mark = rest.get(conflict.ours.clone()).unwrap_or_default().trim_end();
        findings.push(
            Finding::new(
                Code::Syntax,
                &source.name,
                Span::new(start, start + mark.len()),
                "a merge left two versions of these lines",
            )
            .help(format!("keep one of them, and remove the lines with `{OURS}`, `{THEIRS}` and `{END}`")),
        );
        text.push_str(rest.get(..conflict.ours.start)?);
        comment_out(&mut text, rest.get(conflict.ours.clone())?);
        text.push_str(rest.get(conflict.ours.end..conflict.rest.start)?);
        comment_out(&mut text, rest.get(conflict.rest.clone())?);
        rest = rest.get(conflict.rest.end..)?;
    }
    text.push_str(rest);
    (!findings.is_empty()).then(|| (findings, Source::new(Arc::clone(&source.name), text)))
}

/// Where a conflict is in a text.
struct Conflict {
    /// The line that starts it.
    ours: std::ops::Range<usize>,
    /// From the end of its first version to its own end.
    rest: std::ops::Range<usize>,
}

impl Conflict {
    fn find(text: &str) -> Option<Self> {
        let (mut at, mut ours, mut first_end, mut has_theirs) = (0, None, None, false);
        for line in text.split_inclusive('\n') {
            let end = at + line.len();
            if line.starts_with(OURS) {
                (ours, first_end, has_theirs) = (Some(at..end), None, false);
            } else if line.starts_with(BASE) || line.starts_with(THEIRS) {
                first_end = first_end.or(Some(at));
                has_theirs |= line.starts_with(THEIRS);
            } else if line.starts_with(END)
                && has_theirs
                && let (Some(ours), Some(first_end)) = (ours.clone(), first_end)
            {
                return Some(Self { ours, rest: first_end..end });
            }
            at = end;
        }
        None
    }
}

/// Writes `lines` as comments of the same length. Empty lines stay empty.
fn comment_out(text: &mut String, lines: &str) {
    for line in lines.split_inclusive('\n') {
        let content = line.trim_end_matches(['\r', '\n']);
        for (at, _) in content.bytes().enumerate() {
            text.push(if at == 0 { '#' } else { ' ' });
        }
        text.push_str(line.get(content.len()..).unwrap_or_default());
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    const CONFLICT: &str = "when new_customer:\n<<<<<<< HEAD\n    assign owner\n||||||| base\n    assign nobody\n=======\n    \
                            assign user \"علي\"\n>>>>>>> friday\n\notherwise:\n    assign nobody\n";

    #[test]
    fn a_conflict_is_one_finding_and_its_first_version_is_read() {
        let parsed = parse(&Source::new("a.rules", CONFLICT));
        let [finding] = parsed.findings.as_slice() else { panic!("{:?}", parsed.findings) };
        assert_eq!(CONFLICT.get(finding.span.range()), Some("<<<<<<< HEAD"));
        assert_eq!(parsed.file.items.len(), 2);
        let (_, source) = first_versions(&Source::new("a.rules", CONFLICT)).expect("there is a conflict");
        assert_eq!(source.text.len(), CONFLICT.len());
        assert!(source.text.contains("assign owner") && !source.text.contains("base"));
    }

    #[test]
    fn each_conflict_has_a_finding() {
        let twice = format!("{CONFLICT}{CONFLICT}");
        let (findings, source) =
            first_versions(&Source::new("a.rules", twice.as_str())).expect("there are two");
        assert_eq!(findings.len(), 2);
        assert_eq!(source.text.len(), twice.len());
    }

    #[test]
    fn marks_that_enclose_nothing_are_no_conflict() {
        for text in
            ["<<<<<<< a\n>>>>>>> b\n", "=======\n", "<<<<<<< a\n=======\n", "a <<<<<<<\n=======\n>>>>>>>\n"]
        {
            assert!(first_versions(&Source::new("a.rules", text)).is_none(), "{text}");
        }
    }
}
