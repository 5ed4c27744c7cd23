//! What the tests of a policy cover, and what they could cover and do not.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::describe::truncated;
use crate::engine::{CompiledPolicy, CoverageItem, acting_rules, covered};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::{Policy, Rule, Test};
use crate::prove::{Witnesses, witnesses};
use crate::situation::given;
use crate::text::Span;

/// What the tests of a policy cover.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    /// The rules that act in some test.
    pub rules: Tally,
    /// The parts of conditions that determine the whole condition in some test. Each part counts twice: as true and as
    /// false.
    pub parts: Tally,
    /// What more tests would cover, in the order of the file.
    pub uncovered: Vec<Uncovered>,
    /// Of this it is not known whether any test can cover it. It is not counted.
    pub unsettled: Vec<Uncovered>,
}

/// How many of the items that can be covered are covered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    /// Covered by a test.
    pub covered: usize,
    /// Covered by some situation.
    pub coverable: usize,
}

/// Something that no test covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Uncovered {
    /// The rule or the part.
    pub span: Span,
    /// What no test does, in words.
    pub what: String,
}

/// What `tests` cover of `policy`, whose inbox is known.
pub fn coverage<'t>(policy: &Policy, inbox: &Inbox, tests: impl IntoIterator<Item = &'t Test>) -> Coverage {
    let (covered, witnesses) = covered_and_coverable(policy, inbox, tests);
    let coverable = witnesses.witnesses.iter().flat_map(|witness| &witness.covers).chain(&covered);
    let coverable: BTreeSet<CoverageItem> = coverable.copied().collect();
    let tally = |is_counted: fn(&&CoverageItem) -> bool| Tally {
        covered: covered.iter().filter(is_counted).count(),
        coverable: coverable.iter().filter(is_counted).count(),
    };
    let uncovered = coverable.difference(&covered).map(|item| {
        let (span, subject) = describe_item(policy, *item);
        let what = match item {
            CoverageItem::Rule(_) => format!("{subject} fires in no test"),
            CoverageItem::Part { .. } => format!("no test depends on {subject}"),
        };
        Uncovered { span, what }
    });
    let unsettled = witnesses.unsettled.iter().map(|item| {
        let (span, subject) = describe_item(policy, *item);
        let what = match item {
            CoverageItem::Rule(_) => format!("makes {subject} fire"),
            CoverageItem::Part { .. } => format!("depends on {subject}"),
        };
        Uncovered { span, what: format!("it is not known whether any message {what}") }
    });
    Coverage {
        rules: tally(|item| matches!(item, CoverageItem::Rule(_))),
        parts: tally(|item| matches!(item, CoverageItem::Part { .. })),
        uncovered: in_order(uncovered),
        unsettled: in_order(unsettled),
    }
}

/// The tests in which each rule acts, by the rule's index in [`Policy::rules`]; those of no test are left out.
pub fn tests_of_rules<'p>(policy: &'p Arc<Policy>, inbox: &Inbox) -> BTreeMap<usize, Vec<&'p Test>> {
    let compiled = CompiledPolicy::from(Arc::clone(policy));
    let mut tests: BTreeMap<usize, Vec<&Test>> = BTreeMap::new();
    for test in &*policy.tests {
        let situation = given::situation(&test.given, policy, inbox);
        for rule in acting_rules(&compiled, inbox, &situation).unwrap_or_default() {
            tests.entry(rule).or_default().push(test);
        }
    }
    tests
}

/// What `tests` cover, and what else can be covered.
pub(super) fn covered_and_coverable<'t>(
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

/// The item's span, and its name in a sentence.
fn describe_item(policy: &Policy, item: CoverageItem) -> (Span, String) {
    match item {
        CoverageItem::Rule(index) => match policy.rules.get(index) {
            Some(rule) => (rule.span, rule_name(rule)),
            None => (Span::default(), String::new()),
        },
        CoverageItem::Part { span, holds } => {
            (span, format!("`{}` being {holds}", truncated(policy.slice(span))))
        }
    }
}

fn rule_name(rule: &Rule) -> String {
    let also = match rule.kind {
        RuleKind::Regular => "",
        RuleKind::Also => "`also` ",
        RuleKind::Move => "`move` ",
    };
    match &rule.name {
        Some(name) => format!("the {also}rule \"{name}\""),
        None if rule.when.is_none() => "`otherwise`".to_owned(),
        None => format!("this {also}rule"),
    }
}
