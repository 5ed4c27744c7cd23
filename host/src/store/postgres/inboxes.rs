//! The rows of inboxes, users, turns, rule sets and snapshots.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::Presence;
use tokio_postgres::Row;

use super::database::Database;
use super::keys::InboxNumber;
use super::log::LogDay;
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::store::columns::{as_integer, micros};
use crate::store::{
    InboxHead, InboxRow, Page, RuleSetHead, RuleSetRow, StoreError, TurnRow, UserRow, WaitingSetRow,
};

/// The number of an inbox, if it has one.
pub(super) fn find(db: &mut Database, name: &str) -> Result<Option<InboxNumber>, StoreError> {
    const SQL: &str = "SELECT inbox FROM inbox_keys WHERE name = $1";
    let found = db.ask_one(Query::new(SQL).with_text(name))?;
    found.first().map(|row| Ok(InboxNumber(row.value(0)?))).transpose()
}

/// The number of an inbox, which is given one and a row if it has none.
pub(super) fn find_or_add(db: &mut Database, name: &str) -> Result<InboxNumber, StoreError> {
    const KEY: &str = "INSERT INTO inbox_keys (name) VALUES ($1) ON CONFLICT DO NOTHING";
    const ROW: &str = "INSERT INTO inboxes (inbox, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    let number = match find(db, name)? {
        Some(number) => number,
        None => {
            db.ask_one(Query::new(KEY).with_text(name))?;
            find(db, name)?.ok_or_else(|| StoreError::Away("an inbox could not be added".to_owned()))?
        }
    };
    db.ask_one(Query::new(ROW).with(number.0).with_text(name))?;
    Ok(number)
}

/// The row of an inbox, with what only the store needs.
#[derive(Debug, Clone)]
pub(super) struct LockedInbox {
    pub(super) row: InboxRow,
    pub(super) name: Arc<str>,
    /// The last numbers that were given.
    pub(super) customers: i64,
    pub(super) chats: i64,
    pub(super) replies: i64,
    pub(super) notices: u64,
    /// The last day of the log.
    pub(super) day: Option<LogDay>,
}

macro_rules! select_head {
    ($end:literal) => {
        concat!(
            "SELECT seq, stamp, rules, rules_since, name, customers, chats, replies, notices, day, unlogged, day_first, ",
            "waiting, differences FROM inboxes ",
            "WHERE inbox = $1",
            $end
        )
    };
}

/// Reads the row of an inbox, and locks it.
pub(super) fn lock(inbox: InboxNumber) -> Query<'static> {
    Query::new(select_head!(" FOR UPDATE")).with(inbox.0)
}

/// The row of an inbox.
pub(super) fn read(db: &mut Database, inbox: InboxNumber) -> Result<InboxRow, StoreError> {
    let found = db.ask_one(Query::new(select_head!("")).with(inbox.0))?;
    Ok(found.first().map(head).transpose()?.map(|head| head.row).unwrap_or_default())
}

/// What [`lock`] has read.
pub(super) fn head(row: &Row) -> Result<LockedInbox, StoreError> {
    let of_inbox = InboxRow {
        seq: row.count(0)?,
        stamp: row.count(1)?,
        unlogged: row.count(10)?,
        rules: row.shared_or_none(2)?,
        rules_since: row.moment_or_none(3)?,
        waiting: row
            .shared_or_none(12)?
            .zip(row.count_or_none(13)?)
            .map(|(digest, differences)| WaitingSetRow { digest, differences }),
    };
    Ok(LockedInbox {
        row: of_inbox,
        name: row.shared(4)?,
        customers: row.value(5)?,
        chats: row.value(6)?,
        replies: row.value(7)?,
        notices: row.count(8)?,
        day: row.value::<Option<i32>>(9)?.zip(row.value(11)?).map(|(day, first)| LogDay { day, first }),
    })
}

/// How far each inbox is.
pub(super) fn heads(db: &mut Database) -> Result<Vec<InboxHead>, StoreError> {
    let rows = db.ask_one(Query::new("SELECT name, seq, rules FROM inboxes"))?;
    let rows = rows.iter().map(|row| {
        Ok(InboxHead { inbox: row.shared(0)?, seq: row.count(1)?, rules: row.shared_or_none(2)? })
    });
    rows.collect()
}

