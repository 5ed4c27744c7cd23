//! How the assignment of a chat goes on: nobody answers, somebody does, the rules change, the customer stays away.

use std::sync::Arc;

use super::chat::ChatRecord;
use super::effect::{ChatChange, TimerChange};
use super::error::DeskError;
use super::message::assignment;
use super::record::{ChatCause, RecordKind};
use super::step::DeskStep;
use crate::engine::{Assignment, RouteError, Timer};
use crate::roster::Event;
use crate::situation::Incoming;

/// The time to answer is over. A timer of a chat that is closed, answered or has gone on changes nothing.
pub(super) fn timeout(cx: &mut DeskStep, timer: &Timer) -> Result<(), DeskError> {
    let Ok(mut chat) = cx.chat() else { return Ok(()) };
    if chat.answered_at.is_some() {
        return Ok(());
    }
    let customer = cx.customer();
    let seed = cx.desk.settings.seed;
    match cx.set.reroute(&mut chat.last, timer, cx.now, &customer, &mut cx.desk.roster, seed) {
        Ok(()) => {
            chat.last = assignment(&chat.last);
            cx.follow(chat, ChatCause::Timeout);
        }
        Err(RouteError::StaleTimer) => return Ok(()),
        Err(RouteError::PolicyChanged { .. }) => decide_afresh(cx, chat)?,
        Err(error) => return Err(error.into()),
    }
    cx.drain()
}

/// The message of the chat is decided once more.
pub(super) fn afresh(cx: &mut DeskStep) -> Result<(), DeskError> {
    match cx.chat() {
        Ok(chat) => decide_afresh(cx, chat),
        Err(_) => Ok(()),
    }
}

/// Decides the message of a chat once more. A chat whose number has no policy stays where it is. Replies are not repeated.
fn decide_afresh(cx: &mut DeskStep, mut chat: ChatRecord) -> Result<(), DeskError> {
    let number = chat.last.number.clone().unwrap_or_default();
    if cx.set.policy(&number).is_none() {
        return Ok(());
    }
    if chat.user().is_some_and(|user| cx.desk.roster.now(user).is_none()) {
        // A `move` rule that holds no longer would leave the chat with the user whom the inbox no longer has.
        chat.last.step.moved = false;
    }
    let (customer, open) = (cx.customer(), chat.open_chat());
    let shown = chat.message.known_to(cx.set.inbox());
    let incoming = Incoming { number: &number, at: cx.now, message: &shown, chat: Some(&open) };
    let seed = cx.desk.settings.seed;
    cx.set.route_afresh(&mut chat.last, &incoming, &customer, &mut cx.desk.roster, seed)?;
    let tags = std::mem::take(&mut chat.last.tags);
    chat.add_tags(&tags);
    chat.last = assignment(&chat.last);
    if let Some(Assignment::Kept { .. }) = chat.last.assign {
        cx.effects.chats.push(ChatChange::Put(Box::new(chat)));
    } else {
        cx.follow(chat, ChatCause::Afresh);
    }
    Ok(())
}

/// A user has written in the chat: its timers end.
pub(super) fn answered(cx: &mut DeskStep, user: Option<Arc<str>>) -> Result<(), DeskError> {
    let mut chat = cx.chat()?;
    if let Some(user) = &user {
        cx.desk.roster.apply(Event::Message { user: Arc::clone(user), at: cx.now })?;
    }
    cx.record(RecordKind::Answered { chat: chat.id, user });
    cx.effects.timers.push(TimerChange::CancelLater(chat.id));
    chat.answered_at = Some(cx.now);
    chat.last_at = cx.now;
    chat.last.resume = None;
    cx.effects.chats.push(ChatChange::Put(Box::new(chat)));
    Ok(())
}

/// Closes the chat if nobody has written in it for too long; otherwise the timer is set once more.
pub(super) fn idle(cx: &mut DeskStep) -> Result<(), DeskError> {
    let Ok(chat) = cx.chat() else { return Ok(()) };
    let due = cx.closes_at(chat.last_at);
    if cx.now < due {
        cx.set_idle_timer(chat.id, due);
        return Ok(());
    }
    cx.release(&chat);
    cx.closed(chat.id, ChatCause::Idle);
    cx.drain()
}
