//! Which rules a situation leaves open: for each class of each source a row of bits, one for each rule.

use super::source::Classes;
use super::steps::Place;
use super::test::TestId;

/// No more sources than this are cut into classes.
pub(super) const MOST_SOURCES: usize = 8;

/// Rules that are decided, or that act, in their order.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Those that are looked at whatever comes.
    pub(super) looked: Rows,
    /// Those that cannot hold unless a keyword or a tag turns up.
    pub(super) woken: Rows,
    /// Whether a tag can wake one, and whether a keyword can.
    pub(super) by_tag: bool,
    pub(super) by_keyword: bool,
    /// Where each test's run of [`Table::wakes`] begins, and where the last ends.
    runs: Vec<u32>,
    /// Places in `woken`.
    wakes: Vec<u32>,
}

/// Rules, and which of them each class leaves open.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) rules: Vec<Ready>,
    /// Words of bits in a row.
    words: usize,
    /// The row of all rules, then those of the classes of each source.
    bits: Vec<u64>,
}

/// A rule that is ready to be asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ready {
    /// Its place in the policy.
    pub(super) rule: u32,
    /// Its first step.
    pub(super) start: Place,
}

/// The rows that a situation stands in: that of all rules, then one of each source.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Standing {
    rows: [u32; MOST_SOURCES + 1],
    len: usize,
}

/// A rule, before it has a row.
pub(super) struct Entry {
    pub(super) ready: Ready,
    /// One of these tests holds, or the rule does not; `None`: it may hold without any.
    pub(super) keys: Option<Vec<TestId>>,
    /// The classes of each source in which it may hold.
    pub(super) open: Vec<u64>,
}

impl Table {
    pub(super) fn new(
        entries: Vec<Entry>,
        sources: &[Classes],
        tests: usize,
        is_tag: impl Fn(TestId) -> bool,
    ) -> Self {
        let (woken, looked): (Vec<_>, Vec<_>) = entries.into_iter().partition(|entry| entry.keys.is_some());
        let mut pairs = Vec::new();
        for (at, entry) in woken.iter().enumerate() {
            pairs.extend(entry.keys.iter().flatten().map(|test| (*test, at as u32)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        let mut runs = vec![0; if pairs.is_empty() { 0 } else { tests + 1 }];
        for (test, _) in &pairs {
            if let Some(run) = runs.get_mut(*test as usize + 1) {
                *run += 1;
            }
        }
        let mut so_far = 0;
        for run in &mut runs {
            so_far += *run;
            *run = so_far;
        }
        Self {
            by_tag: pairs.iter().any(|(test, _)| is_tag(*test)),
            by_keyword: pairs.iter().any(|(test, _)| !is_tag(*test)),
            looked: Rows::new(&looked, sources),
            woken: Rows::new(&woken, sources),
            runs,
            wakes: pairs.into_iter().map(|(_, at)| at).collect(),
        }
    }

    /// Whether there are no rules.
    pub(super) fn is_empty(&self) -> bool {
        self.looked.rules.is_empty() && self.woken.rules.is_empty()
    }

    /// The bytes it takes.
    pub(super) fn bytes(&self) -> usize {
        let wakes = size_of_val(&*self.runs) + size_of_val(&*self.wakes);
        self.looked.bytes() + self.woken.bytes() + wakes
    }

    /// The places in `woken` of the rules that the test wakes, in order.
    pub(super) fn woken_by(&self, test: TestId) -> &[u32] {
        let run = self.runs.get(test as usize).zip(self.runs.get(test as usize + 1));
        run.and_then(|(from, to)| self.wakes.get(*from as usize..*to as usize)).unwrap_or_default()
    }
}

impl Rows {
    fn new(entries: &[Entry], sources: &[Classes]) -> Self {
        let words = entries.len().div_ceil(64);
        let classes: usize = sources.iter().map(|classes| classes.len as usize).sum();
        let mut bits = vec![0; words * (classes + 1)];
        let mut open = |row: usize, at: usize| {
            if let Some(word) = bits.get_mut(row * words + at / 64) {
                *word |= 1 << (at % 64);
            }
        };
        for (at, entry) in entries.iter().enumerate() {
            open(0, at);
            let mut row = 1;
            for (classes, may_hold) in sources.iter().zip(&entry.open) {
                let holding = (0..classes.len).filter(|class| may_hold >> class & 1 == 1);
                holding.for_each(|class| open(row + class as usize, at));
                row += classes.len as usize;
            }
        }
        Self { rules: entries.iter().map(|entry| entry.ready).collect(), words, bits }
    }

    /// How many words of bits a row has.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// Which of the rules of that word are open.
    pub(super) fn open(&self, standing: &Standing, word: usize) -> u64 {
        let rows = standing.rows.get(..standing.len).unwrap_or_default();
        rows.iter().fold(u64::MAX, |open, row| {
            open & self.bits.get(*row as usize * self.words + word).copied().unwrap_or(0)
        })
    }

    /// Whether the rule at that place is open.
    pub(super) fn is_open(&self, standing: &Standing, at: usize) -> bool {
        self.open(standing, at / 64) >> (at % 64) & 1 == 1
    }

    /// The first rule that is open.
    pub(super) fn first_open(&self, standing: &Standing) -> Option<Ready> {
        (0..self.words).find_map(|word| match self.open(standing, word) {
            0 => None,
            open => self.rules.get(word * 64 + open.trailing_zeros() as usize).copied(),
        })
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.rules) + size_of_val(&*self.bits)
    }
}

impl Standing {
    /// In the row of all rules.
    pub(super) fn new() -> Self {
        Self { len: 1, ..Self::default() }
    }

    /// And in this one.
    pub(super) fn stand(&mut self, row: u32) {
        if let Some(slot) = self.rows.get_mut(self.len) {
            *slot = row;
            self.len += 1;
        }
    }
}
