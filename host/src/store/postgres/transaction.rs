//! A transaction over one inbox: what it reads is kept, and what it writes is gathered until the end, or until
//! something has to be read that only the database can tell.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::{CustomerName, LogRecord};
use jiff::Timestamp;

use super::chats::ChatWrites;
use super::customers::CustomerWrites;
use super::days::DailyTable;
use super::error::QueryFailure;
use super::inboxes::{FigureWrites, LockedInbox};
use super::keys::{InboxNumber, customer_key, customer_to_write};
use super::log::LogWrites;
use super::messages::MessageWrites;
use super::notices::NoticeWrites;
use super::outbox::ReplyWrites;
use super::query::Query;
use super::timers::TimerWrites;
use super::writer::PostgresStore;
use super::{chats, customers, days, inboxes, log, outbox, timers};
use crate::store::columns::{chat_number, rename_group_of, without_content};
use crate::store::{
    ChatRow, CustomerRow, HostTimer, InboxRow, LogRow, MessageKey, MessageRow, NoticeRow, OutboxRow,
    ReplyName, RuleSetRow, StoreError, TextRow, TimerRow, Transaction, TurnRow, UserRow, WaitingSetRow,
};

/// A transaction over one inbox.
pub(super) struct PostgresTransaction<'s> {
    pub(super) store: &'s mut PostgresStore,
    pub(super) inbox: InboxNumber,
    /// The inbox at the beginning, and now.
    before: InboxRow,
    pub(super) head: LockedInbox,
    pub(super) messages: MessageWrites,
    pub(super) log: LogWrites,
    pub(super) customers: CustomerWrites,
    pub(super) chats: ChatWrites,
    timers: TimerWrites,
    pub(super) replies: ReplyWrites,
    notices: NoticeWrites,
    figures: FigureWrites,
    /// The days that it has made.
    made_days: Vec<i32>,
    /// Whether timers were written before the end.
    is_due_new: bool,
    is_done: bool,
}

impl<'s> PostgresTransaction<'s> {
    /// A transaction that has begun in the database.
    pub(super) fn new(store: &'s mut PostgresStore, inbox: InboxNumber, head: LockedInbox) -> Self {
        Self {
            store,
            inbox,
            before: head.row.clone(),
            head,
            messages: MessageWrites::default(),
            log: LogWrites::default(),
            customers: CustomerWrites::default(),
            chats: ChatWrites::default(),
            timers: TimerWrites::default(),
            replies: ReplyWrites::default(),
            notices: NoticeWrites::default(),
            figures: FigureWrites::default(),
            made_days: Vec::new(),
            is_due_new: false,
            is_done: false,
        }
    }

    /// Writes what was gathered, and with `end` the row of the inbox, and commits.
    fn write(&mut self, end: bool) -> Result<(), StoreError> {
        let written = self.try_write(end);
        if written.is_err() {
            // A day may have been dropped meanwhile.
            self.store.forget_days();
        }
        written
    }

    fn try_write(&mut self, end: bool) -> Result<(), StoreError> {
        let new_days = self.log.days();
        let new_days: Vec<i32> = new_days.into_iter().filter(|day| !self.store.has_day(*day)).collect();
        if !new_days.is_empty() {
            let wanted = new_days
                .iter()
                .flat_map(|day| [DailyTable::Events, DailyTable::Texts].map(|table| (table, *day)));
            days::make(&mut self.store.db, &wanted.collect())?;
            self.made_days.extend(new_days);
        }
        self.is_due_new |= !self.timers.is_empty();
        let inbox = self.inbox;
        let mut queries = Vec::new();
        self.messages.write(inbox, &mut queries);
        self.log.write(inbox, &mut queries);
        self.customers.write(inbox, &mut queries)?;
        self.chats.write(inbox, &mut queries)?;
        self.timers.write(inbox, &mut queries);
        self.replies.write(inbox, &mut queries);
        self.notices.write(inbox, &mut queries);
        self.figures.write(inbox, &mut queries);
        if end {
            queries.push(inboxes::write(inbox, &self.head, self.is_due_new));
            queries.push(Query::new("COMMIT"));
            self.store.db.commit(&queries)?;
        } else if !queries.is_empty() {
            self.store.db.send(&queries).map_err(QueryFailure::before_commit)?;
        }
        drop(queries);
        self.messages.written();
        self.log.written();
        self.customers.written();
        self.chats.written();
        self.timers.written();
        self.replies.written();
        self.notices.written();
        self.figures.clear();
        Ok(())
    }

    /// What was gathered is written, so that the database can tell it.
    pub(super) fn flush(&mut self) -> Result<(), StoreError> {
        self.write(false)
    }
}

