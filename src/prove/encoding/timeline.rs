//! Moments: the combinations of open and closed calendars that really occur, each with an example.

mod days;
mod instants;
mod week;

use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::atom::CalendarId;
use super::bits::Bits;
use crate::describe::WeeklyInterval;
use crate::policy::calendar::{Calendar, Opening};

/// Where nothing is said, a test is on a Monday at noon.
pub(in crate::prove) const DEFAULT: DateTime = DateTime::constant(2026, 1, 5, 12, 0, 0, 0);

/// In these years every date meets every weekday.
const YEARS: std::ops::Range<i16> = 2024..2052;

/// Days times calendars that are looked at, at most.
const MAX_WORK: usize = 20_000_000;

/// The calendars that are asked about, and when they are open together.
pub(in crate::prove) struct Timeline {
    /// Each as it is read in one of the zones.
    calendars: Vec<(Arc<Calendar>, usize)>,
    places: HashMap<(Arc<Calendar>, usize), CalendarId>,
    /// The zones that calendars are read in; examples are told in the last.
    zones: Vec<TimeZone>,
    /// An example of each combination; the first is [`DEFAULT`].
    moments: Vec<DateTime>,
    open: OpenMatrix,
    /// Those at which every calendar is as in an ordinary week.
    ordinary_moments: OnceCell<Bits>,
    /// The stretches of that week, and what is open in them.
    week: OnceCell<(Vec<WeeklyInterval>, OpenMatrix)>,
    /// Every combination was found.
    pub(in crate::prove) complete: bool,
}

/// A combination: its place among them.
pub(in crate::prove) type MomentId = usize;

/// Which calendars are open at each of some moments.
#[derive(Default)]
pub(in crate::prove) struct OpenMatrix {
    pub(in crate::prove) count: usize,
    /// For each calendar the moments at which it is open.
    rows: Vec<Bits>,
}

impl OpenMatrix {
    /// Of so many `calendars`, the open ones at each moment.
    fn new(calendars: usize, moments: &[Bits]) -> Self {
        let mut rows = vec![Bits::none(moments.len()); calendars];
        for (moment, open) in moments.iter().enumerate() {
            for (_, row) in rows.iter_mut().enumerate().filter(|(calendar, _)| open.has(*calendar)) {
                row.set(moment);
            }
        }
        Self { count: moments.len(), rows }
    }

    /// When the calendar is open.
    pub(in crate::prove) fn of(&self, calendar: CalendarId) -> Option<&Bits> {
        self.rows.get(calendar.0 as usize)
    }
}

impl Timeline {
    pub(in crate::prove) fn new() -> Self {
        Self {
            calendars: Vec::new(),
            places: HashMap::new(),
            zones: Vec::new(),
            moments: Vec::new(),
            open: OpenMatrix::default(),
            ordinary_moments: OnceCell::new(),
            week: OnceCell::new(),
            complete: true,
        }
    }

    /// From now on calendars are read in `zone`.
    pub(in crate::prove) fn set_zone(&mut self, zone: &TimeZone) {
        if self.zones.last() != Some(zone) {
            self.zones.push(zone.clone());
        }
    }

    pub(in crate::prove) fn calendar(&mut self, calendar: &Arc<Calendar>) -> CalendarId {
        let zone = self.zones.len().saturating_sub(1);
        let read = (Arc::clone(calendar), zone);
        if let Some(known) = self.places.get(&read) {
            return *known;
        }
        let place = CalendarId(u32::try_from(self.calendars.len()).unwrap_or(u32::MAX));
        self.calendars.push(read.clone());
        self.places.insert(read, place);
        place
    }

    pub(in crate::prove) fn is_open(&self, calendar: CalendarId, moment: MomentId) -> bool {
        self.open.of(calendar).is_some_and(|open| open.has(moment))
    }

    /// An example of it.
    pub(in crate::prove) fn at(&self, moment: MomentId) -> DateTime {
        self.moments.get(moment).copied().unwrap_or(DEFAULT)
    }

    /// Every combination.
    pub(in crate::prove) fn moments(&self) -> &OpenMatrix {
        &self.open
    }

