//! The log, the messages that may come again, their texts, and notices.

use std::sync::Arc;

use inbox_rules::desk::{LogRecord, LogRecordKind};
use rusqlite::{Connection, Row};
use serde_json::value::RawValue;

use super::keys::{InboxKey, as_integer, customer_id, fingerprint, micros, moment, position};
use super::query::{all, one, run};
use crate::store::{DecisionFilter, LogRow, MessageKey, MessageRow, NoticeRow, Page, StoreError, TextRow};

/// Adds an entry to the log.
pub(super) fn add(db: &Connection, inbox: InboxKey, row: &LogRow) -> Result<(), StoreError> {
    const SQL: &str =
        "INSERT INTO events (id, at, customer, rule, message, body, routed) VALUES (?, ?, ?, ?, ?, ?, ?)";
    let (mut of_customer, mut of_rule, mut of_message) = (None, None, None);
    if let LogRecordKind::Renamed { customer, .. } = &row.record.kind {
        of_customer = Some(inbox.customer_to_write(customer)?);
    }
    if let LogRecordKind::Message { message, customer, rule, .. } = &row.record.kind {
        of_customer = Some(inbox.customer_to_write(customer)?);
        let rule = rule.as_ref().and_then(|rule| rule.name.as_ref());
        of_rule = rule.map(|name| fingerprint_in(inbox, name));
        of_message = message.as_ref().map(|id| fingerprint_in(inbox, id));
    }
    let (id, at) = (inbox.at(row.record.seq), micros(row.record.at));
    let body = serde_json::to_string(&row.record)?;
    let routed = row.routed.as_ref().map(|routed| routed.get());
    run(db, SQL, (id, at, of_customer, of_rule, of_message, body, routed))?;
    Ok(())
}

/// The names of one inbox are not those of another.
fn fingerprint_in(inbox: InboxKey, name: &str) -> i64 {
    fingerprint(name) ^ inbox.first()
}

fn log_row(row: &Row<'_>) -> Result<LogRow, StoreError> {
    let body: String = row.get(0)?;
    let routed: Option<String> = row.get(1)?;
    let record: LogRecord = serde_json::from_str(&body)?;
    Ok(LogRow { record, routed: routed.map(RawValue::from_string).transpose()? })
}

/// Entries of the log.
pub(super) fn list(db: &Connection, inbox: InboxKey, page: Page) -> Result<Vec<LogRow>, StoreError> {
    const SQL: &str = "SELECT body, routed FROM events WHERE id > ? AND id <= ? ORDER BY id LIMIT ?";
    all(db, SQL, (inbox.at(page.after), inbox.last(), limit(page)), log_row)
}

/// How many rows a page has at most, for SQLite.
pub(super) fn limit(page: Page) -> i64 {
    i64::try_from(page.limit).unwrap_or(i64::MAX)
}

/// The message entry with this position.
pub(super) fn message_entry(
    db: &Connection,
    inbox: InboxKey,
    seq: u64,
) -> Result<Option<LogRow>, StoreError> {
    const SQL: &str = "SELECT body, routed FROM events WHERE id = ? AND customer IS NOT NULL";
    let found = one(db, SQL, [inbox.at(seq)], log_row)?;
    Ok(found.filter(|row| matches!(row.record.kind, LogRecordKind::Message { .. })))
}

/// Message entries that are not forgotten. An index finds those of one name, and the names that are meant are told from others with
/// the same fingerprint here.
pub(super) fn decisions(
    db: &Connection,
    inbox: InboxKey,
    filter: &DecisionFilter,
    page: Page,
) -> Result<Vec<LogRow>, StoreError> {
    let Some(customer) = filter.customer.as_ref().map_or(Some(None), |id| inbox.customer(id).map(Some))
    else {
        return Ok(Vec::new());
    };
    let rule = filter.rule.as_ref().map(|name| fingerprint_in(inbox, name));
    let message = filter.message.as_ref().map(|id| fingerprint_in(inbox, id));
    // The most telling index comes first; the plus signs keep SQLite from the others.
    let condition = match (message, customer, rule) {
        (Some(_), ..) => "message = ?1 AND (?2 IS NULL OR +customer = ?2) AND (?3 IS NULL OR +rule = ?3)",
        (None, Some(_), _) => "?1 IS NULL AND customer = ?2 AND (?3 IS NULL OR +rule = ?3)",
        (None, None, Some(_)) => "?1 IS NULL AND ?2 IS NULL AND rule = ?3",
        (None, None, None) => "?1 IS NULL AND ?2 IS NULL AND ?3 IS NULL AND +customer IS NOT NULL",
    };
    let sql =
        format!("SELECT body, routed FROM events WHERE {condition} AND id > ?4 AND id <= ?5 ORDER BY id");
    let mut statement = db.prepare_cached(&sql)?;
    let mut rows = statement.query((message, customer, rule, inbox.at(page.after), inbox.last()))?;
    let mut found = Vec::new();
    while found.len() < page.limit
        && let Some(row) = rows.next()?
    {
        let row = log_row(row)?;
        if row.routed.is_some() && is_meant(&row, filter) {
            found.push(row);
        }
    }
    Ok(found)
}

