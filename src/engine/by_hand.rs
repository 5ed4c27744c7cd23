//! What people do with a chat by hand: they pass it on, or close it.

use std::sync::Arc;

use jiff::Timestamp;

use super::decision::{Assignment, Decision, Routed, Step};
use super::live;
use super::route_error::RouteError;
use crate::language::vocabulary::Algorithm;
use crate::roster::{Event, EventError, Roster};
use crate::situation::OpenChat;

impl Decision {
    /// Gives the chat by hand to a user, who need not be a member of its group, and takes it from whoever has it, in one step.
    /// This becomes the decision that does so: the last one about the chat. Nothing is left to try, and a timer is stale.
    ///
    /// # Errors
    ///
    /// [`RouteError::NoChat`], if this decision leaves no chat open; [`RouteError::Event`], if the roster does not have the user,
    /// or does not count the chat where this decision left it. Then nothing changes.
    pub fn transfer(&mut self, user: &str, at: Timestamp, roster: &mut Roster) -> Result<(), RouteError> {
        let open = self.open_chat().ok_or(RouteError::NoChat)?;
        Ok(self.pass_on(&open, user, at, roster)?)
    }

    /// Closes the chat: it leaves the user or the queue that has it. This becomes the decision that does so.
    ///
    /// # Errors
    ///
    /// As [`transfer`](Self::transfer).
    pub fn close(&mut self, at: Timestamp, roster: &mut Roster) -> Result<(), RouteError> {
        let open = self.open_chat().ok_or(RouteError::NoChat)?;
        roster.check_holder(open.user.as_deref(), open.group.as_deref())?;
        self.follow_by_hand(Assignment::Nobody, Routed { at, released: release(&open, roster) });
        Ok(())
    }

    /// Gives the chat, which is `open`, to a user.
    pub(super) fn pass_on(
        &mut self,
        open: &OpenChat,
        user: &str,
        at: Timestamp,
        roster: &mut Roster,
    ) -> Result<(), EventError> {
        roster.check_holder(open.user.as_deref(), open.group.as_deref())?;
        let user: Arc<str> = user.into();
        roster.apply(Event::Assigned { user: Arc::clone(&user), at, turn: None })?;
        let released = release(open, roster);
        let group = open.group.as_deref().map(Arc::from);
        let by = group.is_some().then_some(Algorithm::Hand);
        let alternative = self.alternative();
        self.follow_by_hand(Assignment::User { user, group, by, alternative }, Routed { at, released });
        Ok(())
    }

    /// The position of the alternative that was tried last.
    fn alternative(&self) -> usize {
        match self.assign {
            Some(Assignment::User { alternative, .. } | Assignment::Queue { alternative, .. }) => alternative,
            Some(Assignment::Kept { .. } | Assignment::Nobody) | None => self.step.from_alternative,
        }
    }

    /// Becomes the decision after it, which does no more than this.
    fn follow_by_hand(&mut self, assign: Assignment, routed: Routed) {
        let from_alternative = self.alternative();
        let had = std::mem::take(&mut self.step.had);
        *self = Self {
            message: self.message.take(),
            number: self.number.take(),
            rule: self.rule.take(),
            assign: Some(assign),
            step: Step { from_alternative, had, moved: self.step.moved, ..self.step.next() },
            routed: Some(routed),
            ..Self::empty(Arc::clone(&self.policy))
        };
    }
}

/// Takes the chat away from whoever has it, unless the roster does not know them.
fn release(open: &OpenChat, roster: &mut Roster) -> Option<Box<Event>> {
    live::release(open.user.as_deref(), open.group.as_deref(), roster).map(Box::new)
}
