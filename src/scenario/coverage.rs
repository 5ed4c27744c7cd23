//! What the tests of a policy show of it, and what they could show and do not.

use std::collections::BTreeSet;

use crate::engine::{Shown, shown};
use crate::inbox::Inbox;
use crate::policy::{Policy, Rule, Test};
use crate::prove::{Goals, goals};
use crate::situation::given;
use crate::text::Span;

/// What tests show of a policy.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The rules that act in some test.
    pub rules: Tally,
    /// The parts of conditions that decide them in some test: each counts once where it holds, once where it does not.
    pub parts: Tally,
    /// What other tests would show, in the order of the file.
    pub missed: Vec<Missed>,
    /// What may be shown by some test or by none; it is not counted.
    pub unsettled: Vec<Missed>,
}

/// How many of those that some situation shows are shown by a test.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// By a test.
    pub covered: usize,
    /// By some situation.
    pub coverable: usize,
}

/// Something that no test shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missed {
    /// The rule or the part.
    pub span: Span,
    /// What is missed, in words.
    pub what: String,
}

/// What `tests` show of `policy`, whose inbox is known.
pub fn coverage<'t>(policy: &Policy, inbox: &Inbox, tests: impl IntoIterator<Item = &'t Test>) -> Coverage {
    let (covered, goals) = left(policy, inbox, tests);
    let coverable = goals.showing.iter().flat_map(|showing| &showing.shown).chain(&covered);
    let coverable: BTreeSet<Shown> = coverable.copied().collect();
    let tally = |is_counted: fn(&&Shown) -> bool| Tally {
        covered: covered.iter().filter(is_counted).count(),
        coverable: coverable.iter().filter(is_counted).count(),
    };
    let missed = coverable.difference(&covered).map(|shown| {
        let (span, what) = called(policy, *shown);
        let what = match shown {
            Shown::Rule(_) => format!("{what} never fired"),
            Shown::Part { holds, .. } => format!("{what} was never seen {holds} and deciding"),
        };
        Missed { span, what }
    });
    let unsettled = goals.unsettled.iter().map(|shown| {
        let (span, what) = called(policy, *shown);
        let can = match shown {
            Shown::Rule(_) => "fire".to_owned(),
            Shown::Part { holds, .. } => format!("be seen {holds} and deciding"),
        };
        Missed { span, what: format!("it could not be settled whether {what} can {can}") }
    });
    Coverage {
        rules: tally(|shown| matches!(shown, Shown::Rule(_))),
        parts: tally(|shown| matches!(shown, Shown::Part { .. })),
        missed: in_order(missed),
        unsettled: in_order(unsettled),
    }
}

/// What `tests` show, and what is left.
pub(super) fn left<'t>(
    policy: &Policy,
    inbox: &Inbox,
    tests: impl IntoIterator<Item = &'t Test>,
) -> (BTreeSet<Shown>, Goals) {
    let situations = tests.into_iter().map(|test| given::situation(&test.given, policy, inbox));
    let covered = situations.flat_map(|situation| shown(policy, inbox, &situation).unwrap_or_default());
    let covered: BTreeSet<Shown> = covered.collect();
    let goals = goals(policy, inbox, &covered);
    (covered, goals)
}

fn in_order(missed: impl Iterator<Item = Missed>) -> Vec<Missed> {
    let mut missed: Vec<Missed> = missed.collect();
    missed.sort_by_key(|missed| missed.span.start);
    missed
}

/// Where it stands, and how it is called.
fn called(policy: &Policy, shown: Shown) -> (Span, String) {
    match shown {
        Shown::Rule(place) => match policy.rules.get(place) {
            Some(rule) => (rule.span, rule_called(rule)),
            None => (Span::default(), String::new()),
        },
        Shown::Part { span, .. } => (span, one_line(policy.quoted(span))),
    }
}

fn rule_called(rule: &Rule) -> String {
    let also = if rule.also { "also " } else { "" };
    match &rule.name {
        Some(name) => format!("{also}rule \"{name}\""),
        None if rule.when.is_none() => "otherwise".to_owned(),
        None => format!("this {also}rule"),
    }
}

/// The beginning of a text, on one line.
pub(super) fn one_line(text: &str) -> String {
    const LONGEST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", line.get(..end).unwrap_or_default()),
        None => line,
    }
}
