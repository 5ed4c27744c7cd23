//! Two versions of the rules under the same traffic, side by side.

use schemars::JsonSchema;
use serde::Serialize;

use super::report::{GroupFigures, SimulationReport};
use crate::policy::RuleRef;

/// Two versions of the rules under the same traffic.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulationComparison {
    /// The old version, and the new one.
    pub sides: [SimulatedSide; 2],
    /// The figures that differ.
    pub differences: Vec<FigureDifference>,
}

/// One version of the rules.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct SimulatedSide {
    /// How it was named.
    pub name: String,
    /// Its figures.
    pub report: SimulationReport,
}

/// A figure that differs.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct FigureDifference {
    /// What it is a figure of: everything, a group, a user or a rule.
    pub about: String,
    /// The figure, as in the report.
    pub figure: String,
    /// In the old version; `null` if it has none.
    pub old: Option<f64>,
    /// In the new version; `null` if it has none.
    pub new: Option<f64>,
}

impl SimulationComparison {
    /// Compares the figures of two versions, each with its name.
    pub fn new(old: (&str, SimulationReport), new: (&str, SimulationReport)) -> Self {
        let [before, after] = [&old.1, &new.1].map(figures);
        let value =
            |all: &[Figure], key: &Figure| all.iter().find(|one| one.is_same(key)).and_then(|one| one.value);
        let mut differences = Vec::new();
        let only_new = after.iter().filter(|one| !before.iter().any(|known| known.is_same(one)));
        for key in before.iter().chain(only_new) {
            let (old, new) = (value(&before, key), value(&after, key));
            if old != new {
                let (about, figure) = (key.about.clone(), key.name.to_owned());
                differences.push(FigureDifference { about, figure, old, new });
            }
        }
        let side = |(name, report): (&str, SimulationReport)| SimulatedSide { name: name.to_owned(), report };
        Self { sides: [side(old), side(new)], differences }
    }
}

struct Figure {
    about: String,
    name: &'static str,
    value: Option<f64>,
}

impl Figure {
    fn is_same(&self, other: &Self) -> bool {
        (&self.about, self.name) == (&other.about, other.name)
    }
}

/// The figures that are compared.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn figures(report: &SimulationReport) -> Vec<Figure> {
    let mut all = Vec::new();
    let mut add = |about: &str, figures: &[(&'static str, Option<f64>)]| {
        let figure = |(name, value): &(&'static str, Option<f64>)| Figure {
            about: about.to_owned(),
            name,
            value: *value,
        };
        all.extend(figures.iter().map(figure));
    };
    let count = |count: u64| Some(count as f64);
    add(
        "all",
        &[
            ("messages", count(report.messages.arrived)),
            ("chats", count(report.chats.opened)),
            ("assigned_to_nobody", count(report.messages.assigned_to_nobody)),
            ("unanswered_mean", Some(report.unanswered.mean)),
            ("unanswered_max", Some(f64::from(report.unanswered.max))),
            ("fairness_assigned", report.fairness.assigned),
            ("fairness_busy", report.fairness.busy),
        ],
    );
    let group = |group: &GroupFigures| {
        let wait = group.answer_wait;
        [
            ("answered", count(wait.chats)),
            ("not_answered", count(group.unanswered)),
            ("wait_mean_seconds", wait.mean_seconds),
            ("wait_p50_seconds", wait.p50_seconds),
            ("wait_p95_seconds", wait.p95_seconds),
            ("wait_p99_seconds", wait.p99_seconds),
            ("queue_mean", Some(group.queue.mean)),
            ("queue_max", Some(f64::from(group.queue.max))),
            ("timeouts", count(group.timeouts)),
            ("replies", count(group.replies.sent)),
        ]
    };
    add("all", &group(&report.overall));
    for figures in report.groups.iter().filter(|group| group.group.is_some() || group.assigned > 0) {
        let name = figures.group.as_ref().map_or("no group".to_owned(), |name| format!("group {name}"));
        add(&name, &group(figures));
    }
    for user in &report.users {
        let figures = [("chats", count(user.assigned)), ("utilisation", user.utilisation)];
        add(&format!("user {}", user.user), &figures);
    }
    for rule in &report.rules {
        add(&format!("rule {}", rule_name(&rule.rule)), &[("messages", count(rule.messages))]);
    }
    all
}

/// A rule that has a name is the same rule wherever it stands in its file.
fn rule_name(rule: &RuleRef) -> String {
    match &rule.name {
        Some(name) => format!("{name} ({})", rule.file),
        None => format!("{}:{}", rule.file, rule.line),
    }
}
