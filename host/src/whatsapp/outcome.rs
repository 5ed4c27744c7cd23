//! What became of a reply.

use std::time::Duration;

use inbox_rules::desk::CustomerName;

/// What became of an attempt to send a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SendOutcome {
    /// WhatsApp has taken it.
    Sent {
        /// The id that WhatsApp gave it.
        wamid: String,
        /// The customer's user id, if it came with the answer.
        user_id: Option<String>,
    },
    /// It is to be sent again.
    Again {
        /// The code of the error.
        code: Option<i64>,
        /// How long WhatsApp asks to wait.
        after: Option<Duration>,
        /// Whether the number is to send more slowly (130429).
        slower: bool,
    },
    /// Nothing can be sent from the number for now.
    NumberPaused {
        /// The code of the error; the HTTP status if what answered was not WhatsApp.
        code: i64,
    },
    /// WhatsApp refuses it.
    Failed {
        /// The code of the error.
        code: i64,
    },
    /// The answer was lost.
    Unknown,
}

impl SendOutcome {
    /// It was not even tried.
    pub const NOT_SENT: Self = Self::Again { code: None, after: None, slower: false };

    /// In words, and the code of the error.
    pub fn words(&self) -> (&'static str, Option<i64>) {
        match self {
            Self::Sent { .. } => ("sent", None),
            Self::Again { code, .. } => ("sent again later", *code),
            Self::NumberPaused { code } => ("the number pauses", Some(*code)),
            Self::Failed { code } => ("refused", Some(*code)),
            Self::Unknown => ("the answer was lost", None),
        }
    }
}

/// What WhatsApp says became of a reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusUpdate {
    /// The id that WhatsApp gave it; empty if only the data is known.
    pub wamid: String,
    /// The data that was sent with it: the reply's id.
    pub data: Option<String>,
    /// How far it is.
    pub state: StatusState,
    /// The code of the error, if it failed.
    pub code: Option<i64>,
    /// The names of the customer that came with it.
    pub recipient: Vec<CustomerName>,
}

/// How far a reply is, as WhatsApp says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatusState {
    /// WhatsApp has sent it.
    Sent,
    /// It is on the customer's device.
    Delivered,
    /// The customer has read it, or played it.
    Read,
    /// It was not delivered.
    Failed,
}
