//! When customers write, who they are, and what they write.
//!
//! The time between two messages of a Poisson process whose rate changes is found by inverting the integral of the rate (E.
//! Çinlar, *Introduction to Stochastic Processes*, 1975, section 4.7), which is exact where the rate is constant by pieces.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::draws::RandomStream;
use super::traffic::{ArrivalProcess, RecordedArrival, Traffic};
use super::traffic_file::MAX_DAYS;
use super::weighted_list::WeightedList;
use crate::policy::calendar::{Opening, instant};

/// A message that a customer writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Arrival {
    /// The instant, in microseconds since 1970.
    pub(super) at: i64,
    /// Its position among all arrivals.
    pub(super) index: u64,
    /// The index of the number.
    pub(super) number: usize,
    /// The index of the customer.
    pub(super) customer: usize,
    /// Whether it is the customer's first message.
    pub(super) is_new: bool,
    /// What is written.
    pub(super) content: MessageContent,
}

/// What a message says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageContent {
    /// The message of the traffic file with that index; `None`: a text that says nothing.
    Mix(Option<usize>),
    /// The recorded message with that index.
    Recorded(usize),
}

/// The span of time that is simulated, and the numbers that customers write to.
#[derive(Debug, Clone)]
pub(super) struct TrafficScope {
    /// In microseconds since 1970.
    pub(super) start: i64,
    /// In microseconds since 1970; it is not part of the span.
    pub(super) end: i64,
    /// The numbers, each once.
    pub(super) numbers: Vec<Arc<str>>,
}

impl TrafficScope {
    pub(super) fn of(traffic: &Traffic) -> Self {
        let (first, days, numbers) = match &traffic.recorded {
            Some(recorded) => {
                let day = |at: i64| {
                    let at = Timestamp::from_microsecond(at).unwrap_or_default();
                    traffic.timezone.to_datetime(at).date()
                };
                let first = recorded.first().map_or(traffic.start, |first| day(first.at_micros));
                let last = recorded.last().map_or(first, |last| day(last.at_micros));
                let days = last.duration_since(first).as_hours() / 24 + 1;
                let numbers = recorded.iter().filter_map(|arrival| arrival.situation.number.as_deref());
                (first, days.min(i64::from(MAX_DAYS)), distinct(numbers))
            }
            None => {
                let numbers = traffic.arrivals.iter().map(|process| &*process.number);
                (traffic.start, i64::from(traffic.days), distinct(numbers))
            }
        };
        let midnight = |date: Date| instant(date.at(0, 0, 0, 0), &traffic.timezone).as_microsecond();
        let last = first.saturating_add(SignedDuration::from_hours(24 * days));
        Self { start: midnight(first), end: midnight(last), numbers }
    }
}

/// The names, each once.
fn distinct<'n>(names: impl Iterator<Item = &'n str>) -> Vec<Arc<str>> {
    let mut seen = HashSet::new();
    names.filter(|name| seen.insert(*name)).map(Arc::from).collect()
}

/// The openings of a calendar within the scope, as instants with the hour of the day at their start. Longer ones are cut at full
/// hours.
fn openings<'a>(
    scope: &'a TrafficScope,
    process: &'a ArrivalProcess,
) -> impl Iterator<Item = (i64, i64, usize)> + 'a {
    dates(scope, &process.timezone).flat_map(move |date| {
        let mut found = Vec::new();
        for opening in process.hours.open_on(date) {
            let mut from = opening.start;
            while from < opening.end {
                let to = ((from / 60 + 1) * 60).min(opening.end);
                let piece = Opening { start: from, end: to };
                if let Some((start, end)) = span_of(scope, date, piece, &process.timezone) {
                    found.push((start, end, usize::from(from / 60)));
                }
                from = to;
            }
        }
        found
    })
}

/// The dates that the scope touches in a time zone.
pub(super) fn dates(scope: &TrafficScope, zone: &jiff::tz::TimeZone) -> impl Iterator<Item = Date> {
    let day = |at| zone.to_datetime(Timestamp::from_microsecond(at).unwrap_or_default()).date();
    let (first, last) = (day(scope.start), day(scope.end));
    std::iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last)
}

/// An opening of a date as instants, as far as it lies in the scope.
pub(super) fn span_of(
    scope: &TrafficScope,
    date: Date,
    opening: Opening,
    zone: &jiff::tz::TimeZone,
) -> Option<(i64, i64)> {
    let at = |minutes: u16| {
        let midnight = date.at(0, 0, 0, 0);
        let local = midnight.saturating_add(SignedDuration::from_mins(i64::from(minutes)));
        instant(local, zone).as_microsecond().clamp(scope.start, scope.end)
    };
    let (start, end) = (at(opening.start), at(opening.end));
    (start < end).then_some((start, end))
}

