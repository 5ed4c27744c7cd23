//! Findings as a report of GitLab's Code Quality, which GitLab shows in merge requests. The fields are those of
//! <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use std::collections::BTreeMap;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::source_map::SourceMap;
use super::{Code, Finding, Level, Sources};
use crate::text::sha256_text;

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CodeQualityIssue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: CodeQualityLocation,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct CodeQualityLocation {
    path: String,
    lines: CodeQualityLines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct CodeQualityLines {
    begin: u32,
    end: u32,
}

/// The findings as the items of a report.
pub fn issues(findings: &[Finding], sources: &Sources) -> Vec<CodeQualityIssue> {
    let map = SourceMap::new(findings, sources);
    let mut counts = BTreeMap::new();
    findings.iter().map(|finding| issue(finding, &map, &mut counts)).collect()
}

/// What tells findings of a file apart, wherever they are in it, and how many of each there were.
type Counts<'f> = BTreeMap<(&'f str, Code, &'f str), usize>;

fn issue<'f>(finding: &'f Finding, map: &SourceMap<'_>, counts: &mut Counts<'f>) -> CodeQualityIssue {
    let count = counts.entry((&*finding.file, finding.code, &*finding.message)).or_default();
    *count += 1;
    let mut hash = Sha256::new();
    // GitLab takes findings of the same fingerprint for one, also in the next commit, in which lines have moved.
    for part in [&*finding.file, finding.code.name(), &*finding.message, &count.to_string()] {
        hash.update(part);
        hash.update([0]);
    }
    let help = finding.help.as_ref().map(|help| format!("\n{help}")).unwrap_or_default();
    CodeQualityIssue {
        description: format!("{}{help}", finding.message),
        check_name: finding.code.name(),
        fingerprint: sha256_text(&hash.finalize().into()).split_off("sha256:".len()),
        severity: match finding.level {
            Level::Note => "info",
            Level::Warning => "minor",
            Level::Error => "major",
        },
        location: CodeQualityLocation {
            path: finding.file.to_string(),
            lines: CodeQualityLines {
                begin: map.position(&finding.file, finding.span.start).line,
                end: map.position(&finding.file, finding.span.end).line,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::tests as sample;

    #[test]
    fn each_finding_has_a_fingerprint_of_its_own_that_lines_do_not_change() {
        let report = |text: &str, at: usize| {
            let findings = [
                sample::finding("a.rules", at..at + 1).help("did you mean `Sales`?"),
                sample::finding("a.rules", at + 1..at + 2).at_level(Level::Warning),
            ];
            issues(&findings, &sample::sources("a.rules", text))
        };
        let (before, after) = (report("when", 0), report("\n\nwhen", 2));
        let json = serde_json::to_value(&before).unwrap();
        assert_eq!(json[0]["description"], "no group is called `Slaes`\ndid you mean `Sales`?");
        assert_eq!(json[0]["check_name"], "unknown-group");
        assert_eq!((&json[0]["severity"], &json[1]["severity"]), (&"major".into(), &"minor".into()));
        assert_eq!(
            json[0]["location"],
            serde_json::json!({ "path": "a.rules", "lines": { "begin": 1, "end": 1 } })
        );
        let prints = |issues: &[CodeQualityIssue]| {
            issues.iter().map(|issue| issue.fingerprint.clone()).collect::<Vec<_>>()
        };
        assert_eq!(prints(&before), prints(&after));
        assert_ne!(before[0].fingerprint, before[1].fingerprint);
        assert_eq!(after[0].location.lines.begin, 3);
    }
}
