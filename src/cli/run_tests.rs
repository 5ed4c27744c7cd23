//! `rules test`: runs the `test` blocks of every policy.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use clap::ValueEnum;

use super::coverage_report::{self, PolicyCoverage};
use super::exit::{Exit, Failure};
use super::paths::{self, LoadedPath};
use super::progress::Progress;
use super::test_report::{self, TestName};
use super::{output, watch};
use crate::language::fold;
use crate::load::RuleSet;
use crate::policy::{Policy, Test};
use crate::scenario::{self, TestOutcome};

/// Run the tests in the rules
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  rules test\n  rules test rules/+15550100.rules --filter owner\n  \
    rules test --coverage\n  rules test rules/default.rules --suggest >> rules/default.rules")]
pub(super) struct TestArgs {
    /// Files and folders to test; `-` is standard input [default: rules]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Run only the tests whose names contain this text
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Show what the tests do not cover: rules that never fire, and parts of conditions that never make the difference
    #[arg(long)]
    coverage: bool,
    /// Print tests that would cover it
    #[arg(long, conflicts_with_all = ["coverage", "format", "watch"])]
    suggest: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    format: TestFormat,
    /// Run the tests again whenever the rules change
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum TestFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
    #[value(help = "JUnit XML, for build servers")]
    Junit,
}

pub(super) fn run(arguments: &TestArgs) -> Result<Exit, Failure> {
    if !arguments.watch {
        return once(arguments).map(|(exit, _)| exit);
    }
    let known = RefCell::new(BTreeSet::new());
    watch::again(&arguments.paths, || {
        let (exit, names) = once(arguments)?;
        let before = known.replace(names.clone());
        let lost: Vec<&TestName> = before.difference(&names).collect();
        if !lost.is_empty() {
            output::eprint(&test_report::lost(&lost));
        }
        Ok(exit)
    })
}

/// Runs the tests; also the names of those that were run.
fn once(arguments: &TestArgs) -> Result<(Exit, BTreeSet<TestName>), Failure> {
    if arguments.coverage && arguments.format == TestFormat::Junit {
        let message = "`--format junit` cannot show the coverage; omit `--format`, or use `--format json`";
        return Err(Failure::Message(message.to_owned()));
    }
    if arguments.suggest {
        return Ok((suggest(arguments)?, BTreeSet::new()));
    }
    let progress = Progress::start(&arguments.paths, |done| format!("{done} tests run"));
    let (mut runs, mut coverage) = (Vec::new(), Vec::new());
    for path in paths::load(&arguments.paths)? {
        run_in(&path, arguments, &progress, &mut runs, &mut coverage)?;
    }
    drop(progress);
    let coverage = arguments.coverage.then_some(coverage);
    let exit = Exit::found(runs.iter().any(|run| !run.passed));
    let names = runs.iter().map(|run| (Arc::clone(&run.file), Arc::clone(&run.name))).collect();
    output::print(&match arguments.format {
        TestFormat::Human => {
            test_report::human(&runs) + &coverage.as_deref().map(coverage_report::human).unwrap_or_default()
        }
        TestFormat::Json => output::json(&test_report::json(runs, coverage.as_deref()))?,
        TestFormat::Junit => test_report::junit(&runs),
    })?;
    Ok((exit, names))
}

/// Runs the tests of a path, and measures their coverage if it was requested.
fn run_in(
    path: &LoadedPath,
    arguments: &TestArgs,
    progress: &Progress,
    done: &mut Vec<TestOutcome>,
    coverage: &mut Vec<PolicyCoverage>,
) -> Result<(), Failure> {
    let LoadedPath { folder, .. } = path;
    let set = RuleSet::from_folder(folder)?;
    if arguments.coverage {
        require_inbox(path, "--coverage")?;
    }
    if folder.inbox.is_inferred {
        output::eprint(
            "note: there is no `inbox.toml`, so every group and user is assumed to exist, without a capacity\n",
        );
    }
    for policy in set.policies() {
        let Some(file) = folder.files.get(&policy.file) else { continue };
        let tests = selected(policy, arguments);
        for test in &tests {
            let result = scenario::run(policy, set.inbox(), test);
            done.push(TestOutcome::new(file, test, result));
            progress.step();
        }
        if arguments.coverage {
            coverage.push(PolicyCoverage::new(file, scenario::coverage(policy, set.inbox(), tests)));
        }
    }
    Ok(())
}

/// Prints the missing tests.
fn suggest(arguments: &TestArgs) -> Result<Exit, Failure> {
    let mut suggested = Vec::new();
    for path in paths::load(&arguments.paths)? {
        let set = RuleSet::from_folder(&path.folder)?;
        require_inbox(&path, "--suggest")?;
        for policy in set.policies() {
            let blocks = scenario::suggest(policy, set.inbox(), selected(policy, arguments));
            suggested.push((policy.file.clone(), blocks));
        }
    }
    output::print(&coverage_report::suggestions(&suggested))?;
    if suggested.iter().all(|(_, blocks)| blocks.is_empty()) {
        output::eprint("no test is missing: the tests cover everything that can happen under the rules\n");
    }
    Ok(Exit::Clean)
}

/// The tests of `policy` that match `--filter`.
fn selected<'p>(policy: &'p Policy, arguments: &TestArgs) -> Vec<&'p Test> {
    let filter = arguments.filter.as_deref().map(fold);
    let is_selected = |test: &&Test| filter.as_ref().is_none_or(|part| fold(&test.name).contains(part));
    policy.tests.iter().filter(is_selected).collect()
}

fn require_inbox(path: &LoadedPath, flag: &str) -> Result<(), Failure> {
    if !path.folder.inbox.is_inferred {
        return Ok(());
    }
    Err(Failure::Message(format!(
        "`{flag}` needs to know who is in which group, but there is no `inbox.toml` beside the rules"
    )))
}
