//! Timers.

use std::collections::{BTreeSet, HashMap};

use inbox_rules::ChatId;
use jiff::Timestamp;

use super::database::Database;
use super::keys::InboxNumber;
use super::log::limit;
use super::query::{Query, ReadRow};
use super::text::PgText;
use crate::store::columns::{LATER, TimerSlot, TimerSubject, chat_number, micros};
use crate::store::{DueInbox, HostTimer, StoreError, TimerRow};

/// The timers that a transaction sets and drops.
#[derive(Default)]
pub(super) struct TimerWrites {
    /// The chats of which all timers are dropped, before others are set.
    dropped: BTreeSet<i64>,
    /// The chats of which those for `after` are dropped.
    dropped_later: BTreeSet<i64>,
    /// When it is due, with its body; `None`: it is dropped.
    slots: HashMap<TimerSlot, Option<(i64, String)>>,
}

/// The columns of a key.
fn key(slot: &TimerSlot) -> (i64, Vec<u8>) {
    match &slot.subject {
        TimerSubject::Chat(chat) => (*chat, Vec::new()),
        TimerSubject::User(user) => (-1, user.as_bytes().to_vec()),
        TimerSubject::Message(hash) => (-1, hash.clone()),
    }
}

impl TimerWrites {
    pub(super) fn is_empty(&self) -> bool {
        self.slots.is_empty() && self.dropped.is_empty() && self.dropped_later.is_empty()
    }

    /// Sets a timer, in the place of the one before.
    pub(super) fn set(&mut self, row: &TimerRow) -> Result<(), StoreError> {
        let body = serde_json::to_string(&row.timer)?;
        self.slots.insert(TimerSlot::of(&row.timer)?, Some((micros(row.due), body)));
        Ok(())
    }

    /// Drops a timer.
    pub(super) fn unset(&mut self, timer: &HostTimer) -> Result<(), StoreError> {
        self.slots.insert(TimerSlot::of(timer)?, None);
        Ok(())
    }

    /// Drops the timers of a chat: all of them, or only those for `after`.
    pub(super) fn unset_of_chat(&mut self, chat: ChatId, only_later: bool) {
        let chat = chat_number(chat);
        if !self.slots.is_empty() {
            self.slots.retain(|slot, _| {
                slot.subject != TimerSubject::Chat(chat) || (only_later && slot.kind != LATER)
            });
        }
        if only_later { &mut self.dropped_later } else { &mut self.dropped }.insert(chat);
    }

    pub(super) fn write<'w>(&'w self, inbox: InboxNumber, out: &mut Vec<Query<'w>>) {
        // With OFFSET each is looked up by itself, whatever the planner thinks of the table.
        const OF_CHATS: &str = "DELETE FROM timers WHERE inbox = $1 AND ctid = ANY(ARRAY(
            SELECT t.ctid FROM unnest($2::bigint[]) k (chat),
                LATERAL (SELECT ctid FROM timers WHERE inbox = $1 AND chat = k.chat OFFSET 0) t))";
        const LATER_OF_CHATS: &str = "DELETE FROM timers WHERE inbox = $1 AND ctid = ANY(ARRAY(
            SELECT t.ctid FROM unnest($2::bigint[]) k (chat),
                LATERAL (SELECT ctid FROM timers WHERE inbox = $1 AND chat = k.chat AND kind = $3 OFFSET 0) t))";
        const GONE: &str = "DELETE FROM timers WHERE inbox = $1 AND ctid = ANY(ARRAY(
            SELECT t.ctid FROM unnest($2::bigint[], $3::bytea[], $4::smallint[], $5::bigint[], $6::bigint[])
                    AS k (chat, subject, kind, seq, position),
                LATERAL (SELECT ctid FROM timers WHERE inbox = $1 AND chat = k.chat AND kind = k.kind
                    AND subject = k.subject AND seq = k.seq AND position = k.position OFFSET 0) t))";
        const SET: &str = "INSERT INTO timers SELECT $1::integer, * FROM unnest($2::bigint[], $3::bytea[],
                $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
            ON CONFLICT (inbox, chat, kind, subject, seq, position)
                DO UPDATE SET due = excluded.due, body = excluded.body";
        let all = |chats: &BTreeSet<i64>| chats.iter().copied().collect::<Vec<_>>();
        if !self.dropped.is_empty() {
            out.push(Query::new(OF_CHATS).with(inbox.0).with(all(&self.dropped)));
        }
        if !self.dropped_later.is_empty() {
            out.push(Query::new(LATER_OF_CHATS).with(inbox.0).with(all(&self.dropped_later)).with(LATER));
        }
        let (mut set, mut gone) = (Vec::new(), Vec::new());
        for (slot, change) in &self.slots {
            match change {
                Some((due, body)) => set.push((slot, *due, PgText(&**body))),
                None => gone.push(slot),
            }
        }
        if !gone.is_empty() {
            out.push(with_slots(Query::new(GONE).with(inbox.0), gone.into_iter()));
        }
        if !set.is_empty() {
            set.sort_unstable_by_key(|(slot, ..)| key(slot));
            let query = with_slots(Query::new(SET).with(inbox.0), set.iter().map(|(slot, ..)| *slot));
            let due: Vec<_> = set.iter().map(|(_, due, _)| *due).collect();
            out.push(query.with(due).with(set.into_iter().map(|(.., body)| body).collect::<Vec<_>>()));
        }
    }

    pub(super) fn written(&mut self) {
        *self = Self::default();
    }
}

fn with_slots<'q, 's>(query: Query<'q>, slots: impl Iterator<Item = &'s TimerSlot> + Clone) -> Query<'q> {
    let (chats, subjects): (Vec<_>, Vec<_>) = slots.clone().map(key).unzip();
    query
        .with(chats)
        .with(subjects)
        .with(slots.clone().map(|slot| slot.kind).collect::<Vec<_>>())
        .with(slots.clone().map(|slot| slot.seq).collect::<Vec<_>>())
        .with(slots.map(|slot| slot.position).collect::<Vec<_>>())
}

/// The timers that are due, the earliest first.
pub(super) fn due(
    db: &mut Database,
    inbox: InboxNumber,
    now: Timestamp,
    most: usize,
) -> Result<Vec<TimerRow>, StoreError> {
    const SQL: &str = "SELECT due, body FROM timers WHERE inbox = $1 AND due <= $2 ORDER BY due LIMIT $3";
    let rows = db.ask_one(Query::new(SQL).with(inbox.0).with(micros(now)).with(limit(most)))?;
    let read = rows
        .iter()
        .map(|row| Ok(TimerRow { due: row.moment(0)?, timer: serde_json::from_str(&row.text(1)?)? }));
    read.collect()
}

/// The earliest moments of the inboxes.
pub(super) fn due_inboxes(db: &mut Database, most: usize) -> Result<Vec<DueInbox>, StoreError> {
    const SQL: &str = "SELECT name, due FROM inboxes WHERE due IS NOT NULL ORDER BY due, name LIMIT $1";
    let rows = db.ask_one(Query::new(SQL).with(limit(most)))?;
    rows.iter().map(|row| Ok(DueInbox { inbox: row.shared(0)?, due: row.moment(1)? })).collect()
}
