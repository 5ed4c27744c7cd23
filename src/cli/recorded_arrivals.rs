//! Reads recorded messages for a simulation: the lines of a log, or situations alone.

use std::collections::HashMap;
use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::exit::Failure;
use super::log_input::{cannot_read, name, open, uncompressed};
use super::situations::{self, Line, SituationInput};
use crate::load::RuleSet;
use crate::replay::LogLine;
use crate::simulation::{MAX_DAYS, RecordedArrival, YEARS, grouped};
use crate::situation::{NotInInbox, Situation};

/// At most this many invalid lines, and things that are left out, are reported.
const SHOWN: usize = 10;

/// The messages of a log.
pub(super) struct RecordedMessages {
    /// The messages in order of time.
    pub(super) arrivals: Vec<RecordedArrival>,
    /// What the simulation leaves out of them, in words; empty if there is nothing.
    pub(super) left_out: String,
}

/// Reads a log for these versions of the rules. A time without an offset is read in the time zone of the number's rules in the
/// first.
pub(super) fn read_arrivals(file: &Path, sets: &[RuleSet]) -> Result<RecordedMessages, Failure> {
    let input = uncompressed(open(file)?, file, "rules simulate --arrivals -")?;
    let cannot_read = |error: std::io::Error| cannot_read(file, &error);
    let mut log =
        ArrivalLog { sets, arrivals: Vec::new(), left_out: HashMap::new(), wrong: Vec::new(), more: 0 };
    match situations::open(input).map_err(cannot_read)? {
        SituationInput::One(text, before) => log.read(&text, before + 1),
        SituationInput::Stream(mut lines) => {
            while let Some(Line { number, bytes }) = lines.next().map_err(cannot_read)? {
                log.read(bytes, number);
            }
        }
    }
    let name = name(file);
    if !log.wrong.is_empty() {
        let more = if log.more > 0 { format!("\nand {} more", log.more) } else { String::new() };
        let wrong = log.wrong.join("\n");
        return Err(Failure::Message(format!("{name} has lines that cannot be simulated:\n{wrong}{more}")));
    }
    log.arrivals.sort_by_key(|(_, arrival)| arrival.at_micros);
    let ([first, ..], [.., last]) = (&*log.arrivals, &*log.arrivals) else {
        return Err(Failure::Message(format!("{name} has no messages")));
    };
    check_span(&name, first, last)?;
    let left_out = left_out(log.left_out);
    Ok(RecordedMessages {
        arrivals: log.arrivals.into_iter().map(|(_, arrival)| arrival).collect(),
        left_out,
    })
}

/// A log that covers more than a simulation can is refused: a time in it is probably wrong.
fn check_span(
    name: &str,
    (first_line, first): &(usize, RecordedArrival),
    (last_line, last): &(usize, RecordedArrival),
) -> Result<(), Failure> {
    const DAY: i64 = 24 * 3_600_000_000;
    let at =
        |arrival: &RecordedArrival| Timestamp::from_microsecond(arrival.at_micros).unwrap_or(Timestamp::MAX);
    let is_in_years =
        |arrival: &RecordedArrival| YEARS.contains(&at(arrival).to_zoned(TimeZone::UTC).date().year());
    let is_short = last.at_micros - first.at_micros < (i64::from(MAX_DAYS) - 1) * DAY;
    if is_short && is_in_years(first) && is_in_years(last) {
        return Ok(());
    }
    let limit = if is_short {
        format!("only the years {} to {} can be simulated", YEARS.start(), YEARS.end())
    } else {
        format!("at most {MAX_DAYS} days can be simulated")
    };
    Err(Failure::Message(format!(
        "{name} goes from {} (line {first_line}) to {} (line {last_line}); {limit}",
        at(first),
        at(last)
    )))
}

struct ArrivalLog<'a> {
    sets: &'a [RuleSet],
    /// The messages, each with its line.
    arrivals: Vec<(usize, RecordedArrival)>,
    /// In how many lines something was left out, and the first of these.
    left_out: HashMap<Unused, (u64, usize)>,
    wrong: Vec<String>,
    more: usize,
}

/// Something that the rules do not have.
#[derive(PartialEq, Eq, Hash)]
enum Unused {
    Name(NotInInbox),
    /// A number without rules.
    Number(String),
}

impl ArrivalLog<'_> {
    fn read(&mut self, text: &[u8], line: usize) {
        match self.arrival(text, line) {
            Ok(arrival) => self.arrivals.push((line, arrival)),
            Err(_) if self.wrong.len() >= SHOWN => self.more += 1,
            Err(error) => self.wrong.push(format!("  line {line}: {error}")),
        }
    }

    fn arrival(&mut self, text: &[u8], line: usize) -> Result<RecordedArrival, String> {
        let situation = LogLine::parse(text).map_err(|error| error.to_string())?.situation;
        let number =
            situation.number.as_deref().ok_or("`number` is missing: which number was written to?")?;
        let at = situation.at.ok_or("`at` is missing: when did the message arrive?")?;
        let policy = self.sets.first().and_then(|set| set.policy(number));
        let zone = policy.map_or(TimeZone::UTC, |policy| policy.timezone.clone());
        let at_micros = at.instant(&zone).as_microsecond();
        self.count_left_out(number, &situation, line);
        Ok(RecordedArrival { at_micros, situation })
    }

    /// Counts what one of the versions does not have.
    fn count_left_out(&mut self, number: &str, situation: &Situation, line: usize) {
        let mut found = Vec::new();
        if self.sets.iter().any(|set| set.policy(number).is_none()) {
            found.push(Unused::Number(number.to_owned()));
        }
        for inbox in self.sets.iter().map(RuleSet::inbox) {
            let owner = situation.customer.owner.iter().filter(|owner| inbox.user_id(owner).is_none());
            let owner = owner.map(|owner| NotInInbox::User(owner.clone()));
            // The simulation has users and queues of its own.
            let is_used = |name: &NotInInbox| matches!(name, NotInInbox::Attribute(_));
            for name in situation.known_to(inbox).1.into_iter().filter(is_used).chain(owner) {
                let name = Unused::Name(name);
                if !found.contains(&name) {
                    found.push(name);
                }
            }
        }
        for one in found {
            self.left_out.entry(one).or_insert((0, line)).0 += 1;
        }
    }
}

fn left_out(found: HashMap<Unused, (u64, usize)>) -> String {
    let mut rows: Vec<(usize, u64, String)> = found
        .into_iter()
        .map(|(what, (count, line))| {
            let words = match what {
                Unused::Number(number) => format!("number `{number}`, which has no rules"),
                Unused::Name(NotInInbox::User(id)) => format!("owner `{id}`"),
                Unused::Name(NotInInbox::Group(name)) => format!("group `{name}`"),
                Unused::Name(NotInInbox::Attribute(name)) => {
                    format!("attribute `{name}`, or one of its values")
                }
            };
            (line, count, words)
        })
        .collect();
    if rows.is_empty() {
        return String::new();
    }
    rows.sort_unstable();
    let more = rows.len().saturating_sub(SHOWN);
    let lines = rows.iter().take(SHOWN).map(|(line, count, words)| {
        let lines =
            if *count == 1 { "1 message".to_owned() } else { format!("{} messages", grouped(*count)) };
        format!("  {words}: {lines}, the first on line {line}\n")
    });
    let more = if more > 0 { format!("  and {more} more\n") } else { String::new() };
    format!("note: the rules do not have\n{}{more}", lines.collect::<String>())
}
