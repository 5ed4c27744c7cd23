//! A write-through cache of the customers who wrote recently, with their open chats. It holds what the database says,
//! including what the present transaction has written; an entry for which that is not certain is removed.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use inbox_rules::AttributeValue;
use jiff::Timestamp;

use super::keys::{InboxKey, as_stored};
use crate::store::{ChatRow, CustomerRow};

/// The most customers that the cache keeps between transactions.
const CUSTOMERS: usize = 16_384;

/// A customer or a chat whose texts are longer than this is not cached: 4 KiB.
pub(super) const LONG: usize = 4096;

/// Customers, by key and by name.
#[derive(Default)]
pub(super) struct CustomerCache {
    customers: HashMap<i64, CachedCustomer>,
    /// The keys of customers by inbox and name.
    names: HashMap<i64, HashMap<Arc<str>, i64>>,
}

struct CachedCustomer {
    inbox: i64,
    row: CustomerRow,
    /// The open chats by id; `None`: not cached.
    chats: Option<Vec<ChatRow>>,
    /// When replies were last sent, by the keys of `once per`; `None`: not cached.
    once: Option<BTreeMap<String, Timestamp>>,
}

impl CustomerCache {
    /// Removes everything.
    pub(super) fn clear(&mut self) {
        self.customers.clear();
        self.names.clear();
    }

    /// Removes everything if there is too much.
    pub(super) fn evict(&mut self) {
        if self.customers.len() > CUSTOMERS {
            self.clear();
        }
    }

    /// Removes a customer.
    pub(super) fn remove(&mut self, key: i64) {
        let Some(gone) = self.customers.remove(&key) else { return };
        let Some(names) = self.names.get_mut(&gone.inbox) else { return };
        for name in &gone.row.names {
            if names.get(name) == Some(&key) {
                names.remove(name);
            }
        }
    }

    /// Removes the chats of all customers.
    pub(super) fn remove_chats(&mut self) {
        self.customers.values_mut().for_each(|customer| customer.chats = None);
    }

    pub(super) fn customer(&self, key: i64) -> Option<&CustomerRow> {
        Some(&self.customers.get(&key)?.row)
    }

    pub(super) fn named(&self, inbox: InboxKey, name: &str) -> Option<&CustomerRow> {
        self.customer(*self.names.get(&inbox.0)?.get(name)?)
    }

    pub(super) fn chats(&self, customer: i64) -> Option<&[ChatRow]> {
        self.customers.get(&customer)?.chats.as_deref()
    }

    pub(super) fn once(&self, customer: i64) -> Option<&BTreeMap<String, Timestamp>> {
        self.customers.get(&customer)?.once.as_ref()
    }

    /// The customer was read, or written.
    pub(super) fn put_customer(&mut self, inbox: InboxKey, key: i64, row: &CustomerRow) {
        let before = self.customers.get_mut(&key);
        let (chats, once) = before.map_or((None, None), |cached| (cached.chats.take(), cached.once.take()));
        self.remove(key);
        if is_long(row) {
            return;
        }
        let [first_at, last_at] = [row.first_at, row.last_at].map(|at| at.map(as_stored));
        let row = CustomerRow { first_at, last_at, ..row.clone() };
        let names = self.names.entry(inbox.0).or_default();
        names.extend(row.names.iter().map(|name| (Arc::clone(name), key)));
        self.customers.insert(key, CachedCustomer { inbox: inbox.0, row, chats, once });
    }

    /// The open chats of a customer were read.
    pub(super) fn put_chats(&mut self, customer: i64, chats: &[ChatRow]) {
        if let Some(cached) = self.customers.get_mut(&customer) {
            cached.chats = Some(chats.to_vec());
        }
    }

    /// A chat was written, or closed.
    pub(super) fn put_chat(&mut self, customer: i64, row: &ChatRow, is_long: bool) {
        let Some(cached) = self.customers.get_mut(&customer) else { return };
        let Some(chats) = &mut cached.chats else { return };
        let found = chats.binary_search_by_key(&row.chat.id, |row| row.chat.id);
        match (found, row.closed_at) {
            _ if is_long => cached.chats = None,
            (Ok(position), Some(_)) => drop(chats.remove(position)),
            (Ok(position), None) => {
                if let Some(before) = chats.get_mut(position) {
                    before.clone_from(row);
                }
            }
            (Err(position), None) => chats.insert(position, row.clone()),
            (Err(_), Some(_)) => {}
        }
    }

    /// The keys of `once per` of a customer were read.
    pub(super) fn put_all_once(&mut self, customer: i64, once: &BTreeMap<String, Timestamp>) {
        if let Some(cached) = self.customers.get_mut(&customer) {
            cached.once = Some(once.clone());
        }
    }

    /// A reply with this key was sent.
    pub(super) fn put_once(&mut self, customer: i64, key: &str, at: Timestamp) {
        if let Some(cached) = self.customers.get_mut(&customer)
            && let Some(once) = &mut cached.once
        {
            once.insert(key.to_owned(), as_stored(at));
        }
    }
}

fn is_long(row: &CustomerRow) -> bool {
    let names = row.names.iter().map(|name| name.len());
    let tags = row.tags.iter().map(String::len);
    let attributes = row.attributes.iter().map(|(name, value)| match value {
        AttributeValue::Text(text) => name.len() + text.len(),
        _ => name.len(),
    });
    let name = row.name.iter().map(String::len);
    names.chain(tags).chain(attributes).chain(name).sum::<usize>() > LONG
}

#[cfg(test)]
impl CustomerCache {
    /// Whether the database says the same.
    pub(super) fn assert_current(&self, db: &rusqlite::Connection) {
        use super::{chats, customers};
        for (key, cached) in self.customers.iter().take(100) {
            assert_eq!(customers::by_key(db, *key).unwrap().as_ref(), Some(&cached.row));
            if let Some(chats) = &cached.chats {
                assert_eq!(&chats::of_customer(db, *key).unwrap(), chats);
            }
            if let Some(once) = &cached.once {
                assert_eq!(&customers::once(db, *key).unwrap(), once);
            }
        }
        for (inbox, names) in &self.names {
            for (name, key) in names.iter().take(100) {
                let found = customers::by_name(db, InboxKey(*inbox), name).unwrap();
                assert_eq!(found.map(|(key, _)| key), Some(*key), "{name}");
            }
        }
    }
}
