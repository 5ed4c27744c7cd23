//! Why a message cannot be routed.

use std::sync::Arc;

use crate::diagnostic::debug_as_display;
use crate::roster::EventError;
use crate::situation::SituationError;

/// Why a message cannot be routed.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RouteError {
    /// The message or its customer contradicts itself or the inbox, or the number has no policy.
    #[error(transparent)]
    Situation(#[from] SituationError),
    /// The roster was made for another inbox than that of the rules, so users and groups would be taken for others.
    #[error("the roster is of another inbox than the rules; call `Roster::rebase(set.inbox())` first")]
    OtherInbox,
    /// The policy has changed since the decision to continue. [`RuleSet::route_afresh`](crate::RuleSet::route_afresh) decides its
    /// message once more.
    #[error(
        "the policy of `{number}` has changed since the assignment began, so the message is to be decided afresh"
    )]
    PolicyChanged {
        /// The WhatsApp number whose policy it is.
        number: Arc<str>,
    },
    /// The timer was set for an earlier decision: the assignment has gone on since, or has been answered.
    #[error("the timer is not that of the last decision about the chat, so there is nothing to do")]
    StaleTimer,
    /// The decision leaves no chat open, so there is none to pass on or to close.
    #[error("the chat is not open")]
    NoChat,
    /// The group to which the chat is to go by hand has no member besides the user who has it.
    #[error("`{0}` has no member who could take the chat")]
    NoMember(Arc<str>),
    /// The roster does not count the chat where the last decision left it, because it has been closed or moved meanwhile; or it
    /// cannot count one more chat where the chat would go.
    #[error(transparent)]
    Event(#[from] EventError),
}

debug_as_display!(RouteError);
