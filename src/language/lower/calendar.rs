//! Days, dates and hours: `mon-fri 09:00-17:00`, `2026-12-24..2026-12-26`.

use super::super::ast::{DateRange, DateSpec, DatesEntry, HoursEntry, Time, TimeRange, WeekdayRange};
use super::super::grammar::{Pair, Production};
use super::super::vocabulary::{Month, Weekday};
use super::Lower;
use crate::text::Spanned;

/// `mon wed fri 09:00-12:00 13:00-17:00`
pub(super) fn entry(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<HoursEntry> {
    let span = lower.span(&pair);
    let mut entry = HoursEntry { span, days: Vec::new(), dates: Vec::new(), times: Vec::new() };
    for part in pair.into_inner() {
        let span = lower.span(&part);
        match part.as_rule() {
            Production::day_range => entry.days.push(Spanned::new(days(part)?, span)),
            Production::date_range => entry.dates.push(Spanned::new(range(part)?, span)),
            Production::time_range => entry.times.push(Spanned::new(times(part)?, span)),
            _ => {}
        }
    }
    Some(entry)
}

/// `dec 25` or `holidays`
pub(super) fn dates_entry(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<DatesEntry> {
    let span = lower.span(&pair);
    Some(match pair.as_rule() {
        Production::calendar => DatesEntry::Name(lower.word(&pair)),
        _ => DatesEntry::Range(Spanned::new(range(pair)?, span)),
    })
}

fn days(pair: Pair<'_>) -> Option<WeekdayRange> {
    let mut days = pair.into_inner().filter(|part| part.as_rule() == Production::day);
    let first = Weekday::parse(days.next()?.as_str())?;
    let last = days.next().map_or(Some(first), |day| Weekday::parse(day.as_str()))?;
    Some(WeekdayRange { first, last })
}

fn times(pair: Pair<'_>) -> Option<TimeRange> {
    let mut times = pair.into_inner().filter(|part| part.as_rule() == Production::time);
    Some(TimeRange { start: time(&times.next()?)?, end: time(&times.next()?)? })
}

/// `09:00`
pub(super) fn time(pair: &Pair<'_>) -> Option<Time> {
    let (hour, minute) = pair.as_str().split_once(':')?;
    Some(Time { hour: hour.parse().ok()?, minute: minute.parse().ok()? })
}

fn range(pair: Pair<'_>) -> Option<DateRange> {
    let mut dates = pair.into_inner().filter(|part| part.as_rule() == Production::date);
    let first = date(dates.next()?)?;
    let last = dates.next().map_or(Some(first), date)?;
    Some(DateRange { first, last })
}

fn date(pair: Pair<'_>) -> Option<DateSpec> {
    let mut parts = pair.into_inner();
    let first = parts.next()?;
    match first.as_rule() {
        Production::month => {
            let day = parts.next()?.as_str().parse().ok()?;
            Some(DateSpec::Yearly { month: Month::parse(first.as_str())?, day })
        }
        _ => calendar_date(&first),
    }
}

/// `2026-12-25`
pub(super) fn calendar_date(pair: &Pair<'_>) -> Option<DateSpec> {
    let mut parts = pair.as_str().split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Some(DateSpec::Once { year, month, day: parts.next()?.parse().ok()? })
}
