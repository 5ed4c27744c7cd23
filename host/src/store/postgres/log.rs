//! The log and the texts of its messages.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inbox_rules::desk::{LogRecord, LogRecordKind};
use serde_json::value::RawValue;
use tokio_postgres::Row;

use super::database::Database;
use super::days::day_of;
use super::keys::{InboxNumber, customer_id, customer_key, customer_to_write};
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::store::columns::{as_integer, fingerprint, micros};
use crate::store::{DecisionFilter, LogRow, Page, StoreError, TextRow};

/// An entry that is to be written.
struct NewEntry {
    day: i32,
    at: i64,
    customer: Option<i64>,
    rule: Option<i64>,
    message: Option<i64>,
    body: String,
    routed: Option<String>,
    is_message: bool,
}

/// The text of a message that is to be written.
struct NewText {
    text: Option<String>,
    facts: String,
    /// Unless its entry is new.
    day: Option<i32>,
}

/// What a transaction adds to the log.
#[derive(Default)]
pub(super) struct LogWrites {
    entries: BTreeMap<i64, NewEntry>,
    texts: BTreeMap<i64, NewText>,
    /// The first entry of each day that begins.
    first_of_day: BTreeMap<i64, i32>,
}

impl LogWrites {
    pub(super) fn is_changed(&self) -> bool {
        !self.entries.is_empty()
    }

    /// Adds an entry. `last` is the day of the entry before.
    pub(super) fn add(&mut self, row: &LogRow, last: &mut Option<LogDay>) -> Result<(), StoreError> {
        let record = &row.record;
        let (mut customer, mut rule, mut message, mut is_message) = (None, None, None, false);
        match &record.kind {
            LogRecordKind::Renamed { customer: of, .. } => customer = Some(customer_to_write(of)?),
            LogRecordKind::Message { message: id, customer: of, rule: by, .. } => {
                customer = Some(customer_to_write(of)?);
                rule = by.as_ref().and_then(|rule| rule.name.as_ref()).map(|name| fingerprint(name));
                message = id.as_ref().map(|id| fingerprint(id));
                is_message = true;
            }
            _ => {}
        }
        let day = day_of(record.at);
        let seq = as_integer(record.seq);
        if last.is_none_or(|last| last.day != day) {
            self.first_of_day.insert(seq, day);
            *last = Some(LogDay { day, first: seq });
        }
        let body = serde_json::to_string(record)?;
        let routed = row.routed.as_ref().map(|routed| routed.get().to_owned());
        let at = micros(record.at);
        self.entries.insert(seq, NewEntry { day, at, customer, rule, message, body, routed, is_message });
        Ok(())
    }

    /// An entry that is new, if it is one of a message.
    pub(super) fn message_entry(&self, seq: u64) -> Result<Option<LogRow>, StoreError> {
        let entry = self.entries.get(&as_integer(seq)).filter(|entry| entry.is_message);
        entry.map(|entry| log_row(&entry.body, entry.routed.clone())).transpose()
    }

    /// Whether the entry is new.
    pub(super) fn has(&self, seq: u64) -> bool {
        self.entries.contains_key(&as_integer(seq))
    }

    /// Adds or changes a text. `day` is the one of its entry, unless that is new.
    pub(super) fn put_text(&mut self, row: &TextRow, day: Option<i32>) {
        let new = NewText { text: row.text.clone(), facts: row.facts.clone(), day };
        self.texts.insert(as_integer(row.seq), new);
    }

    /// Changes a text that is new. `false`: it is not.
    pub(super) fn edit_text(&mut self, seq: u64, text: Option<&str>, only_add: bool) -> bool {
        let Some(new) = self.texts.get_mut(&as_integer(seq)) else { return false };
        if !only_add || new.text.is_none() {
            new.text = text.map(str::to_owned);
            if text.is_none() {
                new.facts.clear();
            }
        }
        true
    }

    /// The days on which there are new entries.
    pub(super) fn days(&self) -> BTreeSet<i32> {
        let of_texts = self.texts.values().filter_map(|text| text.day);
        self.entries.values().map(|entry| entry.day).chain(of_texts).collect()
    }

