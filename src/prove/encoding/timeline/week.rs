//! The ordinary week: what calendars say where no date has hours of its own.

use fixedbitset::FixedBitSet;

use super::{OpenMatrix, Timeline};
use crate::describe::WeeklyInterval;
use crate::policy::calendar::Calendar;

/// The intervals of the ordinary week in which nothing opens or closes, and what is open in them.
pub(super) fn week(timeline: &Timeline) -> (Vec<WeeklyInterval>, OpenMatrix) {
    let (mut intervals, mut each) = (Vec::new(), Vec::new());
    for day in 0..7 {
        let openings = |calendar: &Calendar| calendar.open_in_week(day);
        timeline.intervals(openings, &mut |start, end, open| {
            intervals.push(WeeklyInterval { day, start, end });
            each.push(open.clone());
        });
    }
    let open = OpenMatrix::new(timeline.calendars.len(), &each);
    (intervals, open)
}

/// The moments at which every calendar is as in an ordinary week.
pub(super) fn ordinary_moments(timeline: &Timeline) -> FixedBitSet {
    let mut ordinary = timeline.open.none();
    for (moment, at) in timeline.examples.values().enumerate() {
        let day = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        let minute = u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
        let mut calendars = timeline.calendars.values().map(|(calendar, _)| calendar);
        let is_ordinary = calendars.all(|calendar| {
            let mut openings = calendar.open_in_week(day).into_iter();
            calendar.is_open(*at) == openings.any(|opening| (opening.start..opening.end).contains(&minute))
        });
        ordinary.set(moment, is_ordinary);
    }
    ordinary
}
