//! What people do with a chat by hand: they pass it on, or close it.

use std::sync::Arc;

use jiff::Timestamp;

use super::decision::{Assignment, Decision, Routed, Step};
use super::live;
use super::route_error::RouteError;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::{ChoiceRequest, Event, EventError, Roster, dice_of_step};
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

    /// Gives the chat by hand to a member of the group other than the user who has it: to one who is available, or else online, or
    /// else any, with the dice of this step. `by hand` it waits in the queue of the group until somebody takes it, and no rule goes
    /// on with it.
    ///
    /// # Errors
    ///
    /// [`RouteError::NoMember`], if the group has no other member. Otherwise as [`transfer`](Self::transfer).
    pub fn transfer_to_group(
        &mut self,
        group: &str,
        by: Algorithm,
        at: Timestamp,
        roster: &mut Roster,
        seed: u64,
    ) -> Result<(), RouteError> {
        let open = self.open_chat().ok_or(RouteError::NoChat)?;
        let name: Arc<str> = group.into();
        let group = roster.group(group).ok_or_else(|| EventError::UnknownGroup(Arc::clone(&name)))?;
        roster.check_holder(open.user.as_deref(), open.group.as_deref())?;
        if by == Algorithm::Hand {
            roster.enqueue(group)?;
            let released = release(&open, roster);
            let reason = format!("the chat waits until a member of `{name}` takes it");
            let queue =
                Assignment::Queue { user: (), group: Some(name), by: Some(by), alternative: 0, reason };
            self.follow_by_hand(queue, Routed { at, released });
            self.rule = None;
            return Ok(());
        }
        let holder: Vec<_> = open.user.as_deref().and_then(|user| roster.user(user)).into_iter().collect();
        let among = &[Eligibility::Available, Eligibility::Online, Eligibility::Everyone];
        let request = ChoiceRequest { group, skills: &[], excluded: &holder, by, among, at };
        let mut dice = dice_of_step(seed, self.message.as_deref(), self.step.number.saturating_add(1));
        let pick = roster.choose(&request, &mut dice);
        let user = pick.and_then(|pick| roster.id_and_name(pick.user)).map(|(id, _)| Arc::clone(id));
        let user = user.ok_or_else(|| RouteError::NoMember(Arc::clone(&name)))?;
        let turn = (by == Algorithm::InOrder).then(|| Arc::clone(&name));
        roster.apply(Event::Assigned { user: Arc::clone(&user), at, turn })?;
        let released = release(&open, roster);
        let to_user = Assignment::User { user, group: Some(name), by: Some(by), alternative: 0 };
        self.follow_by_hand(to_user, Routed { at, released });
        Ok(())
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
