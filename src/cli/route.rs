//! `rules route`: reads situations and prints decisions.

use std::io::{self, BufWriter, Read, StdoutLock, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use jiff::Timestamp;
use serde::Serialize;

use super::decision_text::decision_text;
use super::exit::{Exit, Failure};
use super::paths::is_typed;
use super::progress::Progress;
use super::situations::{self, Line, SituationInput};
use super::{output, paths};
use crate::engine::Decision;
use crate::load::RuleSet;
use crate::roster::dice;
use crate::situation::{Situation, SituationError};
use crate::text::MAX_FILE_SIZE;

/// Print the decision for each situation, given as one JSON object or as one per line
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    echo '{\"number\": \"+15550100\", \"message\": {\"text\": \"hello\"}}' | rules route\n  \
    rules route --explain --format human situation.json | less\n  \
    rules route --rules shop/rules --seed 7 situations.jsonl > decisions.jsonl\n  \
    rules route --record situations.jsonl > log.jsonl\n\n\
    If a situation has an `at`, the same situation, rules and seed always give the same decision. Without one, \
    it is decided at the current time. A time without an offset is read in the policy's time zone.\n\n\
    For a line that is not a valid situation, a line {\"error\": {…}} is printed. The other lines are still \
    decided, and the exit code is 1.")]
pub(super) struct RouteArgs {
    /// The file of situations; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// The folder with the rules and their `inbox.toml`
    #[arg(long, value_name = "DIR", default_value = "rules")]
    rules: PathBuf,
    /// The number that the customers wrote to, instead of the one in the situations
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// The seed of random choices; each message also uses its id
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = whole_number)]
    seed: u64,
    /// Explain each decision: why this rule and not the others, and why this user; in sentences, or in a field `why` of
    /// the JSON
    #[arg(long)]
    explain: bool,
    /// The output format [default: human on a terminal, otherwise json]
    #[arg(long, value_enum)]
    format: Option<RouteFormat>,
    /// Print each situation with its decision, one JSON object a line: a log for `rules replay`
    #[arg(long, conflicts_with = "format")]
    record: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RouteFormat {
    /// Sentences for people
    Human,
    /// One JSON object for each situation
    Json,
}

/// The value of `--seed`.
pub(super) fn whole_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("a whole number from 0 to {} is needed", u64::MAX))
}

pub(super) fn run(arguments: &RouteArgs) -> Result<Exit, Failure> {
    let input = open(&arguments.file)?;
    let set = RuleSet::load(&arguments.rules)?;
    let mut router = Router {
        set: &set,
        arguments,
        out: BufWriter::new(io::stdout().lock()),
        is_indented: output::is_terminal() && !arguments.record,
        is_human: match arguments.format {
            Some(format) => format == RouteFormat::Human,
            None => output::is_terminal() && !arguments.record,
        },
        exit: Exit::Clean,
    };
    let cannot_read = |error: io::Error| cannot_read(&arguments.file, &error);
    match situations::open(input).map_err(cannot_read)? {
        SituationInput::One(text, before) => router.answer(&text, |line| line.map(|line| line + before))?,
        SituationInput::Stream(mut lines) => {
            let progress = Progress::start([&arguments.file], |done| format!("{done} situations decided"));
            loop {
                // The program that writes the situations may wait for an answer before it sends the next one.
                if lines.must_wait() {
                    router.out.flush()?;
                }
                let Some(Line { number, bytes }) = lines.next().map_err(cannot_read)? else { break };
                router.answer(bytes, |_| Some(number))?;
                progress.step();
            }
        }
    }
    router.out.flush()?;
    Ok(router.exit)
}

fn open(file: &Path) -> Result<Box<dyn Read>, Failure> {
    if is_typed(file) {
        output::eprint("type a situation as JSON, then press Enter and Ctrl-D\n");
    }
    paths::open(file).map_err(|error| cannot_read(file, &error))
}

fn cannot_read(file: &Path, error: &io::Error) -> Failure {
    Failure::Message(match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file `{}`", file.display()),
        io::ErrorKind::IsADirectory => format!("`{}` is a folder; name a file of situations", file.display()),
        _ => format!("cannot read `{}`: {error}", file.display()),
    })
}

/// Decides situations and writes the decisions.
struct Router<'a> {
    set: &'a RuleSet,
    arguments: &'a RouteArgs,
    out: BufWriter<StdoutLock<'static>>,
    /// Whether JSON is written over several lines.
    is_indented: bool,
    /// Whether decisions are written for people.
    is_human: bool,
    exit: Exit,
}

/// The line that replaces the decision for an invalid situation.
#[derive(Serialize)]
struct ErrorLine {
    error: SituationError,
}

/// A line of a log, as `rules replay` reads it.
#[derive(Serialize)]
struct RecordLine<'a> {
    situation: &'a Situation,
    decision: &'a Decision,
}

impl Router<'_> {
    fn decide(&self, text: &[u8]) -> Result<(Situation, Decision), SituationError> {
        if text.len() > MAX_FILE_SIZE {
            return Err(SituationError::new("the situation is larger than 8 MiB"));
        }
        let text =
            std::str::from_utf8(text).map_err(|_| SituationError::new("the situation is not UTF-8 text"))?;
        let mut situation = Situation::from_json(text)?;
        situation.number = self.arguments.number.clone().or(situation.number);
        situation.at.get_or_insert_with(|| now().into());
        let mut dice = dice(self.arguments.seed, situation.message.id.as_deref());
        let decision = if self.arguments.explain {
            self.set.explain(&situation, &mut dice)
        } else {
            self.set.decide(&situation, &mut dice)
        }?;
        Ok((situation, decision))
    }

    /// Writes the decision or the error. `line` maps the line of an error in `text` to its line in the file.
    fn answer(&mut self, text: &[u8], line: impl Fn(Option<usize>) -> Option<usize>) -> io::Result<()> {
        match self.decide(text) {
            Ok((_, decision)) if self.is_human => writeln!(self.out, "{}", decision_text(&decision)),
            Ok((situation, decision)) if self.arguments.record => {
                self.write(&RecordLine { situation: &situation, decision: &decision })
            }
            Ok((_, decision)) => self.write(&decision),
            Err(error) => {
                self.exit = Exit::Found;
                let error = SituationError { line: line(error.line), ..error };
                if self.is_human {
                    writeln!(self.out, "{}", error_text(&error))
                } else {
                    self.write(&ErrorLine { error })
                }
            }
        }
    }

    fn write(&mut self, answer: &impl Serialize) -> io::Result<()> {
        if self.is_indented {
            serde_json::to_writer_pretty(&mut self.out, answer)?;
        } else {
            serde_json::to_writer(&mut self.out, answer)?;
        }
        writeln!(self.out)
    }
}

/// `error: line 7: …`, with where in the line.
fn error_text(error: &SituationError) -> String {
    let line = error.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    let place = error.place.as_ref().map(|place| format!(" (at `{place}`)")).unwrap_or_default();
    output::printable_lines(&format!("error: {line}{error}{place}\n"))
}

#[expect(clippy::disallowed_methods, reason = "a situation without a time is decided at the current time")]
fn now() -> Timestamp {
    Timestamp::now()
}
