//! Time: which calendars can be open at the same moment.
//!
//! The solver knows nothing about dates. It gets one variable for each calendar, and a finite table of *test instants*:
//! one moment for each combination of open and closed calendars that ever occurs (as in quantifier elimination by test
//! points: Loos and Weispfenning, *Applying Linear Quantifier Elimination*, 1993). Every moment behaves like one of
//! them.

mod days;
mod instants;
mod week;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use fixedbitset::FixedBitSet;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::index_vec::{IndexVec, VecIndex, index_types};
use crate::describe::WeeklyInterval;
use crate::policy::calendar::{Calendar, Opening};

index_types! {
    /// A calendar in a time zone, by its index in [`Timeline`].
    CalendarId;
    /// A combination of open and closed calendars, by its index in [`Timeline`].
    MomentId;
    /// A time zone, by its index in [`Timeline`].
    ZoneId;
}

impl MomentId {
    /// The combination at [`DEFAULT`].
    pub(in crate::prove) const DEFAULT: Self = Self(0);
}

/// The moment of a test without `given at`: a Monday at noon.
pub(in crate::prove) const DEFAULT: DateTime = DateTime::constant(2026, 1, 5, 12, 0, 0, 0);

/// Without an exception at the turn of a century, the Gregorian calendar repeats every 28 years (the solar cycle): in
/// these years each date falls on each weekday. Dates with a year of their own are added to them.
const YEARS: std::ops::Range<i16> = 2024..2052;

/// The most days, times calendars, that are examined.
const MAX_WORK: usize = 20_000_000;

/// The calendars that conditions mention, and when they are open together.
pub(in crate::prove) struct Timeline {
    /// The same calendar in another zone is another one.
    calendars: IndexVec<CalendarId, (Arc<Calendar>, ZoneId)>,
    known: HashMap<(Arc<Calendar>, ZoneId), CalendarId>,
    zones: IndexVec<ZoneId, TimeZone>,
    /// The zone of the calendars that follow. In the end it is the one in which examples are given.
    zone: ZoneId,
    /// An example of each combination; the first is [`DEFAULT`].
    examples: IndexVec<MomentId, DateTime>,
    open: OpenMatrix,
    /// The moments at which every calendar is as in an ordinary week.
    ordinary_moments: OnceCell<FixedBitSet>,
    /// The intervals of the ordinary week, and what is open in them.
    week: OnceCell<(Vec<WeeklyInterval>, OpenMatrix)>,
    /// Every combination was found.
    pub(in crate::prove) complete: bool,
}

/// Which calendars are open at some moments: a row of bits for each calendar.
#[derive(Default)]
pub(in crate::prove) struct OpenMatrix {
    /// The number of moments.
    pub(in crate::prove) count: usize,
    rows: IndexVec<CalendarId, FixedBitSet>,
}

impl OpenMatrix {
    /// The matrix of so many calendars; for each moment, those that are open.
    fn new(calendars: usize, moments: &[FixedBitSet]) -> Self {
        let row = |calendar| {
            let mut row = FixedBitSet::with_capacity(moments.len());
            for (moment, open) in moments.iter().enumerate() {
                row.set(moment, open.contains(calendar));
            }
            row
        };
        Self { count: moments.len(), rows: (0..calendars).map(row).collect() }
    }

    /// The moments at which the calendar is open.
    pub(in crate::prove) fn of(&self, calendar: CalendarId) -> &FixedBitSet {
        &self.rows[calendar]
    }

    /// No moment.
    pub(in crate::prove) fn none(&self) -> FixedBitSet {
        FixedBitSet::with_capacity(self.count)
    }

    /// All moments.
    pub(in crate::prove) fn all(&self) -> FixedBitSet {
        complement(self.none())
    }
}

/// What is not in the set.
pub(in crate::prove) fn complement(mut set: FixedBitSet) -> FixedBitSet {
    set.toggle_range(..);
    set
}

/// Keeps of `set` what is in `other`, or what is not.
pub(in crate::prove) fn keep(set: &mut FixedBitSet, other: &FixedBitSet, is_in: bool) {
    if is_in { set.intersect_with(other) } else { set.difference_with(other) }
}

impl Timeline {
    pub(in crate::prove) fn new() -> Self {
        Self {
            calendars: IndexVec::default(),
            known: HashMap::new(),
            zones: IndexVec::default(),
            zone: ZoneId(0),
            examples: IndexVec::default(),
            open: OpenMatrix::default(),
            ordinary_moments: OnceCell::new(),
            week: OnceCell::new(),
            complete: true,
        }
    }

    /// The calendars that follow are in `zone`.
    pub(in crate::prove) fn set_zone(&mut self, zone: &TimeZone) {
        if self.zones.is_empty() || self.zones[self.zone] != *zone {
            self.zone = self.zones.push(zone.clone());
        }
    }

    pub(in crate::prove) fn intern(&mut self, calendar: &Arc<Calendar>) -> CalendarId {
        let entry = (Arc::clone(calendar), self.zone);
        *self.known.entry(entry).or_insert_with_key(|entry| self.calendars.push(entry.clone()))
    }

    pub(in crate::prove) fn is_open(&self, calendar: CalendarId, moment: MomentId) -> bool {
        self.open.of(calendar).contains(moment.position())
    }

