//! Checks that all engines agree, and measures the time of each.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::engines::{Decide, ENGINES, EngineKind};
use crate::recipe::{Message, messages, rules};

/// The time of one decision with each engine.
pub(crate) struct Row {
    pub(crate) rules: usize,
    /// In the order of [`ENGINES`]; `None` if the engine cannot handle so many rules, or was skipped.
    pub(crate) nanoseconds: Vec<Option<f64>>,
}

const ROUNDS: usize = 15;

/// A slow engine decides only the first messages in a round: as many as it can in about this time, and at least
/// [`MIN_MESSAGES`].
const ROUND_TIME: Duration = Duration::from_millis(150);
const MIN_MESSAGES: usize = 100;

/// Measures all engines with `count` rules.
///
/// # Panics
///
/// If an engine decides differently from the first one.
pub(crate) fn measure(count: usize, with_peers: bool) -> Row {
    let rules = rules(count);
    let messages: &'static [Message] = messages(&rules).leak();
    let mut engines: Vec<Option<(Decide, &'static [Message])>> = Vec::new();
    let mut expected: Option<Vec<Option<usize>>> = None;
    for engine in &ENGINES {
        let started = Instant::now();
        let is_skipped = engine.kind == EngineKind::Peer && !with_peers;
        let prepared = if is_skipped { None } else { (engine.prepare)(&rules) };
        let Some(mut decide) = prepared else {
            engines.push(None);
            continue;
        };
        let prepare_time = started.elapsed();
        let started = Instant::now();
        let decided: Vec<Option<usize>> = messages.iter().map(&mut decide).collect();
        let decide_time = started.elapsed();
        assert_agreement(engine.name, expected.get_or_insert_with(|| decided.clone()), &decided, count);
        let fitting = ROUND_TIME.as_nanos() * messages.len() as u128 / decide_time.as_nanos().max(1);
        let message_count =
            usize::try_from(fitting).unwrap_or(messages.len()).clamp(MIN_MESSAGES, messages.len());
        eprintln!(
            "{count} rules, {}: prepared in {prepare_time:.1?}, {} messages in {decide_time:.1?}",
            engine.name,
            messages.len()
        );
        engines.push(Some((decide, &messages[..message_count])));
    }
    if let Some(expected) = &expected {
        print_statistics(&rules, expected);
    }
    // Each round runs all engines in turn, so that other load on the machine affects all of them.
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

fn assert_agreement(name: &str, expected: &[Option<usize>], decided: &[Option<usize>], rules: usize) {
    let difference = expected.iter().zip(decided).position(|(expected, decided)| expected != decided);
    if let Some(message) = difference {
        panic!(
            "with {rules} rules, {name} chooses {:?} for message {message}, but {} chooses {:?}",
            decided[message], ENGINES[0].name, expected[message]
        );
    }
}

/// Prints how many messages match a rule, to show that the recipe is realistic.
fn print_statistics(rules: &[crate::recipe::Rule], decided: &[Option<usize>]) {
    let matched: Vec<usize> = decided.iter().copied().flatten().collect();
    let with_keyword =
        matched.iter().filter(|index| crate::recipe::keyword(&rules[**index]).is_some()).count();
    let mut rules_used = matched.clone();
    rules_used.sort_unstable();
    rules_used.dedup();
    eprintln!(
        "{} rules: of {} messages, {} match a rule, {with_keyword} of them a rule with a keyword; {} rules match a message",
        rules.len(),
        decided.len(),
        matched.len(),
        rules_used.len()
    );
}
