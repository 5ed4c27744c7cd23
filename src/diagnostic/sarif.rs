//! Findings as SARIF 2.1.0, which code scanning services read. The types are named as in that standard.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;

use super::source_map::SourceMap;
use super::{Code, Finding, Fix, Level, Sources};
use crate::text::Span;

/// A SARIF file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [SarifRun; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRun {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<SarifResult>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Tool {
    driver: ToolComponent,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolComponent {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<ReportingDescriptor>,
}

/// A kind of finding; SARIF calls it a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ReportingDescriptor {
    id: &'static str,
    help: MultiformatMessage,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct MultiformatMessage {
    text: &'static str,
    markdown: &'static str,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: SarifMessage,
    locations: [SarifLocation; 1],
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<SarifLocation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixes: Vec<SarifFix>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct SarifMessage {
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifLocation {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<usize>,
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<SarifMessage>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
    end_line: u32,
    end_column: u32,
    byte_offset: u32,
    byte_length: u32,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifFix {
    description: SarifMessage,
    artifact_changes: [ArtifactChange; 1],
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct ArtifactChange {
    artifact_location: ArtifactLocation,
    replacements: Vec<Replacement>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replacement {
    deleted_region: Region,
    inserted_content: SarifMessage,
}

/// A log of all `findings`; `page` returns the page that explains a code.
pub fn log(findings: &[Finding], sources: &Sources, page: impl Fn(Code) -> &'static str) -> Log {
    let map = SourceMap::new(findings, sources);
    let mut codes: BTreeMap<Code, usize> = findings.iter().map(|finding| (finding.code, 0)).collect();
    for (index, place) in codes.values_mut().enumerate() {
        *place = index;
    }
    let rules = codes.keys().map(|code| {
        let text = page(*code);
        ReportingDescriptor { id: code.name(), help: MultiformatMessage { text, markdown: text } }
    });
    let driver =
        ToolComponent { name: "rules", semantic_version: env!("CARGO_PKG_VERSION"), rules: rules.collect() };
    let results = findings.iter().map(|finding| {
        let rule_index = codes.get(&finding.code).copied().unwrap_or_default();
        result(finding, rule_index, &map)
    });
    Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [SarifRun {
            tool: Tool { driver },
            column_kind: "unicodeCodePoints",
            results: results.collect(),
        }],
    }
}

fn result(finding: &Finding, rule_index: usize, map: &SourceMap<'_>) -> SarifResult {
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let related = finding.related.iter().enumerate().map(|(id, related)| SarifLocation {
        id: Some(id),
        physical_location: physical_location(&related.file, related.span, map),
        message: Some(SarifMessage { text: related.message.clone() }),
    });
    let location = SarifLocation {
        id: None,
        physical_location: physical_location(&finding.file, finding.span, map),
        message: None,
    };
    SarifResult {
        rule_id: finding.code.name(),
        rule_index,
        level: match finding.level {
            Level::Note => "note",
            Level::Warning => "warning",
            Level::Error => "error",
        },
        message: SarifMessage { text },
        locations: [location],
        related_locations: related.collect(),
        fixes: finding.fix.iter().map(|fix| sarif_fix(fix, &finding.file, map)).collect(),
    }
}

fn sarif_fix(fix: &Fix, file: &str, map: &SourceMap<'_>) -> SarifFix {
    let replacements = fix.edits.iter().map(|edit| Replacement {
        deleted_region: region(file, edit.span, map),
        inserted_content: SarifMessage { text: edit.text.clone() },
    });
    SarifFix {
        description: SarifMessage { text: fix.title.clone() },
        artifact_changes: [ArtifactChange {
            artifact_location: ArtifactLocation { uri: uri(file) },
            replacements: replacements.collect(),
        }],
    }
}

fn physical_location(file: &str, span: Span, map: &SourceMap<'_>) -> PhysicalLocation {
    PhysicalLocation {
        artifact_location: ArtifactLocation { uri: uri(file) },
        region: region(file, span, map),
    }
}

fn region(file: &str, span: Span, map: &SourceMap<'_>) -> Region {
    let (start, end) = (map.position(file, span.start), map.position(file, span.end));
    Region {
        start_line: start.line,
        start_column: start.column,
        end_line: end.line,
        end_column: end.column,
        byte_offset: start.byte,
        byte_length: end.byte - start.byte,
    }
}

/// A path as a relative URI reference (RFC 3986).
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/+!$&'()*,;=@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::tests as sample;

    #[test]
    fn a_log() {
        let sources = sample::sources("my rules/+1 متجر.rules", "é \"Slaes\"");
        let finding = sample::finding("my rules/+1 متجر.rules", 3..10)
            .help("did you mean `Sales`?")
            .related(Span::new(10, 10), "at the end")
            .fix("write `Sales`", Span::new(3, 10), "\"Sales\"");
        let log = log(&[finding], &sources, |_| "# unknown-group");
        insta::assert_snapshot!(serde_json::to_string(&log).unwrap(), @r##"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":{"name":"rules","semanticVersion":"0.1.0","rules":[{"id":"unknown-group","help":{"text":"# unknown-group","markdown":"# unknown-group"}}]}},"columnKind":"unicodeCodePoints","results":[{"ruleId":"unknown-group","ruleIndex":0,"level":"error","message":{"text":"no group is called `Slaes`\ndid you mean `Sales`?"},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"my%20rules/+1%20%D9%85%D8%AA%D8%AC%D8%B1.rules"},"region":{"startLine":1,"startColumn":3,"endLine":1,"endColumn":10,"byteOffset":3,"byteLength":7}}}],"relatedLocations":[{"id":0,"physicalLocation":{"artifactLocation":{"uri":"my%20rules/+1%20%D9%85%D8%AA%D8%AC%D8%B1.rules"},"region":{"startLine":1,"startColumn":10,"endLine":1,"endColumn":10,"byteOffset":10,"byteLength":0}},"message":{"text":"at the end"}}],"fixes":[{"description":{"text":"write `Sales`"},"artifactChanges":[{"artifactLocation":{"uri":"my%20rules/+1%20%D9%85%D8%AA%D8%AC%D8%B1.rules"},"replacements":[{"deletedRegion":{"startLine":1,"startColumn":3,"endLine":1,"endColumn":10,"byteOffset":3,"byteLength":7},"insertedContent":{"text":"\"Sales\""}}]}]}]}]}]}"##);
    }

    #[test]
    fn nothing_found() {
        let log = log(&[], &Sources::default(), |_| "");
        assert_eq!(serde_json::to_value(log).unwrap()["runs"][0]["results"], serde_json::json!([]));
    }
}
