//! How each event changes the roster.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::event::{Event, EventError};
use super::live_state::{Availability, FileLimits, LiveState, StateChange};
use super::roster::Roster;
use crate::inbox::{GroupId, User, UserId};
use crate::language::fold;
use crate::situation::UserNow;
use crate::text::Span;

impl Roster {
    /// Updates the roster after an event.
    ///
    /// A user who is removed or missing from the inbox gets no chat, but what is kept of them follows every
    /// other event, so that they come back as they are then. So does the queue of a missing group when a chat
    /// leaves it.
    ///
    /// # Errors
    ///
    /// Returns an [`EventError`] if the event does not fit the roster, for example if a chat is closed that
    /// the user does not have. The roster is then unchanged and can be used further.
    pub fn apply(&mut self, event: Event) -> Result<(), EventError> {
        match event {
            Event::Presence { user, presence } => self.change_named(&user, |user| user.presence = presence),
            Event::Assigned { user, at, turn } => {
                let user = self.find_user(&user)?;
                let turn = turn.map(|group| self.find_group(&group)).transpose()?;
                self.assign(user, at, turn)
            }
            Event::Closed { user } => {
                let mut has_chat = true;
                self.change_named(&user, |user| has_chat = user.close())?;
                if has_chat { Ok(()) } else { Err(EventError::NoOpenChat(user)) }
            }
            Event::Message { user, at } => self.change_named(&user, |user| user.record_message(at)),
            Event::Capacity { user, capacity: Some(0) } | Event::Weight { user, weight: Some(0) } => {
                Err(EventError::Zero(user))
            }
            Event::Capacity { user, capacity } => {
                let limits = self.limits(&user);
                self.change_named(&user, |user| user.set_capacity(capacity, limits))
            }
            Event::Weight { user, weight } => {
                let limits = self.limits(&user);
                self.change_named(&user, |user| user.set_weight(weight, limits))
            }
            Event::Added { user, name, capacity, skills, weight } => self.add(&User {
                name: name.unwrap_or_else(|| Arc::clone(&user)),
                id: user,
                capacity,
                skills: skills.iter().map(|skill| fold(skill)).collect(),
                skills_as_written: Vec::new(),
                weight: weight.unwrap_or(1),
                owns: true,
                span: Span::default(),
            }),
            Event::Removed { user } => self.remove(user),
            Event::Members { group, members } => {
                let id = self.find_group(&group)?;
                let members = self.find_members(&group, &members)?;
                self.set_members(id, members);
                Ok(())
            }
            Event::Queued { group } => {
                let group = self.find_group(&group)?;
                self.enqueue(group)
            }
            Event::Dequeued { group } => {
                let has_chat = match self.group(&group) {
                    Some(id) => self.dequeue(id),
                    None => {
                        let absent = self.absent.groups.get_mut(&group);
                        let waiting = absent.map(|absent| &mut absent.waiting);
                        let waiting = waiting.ok_or_else(|| EventError::UnknownGroup(Arc::clone(&group)))?;
                        let fewer = waiting.checked_sub(1);
                        *waiting = fewer.unwrap_or_default();
                        fewer.is_some()
                    }
                };
                if has_chat { Ok(()) } else { Err(EventError::EmptyQueue(group)) }
            }
        }
    }

    /// Gives the user a chat, and moves on the turn of the group that chose them `by in_order`.
    pub(crate) fn assign(
        &mut self,
        user: UserId,
        at: Timestamp,
        turn: Option<GroupId>,
    ) -> Result<(), EventError> {
        let chats = self.one_more_chat(user)?;
        let is_known = self.change(user, |user| {
            user.chats = chats;
            user.record_message(at);
        });
        if let Some(id) = turn.filter(|_| is_known)
            && let Some(group) = self.groups.get_mut(id.0 as usize)
        {
            match self.users.memberships(user).iter().find(|membership| membership.group == id) {
                Some(membership) => group.move_turn(membership.position as usize),
                None => group.set_last_turn(Some(user)),
            }
        }
        Ok(())
    }

    /// Adds a chat to the queue of the group.
    pub(crate) fn enqueue(&mut self, group: GroupId) -> Result<(), EventError> {
        let waiting = self.one_more_waiting(group)?;
        if let Some(group) = self.groups.get_mut(group.0 as usize) {
            group.waiting = waiting;
            self.waiting += 1;
        }
        Ok(())
    }

    /// The number of the user's chats, and one more. A count never stops at its limit, because a chat that
    /// was not counted would be taken off again when it is closed.
    pub(crate) fn one_more_chat(&self, user: UserId) -> Result<u32, EventError> {
        let chats = self.users.state(user).map_or(0, |state| state.chats);
        chats.checked_add(1).ok_or_else(|| EventError::TooManyChats(self.user_name(user)))
    }

