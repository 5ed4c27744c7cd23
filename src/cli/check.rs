//! `rules check`: finds the mistakes in every file.

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
use crate::diagnostic::{Finding, Level, Sources, github, gitlab, human, json, junit, sarif, short};

/// Find mistakes in the rules
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules check\n  \
    rules check rules/+15550100.rules --fix\n  \
    rules check --format github --deny warnings\n  \
    rules check --watch\n\n\
    `rules explain CODE` explains a finding.")]
pub(super) struct CheckArgs {
    /// Files and folders to check; `-` is standard input [default: rules]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    format: CheckFormat,
    /// Turn warnings into errors
    #[arg(long, value_enum, value_name = "LEVEL")]
    deny: Option<Deny>,
    /// Fix the files wherever there is only one way to fix them
    ///
    /// A file is written whole or not at all, and keeps its permissions, line endings and symbolic links. One that has
    /// changed or gone since it was read is left alone; the exit code is then 1.
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, without changing it
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
    /// One line for each finding, as `file:line:column: error: …`
    Short,
    /// One JSON object
    Json,
    #[value(help = "SARIF 2.1.0, for code scanning")]
    Sarif,
    /// Annotations on the lines of a GitHub pull request
    Github,
    /// A Code Quality report, for GitLab merge requests
    Gitlab,
    #[value(help = "JUnit XML, for build servers")]
    Junit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings count as errors, so the exit code is 1
    Warnings,
}

pub(super) fn run(arguments: &CheckArgs) -> Result<Exit, Failure> {
    if arguments.watch { watch::again(&arguments.paths, || once(arguments)) } else { once(arguments) }
}

fn once(arguments: &CheckArgs) -> Result<Exit, Failure> {
    let progress = Progress::start(&arguments.paths, |_| "checking the rules …".to_owned());
    let mut loaded = paths::load(&arguments.paths)?;
    let mut all_written = true;
    if arguments.fix || arguments.diff {
        let fixed = fix::fix_all(&mut loaded);
        if arguments.diff {
            drop(progress);
            return show_diff(&loaded, &fixed);
        }
        if !fixed.is_empty() && loaded.iter().any(|path| path.kind == PathKind::Stdin) {
            return Err(Failure::Message(
                "`--fix` cannot change standard input; use `--diff` to see the fixes".into(),
            ));
        }
        all_written = fix::write(&fixed)?;
        if !all_written {
            loaded = paths::load(&arguments.paths)?;
        }
    }
    let report = CheckReport::new(&loaded, arguments.deny);
    drop(progress);
    output::print(&report.render(arguments.format)?)?;
    Ok(Exit::found(!all_written || report.findings.iter().any(|finding| finding.level == Level::Error)))
}

/// Prints the changes as unified diffs, and what would remain.
fn show_diff(loaded: &[LoadedPath], fixed: &[FixedFile]) -> Result<Exit, Failure> {
    for file in fixed {
        output::print(&file.diff())?;
    }
    let remaining = CheckReport::new(loaded, None);
    let summary = human::summary(&remaining.findings, remaining.files.len());
    output::eprint(&match fixed {
        [] => format!("nothing to fix; {summary}\n"),
        fixed => format!("{}; then {summary}\n", fix::summary(fixed)),
    });
    let errors = remaining.findings.iter().any(|finding| finding.level == Level::Error);
    Ok(Exit::found(errors || !fixed.is_empty()))
}

/// The findings of a check, and the files that were checked.
struct CheckReport {
    findings: Vec<Finding>,
    sources: Sources,
    files: BTreeSet<Arc<str>>,
}

impl CheckReport {
    fn new(loaded: &[LoadedPath], deny: Option<Deny>) -> Self {
        let mut findings: Vec<Finding> = loaded.iter().flat_map(LoadedPath::findings).collect();
        // Two paths may share an `inbox.toml` and the files that they use.
        findings.sort_by(|a, b| (&a.file, a.span, a.code).cmp(&(&b.file, b.span, b.code)));
        findings.dedup();
        if deny == Some(Deny::Warnings) {
            for finding in findings.iter_mut().filter(|finding| finding.level == Level::Warning) {
                finding.level = Level::Error;
            }
        }
        Self {
            findings,
            sources: loaded.iter().flat_map(LoadedPath::sources).cloned().collect(),
            files: loaded.iter().flat_map(LoadedPath::file_names).collect(),
        }
    }

    fn render(&self, format: CheckFormat) -> Result<String, Failure> {
        let Self { findings, sources, files } = self;
        Ok(match format {
            CheckFormat::Human => {
                let rendered = human::report(findings, sources, output::style(&io::stdout()));
                format!("{rendered}{}\n", human::summary(findings, files.len()))
            }
            CheckFormat::Short => short::lines(findings, sources),
            CheckFormat::Json => output::json(&json::report(findings, sources, files.len()))?,
            CheckFormat::Sarif => output::json(&sarif::log(findings, sources, explain))?,
            CheckFormat::Github => github::commands(findings, sources),
            CheckFormat::Gitlab => output::json(&gitlab::issues(findings, sources))?,
            CheckFormat::Junit => junit::report(findings, sources, files.iter().map(|file| &**file)),
        })
    }
}
