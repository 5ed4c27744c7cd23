//! What the tests of a policy show of it, and what they could show and do not.

use std::collections::BTreeSet;

use crate::describe::truncated;
use crate::engine::{CoverageItem, covered};
use crate::inbox::Inbox;
use crate::policy::{Policy, Rule, Test};
use crate::prove::{Witnesses, witnesses};
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
    pub uncovered: Vec<Uncovered>,
    /// What may be shown by some test or by none; it is not counted.
    pub unsettled: Vec<Uncovered>,
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
pub struct Uncovered {
    /// The rule or the part.
    pub span: Span,
    /// What is missed, in words.
    pub what: String,
}

/// What `tests` show of `policy`, whose inbox is known.
pub fn coverage<'t>(policy: &Policy, inbox: &Inbox, tests: impl IntoIterator<Item = &'t Test>) -> Coverage {
    let (covered, witnesses) = covered_and_missing(policy, inbox, tests);
    let coverable = witnesses.witnesses.iter().flat_map(|witness| &witness.shown).chain(&covered);
    let coverable: BTreeSet<CoverageItem> = coverable.copied().collect();
    let tally = |is_counted: fn(&&CoverageItem) -> bool| Tally {
        covered: covered.iter().filter(is_counted).count(),
        coverable: coverable.iter().filter(is_counted).count(),
    };
    let uncovered = coverable.difference(&covered).map(|shown| {
        let (span, what) = name_of(policy, *shown);
        let what = match shown {
            CoverageItem::Rule(_) => format!("{what} never fired"),
            CoverageItem::Part { holds, .. } => format!("{what} was never seen {holds} and deciding"),
        };
        Uncovered { span, what }
    });
    let unsettled = witnesses.unsettled.iter().map(|shown| {
        let (span, what) = name_of(policy, *shown);
        let can = match shown {
            CoverageItem::Rule(_) => "fire".to_owned(),
            CoverageItem::Part { holds, .. } => format!("be seen {holds} and deciding"),
        };
        Uncovered { span, what: format!("it could not be settled whether {what} can {can}") }
    });
    Coverage {
        rules: tally(|shown| matches!(shown, CoverageItem::Rule(_))),
        parts: tally(|shown| matches!(shown, CoverageItem::Part { .. })),
        uncovered: in_order(uncovered),
        unsettled: in_order(unsettled),
    }
}

/// What `tests` show, and what is left.
pub(super) fn covered_and_missing<'t>(
    policy: &Policy,
    inbox: &Inbox,
    tests: impl IntoIterator<Item = &'t Test>,
) -> (BTreeSet<CoverageItem>, Witnesses) {
    let situations = tests.into_iter().map(|test| given::situation(&test.given, policy, inbox));
    let covered = situations.flat_map(|situation| covered(policy, inbox, &situation).unwrap_or_default());
    let covered: BTreeSet<CoverageItem> = covered.collect();
    let witnesses = witnesses(policy, inbox, &covered);
    (covered, witnesses)
}

fn in_order(uncovered: impl Iterator<Item = Uncovered>) -> Vec<Uncovered> {
    let mut uncovered: Vec<Uncovered> = uncovered.collect();
    uncovered.sort_by_key(|uncovered| uncovered.span.start);
    uncovered
}

/// Where it stands, and how it is called.
fn name_of(policy: &Policy, shown: CoverageItem) -> (Span, String) {
    match shown {
        CoverageItem::Rule(place) => match policy.rules.get(place) {
            Some(rule) => (rule.span, rule_called(rule)),
            None => (Span::default(), String::new()),
        },
        CoverageItem::Part { span, .. } => (span, truncated(policy.slice(span))),
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
