//! `rules check`: every finding of every file.

use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::fix::{self, FixedFile};
use super::paths::{self, LoadedPath, PathKind};
use super::progress::Progress;
use super::{output, watch};
use crate::check::explain;
use crate::diagnostic::{Finding, Level, Sources, github, human, json, junit, sarif};

/// Find mistakes in rules
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules check\n  \
    rules check rules/+15550100.rules --fix\n  \
    rules check --format github --deny warnings\n  \
    rules check --watch\n\n\
    `rules explain CODE` tells more about a finding.")]
pub(super) struct CheckArgs {
    /// Files and folders; `-` is standard input [default: rules]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// How findings are shown
    #[arg(long, value_enum, default_value_t)]
    format: CheckFormat,
    /// Turn warnings into errors
    #[arg(long, value_enum, value_name = "LEVEL")]
    deny: Option<Deny>,
    /// Apply every fix to the files
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long, conflicts_with = "format")]
    diff: bool,
    /// Check again whenever the rules change
    #[arg(long, conflicts_with_all = ["fix", "diff"])]
    watch: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum CheckFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
    #[value(help = "SARIF 2.1.0, for code scanning")]
    Sarif,
    /// Commands that GitHub shows beside the lines of a pull request
    Github,
    #[value(help = "JUnit XML, for build servers")]
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Exit with 1 where there are warnings
    Warnings,
}

pub(super) fn run(arguments: &CheckArgs) -> Result<Exit, Failure> {
    if arguments.watch { watch::again(&arguments.paths, || once(arguments)) } else { once(arguments) }
}

fn once(arguments: &CheckArgs) -> Result<Exit, Failure> {
    let progress = Progress::start(&arguments.paths, |_| "checking the rules …".to_owned());
    let mut opened = paths::open(&arguments.paths)?;
    if arguments.fix || arguments.diff {
        let changes = fix::mend(&mut opened);
        if arguments.diff {
            drop(progress);
            return show_diff(&opened, &changes);
        }
        if !changes.is_empty() && opened.iter().any(|opened| opened.asked == PathKind::Stdin) {
            return Err(Failure::Message(
                "standard input cannot be mended in place; `--diff` shows the fixes".into(),
            ));
        }
        fix::write(&changes)?;
    }
    let report = CheckReport::new(&opened, arguments.deny);
    drop(progress);
    output::print(&report.shown(arguments.format)?)?;
    Ok(Exit::found(report.findings.iter().any(|finding| finding.level == Level::Error)))
}

/// Prints the changes, for people and for `patch`.
fn show_diff(opened: &[LoadedPath], changes: &[FixedFile]) -> Result<Exit, Failure> {
    for change in changes {
        output::print(&change.diff())?;
    }
    let left = CheckReport::new(opened, None);
    let summary = human::summary(&left.findings, left.files.len());
    output::eprint(&match changes {
        [] => format!("nothing to mend; {summary}\n"),
        changes => format!("{}; then {summary}\n", fix::summary(changes)),
    });
    let errors = left.findings.iter().any(|finding| finding.level == Level::Error);
    Ok(Exit::found(errors || !changes.is_empty()))
}

/// What was found in everything that was asked for.
struct CheckReport {
    findings: Vec<Finding>,
    sources: Sources,
    files: BTreeSet<Arc<str>>,
}

impl CheckReport {
    fn new(opened: &[LoadedPath], deny: Option<Deny>) -> Self {
        let mut findings: Vec<Finding> = opened.iter().flat_map(LoadedPath::findings).collect();
        // Two files may have an `inbox.toml` in common, and what they use.
        findings.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
        findings.dedup();
        if deny == Some(Deny::Warnings) {
            for finding in findings.iter_mut().filter(|finding| finding.level == Level::Warning) {
                finding.level = Level::Error;
            }
        }
        Self {
            findings,
            sources: opened.iter().flat_map(LoadedPath::sources).cloned().collect(),
            files: opened.iter().flat_map(LoadedPath::file_names).collect(),
        }
    }

    fn shown(&self, format: CheckFormat) -> Result<String, Failure> {
        let Self { findings, sources, files } = self;
        Ok(match format {
            CheckFormat::Human => {
                let shown = human::render(findings, sources, output::style(&io::stdout()));
                format!("{shown}{}\n", human::summary(findings, files.len()))
            }
            CheckFormat::Json => output::json(&json::report(findings, sources, files.len()))?,
            CheckFormat::Sarif => output::json(&sarif::log(findings, sources, explain))?,
            CheckFormat::Github => github::commands(findings, sources),
            CheckFormat::Junit => junit::report(findings, sources, files.iter().map(|file| &**file)),
        })
    }
}
