//! How many users are online or available, in unary: one literal for each number that matters.
//!
//! The counts of classes are added up in a totalizer (Bailleux and Boufkhad, *Efficient CNF Encoding of Boolean
//! Cardinality Constraints*, 2003), which ends at the largest number that a condition compares with.

use super::Query;
use crate::prove::encoding::{ClassId, Counted, UserSetId, at};
use crate::prove::solver::{Lit, Solver};

/// The users of a class who have a status.
#[derive(Debug, Clone)]
pub(super) struct ClassCounts {
    /// At least one of them, at least two, …
    at_least: Vec<Lit>,
    /// All of them.
    all: Lit,
}

/// How many users of a class may be counted in a model.
pub(super) struct CountRange {
    pub(super) least: usize,
    pub(super) most: usize,
    /// The literals that say so; none if no condition of the query counts them.
    pub(super) literals: Vec<Lit>,
}

impl Query<'_, '_> {
    /// That at least `at_least` users of the set are counted.
    pub(super) fn user_count(&mut self, counted: Counted, set: UserSetId, at_least: u32) -> Lit {
        let sets = &self.encoding.user_sets;
        let classes = sets.classes_of(set);
        // All and some, which are what most conditions ask for, need no sum.
        if at_least == sets.size(set) {
            let all: Vec<Lit> = classes.iter().map(|class| self.class_counts(*class, counted).all).collect();
            return self.and(&all);
        }
        if at_least == 1 {
            let some = classes.iter().filter_map(|class| {
                let counts = self.class_counts(*class, counted);
                counts.at_least.first().copied()
            });
            let some: Vec<Lit> = some.collect();
            return self.or(&some);
        }
        let position = at_least as usize - 1;
        if let Some(sum) = self.set_counts.get(&(set, counted)) {
            return *at(sum, position);
        }
        let max = sets.max_count(set) as usize;
        let mut sum: Vec<Lit> = Vec::new();
        for class in classes {
            let counts = self.class_counts(*class, counted).at_least;
            sum = self.add_unary(&sum, &counts, max);
        }
        let literal = *at(&sum, position);
        self.set_counts.insert((set, counted), sum);
        literal
    }

    /// The sum of two unary numbers, up to `max`.
    fn add_unary(&mut self, left: &[Lit], right: &[Lit], max: usize) -> Vec<Lit> {
        let length = max.min(left.len() + right.len());
        let sum: Vec<Lit> = (0..length).map(|_| self.solver.new_variable(false)).collect();
        for l in 0..=left.len() {
            for r in 0..=right.len() {
                // At least `l` and at least `r` are at least `l + r` …
                let reached = [
                    l.checked_sub(1).and_then(|at| left.get(at)),
                    r.checked_sub(1).and_then(|at| right.get(at)),
                ];
                if let Some(total) = (l + r).min(max).checked_sub(1).and_then(|at| sum.get(at)) {
                    let mut clause: Vec<Lit> = reached.into_iter().flatten().map(|one| !*one).collect();
                    clause.push(*total);
                    self.solver.add_clause(&clause);
                }
                // … and at most `l` and at most `r` are at most `l + r`.
                if let Some(total) = sum.get(l + r) {
                    let exceeded = [left.get(l), right.get(r)];
                    let mut clause: Vec<Lit> = exceeded.into_iter().flatten().copied().collect();
                    clause.push(!*total);
                    self.solver.add_clause(&clause);
                }
            }
        }
        sum
    }

    fn class_counts(&mut self, id: ClassId, counted: Counted) -> ClassCounts {
        let class = self.encoding.user_sets.class(id);
        let counted = class.capacity.counted(counted);
        if let Some(known) = self.class_counts.get(&(id, counted)) {
            return known.clone();
        }
        let max = class.max_count.max(1) as usize;
        let mut at_least: Vec<Lit> = (0..max).map(|_| self.solver.new_variable(false)).collect();
        // Only the numbers that matter have literals, and *all* has one of its own beyond them.
        if max < class.users.len() {
            at_least.push(self.solver.new_variable(false));
        }
        let all = at_least.last().copied().unwrap_or(self.true_literal);
        for (fewer, more) in at_least.iter().zip(at_least.iter().skip(1)) {
            self.solver.add_clause(&[!*more, *fewer]);
        }
        // Users are interchangeable, so that the first of those who are online are available, and so on.
        if let Some(wider) = class.capacity.wider(counted) {
            let wider = self.class_counts(id, wider);
            for (narrow, wide) in at_least.iter().zip(&wider.at_least) {
                self.solver.add_clause(&[!*narrow, *wide]);
            }
            self.solver.add_clause(&[!all, wider.all]);
        }
        at_least.truncate(max);
        let counts = ClassCounts { at_least, all };
        self.class_counts.insert((id, counted), counts.clone());
        counts
    }

    /// How many users of the class may be counted in the model.
    pub(super) fn count_range(&self, id: ClassId, counted: Counted) -> CountRange {
        let size = self.encoding.user_sets.class(id).users.len();
        let Some(counts) = self.class_counts.get(&(id, counted)) else {
            return CountRange { least: 0, most: size, literals: Vec::new() };
        };
        let is_true = |literal: &&Lit| self.is_true(**literal);
        let reached = counts.at_least.iter().take_while(is_true).count();
        let last = counts.at_least.get(reached.wrapping_sub(1)).copied();
        match counts.at_least.get(reached) {
            Some(missed) => CountRange {
                least: reached,
                most: reached,
                literals: last.into_iter().chain([*missed]).collect(),
            },
            None if self.is_true(counts.all) => {
                CountRange { least: size, most: size, literals: vec![counts.all] }
            }
            None => CountRange {
                least: reached,
                most: size.saturating_sub(1),
                literals: last.into_iter().chain([counts.all]).collect(),
            },
        }
    }

    /// The number of users of the class who are counted in the model.
    pub(super) fn count_in_model(&self, id: ClassId, counted: Counted) -> usize {
        let class = self.encoding.user_sets.class(id);
        let counted = class.capacity.counted(counted);
        match self.class_counts.get(&(id, counted)) {
            // No condition of the query counts them: whoever is online is available, and nobody is online.
            None => class.capacity.wider(counted).map_or(0, |wider| self.count_in_model(id, wider)),
            Some(counts) if self.is_true(counts.all) => class.users.len(),
            Some(counts) => counts.at_least.iter().filter(|literal| self.is_true(**literal)).count(),
        }
    }
}
