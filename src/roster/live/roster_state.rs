//! The state of a roster by names, which a host can store.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::absent::AbsentGroup;
use super::event::{Event, EventError};
use super::group::LiveGroup;
use super::roster::Roster;
use super::state_fields;
use crate::diagnostic::debug_as_display;
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::situation::UserNow;

/// The state of a [`Roster`] by names, which a host can store, for example as JSON.
///
/// What cannot have been saved is refused when it is read: another version, an unknown field, a name that
/// comes twice. A host that keeps its figures in tables of its own can write the state from them:
///
/// ```
/// use inbox_rules::{Inbox, Roster, Source};
///
/// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]\n[groups]\nSales = [\"alice\"]"));
/// let json = r#"{
///     "version": 1,
///     "users": {
///         "alice": { "presence": "online", "chats": 3, "last_message_at": "2026-11-24T18:30:00Z" }
///     },
///     "groups": { "Sales": { "waiting": 2, "last_turn": "alice" } }
/// }"#;
/// let (roster, _) = Roster::restore(&inbox, serde_json::from_str(json)?)?;
/// assert_eq!((roster.now("alice").unwrap().chats, roster.waiting_in("Sales")), (3, Some(2)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RosterState {
    #[serde(deserialize_with = "state_fields::version")]
    pub(super) version: u32,
    /// The digest of the inbox that the roster was for; `None` if it is not known.
    #[serde(default, deserialize_with = "state_fields::digest", skip_serializing_if = "Option::is_none")]
    pub(super) inbox: Option<Arc<str>>,
    /// All users, those included who are absent.
    #[serde(deserialize_with = "state_fields::names")]
    pub(super) users: BTreeMap<Arc<str>, SavedUser>,
    /// All groups, those included that are absent.
    #[serde(deserialize_with = "state_fields::names")]
    pub(super) groups: BTreeMap<Arc<str>, SavedGroup>,
    /// The events that added and removed users since the roster got its inbox, as far as they still count.
    #[serde(default, deserialize_with = "state_fields::changes", skip_serializing_if = "Vec::is_empty")]
    pub(super) changes: Vec<Event>,
}

/// What is saved of a user; what is missing is the default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SavedUser {
    #[serde(skip_serializing_if = "Option::is_none")]
    presence: Option<Presence>,
    #[serde(skip_serializing_if = "is_zero")]
    chats: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_message_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    capacity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<u32>,
}

/// What is saved of a group; what is missing is the default.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct SavedGroup {
    /// None if the group is absent.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) members: Vec<Arc<str>>,
    #[serde(skip_serializing_if = "is_zero")]
    pub(super) waiting: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) last_turn: Option<Arc<str>>,
}

/// Why a state cannot be restored.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// It contradicts itself.
    #[error("the state of the roster contradicts itself: {0}")]
    Contradiction(#[from] EventError),
}

debug_as_display!(RestoreError);

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

impl SavedUser {
    fn of(now: UserNow) -> Self {
        let UserNow { presence, chats, last_message_at, capacity, weight } = now;
        let presence = Some(presence).filter(|presence| *presence != Presence::Offline);
        Self { presence, chats, last_message_at, capacity, weight }
    }

    /// Whether the capacity or the weight is 0, which an event cannot set.
    pub(super) fn has_zero(&self) -> bool {
        self.capacity == Some(0) || self.weight == Some(0)
    }

    /// The user's state.
    pub(super) fn now(&self) -> UserNow {
        UserNow {
            presence: self.presence.unwrap_or(Presence::Offline),
            chats: self.chats,
            last_message_at: self.last_message_at,
            capacity: self.capacity,
            weight: self.weight,
        }
    }
}

impl RosterState {
    /// The state as the tables of a host tell it: the figures of users, the number of chats in the queues of groups, and the users
    /// who had the last turn in groups. A group with another name is not found from it, since its members are not known.
    pub fn of_tables(
        users: impl IntoIterator<Item = (Arc<str>, UserNow)>,
        waiting: impl IntoIterator<Item = (Arc<str>, u32)>,
        turns: impl IntoIterator<Item = (Arc<str>, Arc<str>)>,
    ) -> Self {
        let mut groups: BTreeMap<Arc<str>, SavedGroup> = BTreeMap::new();
        for (group, waiting) in waiting {
            groups.entry(group).or_default().waiting = waiting;
        }
        for (group, user) in turns {
            groups.entry(group).or_default().last_turn = Some(user);
        }
        Self {
            version: state_fields::VERSION,
            inbox: None,
            users: users.into_iter().map(|(id, now)| (id, SavedUser::of(now))).collect(),
            groups,
            changes: Vec::new(),
        }
    }

