//! Renders the coverage of policies by their tests, and the tests that are missing.

use std::fmt::Write;
use std::sync::Arc;

use clap::builder::styling::AnsiColor;
use serde::Serialize;

use super::output;
use crate::diagnostic::printable;
use crate::policy::RuleFile;
use crate::scenario::{Coverage, Tally, Uncovered};

/// The coverage of a policy by its tests.
pub(super) struct PolicyCoverage {
    file: Arc<str>,
    rules: Tally,
    parts: Tally,
    /// Each gap with its line.
    missed: Vec<(u32, Uncovered)>,
    unsettled: Vec<(u32, Uncovered)>,
}

impl PolicyCoverage {
    /// The coverage of the policy in `file`.
    pub(super) fn new(file: &RuleFile, coverage: Coverage) -> Self {
        let with_lines = |missed: Vec<Uncovered>| {
            missed.into_iter().map(|missed| (file.lines().line(missed.span.start), missed)).collect()
        };
        Self {
            file: Arc::clone(&file.source.name),
            rules: coverage.rules,
            parts: coverage.parts,
            missed: with_lines(coverage.uncovered),
            unsettled: with_lines(coverage.unsettled),
        }
    }
}

/// The counts for each policy, followed by what no test covers.
pub(super) fn human(covered: &[PolicyCoverage]) -> String {
    let mut text = String::new();
    for policy in covered {
        let PolicyCoverage { file, rules, parts, missed, unsettled } = policy;
        let counts = format!("{} rules fire, {} parts of conditions decide", ratio(*rules), ratio(*parts));
        let colour = if missed.is_empty() { AnsiColor::Green } else { AnsiColor::Yellow };
        let _ = writeln!(text, "\n{}: {}", printable(file), output::painted(&counts, colour));
        for (line, Uncovered { what, .. }) in missed.iter().chain(unsettled) {
            let _ = writeln!(text, "  {}", printable(&format!("{file}:{line}  {what}")));
        }
    }
    if covered.iter().any(|covered| !covered.missed.is_empty()) {
        text += "\n`rules test --suggest` writes tests for what is not covered\n";
    }
    text
}

fn ratio(Tally { covered, coverable }: Tally) -> String {
    format!("{covered} of {coverable}")
}

#[derive(Serialize)]
pub(super) struct CoverageReport<'a> {
    policies: Vec<PolicyJson<'a>>,
}

#[derive(Serialize)]
struct PolicyJson<'a> {
    file: &'a str,
    rules: TallyJson,
    parts: TallyJson,
    missed: Vec<MissedJson<'a>>,
    unsettled: Vec<MissedJson<'a>>,
}

#[derive(Serialize)]
struct TallyJson {
    covered: usize,
    coverable: usize,
}

/// `start` and `end` are byte offsets in the file.
#[derive(Serialize)]
struct MissedJson<'a> {
    line: u32,
    start: u32,
    end: u32,
    what: &'a str,
}

/// `{"policies": […]}`
pub(super) fn json(covered: &[PolicyCoverage]) -> CoverageReport<'_> {
    let tally = |Tally { covered, coverable }| TallyJson { covered, coverable };
    let policies = covered.iter().map(|policy| PolicyJson {
        file: &policy.file,
        rules: tally(policy.rules),
        parts: tally(policy.parts),
        missed: policy.missed.iter().map(missed_json).collect(),
        unsettled: policy.unsettled.iter().map(missed_json).collect(),
    });
    CoverageReport { policies: policies.collect() }
}

fn missed_json((line, missed): &(u32, Uncovered)) -> MissedJson<'_> {
    MissedJson { line: *line, start: missed.span.start, end: missed.span.end, what: &missed.what }
}

/// The missing tests. If there are several policies, the name of each is written above its tests.
pub(super) fn suggestions(suggested: &[(Arc<str>, Vec<String>)]) -> String {
    let is_one = suggested.len() == 1;
    let missing = suggested.iter().filter(|(_, blocks)| !blocks.is_empty());
    let policies = missing.map(|(policy, blocks)| {
        let blocks = blocks.join("\n");
        if is_one { blocks } else { format!("# {}\n\n{blocks}", printable(policy)) }
    });
    policies.collect::<Vec<_>>().join("\n")
}
