//! What conditions can ask about users and queues.

use crate::inbox::UserId;
use crate::policy::Scope;

/// What conditions can ask about users and queues: the live roster answers from its counts, a snapshot by counting.
pub trait RosterView {
    /// Whether the user is online.
    fn is_online(&self, user: UserId) -> bool;
    /// The number of users who are online in `scope`.
    fn online(&self, scope: Scope) -> u64;
    /// The number of users who are online and below their capacity in `scope`.
    fn available(&self, scope: Scope) -> u64;
    /// The number of chats that wait in the queues of `scope`; for the whole inbox, the sum over the groups.
    fn waiting(&self, scope: Scope) -> u64;
}
