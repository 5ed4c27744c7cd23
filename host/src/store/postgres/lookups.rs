//! What a transaction looks up, unless it knows it.

use std::collections::BTreeSet;
use std::sync::Arc;

use inbox_rules::ChatId;
use tokio_postgres::Row;

use super::chats::ChatWrites;
use super::customers::CustomerWrites;
use super::outbox::ReplyWrites;
use super::query::Query;
use super::transaction::PostgresTransaction;
use super::{chats, customers, log, outbox};
use crate::store::columns::chat_number;
use crate::store::{ChatRow, CustomerRow, StoreError};

impl PostgresTransaction<'_> {
    /// All that is read of these customers, in one flight with other statements, whose rows are the answer.
    pub(super) fn load_named<'q>(
        &mut self,
        names: &'q [Arc<str>],
        mut queries: Vec<Query<'q>>,
    ) -> Result<Vec<Vec<Row>>, StoreError> {
        let others = queries.len();
        if !names.is_empty() {
            queries.extend(customers::by_names(self.inbox, names));
            queries.push(chats::by_names(self.inbox, names));
        }
        if queries.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = self.store.db.ask(&queries)?;
        let of_customers = rows.split_off(others);
        if let [customers, once, chats] = &of_customers[..] {
            self.loaded(names, &BTreeSet::new(), customers, once, chats)?;
        }
        Ok(rows)
    }

    fn loaded(
        &mut self,
        names: &[Arc<str>],
        keys: &BTreeSet<i64>,
        customers: &[Row],
        once: &[Row],
        chats: &[Row],
    ) -> Result<(), StoreError> {
        let new = self.customers.answered(names, keys, customers, once)?;
        self.chats.answered(chats)?;
        self.chats.complete(new);
        Ok(())
    }

    /// Reads all that is read of a customer, unless it is known.
    pub(super) fn load_customer(&mut self, key: i64) -> Result<(), StoreError> {
        if self.customers.knows(key) {
            return Ok(());
        }
        // One after all others is new.
        if key > self.head.customers {
            return self.loaded(&[], &[key].into(), &[], &[], &[]);
        }
        self.load_customers([key].into_iter())
    }

    /// Reads all that is read of customers, in one flight.
    pub(super) fn load_customers(&mut self, keys: impl Iterator<Item = i64>) -> Result<(), StoreError> {
        let keys: BTreeSet<i64> = keys.filter(|key| !self.customers.knows(*key)).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let all = || keys.iter().copied().collect::<Vec<_>>();
        let mut queries = Vec::from(customers::by_keys(self.inbox, &all()));
        queries.push(chats::by_customers(self.inbox, all()));
        let rows = self.store.db.ask(&queries)?;
        if let [customers, once, former, chats] = &rows[..] {
            self.loaded(&[], &keys, customers, once, chats)?;
            self.customers.were_merged(former)?;
        }
        Ok(())
    }

    /// The customer with this number, or into whom the one with this number was merged.
    pub(super) fn customer_now(&mut self, key: i64) -> Result<Option<CustomerRow>, StoreError> {
        self.load_customer(key)?;
        let key = self.customers.merged_into(key).unwrap_or(key);
        self.load_customer(key)?;
        Ok(self.customers.get(key).cloned())
    }

    /// A customer with this number is written.
    pub(super) fn note_customer(&mut self, key: i64) -> Result<(), StoreError> {
        self.load_customer(key)?;
        self.head.customers = self.head.customers.max(key);
        Ok(())
    }

    pub(super) fn load_chat(&mut self, id: ChatId) -> Result<(), StoreError> {
        let key = chat_number(id);
        if !self.chats.knows(key) {
            if key <= self.head.chats {
                let rows = self.store.db.ask_one(chats::by_id(self.inbox, id))?;
                self.chats.answered(&rows)?;
            }
            self.chats.is_missing(key);
        }
        Ok(())
    }

    /// Chats that only the database can find.
    pub(super) fn chats_found(&mut self, query: Query<'_>) -> Result<Vec<ChatRow>, StoreError> {
        if self.chats.is_changed() {
            self.flush()?;
        }
        let rows = self.store.db.ask_one(query)?;
        let ids = self.chats.answered(&rows)?;
        Ok(ids.into_iter().filter_map(|id| self.chats.get(id).cloned()).collect())
    }

    pub(super) fn load_reply(&mut self, id: i64) -> Result<(), StoreError> {
        if !self.replies.knows(id) {
            let rows = self.store.db.ask_one(outbox::by_ids(self.inbox, vec![id]))?;
            self.replies.answered(&rows)?;
            self.replies.is_missing(id);
        }
        Ok(())
    }

    pub(super) fn edit(&mut self, seq: u64, text: Option<&str>, only_add: bool) -> Result<(), StoreError> {
        if self.log.edit_text(seq, text, only_add) {
            return Ok(());
        }
        log::edit_text(&mut self.store.db, self.inbox, seq, text, only_add, self.head.day)
    }

    /// Forgets what is known about customers: it has changed in the database.
    pub(super) fn forget_known(&mut self) {
        self.customers = CustomerWrites::default();
        self.chats = ChatWrites::default();
        self.replies = ReplyWrites::default();
    }
}
