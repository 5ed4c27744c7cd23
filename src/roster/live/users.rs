//! The users of an inbox with their current state.

use std::collections::HashMap;
use std::sync::Arc;

use prefetch_index::prefetch_index;
use smallvec::SmallVec;

use super::live_state::{FileLimits, LiveState};
use crate::inbox::{GroupId, NameIndex, User, UserId};
use crate::language::Folded;
use crate::situation::UserNow;

/// The users of an inbox. A [`UserId`] is an index, and is never reused: a removed user keeps it.
#[derive(Debug, Clone, Default)]
pub(super) struct Users {
    /// The state that events change. It is separate from the profiles, which would take room in the cache.
    live: Vec<LiveUser>,
    profiles: Vec<Profile>,
    ids: NameIndex<UserId>,
    skills: HashMap<Folded, SkillId>,
    /// How many are users of the inbox: the first ones, whether or not an event has removed them.
    of_inbox: usize,
}

/// The index of a skill that some user has, or had. Members are compared with it instead of with texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct SkillId(u32);

/// The state of one user, in one cache line: an event or a choice touches no more of the user than this.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct LiveUser {
    state: LiveState,
    /// Two are stored inline, since few users are in more than two groups.
    memberships: SmallVec<[Membership; 2]>,
}

const _: () = assert!(size_of::<LiveUser>() == 64);

/// A user's position in a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Membership {
    pub(super) group: GroupId,
    pub(super) position: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Profile {
    pub(super) id: Arc<str>,
    pub(super) name: Arc<str>,
    pub(super) skills: Vec<SkillId>,
    pub(super) limits: FileLimits,
    /// Whether an event has added the user.
    pub(super) is_added: bool,
}

impl Users {
    /// The number of user ids, including those of removed users.
    pub(super) fn len(&self) -> usize {
        self.live.len()
    }

    /// Whether the user is one of the inbox, whom an event may have removed.
    pub(super) fn is_of_inbox(&self, user: UserId) -> bool {
        (user.0 as usize) < self.of_inbox
    }

    /// Whether events have added users.
    pub(super) fn has_added(&self) -> bool {
        self.profiles.iter().any(|profile| profile.is_added)
    }

    /// The users who are not removed.
    pub(super) fn active(&self) -> impl Iterator<Item = UserId> {
        (0..).map(UserId).take(self.len()).filter(|user| self.is_active(*user))
    }

    /// The skills that some user has, or had.
    pub(super) fn skills(&self) -> impl Iterator<Item = (SkillId, &Folded)> {
        self.skills.iter().map(|(skill, id)| (*id, skill))
    }

    /// The user with that id, who may have been removed.
    pub(super) fn find(&self, id: &str) -> Option<UserId> {
        self.ids.get(id).copied()
    }

    /// The user's id in `inbox.toml`.
    pub(super) fn id(&self, user: UserId) -> Option<&Arc<str>> {
        Some(&self.profile(user)?.id)
    }

    /// The user's display name.
    pub(super) fn name(&self, user: UserId) -> Option<&Arc<str>> {
        Some(&self.profile(user)?.name)
    }

    /// The capacity and the weight in `inbox.toml`.
    pub(super) fn limits(&self, user: UserId) -> FileLimits {
        self.profile(user).map(|profile| profile.limits).unwrap_or_default()
    }

    /// Whether the user exists and is not removed.
    pub(super) fn is_active(&self, user: UserId) -> bool {
        self.live.get(user.0 as usize).is_some_and(|live| live.state.is_active)
    }

    /// The state of the user.
    pub(super) fn state(&self, user: UserId) -> Option<&LiveState> {
        Some(&self.live.get(user.0 as usize)?.state)
    }

    /// Starts to load the state into the cache.
    pub(super) fn prefetch(&self, user: UserId) {
        prefetch_index(&self.live, user.0 as usize);
    }

    /// The state of a user who is not removed, to change it, and the user's groups.
    pub(super) fn live(&mut self, user: UserId) -> Option<(&mut LiveState, &[Membership])> {
        let live = self.live.get_mut(user.0 as usize).filter(|live| live.state.is_active)?;
        Some((&mut live.state, &live.memberships))
    }

    /// The user's groups.
    pub(super) fn memberships(&self, user: UserId) -> &[Membership] {
        self.live.get(user.0 as usize).map_or(&[], |live| &live.memberships)
    }

    /// The positions in a group of those of these users who are members.
    pub(super) fn positions(&self, users: &[UserId], group: GroupId) -> SmallVec<[usize; 4]> {
        let position = |user: &UserId| {
            let mut memberships = self.memberships(*user).iter();
            memberships.find(|one| one.group == group).map(|one| one.position as usize)
        };
        users.iter().filter_map(position).collect()
    }

    /// The skill, if any user has or had it.
    pub(super) fn skill(&self, folded: &Folded) -> Option<SkillId> {
        self.skills.get(folded).copied()
    }

    /// Whether the user has the skill.
    pub(super) fn has_skill(&self, user: UserId, skill: SkillId) -> bool {
        self.profile(user).is_some_and(|profile| profile.skills.contains(&skill))
    }

    /// Adds a user of the inbox. All of them are added before any other.
    pub(super) fn add_of_inbox(&mut self, user: &User, now: UserNow) -> LiveState {
        let state = self.insert(user, now, false);
        self.of_inbox = self.len();
        state
    }

    /// Adds a user. A user with the id of a removed one gets the same [`UserId`].
    pub(super) fn add(&mut self, user: &User, now: UserNow) -> LiveState {
        self.insert(user, now, true)
    }

    fn insert(&mut self, user: &User, now: UserNow, is_added: bool) -> LiveState {
        let limits = FileLimits { capacity: user.capacity, weight: user.weight };
        let state = LiveState::new(now, limits);
        let skills = user.skills.iter().map(|skill| self.intern(skill)).collect();
        let profile =
            Profile { id: Arc::clone(&user.id), name: Arc::clone(&user.name), skills, limits, is_added };
        let live = LiveUser { state, memberships: SmallVec::new() };
        if let Some(removed) = self.find(&user.id) {
            if let Some(old) = self.profiles.get_mut(removed.0 as usize) {
                *old = profile;
            }
            if let Some(old) = self.live.get_mut(removed.0 as usize) {
                *old = live;
            }
        } else if let Ok(index) = u32::try_from(self.live.len()) {
            self.ids.insert(profile.id.clone(), UserId(index));
            self.profiles.push(profile);
            self.live.push(live);
        }
        state
    }

    /// Marks the user as removed.
    pub(super) fn remove(&mut self, user: UserId) {
        if let Some(live) = self.live.get_mut(user.0 as usize) {
            live.state.is_active = false;
        }
    }

    /// Sets the user's position in the group, or removes the user from it.
    pub(super) fn set_membership(&mut self, user: UserId, group: GroupId, position: Option<u32>) {
        if let Some(live) = self.live.get_mut(user.0 as usize) {
            live.memberships.retain(|membership| membership.group != group);
            live.memberships.extend(position.map(|position| Membership { group, position }));
        }
    }

    /// What choices do not change.
    pub(super) fn profile(&self, user: UserId) -> Option<&Profile> {
        self.profiles.get(user.0 as usize)
    }

    fn intern(&mut self, skill: &Folded) -> SkillId {
        if let Some(known) = self.skill(skill) {
            return known;
        }
        let new = SkillId(u32::try_from(self.skills.len()).unwrap_or(u32::MAX));
        self.skills.insert(skill.clone(), new);
        new
    }
}
