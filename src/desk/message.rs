//! A message, and what a rule put off until later.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::chat::ChatRecord;
use super::effect::{ChatChange, DeskTimer, QueuedReply, ReplyState, TimerChange};
use super::error::DeskError;
use super::record::{ChatCause, RecordKind};
use super::step::DeskStep;
use crate::engine::{Assignment, ChatId, Decision, Later, SentReply};
use crate::roster::{Event, dice};
use crate::situation::{Incoming, Message};

/// A customer writes: the message is decided, in the open chat if there is one.
pub(super) fn message(cx: &mut DeskStep, number: Arc<str>, message: Message) -> Result<(), DeskError> {
    let customer = cx.customer();
    let open = cx.facts.chat.as_ref().map(ChatRecord::open_chat);
    let shown = message.known_to(cx.set.inbox());
    let incoming = Incoming { number: &number, at: cx.now, message: &shown, chat: open.as_ref() };
    let mut dice = dice(cx.desk.settings.seed, message.id.as_deref());
    let decision = cx.set.route(&incoming, &customer, &mut cx.desk.roster, &mut dice)?;

    let seq = cx.desk.seq + 1;
    let opened = decision.open_chat().map(|_| ChatId(seq));
    let id = cx.facts.chat.as_ref().map(|chat| chat.id).or(opened);
    cx.record(RecordKind::Message {
        message: message.id.as_deref().map(Arc::from),
        customer: Arc::clone(&cx.facts.customer_id),
        number,
        chat: id,
        rule: decision.rule.clone(),
    });
    let too_late = message.age_seconds > cx.desk.settings.reply_within.as_secs();
    queue_replies(cx, &decision.replies, too_late);
    if let Some(id) = id {
        in_chat(cx, id, message, &decision)?;
        // A chat that the decision has closed has no timers.
        if decision.open_chat().is_some() {
            for (index, later) in decision.later.iter().enumerate() {
                let due = after(cx.now, later.after_seconds);
                cx.effects
                    .timers
                    .push(TimerChange::Set(due, DeskTimer::Later { chat: id, seq, index, too_late }));
            }
        }
    }
    cx.effects.decision = Some(decision);
    Ok(())
}

/// What the decision does to the chat: it stays, moves, is closed or opened.
fn in_chat(cx: &mut DeskStep, id: ChatId, message: Message, decision: &Decision) -> Result<(), DeskError> {
    let is_open = cx.facts.chat.is_some();
    let is_kept = is_open && matches!(decision.assign, Some(Assignment::Kept { .. }) | None);
    let mut chat = cx.chat().unwrap_or_else(|_| ChatRecord {
        id,
        customer: Arc::clone(&cx.facts.customer_id),
        message: Message::default(),
        last: Decision::clone(decision),
        tags: Vec::new(),
        opened_at: cx.now,
        last_at: cx.now,
        answered_at: None,
        waiting_since: None,
    });
    chat.add_tags(&decision.tags);
    chat.last_at = cx.now;
    if is_kept {
        kept(cx, chat, decision);
        return Ok(());
    }
    chat.message = message;
    chat.last = assignment(decision);
    if is_open {
        cx.follow(chat, ChatCause::Moved);
        return cx.drain();
    }
    cx.set_idle_timer(id, cx.closes_at(cx.now));
    cx.follow(chat, ChatCause::Decision);
    Ok(())
}

/// The chat stays where it is, and its assignment goes on.
fn kept(cx: &mut DeskStep, mut chat: ChatRecord, decision: &Decision) {
    chat.last.step.raise_priority(decision.priority);
    match chat.user() {
        Some(user) => {
            // The user may be one whom the inbox no longer has.
            let _ = cx.desk.roster.apply(Event::Message { user: Arc::clone(user), at: cx.now });
        }
        None if cx.desk.waiting.get(chat.id).is_some() => {
            let customer = cx.customer();
            cx.desk.waiting.update(chat.id, decision, &customer, cx.now);
        }
        None => {}
    }
    cx.effects.chats.push(ChatChange::Put(Box::new(chat)));
}

/// What a rule put off is due. If the chat is closed, nothing is done.
pub(super) fn later(cx: &mut DeskStep, later: &Later, too_late: bool) {
    let Ok(mut chat) = cx.chat() else { return };
    queue_replies(cx, &later.replies, too_late);
    chat.add_tags(&later.tags);
    chat.last.step.raise_priority(later.priority);
    if cx.desk.waiting.get(chat.id).is_some() {
        cx.desk.waiting.set_priority(chat.id, chat.last.step.priority);
    }
    cx.effects.chats.push(ChatChange::Put(Box::new(chat)));
}

/// Adds the replies, in order, and says which of them go out.
fn queue_replies(cx: &mut DeskStep, replies: &[SentReply], too_late: bool) {
    let mut sent_now = BTreeMap::new();
    for reply in replies {
        let key = reply.once_key.as_deref().unwrap_or_default();
        let last = sent_now.get(key).or_else(|| cx.facts.sent.get(key)).copied();
        let state = match (too_late, reply.due(last, cx.now)) {
            (true, _) => ReplyState::TooLate,
            (false, true) => ReplyState::Waiting,
            (false, false) => ReplyState::Suppressed,
        };
        if state == ReplyState::Waiting {
            sent_now.insert(key, cx.now);
        }
        cx.effects.replies.push(QueuedReply { reply: reply.clone(), state });
    }
}

/// What a chat keeps of a decision: who has it, and how its assignment goes on.
pub(super) fn assignment(decision: &Decision) -> Decision {
    Decision {
        replies: Vec::new(),
        tags: Vec::new(),
        also: Vec::new(),
        later: Vec::new(),
        moved: None,
        why: None,
        ..decision.clone()
    }
}

fn after(at: Timestamp, seconds: u64) -> Timestamp {
    let seconds = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    at.saturating_add(seconds).unwrap_or(Timestamp::MAX)
}
