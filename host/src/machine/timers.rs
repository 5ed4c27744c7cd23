//! Timers that are due.

use inbox_rules::desk::{DeskEvent, DeskTimer};

use super::batch::{Batch, Handled, ItemError};
use super::item::Answer;
use super::messages;
use crate::store::{HostTimer, TimerRow};

/// How many timers fire in one transaction at most; the others follow in the next.
const MAX_TIMERS: usize = 256;

/// Fires the timers that are due.
pub(super) fn timers(batch: &mut Batch) -> Handled {
    for TimerRow { timer, .. } in batch.tx.timers_due(batch.now, MAX_TIMERS)? {
        batch.tx.drop_timer(&timer)?;
        match fire(batch, timer) {
            // A timer that can do nothing is dropped like one that has fired.
            Err(ItemError::Refused(_)) | Ok(()) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Answer::Done)
}

fn fire(batch: &mut Batch, timer: HostTimer) -> Result<(), ItemError> {
    let timer = match timer {
        HostTimer::Desk(timer) => timer,
        HostTimer::Held(new) => return messages::message(batch, &new).map(drop),
    };
    let (chat, event) = match timer {
        DeskTimer::Presence { user } => {
            batch.handle_event(DeskEvent::PresenceEnded(user))?;
            return Ok(());
        }
        DeskTimer::Timeout { chat, timer } => (chat, DeskEvent::Timeout(timer)),
        DeskTimer::Idle { chat } => (chat, DeskEvent::Idle),
        DeskTimer::Later { chat, seq, index, too_late } => {
            let Some(routed) = batch.routed(seq)? else { return Ok(()) };
            let Some(later) = routed.decision.later.get(index).cloned() else { return Ok(()) };
            (chat, DeskEvent::Later { later: Box::new(later), too_late })
        }
        _ => return Ok(()),
    };
    if let Some(about) = batch.about_open_chat(chat)? {
        batch.handle_about(event, &about)?;
    }
    Ok(())
}
