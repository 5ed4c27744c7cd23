//! Findings as GitHub workflow commands, which a run shows beside the lines of a pull request.

use std::fmt::Write;

use super::places::Places;
use super::{Finding, Level, Sources};

/// One command a line.
pub fn commands(findings: &[Finding], sources: &Sources) -> String {
    let places = Places::new(findings, sources);
    findings.iter().map(|finding| command(finding, &places)).collect()
}

/// `::error file=…,line=…,endLine=…,title=unknown-group::message`
fn command(finding: &Finding, places: &Places<'_>) -> String {
    let level = match finding.level {
        Level::Note => "notice",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let start = places.position(&finding.file, finding.span.start);
    let end = places.position(&finding.file, finding.span.end);
    let mut out = format!("::{level} file={},line={}", property(&finding.file), start.line);
    // GitHub refuses columns on a place of several lines.
    let _ = if start.line == end.line {
        write!(out, ",col={},endLine={},endColumn={}", start.column, end.line, end.column)
    } else {
        write!(out, ",endLine={}", end.line)
    };
    let message = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let _ = writeln!(out, ",title={}::{}", property(finding.code.name()), data(&message));
    out
}

/// `::warning file=…,line=…,title=…::message`: about that line, of what is no finding.
pub fn warning(file: &str, line: u32, title: &str, message: &str) -> String {
    format!("::warning file={},line={line},title={}::{}\n", property(file), property(title), data(message))
}

/// What follows `::`, as the runner unescapes it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property, which also ends at `:` and `,`.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::sample;

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
