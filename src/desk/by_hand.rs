//! Chats that people take, move and close.

use std::sync::Arc;

use super::context::EventContext;
use super::error::DeskError;
use super::event::TransferTarget;
use super::record::ChatCause;
use super::state::WaitingCustomer;
use crate::engine::WaitingChat;

/// A user takes a chat that waits, or that a user has whom the inbox no longer has. The user who has it already keeps it.
pub(super) fn take(cx: &mut EventContext, user: &Arc<str>) -> Result<(), DeskError> {
    cx.check_user(user)?;
    let mut chat = cx.chat()?.clone();
    match chat.user() {
        Some(present) if present == user => return Ok(()),
        Some(present) if cx.desk.roster.now(present).is_some() => {
            return Err(DeskError::ChatTaken(Arc::clone(present)));
        }
        _ => {}
    }
    if cx.desk.waiting.get(chat.id).is_some() {
        chat.last = cx.desk.waiting.take(chat.id, user, cx.now, &mut cx.desk.roster)?;
    } else {
        chat.last.transfer(user, cx.now, &mut cx.desk.roster)?;
    }
    cx.follow(chat, ChatCause::Taken);
    Ok(())
}

/// A person moves a chat. To the user who has it already, nothing changes.
pub(super) fn transfer(cx: &mut EventContext, target: &TransferTarget) -> Result<(), DeskError> {
    if let TransferTarget::User(user) = target {
        cx.check_user(user)?;
    }
    let mut chat = cx.chat()?.clone();
    let (roster, seed) = (&mut cx.desk.roster, cx.desk.settings.seed);
    match target {
        TransferTarget::User(user) if chat.user() == Some(user) => return Ok(()),
        TransferTarget::User(user) => chat.last.transfer(user, cx.now, roster)?,
        TransferTarget::Group { group, by } => {
            chat.last.transfer_to_group(group, *by, cx.now, roster, seed)?;
        }
    }
    cx.follow(chat, ChatCause::Transferred);
    cx.drain()
}

/// The chat is closed.
pub(super) fn close(cx: &mut EventContext, cause: ChatCause) -> Result<(), DeskError> {
    cx.close(cx.chat()?, cause)
}

/// What is known about the customer has changed: a chat that waits may go to another owner now.
pub(super) fn customer_changed(cx: &mut EventContext) -> Result<(), DeskError> {
    let Some(waiting) = cx.facts.chat.as_ref().and_then(|chat| cx.desk.waiting.get(chat.id)).cloned() else {
        return Ok(());
    };
    cx.desk.waiting_customers.insert(waiting.id, WaitingCustomer::of(cx.facts));
    let customer = cx.customer().into_owned();
    cx.desk.waiting.insert(WaitingChat { customer, ..waiting });
    cx.drain()
}
