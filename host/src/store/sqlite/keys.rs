//! The keys of rows.

use crate::store::StoreError;
use crate::store::columns::{LAST_POSITION, POSITION_BITS, customer_number, not_a_customer};

pub(super) use crate::store::columns::{
    as_integer, as_stored, chat_number, fingerprint, micros, moment, moment_or_none,
};

/// The number of an inbox, which begins the keys of its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InboxKey(pub(super) i64);

impl InboxKey {
    /// The key of the row at a position of the inbox.
    pub(super) fn at(self, position: u64) -> i64 {
        self.first() | as_integer(position)
    }

    /// The key before all rows of the inbox.
    pub(super) fn first(self) -> i64 {
        self.0 << POSITION_BITS
    }

    /// The last key that a row of the inbox can have.
    pub(super) fn last(self) -> i64 {
        self.first() | LAST_POSITION
    }

    /// The key of the customer with this id.
    pub(super) fn customer(self, id: &str) -> Option<i64> {
        customer_number(id).map(|number| self.at(number))
    }

    /// The key of the customer with this id, which is to be written.
    pub(super) fn customer_to_write(self, id: &str) -> Result<i64, StoreError> {
        self.customer(id).ok_or_else(|| not_a_customer(id))
    }
}

/// The position of a row within its inbox.
pub(super) fn position(key: i64) -> u64 {
    (key & LAST_POSITION).cast_unsigned()
}

/// The id of the customer with this key.
pub(super) fn customer_id(key: i64) -> String {
    format!("c{}", position(key))
}
