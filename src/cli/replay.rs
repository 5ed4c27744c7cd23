//! `rules replay`: decides a recorded log again.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::exit::{Exit, Failure};
use super::log_blocks::LogBlocks;
use super::log_input::{cannot_read, name, open, uncompressed};
use super::paths::is_stdin;
use super::progress::Progress;
use super::replay_output::human;
use super::route::whole_number;
use super::{diff, output};
use crate::load::RuleSet;
use crate::parallel::{self, Threads};
use crate::replay::{ReplayReport, ReplayTally, Replayer};

/// How many blocks are decided at a time, while as many are read: enough that all processors finish at about the same time.
const BLOCKS: usize = 32;

/// Replay a recorded log, and show which decisions the rules now make differently
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    rules replay log.jsonl\n  \
    rules replay log.jsonl --against git:HEAD:rules\n  \
    zcat log.jsonl.gz | rules replay - --format json\n\n\
    Each line of the log is a situation with its decision, {\"situation\": {…}, \"decision\": {…}}, as a host and \
    `rules route --record` write them. With `--against` a line may also be a situation alone, as `rules route` reads it.\n\n\
    A random choice that the rules can still make is repeated as it is in the log. Only decisions that no random choice \
    could produce count as different.\n\n\
    The exit code is 1 if a decision differs or a line cannot be decided.")]
pub(super) struct ReplayArgs {
    /// The log; `-` is standard input
    #[arg(value_name = "LOG")]
    log: PathBuf,
    /// The rules that decide now, with their `inbox.toml`: a folder, or `git:REVISION:PATH`
    #[arg(long, value_name = "DIR", default_value = "rules")]
    rules: String,
    /// Compare with what these rules decide, instead of the decisions in the log: a folder, or `git:REVISION:PATH`
    #[arg(long, value_name = "OLD")]
    against: Option<String>,
    /// How many examples to show for each pair of rules
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = whole_number)]
    examples: u64,
    /// The seed of random choices; each message also uses its id
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole_number)]
    seed: u64,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    format: ReplayFormat,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum ReplayFormat {
    /// For people
    #[default]
    Human,
    /// One JSON object
    Json,
}

pub(super) fn run(arguments: &ReplayArgs) -> Result<Exit, Failure> {
    let sides = [Some(&arguments.rules), arguments.against.as_ref()];
    if sides.into_iter().flatten().any(|side| is_stdin(Path::new(side))) {
        let message = "rules cannot be read from `-`; name a folder or `git:REVISION:PATH`";
        return Err(Failure::Message(message.to_owned()));
    }
    let log = open(&arguments.log)?;
    let now = diff::rule_set(&arguments.rules)?;
    let before = arguments.against.as_deref().map(diff::rule_set).transpose()?;
    let tally = replay(arguments, log, &now, before.as_ref())?;
    let decided = tally.decided();
    let report = tally.report();
    if decided == 0 && report.undecided == 0 {
        return Err(Failure::Message(format!("there is no message in {}", name(&arguments.log))));
    }
    if decided == 0
        && let Some(first) = report.undecided_lines.iter().min_by_key(|lines| lines.first_line)
    {
        return Err(Failure::Message(format!(
            "no line of {} can be decided; line {}: {}",
            name(&arguments.log),
            first.first_line,
            first.reason
        )));
    }
    output::print(&match arguments.format {
        ReplayFormat::Human => human(&report, output::columns()),
        ReplayFormat::Json => output::json(&report)?,
    })?;
    Ok(exit(&report))
}

fn exit(report: &ReplayReport) -> Exit {
    Exit::found(report.different + report.undecided > 0)
}

/// Decides the lines of the log, many blocks at a time, while the next blocks are read.
fn replay(
    arguments: &ReplayArgs,
    log: Box<dyn Read>,
    now: &RuleSet,
    before: Option<&RuleSet>,
) -> Result<ReplayTally, Failure> {
    let progress = Progress::start([&arguments.log], |done| format!("{done} lines replayed"));
    let examples = usize::try_from(arguments.examples).unwrap_or(usize::MAX);
    let replayer = Replayer { now, before, seed: arguments.seed, examples };
    let mut blocks = LogBlocks::new(uncompressed(log, &arguments.log, "rules replay -")?);
    let [mut current, mut next] = [(); 2].map(|()| vec![Vec::new(); BLOCKS]);
    let mut fill = |buffers: &mut [Vec<u8>]| -> Result<usize, Failure> {
        for (filled, buffer) in buffers.iter_mut().enumerate() {
            if !blocks.next(buffer).map_err(|error| cannot_read(&arguments.log, &error))? {
                return Ok(filled);
            }
        }
        Ok(buffers.len())
    };
    let mut tally = ReplayTally::new(examples);
    let mut filled = fill(&mut current)?;
    while filled > 0 {
        let lines = current.get(..filled).unwrap_or_default();
        let decide = |block: &Vec<u8>| replayer.lines(block);
        let (parts, next_filled) = parallel::map_while(Threads::All, lines, 2, decide, || fill(&mut next));
        for part in parts {
            progress.advance(part.lines());
            tally.append(part);
        }
        if tally.decided() == 0 && tally.without_decision() > 0 {
            return Err(no_decisions(&arguments.log));
        }
        filled = next_filled?;
        std::mem::swap(&mut current, &mut next);
    }
    Ok(tally)
}

fn no_decisions(log: &Path) -> Failure {
    Failure::Message(format!(
        "the lines of {} have no decisions to compare with; name the rules to compare with, as in \
         `--against git:HEAD:rules`, or record situations with their decisions by `rules route --record`",
        name(log)
    ))
}
