//! What the lines of a log have shown so far, in bounded memory.

use std::collections::HashMap;
use std::sync::Arc;

use super::decision_part::{DecisionPart, change_words};
use super::log_line::LogLine;
use super::report::{LeftOutOfLog, ReplayExample, ReplayReport, RuleChange, UndecidedLines};
use crate::engine::{Decision, RuleRef};
use crate::situation::NotInInbox;

/// The maximum number of pairs of rules, of reasons and of missing names that are kept.
const MAX_LISTED: usize = 1_000;

/// A longer reason or name is cut off.
const MAX_CHARS: usize = 500;

/// What the lines of a part of a log have shown. The parts add up.
#[derive(Debug, Clone, Default)]
pub struct ReplayTally {
    report: ReplayReport,
    lines: u64,
    without_decision: u64,
    examples: usize,
    places: HashMap<[Option<RuleKey>; 2], usize>,
    reason_places: HashMap<String, usize>,
    left_out_places: HashMap<NotInInbox, usize>,
}

/// A rule wherever it stands in its file, if it has a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct RuleKey {
    name: Option<Arc<str>>,
    file: Arc<str>,
    line: Option<u32>,
}

impl RuleKey {
    fn of(rule: &RuleRef) -> Self {
        let line = rule.name.is_none().then_some(rule.line);
        Self { name: rule.name.clone(), file: Arc::clone(&rule.file), line }
    }
}

impl ReplayTally {
    /// An empty tally that keeps at most `examples` examples for each pair of rules.
    pub fn new(examples: usize) -> Self {
        Self { examples, ..Self::default() }
    }

    /// How many lines there were, blank ones included.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// How many messages were replayed.
    pub fn decided(&self) -> u64 {
        self.report.decided
    }

    /// How many situations came without a decision to compare with.
    pub fn without_decision(&self) -> u64 {
        self.without_decision
    }

    /// The next line begins.
    pub(super) fn begin_line(&mut self) {
        self.lines += 1;
    }

    /// Counts the line as one that cannot be decided.
    pub(super) fn count_undecided(&mut self, reason: String) {
        let reason = cut_off(reason);
        let lines = UndecidedLines { reason, count: 1, first_line: self.lines };
        self.add_undecided(lines);
    }

    /// Counts the line as one without a decision to compare with.
    pub(super) fn count_without_decision(&mut self) {
        self.without_decision += 1;
        self.count_undecided("the line has no decision to compare with".to_owned());
    }

    /// Counts a decision that is the same.
    pub(super) fn count_unchanged(&mut self) {
        self.report.decided += 1;
    }

    /// Counts a decision that differs. Only a line of moderate length becomes an example.
    pub(super) fn count_changed(
        &mut self,
        line: LogLine,
        (before, now): (Decision, Decision),
        parts: &[DecisionPart],
        is_short: bool,
    ) {
        self.report.decided += 1;
        let parts = parts.iter().map(|part| (*part, 1)).collect();
        let examples = Vec::new();
        let (rule, rule_now) = (before.rule.clone(), now.rule.clone());
        let change =
            RuleChange { before: rule, now: rule_now, count: 1, first_line: self.lines, parts, examples };
        let (number, limit) = (self.lines, self.examples);
        if let Some(kept) = self.add_change(change)
            && is_short
            && kept.examples.len() < limit
        {
            kept.examples.push(ReplayExample {
                line: number,
                seq: line.seq,
                words: change_words(&before, &now),
                situation: line.situation,
                before,
                now,
            });
        }
    }

    /// Of this line, this was left out.
    pub(super) fn left_out(&mut self, what: NotInInbox) {
        let what = match what {
            NotInInbox::User(id) => NotInInbox::User(cut_off(id)),
            NotInInbox::Group(name) => NotInInbox::Group(cut_off(name)),
            NotInInbox::Attribute(name) => NotInInbox::Attribute(cut_off(name)),
        };
        self.add_left_out(LeftOutOfLog { what, count: 1, first_line: self.lines });
    }

    /// Adds what the lines after these have shown.
    pub fn append(&mut self, next: Self) {
        let before = self.lines;
        self.lines += next.lines;
        self.without_decision += next.without_decision;
        let report = next.report;
        self.report.decided += report.decided;
        self.report.not_listed += report.not_listed;
        self.report.different += report.not_listed;
        self.report.left_out_not_listed += report.left_out_not_listed;
        for mut change in report.changes {
            change.first_line += before;
            let mut examples = std::mem::take(&mut change.examples);
            for example in &mut examples {
                example.line += before;
            }
            let limit = self.examples;
            if let Some(kept) = self.add_change(change) {
                let free = limit.saturating_sub(kept.examples.len());
                kept.examples.extend(examples.into_iter().take(free));
            }
        }
        let listed: u64 = report.undecided_lines.iter().map(|lines| lines.count).sum();
        self.report.undecided += report.undecided - listed;
        for mut lines in report.undecided_lines {
            lines.first_line += before;
            self.add_undecided(lines);
        }
        for mut one in report.left_out {
            one.first_line += before;
            self.add_left_out(one);
        }
    }

    /// The report about all lines.
    pub fn report(self) -> ReplayReport {
        let mut report = self.report;
        report.changes.sort_by_key(|change| (std::cmp::Reverse(change.count), change.first_line));
        report.undecided_lines.sort_by_key(|lines| (std::cmp::Reverse(lines.count), lines.first_line));
        report.left_out.sort_by_key(|one| (std::cmp::Reverse(one.count), one.first_line));
        report
    }

    /// Counts different decisions; `None`, if their pair of rules is not listed.
    fn add_change(&mut self, change: RuleChange) -> Option<&mut RuleChange> {
        self.report.different += change.count;
        let key = [&change.before, &change.now].map(|rule| rule.as_ref().map(RuleKey::of));
        if let Some(place) = self.places.get(&key) {
            let kept = self.report.changes.get_mut(*place)?;
            kept.count += change.count;
            for (part, count) in change.parts {
                *kept.parts.entry(part).or_default() += count;
            }
            return Some(kept);
        }
        if self.report.changes.len() >= MAX_LISTED {
            self.report.not_listed += change.count;
            return None;
        }
        self.places.insert(key, self.report.changes.len());
        self.report.changes.push(change);
        self.report.changes.last_mut()
    }

    fn add_undecided(&mut self, lines: UndecidedLines) {
        self.report.undecided += lines.count;
        let list = &mut self.report.undecided_lines;
        if let Some(kept) = self.reason_places.get(&lines.reason).and_then(|place| list.get_mut(*place)) {
            kept.count += lines.count;
        } else if list.len() < MAX_LISTED {
            self.reason_places.insert(lines.reason.clone(), list.len());
            list.push(lines);
        }
    }

    fn add_left_out(&mut self, one: LeftOutOfLog) {
        let list = &mut self.report.left_out;
        if let Some(kept) = self.left_out_places.get(&one.what).and_then(|place| list.get_mut(*place)) {
            kept.count += one.count;
        } else if list.len() < MAX_LISTED {
            self.left_out_places.insert(one.what.clone(), list.len());
            list.push(one);
        } else {
            self.report.left_out_not_listed += one.count;
        }
    }
}

fn cut_off(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(MAX_CHARS) {
        text.truncate(end);
        text.push('…');
    }
    text
}
