//! The tree of `hours` and `dates` → their meaning. Each mistake becomes a finding, and the wrong part is left out.

use std::sync::Arc;

use jiff::civil::Date;

use super::dates::DateSet;
use super::hours::{Calendar, DAY, Opening, WHOLE_DAY, merged};
use super::ranges::{DayRange, MonthDay};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{
    DateRange, DateSpec, DatesEntry, HoursEntry, MAX_NESTING, Time, TimeRange, WeekdayRange, Word,
};
use crate::text::{Span, Spanned};

/// Looks up the dates that a name stands for, and reports a name that it does not find.
type Lookup<'a> = &'a mut dyn FnMut(&Word) -> Option<Arc<DateSet>>;

/// The meaning of `hours NAME = ENTRIES except EXCEPT`.
pub fn resolve_hours(
    entries: &[HoursEntry],
    except: &[DatesEntry],
    lookup: Lookup<'_>,
    file: &Arc<str>,
    findings: &mut Vec<Finding>,
) -> Calendar {
    report_ambiguous(entries, file, findings);
    let mut week: [Vec<Opening>; 7] = Default::default();
    let mut dated = Vec::new();
    for entry in entries {
        let openings = openings(entry, file, findings);
        if !entry.days.is_empty() && !entry.dates.is_empty() {
            findings.push(
                Finding::new(
                    Code::InvalidHours,
                    file,
                    entry.span,
                    "an entry can have days or dates, but not both",
                )
                .help("write two entries, with a comma between them"),
            );
        } else if entry.dates.is_empty() {
            for (day, week) in (0..).zip(&mut week) {
                if entry.days.is_empty() || entry.days.iter().any(|days| includes(days.value, day)) {
                    week.extend_from_slice(&openings);
                }
            }
        } else {
            let openings: Arc<[Opening]> = openings.into();
            let ranges = entry.dates.iter().filter_map(|range| day_range(range, file, findings));
            dated.extend(ranges.map(|range| (range, Arc::clone(&openings))));
        }
    }
    Calendar::new(week, dated, resolve_dates(except, lookup, file, findings))
}

/// The meaning of `during ENTRY`.
pub fn resolve_entry(
    entry: &HoursEntry,
    lookup: Lookup<'_>,
    file: &Arc<str>,
    findings: &mut Vec<Finding>,
) -> Calendar {
    resolve_hours(std::slice::from_ref(entry), &[], lookup, file, findings)
}

/// The meaning of `dates NAME = ENTRIES`, and of what follows `except`.
pub fn resolve_dates(
    entries: &[DatesEntry],
    lookup: Lookup<'_>,
    file: &Arc<str>,
    findings: &mut Vec<Finding>,
) -> DateSet {
    let mut ranges = Vec::new();
    let mut included = Vec::new();
    for entry in entries {
        match entry {
            DatesEntry::Range(range) => ranges.extend(day_range(range, file, findings)),
            DatesEntry::Name(word) => match lookup(word) {
                Some(set) if set.depth() < MAX_NESTING => included.push(set),
                Some(_) => {
                    let message = format!("`{}` is nested more than {MAX_NESTING} levels deep", word.value);
                    findings.push(
                        Finding::new(Code::InvalidHours, file, word.span, message)
                            .help("list the dates themselves here"),
                    );
                }
                None => {}
            },
        }
    }
    DateSet::new(ranges, included)
}

/// Whether `day`, from 0 for Monday, is one of `days`.
fn includes(days: WeekdayRange, day: u8) -> bool {
    let (first, last) = (days.first as u8, days.last as u8);
    if first <= last { (first..=last).contains(&day) } else { day >= first || day <= last }
}

/// The openings of an entry on each of its days.
fn openings(entry: &HoursEntry, file: &Arc<str>, findings: &mut Vec<Finding>) -> Vec<Opening> {
    if entry.times.is_empty() {
        return vec![WHOLE_DAY];
    }
    merged(entry.times.iter().filter_map(|times| opening(times, file, findings)).collect())
}

fn opening(times: &Spanned<TimeRange>, file: &Arc<str>, findings: &mut Vec<Finding>) -> Option<Opening> {
    let TimeRange { start, end } = times.value;
    let mut wrong = |message: String, help: &str| {
        findings.push(Finding::new(Code::InvalidHours, file, times.span, message).help(help));
        None
    };
    for time in [start, end] {
        if minutes_from_midnight(time).is_none() {
            return wrong(
                format!("there is no time `{}`", show_time(time)),
                "a day goes from `00:00` to `24:00`",
            );
        }
    }
    let (start, end) = (minutes_from_midnight(start)?, minutes_from_midnight(end)?);
    if start == DAY {
        return wrong(
            "hours cannot start at `24:00`, the end of the day".into(),
            "write `00:00` on the next day",
        );
    }
    // An end that is not after the start is a time on the next day.
    Some(Opening { start, end: if end > start { end } else { end + DAY } })
}

fn minutes_from_midnight(time: Time) -> Option<u16> {
    let minutes = u16::from(time.hour) * 60 + u16::from(time.minute);
    (time.minute < 60 && minutes <= DAY).then_some(minutes)
}

