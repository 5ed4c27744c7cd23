//! `rules simulate`: traffic through the rules under a virtual clock.

use std::cell::Cell;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::paths::is_stdin;
use super::progress::Progress;
use super::recorded_arrivals::read_arrivals;
use super::simulate_output::{compared, human};
use super::{diff, output};
use crate::diagnostic::Sources;
use crate::language::decode;
use crate::load::RuleSet;
use crate::parallel::{self, Threads};
use crate::simulation::{
    SimulationComparison, SimulationProgress, SimulationReport, Traffic, default_traffic, grouped, page,
    simulate,
};
use crate::text::{MAX_FILE_SIZE, Source};

/// Simulate traffic through the rules: who gets the chats, and how long customers wait
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules simulate\n  \
    rules simulate --example > traffic.toml\n  \
    rules simulate --traffic traffic.toml --html simulation.html\n  \
    rules simulate --arrivals messages.jsonl --traffic traffic.toml\n  \
    rules simulate --compare git:HEAD:rules rules --traffic traffic.toml\n\n\
    The same rules, traffic and seed always give the same figures. With --compare, both versions get the same messages from \
    the same customers, and the exit code is 1 if any figure differs.")]
pub(super) struct SimulateArgs {
    /// The rules with their `inbox.toml`: a folder, a file or `git:REVISION:PATH`
    #[arg(long, value_name = "DIR", default_value = "rules", conflicts_with = "compare")]
    rules: String,
    /// Compare two versions of the rules, each a folder, a file or `git:REVISION:PATH`
    #[arg(long, num_args = 2, value_names = ["OLD", "NEW"])]
    compare: Vec<String>,
    /// The traffic file; `-` is standard input [default: the one that --example prints]
    #[arg(long, value_name = "FILE")]
    traffic: Option<PathBuf>,
    /// Use recorded messages instead of random ones: the log of a host, or one situation per line, as `rules route` reads them; `-`
    /// is standard input
    #[arg(long, value_name = "LOG")]
    arrivals: Option<PathBuf>,
    /// The seed of the random numbers
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
    check_paths(arguments)?;
    let sets = load(arguments)?;
    let Some(first) = sets.first() else { return Ok(Exit::Clean) };
    if arguments.example {
        output::print(&default_traffic(first))?;
        return Ok(Exit::Clean);
    }
    let all: Vec<&RuleSet> = sets.iter().collect();
    let mut traffic = read_traffic(arguments.traffic.as_deref(), &all)?;
    if let Some(log) = &arguments.arrivals {
        let recorded = read_arrivals(log, &sets)?;
        output::eprint(&recorded.left_out);
        traffic.recorded = Some(recorded.arrivals);
    }
    let reports = simulate_all(&sets, &traffic, arguments.seed);
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
            write_page(arguments, &[(&arguments.rules, report)])?;
            output::print(&match arguments.format {
                SimulateFormat::Human => human(report, output::columns()),
                SimulateFormat::Json => output::json(report)?,
            })?;
            Ok(Exit::Clean)
        }
        _ => Ok(Exit::Clean),
    }
}

/// Simulates the traffic through each version of the rules, with a progress line.
fn simulate_all(sets: &[RuleSet], traffic: &Traffic, seed: u64) -> Vec<SimulationReport> {
    let [days, messages] = [(); 2].map(|()| Arc::new(AtomicU64::new(0)));
    let (all_days, all_messages) = (Arc::clone(&days), Arc::clone(&messages));
    let progress = Progress::start([], move |done| {
        let days = all_days.load(Ordering::Relaxed);
        let percent = (done * 100).checked_div(days).unwrap_or_default();
        let messages = grouped(all_messages.load(Ordering::Relaxed));
        format!("{percent} % simulated: {} of {} days, {messages} messages", grouped(done), grouped(days))
    });
    let count = sets.len() as u64;
    parallel::map(Threads::All, sets, 2, |set| {
        let counted = Cell::new(0);
        let on_day = |now: SimulationProgress| {
            days.store(u64::from(now.days) * count, Ordering::Relaxed);
            messages.fetch_add(now.messages - counted.replace(now.messages), Ordering::Relaxed);
            progress.step();
        };
        simulate(set, traffic, seed, &on_day)
    })
}

/// The versions of the rules: one, or the two that are compared.
fn load(arguments: &SimulateArgs) -> Result<Vec<RuleSet>, Failure> {
    sides(arguments).map(diff::rule_set).collect()
}

/// The rules as they were named.
fn sides(arguments: &SimulateArgs) -> impl Iterator<Item = &str> {
    let rules = arguments.compare.is_empty().then_some(&arguments.rules);
    rules.into_iter().chain(&arguments.compare).map(String::as_str)
}

/// Refuses to read standard input twice, and to replace what was read by the page.
fn check_paths(arguments: &SimulateArgs) -> Result<(), Failure> {
    let message = |text: String| Err(Failure::Message(text));
    if sides(arguments).any(|side| is_stdin(Path::new(side))) {
        return message("rules cannot be read from `-`; name a folder or a file".to_owned());
    }
    let inputs = || arguments.traffic.iter().chain(&arguments.arrivals);
    if inputs().filter(|input| is_stdin(input)).count() > 1 {
        let text =
            "only one of `--traffic` and `--arrivals` can be standard input; name a file for the other";
        return message(text.to_owned());
    }
    let Some(html) = &arguments.html else { return Ok(()) };
    // A file that does not exist is not replaced.
    let Ok(page) = html.canonicalize() else { return Ok(()) };
    let is_page = |input: &Path| input.canonicalize().is_ok_and(|input| input == page);
    let is_rule_file = |side: &str| {
        let is_inside = Path::new(side).canonicalize().is_ok_and(|side| page.starts_with(side));
        is_inside && page.extension().is_some_and(|extension| extension == "rules" || extension == "toml")
    };
    if inputs().any(|input| is_page(input)) || sides(arguments).any(is_rule_file) {
        return message(format!("`--html {}` would replace a file that is read", html.display()));
    }
    Ok(())
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
    let name = if is_stdin(file) { "stdin".to_owned() } else { file.display().to_string() };
    let bytes = read_bytes(file).map_err(|error| {
        Failure::Message(match error.kind() {
            io::ErrorKind::NotFound => {
                format!("there is no file `{name}`; `--example` prints one to start from")
            }
            io::ErrorKind::IsADirectory => format!("`{name}` is a folder; name a traffic file"),
            _ => format!("cannot read `{name}`: {error}"),
        })
    })?;
    if bytes.len() > MAX_FILE_SIZE {
        return Err(Failure::Message(format!("`{name}` is larger than 8 MiB, the limit of a traffic file")));
    }
    decode(&name, &bytes).map_err(|error| Failure::Message(format!("`{name}`: {}", error.finding.message)))
}

/// The file, or as much of it as shows that it is too large.
fn read_bytes(file: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MAX_FILE_SIZE as u64 + 1;
    if is_stdin(file) {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        File::open(file)?.take(limit).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn write_page(arguments: &SimulateArgs, sides: &[(&str, &SimulationReport)]) -> Result<(), Failure> {
    let Some(file) = &arguments.html else { return Ok(()) };
    let name =
        |input: &PathBuf| if is_stdin(input) { "stdin".to_owned() } else { input.display().to_string() };
    let traffic = arguments.arrivals.as_ref().or(arguments.traffic.as_ref()).map(name);
    fs::write(file, page(sides, traffic.as_deref().unwrap_or("default traffic")))
        .map_err(|error| Failure::Message(format!("cannot write `{}`: {error}", file.display())))
}
