//! Drops what is older than it is to be kept: days as a whole, and what is not kept by day inbox by inbox.

use jiff::Timestamp;
use tokio_postgres::Row;

use super::database::Database;
use super::days::{DailyTable, day_of, drop_one, make, needed, partitions};
use super::error::QueryFailure;
use super::keys::InboxNumber;
use super::outbox::change_counts;
use super::query::{Query, ReadRow};
use crate::store::StoreError;
use crate::store::columns::{CountChanges, count, micros};

/// At most so many rows of a table are dropped in a call.
const ROWS: i64 = 1000;

/// At most so many inboxes are looked at in a call, since timers wait meanwhile.
const INBOXES: usize = 20;

/// Since when things are kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeptSince {
    /// The first day of messages.
    pub(super) messages: i32,
    pub(super) texts: Timestamp,
    pub(super) events: Timestamp,
}

/// Makes the days that are needed soon and drops those that are too old. A day is dropped once all of it is
/// too old.
pub(super) fn expire_days(db: &mut Database, today: i32, kept: KeptSince) -> Result<(), StoreError> {
    const DAYS: &str = "DELETE FROM log_days WHERE day < $1";
    let found = partitions(db)?;
    let wanted = needed(today, kept.messages);
    if !wanted.is_subset(&found) {
        db.in_transaction(|db| make(db, &wanted))?;
    }
    let first = |table| match table {
        DailyTable::Messages => kept.messages,
        // No text outlives its entry, by whose customer it is found.
        DailyTable::Texts => day_of(kept.texts).max(day_of(kept.events)),
        DailyTable::Events => day_of(kept.events),
    };
    for (table, day) in found.into_iter().filter(|(table, day)| *day < first(*table)) {
        // While this waits, everybody waits behind it, so it waits only briefly; the next call tries again.
        db.in_transaction(|db| {
            db.ask_one(Query::new("SET LOCAL lock_timeout = '100ms'"))?;
            db.run_script(&drop_one(table, day)).map_err(QueryFailure::before_commit)
        })?;
    }
    db.ask_one(Query::new(DAYS).with(first(DailyTable::Events))).map(drop)
}

/// Drops a piece of the rest. `last`: the last inbox that is done in this round. `true`: there may be more.
pub(super) fn expire_rows(
    db: &mut Database,
    last: &mut InboxNumber,
    kept: KeptSince,
) -> Result<bool, StoreError> {
    const MESSAGES: &str = "DELETE FROM messages_other WHERE (inbox, hash, day) IN
        (SELECT inbox, hash, day FROM messages_other WHERE day / 1 < $1 ORDER BY day / 1 LIMIT $2) RETURNING 0";
    const NEXT: &str = "SELECT inbox FROM inboxes WHERE inbox > $1 ORDER BY inbox LIMIT 1";
    if is_full(&db.ask_one(Query::new(MESSAGES).with(kept.messages).with(ROWS))?) {
        return Ok(true);
    }
    for _ in 0..INBOXES {
        let next = db.ask_one(Query::new(NEXT).with(last.0))?;
        let Some(row) = next.first() else {
            last.0 = 0;
            return Ok(false);
        };
        let inbox = InboxNumber(row.value(0)?);
        if db.in_transaction(|db| of_inbox(db, inbox, kept))? {
            return Ok(true);
        }
        *last = inbox;
    }
    Ok(true)
}

/// Drops a piece of an inbox. `true`: there may be more.
fn of_inbox(db: &mut Database, inbox: InboxNumber, kept: KeptSince) -> Result<bool, StoreError> {
    const LOCK: &str = "SELECT 1 FROM inboxes WHERE inbox = $1 FOR UPDATE SKIP LOCKED";
    const NOTICES: &str = "DELETE FROM notices WHERE inbox = $1 AND seq IN
        (SELECT seq FROM (SELECT seq, at FROM notices WHERE inbox = $1 ORDER BY seq LIMIT $3) n WHERE at < $2)
        RETURNING 0";
    const CHATS: &str = "DELETE FROM chats WHERE inbox = $1 AND id IN
        (SELECT id FROM chats WHERE inbox = $1 AND closed_at < $2 ORDER BY closed_at LIMIT $3) RETURNING 0";
    const REPLIES: &str = "DELETE FROM outbox WHERE inbox = $1 AND id IN
        (SELECT id FROM (SELECT id, at, settled FROM outbox WHERE inbox = $1 ORDER BY id LIMIT $3) n
            WHERE settled AND at < $2) RETURNING state";
    const SNAPSHOTS: &str = "DELETE FROM snapshots WHERE inbox = $1
        AND seq < (SELECT min(first) FROM log_days WHERE inbox = $1)
        AND seq < (SELECT max(seq) FROM snapshots WHERE inbox = $1)";
    let (texts, events) = (micros(kept.texts), micros(kept.events));
    let piece = |sql, before: i64| Query::new(sql).with(inbox.0).with(before).with(ROWS);
    if db.ask_one(Query::new(LOCK).with(inbox.0))?.is_empty() {
        // It is being written: its turn comes in the next round.
        return Ok(false);
    }
    let rows = db.ask(&[
        piece(NOTICES, texts),
        piece(CHATS, events),
        piece(REPLIES, texts),
        Query::new(SNAPSHOTS).with(inbox.0),
    ])?;
    let [notices, chats, replies, _] = &rows[..] else { return Ok(false) };
    let mut counts = CountChanges::default();
    for row in replies {
        count(&mut counts, row.value(0)?, -1);
    }
    if let Some(query) = change_counts(inbox, &counts) {
        db.ask_one(query)?;
    }
    Ok([notices, chats, replies].iter().any(|rows| is_full(rows)))
}

/// Whether as many rows were dropped as may be.
fn is_full(dropped: &[Row]) -> bool {
    i64::try_from(dropped.len()).unwrap_or(ROWS) >= ROWS
}
