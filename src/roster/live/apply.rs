//! How each event changes the roster.

use std::collections::HashSet;

use jiff::Timestamp;

use super::event::{Event, EventError};
use super::live_state::{LiveState, StateChange};
use super::roster::Roster;
use crate::inbox::{GroupId, User, UserId};
use crate::situation::UserNow;

impl Roster {
    /// Updates the roster after an event.
    ///
    /// # Errors
    ///
    /// Returns an [`EventError`] if the event does not fit the roster, for example if a chat is closed that the user does not have.
    /// The roster is then unchanged and can be used further.
    pub fn apply(&mut self, event: Event) -> Result<(), EventError> {
        match event {
            Event::Presence { user, presence } => self.change(user, |user| user.presence = presence),
            Event::Assigned { user, at, turn } => {
                if let Some(group) = turn {
                    self.check_group(group)?;
                }
                self.assign(user, at, turn)
            }
            Event::Closed { user } => {
                let chats = self.users.state(user).map_or(0, |state| state.chats);
                if chats == 0 && self.users.is_active(user) {
                    return Err(EventError::NoOpenChat(user));
                }
                self.change(user, |user| user.chats -= 1)
            }
            Event::Message { user, at } => self.change(user, |user| record_message(user, at)),
            Event::Capacity { capacity: Some(0), .. } | Event::Weight { weight: 0, .. } => {
                Err(EventError::Zero)
            }
            Event::Capacity { user, capacity } => self.change(user, |user| user.capacity = capacity),
            Event::Weight { user, weight } => self.change(user, |user| user.weight = weight),
            Event::Added(user) => self.add(&user),
            Event::Removed { user } => self.remove(user),
            Event::Members { group, members } => {
                self.check_group(group)?;
                self.check_members(&members)?;
                self.set_members(group, members);
                Ok(())
            }
            Event::Queued { group } => self.queue(group, |waiting| waiting.checked_add(1).or(Some(waiting))),
            Event::Dequeued { group } => self.queue(group, |waiting| waiting.checked_sub(1)),
        }
    }

    /// Gives the user a chat, and moves on the turn of the group that chose them `by in_order`.
    pub(super) fn assign(
        &mut self,
        user: UserId,
        at: Timestamp,
        turn: Option<GroupId>,
    ) -> Result<(), EventError> {
        self.change(user, |user| {
            user.chats = user.chats.saturating_add(1);
            record_message(user, at);
        })?;
        if let Some(id) = turn
            && let Some(group) = self.groups.get_mut(id.0 as usize)
        {
            match self.users.memberships(user).iter().find(|membership| membership.group == id) {
                Some(membership) => group.move_turn(membership.position as usize),
                None => group.set_last_turn(Some(user)),
            }
        }
        Ok(())
    }

    /// Changes the state of a user, and updates every index that it is part of.
    fn change(&mut self, user: UserId, change: impl FnOnce(&mut LiveState)) -> Result<(), EventError> {
        let (state, memberships) = self.users.live(user).ok_or(EventError::UnknownUser(user))?;
        let before = *state;
        change(state);
        if *state != before {
            let change = StateChange::of(before, *state);
            self.counts.update(change.availability_before, change.availability_after);
            for membership in memberships {
                if let Some(group) = self.groups.get_mut(membership.group.0 as usize) {
                    group.update(membership.position as usize, &change);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, user: &User) -> Result<(), EventError> {
        if let Some(known) = self.user(&user.id) {
            return Err(EventError::UserExists(known));
        }
        if user.capacity == Some(0) || user.weight == 0 {
            return Err(EventError::Zero);
        }
        self.users.add(user, UserNow::default());
        Ok(())
    }

    fn remove(&mut self, user: UserId) -> Result<(), EventError> {
        self.change(user, |user| *user = LiveState::new(UserNow::default(), user.capacity, user.weight))?;
        for membership in self.users.memberships(user).to_vec() {
            let members =
                self.live_group(membership.group).map(|group| group.members.clone()).unwrap_or_default();
            self.set_members(
                membership.group,
                members.into_iter().filter(|member| *member != user).collect(),
            );
        }
        self.users.remove(user);
        Ok(())
    }

    fn queue(&mut self, id: GroupId, change: impl FnOnce(u32) -> Option<u32>) -> Result<(), EventError> {
        let group = self.groups.get_mut(id.0 as usize).ok_or(EventError::UnknownGroup(id))?;
        let waiting = change(group.waiting).ok_or(EventError::EmptyQueue(id))?;
        self.waiting = self.waiting - u64::from(group.waiting) + u64::from(waiting);
        group.waiting = waiting;
        Ok(())
    }

    /// Checks that these users can be the members of a group.
    fn check_members(&self, members: &[UserId]) -> Result<(), EventError> {
        let mut unique = HashSet::new();
        for member in members {
            self.check_user(*member)?;
            if !unique.insert(member) {
                return Err(EventError::DuplicateMember(*member));
            }
        }
        Ok(())
    }

    fn check_user(&self, user: UserId) -> Result<(), EventError> {
        if self.users.is_active(user) { Ok(()) } else { Err(EventError::UnknownUser(user)) }
    }

    fn check_group(&self, group: GroupId) -> Result<(), EventError> {
        self.live_group(group).map(|_| ()).ok_or(EventError::UnknownGroup(group))
    }
}

/// Records a message to or from the user.
fn record_message(user: &mut LiveState, at: Timestamp) {
    user.last_message = user.last_message.max(Some(at).into());
}
