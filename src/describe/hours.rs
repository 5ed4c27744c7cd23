//! Hours and dates as a rule file writes them, in words: `from Monday to Friday between 09:00 and 17:00`.

use schemars::JsonSchema;
use serde::Serialize;

use super::list;
use super::weekdays::{clock, days_of_week};
use crate::language::ast::{DateRange, DateSpec, Dates, DatesEntry, Hours, HoursEntry, Time, WeekdayRange};
use crate::language::vocabulary::{self, Weekday, WordClass};

/// Days or dates, and the times on them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HoursPart {
    /// The days of the week, from 0, which is Monday; empty: every day, unless there are dates.
    pub days: Vec<usize>,
    /// The first and the last of some dates, as `2026-12-25`, or as `12-25` for every year.
    pub dates: Vec<(String, String)>,
    /// From and to which minute of the day; the end may be on the next day. Empty: all day.
    pub times: Vec<(u16, u16)>,
}

/// What a name stands for that `hours` or `dates` defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct HoursWords {
    /// In English.
    pub sentence: String,
    /// When it is open.
    pub open: Vec<HoursPart>,
    /// The dates on which it is not.
    pub except: Vec<(String, String)>,
    /// The names of other dates on which it is not, or of which it is made.
    pub names: Vec<String>,
}

/// The words of `hours`.
pub fn hours_words(hours: &Hours) -> HoursWords {
    let open: Vec<String> = hours.entries.iter().map(hours_entry).collect();
    let mut sentence = open.join("; ");
    if !hours.except.is_empty() {
        sentence += &format!("; except {}", dates_words_of(&hours.except));
    }
    let (except, names) = ranges_and_names(&hours.except);
    HoursWords { sentence, open: hours.entries.iter().map(hours_part).collect(), except, names }
}

/// The words of `dates`.
pub fn dates_words(dates: &Dates) -> HoursWords {
    let (ranges, names) = ranges_and_names(&dates.entries);
    let open = HoursPart { days: Vec::new(), dates: ranges, times: Vec::new() };
    HoursWords { sentence: dates_words_of(&dates.entries), open: vec![open], except: Vec::new(), names }
}

/// `on Saturdays and Sundays`, `from Monday to Friday between 09:00 and 12:30`
pub(super) fn hours_entry(entry: &HoursEntry) -> String {
    let HoursPart { days, times, .. } = hours_part(entry);
    let dates: Vec<String> = entry.dates.iter().map(|dates| date_range(dates.value)).collect();
    let times: Vec<String> = times.into_iter().map(time_range).collect();
    let parts = [days_of_week(&days), list(&dates), list(&times)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "at any time".to_owned() } else { parts.join(" ") }
}

/// The same as data.
pub(super) fn hours_part(entry: &HoursEntry) -> HoursPart {
    let mut days: Vec<usize> = entry.days.iter().flat_map(|days| days_in(days.value)).collect();
    days.sort_unstable();
    days.dedup();
    let minute = |time: Time| u16::from(time.hour) * 60 + u16::from(time.minute);
    HoursPart {
        days,
        dates: entry.dates.iter().map(|dates| ends(dates.value)).collect(),
        times: entry.times.iter().map(|times| (minute(times.value.start), minute(times.value.end))).collect(),
    }
}

fn days_in(WeekdayRange { first, last }: WeekdayRange) -> impl Iterator<Item = usize> {
    let (first, last) = (first as usize, last as usize);
    let last = if last < first { last + Weekday::ALL.len() } else { last };
    (first..=last).map(|day| day % Weekday::ALL.len())
}

/// `between 09:00 and 12:30`; the same time twice is a whole day from then.
fn time_range((start, end): (u16, u16)) -> String {
    if start == end {
        return format!("for 24 hours from {:02}:{:02}", start / 60, start % 60);
    }
    clock((start, end)).unwrap_or_else(|| "all day".to_owned())
}

fn dates_words_of(entries: &[DatesEntry]) -> String {
    let words = entries.iter().map(|entry| match entry {
        DatesEntry::Range(range) => date_range(range.value),
        DatesEntry::Name(name) => format!("on “{}”", name.value),
    });
    list(&words.collect::<Vec<_>>())
}

fn ranges_and_names(entries: &[DatesEntry]) -> (Vec<(String, String)>, Vec<String>) {
    let (mut ranges, mut names) = (Vec::new(), Vec::new());
    for entry in entries {
        match entry {
            DatesEntry::Range(range) => ranges.push(ends(range.value)),
            DatesEntry::Name(name) => names.push(name.value.clone()),
        }
    }
    (ranges, names)
}

/// `on 25 December`, `from 31 December to 2 January`
fn date_range(DateRange { first, last }: DateRange) -> String {
    if first == last {
        return format!("on {}", date(first));
    }
    format!("from {} to {}", date(first), date(last))
}

fn date(date: DateSpec) -> String {
    let name = |number: usize| {
        let month =
            vocabulary::entries().filter(|entry| entry.class == WordClass::Month).nth(number.wrapping_sub(1));
        month.map_or("", |entry| entry.meaning)
    };
    match date {
        DateSpec::Once { year, month, day } => format!("{day} {} {year}", name(month.into())),
        DateSpec::Yearly { month, day } => format!("{day} {}", name(month as usize + 1)),
    }
}

fn ends(DateRange { first, last }: DateRange) -> (String, String) {
    let digits = |date| match date {
        DateSpec::Once { year, month, day } => format!("{year}-{month:02}-{day:02}"),
        DateSpec::Yearly { month, day } => format!("{:02}-{day:02}", month.number()),
    };
    (digits(first), digits(last))
}
