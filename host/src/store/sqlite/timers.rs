//! Timers.

use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::DeskTimer;
use jiff::Timestamp;
use rusqlite::Connection;
use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use super::keys::{InboxKey, as_integer, chat_number, micros, moment};
use super::query::{all, run};
use crate::store::{DueInbox, HostTimer, StoreError, TimerRow};

/// The key of a timer within its inbox.
struct Slot {
    subject: Value,
    kind: i64,
    seq: i64,
    position: i64,
}

/// The kind of a timer for `after`.
const LATER: i64 = 2;

fn slot(timer: &HostTimer) -> Result<Slot, StoreError> {
    let of = |subject, kind| Slot { subject, kind, seq: 0, position: 0 };
    let of_chat = |chat: &ChatId, kind| of(Value::Integer(chat_number(*chat)), kind);
    Ok(match timer {
        HostTimer::Desk(DeskTimer::Idle { chat }) => of_chat(chat, 0),
        HostTimer::Desk(DeskTimer::Timeout { chat, .. }) => of_chat(chat, 1),
        HostTimer::Desk(DeskTimer::Later { chat, seq, index, .. }) => {
            let position = i64::try_from(*index).unwrap_or(i64::MAX);
            Slot { seq: as_integer(*seq), position, ..of_chat(chat, LATER) }
        }
        HostTimer::Desk(DeskTimer::Presence { user }) => of(Value::Text(user.to_string()), 3),
        HostTimer::Held(new) => {
            let hash = match &new.message.id {
                Some(id) => Sha256::new().chain_update(&*new.number).chain_update([0]).chain_update(id),
                None => Sha256::new().chain_update(serde_json::to_vec(new)?),
            };
            of(Value::Blob(hash.finalize().to_vec()), 4)
        }
        HostTimer::Desk(_) => return Err(StoreError::Damaged("a timer of an unknown kind".to_owned())),
    })
}

/// Sets a timer, in the place of the one before.
pub(super) fn set(db: &Connection, inbox: InboxKey, row: &TimerRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO timers VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET due = excluded.due, body = excluded.body";
    let Slot { subject, kind, seq, position } = slot(&row.timer)?;
    let body = serde_json::to_string(&row.timer)?;
    run(db, SQL, (inbox.0, subject, kind, seq, position, micros(row.due), body))?;
    Ok(())
}

/// Drops a timer.
pub(super) fn unset(db: &Connection, inbox: InboxKey, timer: &HostTimer) -> Result<(), StoreError> {
    const SQL: &str =
        "DELETE FROM timers WHERE inbox = ? AND subject = ? AND kind = ? AND seq = ? AND position = ?";
    let Slot { subject, kind, seq, position } = slot(timer)?;
    run(db, SQL, (inbox.0, subject, kind, seq, position))?;
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
