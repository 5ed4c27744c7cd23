//! `GET {i}/replies` and `GET {i}/notices`.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::value::RawValue;

use super::call::{Call, CallResult};
use super::listed::list_from_either_end;
use crate::store::{NoticeRow, OutboxRow, OutboxState, StoreReader};

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
    let read = move |reader: &mut dyn StoreReader, inbox: &str, page| reader.replies(inbox, state, page);
    list_from_either_end(&call, read, |row| row.id, |row| ReplyRowAnswer::new(&row)).await
}

/// `GET {i}/notices`
pub(super) async fn notices(call: Call) -> CallResult {
    let answer = |row| {
        let NoticeRow { seq, at, kind, number, customer, body } = row;
        NoticeAnswer { seq, at, kind, number, customer, body }
    };
    let read = |reader: &mut dyn StoreReader, inbox: &str, page| reader.notices(inbox, page);
    list_from_either_end(&call, read, |row| row.seq, answer).await
}
