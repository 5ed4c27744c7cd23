//! Who is there, as far as conditions ask for it.

use crate::inbox::UserId;
use crate::policy::Scope;

/// Who is there, as far as conditions ask for it.
pub trait RosterView {
    /// Whether the user is online.
    fn is_online(&self, user: UserId) -> bool;
    /// How many are online there.
    fn online(&self, scope: Scope) -> u64;
    /// How many there are online and below their capacity.
    fn available(&self, scope: Scope) -> u64;
    /// How many chats wait there without a user; in the whole inbox, the sum over the groups.
    fn waiting(&self, scope: Scope) -> u64;
}