fn is_meant(row: &LogRow, filter: &DecisionFilter) -> bool {
    let LogRecordKind::Message { message, rule, .. } = &row.record.kind else { return false };
    let is = |wanted: &Option<String>, name: Option<&Arc<str>>| {
        wanted.is_none() || wanted.as_deref() == name.map(|name| &**name)
    };
    is(&filter.message, message.as_ref())
        && is(&filter.rule, rule.as_ref().and_then(|rule| rule.name.as_ref()))
}

/// The message, if it came before, on its day or one beside it.
pub(super) fn message(
    db: &Connection,
    inbox: InboxKey,
    key: &MessageKey,
) -> Result<Option<MessageRow>, StoreError> {
    const SQL: &str = "SELECT seq, held FROM messages WHERE day = ? AND inbox = ? AND hash = ?";
    // Day by day: for a list of days SQLite would build a table in each call.
    for day in [key.day, key.day.saturating_sub(1), key.day.saturating_add(1)] {
        let found = one(db, SQL, (day, inbox.0, &key.hash), |row| {
            Ok(MessageRow { seq: row.get::<_, i64>(0)?.cast_unsigned(), held: row.get(1)? })
        })?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Adds or changes a message. If it is known by another day, it stays there.
pub(super) fn put_message(
    db: &Connection,
    inbox: InboxKey,
    key: &MessageKey,
    row: MessageRow,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO messages VALUES (?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET seq = excluded.seq, held = excluded.held";
    run(db, SQL, (key.day, inbox.0, &key.hash, as_integer(row.seq), row.held))?;
    Ok(())
}

/// The text and the facts of a decision.
pub(super) fn text(db: &Connection, inbox: InboxKey, seq: u64) -> Result<Option<TextRow>, StoreError> {
    const SQL: &str = "SELECT customer, text, facts FROM texts JOIN events USING (id)
        WHERE id = ? AND customer IS NOT NULL";
    one(db, SQL, [inbox.at(seq)], |row| {
        let customer = customer_id(row.get(0)?).into();
        Ok(TextRow { seq, customer, text: row.get(1)?, facts: row.get(2)? })
    })
}

/// Adds or changes the text of a decision.
pub(super) fn put_text(db: &Connection, inbox: InboxKey, row: &TextRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO texts VALUES (?, ?, ?)
        ON CONFLICT DO UPDATE SET text = excluded.text, facts = excluded.facts";
    run(db, SQL, (inbox.at(row.seq), &row.text, &row.facts))?;
    Ok(())
}

/// Replaces the text of a decision, or only adds it where there is none.
pub(super) fn edit_text(
    db: &Connection,
    inbox: InboxKey,
    seq: u64,
    text: Option<&str>,
    only_add: bool,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE texts SET text = ?1, facts = CASE WHEN ?1 IS NULL THEN '' ELSE facts END \
        WHERE id = ?2 AND (NOT ?3 OR text IS NULL)";
    run(db, SQL, (text, inbox.at(seq), only_add))?;
    Ok(())
}

/// Adds a notice.
pub(super) fn add_notice(
    db: &Connection,
    inbox: InboxKey,
    seq: u64,
    row: &NoticeRow,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO notices VALUES (?, ?, ?, ?, ?, ?)";
    let customer = row.customer.as_ref().map(|id| inbox.customer_to_write(id)).transpose()?;
    run(db, SQL, (inbox.at(seq), micros(row.at), &row.kind, &row.number, customer, row.body.get()))?;
    Ok(())
}

/// Notices.
pub(super) fn notices(db: &Connection, inbox: InboxKey, page: Page) -> Result<Vec<NoticeRow>, StoreError> {
    const SQL: &str = "SELECT id, at, kind, number, customer, body FROM notices
        WHERE id > ? AND id <= ? ORDER BY id LIMIT ?";
    all(db, SQL, (inbox.at(page.after), inbox.last(), limit(page)), |row| {
        let customer: Option<i64> = row.get(4)?;
        Ok(NoticeRow {
            seq: position(row.get(0)?),
            at: moment(row.get(1)?)?,
            kind: row.get(2)?,
            number: row.get(3)?,
            customer: customer.map(|key| customer_id(key).into()),
            body: RawValue::from_string(row.get(5)?)?,
        })
    })
}

/// The decisions about a customer become those about another.
pub(super) fn merge(db: &Connection, from: i64, into: i64) -> Result<(), StoreError> {
    run(db, "UPDATE events SET customer = ? WHERE customer = ?", (into, from))?;
    run(db, "UPDATE notices SET customer = ? WHERE customer = ?", (into, from))?;
    Ok(())
}

/// Forgets what a customer wrote, what was decided about it but for the entries of the log, and the names in these.
pub(super) fn forget_customer(db: &Connection, customer: i64) -> Result<(), StoreError> {
    const NAMES: &str = "UPDATE events SET body = json_set(body, '$.names', json('[]'))
        WHERE customer = ? AND json_extract(body, '$.names') IS NOT NULL";
    run(db, "DELETE FROM texts WHERE id IN (SELECT id FROM events WHERE customer = ?)", [customer])?;
    run(db, NAMES, [customer])?;
    run(db, "UPDATE events SET routed = NULL WHERE customer = ?", [customer])?;
    run(db, "DELETE FROM notices WHERE customer = ?", [customer])?;
    Ok(())
}
