//! Hours and dates in words: today's, and those of the week.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::item_of;
use crate::ide::visible_names::visible_names;
use crate::inbox::find_timezone;
use crate::language::ast::{DatesEntry, Item, Word};
use crate::policy::Folder;
use crate::policy::calendar::{Calendar, DateSet, Opening, resolve_dates, resolve_hours, wall_clock};

/// How deep dates may be defined by other dates, which may be defined by themselves.
const MAX_DEPTH: usize = 8;

/// The week of hours, and whether they or dates include the day of `now`, in the time zone of the file called `file`. The
/// `item` is one of the file `defining`.
pub(super) fn describe(
    folder: &Folder,
    file: &str,
    defining: &Arc<str>,
    item: &Item,
    now: Timestamp,
) -> String {
    let now = wall_clock(now, &time_zone(folder, file));
    match item {
        Item::Hours(hours) => {
            let mut lookup = |word: &Word| dates_called(folder, defining, &word.value, 0);
            let calendar =
                resolve_hours(&hours.entries, &hours.except, &mut lookup, defining, &mut Vec::new());
            let state = if calendar.is_open(now) { "open now" } else { "closed now" };
            format!("\n\n{}; {state}\n\n{}", today(&calendar, now.date()), week(&calendar))
        }
        Item::Dates(dates) => {
            let dates = resolved(folder, defining, &dates.entries, 0);
            let is = if dates.contains(now.date()) { "one of them" } else { "not one of them" };
            format!("\n\ntoday, {}, is {is}", day(now.date()))
        }
        _ => String::new(),
    }
}

/// The time zone of the file called `file`: its own, or that of the inbox.
fn time_zone(folder: &Folder, file: &str) -> TimeZone {
    let policy = folder.files.get(file).filter(|_| folder.is_policy(file));
    let own = policy.into_iter().flat_map(|policy| &policy.tree().items).find_map(|item| match item {
        Item::TimeZone(item) => find_timezone(&item.name.value).ok(),
        _ => None,
    });
    own.unwrap_or_else(|| folder.inbox.timezone.clone())
}

fn dates_called(folder: &Folder, file: &Arc<str>, name: &str, depth: usize) -> Option<Arc<DateSet>> {
    let visible = visible_names(folder, file).remove(name).filter(|_| depth < MAX_DEPTH)?;
    let Item::Dates(dates) = item_of(folder.files.get(&visible.file)?, name)? else { return None };
    Some(Arc::new(resolved(folder, &visible.file, &dates.entries, depth + 1)))
}

fn resolved(folder: &Folder, file: &Arc<str>, entries: &[DatesEntry], depth: usize) -> DateSet {
    let mut lookup = |word: &Word| dates_called(folder, file, &word.value, depth);
    resolve_dates(entries, &mut lookup, file, &mut Vec::new())
}

/// `Friday 27 November`
fn day(date: Date) -> String {
    date.strftime("%A %-d %B").to_string()
}

fn today(calendar: &Calendar, date: Date) -> String {
    format!("today, {}: {}", day(date), openings(&calendar.open_on(date)))
}

/// `09:00-12:00 13:00-17:00`, `closed`
fn openings(openings: &[Opening]) -> String {
    let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let intervals = openings.iter().map(|opening| format!("{}-{}", time(opening.start), time(opening.end)));
    let intervals: Vec<String> = intervals.collect();
    if intervals.is_empty() { "closed".to_owned() } else { intervals.join(" ") }
}

/// A table of the week, with days of the same hours in one row.
fn week(calendar: &Calendar) -> String {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let hours: Vec<String> = (0..DAYS.len()).map(|day| openings(&calendar.open_in_week(day))).collect();
    let mut table = "| | |\n|-|-|".to_owned();
    let mut first = 0;
    for day in 0..DAYS.len() {
        let same = hours.get(first) == hours.get(day + 1);
        if same {
            continue;
        }
        let name = |day: usize| DAYS.get(day).copied().unwrap_or_default();
        let days = if first == day { name(day).to_owned() } else { format!("{}-{}", name(first), name(day)) };
        table += &format!("\n| {days} | {} |", hours.get(day).map(String::as_str).unwrap_or_default());
        first = day + 1;
    }
    table
}
