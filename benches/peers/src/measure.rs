//! Whether all engines agree, and how long each takes.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::engines::{Decide, ENGINES, Sort};
use crate::recipe::{Message, messages, rules};

/// How long an engine takes for one decision.
pub(crate) struct Row {
    pub(crate) rules: usize,
    /// In the order of [`ENGINES`]; `None` where an engine cannot have so many rules.
    pub(crate) nanoseconds: Vec<Option<f64>>,
}

const ROUNDS: usize = 15;

/// A slow engine decides the first messages only, as many as it can in so much time, and at least so many.
const ROUND: Duration = Duration::from_millis(150);
const FEWEST: usize = 100;

/// Measures all engines on so many rules.
///
/// # Panics
///
/// When an engine does not decide as the first one does.
pub(crate) fn measure(count: usize, with_peers: bool) -> Row {
    let rules = rules(count);
    let messages: &'static [Message] = messages(&rules).leak();
    let mut engines: Vec<Option<(Decide, &'static [Message])>> = Vec::new();
    let mut expected: Option<Vec<Option<usize>>> = None;
    for engine in &ENGINES {
        let started = Instant::now();
        let is_left_out = engine.sort == Sort::Peer && !with_peers;
        let prepared = if is_left_out { None } else { (engine.prepare)(&rules) };
        let Some(mut decide) = prepared else {
            engines.push(None);
            continue;
        };
        let read = started.elapsed();
        let started = Instant::now();
        let decided: Vec<Option<usize>> = messages.iter().map(&mut decide).collect();
        let took = started.elapsed();
        agree(engine.name, expected.get_or_insert_with(|| decided.clone()), &decided, count);
        let fit = ROUND.as_nanos() * messages.len() as u128 / took.as_nanos().max(1);
        let some = usize::try_from(fit).unwrap_or(messages.len()).clamp(FEWEST, messages.len());
        eprintln!(
            "{count} rules, {}: read in {read:.1?}, {} messages in {took:.1?}",
            engine.name,
            messages.len()
        );
        engines.push(Some((decide, &messages[..some])));
    }
    if let Some(expected) = &expected {
        told(&rules, expected);
    }
    // One after the other in each round, so that whatever else the machine does meets all of them.
    let mut rounds = vec![Vec::with_capacity(ROUNDS); engines.len()];
    for _ in 0..ROUNDS {
        for (engine, times) in engines.iter_mut().zip(&mut rounds) {
            if let Some((decide, messages)) = engine {
                times.push(round(decide, messages));
            }
        }
    }
    Row { rules: count, nanoseconds: rounds.iter_mut().map(|times| median(times)).collect() }
}

/// Nanoseconds for each message.
#[expect(clippy::cast_precision_loss, reason = "far fewer than 2^52")]
fn round(decide: &mut Decide, messages: &'static [Message]) -> f64 {
    let started = Instant::now();
    for message in messages {
        black_box(decide(black_box(message)));
    }
    started.elapsed().as_nanos() as f64 / messages.len() as f64
}

fn median(times: &mut [f64]) -> Option<f64> {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied()
}

fn agree(name: &str, expected: &[Option<usize>], decided: &[Option<usize>], rules: usize) {
    let differs = expected.iter().zip(decided).position(|(expected, decided)| expected != decided);
    if let Some(place) = differs {
        panic!(
            "of {rules} rules, {name} takes {:?} for message {place}, and {} takes {:?}",
            decided[place], ENGINES[0].name, expected[place]
        );
    }
}

/// What the messages are like, for whoever doubts the recipe.
fn told(rules: &[crate::recipe::Rule], decided: &[Option<usize>]) {
    let some: Vec<usize> = decided.iter().copied().flatten().collect();
    let with_keyword = some.iter().filter(|place| crate::recipe::keyword(&rules[**place]).is_some()).count();
    let mut places = some.clone();
    places.sort_unstable();
    places.dedup();
    eprintln!(
        "{} rules: of {} messages a rule takes {}, one with a keyword {with_keyword}; {} rules take some",
        rules.len(),
        decided.len(),
        some.len(),
        places.len()
    );
}
