//! Reads recorded messages for a simulation: situations, one a line.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use jiff::tz::TimeZone;

use super::exit::Failure;
use super::paths::is_stdin;
use super::situations::{self, Line, SituationInput};
use crate::load::RuleSet;
use crate::simulation::RecordedArrival;
use crate::situation::{Situation, SituationError};
use crate::text::MAX_FILE_SIZE;

/// So many wrong lines are told.
const SHOWN: usize = 10;

/// The messages of a log, by time. A time without an offset is read in the time zone of the number's rules.
pub(super) fn read_arrivals(file: &Path, set: &RuleSet) -> Result<Vec<RecordedArrival>, Failure> {
    let cannot_read = |error: io::Error| cannot_read(file, &error);
    let input = open(file).map_err(cannot_read)?;
    let mut log = ArrivalLog { set, arrivals: Vec::new(), wrong: Vec::new(), more: 0 };
    match situations::open(input).map_err(cannot_read)? {
        SituationInput::One(text, before) => {
            log.read(&text, |line| line.map_or(before + 1, |line| line + before));
        }
        SituationInput::Stream(mut lines) => {
            while let Some(Line { number, bytes }) = lines.next().map_err(cannot_read)? {
                log.read(bytes, |_| number);
            }
        }
    }
    let name = if is_stdin(file) { "standard input".to_owned() } else { format!("`{}`", file.display()) };
    if !log.wrong.is_empty() {
        let more = if log.more > 0 { format!("\nand {} more", log.more) } else { String::new() };
        let wrong = log.wrong.join("\n");
        return Err(Failure::Message(format!("{name} has lines that cannot be simulated:\n{wrong}{more}")));
    }
    if log.arrivals.is_empty() {
        return Err(Failure::Message(format!("{name} has no messages")));
    }
    log.arrivals.sort_by_key(|arrival| arrival.at);
    Ok(log.arrivals)
}

fn open(file: &Path) -> io::Result<Box<dyn Read>> {
    if is_stdin(file) {
        return Ok(Box::new(io::stdin().lock()));
    }
    let opened = File::open(file)?;
    // On some systems a folder can be opened, and only reading it fails.
    if opened.metadata()?.is_dir() { Err(io::ErrorKind::IsADirectory.into()) } else { Ok(Box::new(opened)) }
}

fn cannot_read(file: &Path, error: &io::Error) -> Failure {
    let name = file.display();
    Failure::Message(match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file `{name}`"),
        io::ErrorKind::IsADirectory => format!("`{name}` is a folder; name a file of situations"),
        _ => format!("cannot read `{name}`: {error}"),
    })
}

struct ArrivalLog<'a> {
    set: &'a RuleSet,
    arrivals: Vec<RecordedArrival>,
    wrong: Vec<String>,
    more: usize,
}

impl ArrivalLog<'_> {
    fn read(&mut self, text: &[u8], line: impl Fn(Option<usize>) -> usize) {
        match self.arrival(text) {
            Ok(arrival) => self.arrivals.push(arrival),
            Err(_) if self.wrong.len() >= SHOWN => self.more += 1,
            Err(error) => {
                let place = error.place.as_ref().map(|place| format!(" (at `{place}`)")).unwrap_or_default();
                self.wrong.push(format!("  line {}: {error}{place}", line(error.line)));
            }
        }
    }

    fn arrival(&self, text: &[u8]) -> Result<RecordedArrival, SituationError> {
        if text.len() > MAX_FILE_SIZE {
            return Err(SituationError::new("the situation is larger than 8 MiB"));
        }
        let text =
            std::str::from_utf8(text).map_err(|_| SituationError::new("the situation is not UTF-8 text"))?;
        let situation = Situation::from_json(text)?;
        let missing =
            |place: &str, what: &str| SituationError::at(place, format!("`{place}` is missing: {what}"));
        let number =
            situation.number.as_deref().ok_or_else(|| missing("number", "which number was written to?"))?;
        let at = situation.at.ok_or_else(|| missing("at", "when did the message arrive?"))?;
        let zone = self.set.policy(number).map_or(TimeZone::UTC, |policy| policy.timezone.clone());
        Ok(RecordedArrival { at: at.instant(&zone).as_microsecond(), situation })
    }
}
