//! `hours` and `dates`: what they mean, and the findings about them.

use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_snapshot;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};
use proptest::prelude::*;

use super::{Calendar, DateSet, Opening, resolve_dates, resolve_entry, resolve_hours};
use crate::diagnostic::{Code, Finding};
use crate::language::ast::{DatesEntry, Item, Word};
use crate::language::parse;
use crate::text::{LineIndex, Source};

/// The calendar of the `hours` of a file, and the findings of the file.
fn read(text: &str) -> (Calendar, Vec<Finding>) {
    let source = Source::new("test.rules", text);
    let mut parsed = parse(&source);
    let mut known: BTreeMap<String, Arc<DateSet>> = BTreeMap::new();
    let mut calendar = Calendar::of_dates(Arc::new(dates(&[], &mut known, &source, &mut parsed.findings)));
    for item in &parsed.file.items {
        match item {
            Item::Dates(item) => {
                let set = dates(&item.entries, &mut known, &source, &mut parsed.findings);
                known.insert(item.name.value.clone(), Arc::new(set));
            }
            Item::Hours(item) => {
                let lookup = &mut |word: &Word| known.get(&word.value).cloned();
                calendar =
                    resolve_hours(&item.entries, &item.except, lookup, &source.name, &mut parsed.findings);
            }
            _ => {}
        }
    }
    (calendar, parsed.findings)
}

fn dates(
    entries: &[DatesEntry],
    known: &mut BTreeMap<String, Arc<DateSet>>,
    source: &Source,
    findings: &mut Vec<Finding>,
) -> DateSet {
    resolve_dates(entries, &mut |word| known.get(&word.value).cloned(), &source.name, findings)
}

#[track_caller]
fn hours(hours: &str) -> Calendar {
    let (calendar, findings) = read(&format!("hours h = {hours}"));
    assert_eq!(findings, [], "{hours}");
    calendar
}

/// 2026-11-23 is a Monday.
#[track_caller]
fn open(text: &str, at: &str) {
    assert!(hours(text).is_open(at.parse().unwrap()), "{text} at {at}");
}

#[track_caller]
fn shut(text: &str, at: &str) {
    assert!(!hours(text).is_open(at.parse().unwrap()), "{text} at {at}");
}

#[track_caller]
fn on(text: &str, date: &str, expected: &str) {
    let openings = hours(text).open_on(date.parse().unwrap());
    let show = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let shown = openings.iter().map(|Opening { start, end }| format!("{}-{}", show(*start), show(*end)));
    assert_eq!(shown.collect::<Vec<_>>().join(" "), expected, "{text} on {date}");
}

#[test]
fn an_interval_has_its_start_but_not_its_end() {
    shut("mon 09:00-17:00", "2026-11-23T08:59:59.999");
    open("mon 09:00-17:00", "2026-11-23T09:00");
    open("mon 09:00-17:00", "2026-11-23T16:59:59.999");
    shut("mon 09:00-17:00", "2026-11-23T17:00");
    shut("mon 09:00-17:00", "2026-11-24T12:00");
}

#[test]
fn days_and_times() {
    on("mon wed fri 09:00-12:00 13:00-17:00", "2026-11-25", "09:00-12:00 13:00-17:00");
    on("mon wed fri 09:00-12:00 13:00-17:00", "2026-11-26", "");
    on("sat-sun", "2026-11-28", "00:00-24:00");
    on("sat-sun", "2026-11-27", "");
    on("09:00-17:00", "2026-11-29", "09:00-17:00");
    on("fri-mon 10:00-11:00", "2026-11-23", "10:00-11:00");
    on("fri-mon 10:00-11:00", "2026-11-24", "");
    on("mon 00:00-24:00", "2026-11-23", "00:00-24:00");
    on("mon 22:00-24:00", "2026-11-24", "");
    on("mon 09:00-12:00, mon 11:00-14:00, tue 09:00-10:00", "2026-11-23", "09:00-14:00");
}

#[test]
fn over_midnight() {
    on("fri 22:00-02:00", "2026-11-27", "22:00-24:00");
    on("fri 22:00-02:00", "2026-11-28", "00:00-02:00");
    on("22:00-02:00", "2026-11-28", "00:00-02:00 22:00-24:00");
    on("sun 22:00-00:00", "2026-11-30", "");
    on("sun 09:00-09:00", "2026-11-29", "09:00-24:00");
    on("sun 09:00-09:00", "2026-11-30", "00:00-09:00");
    on("00:00-00:00", "2026-11-30", "00:00-24:00");
}