    /// The number of chats in the group's queue, and one more.
    pub(crate) fn one_more_waiting(&self, group: GroupId) -> Result<u32, EventError> {
        let Some(group) = self.live_group(group) else { return Ok(1) };
        group.waiting.checked_add(1).ok_or_else(|| EventError::FullQueue(Arc::clone(&group.name)))
    }

    /// Whether the user, or else the queue of the group, has a chat that can leave. Those whom the roster
    /// does not know are not asked.
    pub(crate) fn check_holder(&self, user: Option<&str>, group: Option<&str>) -> Result<(), EventError> {
        if let Some(name) = user {
            let user = self.user(name).and_then(|user| self.users.state(user));
            let state = user.or_else(|| self.absent.users.get(name));
            return match state {
                Some(state) if state.chats == 0 => Err(EventError::NoOpenChat(name.into())),
                _ => Ok(()),
            };
        }
        let Some(name) = group else { return Ok(()) };
        let absent = || self.absent.groups.get(name).map(|group| group.waiting);
        match self.waiting_in(name).or_else(absent) {
            Some(0) => Err(EventError::EmptyQueue(name.into())),
            _ => Ok(()),
        }
    }

    fn user_name(&self, user: UserId) -> Arc<str> {
        self.users.id(user).cloned().unwrap_or_default()
    }

    /// Takes a chat out of the queue of the group; whether there was one.
    pub(crate) fn dequeue(&mut self, group: GroupId) -> bool {
        let waiting = self.groups.get_mut(group.0 as usize).map(|group| &mut group.waiting);
        let Some(waiting) = waiting.filter(|waiting| **waiting > 0) else { return false };
        *waiting -= 1;
        self.waiting -= 1;
        true
    }

    /// Changes the state of a user, and updates every index that it is part of. Whether there is such a user.
    fn change(&mut self, user: UserId, change: impl FnOnce(&mut LiveState)) -> bool {
        let Some((state, memberships)) = self.users.live(user) else { return false };
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
        true
    }

    /// Changes the state of a user, or what is kept of one.
    fn change_named(
        &mut self,
        name: &Arc<str>,
        change: impl FnOnce(&mut LiveState),
    ) -> Result<(), EventError> {
        if let Some(user) = self.user(name) {
            self.change(user, change);
            return Ok(());
        }
        let absent = self.absent.users.get_mut(name);
        absent.map(change).ok_or_else(|| EventError::UnknownUser(Arc::clone(name)))
    }

    fn limits(&self, name: &str) -> FileLimits {
        self.user(name).map(|user| self.users.limits(user)).unwrap_or_default()
    }

    fn add(&mut self, user: &User) -> Result<(), EventError> {
        if self.user(&user.id).is_some() {
            return Err(EventError::UserExists(Arc::clone(&user.id)));
        }
        if user.capacity == Some(0) || user.weight == 0 {
            return Err(EventError::Zero(Arc::clone(&user.id)));
        }
        let kept = self.absent.users.remove(&user.id);
        let state = self.users.add(user, kept.map(|kept| kept.now()).unwrap_or_default());
        self.counts.update(Availability::default(), state.availability());
        self.users_identity = Arc::default();
        Ok(())
    }

    fn remove(&mut self, name: Arc<str>) -> Result<(), EventError> {
        let user = self.find_user(&name)?;
        let kept = LiveState::new(self.now_of(user), FileLimits::default());
        let limits = self.users.limits(user);
        self.change(user, |user| *user = LiveState::new(UserNow::default(), limits));
        for membership in self.users.memberships(user).to_vec() {
            let members =
                self.live_group(membership.group).map(|group| group.members.clone()).unwrap_or_default();
            let others = members.into_iter().filter(|member| *member != user).collect();
            self.set_members(membership.group, others);
        }
        self.users.remove(user);
        self.users_identity = Arc::default();
        self.absent.users.insert(name, kept);
        Ok(())
    }

    /// The users with these names, as the members of a group.
    fn find_members(&self, group: &Arc<str>, members: &[Arc<str>]) -> Result<Vec<UserId>, EventError> {
        let mut unique = HashSet::new();
        let find = |name: &Arc<str>| {
            let user = self.find_user(name)?;
            if unique.insert(user) {
                return Ok(user);
            }
            Err(EventError::DuplicateMember { user: Arc::clone(name), group: Arc::clone(group) })
        };
        members.iter().map(find).collect()
    }

    fn find_user(&self, name: &Arc<str>) -> Result<UserId, EventError> {
        self.user(name).ok_or_else(|| EventError::UnknownUser(Arc::clone(name)))
    }

    fn find_group(&self, name: &Arc<str>) -> Result<GroupId, EventError> {
        self.group(name).ok_or_else(|| EventError::UnknownGroup(Arc::clone(name)))
    }
}
