//! Why an event cannot be handled.

use std::sync::Arc;

use crate::diagnostic::debug_as_display;
use crate::engine::{RouteError, TakeError};
use crate::roster::EventError;

/// Why an event cannot be handled. The desk is then as it was.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The event is about a chat, and none is open.
    #[error("the chat is closed")]
    ChatClosed,
    /// Another user has the chat.
    #[error("`{0}` already has the chat")]
    ChatTaken(Arc<str>),
    /// The message cannot be decided, or the chat cannot be moved.
    #[error(transparent)]
    Route(#[from] RouteError),
    /// The chat cannot be taken.
    #[error(transparent)]
    Take(#[from] TakeError),
    /// The inbox does not have the user, or what is set does not fit.
    #[error(transparent)]
    Event(#[from] EventError),
}

debug_as_display!(DeskError);
