//! Findings as GitHub workflow commands: GitHub shows them as annotations on the lines of a pull request.

use std::fmt::Write;

use super::source_map::SourceMap;
use super::{Finding, Level, Sources};

/// One command for each finding, each on a line of its own.
pub fn commands(findings: &[Finding], sources: &Sources) -> String {
    let map = SourceMap::new(findings, sources);
    findings.iter().map(|finding| command(finding, &map)).collect()
}

/// `::error file=…,line=…,endLine=…,title=unknown-group::message`
fn command(finding: &Finding, map: &SourceMap<'_>) -> String {
    let level = match finding.level {
        Level::Note => "notice",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let start = map.position(&finding.file, finding.span.start);
    let end = map.position(&finding.file, finding.span.end);
    let mut out = format!("::{level} file={},line={}", escape_property(&finding.file), start.line);
    // GitHub rejects columns on an annotation of several lines.
    let _ = if start.line == end.line {
        write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)
    } else {
        write!(out, ",endLine={}", end.line)
    };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let _ = writeln!(out, ",title={}::{}", escape_property(finding.code.name()), escape_message(&message));
    out
}

/// `::warning file=…,line=…,title=…::message`, for a warning that is not a finding.
pub fn warning(file: &str, line: u32, title: &str, message: &str) -> String {
    format!(
        "::warning file={},line={line},title={}::{}\n",
        escape_property(file),
        escape_property(title),
        escape_message(message)
    )
}

/// Escapes the message after `::`.
fn escape_message(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes the value of a property, which also ends at `:` and `,`.
fn escape_property(text: &str) -> String {
    escape_message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::tests as sample;

    #[test]
    fn one_line_and_several() {
        let sources = sample::sources("a,b: 100%.rules", "é when\nassign");
        let findings = [
            sample::finding("a,b: 100%.rules", 3..7).help("did you mean `Sales`, 100%?"),
            sample::finding("a,b: 100%.rules", 3..14).at_level(Level::Warning),
            sample::finding("gone.rules", 0..0).at_level(Level::Note),
        ];
        insta::assert_snapshot!(commands(&findings, &sources), @"
        ::error file=a%2Cb%3A 100%25.rules,line=1,col=3,endLine=1,endColumn=7,title=unknown-group::no group is called `Slaes`%0Adid you mean `Sales`, 100%25?
        ::warning file=a%2Cb%3A 100%25.rules,line=1,endLine=2,title=unknown-group::no group is called `Slaes`
        ::notice file=gone.rules,line=1,col=1,endLine=1,endColumn=1,title=unknown-group::no group is called `Slaes`
        ");
    }
}
