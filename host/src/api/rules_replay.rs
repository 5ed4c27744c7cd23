//! `POST {i}/rules/replay`: how the last messages would be decided by edited rules.

use std::sync::Arc;

use inbox_rules::replay::{changed_parts, replay_decision};
use inbox_rules::{Assignment, Decision, Priority, RuleRef, RuleSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::rules::on_rules;
use crate::machine::{DecisionFacts, InboxReplay, Routed};
use crate::rules::RulesEdit;
use crate::store::{LogRow, Page, StoreError, StoreReader};

/// How many of the last messages are decided again.
const MESSAGES: usize = 1_000;
/// How many differences are shown.
const SHOWN: usize = 100;
/// How many entries of the log are read at a time.
const PIECE: usize = 1_000;

/// How the last messages would be decided by edited rules.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[schemars(rename = "Replay")]
pub(super) struct ReplayAnswer {
    /// How many were decided again.
    decisions: usize,
    /// How many of them differently.
    different: usize,
    /// How many cannot be decided again: what they were decided from is no longer kept, or the edited rules
    /// do not fit it.
    unknown: usize,
    /// The first differences.
    differences: Vec<ReplayDifference>,
}

/// A message that would be decided differently.
#[derive(Debug, Serialize, JsonSchema)]
struct ReplayDifference {
    /// The position of the decision in the log.
    seq: u64,
    /// How it was decided.
    before: ComparedDecision,
    /// How it would be.
    after: ComparedDecision,
}

/// What is shown of a decision.
#[derive(Debug, Serialize, JsonSchema)]
struct ComparedDecision {
    rule: Option<Arc<str>>,
    assign: Option<Assignment>,
    replies: Vec<String>,
    tags: Vec<Arc<str>>,
    priority: Option<Priority>,
}

impl ComparedDecision {
    fn of(decision: &Decision) -> Self {
        Self {
            rule: decision.rule.as_ref().and_then(|rule: &RuleRef| rule.name.clone()),
            assign: decision.assign.clone(),
            replies: decision.replies.iter().map(|reply| reply.text.clone()).collect(),
            tags: decision.tags.clone(),
            priority: decision.priority,
        }
    }
}

/// `POST {i}/rules/replay`
pub(super) async fn replay(call: Call) -> CallResult {
    let edit: RulesEdit = call.body()?;
    let set = Arc::new(on_rules(&call, move |rules| rules.edited(&edit)).await?);
    let seed = call.state.seed;
    ok(call.read(move |reader, inbox| replay_last(reader, inbox, &set, seed)).await?)
}

fn replay_last(
    reader: &mut dyn StoreReader,
    inbox: &str,
    set: &Arc<RuleSet>,
    seed: u64,
) -> Result<ReplayAnswer, StoreError> {
    let last = reader.inbox(inbox)?.seq;
    let Some(first) = first_of_last(reader, inbox, last)? else { return Ok(ReplayAnswer::default()) };
    let mut replay = InboxReplay::at(reader, inbox, first - 1)?;
    let mut answer = ReplayAnswer::default();
    while replay.seq < last {
        let rows = reader.log(inbox, Page { after: replay.seq, limit: PIECE })?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if let Some(routed) = &row.routed {
                let routed: Routed = serde_json::from_str(routed.get())
                    .map_err(|error| StoreError::Damaged(error.to_string()))?;
                compare(reader, inbox, set, seed, &replay, &routed, &mut answer)?;
            }
            replay.apply(reader, inbox, &row)?;
        }
    }
    Ok(answer)
}

/// The position of the first of the last messages.
fn first_of_last(reader: &mut dyn StoreReader, inbox: &str, last: u64) -> Result<Option<u64>, StoreError> {
    let (mut end, mut first, mut count) = (last, None, 0);
    while end > 0 && count < MESSAGES {
        let after = end.saturating_sub(PIECE as u64);
        let limit = usize::try_from(end - after).unwrap_or(PIECE);
        let rows: Vec<LogRow> = reader.log(inbox, Page { after, limit })?;
        if rows.is_empty() {
            break;
        }
        for row in rows.iter().rev().filter(|row| row.routed.is_some()).take(MESSAGES - count) {
            first = Some(row.record.seq);
            count += 1;
        }
        end = after;
    }
    Ok(first)
}

fn compare(
    reader: &mut dyn StoreReader,
    inbox: &str,
    set: &Arc<RuleSet>,
    seed: u64,
    replay: &InboxReplay,
    routed: &Routed,
    answer: &mut ReplayAnswer,
) -> Result<(), StoreError> {
    answer.decisions += 1;
    let facts = reader.text(inbox, routed.seq)?;
    let facts: Option<DecisionFacts> = facts.and_then(|text| serde_json::from_str(&text.facts).ok());
    let before = &routed.decision;
    let decide =
        |facts: DecisionFacts| replay_decision(set, &facts.situation(replay), Some(before), seed).ok();
    let Some(again) = facts.and_then(decide) else {
        answer.unknown += 1;
        return Ok(());
    };
    if !changed_parts(before, &again.decision).is_empty() {
        answer.different += 1;
        let [before, after] = [before, &again.decision].map(ComparedDecision::of);
        if answer.differences.len() < SHOWN {
            answer.differences.push(ReplayDifference { seq: routed.seq, before, after });
        }
    }
    Ok(())
}
