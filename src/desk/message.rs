//! A message, and what a rule put off until later.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::chat::ChatRecord;
use super::context::EventContext;
use super::effect::{ChatChange, DeskReply, DeskTimer, ReplyState, TimerChange};
use super::error::DeskError;
use super::record::{ChatCause, LogRecordKind};
use crate::engine::{Assignment, ChatId, Decision, Later, SentReply};
use crate::roster::{Event, dice};
use crate::situation::{Incoming, Message};

/// A customer writes: the message is decided, in the open chat if there is one.
pub(super) fn message(cx: &mut EventContext, number: Arc<str>, message: Message) -> Result<(), DeskError> {
    let decision = decide(cx, &number, &message)?;
    let seq = cx.desk.seq + 1;
    let open = cx.facts.chat.as_deref();
    let id = open.map(|chat| chat.id).or_else(|| decision.open_chat().map(|_| ChatId(seq)));
    let kind = LogRecordKind::Message {
        message: message.id.as_deref().map(Arc::from),
        customer: Arc::clone(&cx.facts.customer_id),
        number,
        chat: id,
        rule: decision.rule.clone(),
    };
    cx.record(kind, open.and_then(ChatRecord::holder));
    let too_late = message.age_seconds > cx.desk.settings.reply_within.as_secs();
    add_replies(cx, &decision.replies, too_late);
    match (id, open) {
        (_, Some(chat)) if is_kept(&decision) => keep(cx, chat.clone(), &decision),
        (_, Some(chat)) => relocate(cx, chat.clone(), message, &decision)?,
        (Some(id), None) => open_chat(cx, id, message, &decision),
        (None, None) => {}
    }
    // A chat that the decision has closed has no timers.
    if let Some(chat) = id.filter(|_| decision.open_chat().is_some()) {
        for (index, later) in decision.later.iter().enumerate() {
            let timer = DeskTimer::Later { chat, seq, index, too_late };
            cx.effects.timers.push(TimerChange::Set(after(cx.now, later.after_seconds), timer));
        }
    }
    cx.effects.decision = Some(decision);
    Ok(())
}

/// The decision of the message. Without a policy, no rule decides.
fn decide(cx: &mut EventContext, number: &Arc<str>, message: &Message) -> Result<Decision, DeskError> {
    let open = cx.facts.chat.as_deref();
    if cx.set.policy(number).is_none() {
        let kept =
            |chat: &ChatRecord| Assignment::Kept { user: chat.user().cloned(), group: chat.group().cloned() };
        return Ok(Decision {
            message: message.id.as_deref().map(Arc::from),
            number: Some(Arc::clone(number)),
            assign: open.map(kept),
            ..Decision::empty(Arc::default())
        });
    }
    let (customer, open) = (cx.customer(), open.map(ChatRecord::open_chat));
    let shown = message.known_to(cx.set.inbox());
    let incoming = Incoming { number, at: cx.now, message: &shown, chat: open.as_ref() };
    let mut dice = dice(cx.desk.settings.seed, message.id.as_deref());
    Ok(cx.set.route(&incoming, &customer, &mut cx.desk.roster, &mut dice)?)
}

/// Whether the decision leaves the open chat where it is.
fn is_kept(decision: &Decision) -> bool {
    matches!(decision.assign, Some(Assignment::Kept { .. }) | None)
}

/// A chat is opened.
fn open_chat(cx: &mut EventContext, id: ChatId, message: Message, decision: &Decision) {
    let mut chat = ChatRecord {
        id,
        customer: Arc::clone(&cx.facts.customer_id),
        message,
        last: assignment(decision),
        tags: Vec::new(),
        opened_at: cx.now,
        last_at: cx.now,
        answered_at: None,
        waiting_since: None,
    };
    chat.add_tags(&decision.tags);
    cx.set_idle_timer(id, cx.closes_at(cx.now));
    cx.follow(chat, ChatCause::Decision);
}

/// A `move` rule has moved or closed the open chat.
fn relocate(
    cx: &mut EventContext,
    mut chat: ChatRecord,
    message: Message,
    decision: &Decision,
) -> Result<(), DeskError> {
    chat.add_tags(&decision.tags);
    chat.last_at = cx.now;
    chat.message = message;
    chat.last = assignment(decision);
    cx.follow(chat, ChatCause::Moved);
    cx.drain()
}

/// The chat stays where it is, and its assignment goes on.
fn keep(cx: &mut EventContext, mut chat: ChatRecord, decision: &Decision) {
    chat.add_tags(&decision.tags);
    chat.last_at = cx.now;
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
    cx.effects.chats.push(ChatChange::Put(Arc::new(chat)));
}

/// What a rule put off is due. If the chat is closed, nothing is done.
pub(super) fn later(cx: &mut EventContext, later: &Later, too_late: bool) {
    let Ok(mut chat) = cx.chat().cloned() else { return };
    add_replies(cx, &later.replies, too_late);
    chat.add_tags(&later.tags);
    chat.last.step.raise_priority(later.priority);
    if cx.desk.waiting.get(chat.id).is_some() {
        cx.desk.waiting.set_priority(chat.id, chat.last.step.priority);
    }
    cx.effects.chats.push(ChatChange::Put(Arc::new(chat)));
}

/// Adds the replies, in order, and says which of them go out.
fn add_replies(cx: &mut EventContext, replies: &[SentReply], too_late: bool) {
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
        cx.effects.replies.push(DeskReply { reply: reply.clone(), state });
    }
}

/// What a chat keeps of a decision: who has it, and how its assignment goes on.
pub(super) fn assignment(decision: &Decision) -> Decision {
    Decision {
        message: decision.message.clone(),
        number: decision.number.clone(),
        rule: decision.rule.clone(),
        assign: decision.assign.clone(),
        priority: decision.priority,
        resume: decision.resume.clone(),
        step: decision.step.clone(),
        routed: decision.routed.clone(),
        ..Decision::empty(Arc::clone(&decision.policy))
    }
}

fn after(at: Timestamp, seconds: u64) -> Timestamp {
    let seconds = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or(i64::MAX));
    at.saturating_add(seconds).unwrap_or(Timestamp::MAX)
}
