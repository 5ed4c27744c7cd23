//! `rules test`: the `test` blocks of every policy.

use std::path::PathBuf;

use clap::ValueEnum;

use super::coverage::{self, Covered};
use super::paths::{self, Opened};
use super::progress::Progress;
use super::tested::{self, Tested};
use super::{Exit, Failure, output, watch};
use crate::language::fold;
use crate::load::RuleSet;
use crate::policy::{Policy, Test};
use crate::scenario;

/// Run the tests of the policies
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  rules test\n  rules test rules/+15550100.rules --filter owner\n  \
    rules test --coverage\n  rules test rules/default.rules --suggest >> rules/default.rules")]
pub(super) struct Arguments {
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
    format: Format,
    /// Run them again whenever the rules change
    #[arg(long)]
    watch: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
    #[value(help = "JUnit XML, for build servers")]
    Junit,
}

pub(super) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.watch { watch::again(&arguments.paths, || once(arguments)) } else { once(arguments) }
}

fn once(arguments: &Arguments) -> Result<Exit, Failure> {
    if arguments.coverage && arguments.format == Format::Junit {
        let message = "JUnit has no place for `--coverage`; leave `--format` out, or write `--format json`";
        return Err(Failure::Said(message.to_owned()));
    }
    if arguments.suggest {
        return suggest(arguments);
    }
    let progress = Progress::start(&arguments.paths, |done| format!("{done} tests run"));
    let (mut tested, mut covered) = (Vec::new(), Vec::new());
    for opened in paths::open(&arguments.paths)? {
        run_in(&opened, arguments, &progress, &mut tested, &mut covered)?;
    }
    drop(progress);
    let covered = arguments.coverage.then_some(covered);
    output::print(&match arguments.format {
        Format::Human => {
            tested::human(&tested) + &covered.as_deref().map(coverage::human).unwrap_or_default()
        }
        Format::Json => output::json(&tested::json(&tested, covered.as_deref()))?,
        Format::Junit => tested::junit(&tested),
    })?;
    Ok(Exit::found(tested.iter().any(|tested| !tested.passed())))
}

/// Runs the tests of everything that was opened.
fn run_in(
    opened: &Opened,
    arguments: &Arguments,
    progress: &Progress,
    done: &mut Vec<Tested>,
    covered: &mut Vec<Covered>,
) -> Result<(), Failure> {
    let Opened { folder, .. } = opened;
    let set = RuleSet::from_folder(folder)?;
    if arguments.coverage {
        need_inbox(opened, "--coverage")?;
    }
    if !folder.settings.known {
        output::tell(
            "note: there is no `inbox.toml`, so any group and user is taken to be there, without capacity\n",
        );
    }
    for policy in set.policies() {
        let Some(file) = folder.files.get(&policy.file) else { continue };
        let tests = asked(policy, arguments);
        for test in &tests {
            let outcome = scenario::run(policy, set.inbox(), test);
            done.push(Tested::new(file, test, outcome));
            progress.step();
        }
        if arguments.coverage {
            covered.push(Covered::new(file, scenario::coverage(policy, set.inbox(), tests)));
        }
    }
    Ok(())
}

/// Writes the tests that are missing.
fn suggest(arguments: &Arguments) -> Result<Exit, Failure> {
    let mut suggested = Vec::new();
    for opened in paths::open(&arguments.paths)? {
        let set = RuleSet::from_folder(&opened.folder)?;
        need_inbox(&opened, "--suggest")?;
        for policy in set.policies() {
            let blocks = scenario::suggest(policy, set.inbox(), asked(policy, arguments));
            suggested.push((policy.file.clone(), blocks));
        }
    }
    output::print(&coverage::suggestions(&suggested))?;
    if suggested.iter().all(|(_, blocks)| blocks.is_empty()) {
        output::tell("no test is missing: the tests show all that situations can show of the rules\n");
    }
    Ok(Exit::Clean)
}

/// The tests of `policy` that were asked for.
fn asked<'p>(policy: &'p Policy, arguments: &Arguments) -> Vec<&'p Test> {
    let filter = arguments.filter.as_deref().map(fold);
    let is_asked = |test: &&Test| filter.as_ref().is_none_or(|part| fold(&test.name).contains(part));
    policy.tests.iter().filter(is_asked).collect()
}

fn need_inbox(opened: &Opened, flag: &str) -> Result<(), Failure> {
    if opened.folder.settings.known {
        return Ok(());
    }
    Err(Failure::Said(format!(
        "`{flag}` has to know who is in which group, and there is no `inbox.toml` beside the rules"
    )))
}
