//! When something happens: not the one moment of an example, but all of those at which it is the same.

use jiff::civil::DateTime;

use super::encoding::{Bits, EvaluatorOverTime, OpenMatrix, World};
use super::precedence::EarlierRules;
use super::query::{Goal, Query};
use crate::describe::{self, WeeklyInterval};

/// When a difference is met by the customer of its example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TimePattern {
    /// Always.
    Always,
    /// In these stretches of a week in which no date has hours of its own; maybe not on dates that have.
    Weekly(Vec<WeeklyInterval>),
    /// At the moment of the example; on what other dates is not told.
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
            Self::Unknown => example.map(|example| format!(", {example}")).unwrap_or_default(),
        }
    }
}

/// When `goals` are met in `world` and nothing of `ladder` takes it. It is put at an ordinary moment if there is one.
pub(super) fn when(query: &Query, earlier: &EarlierRules, goals: &[Goal], world: &mut World) -> TimePattern {
    let encoding = query.encoding;
    let timeline = &encoding.timeline;
    let met = |world: &World, moments: &OpenMatrix| {
        let mut through = EvaluatorOverTime::new(encoding, world, moments);
        let mut met = Bits::all(moments.count);
        for (formula, wanted) in goals {
            through.keep(&mut met, *formula, *wanted);
        }
        for (_, taken) in &earlier.rules {
            through.keep(&mut met, *taken, false);
        }
        for any in &query.required {
            let mut one = Bits::none(moments.count);
            for (formula, wanted) in any {
                let holds = through.holds(*formula);
                one.add(&if *wanted { holds } else { holds.rest() });
            }
            met.keep(&one, true);
        }
        met
    };
    let mut moments = met(world, timeline.moments());
    if moments.is_all() {
        return TimePattern::Always;
    }
    if !timeline.has_one_zone() {
        return TimePattern::Unknown;
    }
    moments.keep(timeline.ordinary_moments(), true);
    let Some(first) = moments.first() else { return TimePattern::Unknown };
    let (stretches, open) = timeline.week();
    let weekly = met(world, open);
    if !moments.has(world.moment) {
        world.moment = first;
    }
    TimePattern::Weekly(weekly.iter().filter_map(|place| stretches.get(place)).copied().collect())
}