    /// The events that turn `inbox`, which is that of the saved roster, into what events had made of it.
    pub(super) fn changes_of(&self, inbox: &Inbox) -> Vec<Event> {
        let groups =
            || self.groups.iter().filter_map(|(name, saved)| Some((name, saved, inbox.group_id(name)?)));
        let ids = |group| inbox.group(group).members.iter().map(|member| &inbox.user(*member).id);
        if self.changes.is_empty() && groups().all(|(_, saved, group)| ids(group).eq(&saved.members)) {
            return Vec::new();
        }
        let members = |group: &Arc<str>, members| Event::Members { group: Arc::clone(group), members };
        // Users are removed from empty groups: to take them out of full ones, one by one, would take too
        // long.
        let empty = groups().map(|(name, ..)| members(name, Vec::new()));
        let full = groups().map(|(name, saved, _)| members(name, saved.members.clone()));
        empty.chain(self.changes.iter().cloned()).chain(full).collect()
    }
}

impl From<SavedGroup> for AbsentGroup {
    fn from(SavedGroup { waiting, last_turn, .. }: SavedGroup) -> Self {
        Self { waiting, last_turn }
    }
}

impl Roster {
    /// The state of the roster, to be stored and [restored](Self::restore) later, on this machine or another.
    /// It has everything that [events](Event) have changed, and what is kept of users and groups that the
    /// inbox does not have at present.
    pub fn save(&self) -> RosterState {
        let present =
            self.users.active().filter_map(|user| Some((self.users.id(user)?, self.users.state(user)?)));
        let users = present.chain(&self.absent.users);
        let groups = self.groups.iter().map(|group| (Arc::clone(&group.name), self.saved_group(group)));
        let absent = self.absent.groups.iter().map(|(name, group)| {
            let AbsentGroup { waiting, last_turn } = group.clone();
            (Arc::clone(name), SavedGroup { members: Vec::new(), waiting, last_turn })
        });
        RosterState {
            version: state_fields::VERSION,
            inbox: Some(Arc::clone(&self.inbox)),
            users: users.map(|(id, state)| (Arc::clone(id), SavedUser::of(state.now()))).collect(),
            groups: groups.chain(absent).collect(),
            changes: self.changes(),
        }
    }

    fn saved_group(&self, group: &LiveGroup) -> SavedGroup {
        let id = |user: UserId| self.users.id(user).cloned();
        SavedGroup {
            members: group.members.iter().copied().filter_map(id).collect(),
            waiting: group.waiting,
            last_turn: group.last_turn().and_then(id).or_else(|| group.absent_turn.clone()),
        }
    }

    /// The events that turn the users of the inbox into those of the roster.
    fn changes(&self) -> Vec<Event> {
        let mut changes = Vec::new();
        let skills: HashMap<_, _> =
            if self.users.has_added() { self.users.skills().collect() } else { HashMap::new() };
        for user in (0..).map(UserId).take(self.users.len()) {
            let Some(profile) = self.users.profile(user) else { continue };
            if self.users.is_of_inbox(user) && (profile.is_added || !self.users.is_active(user)) {
                changes.push(Event::Removed { user: Arc::clone(&profile.id) });
            }
            if profile.is_added && self.users.is_active(user) {
                let skills = profile.skills.iter().filter_map(|skill| skills.get(skill));
                changes.push(Event::Added {
                    user: Arc::clone(&profile.id),
                    name: Some(Arc::clone(&profile.name)).filter(|name| *name != profile.id),
                    capacity: profile.limits.capacity,
                    skills: skills.map(|skill| Arc::from(skill.as_str())).collect(),
                    weight: Some(profile.limits.weight).filter(|weight| *weight != 1),
                });
            }
        }
        changes
    }
}
