//! The rows of inboxes, users, turns, rule sets and snapshots.

use std::sync::Arc;

use inbox_rules::Presence;
use rusqlite::Connection;

use super::keys::{InboxKey, as_integer, micros, moment, moment_or_none, position};
use super::query::{all, one, run};
use crate::store::{InboxRow, Page, RuleSetHead, RuleSetRow, StoreError, TurnRow, UserRow, WaitingSetRow};

/// The number of an inbox, if it has one.
pub(super) fn find(db: &Connection, name: &str) -> Result<Option<InboxKey>, StoreError> {
    one(db, "SELECT inbox FROM inboxes WHERE name = ?", [name], |row| Ok(InboxKey(row.get(0)?)))
}

/// An inbox at the beginning of a transaction.
pub(super) struct OpenInbox {
    pub(super) inbox: InboxKey,
    pub(super) row: InboxRow,
    /// How many notices it has had.
    pub(super) notices: u64,
}

/// The inbox with this name, which is given a number if it has none.
pub(super) fn find_or_add(db: &Connection, name: &str) -> Result<OpenInbox, StoreError> {
    let inbox = match find(db, name)? {
        Some(inbox) => inbox,
        None => {
            run(db, "INSERT INTO inboxes (name) VALUES (?)", [name])?;
            InboxKey(db.last_insert_rowid())
        }
    };
    read(db, inbox)
}

/// The row of an inbox.
pub(super) fn read(db: &Connection, inbox: InboxKey) -> Result<OpenInbox, StoreError> {
    const SQL: &str = "SELECT seq, stamp, rules, rules_since, notices, unlogged, waiting, differences
        FROM inboxes WHERE inbox = ?";
    let found = one(db, SQL, [inbox.0], |row| {
        let waiting: Option<Arc<str>> = row.get(6)?;
        let differences = row.get::<_, Option<i64>>(7)?.unwrap_or_default().cast_unsigned();
        let of_inbox = InboxRow {
            seq: row.get::<_, i64>(0)?.cast_unsigned(),
            stamp: row.get::<_, i64>(1)?.cast_unsigned(),
            unlogged: row.get::<_, i64>(5)?.cast_unsigned(),
            rules: row.get(2)?,
            rules_since: moment_or_none(row.get(3)?)?,
            waiting: waiting.map(|digest| WaitingSetRow { digest, differences }),
        };
        Ok(OpenInbox { inbox, row: of_inbox, notices: row.get::<_, i64>(4)?.cast_unsigned() })
    })?;
    found.ok_or_else(|| StoreError::Damaged(format!("inbox {} has no row", inbox.0)))
}

/// Writes the row of an inbox.
pub(super) fn write(
    db: &Connection,
    inbox: InboxKey,
    row: &InboxRow,
    notices: u64,
) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE inboxes
        SET seq = ?, stamp = ?, unlogged = ?, rules = ?, rules_since = ?, notices = ?, waiting = ?, differences = ?
        WHERE inbox = ?";
    let (seq, stamp, unlogged) = (as_integer(row.seq), row.stamp.cast_signed(), row.unlogged.cast_signed());
    let since = row.rules_since.map(micros);
    let waiting = row.waiting.as_ref();
    let (digest, differences) =
        (waiting.map(|row| &row.digest), waiting.map(|row| as_integer(row.differences)));
    let notices = as_integer(notices);
    run(db, SQL, (seq, stamp, unlogged, &row.rules, since, notices, digest, differences, inbox.0))?;
    Ok(())
}

/// The figures of all users who have some.
pub(super) fn users(db: &Connection, inbox: InboxKey) -> Result<Vec<UserRow>, StoreError> {
    const SQL: &str =
        "SELECT user, presence, until, chats, last_at, capacity FROM users WHERE inbox = ? ORDER BY user";
    all(db, SQL, [inbox.0], |row| {
        let word: String = row.get(1)?;
        let presence =
            Presence::parse(&word).ok_or_else(|| StoreError::Damaged(format!("`{word}` is no presence")))?;
        Ok(UserRow {
            id: row.get(0)?,
            presence,
            until: moment_or_none(row.get(2)?)?,
            chats: row.get(3)?,
            last_at: moment_or_none(row.get(4)?)?,
            capacity: row.get(5)?,
        })
    })
}

/// Writes a user's figures.
pub(super) fn put_user(db: &Connection, inbox: InboxKey, user: &UserRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO users (inbox, user, presence, until, chats, last_at, capacity)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET presence = excluded.presence, until = excluded.until,
            chats = excluded.chats, last_at = excluded.last_at, capacity = excluded.capacity";
    let (until, last_at) = (user.until.map(micros), user.last_at.map(micros));
    let presence = user.presence.word();
    run(db, SQL, (inbox.0, &user.id, presence, until, user.chats, last_at, user.capacity))?;
    Ok(())
}