    pub(super) fn write<'w>(&'w self, inbox: InboxNumber, out: &mut Vec<Query<'w>>) {
        const DAYS: &str =
            "INSERT INTO log_days SELECT $1::integer, * FROM unnest($2::bigint[], $3::integer[])";
        const EVENTS: &str =
            "INSERT INTO events SELECT $1::integer, * FROM unnest($2::bigint[], $3::integer[],
            $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[], $9::text[])";
        const TEXTS: &str = "INSERT INTO texts
            SELECT $1::integer, * FROM unnest($2::bigint[], $3::integer[], $4::text[], $5::text[])
            ON CONFLICT (inbox, seq, day) DO UPDATE SET text = excluded.text, facts = excluded.facts";
        if !self.first_of_day.is_empty() {
            let (first, day): (Vec<i64>, Vec<i32>) = self.first_of_day.iter().unzip();
            out.push(Query::new(DAYS).with(inbox.0).with(first).with(day));
        }
        let entries = || self.entries.values();
        if !self.entries.is_empty() {
            out.push(
                Query::new(EVENTS)
                    .with(inbox.0)
                    .with(self.entries.keys().copied().collect::<Vec<_>>())
                    .with(entries().map(|entry| entry.day).collect::<Vec<_>>())
                    .with(entries().map(|entry| entry.at).collect::<Vec<_>>())
                    .with(entries().map(|entry| entry.customer).collect::<Vec<_>>())
                    .with(entries().map(|entry| entry.rule).collect::<Vec<_>>())
                    .with(entries().map(|entry| entry.message).collect::<Vec<_>>())
                    .with(entries().map(|entry| PgText(&*entry.body)).collect::<Vec<_>>())
                    .with(entries().map(|entry| entry.routed.as_deref().map(PgText)).collect::<Vec<_>>()),
            );
        }
        // A text without an entry is never read.
        let day = |seq: &i64, new: &NewText| self.entries.get(seq).map(|entry| entry.day).or(new.day);
        let texts: Vec<_> =
            self.texts.iter().filter_map(|(seq, new)| Some((*seq, day(seq, new)?, new))).collect();
        if !texts.is_empty() {
            out.push(
                Query::new(TEXTS)
                    .with(inbox.0)
                    .with(texts.iter().map(|(seq, ..)| *seq).collect::<Vec<_>>())
                    .with(texts.iter().map(|(_, day, _)| *day).collect::<Vec<_>>())
                    .with(texts.iter().map(|(.., new)| new.text.as_deref().map(PgText)).collect::<Vec<_>>())
                    .with(texts.iter().map(|(.., new)| PgText(&*new.facts)).collect::<Vec<_>>()),
            );
        }
    }

    pub(super) fn written(&mut self) {
        self.entries.clear();
        self.texts.clear();
        self.first_of_day.clear();
    }
}

fn log_row(body: &str, routed: Option<String>) -> Result<LogRow, StoreError> {
    let record: LogRecord = serde_json::from_str(body)?;
    Ok(LogRow { record, routed: routed.map(RawValue::from_string).transpose()? })
}

fn read_log_row(row: &Row) -> Result<LogRow, StoreError> {
    log_row(&row.text(0)?, row.text_or_none(1)?)
}

/// The last day of a log.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogDay {
    pub(super) day: i32,
    /// Its first entry.
    pub(super) first: i64,
}

/// A stretch of the log on one day.
#[derive(Debug, Clone, Copy)]
struct DayRange {
    /// The first entry of the next one.
    end: i64,
    day: i32,
}

/// The stretches of the log from the one that holds an entry on.
fn stretches(db: &mut Database, inbox: InboxNumber, from: i64) -> Result<Vec<DayRange>, StoreError> {
    const SQL: &str = "SELECT first, day FROM log_days WHERE inbox = $1 AND first >= coalesce(
            (SELECT max(first) FROM log_days WHERE inbox = $1 AND first <= $2), 0) ORDER BY first";
    let rows = db.ask_one(Query::new(SQL).with(inbox.0).with(from))?;
    let mut found: Vec<DayRange> = Vec::with_capacity(rows.len());
    for row in &rows {
        let first = row.value(0)?;
        if let Some(before) = found.last_mut() {
            before.end = first;
        }
        found.push(DayRange { end: i64::MAX, day: row.value(1)? });
    }
    Ok(found)
}

