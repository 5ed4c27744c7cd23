//! Decides the lines of a log again.

use memchr::memchr_iter;

use super::decision_part::changed_parts;
use super::log_line::LogLine;
use super::replay_decision::{ReplayedDecision, replay_decision};
use super::tally::ReplayTally;
use crate::engine::Decision;
use crate::load::RuleSet;

/// A longer line is counted, but not kept as an example.
const LONGEST_EXAMPLE: usize = 64 * 1024;

/// Replays the lines of a log, and compares the decisions. Memory is bounded: at most 1,000 pairs of rules, 1,000 reasons and 1,000
/// names are told apart, each cut off after 500 characters, and a line of more than 64 KiB is no example.
///
/// ```
/// use inbox_rules::replay::Replayer;
/// use inbox_rules::{Inbox, RuleSet, Source};
///
/// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[users.bob]"));
/// let rules = |user| RuleSet::parse("default.rules", &format!("otherwise: assign user \"{user}\""), &inbox);
/// let (before, now) = (rules("alice")?, rules("bob")?);
///
/// let replayer = Replayer { now: &now, before: Some(&before), seed: 0, examples: 3 };
/// let log = br#"{"number": "+15550100", "at": "2026-11-24T18:30:00Z", "message": {"text": "hello"}}"#;
/// let report = replayer.lines(log).report();
/// assert_eq!((report.decided, report.different), (1, 1));
/// assert_eq!(report.changes[0].examples[0].words, "was `alice`, now `bob`");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Replayer<'a> {
    /// The rules that decide again.
    pub now: &'a RuleSet,
    /// The rules whose decisions they are compared with; `None`: with the decisions in the log.
    pub before: Option<&'a RuleSet>,
    /// The seed of random choices.
    pub seed: u64,
    /// How many examples are kept of each pair of rules.
    pub examples: usize,
}

impl Replayer<'_> {
    /// Decides the lines of `text`, and counts the differences. The lines of a log can be divided into parts, and the tallies of the
    /// parts [appended](ReplayTally::append).
    pub fn lines(&self, text: &[u8]) -> ReplayTally {
        let mut tally = ReplayTally::new(self.examples);
        let mut start = 0;
        for end in memchr_iter(b'\n', text).chain([text.len()]) {
            let line = text.get(start..end).unwrap_or_default();
            if end < text.len() || !line.is_empty() {
                tally.begin_line();
                self.line(line.trim_ascii(), &mut tally);
            }
            start = end + 1;
        }
        tally
    }

    fn line(&self, text: &[u8], tally: &mut ReplayTally) {
        if text.is_empty() {
            return;
        }
        let mut line = match LogLine::parse(text) {
            Ok(line) => line,
            Err(error) => return tally.count_undecided(error.0),
        };
        match self.decide(&mut line) {
            Ok(Some((before, now))) => {
                for what in now.left_out {
                    tally.left_out(what);
                }
                let parts = changed_parts(&before, &now.decision);
                if parts.is_empty() {
                    tally.count_unchanged();
                } else {
                    let is_short = text.len() <= LONGEST_EXAMPLE;
                    tally.count_changed(line, (before, now.decision), &parts, is_short);
                }
            }
            Ok(None) => tally.count_without_decision(),
            Err(reason) => tally.count_undecided(reason),
        }
    }

    /// The decision before, and the one now; `None`, if there is none before.
    fn decide(&self, line: &mut LogLine) -> Result<Option<(Decision, ReplayedDecision)>, String> {
        let (situation, recorded) = (&line.situation, line.decision.take());
        let decided = recorded.as_ref().and_then(|recorded| recorded.message.as_deref());
        if decided.zip(situation.message.id.as_deref()).is_some_and(|(decided, id)| decided != id) {
            let reason = "`decision.message` and `situation.message.id` differ: the decision belongs to another message";
            return Err(reason.to_owned());
        }
        let before = match self.before {
            None => recorded,
            Some(set) => Some(
                replay_decision(set, situation, recorded.as_ref(), self.seed)
                    .map_err(|error| format!("by the rules before: {error}"))?
                    .decision,
            ),
        };
        let Some(before) = before else { return Ok(None) };
        let now = replay_decision(self.now, situation, Some(&before), self.seed);
        Ok(Some((before, now.map_err(|error| error.to_string())?)))
    }
}
