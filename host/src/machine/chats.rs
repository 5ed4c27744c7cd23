//! Chats that somebody takes, moves, answers or closes.

use std::sync::Arc;
use std::time::Duration;

use inbox_rules::ChatId;
use inbox_rules::desk::{ChatCause, CustomerName, DeskEvent};

use super::batch::{Batch, Handled};
use super::effects::{About, due, later, recipient};
use super::item::{Answer, ChatAction, Refused};
use crate::incoming::SendBy;
use crate::store::{ChatRow, OutboxRow, OutboxState, ReplyName};

/// How long after the customer's last message WhatsApp takes texts that are no templates.
pub(super) const WINDOW: Duration = Duration::from_secs(24 * 3600);

/// Does what somebody does with a chat.
pub(super) fn act(batch: &mut Batch, id: ChatId, action: &ChatAction) -> Handled {
    let Some(row) = batch.tx.chat(id)? else { return Err(Refused::UnknownChat(id).into()) };
    if row.closed_at.is_some() {
        return closed(batch, row, action);
    }
    let Some(about) = batch.about_open_chat(id)? else { return Err(Refused::ChatClosed.into()) };
    let event = match action {
        ChatAction::Take(user) => DeskEvent::Take(Arc::clone(user)),
        ChatAction::Transfer(target) => DeskEvent::Transfer(target.clone()),
        ChatAction::Answered(user) => DeskEvent::Answered(Some(Arc::clone(user))),
        ChatAction::Close => DeskEvent::Close(ChatCause::Api),
        ChatAction::Send { id, user, text } => return send(batch, &about, id, user, text),
    };
    batch.handle_about(event, &about)?;
    chat(batch, id)
}

/// What can still be done with a closed chat: it is closed, and a message that was sent before is found.
fn closed(batch: &mut Batch, row: ChatRow, action: &ChatAction) -> Handled {
    match action {
        ChatAction::Close => Ok(Answer::Chat(Box::new(row))),
        ChatAction::Send { id, .. } => match batch.tx.reply_named(ReplyName::Caller(row.chat.id, id))? {
            Some(reply) => Ok(Answer::Reply(Box::new(reply))),
            None => Err(Refused::ChatClosed.into()),
        },
        _ => Err(Refused::ChatClosed.into()),
    }
}

fn chat(batch: &mut Batch, id: ChatId) -> Handled {
    match batch.tx.chat(id)? {
        Some(row) => Ok(Answer::Chat(Box::new(row))),
        None => Err(Refused::UnknownChat(id).into()),
    }
}

/// A user writes to the customer. It counts as an answer.
fn send(batch: &mut Batch, about: &About, id: &str, user: &Arc<str>, text: &str) -> Handled {
    let Some(row) = &about.chat else { return Err(Refused::ChatClosed.into()) };
    if let Some(reply) = batch.tx.reply_named(ReplyName::Caller(row.chat.id, id))? {
        return Ok(Answer::Reply(Box::new(reply)));
    }
    let inbox = batch.live.release.set.inbox();
    let goes_out =
        row.send == SendBy::WhatsApp && batch.settings.accounts.of_number(inbox, &row.number).is_some();
    let closes = later(about.customer.last_at.unwrap_or(row.chat.last_at), WINDOW);
    if goes_out && closes <= batch.now {
        return Err(Refused::WindowClosed.into());
    }
    batch.handle_about(DeskEvent::Answered(Some(Arc::clone(user))), about)?;
    let state = if goes_out { OutboxState::Waiting } else { OutboxState::Returned };
    let mut reply = OutboxRow {
        id: 0,
        number: Arc::clone(&row.number),
        customer: Arc::clone(&about.customer.id),
        chat: Some(row.chat.id),
        seq: None,
        caller_id: Some(id.to_owned()),
        recipient: recipient(&about.customer),
        text: text.to_owned(),
        state,
        due: due(state, batch.now),
        lease: None,
        tries: 0,
        wamid: None,
        code: None,
        expires: closes,
        at: batch.now,
    };
    reply.id = batch.tx.add_reply(&reply)?;
    if goes_out {
        batch.result.numbers.insert(Arc::clone(&row.number));
    }
    Ok(Answer::Reply(Box::new(reply)))
}

/// Somebody has answered in the Business app, nobody knows who.
pub(super) fn echo(batch: &mut Batch, number: &str, to: &[CustomerName]) -> Handled {
    for customer in batch.tx.customers_named(to)? {
        let rows = batch.tx.chats_of_customer(&customer.id)?;
        if let Some(row) = rows.into_iter().find(|row| *row.number == *number) {
            let about = batch.about_chat(row, &customer);
            batch.handle_about(DeskEvent::Answered(None), &about)?;
        }
    }
    Ok(Answer::Done)
}