/// The day of an entry, in a log whose last day may be known.
pub(super) fn day_of_entry(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
    last: Option<LogDay>,
) -> Result<Option<i32>, StoreError> {
    const SQL: &str = "SELECT day FROM log_days WHERE inbox = $1 AND first <= $2 ORDER BY first DESC LIMIT 1";
    if let Some(last) = last.filter(|last| last.first <= as_integer(seq)) {
        return Ok(Some(last.day));
    }
    let rows = db.ask_one(Query::new(SQL).with(inbox.0).with(as_integer(seq)))?;
    rows.first().map(|row| row.value(0)).transpose()
}

/// Entries of the log.
pub(super) fn list(db: &mut Database, inbox: InboxNumber, page: Page) -> Result<Vec<LogRow>, StoreError> {
    list_since(db, inbox, page, None)
}

/// Entries of the log, whose last day may be known.
fn list_since(
    db: &mut Database,
    inbox: InboxNumber,
    page: Page,
    last: Option<LogDay>,
) -> Result<Vec<LogRow>, StoreError> {
    let after = as_integer(page.after);
    let stretches = match last.filter(|last| last.first <= after.saturating_add(1)) {
        Some(last) => vec![DayRange { end: i64::MAX, day: last.day }],
        None => stretches(db, inbox, after.saturating_add(1))?,
    };
    let mut found = Vec::new();
    for DayRange { end, day } in stretches {
        let left = page.limit - found.len();
        if left == 0 {
            break;
        }
        let sql = format!(
            "SELECT body, routed FROM events
             WHERE inbox = $1 AND seq > $2 AND seq < $3 AND day = {day} ORDER BY seq LIMIT $4"
        );
        let query = Query::new(sql).with(inbox.0).with(after).with(end).with(limit(left));
        for row in db.ask_one(query)? {
            found.push(read_log_row(&row)?);
        }
    }
    Ok(found)
}

/// The entries of the log from a position on.
pub(super) fn records_from(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
    most: usize,
    last: Option<LogDay>,
) -> Result<Vec<LogRecord>, StoreError> {
    let page = Page { after: seq.saturating_sub(1), limit: most };
    Ok(list_since(db, inbox, page, last)?.into_iter().map(|row| row.record).collect())
}

/// How many rows, at most, for PostgreSQL.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}

/// The message entry with this position.
pub(super) fn message_entry(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
    last: Option<LogDay>,
) -> Result<Option<LogRow>, StoreError> {
    let Some(day) = day_of_entry(db, inbox, seq, last)? else { return Ok(None) };
    let sql = format!("SELECT body, routed FROM events WHERE inbox = $1 AND seq = $2 AND day = {day}");
    let rows = db.ask_one(Query::new(sql).with(inbox.0).with(as_integer(seq)))?;
    let found = rows.first().map(read_log_row).transpose()?;
    Ok(found.filter(|row| matches!(row.record.kind, LogRecordKind::Message { .. })))
}

