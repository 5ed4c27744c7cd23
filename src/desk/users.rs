//! Users come, go, and take more or fewer chats.

use std::sync::Arc;

use jiff::Timestamp;

use super::context::EventContext;
use super::effect::{DeskTimer, TimerChange};
use super::error::DeskError;
use super::record::LogRecordKind;
use crate::language::vocabulary::Presence;
use crate::roster::Event;

/// A user's presence is set, perhaps only until a moment, so that a browser that is closed takes no chats.
pub(super) fn presence(
    cx: &mut EventContext,
    user: Arc<str>,
    presence: Presence,
    until: Option<Timestamp>,
) -> Result<(), DeskError> {
    cx.check_user(&user)?;
    set_presence(cx, user, presence, until)
}

fn set_presence(
    cx: &mut EventContext,
    user: Arc<str>,
    presence: Presence,
    until: Option<Timestamp>,
) -> Result<(), DeskError> {
    cx.desk.roster.apply(Event::Presence { user: Arc::clone(&user), presence })?;
    match until {
        Some(until) => {
            cx.desk.presence_ends.insert(Arc::clone(&user), until);
            let timer = DeskTimer::Presence { user: Arc::clone(&user) };
            cx.effects.timers.push(TimerChange::Set(until, timer));
        }
        None => drop(cx.desk.presence_ends.remove(&user)),
    }
    cx.record(LogRecordKind::Presence { user, presence, until }, None);
    if presence == Presence::Online { cx.drain() } else { Ok(()) }
}

/// The user is offline if their presence ended at this moment or before, and was not set once more. The inbox may have lost the
/// user meanwhile.
pub(super) fn presence_ended(cx: &mut EventContext, user: &Arc<str>) -> Result<(), DeskError> {
    match cx.desk.presence_ends.get(user) {
        Some(until) if *until <= cx.now => set_presence(cx, Arc::clone(user), Presence::Offline, None),
        _ => Ok(()),
    }
}

/// A user's capacity is set.
pub(super) fn capacity(
    cx: &mut EventContext,
    user: Arc<str>,
    capacity: Option<u32>,
) -> Result<(), DeskError> {
    cx.check_user(&user)?;
    cx.desk.roster.apply(Event::Capacity { user: Arc::clone(&user), capacity })?;
    cx.record(LogRecordKind::Capacity { user, capacity }, None);
    cx.drain()
}
