//! Why an event cannot be handled.

use std::sync::Arc;

use crate::diagnostic::debug_as_display;
use crate::engine::{RouteError, TakeError};
use crate::roster::EventError;

/// Why an event cannot be handled. The desk is then as it was.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The inbox does not have the user, or no longer.
    #[error("the inbox has no user called `{0}`")]
    UnknownUser(Arc<str>),
    /// The inbox does not have the group, or no longer.
    #[error("the inbox has no group called `{0}`")]
    UnknownGroup(Arc<str>),
    /// The event is about a chat, and none is open.
    #[error("the chat is closed")]
    ChatClosed,
    /// Another user has the chat.
    #[error("`{0}` already has the chat")]
    ChatTaken(Arc<str>),
    /// The group to which a person moves the chat has no member besides the user who has it.
    #[error("`{0}` has no member who could take the chat")]
    NoMember(Arc<str>),
    /// The message cannot be decided, or the chat cannot be moved.
    #[error(transparent)]
    Route(RouteError),
    /// What is set does not fit, or the roster cannot count it.
    #[error(transparent)]
    Event(EventError),
}

impl From<EventError> for DeskError {
    fn from(error: EventError) -> Self {
        match error {
            EventError::UnknownUser(user) => Self::UnknownUser(user),
            EventError::UnknownGroup(group) => Self::UnknownGroup(group),
            error => Self::Event(error),
        }
    }
}

impl From<RouteError> for DeskError {
    fn from(error: RouteError) -> Self {
        match error {
            RouteError::Event(error) => error.into(),
            RouteError::NoMember(group) => Self::NoMember(group),
            RouteError::NoChat => Self::ChatClosed,
            error => Self::Route(error),
        }
    }
}

impl From<TakeError> for DeskError {
    fn from(error: TakeError) -> Self {
        match error {
            TakeError::NotWaiting(_) => Self::ChatClosed,
            TakeError::Event(error) => error.into(),
        }
    }
}

debug_as_display!(DeskError);
