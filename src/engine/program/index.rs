//! The index of rules: which of them a message leaves possible, as rows of bits.
//!
//! This is a bitmap index (O'Neil and Quass, "Improved query performance with variant indexes", 1997; in packet filters the
//! bit vectors of Lakshman and Stiliadis, 1998). For each class of each feature there is a row with one bit for each rule: 1,
//! if the rule can hold in that class. A message is in one class of each feature, and the `and` of those rows are the rules
//! that are worth evaluating; 64 of them are excluded by one instruction.
//!
//! Rules that cannot hold without a keyword or a tag are in a second table, and posting lists lead from each keyword and tag
//! to them: as long as none is found, they cost nothing.

use super::branches::BranchId;
use super::feature::Partition;
use super::predicate::PredicateId;

/// No more features than this have rows. A further row saves less than it costs to find and to read it.
pub(super) const MAX_FEATURES: usize = 8;

/// The deciding rules of a policy, or its `also` rules, in their order.
#[derive(Debug, Default)]
pub(super) struct RuleIndex {
    /// The rules that may hold whatever is found in the text.
    pub(super) always: BitRows,
    /// The rules that cannot hold unless a keyword or a tag triggers them.
    pub(super) triggered: BitRows,
    /// Whether a tag can trigger a rule, and whether a keyword can.
    pub(super) has_tag_triggers: bool,
    pub(super) has_keyword_triggers: bool,
    /// Where the posting list of each predicate starts in `postings`, and where the last one ends.
    starts: Vec<u32>,
    /// Positions in `triggered`.
    postings: Vec<u32>,
}

/// Rules, and for each class of each feature those of them that can hold in it.
#[derive(Debug, Default)]
pub(super) struct BitRows {
    pub(super) rules: Vec<IndexedRule>,
    /// The length of a row in words.
    words: usize,
    /// The row of all rules, then those of the classes of each feature.
    bits: Vec<u64>,
}

/// A rule of the index.
#[derive(Debug, Clone, Copy)]
pub(super) struct IndexedRule {
    /// Its position in the policy.
    pub(super) rule: u32,
    /// Its first branch.
    pub(super) start: BranchId,
}

/// The rows of one message: that of all rules, then one for each feature.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ActiveRows {
    rows: [u32; MAX_FEATURES + 1],
    len: usize,
}

/// A rule that is to be indexed.
pub(super) struct IndexEntry {
    pub(super) rule: IndexedRule,
    /// Predicates of which one must be true for the rule to hold; `None`: it may hold without any.
    pub(super) triggers: Option<Vec<PredicateId>>,
    /// The classes of each feature in which it can hold, as bits.
    pub(super) classes: Vec<u64>,
}

impl RuleIndex {
    pub(super) fn new(
        entries: Vec<IndexEntry>,
        features: &[Partition],
        predicates: usize,
        is_tag: impl Fn(PredicateId) -> bool,
    ) -> Self {
        let (triggered, always): (Vec<_>, Vec<_>) =
            entries.into_iter().partition(|entry| entry.triggers.is_some());
        let mut pairs = Vec::new();
        for (position, entry) in triggered.iter().enumerate() {
            pairs.extend(entry.triggers.iter().flatten().map(|trigger| (*trigger, position as u32)));
        }
        pairs.sort_unstable();
        pairs.dedup();
        // The lists lie one after the other, as in a sparse matrix stored by rows: the start of each is a prefix sum of the
        // lengths before it.
        let mut starts = vec![0; if pairs.is_empty() { 0 } else { predicates + 1 }];
        for (trigger, _) in &pairs {
            if let Some(length) = starts.get_mut(*trigger as usize + 1) {
                *length += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self {
            has_tag_triggers: pairs.iter().any(|(trigger, _)| is_tag(*trigger)),
            has_keyword_triggers: pairs.iter().any(|(trigger, _)| !is_tag(*trigger)),
            always: BitRows::new(&always, features),
            triggered: BitRows::new(&triggered, features),
            starts,
            postings: pairs.into_iter().map(|(_, position)| position).collect(),
        }
    }

    /// Whether there are no rules.
    pub(super) fn is_empty(&self) -> bool {
        self.always.rules.is_empty() && self.triggered.rules.is_empty()
    }

    /// The size in bytes.
    pub(super) fn bytes(&self) -> usize {
        let postings = size_of_val(&*self.starts) + size_of_val(&*self.postings);
        self.always.bytes() + self.triggered.bytes() + postings
    }

    /// The positions in `triggered` of the rules that the predicate triggers, in order.
    pub(super) fn triggered_by(&self, trigger: PredicateId) -> &[u32] {
        let ends = self.starts.get(trigger as usize).zip(self.starts.get(trigger as usize + 1));
        ends.and_then(|(from, to)| self.postings.get(*from as usize..*to as usize)).unwrap_or_default()
    }
}

impl BitRows {
    fn new(entries: &[IndexEntry], features: &[Partition]) -> Self {
        let words = entries.len().div_ceil(64);
        let classes: usize = features.iter().map(|feature| feature.len as usize).sum();
        let mut bits = vec![0; words * (classes + 1)];
        let mut set = |row: usize, position: usize| {
            if let Some(word) = bits.get_mut(row * words + position / 64) {
                *word |= 1 << (position % 64);
            }
        };
        for (position, entry) in entries.iter().enumerate() {
            set(0, position);
            let mut row = 1;
            for (feature, classes) in features.iter().zip(&entry.classes) {
                let can_hold = (0..feature.len).filter(|class| classes >> class & 1 == 1);
                can_hold.for_each(|class| set(row + class as usize, position));
                row += feature.len as usize;
            }
        }
        Self { rules: entries.iter().map(|entry| entry.rule).collect(), words, bits }
    }

    /// The length of a row in words.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// The rules of that word that are possible, as bits.
    pub(super) fn possible(&self, active: &ActiveRows, word: usize) -> u64 {
        let rows = active.rows.get(..active.len).unwrap_or_default();
        rows.iter().fold(u64::MAX, |possible, row| {
            possible & self.bits.get(*row as usize * self.words + word).copied().unwrap_or(0)
        })
    }

    /// Whether the rule at that position is possible.
    pub(super) fn is_possible(&self, active: &ActiveRows, position: usize) -> bool {
        self.possible(active, position / 64) >> (position % 64) & 1 == 1
    }

    /// The first rule that is possible.
    pub(super) fn first_possible(&self, active: &ActiveRows) -> Option<IndexedRule> {
        (0..self.words).find_map(|word| match self.possible(active, word) {
            0 => None,
            bits => self.rules.get(word * 64 + bits.trailing_zeros() as usize).copied(),
        })
    }

    fn bytes(&self) -> usize {
        size_of_val(&*self.rules) + size_of_val(&*self.bits)
    }
}

impl ActiveRows {
    /// The row of all rules alone.
    pub(super) fn new() -> Self {
        Self { len: 1, ..Self::default() }
    }

    /// Adds the row of a feature.
    pub(super) fn add(&mut self, row: u32) {
        if let Some(slot) = self.rows.get_mut(self.len) {
            *slot = row;
            self.len += 1;
        }
    }
}
