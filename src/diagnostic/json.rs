//! Findings as JSON, for `rules check --format json` and for programs.

use schemars::JsonSchema;
use serde::Serialize;

use super::source_map::SourceMap;
use super::{Edit, Finding, Fix, Level, Sources};
use crate::text::{Position, Span};

/// The findings of a check.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(title = "findings")]
pub struct JsonReport {
    /// The findings, by file and place.
    pub findings: Vec<FindingJson>,
    /// How many files were read.
    pub files: usize,
    /// How many more findings there are: of a file, the first thousand are shown, and then one that says so.
    pub left_out: usize,
}

/// One thing that is wrong, or worth a look.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[schemars(rename = "Finding")]
pub struct FindingJson {
    /// The stable kebab-case name, such as `unknown-group`; `rules explain` explains it.
    pub code: String,
    /// How much it matters.
    pub level: LevelJson,
    /// The path of the file.
    pub file: String,
    /// Where it begins.
    pub start: Position,
    /// Where it ends, exclusive.
    pub end: Position,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
    /// Other places that help to explain it.
    pub related: Vec<RelatedJson>,
    /// An example situation, as `rules route` reads it.
    pub situation: Option<serde_json::Value>,
    /// The fix, where only one is possible.
    pub fix: Option<FixJson>,
}

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Level")]
pub enum LevelJson {
    /// Worth knowing.
    Note,
    /// Probably not what was meant.
    Warning,
    /// Must be fixed.
    Error,
}

/// Another place that helps to explain a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Related")]
pub struct RelatedJson {
    /// The path of the file.
    pub file: String,
    /// Where it begins.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
    /// How that place is related.
    pub message: String,
}

/// A change to the file that fixes a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Fix")]
pub struct FixJson {
    /// What it does.
    pub title: String,
    /// Replacements in the finding's file, which do not overlap.
    pub edits: Vec<EditJson>,
}

/// A replacement of one span of text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "Edit")]
pub struct EditJson {
    /// The first byte to replace, from 0.
    pub start: u32,
    /// The byte after the last one to replace.
    pub end: u32,
    /// The text to write there.
    pub text: String,
}

/// The findings of a check of `files` files.
pub fn report(findings: &[Finding], sources: &Sources, files: usize) -> JsonReport {
    let map = SourceMap::new(findings, sources);
    JsonReport {
        findings: findings.iter().map(|finding| one(finding, &map)).collect(),
        files,
        left_out: findings.iter().map(|finding| finding.left_out).sum(),
    }
}

fn one(finding: &Finding, map: &SourceMap<'_>) -> FindingJson {
    let (start, end) = ends(map, &finding.file, finding.span);
    let related = finding.related.iter().map(|related| {
        let (start, end) = ends(map, &related.file, related.span);
        RelatedJson { file: related.file.to_string(), start, end, message: related.message.clone() }
    });
    FindingJson {
        code: finding.code.name().to_owned(),
        level: finding.level.into(),
        file: finding.file.to_string(),
        start,
        end,
        message: finding.message.clone(),
        help: finding.help.clone(),
        related: related.collect(),
        situation: finding.situation.clone(),
        fix: finding.fix.as_ref().map(FixJson::from),
    }
}

fn ends(map: &SourceMap<'_>, file: &str, span: Span) -> (Position, Position) {
    (map.position(file, span.start), map.position(file, span.end))
}

impl From<Level> for LevelJson {
    fn from(level: Level) -> Self {
        match level {
            Level::Note => Self::Note,
            Level::Warning => Self::Warning,
            Level::Error => Self::Error,
        }
    }
}

impl From<&Fix> for FixJson {
    fn from(fix: &Fix) -> Self {
        Self { title: fix.title.clone(), edits: fix.edits.iter().map(EditJson::from).collect() }
    }
}

impl From<&Edit> for EditJson {
    fn from(edit: &Edit) -> Self {
        Self { start: edit.span.start, end: edit.span.end, text: edit.text.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::tests as sample;

    fn check(findings: &[Finding], sources: &Sources) -> String {
        serde_json::to_string_pretty(&report(findings, sources, 3)).unwrap()
    }

    #[test]
    fn a_finding_after_arabic_text() {
        let sources =
            sample::sources("a.rules", "when message is \"مرحبا\": assign group \"Slaes\" by random");
        let finding = sample::finding("a.rules", 43..50).help("did you mean `Sales`?").fix(
            "write `Sales`",
            Span::new(43, 50),
            "\"Sales\"",
        );
        insta::assert_snapshot!(check(&[finding], &sources), @r#"
        {
          "findings": [
            {
              "code": "unknown-group",
              "level": "error",
              "file": "a.rules",
              "start": {
                "line": 1,
                "column": 39,
                "byte": 43
              },
              "end": {
                "line": 1,
                "column": 46,
                "byte": 50
              },
              "message": "no group is called `Slaes`",
              "help": "did you mean `Sales`?",
              "related": [],
              "situation": null,
              "fix": {
                "title": "write `Sales`",
                "edits": [
                  {
                    "start": 43,
                    "end": 50,
                    "text": "\"Sales\""
                  }
                ]
              }
            }
          ],
          "files": 3,
          "left_out": 0
        }
        "#);
    }

    #[test]
    fn a_file_that_could_not_be_read() {
        let finding = sample::finding("gone.rules", 0..0);
        insta::assert_snapshot!(check(&[finding], &Sources::default()), @r#"
        {
          "findings": [
            {
              "code": "unknown-group",
              "level": "error",
              "file": "gone.rules",
              "start": {
                "line": 1,
                "column": 1,
                "byte": 0
              },
              "end": {
                "line": 1,
                "column": 1,
                "byte": 0
              },
              "message": "no group is called `Slaes`",
              "help": null,
              "related": [],
              "situation": null,
              "fix": null
            }
          ],
          "files": 3,
          "left_out": 0
        }
        "#);
    }

    #[test]
    fn at_the_end_of_the_file() {
        let sources = sample::sources("a.rules", "é\r\n");
        let report = report(&[sample::finding("a.rules", 4..4)], &sources, 1);
        assert_eq!(report.findings[0].start, Position { line: 2, column: 1, byte: 4 });
        assert_eq!(report.findings[0].end, Position { line: 2, column: 1, byte: 4 });
    }
}
