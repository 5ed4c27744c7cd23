//! `rules test`: the `test` blocks of every policy.

use std::path::PathBuf;

use clap::ValueEnum;

use super::paths::{self, Opened};
use super::progress::Progress;
use super::tested::{self, Tested};
use super::{Exit, Failure, output, watch};
use crate::language::fold;
use crate::load::RuleSet;
use crate::scenario;
use crate::text::Span;

/// Run the tests of the policies
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  rules test\n  rules test rules/+15550100.rules --filter owner")]
pub(super) struct Arguments {
    /// Files and folders; `-` is standard input [default: rules]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Run only the tests whose names contain this
    #[arg(long, value_name = "TEXT")]
    filter: Option<String>,
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
    let progress = Progress::start(&arguments.paths, |done| format!("{done} tests run"));
    let mut tested = Vec::new();
    for opened in paths::open(&arguments.paths)? {
        run_in(&opened, arguments.filter.as_deref(), &progress, &mut tested)?;
    }
    drop(progress);
    output::print(&match arguments.format {
        Format::Human => tested::human(&tested),
        Format::Json => output::json(&tested::json(&tested))?,
        Format::Junit => tested::junit(&tested),
    })?;
    Ok(Exit::found(tested.iter().any(|tested| !tested.passed())))
}

/// Runs the tests of everything that was opened.
fn run_in(
    opened: &Opened,
    filter: Option<&str>,
    progress: &Progress,
    done: &mut Vec<Tested>,
) -> Result<(), Failure> {
    let Opened { folder, .. } = opened;
    let set = RuleSet::from_folder(folder)?;
    if !folder.settings.known {
        output::tell(
            "note: there is no `inbox.toml`, so any group and user is taken to be there, without capacity\n",
        );
    }
    let quote = |file: &str, span: Span| {
        folder.files.get(file).map(|file| file.source.slice(span).to_owned()).unwrap_or_default()
    };
    let filter = filter.map(fold);
    for policy in set.policies() {
        let Some(file) = folder.files.get(&policy.file) else { continue };
        for test in &policy.tests {
            if filter.as_ref().is_none_or(|part| fold(&test.name).contains(part)) {
                let outcome = scenario::run(policy, set.inbox(), test, &quote);
                done.push(Tested::new(file, test, outcome));
                progress.step();
            }
        }
    }
    Ok(())
}
