//! `{i}/decisions`: what was decided, and why.

use inbox_rules::{Decision, Step};

use super::call::{Call, CallResult, ok};
use super::customers::customer_id;
use super::error::ApiError;
use super::listed::list;
use crate::machine::{self, ReplyAnswer, Routed};
use crate::store::{DecisionFilter, LogRow, OutboxRow, StoreError, StoreReader};

/// `GET {i}/decisions`
pub(super) async fn decisions(call: Call) -> CallResult {
    let mut filter = DecisionFilter {
        rule: call.query.get("rule").map(str::to_owned),
        customer: None,
        message: call.query.get("message").map(str::to_owned),
    };
    let customer = call.query.name("customer");
    let read = |page| {
        call.read(move |reader, inbox| {
            if let Some(name) = customer {
                let Some(id) = customer_id(reader, inbox, &name)? else { return Ok(Vec::new()) };
                filter.customer = Some(id);
            }
            let rows = reader.decisions(inbox, &filter, page)?;
            rows.iter().map(|row| routed_now(reader, inbox, row)).collect()
        })
    };
    list(&call, read, |routed| routed.seq, Ok).await
}

/// `GET {i}/decisions/412`
pub(super) async fn decision(call: Call) -> CallResult {
    let unknown = || {
        let message = format!("the inbox has no decision {}", call.path("decision"));
        ApiError::unknown("unknown-decision", message)
    };
    let seq: u64 = call.path("decision").parse().map_err(|_| unknown())?;
    let with_why = call.query.choice("why", &[("true", true), ("false", false)])?.unwrap_or_default();
    let routed = call.read(move |reader, inbox| {
        let page = crate::store::Page { after: seq.saturating_sub(1), limit: 1 };
        let row = reader.log(inbox, page)?.into_iter().find(|row| row.record.seq == seq);
        row.filter(|row| row.routed.is_some()).map(|row| routed_now(reader, inbox, &row)).transpose()
    });
    let mut routed = routed.await?.ok_or_else(unknown)?;
    if with_why {
        let seed = call.state.seed;
        routed.decision.why = call
            .read(move |reader, inbox| machine::why(reader, inbox, seq, seed))
            .await?
            .and_then(|decision| decision.why);
    }
    ok(routed)
}

/// A decision as it is told now: the replies may be further than they were then.
fn routed_now(reader: &mut dyn StoreReader, inbox: &str, row: &LogRow) -> Result<Routed, StoreError> {
    let text = row.routed.as_ref().map_or("null", |routed| routed.get());
    let routed: Routed =
        serde_json::from_str(text).map_err(|error| StoreError::Damaged(error.to_string()))?;
    let replies = if routed.replies.is_empty() { None } else { Some(reader.replies_of(inbox, routed.seq)?) };
    Ok(routed_answer(routed, replies))
}

/// The decision without what only the program itself needs.
pub(super) fn decision_answer(decision: Decision) -> Decision {
    let mut decision = decision;
    decision.step = Step::default();
    decision.routed = None;
    decision
}

/// The decision without what only the program itself needs, and with its replies as they are now.
pub(super) fn routed_answer(mut routed: Routed, replies: Option<Vec<OutboxRow>>) -> Routed {
    routed.decision = decision_answer(routed.decision);
    if let Some(rows) = replies.filter(|rows| !rows.is_empty()) {
        let answer = |row: OutboxRow| ReplyAnswer {
            id: format!("r{}", row.id),
            text: row.text,
            state: row.state,
            code: row.code,
        };
        routed.replies = rows.into_iter().map(answer).collect();
    }
    routed
}
