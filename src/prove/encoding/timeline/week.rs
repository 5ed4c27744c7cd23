//! The ordinary week: what calendars say where no date has hours of its own.

use super::{Bits, OpenMatrix, Timeline};
use crate::describe::WeeklyInterval;
use crate::policy::calendar::Calendar;

/// The stretches of the ordinary week in which nothing opens or closes, and what is open in them.
pub(super) fn week(timeline: &Timeline) -> (Vec<WeeklyInterval>, OpenMatrix) {
    let (mut stretches, mut each) = (Vec::new(), Vec::new());
    for day in 0..7 {
        let opening = |calendar: &Calendar| calendar.open_in_week(day);
        timeline.stretches(opening, &mut |start, end, open| {
            stretches.push(WeeklyInterval { day, start, end });
            each.push(open.clone());
        });
    }
    let openings = OpenMatrix::new(timeline.calendars.len(), &each);
    (stretches, openings)
}

/// The moments at which every calendar is as in an ordinary week.
pub(super) fn ordinary_moments(timeline: &Timeline) -> Bits {
    let mut ordinary_moments = Bits::none(timeline.moments.len());
    for (moment, at) in timeline.moments.iter().enumerate() {
        let day = usize::from(at.weekday().to_monday_zero_offset().unsigned_abs());
        let minute = u16::from(at.hour().unsigned_abs()) * 60 + u16::from(at.minute().unsigned_abs());
        let mut calendars = timeline.calendars.iter().map(|(calendar, _)| calendar);
        let is_ordinary = calendars.all(|calendar| {
            let mut openings = calendar.open_in_week(day).into_iter();
            calendar.is_open(*at) == openings.any(|opening| (opening.start..opening.end).contains(&minute))
        });
        if is_ordinary {
            ordinary_moments.set(moment);
        }
    }
    ordinary_moments
}
