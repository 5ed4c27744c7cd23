//! Each habit, with what is said about it and the text after its fix.

mod assignments;
mod calendar;
mod date_slips;
mod doubts;
mod lists;
mod one_meaning;
mod order;
mod phrases;
mod plain_words;
mod quotes;
mod signs;
mod test_lines;
mod times;
mod words;

use super::super::parse::{Parsed, parse};
use crate::text::{LineIndex, Source};

/// Applies the fixes of `parsed`, from the last to the first.
fn fixed(text: &str, parsed: &Parsed) -> String {
    let mut edits: Vec<_> = parsed
        .findings
        .iter()
        .filter_map(|finding| finding.fix.as_ref())
        .flat_map(|fix| &fix.edits)
        .collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut fixed = text.to_owned();
    for edit in edits.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    fixed
}

/// `code line:column-column message | help` for each finding, then what the fixes make of the text.
#[track_caller]
fn check(text: &str) -> String {
    let parsed = parse(&Source::new("a.rules", text));
    let index = LineIndex::new(text);
    let mut lines = Vec::new();
    for finding in &parsed.findings {
        let (start, end) = (index.position(text, finding.span.start), index.position(text, finding.span.end));
        let help = finding.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
        lines.push(format!(
            "{} {}:{}-{} {}{help}",
            finding.code, start.line, start.column, end.column, finding.message
        ));
    }
    let repaired = fixed(text, &parsed);
    if repaired != text {
        let again = parse(&Source::new("a.rules", repaired.as_str()));
        let left: Vec<_> = again.findings.iter().map(|finding| &finding.message).collect();
        let unfixed = parsed.findings.iter().filter(|finding| finding.fix.is_none()).count();
        assert!(left.len() <= unfixed, "{repaired}\n{left:#?}");
        let changed = repaired
            .lines()
            .zip(text.lines())
            .filter(|(after, before)| after != before)
            .map(|(after, _)| after);
        let changed: Vec<_> = if repaired.lines().count() == text.lines().count() {
            changed.collect()
        } else {
            repaired.lines().collect()
        };
        lines.push(format!("→ {}", changed.join("\n→ ")));
    }
    lines.join("\n")
}

/// [`check`] of each line.
#[track_caller]
fn each(lines: &str) -> String {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(check).collect::<Vec<_>>().join("\n")
}