/// The messages of a Poisson process, by time.
struct ProcessStream<'a> {
    number: usize,
    /// The start and the end, in microseconds since the scope began, and the rate in a microsecond.
    pieces: Box<dyn Iterator<Item = (f64, f64, f64)> + 'a>,
    piece: Option<(f64, f64, f64)>,
    next: Option<f64>,
    times: RandomStream,
}

impl<'a> ProcessStream<'a> {
    #[expect(clippy::cast_precision_loss, reason = "a year has far fewer than 2⁵³ microseconds")]
    fn new(
        process: &'a ArrivalProcess,
        scope: &'a TrafficScope,
        number: usize,
        seed: u64,
        at: usize,
    ) -> Self {
        const HOUR: f64 = 3_600e6;
        let piece = move |(start, end, hour): (i64, i64, usize)| {
            let rate = process.per_hour.get(hour).copied().unwrap_or(0.0) / HOUR;
            ((start - scope.start) as f64, (end - scope.start) as f64, rate)
        };
        let mut pieces = Box::new(openings(scope, process).map(piece));
        let piece = pieces.next();
        let times = RandomStream::new(seed, &format!("arrivals {at}"));
        let mut stream = Self { number, pieces, piece, next: None, times };
        stream.advance();
        stream
    }

    /// Draws the next moment.
    fn advance(&mut self) {
        let mut need = self.times.exponential();
        self.next = None;
        while let Some((start, end, rate)) = self.piece {
            let expected = (end - start) * rate;
            if need < expected {
                let at = start + need / rate;
                self.piece = Some((at, end, rate));
                self.next = Some(at);
                return;
            }
            need -= expected;
            self.piece = self.pieces.next();
        }
    }
}

/// All arrivals, by time.
pub(super) struct ArrivalStream<'a> {
    traffic: &'a Traffic,
    scope: &'a TrafficScope,
    processes: Vec<ProcessStream<'a>>,
    /// The next message of each process: its moment, whose bits order as it does, since it is not negative, and the process.
    next: BinaryHeap<Reverse<(u64, usize)>>,
    /// The index of each number.
    numbers: HashMap<&'a str, usize>,
    customers: RandomStream,
    messages: RandomStream,
    /// For each number, the indexes of the messages that begin a chat.
    opening_messages: Vec<WeightedList<usize>>,
    /// For each number, its customers so far.
    customers_of_number: Vec<Vec<usize>>,
    /// The customers of a log, by id, or else by phone number.
    recorded_customers: HashMap<String, usize>,
    customers_so_far: usize,
    arrivals: u64,
    /// How many recorded messages have been read.
    read: usize,
}

impl<'a> ArrivalStream<'a> {
    pub(super) fn new(traffic: &'a Traffic, scope: &'a TrafficScope, seed: u64) -> Self {
        let processes: &[ArrivalProcess] = if traffic.recorded.is_some() { &[] } else { &traffic.arrivals };
        let known = if traffic.recorded.is_some() { 0 } else { traffic.customers.returning as usize };
        let numbers: HashMap<&str, usize> = scope.numbers.iter().map(|number| &**number).zip(0..).collect();
        let number = |process: &ArrivalProcess| numbers.get(&*process.number).copied().unwrap_or_default();
        let processes: Vec<ProcessStream<'_>> = (0..)
            .zip(processes)
            .map(|(at, process)| ProcessStream::new(process, scope, number(process), seed, at))
            .collect();
        let next = processes.iter().enumerate();
        let next = next.filter_map(|(index, process)| Some(Reverse((process.next?.to_bits(), index))));
        Self {
            traffic,
            scope,
            next: next.collect(),
            processes,
            customers: RandomStream::new(seed, "customers"),
            messages: RandomStream::new(seed, "messages"),
            opening_messages: scope
                .numbers
                .iter()
                .map(|number| message_mix(traffic, number, false))
                .collect(),
            customers_of_number: (0..numbers.len())
                .map(|number| (number * known..(number + 1) * known).collect())
                .collect(),
            recorded_customers: HashMap::new(),
            customers_so_far: numbers.len() * known,
            numbers,
            read: 0,
            arrivals: 0,
        }
    }

    /// How many customers of each number have written before.
    pub(super) fn returning_customers(&self) -> &[Vec<usize>] {
        &self.customers_of_number
    }

