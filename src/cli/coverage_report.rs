//! What the tests of policies show of them, told; and the missing tests, written.

use std::fmt::Write;
use std::sync::Arc;

use clap::builder::styling::AnsiColor;
use serde::Serialize;

use super::output;
use crate::diagnostic::printable;
use crate::policy::RuleFile;
use crate::scenario::{Coverage, Tally, Uncovered};

/// A policy, and what its tests show of it.
pub(super) struct PolicyCoverage {
    file: Arc<str>,
    rules: Tally,
    parts: Tally,
    /// Each with its line.
    missed: Vec<(u32, Uncovered)>,
    unsettled: Vec<(u32, Uncovered)>,
}

impl PolicyCoverage {
    /// The policy of `file` with that coverage.
    pub(super) fn new(file: &RuleFile, coverage: Coverage) -> Self {
        let lined = |missed: Vec<Uncovered>| {
            missed.into_iter().map(|missed| (file.lines().line(missed.span.start), missed)).collect()
        };
        Self {
            file: Arc::clone(&file.source.name),
            rules: coverage.rules,
            parts: coverage.parts,
            missed: lined(coverage.uncovered),
            unsettled: lined(coverage.unsettled),
        }
    }
}

/// Each policy with its counts, and below it what no test shows.
pub(super) fn human(covered: &[PolicyCoverage]) -> String {
    let mut text = String::new();
    for one in covered {
        let PolicyCoverage { file, rules, parts, .. } = one;
        let counts = format!("rules fired {}, parts {}", of(*rules), of(*parts));
        let colour = if one.missed.is_empty() { AnsiColor::Green } else { AnsiColor::Yellow };
        let _ = writeln!(text, "\n{}: {}", printable(file), output::painted(&counts, colour));
        for (line, Uncovered { what, .. }) in one.missed.iter().chain(&one.unsettled) {
            let _ = writeln!(text, "  {}", printable(&format!("{file}:{line}  {what}")));
        }
    }
    if covered.iter().any(|covered| !covered.missed.is_empty()) {
        text += "\n`rules test --suggest` writes tests for what is missed\n";
    }
    text
}

fn of(Tally { covered, coverable }: Tally) -> String {
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

/// `start` and `end` count bytes of the file.
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
    let policies = covered.iter().map(|one| PolicyJson {
        file: &one.file,
        rules: tally(one.rules),
        parts: tally(one.parts),
        missed: one.missed.iter().map(missed_json).collect(),
        unsettled: one.unsettled.iter().map(missed_json).collect(),
    });
    CoverageReport { policies: policies.collect() }
}

fn missed_json((line, missed): &(u32, Uncovered)) -> MissedJson<'_> {
    MissedJson { line: *line, start: missed.span.start, end: missed.span.end, what: &missed.what }
}

/// The tests that are missing, under the names of their policies where there are several.
pub(super) fn suggestions(suggested: &[(Arc<str>, Vec<String>)]) -> String {
    let is_one = suggested.len() == 1;
    let missing = suggested.iter().filter(|(_, blocks)| !blocks.is_empty());
    let policies = missing.map(|(policy, blocks)| {
        let blocks = blocks.join("\n");
        if is_one { blocks } else { format!("# {}\n\n{blocks}", printable(policy)) }
    });
    policies.collect::<Vec<_>>().join("\n")
}