fn day_range(range: &Spanned<DateRange>, file: &Arc<str>, findings: &mut Vec<Finding>) -> Option<DayRange> {
    let DateRange { first, last } = range.value;
    let mut wrong = |message: String, help: String| {
        findings.push(Finding::new(Code::InvalidHours, file, range.span, message).help(help));
        None
    };
    for date in [first, last] {
        if let Some(help) = invalid_date_help(date) {
            return wrong(format!("there is no date `{}`", show_date(date)), help);
        }
    }
    match (resolve_day(first)?, resolve_day(last)?) {
        (Day::Once(first), Day::Once(last)) if last < first => {
            wrong(format!("`{first}..{last}` ends before it starts"), "write the earlier date first".into())
        }
        (Day::Once(first), Day::Once(last)) => Some(DayRange::Once(first, last)),
        (Day::Yearly(first), Day::Yearly(last)) => Some(DayRange::Yearly(first, last)),
        _ => wrong(
            "one date of this range has a year and the other has none".into(),
            "write both with the year, or both without".into(),
        ),
    }
}

enum Day {
    Once(Date),
    Yearly(MonthDay),
}

/// The day, if it exists.
fn resolve_day(date: DateSpec) -> Option<Day> {
    match date {
        DateSpec::Once { .. } => date.once().map(Day::Once),
        DateSpec::Yearly { month, day } => {
            let day =
                i8::try_from(day).ok().filter(|day| (1..=max_days_in_month(month.number())).contains(day))?;
            Some(Day::Yearly((month.number(), day)))
        }
    }
}

/// How many days the month has in a leap year.
fn max_days_in_month(month: i8) -> i8 {
    Date::new(2024, month, 1).map_or(0, Date::days_in_month)
}

/// The help for a date that does not exist; `None` if it does.
fn invalid_date_help(date: DateSpec) -> Option<String> {
    if resolve_day(date).is_some() {
        return None;
    }
    Some(match date {
        DateSpec::Yearly { month, .. } => {
            format!("`{month}` has at most {} days", max_days_in_month(month.number()))
        }
        DateSpec::Once { year, month, .. } => match DateSpec::once(DateSpec::Once { year, month, day: 1 }) {
            Some(first) => format!("that month has {} days", first.days_in_month()),
            None => "months go from `01` to `12`".into(),
        },
    })
}

/// Reports entries that do not mean what they seem to mean: `mon, wed 09:00-12:00` opens the whole of Monday, and
/// `mon 09:00-12:00, 13:00-17:00` opens every afternoon. In `mon, 09:00-12:00` both halves are ambiguous because of one
/// comma, which is reported once. The order of the entries makes no difference.
fn report_ambiguous(entries: &[HoursEntry], file: &Arc<str>, findings: &mut Vec<Finding>) {
    let mut unclear = |span: Span, message: String, help: String| {
        findings.push(Finding::new(Code::UnclearHours, file, span, message).help(help));
    };
    let is_bare = |entry: &HoursEntry| entry.days.is_empty() && entry.dates.is_empty();
    let any_times = entries.iter().any(|entry| !entry.times.is_empty());
    let any_days = entries.iter().any(|entry| !is_bare(entry));
    let has_times = |place: Option<usize>| {
        place.and_then(|place| entries.get(place)).is_none_or(|entry| !entry.times.is_empty())
    };
    for (place, entry) in entries.iter().enumerate() {
        if entry.times.is_empty() && any_times {
            let days = show_days(entry);
            let (before, after) = (entries.iter().take(place).rev(), entries.iter().skip(place + 1));
            let with_times = after.chain(before).find(|other| !other.times.is_empty());
            let other_meaning = match with_times {
                Some(timed) if is_bare(timed) => format!("only `{}`", show_times(timed)),
                Some(timed) => format!("the same times as `{}`", show_days(timed)),
                None => "only some hours".to_owned(),
            };
            unclear(
                entry.span,
                format!("does `{days}` mean the whole day, or {other_meaning}?"),
                format!("for the whole day write `{days} 00:00-24:00`; for the same times remove the comma"),
            );
        } else if is_bare(entry) && any_days && has_times(place.checked_sub(1)) && has_times(Some(place + 1))
        {
            let times = show_times(entry);
            let dated = entries.iter().take(place).rev().chain(entries.iter().skip(place + 1));
            let days = dated.filter(|other| !is_bare(other)).map(show_days).next().unwrap_or_default();
            unclear(
                entry.span,
                format!("does `{times}` mean every day, or only `{days}`?"),
                format!("for every day write `mon-sun {times}`; for the same days remove the comma"),
            );
        }
    }
}

fn show_days(entry: &HoursEntry) -> String {
    let days =
        entry.days.iter().map(
            |Spanned { value: WeekdayRange { first, last }, .. }| {
                if first == last { first.to_string() } else { format!("{first}-{last}") }
            },
        );
    let dates = entry.dates.iter().map(|Spanned { value: DateRange { first, last }, .. }| {
        if first == last { show_date(*first) } else { format!("{}..{}", show_date(*first), show_date(*last)) }
    });
    days.chain(dates).collect::<Vec<_>>().join(" ")
}

fn show_times(entry: &HoursEntry) -> String {
    let times = entry
        .times
        .iter()
        .map(|times| format!("{}-{}", show_time(times.value.start), show_time(times.value.end)));
    times.collect::<Vec<_>>().join(" ")
}

fn show_time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour, time.minute)
}

fn show_date(date: DateSpec) -> String {
    match date {
        DateSpec::Once { year, month, day } => format!("{year:04}-{month:02}-{day:02}"),
        DateSpec::Yearly { month, day } => format!("{month} {day}"),
    }
}