    #[expect(clippy::cast_possible_truncation, reason = "the scope ends before that")]
    fn next_of_processes(&mut self) -> Option<Arrival> {
        let Reverse((at, index)) = self.next.pop()?;
        let at = f64::from_bits(at);
        let process = self.processes.get_mut(index)?;
        let number = process.number;
        process.advance();
        self.next.extend(process.next.map(|next| Reverse((next.to_bits(), index))));
        let pool = self.customers_of_number.get_mut(number)?;
        let (who, which) = (self.customers.uniform(), self.customers.index(pool.len()));
        let is_new = who < self.traffic.customers.new_share || pool.is_empty();
        let customer = if is_new {
            pool.push(self.customers_so_far);
            self.customers_so_far += 1;
            self.customers_so_far - 1
        } else {
            *pool.get(which)?
        };
        let content =
            MessageContent::Mix(self.opening_messages.get(number)?.at(self.messages.uniform()).copied());
        let at = self.scope.start + at as i64;
        Some(Arrival { at, index: self.arrivals, number, customer, is_new, content })
    }

    fn next_recorded(&mut self) -> Option<Arrival> {
        let all = self.traffic.recorded.as_ref()?;
        let has_number = |arrival: &RecordedArrival| arrival.situation.number.is_some();
        let index = self.read + all.get(self.read..)?.iter().position(has_number)?;
        self.read = index + 1;
        let recorded = all.get(index)?;
        let number = *self.numbers.get(recorded.situation.number.as_deref()?)?;
        let customer = &recorded.situation.customer;
        let name = customer.id.as_ref().or(customer.phone.as_ref());
        let next = self.customers_so_far;
        let customer = match name {
            Some(name) => *self.recorded_customers.entry(name.clone()).or_insert(next),
            None => next,
        };
        let is_new = customer == next;
        self.customers_so_far += usize::from(is_new);
        let content = MessageContent::Recorded(index);
        Some(Arrival { at: recorded.at_micros, index: self.arrivals, number, customer, is_new, content })
    }
}

impl Iterator for ArrivalStream<'_> {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        let arrival =
            if self.traffic.recorded.is_some() { self.next_recorded() } else { self.next_of_processes() };
        self.arrivals += u64::from(arrival.is_some());
        arrival
    }
}

/// The indexes of the messages that are written to a number, when a chat begins or in an open one.
pub(super) fn message_mix(traffic: &Traffic, number: &str, is_follow_up: bool) -> WeightedList<usize> {
    let messages = traffic.messages.iter().enumerate();
    let fits = messages.filter(|(_, mix)| {
        mix.is_follow_up == is_follow_up && mix.number.as_deref().is_none_or(|only| only == number)
    });
    WeightedList::new(fits.map(|(index, mix)| (index, mix.weight)))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::policy::calendar::Calendar;

    /// One day of a process whose rate is 10 an hour, and 100 from nine to ten.
    fn day() -> Traffic {
        let mut per_hour = [10.0; 24];
        per_hour[9] = 100.0;
        let process = ArrivalProcess {
            number: "+15550100".into(),
            hours: Calendar::always(),
            per_hour,
            timezone: TimeZone::UTC,
        };
        Traffic { days: 1, arrivals: vec![process], ..Traffic::empty(TimeZone::UTC) }
    }

    #[test]
    fn the_number_of_arrivals_has_the_poisson_distribution() {
        const SEEDS: u32 = 400;
        let traffic = day();
        let scope = TrafficScope::of(&traffic);
        let counts = |from: i64, to: i64| {
            let count = |seed: u32| {
                let arrivals = ArrivalStream::new(&traffic, &scope, seed.into())
                    .map(|arrival| (arrival.at - scope.start) / 3_600_000_000)
                    .filter(|hour| (from..to).contains(hour))
                    .count();
                f64::from(u32::try_from(arrivals).unwrap())
            };
            (0..SEEDS).map(count).collect::<Vec<f64>>()
        };
        for (from, to, expected) in [(0, 24, 330.0), (9, 10, 100.0), (10, 24, 140.0)] {
            let counts = counts(from, to);
            let mean = counts.iter().sum::<f64>() / f64::from(SEEDS);
            let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / f64::from(SEEDS);
            // Three standard deviations of the mean, and of the variance of a sample.
            assert!(
                (mean - expected).abs() < 3.0 * (expected / f64::from(SEEDS)).sqrt(),
                "{mean} of {expected}"
            );
            assert!((variance / expected - 1.0).abs() < 3.0 * (2.0 / f64::from(SEEDS)).sqrt(), "{variance}");
        }
    }

    #[test]
    fn arrivals_come_in_order_and_within_the_time() {
        let traffic = day();
        let scope = TrafficScope::of(&traffic);
        let times: Vec<i64> = ArrivalStream::new(&traffic, &scope, 1).map(|arrival| arrival.at).collect();
        assert!(times.is_sorted() && times.iter().all(|at| (scope.start..scope.end).contains(at)));
        assert!(times.len() > 200, "{}", times.len());
    }
}
