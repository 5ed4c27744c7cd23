//! Rules of the sample inbox, and logs that they have written.

use serde_json::{Value as Json, json};

use crate::load::RuleSet;
use crate::replay::{ReplayReport, ReplayTally, Replayer};
use crate::roster::dice;
use crate::situation::Situation;
use crate::testing::{FILE, inbox, inbox_of};

pub(super) fn rules(text: &str) -> RuleSet {
    RuleSet::parse(FILE, text, &inbox()).unwrap()
}

/// Rules of an inbox of this `inbox.toml`.
pub(super) fn rules_of(inbox: &str, text: &str) -> RuleSet {
    RuleSet::parse(FILE, text, &inbox_of(inbox)).unwrap()
}

/// The line of a situation that `set` decides, with this seed.
pub(super) fn recorded(set: &RuleSet, situation: &Situation, seed: u64) -> String {
    let mut dice = dice(seed, situation.message.id.as_deref());
    let decision = set.decide(situation, &mut dice).unwrap();
    json!({ "situation": situation, "decision": decision }).to_string() + "\n"
}

/// A situation with these fields beside a number and a moment.
pub(super) fn situation(fields: &Json) -> Situation {
    crate::testing::situation(fields)
}

pub(super) fn replayer(now: &RuleSet) -> Replayer<'_> {
    Replayer { now, before: None, seed: 0, examples: 2 }
}

/// What the log shows, read in one piece; every way to cut it in two shows the same.
pub(super) fn replay(replayer: &Replayer, log: &str) -> ReplayReport {
    let whole = replayer.lines(log.as_bytes()).report();
    for (end, _) in log.match_indices('\n') {
        let (first, second) = log.split_at(end + 1);
        let mut tally = ReplayTally::new(replayer.examples);
        for part in [first, second] {
            tally.append(replayer.lines(part.as_bytes()));
        }
        let parts = serde_json::to_value(tally.report()).unwrap();
        assert_eq!(parts, serde_json::to_value(&whole).unwrap(), "cut at {end}");
    }
    whole
}
