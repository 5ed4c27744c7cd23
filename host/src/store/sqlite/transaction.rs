//! A transaction over one inbox.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::ChatId;
use inbox_rules::desk::{CustomerName, LogRecord};
use jiff::Timestamp;
use rusqlite::Connection;

use super::inboxes::OpenInbox;
use super::keys::InboxKey;
use super::outbox;
use super::writer::SqliteStore;
use super::{chats, customers, inboxes, log, timers};
use crate::store::columns::CountChanges;
use crate::store::{
    ChatRow, CustomerRow, HostTimer, InboxRow, LogRow, MessageKey, MessageRow, NoticeRow, OutboxRow, Page,
    ReplyName, RuleSetRow, StoreError, TextRow, TimerRow, Transaction, TurnRow, UserRow, WaitingSetRow,
};

/// A transaction over one inbox.
pub(super) struct SqliteTransaction<'s> {
    store: &'s mut SqliteStore,
    inbox: InboxKey,
    /// The inbox at the beginning, and now.
    before: InboxRow,
    now: InboxRow,
    notices: u64,
    /// Figures that are written at the end: many messages change the same ones.
    users: BTreeMap<Arc<str>, UserRow>,
    turns: BTreeMap<Arc<str>, Option<Arc<str>>>,
    counts: CountChanges,
    last_reply: i64,
    is_done: bool,
}

impl<'s> SqliteTransaction<'s> {
    /// Begins a transaction in a store that has begun one in its database.
    pub(super) fn new(store: &'s mut SqliteStore, found: OpenInbox) -> Self {
        let OpenInbox { inbox, row, notices } = found;
        let last_reply = store.last_reply();
        Self {
            store,
            inbox,
            before: row.clone(),
            now: row,
            notices,
            users: BTreeMap::new(),
            turns: BTreeMap::new(),
            counts: CountChanges::default(),
            last_reply,
            is_done: false,
        }
    }

    fn db(&self) -> &Connection {
        self.store.db()
    }

    fn write_figures(&mut self) -> Result<(), StoreError> {
        for user in std::mem::take(&mut self.users).values() {
            inboxes::put_user(self.db(), self.inbox, user)?;
        }
        for (group, user) in std::mem::take(&mut self.turns) {
            inboxes::put_turn(self.db(), self.inbox, &group, user.as_deref())?;
        }
        let counts = std::mem::take(&mut self.counts);
        outbox::write_counts(self.db(), self.inbox.0, &counts)
    }
}

impl Drop for SqliteTransaction<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.store.drop_work(self.last_reply);
        }
    }
}

