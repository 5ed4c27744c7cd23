//! `{i}/decisions`: what was decided, and why.

use std::cell::RefCell;
use std::collections::HashSet;
use std::sync::Arc;

use inbox_rules::{Assignment, Decision, MessageKind, Step};
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult, ok};
use super::customer_search::CustomerSearch;
use super::customers::customer_id;
use super::error::ApiError;
use super::listed::{ItemList, list};
use super::newest::newest;
use crate::machine::{self, DecisionFacts, ReplyAnswer, Routed};
use crate::store::{CustomerRow, DecisionFilter, LogRow, OutboxRow, Page, StoreError, StoreReader};

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
}

impl ShownFilter {
    /// Whether a row must be looked at to know.
    fn looks(&self) -> bool {
        self.number.is_some() || self.user.is_some() || self.search.is_some()
    }

    /// The positions of those rows that are meant.
    fn meant(
        &mut self,
        reader: &mut dyn StoreReader,
        inbox: &str,
        rows: &[LogRow],
    ) -> Result<Vec<u64>, StoreError> {
        let mut meant = Vec::new();
        for row in rows {
            let routed = row.routed.as_ref().map(|routed| serde_json::from_str::<Routed>(routed.get()));
            let Some(Ok(routed)) =
                routed.filter(|routed| routed.as_ref().is_ok_and(|routed| self.fits(routed)))
            else {
                continue;
            };
            let is_found = match &mut self.search {
                Some(search) => search.finds(reader, inbox, &routed.customer)?,
                None => true,
            };
            if is_found {
                meant.push(row.record.seq);
            }
        }
        Ok(meant)
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
    let mut shown = ShownFilter {
        filter: DecisionFilter {
            rule: call.query.get("rule").map(str::to_owned),
            customer: None,
            message: call.query.get("message").map(str::to_owned),
        },
        number: call.query.name("number"),
        user: call.query.get("user").map(str::to_owned),
        search: None,
    };
    let search = call.query.name("search").filter(|text| !text.trim().is_empty());
    let customer = call.query.name("customer");
    // Those of a number, of a user or of somebody are looked for from the end.
    let from_end = shown.looks() || search.is_some();
    let before = call.query.before()?.or(from_end.then_some(u64::MAX));
    let read = |page: Page| {
        call.read(move |reader, inbox| {
            if let Some(name) = customer {
                let Some(id) = customer_id(reader, inbox, &name)? else { return Ok((Vec::new(), None)) };
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
            let (rows, next) = match before {
                None => (reader.decisions(inbox, &shown.filter, page)?, None),
                Some(before) => {
                    let before = before.min(reader.inbox(inbox)?.seq.saturating_add(1));
                    let meant = RefCell::new(HashSet::new());
                    let is_meant = |row: &LogRow| meant.borrow().contains(&row.record.seq);
                    let looks = shown.looks();
                    let read = |page| {
                        let rows = reader.decisions(inbox, &shown.filter, page)?;
                        let all = || rows.iter().map(|row| row.record.seq).collect();
                        meant.borrow_mut().extend(if looks {
                            shown.meant(reader, inbox, &rows)?
                        } else {
                            all()
                        });
                        Ok(rows)
                    };
                    let found = newest(before, page, |row: &LogRow| row.record.seq, is_meant, read)?;
                    (found.rows, found.next)
                }
            };
            let rows: Result<Vec<_>, _> = rows.iter().map(|row| shown_now(reader, inbox, row)).collect();
            Ok((rows?, next))
        })
    };
    if before.is_some() {
        let (items, next) = read(call.query.page()?).await?;
        return ok(ItemList { items, next });
    }
    let read = |page| async move { Ok(read(page).await?.0) };
    list(&call, read, |shown: &ShownDecision| shown.routed.seq, Ok).await
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