impl Drop for PostgresTransaction<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.store.db.roll_back();
        }
    }
}

impl Transaction for PostgresTransaction<'_> {
    fn inbox(&mut self) -> Result<InboxRow, StoreError> {
        Ok(self.before.clone())
    }

    fn prefetch(
        &mut self,
        messages: &mut dyn Iterator<Item = MessageKey>,
        names: &mut dyn Iterator<Item = CustomerName>,
        replies: &mut dyn Iterator<Item = u64>,
    ) -> Result<(), StoreError> {
        let mut names: Vec<Arc<str>> = names.map(|name| Arc::from(name.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names.retain(|name| !self.customers.knows_name(name));
        let mut queries = Vec::new();
        self.messages.ask(self.inbox, messages, self.store.today(), &mut queries);
        let replies: Vec<i64> =
            replies.map(outbox::key).filter(|reply| !self.replies.knows(*reply)).collect();
        if !replies.is_empty() {
            queries.push(outbox::by_ids(self.inbox, replies.clone()));
        }
        let mut rows = self.load_named(&names, queries)?;
        if !replies.is_empty() {
            self.replies.answered(&rows.pop().unwrap_or_default())?;
            for reply in replies {
                self.replies.is_missing(reply);
            }
        }
        rows.iter().try_for_each(|rows| self.messages.answered(rows))
    }

    fn message(&mut self, key: &MessageKey) -> Result<Option<MessageRow>, StoreError> {
        if !self.messages.knows(key) {
            let mut queries = Vec::new();
            self.messages.ask(self.inbox, std::iter::once(*key), self.store.today(), &mut queries);
            for rows in self.store.db.ask(&queries)? {
                self.messages.answered(&rows)?;
            }
        }
        Ok(self.messages.get(key))
    }

    fn customers_named(&mut self, names: &[CustomerName]) -> Result<Vec<CustomerRow>, StoreError> {
        let unknown: Vec<Arc<str>> = names
            .iter()
            .filter(|name| !self.customers.knows_name(name.as_str()))
            .map(|name| Arc::from(name.as_str()))
            .collect();
        self.load_named(&unknown, Vec::new())?;
        Ok(self.customers.named(names.iter().map(CustomerName::as_str)))
    }

    fn customer(&mut self, id: &str) -> Result<Option<CustomerRow>, StoreError> {
        let Some(key) = customer_key(id) else { return Ok(None) };
        self.customer_now(key)
    }

    fn chat(&mut self, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
        self.load_chat(id)?;
        Ok(self.chats.get(chat_number(id)).cloned())
    }

    fn chats_of_customer(&mut self, customer: &str) -> Result<Vec<ChatRow>, StoreError> {
        let Some(key) = customer_key(customer) else { return Ok(Vec::new()) };
        self.load_customer(key)?;
        Ok(self.chats.of_customer(key).unwrap_or_default())
    }

    fn chats_of_user(&mut self, user: &str) -> Result<Vec<ChatRow>, StoreError> {
        self.chats_found(chats::by_user(self.inbox, user))
    }

    fn chats_waiting(&mut self, group: Option<&str>) -> Result<Vec<ChatRow>, StoreError> {
        self.chats_found(chats::that_wait(self.inbox, group))
    }

    fn once(&mut self, customer: &str) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let Some(key) = customer_key(customer) else { return Ok(BTreeMap::new()) };
        self.load_customer(key)?;
        Ok(self.customers.once(key))
    }

    fn users(&mut self) -> Result<Vec<UserRow>, StoreError> {
        if !self.figures.is_empty() {
            self.flush()?;
        }
        inboxes::users(&mut self.store.db, self.inbox)
    }

    fn turns(&mut self) -> Result<Vec<TurnRow>, StoreError> {
        if !self.figures.is_empty() {
            self.flush()?;
        }
        inboxes::turns(&mut self.store.db, self.inbox)
    }

    fn timers_due(&mut self, now: Timestamp, most: usize) -> Result<Vec<TimerRow>, StoreError> {
        if !self.timers.is_empty() {
            self.flush()?;
        }
        timers::due(&mut self.store.db, self.inbox, now, most)
    }

    fn waiting(
        &mut self,
        of: Option<(&[ChatId], &[Arc<str>])>,
    ) -> Result<Vec<(ChatRow, CustomerRow)>, StoreError> {
        let query = match of {
            None => chats::that_wait(self.inbox, None),
            Some((chats, customers)) => {
                let customers = customers.iter().filter_map(|id| customer_key(id)).collect();
                chats::that_wait_of(self.inbox, chats, customers)
            }
        };
        let rows = self.chats_found(query)?;
        self.load_customers(rows.iter().filter_map(|row| customer_key(&row.chat.customer)))?;
        let mut waiting = Vec::with_capacity(rows.len());
        for row in rows {
            let customer = match customer_key(&row.chat.customer) {
                Some(key) => self.customer_now(key)?,
                None => None,
            };
            // Of some customers, only those that there are.
            if of.is_none() || customer.is_some() {
                waiting.push((row, customer.unwrap_or_default()));
            }
        }
        Ok(waiting)
    }

    fn log_from(&mut self, seq: u64, most: usize) -> Result<Vec<LogRecord>, StoreError> {
        if self.log.is_changed() {
            self.flush()?;
        }
        log::records_from(&mut self.store.db, self.inbox, seq, most, self.head.day)
    }

    fn logged(&mut self, seq: u64) -> Result<Option<LogRow>, StoreError> {
        if self.log.has(seq) {
            return self.log.message_entry(seq);
        }
        log::message_entry(&mut self.store.db, self.inbox, seq, self.head.day)
    }

    fn rule_set(&mut self, digest: &str) -> Result<Option<RuleSetRow>, StoreError> {
        inboxes::rule_set(&mut self.store.db, self.inbox, digest)
    }

    fn reply(&mut self, id: u64) -> Result<Option<OutboxRow>, StoreError> {
        let id = outbox::key(id);
        self.load_reply(id)?;
        Ok(self.replies.get(id).cloned())
    }

    fn reply_named(&mut self, name: ReplyName<'_>) -> Result<Option<OutboxRow>, StoreError> {
        if let Some(row) = self.replies.written_as(name) {
            return Ok(Some(row.clone()));
        }
        if self.replies.is_changed() {
            self.flush()?;
        }
        let rows = self.store.db.ask_one(outbox::by_name(self.inbox, name))?;
        let found = self.replies.answered(&rows)?;
        Ok(found.first().and_then(|id| self.replies.get(*id).cloned()))
    }

    fn replies_due(
        &mut self,
        number: &str,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        if self.replies.is_changed() {
            self.flush()?;
        }
        let rows = self.store.db.ask_one(outbox::due(self.inbox, number, now, most))?;
        let ids = self.replies.answered(&rows)?;
        Ok(ids.into_iter().filter_map(|id| self.replies.get(id).cloned()).collect())
    }

    fn add_log(&mut self, row: &LogRow) -> Result<(), StoreError> {
        self.log.add(row, &mut self.head.day)?;
        self.head.row.seq = row.record.seq;
        Ok(())
    }

    fn mark_unlogged(&mut self) -> Result<u64, StoreError> {
        self.head.row.unlogged = self.store.next_stamp();
        Ok(self.head.row.unlogged)
    }

    fn put_message(&mut self, key: &MessageKey, row: MessageRow) -> Result<(), StoreError> {
        self.messages.put(key, row);
        Ok(())
    }

    fn put_text(&mut self, row: &TextRow) -> Result<(), StoreError> {
        let day = if self.log.has(row.seq) {
            None
        } else {
            log::day_of_entry(&mut self.store.db, self.inbox, row.seq, self.head.day)?
        };
        self.log.put_text(row, day);
        Ok(())
    }

    fn edit_text(&mut self, seq: u64, text: Option<&str>) -> Result<(), StoreError> {
        self.edit(seq, text, false)
    }

    fn add_text(&mut self, seq: u64, text: &str) -> Result<(), StoreError> {
        self.edit(seq, Some(text), true)
    }

    fn put_customer(&mut self, row: &CustomerRow) -> Result<(), StoreError> {
        let key = customer_to_write(&row.id)?;
        self.note_customer(key)?;
        let names = row.names.iter().filter(|name| !self.customers.knows_name(name)).cloned();
        let names: Vec<_> = names.collect();
        self.load_named(&names, Vec::new())?;
        self.customers.put(key, row);
        Ok(())
    }

    fn merge_customer(&mut self, from: &str, into: &str) -> Result<(), StoreError> {
        let into = customer_to_write(into)?;
        let Some(from) = customer_key(from).filter(|from| *from != into) else { return Ok(()) };
        self.load_customer(from)?;
        self.load_customer(into)?;
        let (source, target) = (self.customers.get(from).cloned(), self.customers.get(into).cloned());
        self.flush()?;
        let is_known = source.is_some();
        let names = source.map(|source| source.names).unwrap_or_default();
        let mut queries = Vec::new();
        if is_known {
            queries.extend(customers::merge(self.inbox, from, &names, into));
        }
        queries.push(chats::merge(self.inbox, from, into));
        queries.extend(log::merge(self.inbox, from, into));
        self.store.db.ask(&queries)?;
        drop(queries);
        outbox::merge(&mut self.store.db, self.inbox, from, into)?;
        self.head.customers = self.head.customers.max(into);
        self.forget_known();
        if let Some(mut target) = target {
            for name in names {
                if !target.names.contains(&name) {
                    target.names.push(name);
                }
            }
            self.put_customer(&target)?;
        }
        Ok(())
    }

    fn forget_customer(&mut self, customer: &str) -> Result<(), StoreError> {
        let Some(key) = customer_key(customer) else { return Ok(()) };
        for mut row in self.chats_of_customer(customer)? {
            Arc::make_mut(&mut row.chat).message = without_content(&row.chat.message);
            self.chats.put(&row)?;
        }
        self.flush()?;
        log::forget_customer(&mut self.store.db, self.inbox, key)?;
        self.store.db.ask_one(outbox::forget_customer(self.inbox, key))?;
        self.replies = ReplyWrites::default();
        Ok(())
    }

    fn put_chat(&mut self, row: &ChatRow) -> Result<(), StoreError> {
        self.load_chat(row.chat.id)?;
        // Whoever is new has no other chats.
        self.note_customer(customer_to_write(&row.chat.customer)?)?;
        self.chats.put(row)?;
        self.head.chats = self.head.chats.max(chat_number(row.chat.id));
        Ok(())
    }

    fn rename_group(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        let to = Arc::from(to);
        for mut row in self.chats_found(chats::by_group(self.inbox, from))? {
            rename_group_of(Arc::make_mut(&mut row.chat), &to);
            self.chats.put(&row)?;
        }
        Ok(())
    }

    fn put_once(&mut self, customer: &str, key: &str, at: Timestamp) -> Result<(), StoreError> {
        let customer = customer_to_write(customer)?;
        self.note_customer(customer)?;
        self.customers.put_once(customer, key, at);
        Ok(())
    }

    fn put_user(&mut self, row: &UserRow) -> Result<(), StoreError> {
        self.figures.users.insert(Arc::clone(&row.id), row.clone());
        Ok(())
    }

    fn put_turn(&mut self, group: &str, user: Option<&str>) -> Result<(), StoreError> {
        self.figures.turns.insert(group.into(), user.map(Arc::from));
        Ok(())
    }

    fn set_timer(&mut self, row: &TimerRow) -> Result<(), StoreError> {
        self.timers.set(row)
    }

    fn drop_timer(&mut self, timer: &HostTimer) -> Result<(), StoreError> {
        self.timers.unset(timer)
    }

    fn drop_timers_of(&mut self, chat: ChatId, only_later: bool) -> Result<(), StoreError> {
        self.timers.unset_of_chat(chat, only_later);
        Ok(())
    }

    fn add_reply(&mut self, row: &OutboxRow) -> Result<u64, StoreError> {
        self.head.replies += 1;
        let id = self.inbox.reply_id(self.head.replies);
        self.replies.add(id, row)?;
        Ok(id.cast_unsigned())
    }

    fn put_reply(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        self.load_reply(outbox::key(row.id))?;
        self.replies.put(row);
        Ok(())
    }

    fn add_notice(&mut self, row: &NoticeRow) -> Result<u64, StoreError> {
        self.head.notices += 1;
        self.notices.add(self.head.notices, row)?;
        Ok(self.head.notices)
    }

    fn activate(&mut self, row: &RuleSetRow) -> Result<(), StoreError> {
        inboxes::put_active_set(&mut self.store.db, self.inbox, row)?;
        self.head.row.rules = Some(Arc::clone(&row.digest));
        self.head.row.rules_since = Some(row.at);
        self.head.row.waiting = None;
        Ok(())
    }

    fn put_waiting(&mut self, waiting: Option<(&RuleSetRow, u64)>) -> Result<(), StoreError> {
        let db = &mut self.store.db;
        match waiting {
            Some((row, _)) => inboxes::put_waiting_set(db, self.inbox, row)?,
            None => db.ask_one(inboxes::drop_waiting_sets(self.inbox)).map(drop)?,
        }
        self.head.row.waiting = waiting.map(WaitingSetRow::of);
        Ok(())
    }

    fn put_snapshot(&mut self, seq: u64, body: &str) -> Result<(), StoreError> {
        inboxes::put_snapshot(&mut self.store.db, self.inbox, seq, body)
    }

    fn commit(mut self: Box<Self>) -> Result<u64, StoreError> {
        self.head.row.stamp = self.store.next_stamp();
        self.write(true)?;
        self.is_done = true;
        self.store.add_days(&self.made_days);
        Ok(self.head.row.stamp)
    }
}