    /// A date and time with this combination.
    pub(in crate::prove) fn example(&self, moment: MomentId) -> DateTime {
        self.examples[moment]
    }

    /// All calendars.
    pub(in crate::prove) fn calendars(&self) -> impl Iterator<Item = CalendarId> {
        self.calendars.iter().map(|(id, _)| id)
    }

    /// Whether a calendar is otherwise on some dates than on other days of the week.
    pub(in crate::prove) fn has_dates(&self) -> bool {
        let (mut once, mut yearly) = (BTreeSet::new(), BTreeSet::new());
        self.calendars.values().for_each(|(calendar, _)| calendar.boundaries(&mut once, &mut yearly));
        !once.is_empty() || !yearly.is_empty()
    }

    /// All combinations.
    pub(in crate::prove) fn moments(&self) -> &OpenMatrix {
        &self.open
    }

    /// The moments at which every calendar is as in an ordinary week.
    pub(in crate::prove) fn ordinary_moments(&self) -> &FixedBitSet {
        self.ordinary_moments.get_or_init(|| week::ordinary_moments(self))
    }

    /// The intervals of the ordinary week in which nothing opens or closes, and what is open in them.
    pub(in crate::prove) fn week(&self) -> (&[WeeklyInterval], &OpenMatrix) {
        let (intervals, open) = self.week.get_or_init(|| week::week(self));
        (intervals, open)
    }

    /// All calendars are in the zone in which examples are given.
    pub(in crate::prove) fn has_one_zone(&self) -> bool {
        self.calendars.values().all(|(_, zone)| *zone == self.zone)
    }

    /// The first combination in which each calendar is open or closed as `wanted`; or else the positions of a few of
    /// the wishes that no combination fulfils together.
    pub(in crate::prove) fn find(&self, wanted: &[(CalendarId, bool)]) -> Result<MomentId, Vec<usize>> {
        let mut core: Vec<(usize, &(CalendarId, bool))> = wanted.iter().enumerate().collect();
        if let Some(moment) = self.first(&core) {
            return Ok(moment);
        }
        // Each wish that is not needed for the contradiction is deleted: the shorter a lemma, the more it excludes.
        for position in 0..wanted.len() {
            let without: Vec<_> = core.iter().copied().filter(|(other, _)| *other != position).collect();
            if self.first(&without).is_none() {
                core = without;
            }
        }
        Err(core.into_iter().map(|(position, _)| position).collect())
    }

    fn first(&self, wanted: &[(usize, &(CalendarId, bool))]) -> Option<MomentId> {
        let mut fitting = self.open.all();
        for (_, (calendar, is_open)) in wanted {
            keep(&mut fitting, self.open.of(*calendar), *is_open);
        }
        fitting.minimum().map(MomentId::new)
    }

    /// Finds the combinations, once all calendars are known.
    pub(in crate::prove) fn enumerate(&mut self) {
        let mut found = Combinations::default();
        let complete = if self.has_one_zone() {
            days::enumerate(self, &mut found)
        } else {
            instants::enumerate(self, &mut found)
        };
        self.complete = complete;
        self.open = OpenMatrix::new(self.calendars.len(), &found.each);
        self.examples = found.examples.into_iter().collect();
    }

    /// Divides a day into the intervals in which nothing opens or closes, with what is open in each. `of` gives the
    /// hours of a calendar on that day.
    fn intervals(
        &self,
        of: impl Fn(&Calendar) -> Vec<Opening>,
        visit: &mut dyn FnMut(u16, u16, &FixedBitSet),
    ) {
        // The calendars that open or close at each minute.
        let mut changes: BTreeMap<u16, Vec<CalendarId>> = BTreeMap::from([(0, Vec::new())]);
        for (id, (calendar, _)) in self.calendars.iter() {
            for opening in of(calendar) {
                changes.entry(opening.start).or_default().push(id);
                changes.entry(opening.end).or_default().push(id);
            }
        }
        let mut open = FixedBitSet::with_capacity(self.calendars.len());
        let mut changes = changes.into_iter().peekable();
        while let Some((start, calendars)) = changes.next() {
            for calendar in calendars {
                open.toggle(calendar.position());
            }
            let end = changes.peek().map_or(24 * 60, |(next, _)| *next);
            if start < end {
                visit(start, end, &open);
            }
        }
    }

    /// The calendars for which `is_open`.
    fn combination(&self, is_open: impl Fn(&Calendar, &TimeZone) -> bool) -> FixedBitSet {
        let mut combination = FixedBitSet::with_capacity(self.calendars.len());
        for (id, (calendar, zone)) in self.calendars.iter() {
            combination.set(id.position(), is_open(calendar, &self.zones[*zone]));
        }
        combination
    }
}

/// The combinations that were found: each once, with its first example.
#[derive(Default)]
struct Combinations {
    known: HashSet<FixedBitSet>,
    each: Vec<FixedBitSet>,
    examples: Vec<DateTime>,
}

impl Combinations {
    fn add(&mut self, combination: FixedBitSet, example: DateTime) {
        if self.known.insert(combination.clone()) {
            self.each.push(combination);
            self.examples.push(example);
        }
    }
}
