//! The partitions of the tables that are kept by day: made ahead, and dropped whole.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use jiff::civil::date;
use jiff::{Timestamp, ToSpan};

use super::database::Database;
use super::error::QueryFailure;
use super::query::{Query, ReadRow, advisory_lock};
use crate::store::StoreError;

/// A table with a partition for each day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum DailyTable {
    Events,
    Texts,
    Messages,
}

impl DailyTable {
    fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Texts => "texts",
            Self::Messages => "messages",
        }
    }
}

/// The partitions that there are.
pub(super) type Partitions = BTreeSet<(DailyTable, i32)>;

/// How many days partitions are made ahead.
const AHEAD: i32 = 7;

/// The day of a moment.
pub(super) fn day_of(at: Timestamp) -> i32 {
    i32::try_from(at.as_second().div_euclid(86_400)).unwrap_or(i32::MAX)
}

/// The days that are needed around this one, when messages are kept since another.
pub(super) fn needed(today: i32, first_of_messages: i32) -> Partitions {
    let of = |table, days: RangeInclusive<i32>| days.map(move |day| (table, day));
    let last = today.saturating_add(AHEAD);
    of(DailyTable::Events, today..=last)
        .chain(of(DailyTable::Texts, today..=last))
        .chain(of(DailyTable::Messages, first_of_messages.max(today.saturating_sub(60))..=last))
        .collect()
}

/// The partitions that there are.
pub(super) fn partitions(db: &mut Database) -> Result<Partitions, StoreError> {
    const SQL: &str = "SELECT i.inhparent = to_regclass('events'), i.inhparent = to_regclass('texts'),
            substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \\(''?(-?[0-9]+)''?\\)')::integer
        FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent IN (to_regclass('events'), to_regclass('texts'), to_regclass('messages'))";
    let rows = db.ask_one(Query::new(SQL))?;
    let mut found = Partitions::new();
    for row in rows {
        let table = match (row.value(0)?, row.value(1)?) {
            (true, _) => DailyTable::Events,
            (_, true) => DailyTable::Texts,
            _ => DailyTable::Messages,
        };
        // The one for all other days has no bounds.
        if let Some(day) = row.value::<Option<i32>>(2)? {
            found.insert((table, day));
        }
    }
    Ok(found)
}

/// Makes partitions that are missing, in the present transaction, which is the only one that does so.
pub(super) fn make(db: &mut Database, wanted: &Partitions) -> Result<(), StoreError> {
    const LOCK: &str = advisory_lock!("pg_advisory_xact_lock", 2);
    db.ask_one(Query::new(LOCK))?;
    let found = partitions(db)?;
    for (table, day) in wanted.difference(&found) {
        db.run_script(&make_one(*table, *day)).map_err(QueryFailure::before_commit)?;
    }
    Ok(())
}

/// Creating a partition in place locks the whole table; attaching one does not. Only `messages_other` is locked.
fn make_one(table: DailyTable, day: i32) -> String {
    let (parent, name, next) = (table.name(), partition(table, day), i64::from(day) + 1);
    let moved = match table {
        DailyTable::Messages => format!(
            "LOCK TABLE messages_other IN ACCESS EXCLUSIVE MODE;
             WITH moved AS (DELETE FROM messages_other WHERE day = {day} RETURNING *)
                 INSERT INTO {name} SELECT * FROM moved;"
        ),
        _ => String::new(),
    };
    let sample = match table {
        DailyTable::Events => {
            "(inbox, seq, day, at, customer, rule, message, body)
             SELECT -1, n, 0, n, n, n % 3, n, '' FROM generate_series(1, 40) n"
        }
        DailyTable::Texts => "(inbox, seq, day, facts) SELECT -1, n, 0, '' FROM generate_series(1, 40) n",
        DailyTable::Messages => {
            "(inbox, hash, day, seq, held)
             SELECT -1, decode(md5(n::text), 'hex'), 0, n, false FROM generate_series(1, 40) n"
        }
    };
    // Without statistics the planner takes any index that begins with the inbox.
    format!(
        "CREATE TABLE {name} (LIKE {parent} INCLUDING ALL);
         INSERT INTO {name} {sample}; ANALYZE {name}; DELETE FROM {name}; {moved}
         ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ({day}) TO ({next})"
    )
}

/// The statement that drops a partition.
pub(super) fn drop_one(table: DailyTable, day: i32) -> String {
    format!("DROP TABLE IF EXISTS {}", partition(table, day))
}

/// The name of a partition, such as `events_20261127`.
fn partition(table: DailyTable, day: i32) -> String {
    let name = match date(1970, 1, 1).checked_add(i64::from(day).days()) {
        Ok(date) => date.to_string().replace('-', ""),
        Err(_) => format!("day{day}"),
    };
    format!("\"{}_{name}\"", table.name())
}
