//! The messages that may come again.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use tokio_postgres::Row;

use super::keys::InboxNumber;
use super::query::{Query, ReadRow};
use crate::store::columns::as_integer;
use crate::store::{MessageKey, MessageRow, StoreError};

/// The messages that a transaction knows, and those that it has written.
#[derive(Default)]
pub(super) struct MessageWrites {
    /// By hash and day; `None`: there is none.
    known: HashMap<([u8; 16], i32), Option<MessageRow>>,
    changed: BTreeSet<([u8; 16], i32)>,
}

/// The days on which a message is looked for, the likeliest first.
fn days(key: &MessageKey) -> [i32; 3] {
    [key.day, key.day.saturating_sub(1), key.day.saturating_add(1)]
}

impl MessageWrites {
    /// What has to be asked to know these messages. `today` tells which days have partitions: a statement that
    /// names its days looks at no others.
    pub(super) fn ask(
        &mut self,
        inbox: InboxNumber,
        keys: impl Iterator<Item = MessageKey>,
        today: i32,
        out: &mut Vec<Query<'_>>,
    ) {
        // With OFFSET each hash is looked up by itself, whatever the planner thinks of the table.
        const DAYS: &str = "SELECT w.hash, m.day, m.seq, m.held FROM unnest($2::bytea[]) w (hash),
            LATERAL (SELECT day, seq, held FROM messages
                WHERE inbox = $1 AND hash = w.hash AND day BETWEEN $3 AND $4 OFFSET 0) m";
        let mut hashes: BTreeMap<i32, Vec<Vec<u8>>> = BTreeMap::new();
        for key in keys {
            if !days(&key).iter().all(|day| self.known.contains_key(&(key.hash, *day))) {
                hashes.entry(key.day).or_default().push(key.hash.to_vec());
                for day in days(&key) {
                    self.known.entry((key.hash, day)).or_insert(None);
                }
            }
        }
        for (day, hashes) in hashes {
            let (first, last) = (day.saturating_sub(1), day.saturating_add(1));
            out.push(if day.abs_diff(today) <= 16 {
                let sql = DAYS.replace("$3", &first.to_string()).replace("$4", &last.to_string());
                Query::new(sql).with(inbox.0).with(hashes)
            } else {
                Query::new(DAYS).with(inbox.0).with(hashes).with(first).with(last)
            });
        }
    }

    /// What was answered.
    pub(super) fn answered(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        for row in rows {
            let hash: [u8; 16] = row
                .value::<&[u8]>(0)?
                .try_into()
                .map_err(|_| StoreError::Damaged("the hash of a message has another length".to_owned()))?;
            let key = (hash, row.value(1)?);
            let message = MessageRow { seq: row.count(2)?, held: row.value(3)? };
            if !self.changed.contains(&key) {
                self.known.insert(key, Some(message));
            }
        }
        Ok(())
    }

    /// Whether all is known about a message.
    pub(super) fn knows(&self, key: &MessageKey) -> bool {
        days(key).iter().all(|day| self.known.contains_key(&(key.hash, *day)))
    }

    /// The message, on its day or one beside it.
    pub(super) fn get(&self, key: &MessageKey) -> Option<MessageRow> {
        days(key).iter().find_map(|day| *self.known.get(&(key.hash, *day))?)
    }

    /// Adds or changes a message.
    pub(super) fn put(&mut self, key: &MessageKey, row: MessageRow) {
        self.known.insert((key.hash, key.day), Some(row));
        self.changed.insert((key.hash, key.day));
    }

    pub(super) fn write(&self, inbox: InboxNumber, out: &mut Vec<Query<'_>>) {
        const SQL: &str = "INSERT INTO messages (inbox, hash, day, seq, held)
            SELECT $1::integer, * FROM unnest($2::bytea[], $3::integer[], $4::bigint[], $5::boolean[])
            ON CONFLICT (inbox, hash, day) DO UPDATE SET seq = excluded.seq, held = excluded.held";
        if self.changed.is_empty() {
            return;
        }
        let rows = || self.changed.iter().filter_map(|key| Some((key, (*self.known.get(key)?)?)));
        out.push(
            Query::new(SQL)
                .with(inbox.0)
                .with(rows().map(|((hash, _), _)| hash.to_vec()).collect::<Vec<_>>())
                .with(rows().map(|((_, day), _)| *day).collect::<Vec<_>>())
                .with(rows().map(|(_, row)| as_integer(row.seq)).collect::<Vec<_>>())
                .with(rows().map(|(_, row)| row.held).collect::<Vec<_>>()),
        );
    }

    pub(super) fn written(&mut self) {
        self.changed.clear();
    }
}
