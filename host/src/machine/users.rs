//! Users: presence and capacity.

use std::sync::Arc;
use std::time::Duration;

use inbox_rules::Presence;
use inbox_rules::desk::DeskEvent;

use super::batch::{Batch, Handled};
use super::effects::later;
use super::item::{Answer, Refused, UserChange};
use crate::store::HostTimer;

/// A user's presence or capacity is set.
pub(super) fn change(batch: &mut Batch, user: &Arc<str>, change: &UserChange) -> Handled {
    let Some(now) = batch.live.desk.roster().now(user) else {
        return Err(Refused::UnknownUser(Arc::clone(user)).into());
    };
    if let Some(capacity) = change.capacity {
        batch.handle_event(DeskEvent::Capacity { user: Arc::clone(user), capacity })?;
    }
    if change.presence.is_some() || change.for_seconds.is_some() {
        let presence = change.presence.unwrap_or(now.presence);
        let seconds = change.for_seconds.filter(|_| presence != Presence::Offline);
        let until = seconds.map(|seconds| later(batch.now, Duration::from_secs(seconds.into())));
        batch.handle_event(DeskEvent::Presence { user: Arc::clone(user), presence, until })?;
        if until.is_none() {
            let timer = inbox_rules::desk::DeskTimer::Presence { user: Arc::clone(user) };
            batch.tx.drop_timer(&HostTimer::Desk(timer))?;
        }
    }
    match batch.user_row(user) {
        Some(row) => Ok(Answer::User(row)),
        None => Err(Refused::UnknownUser(Arc::clone(user)).into()),
    }
}