#[test]
fn a_date_replaces_the_week() {
    on("mon-fri 09:00-17:00, 2026-11-24 10:00-11:00", "2026-11-24", "10:00-11:00");
    on("mon-fri 09:00-17:00, 2026-11-24 10:00-11:00", "2026-11-25", "09:00-17:00");
    on("mon-sun 22:00-02:00, 2026-11-24 10:00-11:00", "2026-11-24", "00:00-02:00 10:00-11:00");
    on("mon-sun 22:00-02:00, 2026-11-24 10:00-11:00", "2026-11-25", "22:00-24:00");
    on("2026-11-24 22:00-03:00, mon-sun 01:00-02:00", "2026-11-25", "00:00-03:00");
    on(
        "2026-11-24 22:00-03:00 08:00-09:00, nov 24 10:00-11:00",
        "2026-11-24",
        "08:00-09:00 10:00-11:00 22:00-24:00",
    );
    on("2026-11-24..2026-11-26 2026-12-01 10:00-11:00", "2026-11-26", "10:00-11:00");
    on("2026-11-24..2026-11-26 2026-12-01 10:00-11:00", "2026-11-27", "");
    on("2026-11-24", "2026-11-24", "00:00-24:00");
    on("2026-11-01..2026-11-30 10:00-11:00, 2026-11-05 12:00-13:00", "2026-11-20", "10:00-11:00");
    on("2026-11-01..2026-11-30 10:00-11:00, 2026-11-05 12:00-13:00", "2026-11-05", "10:00-11:00 12:00-13:00");
}

#[test]
fn dates_of_every_year() {
    on("dec 25 10:00-12:00", "2026-12-25", "10:00-12:00");
    on("dec 25 10:00-12:00", "1999-12-25", "10:00-12:00");
    on("dec 31..jan 2", "2027-01-02", "00:00-24:00");
    on("dec 31..jan 2", "2027-12-31", "00:00-24:00");
    on("dec 31..jan 2", "2027-01-03", "");
    on("dec 31..jan 2", "2027-12-30", "");
    on("feb 29", "2028-02-29", "00:00-24:00");
    on("feb 29", "2027-03-01", "");
    on("feb 28..mar 1", "2027-02-28", "00:00-24:00");
}

#[test]
fn exceptions() {
    on("mon-sun 09:00-17:00 except dec 25", "2026-12-25", "");
    on("mon-sun 09:00-17:00 except dec 25", "2026-12-26", "09:00-17:00");
    on("mon-sun 22:00-02:00 except dec 25", "2026-12-24", "00:00-02:00 22:00-24:00");
    on("mon-sun 22:00-02:00 except dec 25", "2026-12-25", "");
    on("mon-sun 22:00-02:00 except dec 25", "2026-12-26", "22:00-24:00");
    on("mon-sun 09:00-17:00, 2026-12-25 10:00-11:00 except dec 25", "2026-12-25", "");
    on("mon-sun 09:00-17:00 except 2026-12-31..2027-01-02, mar 1", "2027-01-01", "");
}

#[test]
fn names_of_dates() {
    let (calendar, findings) =
        read("dates public = dec 25\ndates all = public, 2026-12-24\nhours h = mon-sun except all, jan 1\n");
    assert_eq!(findings, []);
    for (date, is_open) in [("12-24", false), ("12-25", false), ("12-26", true), ("01-01", false)] {
        assert_eq!(calendar.is_open(format!("2026-{date}T12:00").parse().unwrap()), is_open, "{date}");
    }
    assert_eq!(calendar.years().into_iter().collect::<Vec<_>>(), [2026]);
}

#[test]
fn dates_as_hours() {
    let source = Source::new("test.rules", "dates d = 2026-12-24..2027-01-01, mar 1");
    let Item::Dates(item) = &parse(&source).file.items[0] else { panic!() };
    let set = dates(&item.entries, &mut BTreeMap::new(), &source, &mut Vec::new());
    let calendar = Calendar::of_dates(Arc::new(set));
    assert!(calendar.is_open("2026-12-24T00:00".parse().unwrap()));
    assert!(calendar.is_open("2027-01-01T23:59".parse().unwrap()));
    assert!(calendar.is_open("2031-03-01T12:00".parse().unwrap()));
    assert!(!calendar.is_open("2027-01-02T00:00".parse().unwrap()));
    assert_eq!(calendar.open_on(date(2026, 12, 25)), [Opening { start: 0, end: 1440 }]);
    assert_eq!(calendar.years().into_iter().collect::<Vec<_>>(), [2026, 2027]);
}

