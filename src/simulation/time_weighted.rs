//! Numbers that change over time: their mean, their maximum, and their time series.

/// The total time during which a condition held.
#[derive(Debug, Clone, Default)]
pub(super) struct ActiveTime {
    since: Option<i64>,
    total: i64,
}

impl ActiveTime {
    /// The condition holds, or not, from this moment on.
    pub(super) fn set(&mut self, is_active: bool, now: i64) {
        match (self.since, is_active) {
            (None, true) => self.since = Some(now),
            (Some(since), false) => {
                self.total += now - since;
                self.since = None;
            }
            _ => {}
        }
    }

    /// The time until this moment, in microseconds.
    pub(super) fn total(&self, now: i64) -> i64 {
        self.total + self.since.map_or(0, |since| now - since)
    }
}

/// A count with its time-weighted mean, its maximum and a series of both (a time-persistent statistic, in the term of A. Law,
/// *Simulation Modeling and Analysis*).
#[derive(Debug, Clone)]
pub(super) struct TimeWeightedCount {
    start: i64,
    at: i64,
    count: u32,
    max: u32,
    /// The sum of the count over microseconds.
    integral: u128,
    width: i64,
    /// The same by intervals of equal width, with the maximum of each.
    intervals: Vec<(u128, u32)>,
}

impl TimeWeightedCount {
    /// A count that is 0 at `start`. Its time series until `end` has `intervals` intervals.
    pub(super) fn new(start: i64, end: i64, intervals: usize) -> Self {
        let parts = i64::try_from(intervals).unwrap_or(1).max(1);
        let width = ((end - start) / parts).max(1);
        Self { start, at: start, count: 0, max: 0, integral: 0, width, intervals: vec![(0, 0); intervals] }
    }

    /// The count now.
    pub(super) fn count(&self) -> u32 {
        self.count
    }

    /// One more.
    pub(super) fn add(&mut self, now: i64) {
        self.advance_to(now);
        self.count += 1;
        self.max = self.max.max(self.count);
        let place = self.interval(now);
        if let Some((_, max)) = self.intervals.get_mut(place) {
            *max = (*max).max(self.count);
        }
    }

    /// One fewer.
    pub(super) fn remove(&mut self, now: i64) {
        self.advance_to(now);
        self.count = self.count.saturating_sub(1);
    }

    fn interval(&self, at: i64) -> usize {
        usize::try_from((at - self.start) / self.width).unwrap_or_default()
    }

    /// Advances to this moment.
    pub(super) fn advance_to(&mut self, now: i64) {
        let passed = u128::try_from(now - self.at).unwrap_or_default();
        self.integral += passed * u128::from(self.count);
        while self.at < now {
            let place = self.interval(self.at);
            let next = i64::try_from(place + 1).unwrap_or(i64::MAX).saturating_mul(self.width);
            let until = self.start.saturating_add(next).min(now);
            let passed = u128::try_from(until - self.at).unwrap_or_default();
            if let Some((integral, max)) = self.intervals.get_mut(place) {
                *integral += passed * u128::from(self.count);
                *max = (*max).max(self.count);
            } else {
                self.at = now;
                break;
            }
            self.at = until;
        }
        self.at = now;
    }

    /// The maximum.
    pub(super) fn max(&self) -> u32 {
        self.max
    }

    /// The sum of the count over time, in microseconds.
    pub(super) fn integral(&self) -> u128 {
        self.integral
    }

    /// The beginning of each interval with the mean and the maximum in it.
    pub(super) fn series(&self) -> impl Iterator<Item = (i64, f64, u32)> {
        let start = |place: usize| self.start + i64::try_from(place).unwrap_or_default() * self.width;
        let width = u128::try_from(self.width).unwrap_or(1);
        let intervals = self.intervals.iter().enumerate();
        intervals.map(move |(place, (integral, max))| (start(place), ratio(*integral, width), *max))
    }
}

/// `dividend / divisor` to three decimals; 0 if there is nothing to divide by.
#[expect(clippy::cast_precision_loss, reason = "it is rounded")]
pub(super) fn ratio(dividend: u128, divisor: u128) -> f64 {
    if divisor == 0 {
        return 0.0;
    }
    // In whole thousandths, so that the digits are the same on every machine.
    ((dividend * 2000 / divisor).div_ceil(2)) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_has_its_mean_over_time() {
        let mut level = TimeWeightedCount::new(0, 100, 4);
        level.add(10);
        level.add(30);
        level.remove(50);
        level.remove(60);
        level.advance_to(100);
        assert_eq!((level.integral(), level.max(), level.count()), (20 + 40 + 10, 2, 0));
        let course: Vec<_> = level.series().collect();
        assert_eq!(course, [(0, 0.6, 1), (25, 1.8, 2), (50, 0.4, 1), (75, 0.0, 0)]);
    }

    #[test]
    fn a_state_lasts_until_it_ends() {
        let mut clock = ActiveTime::default();
        clock.set(false, 5);
        clock.set(true, 10);
        clock.set(true, 15);
        assert_eq!(clock.total(20), 10);
        clock.set(false, 30);
        assert_eq!(clock.total(99), 20);
    }

    #[test]
    fn ratios_are_rounded() {
        assert_eq!(
            Some([ratio(1, 3), ratio(2, 3), ratio(1, 0), ratio(5, 5)]),
            Some([0.333, 0.667, 0.0, 1.0])
        );
    }
}
