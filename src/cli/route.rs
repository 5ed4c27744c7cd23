//! `rules route`: situations in, decisions out.

use std::fs::File;
use std::io::{self, BufWriter, Read, StdoutLock, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use serde::Serialize;

use super::decision_text::decision_text;
use super::exit::{Exit, Failure};
use super::output;
use super::paths::{is_stdin, is_typed};
use super::progress::Progress;
use super::situations::{self, Line, SituationInput};
use crate::engine::Decision;
use crate::load::RuleSet;
use crate::roster::dice;
use crate::situation::{Situation, SituationError};
use crate::text::LARGEST_FILE;

/// Decide situations: one JSON object, or one a line
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    echo '{\"number\": \"+15550100\", \"message\": {\"text\": \"hello\"}}' | rules route\n  \
    rules route --explain situation.json\n  \
    rules route --rules shop/rules --seed 7 log.jsonl > decisions.jsonl\n\n\
    A line that is no situation is answered with a line {\"error\": {…}}; the rest is decided, and the exit code is 1.")]
pub(super) struct RouteArgs {
    /// The situations; `-` is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    file: PathBuf,
    /// The folder of the rules and of their `inbox.toml`
    #[arg(long, value_name = "DIR", default_value = "rules")]
    rules: PathBuf,
    /// The number that was written to, whatever the situations say
    #[arg(long, value_name = "NUMBER")]
    number: Option<String>,
    /// What the dice of each message come from, together with its id
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// Say why: why this rule, why not the others, why this user
    #[arg(long)]
    explain: bool,
}

pub(super) fn run(arguments: &RouteArgs) -> Result<Exit, Failure> {
    let input = open(&arguments.file)?;
    let set = RuleSet::load(&arguments.rules)?;
    let mut router = Router {
        set: &set,
        arguments,
        out: BufWriter::new(io::stdout().lock()),
        for_people: output::is_for_people(),
        exit: Exit::Clean,
    };
    let cannot_read = |error: io::Error| cannot_read(&arguments.file, &error);
    match situations::open(input).map_err(cannot_read)? {
        SituationInput::One(text, before) => router.answer(&text, |line| line.map(|line| line + before))?,
        SituationInput::Stream(mut lines) => {
            let progress = Progress::start([&arguments.file], |done| format!("{done} situations decided"));
            loop {
                // Whoever waits for an answer before asking again shall have it.
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
        output::eprint("type a situation as JSON, then press Ctrl-D\n");
    }
    if is_stdin(file) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file).and_then(|opened| {
        // Where a folder can be opened, it is reading that fails.
        if opened.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(opened) }
    });
    opened.map(|opened| Box::new(opened) as Box<dyn Read>).map_err(|error| cannot_read(file, &error))
}

fn cannot_read(file: &Path, error: &io::Error) -> Failure {
    Failure::Message(match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file `{}`", file.display()),
        io::ErrorKind::IsADirectory => format!("`{}` is a folder; name a file of situations", file.display()),
        _ => format!("`{}` cannot be read: {error}", file.display()),
    })
}

/// Decides situations, and writes the answers.
struct Router<'a> {
    set: &'a RuleSet,
    arguments: &'a RouteArgs,
    out: BufWriter<StdoutLock<'static>>,
    for_people: bool,
    exit: Exit,
}

/// What stands in the place of a decision.
#[derive(Serialize)]
struct ErrorLine {
    error: SituationError,
}

impl Router<'_> {
    fn decide(&self, text: &[u8]) -> Result<Decision, SituationError> {
        if text.len() > LARGEST_FILE {
            return Err(SituationError::new("a situation has at most 8 MiB, and this is more"));
        }
        let text = std::str::from_utf8(text)
            .map_err(|_| SituationError::new("a situation is UTF-8 text, and this is not"))?;
        let mut situation = Situation::from_json(text)?;
        situation.number = self.arguments.number.clone().or(situation.number);
        situation.at.get_or_insert_with(|| now().into());
        let mut dice = dice(self.arguments.seed, situation.message.id.as_deref());
        if self.arguments.explain {
            self.set.explain(&situation, &mut dice)
        } else {
            self.set.decide(&situation, &mut dice)
        }
    }

    /// Writes what is decided, or what is wrong; `line` tells the line of an error from its line in `text`.
    fn answer(&mut self, text: &[u8], line: impl Fn(Option<usize>) -> Option<usize>) -> io::Result<()> {
        match self.decide(text) {
            Ok(decision) if self.for_people && self.arguments.explain => {
                writeln!(self.out, "{}", decision_text(&decision))
            }
            Ok(decision) => self.write(&decision),
            Err(error) => {
                self.exit = Exit::Found;
                self.write(&ErrorLine { error: SituationError { line: line(error.line), ..error } })
            }
        }
    }

    fn write(&mut self, answer: &impl Serialize) -> io::Result<()> {
        if self.for_people {
            serde_json::to_writer_pretty(&mut self.out, answer)?;
        } else {
            serde_json::to_writer(&mut self.out, answer)?;
        }
        writeln!(self.out)
    }
}

#[expect(clippy::disallowed_methods, reason = "a situation without a moment is about now")]
fn now() -> Timestamp {
    Timestamp::now()
}
