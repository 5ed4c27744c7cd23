//! When a difference is met: not only at the moment of its example, but at which times in general.

use fixedbitset::FixedBitSet;
use jiff::civil::DateTime;

use super::encoding::{EvaluatorOverTime, MomentId, OpenMatrix, VecIndex, World, at, complement};
use super::precedence::EarlierRules;
use super::query::{Goal, Query};
use crate::describe::{self, WeeklyInterval};

/// When a difference is met by the customer of its example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimePattern {
    /// Always.
    Always,
    /// In these intervals of an ordinary week. On dates that have hours of their own it may be different.
    Weekly(Vec<WeeklyInterval>),
    /// At the moment of the example; the other times are not known.
    Unknown,
}

impl TimePattern {
    /// `, on Fridays after 14:00`, to follow the customers; nothing for always. `example` is the moment of the example.
    pub(super) fn clause(&self, example: Option<DateTime>) -> String {
        let example = example.map(|at| format!("on {}", at.strftime("%A %-d %B %Y at %H:%M")));
        match self {
            Self::Always => String::new(),
            Self::Weekly(intervals) => match (describe::weekly(intervals), example) {
                (Some(words), _) if words.is_empty() => ", except on certain dates".to_owned(),
                (Some(words), _) => format!(", {words}"),
                (None, Some(example)) => format!(", at certain hours, for example {example}"),
                (None, None) => ", at certain hours".to_owned(),
            },
            Self::Unknown => {
                let example = example.map(|example| format!(", for example {example}"));
                format!(", at certain times{}", example.unwrap_or_default())
            }
        }
    }
}

/// When `goals` are met in `world` and no earlier rule takes it. If it is met in an ordinary week, `world` is moved
/// there.
pub(super) fn when(query: &Query, earlier: &EarlierRules, goals: &[Goal], world: &mut World) -> TimePattern {
    let timeline = &query.encoding.timeline;
    let mut moments = moments_when_met(query, earlier, goals, world, timeline.moments());
    if moments.is_full() {
        return TimePattern::Always;
    }
    if !timeline.has_one_zone() {
        return TimePattern::Unknown;
    }
    moments.intersect_with(timeline.ordinary_moments());
    let Some(first) = moments.minimum() else { return TimePattern::Unknown };
    let (intervals, open) = timeline.week();
    let weekly = moments_when_met(query, earlier, goals, world, open);
    if !moments.contains(world.moment.position()) {
        world.moment = MomentId::new(first);
    }
    TimePattern::Weekly(weekly.ones().map(|interval| *at(intervals, interval)).collect())
}

fn moments_when_met(
    query: &Query,
    earlier: &EarlierRules,
    goals: &[Goal],
    world: &World,
    moments: &OpenMatrix,
) -> FixedBitSet {
    let mut evaluator = EvaluatorOverTime::new(query.encoding, world, moments);
    let mut met = moments.all();
    for (formula, wanted) in goals {
        evaluator.keep(&mut met, *formula, *wanted);
    }
    for (_, taken) in &earlier.rules {
        evaluator.keep(&mut met, *taken, false);
    }
    for any in &query.required {
        let mut some = moments.none();
        for (formula, wanted) in any {
            let holds = evaluator.holds(*formula);
            some.union_with(&if *wanted { holds } else { complement(holds) });
        }
        met.intersect_with(&some);
    }
    met
}
