//! Findings on one line each, in the form that editors and `grep` know: `file:line:column: message`.

use std::fmt::Write;

use super::excerpt::printable;
use super::source_map::SourceMap;
use super::{Finding, Sources};

/// A line for each finding, with its help.
pub fn lines(findings: &[Finding], sources: &Sources) -> String {
    let map = SourceMap::new(findings, sources);
    findings.iter().map(|finding| line(finding, &map)).collect()
}

/// `a.rules:5:18: error: no group is called …; did you mean …? [unknown-group]`
fn line(finding: &Finding, map: &SourceMap<'_>) -> String {
    let place = map.position(&finding.file, finding.span.start);
    let (file, message) = (printable(&finding.file), printable(&finding.message));
    let mut line = format!("{file}:{}:{}: {}: {message}", place.line, place.column, finding.level.word());
    if let Some(help) = &finding.help {
        let lines: Vec<&str> = help.lines().map(str::trim).collect();
        let _ = write!(line, "; {}", printable(&lines.join(" ")));
    }
    let _ = writeln!(line, " [{}]", finding.code);
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Level;
    use crate::diagnostic::tests as sample;

    #[test]
    fn a_line_for_each_finding() {
        let sources = sample::sources("a.rules", "é when\nassign");
        let findings = [
            sample::finding("a.rules", 3..7).help("did you mean `Sales`?\n  or not"),
            sample::finding("a.rules", 8..14).at_level(Level::Warning),
            sample::finding("gone.rules", 0..0).at_level(Level::Note),
        ];
        insta::assert_snapshot!(lines(&findings, &sources), @"
        a.rules:1:3: error: no group is called `Slaes`; did you mean `Sales`? or not [unknown-group]
        a.rules:2:1: warning: no group is called `Slaes` [unknown-group]
        gone.rules:1:1: note: no group is called `Slaes` [unknown-group]
        ");
    }
}
