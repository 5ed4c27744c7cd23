//! Values with weights, one of which is drawn.

/// Values with weights.
#[derive(Debug, Clone, PartialEq)]
pub struct WeightedList<T> {
    /// Each value with the sum of the weights up to and with its own.
    entries: Vec<(T, f64)>,
}

impl<T> Default for WeightedList<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> WeightedList<T> {
    /// A list of these values. Weights are not negative.
    pub fn new(entries: impl IntoIterator<Item = (T, f64)>) -> Self {
        let mut sum = 0.0;
        let with_sums = entries.into_iter().map(|(value, weight)| {
            sum += weight;
            (value, sum)
        });
        Self { entries: with_sums.collect() }
    }

    /// Whether there is nothing to draw.
    pub fn is_empty(&self) -> bool {
        self.sum() <= 0.0
    }

    /// The value at `uniform`, a number from 0 to less than 1.
    pub fn at(&self, uniform: f64) -> Option<&T> {
        let place = uniform * self.sum();
        let index = self.entries.partition_point(|(_, sum)| *sum <= place);
        self.entries.get(index).map(|(value, _)| value)
    }

    fn sum(&self) -> f64 {
        self.entries.last().map_or(0.0, |(_, sum)| *sum)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_drawn_as_often_as_its_weight_says() {
        let list = WeightedList::new([("a", 1.0), ("never", 0.0), ("b", 3.0)]);
        let drawn = |uniform| *list.at(uniform).unwrap();
        assert_eq!([0.0, 0.249, 0.25, 0.999_999].map(drawn), ["a", "a", "b", "b"]);
        assert!(!list.is_empty());
    }

    #[test]
    fn nothing_is_drawn_from_nothing() {
        let list = WeightedList::<u8>::default();
        assert_eq!((list.at(0.5), list.is_empty()), (None, true));
        assert!(WeightedList::new([(1, 0.0)]).is_empty());
        assert_eq!(WeightedList::new([(1, 0.0)]).at(0.0), None);
    }
}