    /// The moments at which every calendar is as in an ordinary week.
    pub(in crate::prove) fn ordinary_moments(&self) -> &Bits {
        self.ordinary_moments.get_or_init(|| week::ordinary_moments(self))
    }

    /// The stretches of the ordinary week in which nothing opens or closes, and what is open in them.
    pub(in crate::prove) fn week(&self) -> (&[WeeklyInterval], &OpenMatrix) {
        let (stretches, open) = self.week.get_or_init(|| week::week(self));
        (stretches, open)
    }

    /// All calendars are read in the zone that examples are told in.
    pub(in crate::prove) fn has_one_zone(&self) -> bool {
        self.calendars.iter().all(|(_, zone)| zone + 1 == self.zones.len())
    }

    /// The first combination in which each calendar is as `wanted`, or else which of the wants contradict.
    pub(in crate::prove) fn find(&self, wanted: &[(CalendarId, bool)]) -> Result<MomentId, Vec<usize>> {
        let mut left: Vec<usize> = (0..wanted.len()).collect();
        if let Some(moment) = self.first(wanted, &left) {
            return Ok(moment);
        }
        for want in 0..wanted.len() {
            let without: Vec<usize> = left.iter().copied().filter(|other| *other != want).collect();
            if self.first(wanted, &without).is_none() {
                left = without;
            }
        }
        Err(left)
    }

    fn first(&self, wanted: &[(CalendarId, bool)], which: &[usize]) -> Option<MomentId> {
        let mut fitting = Bits::all(self.moments.len());
        for (calendar, open) in which.iter().filter_map(|want| wanted.get(*want)) {
            if let Some(row) = self.open.of(*calendar) {
                fitting.keep(row, *open);
            }
        }
        fitting.first()
    }

    /// Looks for the combinations, once all calendars are known.
    pub(in crate::prove) fn enumerate(&mut self) {
        let mut found = OpenSets::default();
        let complete = if self.has_one_zone() {
            days::enumerate(self, &mut found)
        } else {
            instants::enumerate(self, &mut found)
        };
        self.complete = complete;
        self.open = OpenMatrix::new(self.calendars.len(), &found.each);
        self.moments = found.moments;
    }

    /// The stretches of a day in which nothing opens or closes, from minute to minute, with what is open in each.
    fn stretches(&self, of: impl Fn(&Calendar) -> Vec<Opening>, seen: &mut dyn FnMut(u16, u16, &Bits)) {
        // Where each calendar opens or closes.
        let mut changes: BTreeMap<u16, Vec<usize>> = BTreeMap::from([(0, Vec::new())]);
        for (place, (calendar, _)) in self.calendars.iter().enumerate() {
            for opening in of(calendar) {
                changes.entry(opening.start).or_default().push(place);
                changes.entry(opening.end).or_default().push(place);
            }
        }
        let mut open = Bits::none(self.calendars.len());
        let mut changes = changes.into_iter().peekable();
        while let Some((start, places)) = changes.next() {
            for place in places {
                open.flip(place);
            }
            let end = changes.peek().map_or(24 * 60, |(next, _)| *next);
            if start < end {
                seen(start, end, &open);
            }
        }
    }

    /// The calendars that are open where `is_open`.
    fn combination(&self, is_open: impl Fn(&Calendar, &TimeZone) -> bool) -> Bits {
        let mut combination = Bits::none(self.calendars.len());
        for (place, (calendar, zone)) in self.calendars.iter().enumerate() {
            if self.zones.get(*zone).is_some_and(|zone| is_open(calendar, zone)) {
                combination.set(place);
            }
        }
        combination
    }
}

/// The combinations that were found.
#[derive(Default)]
struct OpenSets {
    seen: HashSet<Bits>,
    each: Vec<Bits>,
    moments: Vec<DateTime>,
}

impl OpenSets {
    fn keep(&mut self, combination: Bits, example: DateTime) {
        if self.seen.insert(combination.clone()) {
            self.each.push(combination);
            self.moments.push(example);
        }
    }
}
