//! Timers.

use std::sync::Arc;

use inbox_rules::ChatId;
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::keys::{InboxKey, chat_number, micros, moment};
use super::query::{all, run};
use crate::store::columns::{LATER, TimerSlot, TimerSubject};
use crate::store::{DueInbox, HostTimer, StoreError, TimerRow};

fn subject(subject: TimerSubject) -> Value {
    match subject {
        TimerSubject::Chat(chat) => Value::Integer(chat),
        TimerSubject::User(user) => Value::Text(user.to_string()),
        TimerSubject::Message(hash) => Value::Blob(hash),
    }
}

/// Sets a timer, in the place of the one before.
pub(super) fn set(db: &Connection, inbox: InboxKey, row: &TimerRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO timers VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET due = excluded.due, body = excluded.body";
    let slot = TimerSlot::of(&row.timer)?;
    let body = serde_json::to_string(&row.timer)?;
    let key = (inbox.0, subject(slot.subject), slot.kind, slot.seq, slot.position);
    run(db, SQL, (key.0, key.1, key.2, key.3, key.4, micros(row.due), body))?;
    Ok(())
}

/// Drops a timer.
pub(super) fn unset(db: &Connection, inbox: InboxKey, timer: &HostTimer) -> Result<(), StoreError> {
    const SQL: &str =
        "DELETE FROM timers WHERE inbox = ? AND subject = ? AND kind = ? AND seq = ? AND position = ?";
    let slot = TimerSlot::of(timer)?;
    run(db, SQL, (inbox.0, subject(slot.subject), slot.kind, slot.seq, slot.position))?;
    Ok(())
}

/// Drops the timers of a chat: all of them, or only those for `after`.
pub(super) fn unset_of_chat(
    db: &Connection,
    inbox: InboxKey,
    chat: ChatId,
    only_later: bool,
) -> Result<(), StoreError> {
    let of_chat = (inbox.0, chat_number(chat));
    if only_later {
        const SQL: &str = "DELETE FROM timers WHERE inbox = ? AND subject = ? AND kind = ?";
        run(db, SQL, (of_chat.0, of_chat.1, LATER))?;
    } else {
        run(db, "DELETE FROM timers WHERE inbox = ? AND subject = ?", of_chat)?;
    }
    Ok(())
}

/// The timers that are due, the earliest first.
pub(super) fn due(
    db: &Connection,
    inbox: InboxKey,
    now: Timestamp,
    most: usize,
) -> Result<Vec<TimerRow>, StoreError> {
    const SQL: &str = "SELECT due, body FROM timers WHERE inbox = ? AND due <= ? ORDER BY due LIMIT ?";
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    all(db, SQL, (inbox.0, micros(now), most), |row| {
        let body = row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?;
        Ok(TimerRow { due: moment(row.get(0)?)?, timer: serde_json::from_str(body)? })
    })
}

/// The earliest moments of the inboxes.
pub(super) fn due_inboxes(db: &Connection, most: usize) -> Result<Vec<DueInbox>, StoreError> {
    const SQL: &str = "SELECT name, due FROM (
            SELECT name, (SELECT due FROM timers WHERE timers.inbox = inboxes.inbox ORDER BY due LIMIT 1) AS due
            FROM inboxes)
        WHERE due IS NOT NULL ORDER BY due, name LIMIT ?";
    all(db, SQL, [i64::try_from(most).unwrap_or(i64::MAX)], |row| {
        Ok(DueInbox { inbox: row.get::<_, Arc<str>>(0)?, due: moment(row.get(1)?)? })
    })
}
