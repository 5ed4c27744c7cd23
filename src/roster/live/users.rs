//! The users of an inbox, each with what is known of them now.

use std::collections::HashMap;
use std::sync::Arc;

use prefetch_index::prefetch_index;
use smallvec::SmallVec;

use super::live_state::LiveState;
use crate::inbox::{GroupId, User, UserId};
use crate::language::Folded;
use crate::situation::UserNow;

/// The users of an inbox. Who was once there keeps the place.
#[derive(Debug, Clone, Default)]
pub(super) struct Users {
    /// What changes all the time, close together.
    live: Vec<LiveUser>,
    profiles: Vec<Profile>,
    places: HashMap<Arc<str>, UserId>,
    skills: HashMap<Folded, SkillId>,
}

/// A skill that somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SkillId(u32);

/// A user, now: one line of the processor's cache.
#[derive(Debug, Clone)]
#[repr(align(64))]
struct LiveUser {
    state: LiveState,
    /// Few are in more than two groups.
    memberships: SmallVec<[Membership; 2]>,
}

/// Where a user stands in a group.
#[derive(Debug, Clone, Copy)]
pub(super) struct Membership {
    pub(super) group: GroupId,
    pub(super) place: u32,
}

#[derive(Debug, Clone)]
struct Profile {
    id: Arc<str>,
    name: Arc<str>,
    skills: Vec<SkillId>,
}

impl Users {
    /// How many places there are.
    pub(super) fn len(&self) -> usize {
        self.live.len()
    }

    /// The user called `id`, who may be gone.
    pub(super) fn find(&self, id: &str) -> Option<UserId> {
        self.places.get(id).copied()
    }

    /// How the user is called.
    pub(super) fn id(&self, user: UserId) -> Option<&str> {
        Some(&self.profile(user)?.id)
    }

    /// The name that people read.
    pub(super) fn name(&self, user: UserId) -> Option<&str> {
        Some(&self.profile(user)?.name)
    }

    /// Whether there is such a user, not removed.
    pub(super) fn is_active(&self, user: UserId) -> bool {
        self.live.get(user.0 as usize).is_some_and(|live| live.state.is_active)
    }

    /// What is known of the user.
    pub(super) fn state(&self, user: UserId) -> Option<&LiveState> {
        Some(&self.live.get(user.0 as usize)?.state)
    }

    /// Asks memory for it, to have it when it is needed.
    pub(super) fn prefetch(&self, user: UserId) {
        prefetch_index(&self.live, user.0 as usize);
    }

    /// The same of a user who is here, to be changed, and the user's groups.
    pub(super) fn live(&mut self, user: UserId) -> Option<(&mut LiveState, &[Membership])> {
        let live = self.live.get_mut(user.0 as usize).filter(|live| live.state.is_active)?;
        Some((&mut live.state, &live.memberships))
    }

    /// The user's groups.
    pub(super) fn memberships(&self, user: UserId) -> &[Membership] {
        self.live.get(user.0 as usize).map_or(&[], |live| &live.memberships)
    }

    /// The skill, if anybody has it.
    pub(super) fn skill(&self, folded: &Folded) -> Option<SkillId> {
        self.skills.get(folded).copied()
    }

    /// Whether the user has the skill.
    pub(super) fn has_skill(&self, user: UserId, skill: SkillId) -> bool {
        self.profile(user).is_some_and(|profile| profile.skills.contains(&skill))
    }

    /// Adds a user; one who is called like another from before takes their place.
    pub(super) fn add(&mut self, user: &User, now: UserNow) {
        let state = LiveState::new(now, user.capacity, user.weight);
        let skills = user.skills.iter().map(|skill| self.intern(skill)).collect();
        let id: Arc<str> = Arc::from(&*user.id);
        // Most are called by their id, which is then kept once.
        let name = if user.name == user.id { Arc::clone(&id) } else { Arc::from(&*user.name) };
        let profile = Profile { id, name, skills };
        let live = LiveUser { state, memberships: SmallVec::new() };
        if let Some(place) = self.find(&user.id) {
            if let Some(old) = self.profiles.get_mut(place.0 as usize) {
                *old = profile;
            }
            if let Some(old) = self.live.get_mut(place.0 as usize) {
                *old = live;
            }
        } else if let Ok(place) = u32::try_from(self.live.len()) {
            self.places.insert(profile.id.clone(), UserId(place));
            self.profiles.push(profile);
            self.live.push(live);
        }
    }

    /// The user is gone from now on.
    pub(super) fn remove(&mut self, user: UserId) {
        if let Some(live) = self.live.get_mut(user.0 as usize) {
            live.state.is_active = false;
        }
    }

    /// The user stands in the group at `place`, or no longer stands in it.
    pub(super) fn set_membership(&mut self, user: UserId, group: GroupId, place: Option<u32>) {
        if let Some(live) = self.live.get_mut(user.0 as usize) {
            live.memberships.retain(|membership| membership.group != group);
            live.memberships.extend(place.map(|place| Membership { group, place }));
        }
    }

    fn profile(&self, user: UserId) -> Option<&Profile> {
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
