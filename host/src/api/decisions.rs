//! `{i}/decisions`: what was decided, and why.

use std::sync::Arc;

use inbox_rules::{Assignment, Decision, MessageKind, Step};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::customer_search::CustomerSearch;
use super::customers::customer_id;
use super::decision_log;
use super::error::ApiError;
use super::listed::ItemList;
use super::scan::{ScannedRows, newest, oldest};
use super::unnamed_rules::UnnamedRule;
use crate::machine::{self, DecisionFacts, ReplyAnswer, Routed};
use crate::store::{CustomerRow, DecisionFilter, LogRow, OutboxRow, StoreError, StoreReader};

/// A decision, with the message that it was about.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ShownDecision")]
pub(super) struct ShownDecision {
    #[serde(flatten)]
    routed: Routed,
    /// The name of the customer, as now known.
    customer_name: Option<String>,
    /// The names that channels know the customer by: phone numbers, and other ids.
    customer_names: Vec<Arc<str>>,
    /// The kind of the message; `null`: it is no longer kept.
    kind: Option<MessageKind>,
    /// The text of the message; `null`: there is none, or it is no longer kept.
    text: Option<String>,
}

/// What the listed decisions are about.
#[derive(Default)]
struct ShownFilter {
    filter: DecisionFilter,
    number: Option<String>,
    user: Option<String>,
    search: Option<CustomerSearch>,
    unnamed: Option<UnnamedRule>,
}

impl ShownFilter {
    /// Whether a row must be looked at to know.
    fn looks(&self) -> bool {
        self.number.is_some() || self.user.is_some() || self.search.is_some() || self.unnamed.is_some()
    }

    fn means(&mut self, reader: &mut dyn StoreReader, inbox: &str, row: &LogRow) -> Result<bool, StoreError> {
        if !self.looks() {
            return Ok(true);
        }
        let routed = row.routed.as_ref().map(|routed| serde_json::from_str::<Routed>(routed.get()));
        let Some(Ok(routed)) = routed else { return Ok(false) };
        if !self.fits(&routed) {
            return Ok(false);
        }
        if let Some(rule) = &mut self.unnamed
            && !rule.decided(reader, inbox, &routed.decision)?
        {
            return Ok(false);
        }
        match &mut self.search {
            Some(search) => search.finds(reader, inbox, &routed.customer),
            None => Ok(true),
        }
    }

    fn fits(&self, routed: &Routed) -> bool {
        let user = match &routed.decision.assign {
            Some(Assignment::User { user, .. }) => Some(&**user),
            Some(Assignment::Kept { user, .. }) => user.as_deref(),
            _ => None,
        };
        let is =
            |wanted: &Option<String>, found: Option<&str>| wanted.is_none() || wanted.as_deref() == found;
        is(&self.number, routed.decision.number.as_deref()) && is(&self.user, user)
    }
}

/// `GET {i}/decisions`
pub(super) async fn decisions(call: Call) -> CallResult {
    if decision_log::accepts_ndjson(&call.headers) {
        return decision_log::stream(call);
    }
    let release = call.inbox()?.release();
    let place = call.query.name("place");
    let mut shown = ShownFilter {
        filter: DecisionFilter {
            rule: call.query.get("rule").map(str::to_owned),
            customer: None,
            message: call.query.get("message").map(str::to_owned),
        },
        number: call.query.name("number"),
        user: call.query.get("user").map(str::to_owned),
        search: None,
        unnamed: place.map(|place| UnnamedRule::at(&release.set, &place)).transpose()?,
    };
    let search = call.query.name("search").filter(|text| !text.trim().is_empty());
    let customer = call.query.name("customer");
    let (page, before) = (call.query.page()?, call.query.before()?);
    let found = call.read(move |reader, inbox| {
        if let Some(name) = customer {
            let Some(id) = customer_id(reader, inbox, &name)? else { return Ok(ItemList::default()) };
            shown.filter.customer = Some(id);
        }
        if let Some(text) = search {
            // A whole phone number or id needs no search.
            match customer_id(reader, inbox, &text)? {
                Some(id) if shown.filter.customer.as_ref().is_none_or(|of| *of == id) => {
                    shown.filter.customer = Some(id);
                }
                _ => shown.search = Some(CustomerSearch::new(&text)),
            }
        }
        let end = reader.inbox(inbox)?.seq.saturating_add(1);
        let seq = |(row, _): &(LogRow, bool)| row.record.seq;
        let is_meant = |(_, is_meant): &(LogRow, bool)| *is_meant;
        let read = |page| {
            let rows = reader.decisions(inbox, &shown.filter, page)?;
            let judged =
                rows.into_iter().map(|row| shown.means(reader, inbox, &row).map(|is_meant| (row, is_meant)));
            judged.collect()
        };
        let ScannedRows { rows, next } = match before {
            None => oldest(page, seq, is_meant, read)?,
            Some(before) => newest(before.min(end), page, seq, is_meant, read)?,
        };
        let items = rows.iter().map(|(row, _)| shown_now(reader, inbox, row)).collect::<Result<_, _>>()?;
        Ok(ItemList { items, next })
    });
    ok(found.await?)
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
        row.filter(|row| row.routed.is_some()).map(|row| shown_now(reader, inbox, &row)).transpose()
    });
    let mut shown = routed.await?.ok_or_else(unknown)?;
    if with_why {
        let seed = call.state.seed;
        shown.routed.decision.why = call
            .read(move |reader, inbox| machine::why(reader, inbox, seq, seed))
            .await?
            .and_then(|decision| decision.why);
    }
    ok(shown)
}

/// A decision as it is told now, with the message that it was about.
fn shown_now(reader: &mut dyn StoreReader, inbox: &str, row: &LogRow) -> Result<ShownDecision, StoreError> {
    let routed = routed_now(reader, inbox, row)?;
    let customer = reader.customer(inbox, &routed.customer)?;
    let (text, kind) = message_text(reader, inbox, routed.seq)?;
    let CustomerRow { name, names, .. } = customer.unwrap_or_default();
    Ok(ShownDecision { customer_name: name, customer_names: names, kind, text, routed })
}

/// The text and the kind of a message, as long as they are kept.
pub(super) fn message_text(
    reader: &mut dyn StoreReader,
    inbox: &str,
    seq: u64,
) -> Result<(Option<String>, Option<MessageKind>), StoreError> {
    let Some(row) = reader.text(inbox, seq)? else { return Ok((None, None)) };
    let facts = serde_json::from_str::<DecisionFacts>(&row.facts).ok();
    Ok((row.text, facts.map(|facts| facts.message.kind)))
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
pub(super) fn decision_answer(mut decision: Decision) -> Decision {
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
