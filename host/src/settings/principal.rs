//! Who calls, and what they may do.

use std::sync::Arc;

/// What stands for every inbox in the settings.
pub(super) const EVERY_INBOX: &str = "*";

/// What a caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Can {
    /// To read everything.
    Read,
    /// To bring messages.
    Messages,
    /// To change users: presence, capacity.
    Users,
    /// To take, transfer, answer and close chats.
    Chats,
    /// To change and delete customers.
    Customers,
    /// To change and try rules.
    Rules,
}

/// Somebody who calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The name, for logs: that of a token, or of whom a proxy has logged in.
    pub name: Arc<str>,
    /// The inbox that they may use; `*` is every inbox.
    pub inbox: Arc<str>,
    /// What they may do there.
    pub can: Vec<Can>,
}

impl Can {
    /// Every right, by the word for it in `host.toml`.
    pub const ALL: [(&'static str, Self); 6] = [
        ("read", Self::Read),
        ("messages", Self::Messages),
        ("users", Self::Users),
        ("chats", Self::Chats),
        ("customers", Self::Customers),
        ("rules", Self::Rules),
    ];

    /// The word for it in `host.toml`.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, can)| *can == self).map_or("", |(word, _)| word)
    }
}

impl Principal {
    /// Whether they may do this.
    pub fn can(&self, can: Can) -> bool {
        self.can.contains(&can)
    }

    /// Whether they may use that inbox.
    pub fn is_for(&self, inbox: &str) -> bool {
        &*self.inbox == EVERY_INBOX || *self.inbox == *inbox
    }
}
