//! `GET {i}/replies` and `GET {i}/notices`.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::call::{Call, CallResult, ok};
use super::listed::{ItemList, list};
use super::newest::{NewestRows, last_position, newest};
use crate::store::{NoticeRow, OutboxRow, OutboxState, Page};

/// A reply on its way out.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Reply")]
pub(super) struct ReplyRowAnswer {
    /// The id, such as `r9`.
    id: String,
    /// What the caller calls it; `null`: a rule wrote it.
    caller_id: Option<String>,
    /// The number that it goes out from.
    number: Arc<str>,
    /// The customer.
    customer: Arc<str>,
    /// The chat.
    chat: Option<u64>,
    /// The decision that it belongs to; `null`: a user wrote it.
    seq: Option<u64>,
    /// The text.
    text: String,
    /// How far it is.
    state: OutboxState,
    /// The code of WhatsApp's error.
    code: Option<i64>,
    /// How often it was tried.
    tries: u32,
    /// The id that WhatsApp gave it.
    wamid: Option<String>,
    /// When it was decided, or written.
    at: Timestamp,
    /// When it is to be sent, or sent again; `null`: it is not.
    due: Option<Timestamp>,
    /// After this it is too late.
    expires: Timestamp,
}

/// Something that WhatsApp has told, and that decides nothing.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Notice")]
pub(super) struct NoticeAnswer {
    /// Its position among the notices.
    seq: u64,
    /// When it came.
    at: Timestamp,
    /// The kind.
    kind: String,
    /// The number, if it is about one.
    number: Option<Arc<str>>,
    /// The customer, if it is about one.
    customer: Option<Arc<str>>,
    /// What came.
    #[schemars(with = "serde_json::Value")]
    body: Box<RawValue>,
}

impl ReplyRowAnswer {
    pub(super) fn new(row: &OutboxRow) -> Self {
        let row = row.clone();
        Self {
            id: format!("r{}", row.id),
            caller_id: row.caller_id,
            number: row.number,
            customer: row.customer,
            chat: row.chat.map(|chat| chat.0),
            seq: row.seq,
            text: row.text,
            state: row.state,
            code: row.code,
            tries: row.tries,
            wamid: row.wamid,
            at: row.at,
            due: Some(row.due).filter(|due| *due < row.expires),
            expires: row.expires,
        }
    }
}

/// `GET {i}/replies`
pub(super) async fn replies(call: Call) -> CallResult {
    let state = call.query.choice("state", &OutboxState::WORDS)?;
    let read = |page| call.read(move |reader, inbox| reader.replies(inbox, state, page));
    list(&call, read, |row| row.id, |row| Ok(ReplyRowAnswer::new(&row))).await
}

/// `GET {i}/notices`
pub(super) async fn notices(call: Call) -> CallResult {
    let answer = |row| {
        let NoticeRow { seq, at, kind, number, customer, body } = row;
        NoticeAnswer { seq, at, kind, number, customer, body }
    };
    if let Some(before) = call.query.before()? {
        let page = call.query.page()?;
        let found = call.read(move |reader, inbox| {
            let any = |after| Ok(!reader.notices(inbox, Page { after, limit: 1 })?.is_empty());
            let before = before.min(last_position(any)? + 1);
            newest(before, page, |row: &NoticeRow| row.seq, |_| true, |page| reader.notices(inbox, page))
        });
        let NewestRows { rows, next } = found.await?;
        return ok(ItemList { items: rows.into_iter().map(answer).collect(), next });
    }
    let read = |page| call.read(move |reader, inbox| reader.notices(inbox, page));
    list(&call, read, |row: &NoticeRow| row.seq, |row| Ok(answer(row))).await
}
