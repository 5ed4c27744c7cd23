//! When something happens: not the one moment of an example, but all of those at which it is the same.

use super::question::{Goal, Question};
use super::reach::Ladder;
use super::space::{Bits, Openings, Stretch, Through, World};

/// When a difference is met by the customer of its example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occasions {
    /// Always.
    Always,
    /// In these stretches of a week in which no date has hours of its own; maybe not on dates that have.
    Weekly(Vec<Stretch>),
    /// At the moment of the example; on what other dates is not told.
    Unknown,
}

/// When `goals` are met in `world` and nothing of `ladder` takes it. It is put at an ordinary moment if there is one.
pub(super) fn occasions(
    question: &Question,
    ladder: &Ladder,
    goals: &[Goal],
    world: &mut World,
) -> Occasions {
    let space = question.space;
    let times = &space.times;
    let met = |world: &World, moments: &Openings| {
        let mut through = Through::new(space, world, moments);
        let mut met = Bits::all(moments.count);
        for (formula, wanted) in goals {
            through.keep(&mut met, *formula, *wanted);
        }
        for (_, taken) in &ladder.rungs {
            through.keep(&mut met, *taken, false);
        }
        for any in &question.required {
            let mut one = Bits::none(moments.count);
            for (formula, wanted) in any {
                let holds = through.holds(*formula);
                one.add(&if *wanted { holds } else { holds.rest() });
            }
            met.keep(&one, true);
        }
        met
    };
    let mut moments = met(world, times.moments());
    if moments.is_all() {
        return Occasions::Always;
    }
    if !times.is_of_one_zone() {
        return Occasions::Unknown;
    }
    moments.keep(times.ordinary(), true);
    let Some(first) = moments.first() else { return Occasions::Unknown };
    let (stretches, open) = times.week();
    let weekly = met(world, open);
    if !moments.has(world.moment) {
        world.moment = first;
    }
    Occasions::Weekly(weekly.iter().filter_map(|place| stretches.get(place)).copied().collect())
}
