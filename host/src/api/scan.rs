//! Lists of which only some rows are meant, from the beginning or from the end.

use crate::store::{Page, StoreError};

/// How many rows a call looks at, at most, for those that are meant.
const MAX_EXAMINED: usize = 5_000;
/// How many rows are read at once, at most.
const MAX_ROWS: usize = 1_000;

/// A part of such a list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ScannedRows<R> {
    /// There may be fewer than asked for, even none, although there are more.
    pub(super) rows: Vec<R>,
    /// After which position the next ones are, or, from the end, before which; `None`: these are all.
    pub(super) next: Option<u64>,
}

/// The first `limit` rows after a position that are meant. `read` gives the rows of a page by their position.
pub(super) fn oldest<R>(
    Page { mut after, limit }: Page,
    position: impl Fn(&R) -> u64,
    is_meant: impl Fn(&R) -> bool,
    mut read: impl FnMut(Page) -> Result<Vec<R>, StoreError>,
) -> Result<ScannedRows<R>, StoreError> {
    let (mut rows, mut examined) = (Vec::new(), 0);
    let mut count = MAX_ROWS.min(limit + 1);
    loop {
        let found = read(Page { after, limit: count })?;
        let end = found.last().map(&position).filter(|_| found.len() == count);
        examined += found.len();
        for row in found.into_iter().filter(|row| is_meant(row)) {
            // This one only tells that there are more.
            if rows.len() == limit {
                let next = rows.last().map(&position);
                return Ok(ScannedRows { rows, next });
            }
            rows.push(row);
        }
        let Some(end) = end else { return Ok(ScannedRows { rows, next: None }) };
        if examined >= MAX_EXAMINED {
            return Ok(ScannedRows { rows, next: Some(end) });
        }
        after = end;
        count = MAX_ROWS.min(2 * count);
    }
}

/// The last `limit` rows before the position `before` that are meant, the latest first. `read` gives the rows of a
/// page by their position, of which only those after `floor` are meant. It is asked for stretches of positions, from
/// the end, each twice as long as the one before.
pub(super) fn newest<R>(
    before: u64,
    Page { after: floor, limit }: Page,
    position: impl Fn(&R) -> u64,
    is_meant: impl Fn(&R) -> bool,
    mut read: impl FnMut(Page) -> Result<Vec<R>, StoreError>,
) -> Result<ScannedRows<R>, StoreError> {
    let (mut rows, mut end, mut examined) = (Vec::new(), before, 0);
    let mut width = MAX_ROWS.min(2 * limit) as u64;
    while end > floor.saturating_add(1) {
        let after = end.saturating_sub(width + 1).max(floor);
        let mut stretch = read(Page { after, limit: MAX_ROWS })?;
        let is_cut = stretch.len() == MAX_ROWS && stretch.last().is_some_and(|row| position(row) < end - 1);
        examined += stretch.len();
        if is_cut && width > MAX_ROWS as u64 {
            // Those at its end are missing. So many positions have no more rows than are read at once.
            width = MAX_ROWS as u64;
            continue;
        }
        stretch.retain(|row| position(row) < end);
        for row in stretch.into_iter().rev().filter(|row| is_meant(row)) {
            rows.push(row);
            // The last one only tells that there are more.
            if rows.len() > limit {
                rows.pop();
                let next = rows.last().map(&position);
                return Ok(ScannedRows { rows, next });
            }
        }
        end = after + 1;
        if examined >= MAX_EXAMINED && end > floor.saturating_add(1) {
            return Ok(ScannedRows { rows, next: Some(end) });
        }
        width = width.saturating_mul(2);
    }
    Ok(ScannedRows { rows, next: None })
}

/// The position after which nothing is, where `is_any_after` tells whether something is after one.
pub(super) fn last_position(
    mut is_any_after: impl FnMut(u64) -> Result<bool, StoreError>,
) -> Result<u64, StoreError> {
    let (mut below, mut above) = (0, 1);
    while is_any_after(above - 1)? && above < u64::MAX / 2 {
        (below, above) = (above, above * 2);
    }
    while above - below > 1 {
        let middle = below.midpoint(above);
        if is_any_after(middle - 1)? { below = middle } else { above = middle }
    }
    Ok(below)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn page(all: &[u64], page: Page) -> Vec<u64> {
        all.iter().copied().filter(|position| *position > page.after).take(page.limit).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn pages_from_either_end_are_the_list(
            positions in prop::collection::btree_set(1..9_000_u64, 0..3_000),
            limit in 1..20_usize,
            divisor in 1..10_u64,
        ) {
            let all: Vec<u64> = positions.into_iter().collect();
            let is_meant = |position: &u64| position.is_multiple_of(divisor);
            let mut expected: Vec<u64> = all.iter().copied().filter(is_meant).collect();
            expected.reverse();
            let last = last_position(|after| Ok(!page(&all, Page { after, limit: 1 }).is_empty())).unwrap();
            prop_assert_eq!(last, all.last().copied().unwrap_or_default());
            let (mut found, mut before) = (Vec::new(), last + 1);
            loop {
                let read = |of| Ok(page(&all, of));
                let ScannedRows { rows, next } = newest(before, Page { after: 0, limit }, |row| *row, is_meant, read).unwrap();
                prop_assert!(rows.len() <= limit);
                found.extend(rows);
                let Some(next) = next else { break };
                prop_assert!(next < before);
                before = next;
            }
            prop_assert_eq!(&found, &expected);
            let (mut found, mut after) = (Vec::new(), 0);
            loop {
                let read = |of| Ok(page(&all, of));
                let ScannedRows { rows, next } = oldest(Page { after, limit }, |row| *row, is_meant, read).unwrap();
                prop_assert!(rows.len() <= limit);
                found.extend(rows);
                let Some(next) = next else { break };
                prop_assert!(next > after);
                after = next;
            }
            expected.reverse();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_call_does_not_look_at_everything() {
        let all: Vec<u64> = (1..=100_000).collect();
        let mut reads = 0;
        let none = |_: &u64| false;
        let found = newest(
            100_001,
            Page { after: 0, limit: 100 },
            |row| *row,
            none,
            |of| {
                reads += 1;
                Ok(page(&all, of))
            },
        );
        let ScannedRows { rows, next } = found.unwrap();
        assert!(rows.is_empty() && next.is_some_and(|next| next > 90_000) && reads < 20, "{next:?} {reads}");
        let first = Page { after: 0, limit: 100 };
        let ScannedRows { rows, next } = oldest(first, |row| *row, none, |of| Ok(page(&all, of))).unwrap();
        assert!(rows.is_empty() && next.is_some_and(|next| next < 10_000), "{next:?}");
    }
}