/// Whose turn it was last in each group.
pub(super) fn turns(db: &Connection, inbox: InboxKey) -> Result<Vec<TurnRow>, StoreError> {
    all(db, "SELECT grp, user FROM turns WHERE inbox = ? ORDER BY grp", [inbox.0], |row| {
        Ok(TurnRow { group: row.get(0)?, user: row.get(1)? })
    })
}

/// Writes whose turn it was last in a group.
pub(super) fn put_turn(
    db: &Connection,
    inbox: InboxKey,
    group: &str,
    user: Option<&str>,
) -> Result<(), StoreError> {
    const PUT: &str = "INSERT INTO turns VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET user = excluded.user";
    match user {
        Some(user) => run(db, PUT, (inbox.0, group, user))?,
        None => run(db, "DELETE FROM turns WHERE inbox = ? AND grp = ?", (inbox.0, group))?,
    };
    Ok(())
}

/// The rule set with this digest.
pub(super) fn rule_set(
    db: &Connection,
    inbox: InboxKey,
    digest: &str,
) -> Result<Option<RuleSetRow>, StoreError> {
    const SQL: &str = "SELECT files, at, source FROM rule_sets WHERE inbox = ? AND digest = ?";
    one(db, SQL, (inbox.0, digest), |row| {
        let files: String = row.get(0)?;
        let (files, at, by) = (serde_json::from_str(&files)?, moment(row.get(1)?)?, row.get(2)?);
        Ok(RuleSetRow { digest: Arc::from(digest), files, at, by })
    })
}

/// The rule sets that were active, the latest first.
pub(super) fn rule_sets(
    db: &Connection,
    inbox: InboxKey,
    page: Page,
) -> Result<Vec<RuleSetHead>, StoreError> {
    const SQL: &str = "SELECT seq, digest, at, source FROM rule_sets
        WHERE inbox = ? AND seq < ? ORDER BY seq DESC LIMIT ?";
    let before = if page.after == 0 { i64::MAX } else { as_integer(page.after) };
    let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
    all(db, SQL, (inbox.0, before, limit), |row| {
        let seq = row.get::<_, i64>(0)?.cast_unsigned();
        Ok(RuleSetHead { seq, digest: row.get(1)?, at: moment(row.get(2)?)?, by: row.get(3)? })
    })
}

/// Keeps a rule set that is active from now on.
pub(super) fn put_active_set(db: &Connection, inbox: InboxKey, set: &RuleSetRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO rule_sets
        VALUES (?1, ?2, ?3, ?4, ?5, (SELECT 1 + coalesce(max(seq), 0) FROM rule_sets WHERE inbox = ?1))
        ON CONFLICT DO UPDATE SET files = excluded.files, at = excluded.at, source = excluded.source,
            seq = excluded.seq";
    let files = serde_json::to_string(&set.files)?;
    run(db, SQL, (inbox.0, &set.digest, files, micros(set.at), &set.by))?;
    drop_waiting_sets(db, inbox)
}

/// Keeps a rule set that waits to be accepted. One that was active before stays among those.
pub(super) fn put_waiting_set(db: &Connection, inbox: InboxKey, set: &RuleSetRow) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO rule_sets VALUES (?, ?, ?, ?, ?, NULL) ON CONFLICT DO NOTHING";
    drop_waiting_sets(db, inbox)?;
    let files = serde_json::to_string(&set.files)?;
    run(db, SQL, (inbox.0, &set.digest, files, micros(set.at), &set.by))?;
    Ok(())
}

/// Drops the rule sets that waited and were never active.
pub(super) fn drop_waiting_sets(db: &Connection, inbox: InboxKey) -> Result<(), StoreError> {
    run(db, "DELETE FROM rule_sets WHERE inbox = ? AND seq IS NULL", [inbox.0])?;
    Ok(())
}

/// The latest snapshot at or before the entry `seq`, with its position.
pub(super) fn snapshot(
    db: &Connection,
    inbox: InboxKey,
    seq: u64,
) -> Result<Option<(u64, String)>, StoreError> {
    const SQL: &str = "SELECT id, body FROM snapshots WHERE id BETWEEN ? AND ? ORDER BY id DESC LIMIT 1";
    one(db, SQL, (inbox.first(), inbox.at(seq)), |row| Ok((position(row.get(0)?), row.get(1)?)))
}

/// Keeps a snapshot.
pub(super) fn put_snapshot(db: &Connection, inbox: InboxKey, seq: u64, body: &str) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO snapshots VALUES (?, ?) ON CONFLICT DO UPDATE SET body = excluded.body";
    run(db, SQL, (inbox.at(seq), body))?;
    Ok(())
}
