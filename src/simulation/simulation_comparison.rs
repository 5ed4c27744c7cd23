//! Two versions of the rules under the same traffic, side by side.

use std::collections::HashMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::report::{GroupFigures, RuleFigures, SimulationReport};

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
    /// What it is a figure of.
    pub about: FigureSubject,
    /// The figure, by its path in the object of the report that `about` names, such as `answer_wait.p50_seconds`.
    pub figure: String,
    /// In the old version; `null` if it has none.
    pub old: Option<f64>,
    /// In the new version; `null` if it has none.
    pub new: Option<f64>,
}

/// What a figure is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum FigureSubject {
    /// The whole simulation: a path from the report itself.
    All,
    /// A group: an entry of `groups`.
    Group {
        /// The group; `null`: the chats of no group.
        name: Option<Arc<str>>,
    },
    /// A user: an entry of `users`.
    User {
        /// The id.
        name: Arc<str>,
    },
    /// A rule: an entry of `rules`.
    Rule {
        /// The name; `null` if it has none.
        name: Option<Arc<str>>,
        /// The file.
        file: Arc<str>,
        /// The line of a rule without a name; one with a name is the same rule wherever it stands in its file.
        line: Option<u32>,
    },
}

impl SimulationComparison {
    /// Compares the figures of two versions, each with its name.
    pub fn new(old: (&str, SimulationReport), new: (&str, SimulationReport)) -> Self {
        let [before, after] = [&old.1, &new.1].map(figures);
        let [old_values, new_values] = [&before, &after].map(|figures| {
            figures.iter().map(|figure| (figure.key(), figure.value)).collect::<HashMap<_, _>>()
        });
        let only_new = after.iter().filter(|figure| !old_values.contains_key(&figure.key()));
        let mut differences = Vec::new();
        for figure in before.iter().chain(only_new) {
            let value = |values: &HashMap<_, _>| values.get(&figure.key()).copied().flatten();
            let (old, new) = (value(&old_values), value(&new_values));
            if old != new {
                let (about, figure) = (figure.about.clone(), figure.path.clone());
                differences.push(FigureDifference { about, figure, old, new });
            }
        }
        let side = |(name, report): (&str, SimulationReport)| SimulatedSide { name: name.to_owned(), report };
        Self { sides: [side(old), side(new)], differences }
    }
}

struct Figure {
    about: FigureSubject,
    path: String,
    value: Option<f64>,
}

impl Figure {
    fn key(&self) -> (&FigureSubject, &str) {
        (&self.about, &self.path)
    }
}

/// The figures that are compared.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn figures(report: &SimulationReport) -> Vec<Figure> {
    let mut all = Vec::new();
    let mut add = |about: FigureSubject, prefix: &str, figures: &[(&str, Option<f64>)]| {
        let figure = |(path, value): &(&str, Option<f64>)| Figure {
            about: about.clone(),
            path: format!("{prefix}{path}"),
            value: *value,
        };
        all.extend(figures.iter().map(figure));
    };
    let count = |count: u64| Some(count as f64);
    add(
        FigureSubject::All,
        "",
        &[
            ("messages.arrived", count(report.messages.arrived)),
            ("messages.assigned_to_nobody", count(report.messages.assigned_to_nobody)),
            ("chats.opened", count(report.chats.opened)),
            ("unanswered.mean", Some(report.unanswered.mean)),
            ("unanswered.max", Some(f64::from(report.unanswered.max))),
            ("fairness.assigned", report.fairness.assigned),
            ("fairness.busy", report.fairness.busy),
        ],
    );
    let group = |group: &GroupFigures| {
        let wait = group.answer_wait;
        [
            ("answer_wait.chats", count(wait.chats)),
            ("unanswered", count(group.unanswered)),
            ("answer_wait.mean_seconds", wait.mean_seconds),
            ("answer_wait.p50_seconds", wait.p50_seconds),
            ("answer_wait.p95_seconds", wait.p95_seconds),
            ("answer_wait.p99_seconds", wait.p99_seconds),
            ("queue.mean", Some(group.queue.mean)),
            ("queue.max", Some(f64::from(group.queue.max))),
            ("timeouts", count(group.timeouts)),
            ("replies.sent", count(group.replies.sent)),
        ]
    };
    add(FigureSubject::All, "overall.", &group(&report.overall));
    for figures in report.groups.iter().filter(|group| group.group.is_some() || group.assigned > 0) {
        add(FigureSubject::Group { name: figures.group.clone() }, "", &group(figures));
    }
    for user in &report.users {
        let figures = [("assigned", count(user.assigned)), ("utilisation", user.utilisation)];
        add(FigureSubject::User { name: Arc::clone(&user.user) }, "", &figures);
    }
    for RuleFigures { rule, messages, .. } in &report.rules {
        let about = FigureSubject::Rule {
            name: rule.name.clone(),
            file: Arc::clone(&rule.file),
            line: rule.name.is_none().then_some(rule.line),
        };
        add(about, "", &[("messages", count(*messages))]);
    }
    all
}