/// Writes the row of an inbox. `is_due_new`: timers were changed.
pub(super) fn write(inbox: InboxNumber, head: &LockedInbox, is_due_new: bool) -> Query<'_> {
    const SQL: &str = "UPDATE inboxes SET seq = $2, stamp = $3, rules = $4, rules_since = $5,
        customers = $6, chats = $7, replies = $8, notices = $9, day = $10, unlogged = $11, day_first = $12,
        waiting = $13, differences = $14 WHERE inbox = $1";
    const WITH_DUE: &str = "UPDATE inboxes SET seq = $2, stamp = $3, rules = $4, rules_since = $5,
        customers = $6, chats = $7, replies = $8, notices = $9, day = $10, unlogged = $11, day_first = $12,
        waiting = $13, differences = $14,
        due = (SELECT due FROM timers WHERE inbox = $1 ORDER BY due LIMIT 1) WHERE inbox = $1";
    let row = &head.row;
    Query::new(if is_due_new { WITH_DUE } else { SQL })
        .with(inbox.0)
        .with(as_integer(row.seq))
        .with(row.stamp.cast_signed())
        .with(row.rules.as_deref().map(PgText))
        .with(row.rules_since.map(micros))
        .with(head.customers)
        .with(head.chats)
        .with(head.replies)
        .with(as_integer(head.notices))
        .with(head.day.map(|day| day.day))
        .with(row.unlogged.cast_signed())
        .with(head.day.map(|day| day.first))
        .with(row.waiting.as_ref().map(|waiting| PgText(&*waiting.digest)))
        .with(row.waiting.as_ref().map(|waiting| as_integer(waiting.differences)))
}

/// The figures of all users who have some.
pub(super) fn users(db: &mut Database, inbox: InboxNumber) -> Result<Vec<UserRow>, StoreError> {
    const SQL: &str = "SELECT \"user\", presence, until, chats, last_at, capacity FROM users
        WHERE inbox = $1 ORDER BY \"user\"";
    let number = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
    let rows = db.ask_one(Query::new(SQL).with(inbox.0))?;
    let rows = rows.iter().map(|row| {
        let word = row.text(1)?;
        let presence =
            Presence::parse(&word).ok_or_else(|| StoreError::Damaged(format!("`{word}` is no presence")))?;
        Ok(UserRow {
            id: row.shared(0)?,
            presence,
            until: row.moment_or_none(2)?,
            chats: number(row.value(3)?),
            last_at: row.moment_or_none(4)?,
            capacity: row.value::<Option<i64>>(5)?.map(number),
        })
    });
    rows.collect()
}

/// Whose turn it was last in each group.
pub(super) fn turns(db: &mut Database, inbox: InboxNumber) -> Result<Vec<TurnRow>, StoreError> {
    const SQL: &str = "SELECT grp, \"user\" FROM turns WHERE inbox = $1 ORDER BY grp";
    let rows = db.ask_one(Query::new(SQL).with(inbox.0))?;
    rows.iter().map(|row| Ok(TurnRow { group: row.shared(0)?, user: row.shared(1)? })).collect()
}

/// Changed figures: many messages change the same ones.
#[derive(Default)]
pub(super) struct FigureWrites {
    pub(super) users: BTreeMap<Arc<str>, UserRow>,
    pub(super) turns: BTreeMap<Arc<str>, Option<Arc<str>>>,
}

impl FigureWrites {
    pub(super) fn is_empty(&self) -> bool {
        self.users.is_empty() && self.turns.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.users.clear();
        self.turns.clear();
    }

    pub(super) fn write<'w>(&'w self, inbox: InboxNumber, out: &mut Vec<Query<'w>>) {
        const USERS: &str = "INSERT INTO users
            SELECT $1::integer, * FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[])
            ON CONFLICT (inbox, \"user\") DO UPDATE SET presence = excluded.presence, until = excluded.until,
                chats = excluded.chats, last_at = excluded.last_at, capacity = excluded.capacity";
        const TURNS: &str = "INSERT INTO turns SELECT $1::integer, * FROM unnest($2::text[], $3::text[])
            ON CONFLICT (inbox, grp) DO UPDATE SET \"user\" = excluded.\"user\"";
        const NO_TURNS: &str = "DELETE FROM turns WHERE inbox = $1 AND grp = ANY($2)";
        let users = || self.users.values();
        if !self.users.is_empty() {
            out.push(
                Query::new(USERS)
                    .with(inbox.0)
                    .with(users().map(|user| PgText(&*user.id)).collect::<Vec<_>>())
                    .with(users().map(|user| user.presence.word()).collect::<Vec<_>>())
                    .with(users().map(|user| user.until.map(micros)).collect::<Vec<_>>())
                    .with(users().map(|user| i64::from(user.chats)).collect::<Vec<_>>())
                    .with(users().map(|user| user.last_at.map(micros)).collect::<Vec<_>>())
                    .with(users().map(|user| user.capacity.map(i64::from)).collect::<Vec<_>>()),
            );
        }
        let turns: Vec<_> =
            self.turns.iter().filter_map(|(group, user)| Some((&**group, user.as_deref()?))).collect();
        if !turns.is_empty() {
            out.push(
                Query::new(TURNS)
                    .with(inbox.0)
                    .with(turns.iter().map(|(group, _)| PgText(*group)).collect::<Vec<_>>())
                    .with(turns.iter().map(|(_, user)| PgText(*user)).collect::<Vec<_>>()),
            );
        }
        let gone: Vec<_> =
            self.turns.iter().filter(|(_, user)| user.is_none()).map(|(group, _)| PgText(&**group)).collect();
        if !gone.is_empty() {
            out.push(Query::new(NO_TURNS).with(inbox.0).with(gone));
        }
    }
}

