//! The number of an inbox, and the ids that hold it.

use crate::store::StoreError;
use crate::store::columns::{LAST_POSITION, POSITION_BITS, customer_number, not_a_customer};

/// The number of an inbox, with which the keys of its rows begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InboxNumber(pub(super) i32);

impl InboxNumber {
    /// The id of the reply with this number within the inbox. It is no other reply's in the store, so that a status never
    /// meets the reply of another inbox. Those of the first inbox are 1, 2, 3.
    pub(super) fn reply_id(self, number: i64) -> i64 {
        (i64::from(self.0) - 1) << POSITION_BITS | (number & LAST_POSITION)
    }
}

/// The number of a customer who is to be written.
pub(super) fn customer_to_write(id: &str) -> Result<i64, StoreError> {
    customer_key(id).ok_or_else(|| not_a_customer(id))
}

/// The number of a customer.
pub(super) fn customer_key(id: &str) -> Option<i64> {
    customer_number(id).map(u64::cast_signed)
}

/// The id of a customer.
pub(super) fn customer_id(key: i64) -> String {
    format!("c{key}")
}