/// Message entries that are not forgotten. An index finds those of one name, and the names that are meant are told from others with
/// the same fingerprint here.
pub(super) fn decisions(
    db: &mut Database,
    inbox: InboxNumber,
    filter: &DecisionFilter,
    page: Page,
) -> Result<Vec<LogRow>, StoreError> {
    let customer = match &filter.customer {
        Some(id) => match customer_key(id) {
            None => return Ok(Vec::new()),
            key => key,
        },
        None => None,
    };
    let rule = filter.rule.as_deref().map(fingerprint);
    let message = filter.message.as_deref().map(fingerprint);
    let mut condition = "customer IS NOT NULL AND routed IS NOT NULL".to_owned();
    for (column, value) in [("customer", customer), ("rule", rule), ("message", message)] {
        if let Some(value) = value {
            condition += &format!(" AND {column} = {value}");
        }
    }
    let mut after = as_integer(page.after);
    let mut found = Vec::new();
    for DayRange { end, day } in stretches(db, inbox, after.saturating_add(1))? {
        let sql = format!(
            "SELECT body, routed FROM events
             WHERE inbox = {} AND seq > $1 AND seq < $2 AND day = {day} AND {condition} ORDER BY seq LIMIT $3",
            inbox.0
        );
        loop {
            let left = page.limit - found.len();
            let query = Query::once(sql.clone()).with(after).with(end).with(limit(left));
            let rows = if left == 0 { Vec::new() } else { db.ask_one(query)? };
            for row in &rows {
                let row = read_log_row(row)?;
                after = as_integer(row.record.seq);
                if is_meant(&row, filter) {
                    found.push(row);
                }
            }
            if rows.len() < left || left == 0 {
                break;
            }
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

/// The text and the facts of a decision.
pub(super) fn text(db: &mut Database, inbox: InboxNumber, seq: u64) -> Result<Option<TextRow>, StoreError> {
    let Some(day) = day_of_entry(db, inbox, seq, None)? else { return Ok(None) };
    let sql = format!(
        "SELECT e.customer, t.text, t.facts FROM texts t JOIN events e ON e.inbox = $1 AND e.seq = $2
         WHERE t.inbox = $1 AND t.seq = $2 AND t.day = {day} AND e.day = {day} AND e.customer IS NOT NULL"
    );
    let rows = db.ask_one(Query::new(sql).with(inbox.0).with(as_integer(seq)))?;
    let read = |row: &Row| {
        let customer = customer_id(row.value(0)?).into();
        Ok(TextRow { seq, customer, text: row.text_or_none(1)?, facts: row.text(2)? })
    };
    rows.first().map(read).transpose()
}

/// Replaces the text of a decision, or only adds it where there is none.
pub(super) fn edit_text(
    db: &mut Database,
    inbox: InboxNumber,
    seq: u64,
    text: Option<&str>,
    only_add: bool,
    last: Option<LogDay>,
) -> Result<(), StoreError> {
    let Some(day) = day_of_entry(db, inbox, seq, last)? else { return Ok(()) };
    let sql = format!(
        "UPDATE texts SET text = $3, facts = CASE WHEN $3::text IS NULL THEN '' ELSE facts END
         WHERE inbox = $1 AND seq = $2 AND day = {day} AND (NOT $4 OR text IS NULL)"
    );
    let query = Query::new(sql).with(inbox.0).with(as_integer(seq)).with(text.map(PgText)).with(only_add);
    db.ask_one(query).map(drop)
}

/// The decisions about a customer become those about another.
pub(super) fn merge(inbox: InboxNumber, from: i64, into: i64) -> [Query<'static>; 2] {
    const EVENTS: &str = "UPDATE events SET customer = $3 WHERE inbox = $1 AND customer = $2";
    const NOTICES: &str = "UPDATE notices SET customer = $3 WHERE inbox = $1 AND customer = $2";
    [EVENTS, NOTICES].map(|sql| Query::new(sql).with(inbox.0).with(from).with(into))
}

/// Forgets what a customer wrote, what was decided about it but for the entries of the log, and the names in these.
pub(super) fn forget_customer(
    db: &mut Database,
    inbox: InboxNumber,
    customer: i64,
) -> Result<(), StoreError> {
    const NAMES: &str = "SELECT seq, day, body FROM events
        WHERE inbox = $1 AND customer = $2 AND message IS NULL AND rule IS NULL";
    const WITHOUT_NAMES: &str = "UPDATE events SET body = $4 WHERE inbox = $1 AND seq = $2 AND day = $3";
    const FORGET: [&str; 3] = [
        "DELETE FROM texts t USING events e WHERE e.inbox = $1 AND e.customer = $2
            AND t.inbox = $1 AND t.seq = e.seq AND t.day = e.day",
        "UPDATE events SET routed = NULL WHERE inbox = $1 AND customer = $2 AND routed IS NOT NULL",
        "DELETE FROM notices WHERE inbox = $1 AND customer = $2",
    ];
    for row in db.ask_one(Query::new(NAMES).with(inbox.0).with(customer))? {
        let mut record: LogRecord = serde_json::from_str(&row.text(2)?)?;
        if let LogRecordKind::Renamed { names, .. } = &mut record.kind {
            names.clear();
            let body = serde_json::to_string(&record)?;
            let (seq, day): (i64, i32) = (row.value(0)?, row.value(1)?);
            db.ask_one(Query::new(WITHOUT_NAMES).with(inbox.0).with(seq).with(day).with_text(&body))?;
        }
    }
    let forget = FORGET.map(|sql| Query::new(sql).with(inbox.0).with(customer));
    db.ask(&forget).map(drop)
}
