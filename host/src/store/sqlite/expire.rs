//! Drops what is older than it is to be kept, inbox by inbox.

use jiff::Timestamp;
use rusqlite::Connection;

use super::keys::{InboxKey, micros};
use super::outbox::write_counts;
use super::query::{all, one, run};
use crate::store::StoreError;
use crate::store::columns::{CountChanges, count};

/// How far it has come: the last inbox that is done in this round.
#[derive(Debug, Default)]
pub(super) struct Expiry {
    last: i64,
}

/// At most so many rows of a table are dropped in a call.
const ROWS: u16 = 1000;

/// At most so many inboxes are looked at in a call.
const INBOXES: usize = 100;

/// Drops a piece of what is too old. `true`: there may be more.
pub(super) fn expire(
    db: &Connection,
    expiry: &mut Expiry,
    messages: i32,
    texts: Timestamp,
    events: Timestamp,
) -> Result<bool, StoreError> {
    const MESSAGES: &str = "DELETE FROM messages WHERE (day, inbox, hash) IN
        (SELECT day, inbox, hash FROM messages WHERE day < ? ORDER BY day, inbox, hash LIMIT ?)";
    const NEXT: &str = "SELECT inbox FROM inboxes WHERE inbox > ? ORDER BY inbox LIMIT 1";
    let (texts, events) = (micros(texts), micros(events));
    let mut dropped = run(db, MESSAGES, (messages, ROWS))?;
    dropped += replies(db, texts)?;
    for _ in 0..INBOXES {
        if dropped >= usize::from(ROWS) {
            return Ok(true);
        }
        let Some(inbox) = one(db, NEXT, [expiry.last], |row| Ok(InboxKey(row.get(0)?)))? else {
            expiry.last = 0;
            return Ok(false);
        };
        let of_inbox = of_inbox(db, inbox, texts, events)?;
        if of_inbox == 0 {
            expiry.last = inbox.0;
        }
        dropped += of_inbox;
    }
    Ok(true)
}

/// Drops a piece of an inbox; the answer is how many rows that was.
fn of_inbox(db: &Connection, inbox: InboxKey, texts: i64, events: i64) -> Result<usize, StoreError> {
    const TEXTS: &str = "SELECT texts.id, coalesce(at, 0) FROM texts LEFT JOIN events USING (id)
        WHERE texts.id > ? AND texts.id <= ? ORDER BY texts.id LIMIT ?";
    const NOTICES: &str = "SELECT id, at FROM notices WHERE id > ? AND id <= ? ORDER BY id LIMIT ?";
    const EVENTS: &str = "SELECT id, at FROM events WHERE id > ? AND id <= ? ORDER BY id LIMIT ?";
    const CHATS: &str = "DELETE FROM closed_chats WHERE id IN
        (SELECT id FROM closed_chats WHERE id > ? AND id <= ? AND closed_at < ? LIMIT ?)";
    const SNAPSHOTS: &str = "DELETE FROM snapshots WHERE id > ?1 AND id <= ?2
        AND id < (SELECT max(id) FROM snapshots WHERE id > ?1 AND id <= ?3)";
    const FIRST: &str = "SELECT id FROM events WHERE id > ? ORDER BY id LIMIT 1";
    let mut dropped = 0;
    if let Some(last) = last_before(db, TEXTS, inbox, texts)? {
        dropped += run(db, "DELETE FROM texts WHERE id > ? AND id <= ?", (inbox.first(), last))?;
    }
    if let Some(last) = last_before(db, NOTICES, inbox, texts)? {
        dropped += run(db, "DELETE FROM notices WHERE id > ? AND id <= ?", (inbox.first(), last))?;
    }
    if let Some(last) = last_before(db, EVENTS, inbox, events)? {
        // No text outlives its entry, by whose customer it is found.
        run(db, "DELETE FROM texts WHERE id > ? AND id <= ?", (inbox.first(), last))?;
        dropped += run(db, "DELETE FROM events WHERE id > ? AND id <= ?", (inbox.first(), last))?;
        run(db, SNAPSHOTS, (inbox.first(), last, inbox.last()))?;
    }
    let first = one(db, FIRST, [inbox.first()], |row| Ok(row.get::<_, i64>(0)?))?;
    let last = first.map_or(inbox.last(), |first| first.min(inbox.last()));
    dropped += run(db, CHATS, (inbox.first(), last, events, ROWS))?;
    Ok(dropped)
}

/// The last of the first rows, by position, that is older than `limit`. Clocks jump: a few that are younger
/// do not hold it up.
fn last_before(db: &Connection, sql: &str, inbox: InboxKey, limit: i64) -> Result<Option<i64>, StoreError> {
    let rows: Vec<(i64, i64)> =
        all(db, sql, (inbox.first(), inbox.last(), ROWS), |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.into_iter().rev().find(|(_, at)| *at < limit).map(|(id, _)| id))
}

/// Drops a piece of the replies that are settled.
fn replies(db: &Connection, limit: i64) -> Result<usize, StoreError> {
    const OLD: &str = "SELECT id, inbox, state, at, settled FROM outbox ORDER BY id LIMIT ?";
    let rows = all(db, OLD, [ROWS], |row| {
        let settled_at = if row.get(4)? { row.get(3)? } else { i64::MAX };
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, row.get::<_, i16>(2)?, settled_at))
    })?;
    let mut dropped = 0;
    for (id, inbox, state, _) in rows.into_iter().filter(|(.., settled_at)| *settled_at < limit) {
        dropped += run(db, "DELETE FROM outbox WHERE id = ?", [id])?;
        let mut changes = CountChanges::default();
        count(&mut changes, state, -1);
        write_counts(db, inbox, &changes)?;
    }
    Ok(dropped)
}
