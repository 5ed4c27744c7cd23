//! What each event does to the roster.

use std::collections::HashSet;

use jiff::Timestamp;

use super::event::{Event, EventError};
use super::figures::{Change, Figures};
use super::roster::Roster;
use crate::inbox::{GroupId, User, UserId};
use crate::situation::UserNow;

impl Roster {
    /// Takes in what has happened.
    ///
    /// # Errors
    ///
    /// The event does not fit the roster, as the closing of a chat that nobody has; it then changes nothing, and a host may go on.
    pub fn apply(&mut self, event: Event) -> Result<(), EventError> {
        match event {
            Event::Presence { user, presence } => self.change(user, |user| user.presence = presence),
            Event::Assigned { user, at, turn } => {
                if let Some(group) = turn {
                    self.known_group(group)?;
                }
                self.assign(user, at, turn)
            }
            Event::Closed { user } => {
                let chats = self.users.figures(user).map_or(0, |figures| figures.chats);
                if chats == 0 && self.users.is_here(user) {
                    return Err(EventError::NoOpenChat(user));
                }
                self.change(user, |user| user.chats -= 1)
            }
            Event::Message { user, at } => self.change(user, |user| message(user, at)),
            Event::Capacity { capacity: Some(0), .. } | Event::Weight { weight: 0, .. } => {
                Err(EventError::Zero)
            }
            Event::Capacity { user, capacity } => self.change(user, |user| user.capacity = capacity),
            Event::Weight { user, weight } => self.change(user, |user| user.weight = weight),
            Event::Added(user) => self.add(&user),
            Event::Removed { user } => self.remove(user),
            Event::Members { group, members } => {
                self.known_group(group)?;
                self.fit(&members)?;
                self.set_members(group, members);
                Ok(())
            }
            Event::Queued { group } => self.queue(group, |waiting| waiting.checked_add(1).or(Some(waiting))),
            Event::Dequeued { group } => self.queue(group, |waiting| waiting.checked_sub(1)),
        }
    }

    /// The user is given a chat; if it was the group's turn, it moves on.
    pub(super) fn assign(
        &mut self,
        user: UserId,
        at: Timestamp,
        turn: Option<GroupId>,
    ) -> Result<(), EventError> {
        self.change(user, |user| {
            user.chats = user.chats.saturating_add(1);
            message(user, at);
        })?;
        if let Some(id) = turn
            && let Some(group) = self.groups.get_mut(id.0 as usize)
        {
            match self.users.seats(user).iter().find(|seat| seat.group == id) {
                Some(seat) => group.move_turn(seat.place as usize),
                None => group.set_last_turn(Some(user)),
            }
        }
        Ok(())
    }

    /// Changes what is known of a user, everywhere.
    fn change(&mut self, user: UserId, change: impl FnOnce(&mut Figures)) -> Result<(), EventError> {
        let (figures, seats) = self.users.live(user).ok_or(EventError::UnknownUser(user))?;
        let before = *figures;
        change(figures);
        if *figures != before {
            let change = Change::of(before, *figures);
            self.heads.change(change.was, change.is);
            for seat in seats {
                if let Some(group) = self.groups.get_mut(seat.group.0 as usize) {
                    group.update(seat.place as usize, &change);
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, user: &User) -> Result<(), EventError> {
        if let Some(known) = self.user(&user.id) {
            return Err(EventError::KnownUser(known));
        }
        if user.capacity == Some(0) || user.weight == 0 {
            return Err(EventError::Zero);
        }
        self.users.add(user, UserNow::default());
        Ok(())
    }

    fn remove(&mut self, user: UserId) -> Result<(), EventError> {
        self.change(user, |user| *user = Figures::new(UserNow::default(), user.capacity, user.weight))?;
        for seat in self.users.seats(user).to_vec() {
            let members = self.live_group(seat.group).map(|group| group.members.clone()).unwrap_or_default();
            self.set_members(seat.group, members.into_iter().filter(|member| *member != user).collect());
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

    /// Whether these can be the members of a group.
    fn fit(&self, members: &[UserId]) -> Result<(), EventError> {
        let mut seen = HashSet::new();
        for member in members {
            self.known_user(*member)?;
            if !seen.insert(member) {
                return Err(EventError::TwiceInGroup(*member));
            }
        }
        Ok(())
    }

    fn known_user(&self, user: UserId) -> Result<(), EventError> {
        if self.users.is_here(user) { Ok(()) } else { Err(EventError::UnknownUser(user)) }
    }

    fn known_group(&self, group: GroupId) -> Result<(), EventError> {
        self.live_group(group).map(|_| ()).ok_or(EventError::UnknownGroup(group))
    }
}

/// A message goes to or from the user.
fn message(user: &mut Figures, at: Timestamp) {
    user.last_message = user.last_message.max(Some(at).into());
}
