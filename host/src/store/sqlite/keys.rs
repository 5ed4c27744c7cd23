//! What is put into columns: keys, moments and hashes.

use inbox_rules::ChatId;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use crate::store::StoreError;

/// How many bits of a key are the position within an inbox.
const POSITION_BITS: u32 = 40;

/// The latest position within an inbox.
const LAST: i64 = (1 << POSITION_BITS) - 1;

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
        self.first() | LAST
    }

    /// The key of the customer with this id.
    pub(super) fn customer(self, id: &str) -> Option<i64> {
        let digits = id.strip_prefix('c')?;
        let number: u64 = digits.parse().ok()?;
        let is_canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
        (is_canonical && as_integer(number) < LAST).then(|| self.at(number))
    }

    /// The key of the customer with this id, which is to be written.
    pub(super) fn customer_to_write(self, id: &str) -> Result<i64, StoreError> {
        let error = || StoreError::Damaged(format!("a customer's id is `c` and a number, not `{id}`"));
        self.customer(id).ok_or_else(error)
    }
}

/// The position of a row within its inbox.
pub(super) fn position(key: i64) -> u64 {
    (key & LAST).cast_unsigned()
}

/// The id of the customer with this key.
pub(super) fn customer_id(key: i64) -> String {
    format!("c{}", position(key))
}

/// A position as it is stored. A greater one than any inbox reaches is no row's.
pub(super) fn as_integer(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(LAST).min(LAST)
}

/// The id of a chat as it is stored beside the inbox.
pub(super) fn chat_number(chat: ChatId) -> i64 {
    as_integer(chat.0)
}

/// A moment as it is stored. The latest that there is stays the latest.
pub(super) fn micros(moment: Timestamp) -> i64 {
    if moment == Timestamp::MAX { i64::MAX } else { moment.as_microsecond() }
}

/// The moment that is stored as this number.
pub(super) fn moment(micros: i64) -> Result<Timestamp, StoreError> {
    if micros == i64::MAX {
        return Ok(Timestamp::MAX);
    }
    Timestamp::from_microsecond(micros).map_err(|error| StoreError::Damaged(error.to_string()))
}

/// The same for a moment that may be missing.
pub(super) fn moment_or_none(micros: Option<i64>) -> Result<Option<Timestamp>, StoreError> {
    micros.map(moment).transpose()
}

/// A number that stands for a name in an index: the first 8 bytes of its SHA-256.
pub(super) fn fingerprint(name: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
    i64::from_le_bytes(*first)
}