/// The rule set with this digest.
pub(super) fn rule_set(
    db: &mut Database,
    inbox: InboxNumber,
    digest: &str,
) -> Result<Option<RuleSetRow>, StoreError> {
    const SQL: &str = "SELECT files, at, source FROM rule_sets WHERE inbox = $1 AND digest = $2";
    let found = db.ask_one(Query::new(SQL).with(inbox.0).with_text(digest))?;
    let read = |row: &Row| {
        let (files, at, by) = (serde_json::from_str(&row.text(0)?)?, row.moment(1)?, row.text(2)?);
        Ok(RuleSetRow { digest: Arc::from(digest), files, at, by })
    };
    found.first().map(read).transpose()
}

/// The rule sets that were active, the latest first.
pub(super) fn rule_sets(
    db: &mut Database,
    inbox: InboxNumber,
    page: Page,
) -> Result<Vec<RuleSetHead>, StoreError> {
    const SQL: &str = "SELECT seq, digest, at, source FROM rule_sets
        WHERE inbox = $1 AND seq < $2 ORDER BY seq DESC LIMIT $3";
    let before = if page.after == 0 { i64::MAX } else { as_integer(page.after) };
    let limit = i64::try_from(page.limit).unwrap_or(i64::MAX);
    let rows = db.ask_one(Query::new(SQL).with(inbox.0).with(before).with(limit))?;
    let head = |row: &Row| {
        let (digest, at, by) = (row.shared(1)?, row.moment(2)?, row.text(3)?);
        Ok(RuleSetHead { seq: row.count(0)?, digest, at, by })
    };
    rows.iter().map(head).collect()
}

/// Keeps a rule set that is active from now on.
pub(super) fn put_active_set(
    db: &mut Database,
    inbox: InboxNumber,
    set: &RuleSetRow,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO rule_sets
        VALUES ($1, $2, $3, $4, $5, (SELECT 1 + coalesce(max(seq), 0) FROM rule_sets WHERE inbox = $1))
        ON CONFLICT (inbox, digest) DO UPDATE SET files = excluded.files, at = excluded.at,
            source = excluded.source, seq = excluded.seq";
    let files = serde_json::to_string(&set.files)?;
    db.ask(&[put_set(SQL, inbox, set, &files), drop_waiting_sets(inbox)]).map(drop)
}

/// Keeps a rule set that waits to be accepted. One that was active before stays among those.
pub(super) fn put_waiting_set(
    db: &mut Database,
    inbox: InboxNumber,
    set: &RuleSetRow,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO rule_sets VALUES ($1, $2, $3, $4, $5, NULL) ON CONFLICT DO NOTHING";
    let files = serde_json::to_string(&set.files)?;
    db.ask(&[drop_waiting_sets(inbox), put_set(SQL, inbox, set, &files)]).map(drop)
}

fn put_set<'q>(sql: &'static str, inbox: InboxNumber, set: &'q RuleSetRow, files: &'q str) -> Query<'q> {
    let query = Query::new(sql).with(inbox.0).with_text(&set.digest).with_text(files);
    query.with(micros(set.at)).with_text(&set.by)
}

/// Drops the rule sets that waited and were never active.
pub(super) fn drop_waiting_sets(inbox: InboxNumber) -> Query<'static> {
    Query::new("DELETE FROM rule_sets WHERE inbox = $1 AND seq IS NULL").with(inbox.0)
}

/// The latest snapshot at or before the entry `seq`, with its position.
pub(super) fn snapshot(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
) -> Result<Option<(u64, String)>, StoreError> {
    const SQL: &str =
        "SELECT seq, body FROM snapshots WHERE inbox = $1 AND seq <= $2 ORDER BY seq DESC LIMIT 1";
    let found = db.ask_one(Query::new(SQL).with(inbox.0).with(as_integer(seq)))?;
    found.first().map(|row| Ok((row.count(0)?, row.text(1)?))).transpose()
}

/// Keeps a snapshot.
pub(super) fn put_snapshot(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
    body: &str,
) -> Result<(), StoreError> {
    const SQL: &str = "INSERT INTO snapshots VALUES ($1, $2, $3)
        ON CONFLICT (inbox, seq) DO UPDATE SET body = excluded.body";
    db.ask_one(Query::new(SQL).with(inbox.0).with(as_integer(seq)).with_text(body)).map(drop)
}
