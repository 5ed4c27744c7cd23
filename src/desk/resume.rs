//! How the assignment of a chat goes on: nobody answers, somebody does, the rules change, the customer stays away.

use std::sync::Arc;

use super::chat::ChatRecord;
use super::context::EventContext;
use super::effect::{ChatChange, TimerChange};
use super::error::DeskError;
use super::message::assignment;
use super::record::{ChatCause, LogRecordKind};
use crate::engine::{Assignment, Decision, RouteError, Timer};
use crate::language::vocabulary::Algorithm;
use crate::roster::Event;
use crate::situation::Incoming;

/// The time to answer is over. A timer of a chat that is closed, answered or has gone on changes nothing.
pub(super) fn timeout(cx: &mut EventContext, timer: &Timer) -> Result<(), DeskError> {
    let Ok(chat) = cx.chat() else { return Ok(()) };
    if chat.answered_at.is_some() || !has_policy(cx, chat) {
        return Ok(());
    }
    let mut chat = chat.clone();
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
pub(super) fn afresh(cx: &mut EventContext) -> Result<(), DeskError> {
    match cx.chat().cloned() {
        Ok(chat) => decide_afresh(cx, chat),
        Err(_) => Ok(()),
    }
}

/// Decides the message of a chat once more. Replies are not repeated.
fn decide_afresh(cx: &mut EventContext, mut chat: ChatRecord) -> Result<(), DeskError> {
    if !has_policy(cx, &chat) {
        return Ok(());
    }
    let mut last = decided_afresh(cx, &chat, chat.last.step.moved)?;
    let is_kept = |last: &Decision| matches!(last.assign, Some(Assignment::Kept { .. }));
    if is_kept(&last) && !can_stay(cx, &chat) {
        // The `move` rule that brought it there holds no longer, and no other rule would ever take it away.
        last = decided_afresh(cx, &chat, false)?;
    }
    chat.add_tags(&last.tags);
    chat.last = assignment(&last);
    if is_kept(&last) {
        // If it waits, it does so by no rule.
        cx.desk.waiting.remove(chat.id);
        cx.desk.waiting_customers.remove(&chat.id);
        cx.effects.chats.push(ChatChange::Put(Arc::new(chat)));
    } else {
        cx.follow(chat, ChatCause::Afresh);
    }
    Ok(())
}

/// The decision of the chat's message by the present rules: as in the open chat if it was `moved`, else as if none were open.
fn decided_afresh(cx: &mut EventContext, chat: &ChatRecord, moved: bool) -> Result<Decision, DeskError> {
    let (customer, open) = (cx.customer(), chat.open_chat());
    let shown = chat.message.known_to(cx.set.inbox());
    let number = chat.last.number.clone().unwrap_or_default();
    let incoming = Incoming { number: &number, at: cx.now, message: &shown, chat: Some(&open) };
    let mut last = chat.last.clone();
    last.step.moved = moved;
    let seed = cx.desk.settings.seed;
    cx.set.route_afresh(&mut last, &incoming, &customer, &mut cx.desk.roster, seed)?;
    Ok(last)
}

/// Whether somebody is there for the chat without a rule: the user who has it, or the members who take it by hand.
fn can_stay(cx: &EventContext, chat: &ChatRecord) -> bool {
    let roster = &cx.desk.roster;
    match &chat.last.assign {
        Some(Assignment::Queue { group: Some(group), by: Some(Algorithm::Hand), .. }) => {
            roster.waiting_in(group).is_some()
        }
        _ => chat.user().is_some_and(|user| roster.now(user).is_some()),
    }
}

/// Whether the number of the chat has a policy. Without one, the chat stays where it is.
fn has_policy(cx: &EventContext, chat: &ChatRecord) -> bool {
    chat.last.number.as_deref().is_some_and(|number| cx.set.policy(number).is_some())
}

/// A user has written in the chat: its timers end.
pub(super) fn answered(cx: &mut EventContext, user: Option<Arc<str>>) -> Result<(), DeskError> {
    if let Some(user) = &user {
        cx.check_user(user)?;
    }
    let mut chat = cx.chat()?.clone();
    if let Some(user) = &user {
        cx.desk.roster.apply(Event::Message { user: Arc::clone(user), at: cx.now })?;
    }
    cx.record(LogRecordKind::Answered { chat: chat.id, user }, None);
    cx.effects.timers.push(TimerChange::CancelLater(chat.id));
    chat.answered_at = Some(cx.now);
    chat.last_at = cx.now;
    chat.last.resume = None;
    cx.effects.chats.push(ChatChange::Put(Arc::new(chat)));
    Ok(())
}

/// Closes the chat if nobody has written in it for too long; otherwise the timer is set once more.
pub(super) fn idle(cx: &mut EventContext) -> Result<(), DeskError> {
    let Ok(chat) = cx.chat() else { return Ok(()) };
    let due = cx.closes_at(chat.last_at);
    if cx.now < due {
        cx.set_idle_timer(chat.id, due);
        return Ok(());
    }
    cx.close(chat, ChatCause::Idle)
}
