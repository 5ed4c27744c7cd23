//! `rules test`: the `test` blocks of every policy.

use std::path::PathBuf;

use clap::ValueEnum;

use super::coverage_report::{self, PolicyCoverage};
use super::exit::{Exit, Failure};
use super::paths::{self, LoadedPath};
use super::progress::Progress;
use super::test_report::{self, TestRun};
use super::{output, watch};
use crate::language::fold;
use crate::load::RuleSet;
use crate::policy::{Policy, Test};
use crate::scenario;

/// Run the tests of the policies
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  rules test\n  rules test rules/+15550100.rules --filter owner\n  \
    rules test --coverage\n  rules test rules/default.rules --suggest >> rules/default.rules")]
pub(super) struct TestArgs {
    /// Files and folders; `-` is standard input [default: rules]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Run only the tests whose names contain this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
    /// Tell what the tests never show: rules that never fire, parts of conditions that never decide
    #[arg(long)]
    coverage: bool,
    /// Write the tests that would show it
    #[arg(long, conflicts_with_all = ["coverage", "format", "watch"])]
    suggest: bool,
    /// How the outcome is shown
    #[arg(long, value_enum, default_value_t)]
    format: TestFormat,
    /// Run them again whenever the rules change
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
    if arguments.watch { watch::again(&arguments.paths, || once(arguments)) } else { once(arguments) }
}

fn once(arguments: &TestArgs) -> Result<Exit, Failure> {
    if arguments.coverage && arguments.format == TestFormat::Junit {
        let message = "JUnit has no place for `--coverage`; leave `--format` out, or write `--format json`";
        return Err(Failure::Message(message.to_owned()));
    }
    if arguments.suggest {
        return suggest(arguments);
    }
    let progress = Progress::start(&arguments.paths, |done| format!("{done} tests run"));
    let (mut runs, mut coverage) = (Vec::new(), Vec::new());
    for opened in paths::open(&arguments.paths)? {
        run_in(&opened, arguments, &progress, &mut runs, &mut coverage)?;
    }
    drop(progress);
    let coverage = arguments.coverage.then_some(coverage);
    output::print(&match arguments.format {
        TestFormat::Human => {
            test_report::human(&runs) + &coverage.as_deref().map(coverage_report::human).unwrap_or_default()
        }
        TestFormat::Json => output::json(&test_report::json(&runs, coverage.as_deref()))?,
        TestFormat::Junit => test_report::junit(&runs),
    })?;
    Ok(Exit::found(runs.iter().any(|runs| !runs.passed())))
}

/// Runs the tests of everything that was opened.
fn run_in(
    opened: &LoadedPath,
    arguments: &TestArgs,
    progress: &Progress,
    done: &mut Vec<TestRun>,
    coverage: &mut Vec<PolicyCoverage>,
) -> Result<(), Failure> {
    let LoadedPath { folder, .. } = opened;
    let set = RuleSet::from_folder(folder)?;
    if arguments.coverage {
        need_inbox(opened, "--coverage")?;
    }
    if folder.inbox.is_inferred {
        output::eprint(
            "note: there is no `inbox.toml`, so any group and user is taken to be there, without capacity\n",
        );
    }
    for policy in set.policies() {
        let Some(file) = folder.files.get(&policy.file) else { continue };
        let tests = asked(policy, arguments);
        for test in &tests {
            let outcome = scenario::run(policy, set.inbox(), test);
            done.push(TestRun::new(file, test, outcome));
            progress.step();
        }
        if arguments.coverage {
            coverage.push(PolicyCoverage::new(file, scenario::coverage(policy, set.inbox(), tests)));
        }
    }
    Ok(())
}

/// Writes the tests that are missing.
fn suggest(arguments: &TestArgs) -> Result<Exit, Failure> {
    let mut suggested = Vec::new();
    for opened in paths::open(&arguments.paths)? {
        let set = RuleSet::from_folder(&opened.folder)?;
        need_inbox(&opened, "--suggest")?;
        for policy in set.policies() {
            let blocks = scenario::suggest(policy, set.inbox(), asked(policy, arguments));
            suggested.push((policy.file.clone(), blocks));
        }
    }
    output::print(&coverage_report::suggestions(&suggested))?;
    if suggested.iter().all(|(_, blocks)| blocks.is_empty()) {
        output::eprint("no test is missing: the tests show all that situations can show of the rules\n");
    }
    Ok(Exit::Clean)
}

/// The tests of `policy` that were asked for.
fn asked<'p>(policy: &'p Policy, arguments: &TestArgs) -> Vec<&'p Test> {
    let filter = arguments.filter.as_deref().map(fold);
    let is_asked = |test: &&Test| filter.as_ref().is_none_or(|part| fold(&test.name).contains(part));
    policy.tests.iter().filter(is_asked).collect()
}

fn need_inbox(opened: &LoadedPath, flag: &str) -> Result<(), Failure> {
    if !opened.folder.inbox.is_inferred {
        return Ok(());
    }
    Err(Failure::Message(format!(
        "`{flag}` has to know who is in which group, and there is no `inbox.toml` beside the rules"
    )))
}
