//! `rules simulate`: traffic through the rules under a virtual clock.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::paths::{is_stdin, is_typed};
use super::progress::Progress;
use super::recorded_arrivals::read_arrivals;
use super::simulate_output::{compared, human};
use super::{diff, output};
use crate::diagnostic::Sources;
use crate::language::decode;
use crate::load::RuleSet;
use crate::parallel::{self, Threads};
use crate::simulation::{SimulationComparison, SimulationReport, Traffic, default_traffic, page, simulate};
use crate::text::Source;

/// Simulate traffic through the rules: who gets the chats, and how long customers wait
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules simulate\n  \
    rules simulate --example > traffic.toml\n  \
    rules simulate --traffic traffic.toml --html simulation.html\n  \
    rules simulate --arrivals messages.jsonl --traffic traffic.toml\n  \
    rules simulate --compare git:HEAD:rules rules --traffic traffic.toml\n\n\
    The same rules, traffic and seed always give the same figures. With --compare, both versions meet the same customers, and \
    the exit code is 1 if any figure differs.")]
pub(super) struct SimulateArgs {
    /// The folder with the rules and their `inbox.toml`
    #[arg(long, value_name = "DIR", default_value = "rules", conflicts_with = "compare")]
    rules: PathBuf,
    /// Compare two versions of the rules, each a folder, a file or `git:REVISION:PATH`
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    compare: Vec<String>,
    /// The file that describes the traffic [default: that of --example]
    #[arg(long, value_name = "FILE")]
    traffic: Option<PathBuf>,
    /// Recorded messages, one situation a line as `rules route` reads them, instead of random ones; `-` is standard input
    #[arg(long, value_name = "LOG")]
    arrivals: Option<PathBuf>,
    /// The seed of random numbers
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = super::route::whole_number)]
    seed: u64,
    /// Print a complete traffic file for these rules
    #[arg(long)]
    example: bool,
    /// Also write a page with charts
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    format: SimulateFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum SimulateFormat {
    /// Tables for people
    #[default]
    Human,
    /// One JSON object
    Json,
}

pub(super) fn run(arguments: &SimulateArgs) -> Result<Exit, Failure> {
    let sets = load(arguments)?;
    let Some(first) = sets.first() else { return Ok(Exit::Clean) };
    if arguments.example {
        output::print(&default_traffic(first))?;
        return Ok(Exit::Clean);
    }
    let all: Vec<&RuleSet> = sets.iter().collect();
    let mut traffic = read_traffic(arguments.traffic.as_deref(), &all)?;
    if let Some(log) = &arguments.arrivals {
        if is_typed(log) {
            output::eprint("type situations as JSON, one a line, then press Ctrl-D\n");
        }
        traffic.recorded = Some(read_arrivals(log, first)?);
    }
    let progress = Progress::start([], |done| format!("{done} messages simulated"));
    let reports: Vec<SimulationReport> = parallel::map(Threads::All, &sets, 2, |set| {
        simulate(set, &traffic, arguments.seed, &|| progress.step())
    });
    drop(progress);
    let names = arguments.compare.as_slice();
    match (reports.as_slice(), names) {
        ([old, new], [old_name, new_name]) => {
            let comparison = SimulationComparison::new((old_name, old.clone()), (new_name, new.clone()));
            write_page(arguments, &comparison.sides.each_ref().map(|side| (&*side.name, &side.report)))?;
            output::print(&match arguments.format {
                SimulateFormat::Human => compared(&comparison, output::columns()),
                SimulateFormat::Json => output::json(&comparison)?,
            })?;
            Ok(Exit::found(!comparison.differences.is_empty()))
        }
        ([report, ..], _) => {
            write_page(arguments, &[("", report)])?;
            output::print(&match arguments.format {
                SimulateFormat::Human => human(report, output::columns()),
                SimulateFormat::Json => output::json(report)?,
            })?;
            Ok(Exit::Clean)
        }
        _ => Ok(Exit::Clean),
    }
}

/// The sets of rules: one, or the two that are compared.
fn load(arguments: &SimulateArgs) -> Result<Vec<RuleSet>, Failure> {
    if arguments.compare.is_empty() {
        return Ok(vec![RuleSet::load(&arguments.rules)?]);
    }
    arguments
        .compare
        .iter()
        .map(|side| {
            if is_stdin(Path::new(side)) {
                return Err(Failure::Message("`-` cannot be compared; name a folder or a file".to_owned()));
            }
            let folder = diff::open(side)?;
            diff::has_inbox(&folder, side)?;
            Ok(RuleSet::from_folder(&folder)?)
        })
        .collect()
}

fn read_traffic(file: Option<&Path>, sets: &[&RuleSet]) -> Result<Traffic, Failure> {
    let source = match (file, sets.first()) {
        (Some(file), _) => read_file(file)?,
        (None, Some(set)) => Source::new("traffic.toml", default_traffic(set)),
        (None, None) => Source::new("traffic.toml", ""),
    };
    let (traffic, findings) = Traffic::parse(&source, sets);
    if !findings.is_empty() {
        let sources: Sources = [source].into_iter().collect();
        return Err(Failure::Traffic { findings, sources });
    }
    Ok(traffic)
}

fn read_file(file: &Path) -> Result<Source, Failure> {
    let name = file.display().to_string();
    let bytes = fs::read(file).map_err(|error| {
        Failure::Message(match error.kind() {
            io::ErrorKind::NotFound => {
                format!("there is no file `{name}`; `--example` prints one to begin with")
            }
            io::ErrorKind::IsADirectory => format!("`{name}` is a folder; name a traffic file"),
            _ => format!("cannot read `{name}`: {error}"),
        })
    })?;
    decode(&name, &bytes).map_err(|error| Failure::Message(format!("`{name}`: {}", error.finding.message)))
}

fn write_page(arguments: &SimulateArgs, sides: &[(&str, &SimulationReport)]) -> Result<(), Failure> {
    let Some(file) = &arguments.html else { return Ok(()) };
    fs::write(file, page(sides))
        .map_err(|error| Failure::Message(format!("cannot write `{}`: {error}", file.display())))
}
