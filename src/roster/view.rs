//! The state of users and queues, as conditions read it.

use crate::inbox::UserId;
use crate::language::vocabulary::Presence;
use crate::policy::Scope;

/// The state of users and queues, as conditions read it. The live roster keeps the counts; a snapshot counts on demand.
pub trait RosterView {
    /// The presence of the user.
    fn presence(&self, user: UserId) -> Presence;
    /// The number of users who are online in `scope`.
    fn online(&self, scope: Scope) -> u64;
    /// The number of users who are online and below their capacity in `scope`.
    fn available(&self, scope: Scope) -> u64;
    /// The number of chats that wait in the queues of `scope`; for the whole inbox, the sum over the groups.
    fn waiting(&self, scope: Scope) -> u64;
}
