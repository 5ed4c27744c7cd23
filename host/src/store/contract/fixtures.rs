//! Rows for tests.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::desk::{ChatRecord, LogRecord};
use inbox_rules::{AttributeValue, ChatId};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::Stored;
use crate::incoming::SendBy;
use crate::store::{ChatRow, CustomerRow, LogRow, OutboxRow, OutboxState, StoreReader, TextRow, Transaction};

/// The moment so many microseconds after a beginning.
pub(super) fn at(micros: i64) -> Timestamp {
    Timestamp::from_microsecond(1_795_000_000_000_000 + micros).unwrap()
}

pub(super) fn inbox() -> Arc<str> {
    "main".into()
}

impl Stored {
    /// What `work` does in a transaction of the inbox `main`, committed and durable.
    pub(super) fn write<T>(&mut self, work: impl FnOnce(&mut dyn Transaction) -> T) -> T {
        self.write_in("main", work)
    }

    pub(super) fn write_in<T>(&mut self, inbox: &str, work: impl FnOnce(&mut dyn Transaction) -> T) -> T {
        let mut tx = self.store.begin(&inbox.into()).unwrap();
        let result = work(&mut *tx);
        tx.commit().unwrap();
        self.store.sync().unwrap();
        result
    }

    /// What `work` does in a transaction that is dropped.
    pub(super) fn drop_after<T>(&mut self, work: impl FnOnce(&mut dyn Transaction) -> T) -> T {
        let mut tx = self.store.begin(&inbox()).unwrap();
        work(&mut *tx)
    }

    pub(super) fn read(&mut self) -> &mut dyn StoreReader {
        &mut *self.reader
    }
}

pub(super) fn customer(id: &str, names: &[&str]) -> CustomerRow {
    CustomerRow {
        id: id.into(),
        names: names.iter().map(|name| Arc::from(*name)).collect(),
        name: Some("Mona \u{1f600}".to_owned()),
        language: None,
        country: Some("EG".to_owned()),
        tags: vec!["vip".to_owned()],
        attributes: BTreeMap::from([("plan".to_owned(), AttributeValue::Text("gold".to_owned()))]),
        owner: Some("alice".into()),
        returning: true,
        first_at: Some(at(1)),
        last_at: Some(at(2)),
    }
}

/// A chat that `user` has, or that waits in the group.
pub(super) fn chat(id: u64, customer: &str, number: &str, user: Option<&str>, group: &str) -> ChatRow {
    let assign = match user {
        Some(user) => json!({"to": "user", "user": user, "group": group, "by": null, "alternative": 0}),
        None => {
            json!({"to": "queue", "user": null, "group": group, "by": null, "alternative": 0, "reason": ""})
        }
    };
    let opened_at = at(i64::try_from(id).unwrap());
    let chat = json!({
        "id": id, "customer": customer, "message": {"id": format!("m{id}"), "kind": "text", "text": "hi"},
        "last": {
            "message": format!("m{id}"), "number": number, "rule": null, "assign": assign, "replies": [],
            "tags": [], "priority": null, "also": [], "resume": null, "policy": "sha256:0",
        },
        "tags": ["new"], "opened_at": opened_at, "last_at": opened_at, "answered_at": null,
        "waiting_since": user.is_none().then_some(opened_at),
    });
    let chat: ChatRecord = serde_json::from_value(chat).unwrap();
    ChatRow {
        chat: Arc::new(chat),
        number: number.into(),
        send: SendBy::WhatsApp,
        closed_at: None,
        resume_at: Some(at(9)),
    }
}

/// The entry of a message.
pub(super) fn log(seq: u64, message: &str, customer: &str, rule: Option<&str>) -> LogRow {
    let rule = rule.map(|name| json!({"name": name, "file": "default.rules", "line": 1}));
    let record = json!({
        "seq": seq, "at": at(i64::try_from(seq).unwrap()), "kind": "message", "message": message,
        "customer": customer, "number": "+1", "chat": null, "rule": rule,
    });
    LogRow { record: record_of(record), routed: Some(serde_json::value::to_raw_value(&seq).unwrap()) }
}

/// An entry about something else.
pub(super) fn log_of(seq: u64, mut kind: Value) -> LogRow {
    kind["seq"] = seq.into();
    kind["at"] = json!(at(i64::try_from(seq).unwrap()));
    LogRow { record: record_of(kind), routed: None }
}

fn record_of(json: Value) -> LogRecord {
    serde_json::from_value(json).unwrap()
}

pub(super) fn text(seq: u64, customer: &str, text: &str) -> TextRow {
    TextRow { seq, customer: customer.into(), text: Some(text.to_owned()), facts: "{}".to_owned() }
}

pub(super) fn reply(number: &str, customer: &str, due: i64) -> OutboxRow {
    OutboxRow {
        id: 0,
        number: number.into(),
        customer: customer.into(),
        chat: Some(ChatId(7)),
        seq: Some(7),
        caller_id: None,
        recipient: "+20".into(),
        text: "Hello".to_owned(),
        state: OutboxState::Waiting,
        due: at(due),
        lease: None,
        tries: 0,
        wamid: None,
        code: None,
        expires: at(1_000_000),
        at: at(due),
    }
}

/// A log as text, which can be compared.
pub(super) fn shown_log(rows: &[LogRow]) -> Vec<String> {
    let show = |row: &LogRow| {
        let record = serde_json::to_string(&row.record).unwrap();
        format!("{record} {:?}", row.routed.as_ref().map(|routed| routed.get()))
    };
    rows.iter().map(show).collect()
}