#[test]
fn the_ends_of_time() {
    open("22:00-02:00", "-009999-01-01T22:00");
    shut("22:00-02:00", "-009999-01-01T01:00");
    open("22:00-02:00", "9999-12-31T23:59");
}

/// Each finding as `column code: message (help)`.
fn findings(text: &str) -> String {
    let one = |finding: &Finding| {
        let place = LineIndex::new(text).position(text, finding.span.start);
        let help = finding.help.as_deref().unwrap_or_default();
        format!("{}:{} {}: {} ({help})", place.line, place.column, finding.code, finding.message)
    };
    read(text).1.iter().map(one).collect::<Vec<_>>().join("\n")
}

#[test]
fn ambiguous_hours() {
    assert_snapshot!(findings("hours h = mon, wed 09:00-12:00"), @"1:11 unclear-hours: does `mon` mean the whole day, or the same times as `wed`? (for the whole day write `mon 00:00-24:00`; for the same times remove the comma)");
    assert_snapshot!(findings("hours h = mon, 09:00-12:00"), @"1:11 unclear-hours: does `mon` mean the whole day, or only `09:00-12:00`? (for the whole day write `mon 00:00-24:00`; for the same times remove the comma)");
    assert_snapshot!(findings("hours h = mon-tue 09:00-12:00, 13:00-17:00 18:00-19:00"), @"1:32 unclear-hours: does `13:00-17:00 18:00-19:00` mean every day, or only `mon-tue`? (for every day write `mon-sun 13:00-17:00 18:00-19:00`; for the same days remove the comma)");
    assert_snapshot!(findings("hours h = dec 24..dec 25, 2026-12-31, mon 09:00-12:00"), @"
    1:11 unclear-hours: does `dec 24..dec 25` mean the whole day, or the same times as `mon`? (for the whole day write `dec 24..dec 25 00:00-24:00`; for the same times remove the comma)
    1:27 unclear-hours: does `2026-12-31` mean the whole day, or the same times as `mon`? (for the whole day write `2026-12-31 00:00-24:00`; for the same times remove the comma)
    ");
    assert_snapshot!(findings("hours h = dec 24 09:00-12:00, 13:00-17:00"), @"1:31 unclear-hours: does `13:00-17:00` mean every day, or only `dec 24`? (for every day write `mon-sun 13:00-17:00`; for the same days remove the comma)");
    assert_snapshot!(findings("hours h = mon, wed, dec 25"), @"");
    assert_snapshot!(findings("hours h = 09:00-12:00, 13:00-17:00"), @"");
    assert_snapshot!(findings("hours h = 09:00-17:00, dec 24 09:00-12:00"), @"1:11 unclear-hours: does `09:00-17:00` mean every day, or only `dec 24`? (for every day write `mon-sun 09:00-17:00`; for the same days remove the comma)");
    assert_snapshot!(findings("hours h = 2026-12-24 09:00-12:00, 09:00-17:00"), @"1:35 unclear-hours: does `09:00-17:00` mean every day, or only `2026-12-24`? (for every day write `mon-sun 09:00-17:00`; for the same days remove the comma)");
    assert_snapshot!(findings("hours h = 09:00-12:00, mon"), @"1:24 unclear-hours: does `mon` mean the whole day, or only `09:00-12:00`? (for the whole day write `mon 00:00-24:00`; for the same times remove the comma)");
    assert_snapshot!(findings("hours h = mon-sun 09:00-17:00, dec 24 09:00-12:00"), @"");
    assert_snapshot!(findings("hours h = mon 00:00-24:00, wed 09:00-12:00 except dec 25"), @"");
}

#[test]
fn hours_that_do_not_exist() {
    assert_snapshot!(findings("hours h = mon 25:00-26:00 09:60-10:00, tue 09:00-24:01, wed 24:00-02:00"), @"
    1:15 invalid-hours: there is no time `25:00` (a day goes from `00:00` to `24:00`)
    1:27 invalid-hours: there is no time `09:60` (a day goes from `00:00` to `24:00`)
    1:44 invalid-hours: there is no time `24:01` (a day goes from `00:00` to `24:00`)
    1:61 invalid-hours: hours cannot start at `24:00`, the end of the day (write `00:00` on the next day)
    ");
    assert_snapshot!(findings("hours h = feb 30, 2026-02-30, 2026-13-01, apr 31..may 1, jan 0"), @"
    1:11 invalid-hours: there is no date `feb 30` (`feb` has at most 29 days)
    1:19 invalid-hours: there is no date `2026-02-30` (that month has 28 days)
    1:31 invalid-hours: there is no date `2026-13-01` (months go from `01` to `12`)
    1:43 invalid-hours: there is no date `apr 31` (`apr` has at most 30 days)
    1:58 invalid-hours: there is no date `jan 0` (`jan` has at most 31 days)
    ");
    assert_snapshot!(findings("hours h = 2027-01-02..2026-12-31, dec 31..2027-01-02 except 2026-00-10"), @"
    1:11 invalid-hours: `2027-01-02..2026-12-31` ends before it starts (write the earlier date first)
    1:35 invalid-hours: one date of this range has a year and the other has none (write both with the year, or both without)
    1:61 invalid-hours: there is no date `2026-00-10` (months go from `01` to `12`)
    ");
}

#[test]
fn an_entry_with_days_and_dates() {
    let source = Source::new("test.rules", "hours h = mon 09:00-12:00, dec 24 09:00-12:00");
    let Item::Hours(mut item) = parse(&source).file.items.remove(0) else { panic!() };
    item.entries[0].dates = item.entries.remove(1).dates;
    let mut findings = Vec::new();
    resolve_entry(&item.entries[0], &mut |_| None, &source.name, &mut findings);
    assert_eq!(findings[0].code, Code::InvalidHours);
    assert_snapshot!(findings[0].message, @"an entry can have days or dates, but not both");
}

#[test]
fn the_depth_of_dates_is_limited() {
    let chain = |length: usize| {
        let links = (1..=length).map(|link| format!("dates d{link} = d{}, d{}\n", link - 1, link - 1));
        format!("dates d0 = dec 25\n{}", links.collect::<String>())
    };
    let (calendar, findings) = read(&format!("{}hours h = mon-sun except d63", chain(63)));
    assert_eq!(findings, []);
    assert!(!calendar.is_open("2026-12-25T12:00".parse().unwrap()));
    assert!(calendar.is_open("2026-12-26T12:00".parse().unwrap()));
    // Sets that include the same sets twice are compared in no time.
    let (other, _) = read(&format!("{}hours h = mon-sun except d63", chain(63)));
    assert_eq!(calendar, other);
    let (other, _) = read(&format!("{}hours h = mon-sun except d63", chain(63).replace("dec 25", "dec 24")));
    assert_ne!(calendar, other);
    assert_snapshot!(self::findings(&format!("{}dates last = d64", chain(64))), @"66:14 invalid-hours: `d64` is nested more than 64 levels deep (list the dates themselves here)");
}

/// A random entry of `hours`, which can be written as text and evaluated by the sentences of the reference.
#[derive(Debug, Clone)]
struct RandomEntry {
    days: Vec<(usize, usize)>,
    dates: Vec<RandomDates>,
    times: Vec<(u16, u16)>,
}

#[derive(Debug, Clone)]
enum RandomDates {
    Once(Date, Date),
    Yearly(Date, Date),
}

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl RandomDates {
    fn text(&self) -> String {
        match self {
            Self::Once(first, last) => format!("{first}..{last}"),
            Self::Yearly(first, last) => {
                let day = |date: &Date| date.strftime("%b %-d").to_string().to_lowercase();
                format!("{}..{}", day(first), day(last))
            }
        }
    }

    /// Whether `date` is one of them. It walks from the first day to the last, over the end of the year if need be.
    fn contain(&self, date: Date) -> bool {
        match self {
            Self::Once(first, last) => *first <= date && date <= *last,
            Self::Yearly(first, last) => {
                let same = |a: Date, b: Date| (a.month(), a.day()) == (b.month(), b.day());
                let mut day = *first;
                while !same(day, *last) && !same(day, date) {
                    day = day.tomorrow().unwrap();
                }
                same(day, date)
            }
        }
    }
}

impl RandomEntry {
    fn text(&self) -> String {
        let days = self.days.iter().map(|(first, last)| format!("{}-{}", DAYS[*first], DAYS[*last]));
        let dates = self.dates.iter().map(RandomDates::text);
        let clock = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        let times = self.times.iter().map(|(start, end)| format!("{}-{}", clock(*start), clock(*end)));
        days.chain(dates).chain(times).collect::<Vec<_>>().join(" ")
    }

    fn has_day(&self, date: Date) -> bool {
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap();
        let holds = |(first, last): &(usize, usize)| {
            (0..7).map(|step| (first + step) % 7).take((last + 7 - first) % 7 + 1).any(|each| each == day)
        };
        self.days.is_empty() || self.days.iter().any(holds)
    }
}

/// Whether it is open, by the sentences of the reference, one after the other.
fn is_open_by_reference(entries: &[RandomEntry], except: &[RandomDates], at: DateTime) -> bool {
    let excepted = |date: Date| except.iter().any(|dates| dates.contain(date));
    // "On such a date nothing is open,
    if excepted(at.date()) {
        return false;
    }
    [at.date().yesterday().unwrap(), at.date()].into_iter().any(|day| {
        // and nothing starts."
        if excepted(day) {
            return false;
        }
        // An entry with a date replaces the week's entries that start on that date.
        let dated = |entry: &&RandomEntry| entry.dates.iter().any(|dates| dates.contain(day));
        let of_date: Vec<&RandomEntry> = entries.iter().filter(dated).collect();
        let of_week =
            || entries.iter().filter(|entry| entry.dates.is_empty() && entry.has_day(day)).collect();
        let applying: Vec<&RandomEntry> = if of_date.is_empty() { of_week() } else { of_date };
        applying.iter().any(|entry| {
            let midnight = day.at(0, 0, 0, 0);
            let whole = [(0, 24 * 60)];
            let times = if entry.times.is_empty() { &whole[..] } else { &entry.times };
            times.iter().any(|(start, end)| {
                // An interval whose end is not after its start reaches into the next day.
                let end = if end > start { i64::from(*end) } else { i64::from(*end) + 24 * 60 };
                midnight + i64::from(*start).minutes() <= at && at < midnight + end.minutes()
            })
        })
    })
}

fn random_dates() -> impl Strategy<Value = RandomDates> {
    let day = |days: std::ops::Range<i64>| days.prop_map(|days| date(2026, 12, 14) + days.days());
    prop_oneof![
        (day(0..35), 0..4_i64).prop_map(|(first, more)| RandomDates::Once(first, first + more.days())),
        (day(0..35), 0..4_i64).prop_map(|(first, more)| RandomDates::Yearly(first, first + more.days())),
        Just(RandomDates::Yearly(date(2024, 2, 29), date(2024, 2, 29))),
    ]
}

/// Entries that all have times, and days or dates, so that no list of them is ambiguous.
fn random_entry() -> impl Strategy<Value = RandomEntry> {
    let minute = prop_oneof![0..1440_u16, (0..24_u16).prop_map(|hour| hour * 60)];
    let end = prop_oneof![4 => minute.clone(), 1 => Just(1440)];
    let times = prop::collection::vec((minute, end), 1..3);
    let days = prop::collection::vec((0..7_usize, 0..7_usize), 1..3);
    let dates = prop::collection::vec(random_dates(), 1..3);
    prop_oneof![
        3 => (days, times.clone()).prop_map(|(days, times)| RandomEntry { days, dates: Vec::new(), times }),
        2 => (dates, times).prop_map(|(dates, times)| RandomEntry { days: Vec::new(), dates, times }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn hours_agree_with_the_reference(
        entries in prop::collection::vec(random_entry(), 1..5),
        except in prop::collection::vec(random_dates(), 0..3),
        first in prop::sample::select(vec![date(2026, 12, 14), date(2027, 12, 27), date(2028, 2, 25)]),
    ) {
        let written: Vec<String> = entries.iter().map(RandomEntry::text).collect();
        let excepted: Vec<String> = except.iter().map(RandomDates::text).collect();
        let except_word = if except.is_empty() { "" } else { " except " };
        let calendar = hours(&format!("{}{except_word}{}", written.join(", "), excepted.join(", ")));
        for day in first.series(1.day()).take(14) {
            let openings = calendar.open_on(day);
            for minute in 0..1440_u16 {
                let at = day.at(0, 0, 0, 0) + i64::from(minute).minutes();
                let expected = is_open_by_reference(&entries, &except, at);
                prop_assert_eq!(calendar.is_open(at), expected, "at {}", at);
                let on = openings.iter().any(|opening| (opening.start..opening.end).contains(&minute));
                prop_assert_eq!(on, expected, "on {}", at);
            }
        }
    }
}
