//! Days, dates and hours: `mon-fri 09:00-17:00`, `2026-12-24..2026-12-26`.

use super::super::ast::{DateRange, DateSpec, DatesEntry, HoursEntry, Time, TimeRange, WeekdayRange};
use super::super::grammar::Kind;
use super::super::node::Node;
use super::super::vocabulary::{Month, Weekday};
use super::Build;
use crate::text::Spanned;

/// `mon wed fri 09:00-12:00 13:00-17:00`
pub(super) fn entry(build: &mut Build<'_>, node: Node<'_>) -> Option<HoursEntry> {
    let span = build.span(node);
    let mut entry = HoursEntry { span, days: Vec::new(), dates: Vec::new(), times: Vec::new() };
    for part in node.into_inner() {
        let span = build.span(part);
        match part.as_rule() {
            Kind::days => entry.days.push(Spanned::new(days(part)?, span)),
            Kind::range => entry.dates.push(Spanned::new(range(part)?, span)),
            Kind::times => entry.times.push(Spanned::new(times(part)?, span)),
            _ => {}
        }
    }
    Some(entry)
}

/// `dec 25` or `holidays`
pub(super) fn dates_entry(build: &mut Build<'_>, node: Node<'_>) -> Option<DatesEntry> {
    let span = build.span(node);
    Some(match node.as_rule() {
        Kind::calendar => DatesEntry::Name(build.word(node)),
        _ => DatesEntry::Range(Spanned::new(range(node)?, span)),
    })
}

fn days(node: Node<'_>) -> Option<WeekdayRange> {
    let mut days = node.into_inner().filter(|part| part.as_rule() == Kind::day);
    let first = Weekday::parse(days.next()?.as_str())?;
    let last = days.next().map_or(Some(first), |day| Weekday::parse(day.as_str()))?;
    Some(WeekdayRange { first, last })
}

fn times(node: Node<'_>) -> Option<TimeRange> {
    let mut times = node.into_inner().filter(|part| part.as_rule() == Kind::time);
    Some(TimeRange { start: time(times.next()?)?, end: time(times.next()?)? })
}

/// `09:00`
pub(super) fn time(node: Node<'_>) -> Option<Time> {
    let (hour, minute) = node.as_str().split_once(':')?;
    Some(Time { hour: hour.parse().ok()?, minute: minute.parse().ok()? })
}

fn range(node: Node<'_>) -> Option<DateRange> {
    let mut dates = node.into_inner().filter(|part| part.as_rule() == Kind::date);
    let first = date(dates.next()?)?;
    let last = dates.next().map_or(Some(first), date)?;
    Some(DateRange { first, last })
}

fn date(node: Node<'_>) -> Option<DateSpec> {
    let mut parts = node.into_inner();
    let first = parts.next()?;
    match first.as_rule() {
        Kind::month => {
            let day = parts.next()?.as_str().parse().ok()?;
            Some(DateSpec::Yearly { month: Month::parse(first.as_str())?, day })
        }
        _ => calendar_date(first),
    }
}

/// `2026-12-25`
pub(super) fn calendar_date(node: Node<'_>) -> Option<DateSpec> {
    let mut parts = node.as_str().split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Some(DateSpec::Once { year, month, day: parts.next()?.parse().ok()? })
}