impl Transaction for SqliteTransaction<'_> {
    fn inbox(&mut self) -> Result<InboxRow, StoreError> {
        Ok(self.before.clone())
    }

    fn message(&mut self, key: &MessageKey) -> Result<Option<MessageRow>, StoreError> {
        log::message(self.db(), self.inbox, key)
    }

    fn customers_named(&mut self, names: &[CustomerName]) -> Result<Vec<CustomerRow>, StoreError> {
        let (db, cache) = self.store.db_and_cache();
        customers::by_names(db, self.inbox, names, cache)
    }

    fn customer(&mut self, id: &str) -> Result<Option<CustomerRow>, StoreError> {
        let Some(key) = self.inbox.customer(id) else { return Ok(None) };
        let (db, cache) = self.store.db_and_cache();
        if let Some(customer) = cache.customer(key) {
            return Ok(Some(customer.clone()));
        }
        Ok(customers::now_by_key(db, key)?.map(|(key, customer)| {
            cache.put_customer(self.inbox, key, &customer);
            customer
        }))
    }

    fn chat(&mut self, id: ChatId) -> Result<Option<ChatRow>, StoreError> {
        chats::by_id(self.db(), self.inbox, id)
    }

    fn chats_of_customer(&mut self, customer: &str) -> Result<Vec<ChatRow>, StoreError> {
        let Some(customer) = self.inbox.customer(customer) else { return Ok(Vec::new()) };
        let (db, cache) = self.store.db_and_cache();
        if let Some(chats) = cache.chats(customer) {
            return Ok(chats.to_vec());
        }
        let chats = chats::of_customer(db, customer)?;
        cache.put_chats(customer, &chats);
        Ok(chats)
    }

    fn chats_of_user(&mut self, user: &str) -> Result<Vec<ChatRow>, StoreError> {
        chats::of_user(self.db(), self.inbox, user)
    }

    fn chats_waiting(&mut self, group: Option<&str>) -> Result<Vec<ChatRow>, StoreError> {
        chats::waiting(self.db(), self.inbox, group)
    }

    fn once(&mut self, customer: &str) -> Result<BTreeMap<String, Timestamp>, StoreError> {
        let Some(customer) = self.inbox.customer(customer) else { return Ok(BTreeMap::new()) };
        let (db, cache) = self.store.db_and_cache();
        if let Some(once) = cache.once(customer) {
            return Ok(once.clone());
        }
        let once = customers::once(db, customer)?;
        cache.put_all_once(customer, &once);
        Ok(once)
    }

    fn users(&mut self) -> Result<Vec<UserRow>, StoreError> {
        self.write_figures()?;
        inboxes::users(self.db(), self.inbox)
    }

    fn turns(&mut self) -> Result<Vec<TurnRow>, StoreError> {
        self.write_figures()?;
        inboxes::turns(self.db(), self.inbox)
    }

    fn timers_due(&mut self, now: Timestamp, most: usize) -> Result<Vec<TimerRow>, StoreError> {
        timers::due(self.db(), self.inbox, now, most)
    }

    fn log_from(&mut self, seq: u64, most: usize) -> Result<Vec<LogRecord>, StoreError> {
        let page = Page { after: seq.saturating_sub(1), limit: most };
        Ok(log::list(self.db(), self.inbox, page)?.into_iter().map(|row| row.record).collect())
    }

    fn logged(&mut self, seq: u64) -> Result<Option<LogRow>, StoreError> {
        log::message_entry(self.db(), self.inbox, seq)
    }

    fn rule_set(&mut self, digest: &str) -> Result<Option<RuleSetRow>, StoreError> {
        inboxes::rule_set(self.db(), self.inbox, digest)
    }

    fn reply(&mut self, id: u64) -> Result<Option<OutboxRow>, StoreError> {
        outbox::by_id(self.db(), self.inbox, id)
    }

    fn reply_named(&mut self, name: ReplyName<'_>) -> Result<Option<OutboxRow>, StoreError> {
        outbox::by_name(self.db(), self.inbox, name)
    }

    fn replies_due(
        &mut self,
        number: &str,
        now: Timestamp,
        most: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        outbox::due(self.db(), self.inbox, number, now, most)
    }

    fn add_log(&mut self, row: &LogRow) -> Result<(), StoreError> {
        log::add(self.db(), self.inbox, row)?;
        self.now.seq = row.record.seq;
        Ok(())
    }

    fn mark_unlogged(&mut self) -> Result<u64, StoreError> {
        self.now.unlogged = self.store.next_stamp();
        Ok(self.now.unlogged)
    }

    fn put_message(&mut self, key: &MessageKey, row: MessageRow) -> Result<(), StoreError> {
        log::put_message(self.db(), self.inbox, key, row)
    }

    fn put_text(&mut self, row: &TextRow) -> Result<(), StoreError> {
        log::put_text(self.db(), self.inbox, row)
    }

    fn edit_text(&mut self, seq: u64, text: Option<&str>) -> Result<(), StoreError> {
        log::edit_text(self.db(), self.inbox, seq, text, false)
    }

    fn add_text(&mut self, seq: u64, text: &str) -> Result<(), StoreError> {
        log::edit_text(self.db(), self.inbox, seq, Some(text), true)
    }

    fn put_customer(&mut self, row: &CustomerRow) -> Result<(), StoreError> {
        let (db, cache) = self.store.db_and_cache();
        customers::put(db, self.inbox, row, cache)
    }

    fn merge_customer(&mut self, from: &str, into: &str) -> Result<(), StoreError> {
        let into = self.inbox.customer_to_write(into)?;
        let Some(from) = self.inbox.customer(from).filter(|from| *from != into) else { return Ok(()) };
        let (db, cache) = self.store.db_and_cache();
        customers::merge(db, self.inbox, from, into, cache)?;
        chats::merge(db, from, into, cache)?;
        outbox::merge(db, from, into)?;
        log::merge(db, from, into)
    }

    fn forget_customer(&mut self, customer: &str) -> Result<(), StoreError> {
        let Some(customer) = self.inbox.customer(customer) else { return Ok(()) };
        let (db, cache) = self.store.db_and_cache();
        cache.remove(customer);
        log::forget_customer(db, customer)?;
        chats::forget_content(db, customer)?;
        outbox::forget_customer(self.db(), customer)
    }

    fn put_chat(&mut self, row: &ChatRow) -> Result<(), StoreError> {
        let (db, cache) = self.store.db_and_cache();
        chats::put(db, self.inbox, row, cache)
    }

    fn rename_group(&mut self, from: &str, to: &str) -> Result<(), StoreError> {
        let (db, cache) = self.store.db_and_cache();
        chats::rename_group(db, self.inbox, from, &Arc::from(to), cache)
    }

    fn put_once(&mut self, customer: &str, key: &str, at: Timestamp) -> Result<(), StoreError> {
        let customer = self.inbox.customer_to_write(customer)?;
        let (db, cache) = self.store.db_and_cache();
        customers::put_once(db, customer, key, at)?;
        cache.put_once(customer, key, at);
        Ok(())
    }

    fn put_user(&mut self, row: &UserRow) -> Result<(), StoreError> {
        self.users.insert(Arc::clone(&row.id), row.clone());
        Ok(())
    }

    fn put_turn(&mut self, group: &str, user: Option<&str>) -> Result<(), StoreError> {
        self.turns.insert(group.into(), user.map(Arc::from));
        Ok(())
    }

    fn set_timer(&mut self, row: &TimerRow) -> Result<(), StoreError> {
        timers::set(self.db(), self.inbox, row)
    }

    fn drop_timer(&mut self, timer: &HostTimer) -> Result<(), StoreError> {
        timers::unset(self.db(), self.inbox, timer)
    }

    fn drop_timers_of(&mut self, chat: ChatId, only_later: bool) -> Result<(), StoreError> {
        timers::unset_of_chat(self.db(), self.inbox, chat, only_later)
    }

    fn add_reply(&mut self, row: &OutboxRow) -> Result<u64, StoreError> {
        let id = self.store.next_reply();
        outbox::add(self.store.db(), self.inbox, id, row, &mut self.counts)?;
        Ok(id.cast_unsigned())
    }

    fn put_reply(&mut self, row: &OutboxRow) -> Result<(), StoreError> {
        outbox::put(self.store.db(), self.inbox, row, &mut self.counts)
    }

    fn add_notice(&mut self, row: &NoticeRow) -> Result<u64, StoreError> {
        self.notices += 1;
        log::add_notice(self.db(), self.inbox, self.notices, row)?;
        Ok(self.notices)
    }

    fn activate(&mut self, row: &RuleSetRow) -> Result<(), StoreError> {
        inboxes::put_active_set(self.db(), self.inbox, row)?;
        self.now.rules = Some(Arc::clone(&row.digest));
        self.now.rules_since = Some(row.at);
        self.now.waiting = None;
        Ok(())
    }

    fn put_waiting(&mut self, waiting: Option<(&RuleSetRow, u64)>) -> Result<(), StoreError> {
        match waiting {
            Some((row, _)) => inboxes::put_waiting_set(self.db(), self.inbox, row)?,
            None => inboxes::drop_waiting_sets(self.db(), self.inbox)?,
        }
        self.now.waiting = waiting.map(WaitingSetRow::of);
        Ok(())
    }

    fn put_snapshot(&mut self, seq: u64, body: &str) -> Result<(), StoreError> {
        inboxes::put_snapshot(self.db(), self.inbox, seq, body)
    }

    fn commit(mut self: Box<Self>) -> Result<u64, StoreError> {
        self.write_figures()?;
        self.now.stamp = self.store.next_stamp();
        inboxes::write(self.db(), self.inbox, &self.now, self.notices)?;
        self.store.keep()?;
        self.is_done = true;
        Ok(self.now.stamp)
    }
}
