//! Which messages two policies decide differently, each with its own inbox; or the proof that there are none.

mod cause;
mod pairs;
mod effects;
mod class;
mod comparer;
mod also;

use self::cause::Counterparts;
use self::comparer::Comparer;
use self::effects::{effects_differ, moves_differ};
use self::pairs::PairSearch;
use super::decision_diff::{DecisionDiff, RulePair};
use super::encoding::{EncodedPolicy, EncodedRule, Encoding};
use super::replay::Replay;
use crate::inbox::{AlignedInboxes, Inbox};
use crate::language::ast::RuleKind;
use crate::policy::Policy;

/// What `old` and `new`, which have no faults, decide differently in one inbox.
pub fn compare(old: &Policy, new: &Policy, inbox: &Inbox) -> DecisionDiff {
    let (encoding, sides) = Encoding::of(inbox, [old, new]);
    compare_encoded(encoding, &sides, Replay::new([old, new], inbox), &Limits::default())
}

/// What `old` and `new`, which have no faults, decide differently, each with its own version of the inbox. Their names
/// were resolved with those of `inboxes`.
pub fn compare_versions(old: &Policy, new: &Policy, inboxes: &AlignedInboxes) -> DecisionDiff {
    let (encoding, sides) = Encoding::of_versions(inboxes, [old, new]);
    compare_encoded(encoding, &sides, Replay::of_versions([old, new], inboxes), &Limits::default())
}

/// [`compare_versions`] without a limit.
#[cfg(test)]
pub(super) fn compare_all(old: &Policy, new: &Policy, inboxes: &AlignedInboxes) -> DecisionDiff {
    let (encoding, sides) = Encoding::of_versions(inboxes, [old, new]);
    let max = usize::MAX;
    let limits = Limits { of_reason: max, in_total: max, of_rule: max };
    compare_encoded(encoding, &sides, Replay::of_versions([old, new], inboxes), &limits)
}

/// The most differences that are looked for: a policy of a thousand rules in another order has half a million.
struct Limits {
    /// Of one reason.
    of_reason: usize,
    /// Of one policy.
    in_total: usize,
    /// The rules that one rule is paired with.
    of_rule: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { of_reason: 20, in_total: 1_000, of_rule: 50 }
    }
}

/// First the pairs of rules are found that decide the same message and do not have the same effect; then, for each
/// pair, a message for which the effects differ in fact. Where the rules did not change, no query is needed.
fn compare_encoded<'a>(
    mut encoding: Encoding<'a>,
    sides: &Sides<'a>,
    replay: Replay<'a>,
    limits: &Limits,
) -> DecisionDiff {
    if replay.is_same_text() {
        return DecisionDiff::default();
    }
    let counterparts = Counterparts::of(sides);
    let has_moves = sides.iter().any(|side| side.rules_of(RuleKind::Move).next().is_some());
    let has_also = || sides.iter().any(|side| side.rules_of(RuleKind::Also).next().is_some());
    let mut kinds = vec![RuleKind::Regular];
    // Without `move` rules an open chat stays on both sides, but a reply may write another name.
    if has_moves || (encoding.has_renamed() && has_also()) {
        kinds.push(RuleKind::Move);
        encoding.chat_open();
        encoding.finish();
    }
    let mut pairs = PairSearch::default();
    for kind in kinds {
        for rule in sides[0].rules_of(kind).map(Some).chain([None]) {
            pairs.find(&encoding, sides, &counterparts, (kind, rule), limits);
        }
    }
    let PairSearch { mut found, unsettled, has_more, .. } = pairs;
    // First one of each reason, so that none is missing if there are too many.
    found.sort_by_key(|one| one.nth);
    let candidates = found.into_iter().map(|one| {
        let differ = match one.kind {
            RuleKind::Move => moves_differ(&mut encoding, sides, one.pair),
            _ => effects_differ(&mut encoding, sides, one.pair),
        };
        (one, differ)
    });
    let candidates: Vec<_> = candidates.collect();
    let actions = also::actions(&mut encoding, sides);
    encoding.finish();
    let diff = DecisionDiff { has_more, unsettled, ..DecisionDiff::default() };
    let mut comparer = Comparer::new(&encoding, sides, replay, diff, limits);
    for (found, differ) in candidates {
        if comparer.has_room(found.reason) {
            comparer.compare_pair(&found, differ);
        }
    }
    for action in &actions {
        comparer.compare_action(action, &counterparts);
    }
    comparer.compare_reply_order(&counterparts);
    if !encoding.is_complete() {
        // Combinations of calendars may be missing.
        comparer.diff.unsettled.push(RulePair { also: false, old: None, new: None });
    }
    comparer.finish()
}

/// The old and the new policy.
type Sides<'a> = [EncodedPolicy<'a>; 2];

fn rule_at<'s, 'a>(policy: &'s EncodedPolicy<'a>, index: Option<usize>) -> Option<&'s EncodedRule<'a>> {
    index.and_then(|index| policy.rules.get(index))
}
