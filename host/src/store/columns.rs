//! What both databases put into columns in the same way: keys, moments, hashes and codes.

use std::sync::Arc;

use inbox_rules::desk::{ChatRecord, DeskTimer};
use inbox_rules::{Assignment, ChatId, Message, Priority};
use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::error::StoreError;
use super::rows::{HostTimer, OutboxState};

/// How many bits of a key are the position within an inbox.
pub(super) const POSITION_BITS: u32 = 40;

/// The latest position within an inbox.
pub(super) const LAST_POSITION: i64 = (1 << POSITION_BITS) - 1;

/// A position as it is stored. A greater one than any inbox reaches is no row's.
pub(super) fn as_integer(position: u64) -> i64 {
    i64::try_from(position).unwrap_or(LAST_POSITION).min(LAST_POSITION)
}

/// The id of a chat as it is stored beside the inbox.
pub(super) fn chat_number(chat: ChatId) -> i64 {
    as_integer(chat.0)
}

/// The number in the id of a customer, such as `c17`.
pub(super) fn customer_number(id: &str) -> Option<u64> {
    let digits = id.strip_prefix('c')?;
    let number: u64 = digits.parse().ok()?;
    let is_canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    (is_canonical && as_integer(number) < LAST_POSITION).then_some(number)
}

/// It is to be written, and has no such id.
pub(super) fn not_a_customer(id: &str) -> StoreError {
    StoreError::Damaged(format!("a customer's id is `c` and a number, not `{id}`"))
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

/// A moment as it is read again.
pub(super) fn as_stored(at: Timestamp) -> Timestamp {
    moment(micros(at)).unwrap_or(at)
}

/// A number that stands for a name in an index: the first 8 bytes of its SHA-256.
pub(super) fn fingerprint(name: &str) -> i64 {
    let hash: [u8; 32] = Sha256::digest(name.as_bytes()).into();
    let (first, _) = hash.split_first_chunk().unwrap_or((&[0; 8], &[]));
    i64::from_le_bytes(*first)
}

/// The rank of a priority: smaller ones are tried first. A chat without a priority is `normal`.
pub(super) fn rank(priority: Option<Priority>) -> i16 {
    match priority {
        Some(Priority::Urgent) => 0,
        Some(Priority::High) => 1,
        None | Some(Priority::Normal) => 2,
        Some(Priority::Low) => 3,
    }
}

/// What the customer wrote is not kept with a closed chat: it is in the texts, for as long as they are kept.
pub(super) fn without_content(message: &Message) -> Message {
    Message { id: message.id.clone(), kind: message.kind, ..Message::default() }
}

/// Gives the group that a chat was assigned through, or waits in, another name.
pub(super) fn rename_group_of(chat: &mut ChatRecord, to: &Arc<str>) {
    if let Some(
        Assignment::User { group: Some(group), .. }
        | Assignment::Queue { group: Some(group), .. }
        | Assignment::Kept { group: Some(group), .. },
    ) = &mut chat.last.assign
    {
        *group = Arc::clone(to);
    }
}

/// The code of a state: its position among all.
pub(super) fn state_code(state: OutboxState) -> i16 {
    let position = OutboxState::ALL.iter().position(|one| *one == state).unwrap_or_default();
    i16::try_from(position).unwrap_or_default()
}

/// The state with this code.
pub(super) fn state_of(code: i16) -> Result<OutboxState, StoreError> {
    let state = usize::try_from(code).ok().and_then(|position| OutboxState::ALL.get(position));
    state.copied().ok_or_else(|| StoreError::Damaged(format!("a reply has state {code}")))
}

/// The changes in the number of replies in each state.
pub(super) type CountChanges = [i64; OutboxState::ALL.len()];

/// Counts a reply in the state with this code.
pub(super) fn count(changes: &mut CountChanges, code: i16, by: i64) {
    if let Some(count) = usize::try_from(code).ok().and_then(|position| changes.get_mut(position)) {
        *count += by;
    }
}

/// What a timer is about.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum TimerSubject {
    /// A chat.
    Chat(i64),
    /// A user.
    User(Arc<str>),
    /// A message that is held: the hash of it.
    Message(Vec<u8>),
}

/// The key of a timer within its inbox.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct TimerSlot {
    pub(super) subject: TimerSubject,
    pub(super) kind: i16,
    pub(super) seq: i64,
    pub(super) position: i64,
}

/// The kind of a timer for `after`.
pub(super) const LATER: i16 = 2;

impl TimerSlot {
    /// The key of a timer.
    pub(super) fn of(timer: &HostTimer) -> Result<Self, StoreError> {
        let of = |subject, kind| Self { subject, kind, seq: 0, position: 0 };
        let of_chat = |chat: &ChatId, kind| of(TimerSubject::Chat(chat_number(*chat)), kind);
        Ok(match timer {
            HostTimer::Desk(DeskTimer::Idle { chat }) => of_chat(chat, 0),
            HostTimer::Desk(DeskTimer::Timeout { chat, .. }) => of_chat(chat, 1),
            HostTimer::Desk(DeskTimer::Later { chat, seq, index, .. }) => {
                let position = i64::try_from(*index).unwrap_or(i64::MAX);
                Self { seq: as_integer(*seq), position, ..of_chat(chat, LATER) }
            }
            HostTimer::Desk(DeskTimer::Presence { user }) => of(TimerSubject::User(Arc::clone(user)), 3),
            HostTimer::Held(new) => {
                let hash = match &new.message.id {
                    Some(id) => Sha256::new().chain_update(&*new.number).chain_update([0]).chain_update(id),
                    None => Sha256::new().chain_update(serde_json::to_vec(new)?),
                };
                of(TimerSubject::Message(hash.finalize().to_vec()), 4)
            }
            HostTimer::Desk(_) => return Err(StoreError::Damaged("a timer of an unknown kind".to_owned())),
        })
    }
}
