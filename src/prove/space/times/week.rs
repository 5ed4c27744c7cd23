//! The ordinary week: what calendars say where no date has hours of its own.

use super::{Bits, Openings, Times};
use crate::policy::calendar::Calendar;

/// A stretch of an ordinary day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// The day of the week; 0 is Monday.
    pub day: usize,
    /// Minutes from midnight.
    pub start: u16,
    /// The same; it is no part of the stretch.
    pub end: u16,
}

/// The stretches of the ordinary week in which nothing opens or closes, and what is open in them.
pub(super) fn week(times: &Times) -> (Vec<Stretch>, Openings) {
    let (mut stretches, mut each) = (Vec::new(), Vec::new());
    for day in 0..7 {
        let opening = |calendar: &Calendar| calendar.open_in_week(day);
        times.stretches(opening, &mut |start, end, open| {
            stretches.push(Stretch { day, start, end });
            each.push(open.clone());
        });
    }
    let openings = Openings::new(times.calendars.len(), &each);
    (stretches, openings)
}

/// The moments at which every calendar is as in an ordinary week.
pub(super) fn ordinary(times: &Times) -> Bits {
    let mut ordinary = Bits::none(times.moments.len());
    for (moment, at) in times.moments.iter().enumerate() {
        let day = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        let minute = u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
        let mut calendars = times.calendars.iter().map(|(calendar, _)| calendar);
        let is_ordinary = calendars.all(|calendar| {
            let mut openings = calendar.open_in_week(day).into_iter();
            calendar.is_open(*at) == openings.any(|opening| (opening.start..opening.end).contains(&minute))
        });
        if is_ordinary {
            ordinary.set(moment);
        }
    }
    ordinary
}
