//! At most a thousand findings for each file: nobody reads more, and a file of the wrong kind can have a million.

use super::Finding;

/// How many findings of a file are kept.
pub const MAX_FINDINGS: usize = 1_000;

/// Keeps the first [`MAX_FINDINGS`] findings of each file, and says at the end of the file how many more there are.
/// `findings` are sorted by file and place.
pub fn cap(findings: &mut Vec<Finding>) {
    if findings.len() <= MAX_FINDINGS {
        return;
    }
    let all = std::mem::take(findings);
    for of_file in all.chunk_by(|a, b| a.file == b.file) {
        let (kept, dropped) = of_file.split_at_checked(MAX_FINDINGS).unwrap_or((of_file, &[]));
        findings.extend_from_slice(kept);
        findings.extend(left_out(dropped));
    }
}

/// Adds a finding, unless there are `limit` already: then it only counts. So a file of a million mistakes takes the
/// memory of a few.
pub fn push_limited(findings: &mut Vec<Finding>, finding: Finding, limit: usize) {
    if let Some(last) = findings.last_mut().filter(|last| last.left_out > 0) {
        last.left_out += 1;
    } else {
        let left_out = usize::from(findings.len() >= limit);
        findings.push(Finding { left_out, ..finding });
    }
}

/// The finding that stands for `dropped`, which are of one file. It is of the worst level, since that decides the exit
/// code of a check.
fn left_out(dropped: &[Finding]) -> Option<Finding> {
    let worst = dropped.iter().rev().max_by_key(|finding| finding.level)?;
    let count: usize = dropped.iter().map(Finding::count).sum();
    let only_one = count == 1;
    Some(if only_one { worst.clone() } else { Finding { level: worst.level, ..worst.standing_for(count) } })
}

impl Finding {
    /// How many findings this is: more than one if it stands for those that are left out.
    pub fn count(&self) -> usize {
        self.left_out.max(1)
    }

    /// A finding of the same code, at the same place, that stands for `count` findings.
    #[must_use]
    pub fn standing_for(&self, count: usize) -> Self {
        let message = format!("{} more findings in this file are not shown", with_commas(count));
        let finding = Self::new(self.code, &self.file, self.span, message).help("fix those above first");
        Self { left_out: count, ..finding }
    }
}

/// `1,234,567`
fn with_commas(count: usize) -> String {
    let digits = count.to_string();
    let group = |(at, digit): (usize, char)| {
        let comma = (at > 0 && (digits.len() - at).is_multiple_of(3)).then_some(',');
        comma.into_iter().chain([digit])
    };
    digits.chars().enumerate().flat_map(group).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::{Level, tests as sample};

    #[test]
    fn the_last_finding_of_a_file_says_how_many_more_there_are() {
        let finding = |file: &str, at: usize| sample::finding(file, at..at + 1).at_level(Level::Note);
        let mut findings: Vec<Finding> = (0..3_500).map(|at| finding("a.rules", at)).collect();
        findings[2_000] = sample::finding("a.rules", 2_000..2_001);
        findings.extend((0..2).map(|at| finding("b.rules", at)));
        cap(&mut findings);
        assert_eq!(findings.len(), MAX_FINDINGS + 1 + 2);
        let last = &findings[MAX_FINDINGS];
        assert_eq!((last.level, last.span.start, last.left_out), (Level::Error, 2_000, 2_500));
        assert_eq!(last.message, "2,500 more findings in this file are not shown");
        assert_eq!(findings.iter().map(Finding::count).sum::<usize>(), 3_502);
    }

    #[test]
    fn as_many_as_are_kept_and_one_more_are_all_shown() {
        for count in [MAX_FINDINGS, MAX_FINDINGS + 1] {
            let mut findings: Vec<Finding> =
                (0..count).map(|at| sample::finding("a.rules", at..at)).collect();
            cap(&mut findings);
            assert_eq!((findings.len(), findings.iter().all(|finding| finding.left_out == 0)), (count, true));
        }
    }

    #[test]
    fn numbers_with_commas() {
        assert_eq!(
            [0, 12, 123, 1_234, 123_456, 1_234_567].map(with_commas).join(" "),
            "0 12 123 1,234 123,456 1,234,567"
        );
    }
}
