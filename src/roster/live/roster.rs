//! The roster: the users and groups of one inbox at this moment, updated by events.

use std::iter;
use std::sync::Arc;

use super::absent::Absent;
use super::group::{LiveGroup, PresenceCounts};
use super::live_state::{Availability, LiveState};
use super::users::Users;
use crate::inbox::{GroupId, Inbox, NameIndex, UserId};
use crate::language::vocabulary::Presence;
use crate::policy::Scope;
use crate::roster::view::RosterView;
use crate::situation::{RosterSnapshot, UserNow};

/// The users and groups of one inbox at this moment: who is online, who has how many chats, whose turn it is,
/// how many chats wait.
///
/// [Events](super::Event) update it, and [`RuleSet::route`](crate::RuleSet::route) chooses from it without a
/// scan of the members of a group. It is for one inbox, and [`rebase`](Roster::rebase) goes on with another.
///
/// ```
/// use inbox_rules::{Event, Inbox, Presence, Roster, Source};
///
/// let inbox = r#"
///     [users.alice]
///     [users.bob]
///     [groups]
///     Sales = ["alice", "bob"]
/// "#;
/// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", inbox));
///
/// // At first everybody is offline, without chats.
/// let mut roster = Roster::new(&inbox);
/// roster.apply(Event::Presence { user: "bob".into(), presence: Presence::Online })?;
/// roster.apply(Event::Queued { group: "Sales".into() })?;
///
/// assert_eq!(roster.now("bob").unwrap().presence, Presence::Online);
/// assert_eq!(roster.waiting_in("Sales"), Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A roster is a value and shares nothing with another roster. A host keeps one for each inbox, each behind a
/// lock of its own if several threads decide for the same inbox.
///
/// The first choice by an algorithm in a group builds an index of the members; later events update it. The
/// index is built again after the members of the group change, and for `least_load` after the largest
/// capacity in the group changes.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    /// The digest of the inbox that the indexes of users and groups are those of.
    pub(super) inbox: Arc<str>,
    pub(super) users: Users,
    pub(super) groups: Vec<LiveGroup>,
    pub(super) counts: PresenceCounts,
    pub(super) waiting: u64,
    pub(super) absent: Absent,
    /// Replaced when a user is added or removed: what is made from the users asks whether they are still the
    /// same. A number would be the same in two copies of a roster that have gone different ways.
    pub(super) users_identity: Arc<()>,
    group_names: NameIndex<GroupId>,
}

impl Roster {
    /// A roster in which everyone is offline and there are no chats.
    pub fn new(inbox: &Inbox) -> Self {
        let mut roster = Self::with_users(inbox, iter::repeat_with(UserNow::default));
        for group in &inbox.groups {
            roster.add_group(LiveGroup::new(&group.name, 0, None), group.members.clone());
        }
        roster
    }

    /// A roster in the state of a snapshot.
    #[cfg(test)]
    pub(crate) fn of(inbox: &Inbox, now: &RosterSnapshot) -> Self {
        let mut roster = Self::with_users(inbox, (0..).map(|index| now.user(UserId(index))));
        for (id, group) in (0..).map(GroupId).zip(&inbox.groups) {
            let live = LiveGroup::new(&group.name, now.waiting(id), now.last_turn(id));
            roster.add_group(live, group.members.clone());
        }
        roster
    }

    /// A roster with the users of the inbox in these states, in the same order, and without groups.
    pub(super) fn with_users(inbox: &Inbox, states: impl Iterator<Item = UserNow>) -> Self {
        let mut roster = Self { inbox: Arc::clone(inbox.roster_digest()), ..Self::default() };
        for (user, now) in inbox.users.iter().zip(states) {
            let state = roster.users.add_of_inbox(user, now);
            roster.counts.update(Availability::default(), state.availability());
        }
        roster
    }

    /// Adds the next group of the inbox.
    pub(super) fn add_group(&mut self, group: LiveGroup, members: Vec<UserId>) {
        let Ok(index) = u32::try_from(self.groups.len()) else { return };
        self.group_names.insert(Arc::clone(&group.name), GroupId(index));
        self.waiting += u64::from(group.waiting);
        self.groups.push(group);
        self.set_members(GroupId(index), members);
    }

    /// Whether users and groups have the same indexes in `inbox` as in this roster, and nothing has changed
    /// there that the roster has taken from it.
    pub fn is_of(&self, inbox: &Inbox) -> bool {
        self.inbox == *inbox.roster_digest()
    }

    /// The user with this id.
    pub(crate) fn user(&self, id: &str) -> Option<UserId> {
        self.users.find(id).filter(|user| self.users.is_active(*user))
    }

    /// The user's id and display name.
    pub(crate) fn id_and_name(&self, user: UserId) -> Option<(&Arc<str>, &Arc<str>)> {
        self.users.id(user).zip(self.users.name(user))
    }

    /// The same for as long as no user is added or removed.
    pub(crate) fn users_identity(&self) -> &Arc<()> {
        &self.users_identity
    }

    /// The group with this name.
    pub(crate) fn group(&self, name: &str) -> Option<GroupId> {
        self.group_names.get(name).copied()
    }

    /// The presence, chats and last message of a user; `None` if the inbox does not have the user.
    pub fn now(&self, id: &str) -> Option<UserNow> {
        self.user(id).map(|user| self.now_of(user))
    }

    /// As [`now`](Self::now), and what is kept of a user whom the inbox had before; `None` if it never had the user. A host that
    /// keeps a row for each user writes this.
    pub fn figures(&self, id: &str) -> Option<UserNow> {
        self.now(id).or_else(|| self.absent.users.get(id).map(LiveState::now))
    }

    /// The id of the user who had the last turn in a group, who need not be a member any more. It is also known of a group that
    /// the inbox had before.
    pub fn last_turn(&self, group: &str) -> Option<&Arc<str>> {
        let Some(group) = self.group(group).and_then(|group| self.live_group(group)) else {
            return self.absent.groups.get(group)?.last_turn.as_ref();
        };
        group.last_turn().and_then(|user| self.users.id(user)).or(group.absent_turn.as_ref())
    }

    /// The number of chats that are waiting in the queue of a group; `None` if the inbox does not have the
    /// group.
    pub fn waiting_in(&self, group: &str) -> Option<u32> {
        self.live_group(self.group(group)?).map(|group| group.waiting)
    }

    /// The presence, chats and last message of a user.
    pub(super) fn now_of(&self, user: UserId) -> UserNow {
        self.users.state(user).map(LiveState::now).unwrap_or_default()
    }

    /// The state of all users and groups.
    #[doc(hidden)]
    pub fn snapshot(&self) -> RosterSnapshot {
        RosterSnapshot::new(
            (0..).map(UserId).take(self.users.len()).map(|user| self.now_of(user)).collect(),
            self.groups.iter().map(|group| group.waiting).collect(),
            self.groups.iter().map(LiveGroup::last_turn).collect(),
        )
    }

    /// Replaces the members of a group.
    pub(super) fn set_members(&mut self, id: GroupId, members: Vec<UserId>) {
        let Some(group) = self.groups.get_mut(id.0 as usize) else { return };
        for member in &group.members {
            self.users.set_membership(*member, id, None);
        }
        for (position, member) in (0..).zip(&members) {
            self.users.set_membership(*member, id, Some(position));
        }
        group.set_members(members, &self.users);
    }

    pub(super) fn live_group(&self, group: GroupId) -> Option<&LiveGroup> {
        self.groups.get(group.0 as usize)
    }

    fn counts(&self, scope: Scope) -> PresenceCounts {
        match scope {
            Scope::Inbox => self.counts,
            Scope::Group(group) => self.live_group(group).map(|group| group.counts).unwrap_or_default(),
        }
    }
}

impl RosterView for Roster {
    fn presence(&self, user: UserId) -> Presence {
        self.users.state(user).map_or(Presence::Offline, |state| state.presence)
    }

    fn online(&self, scope: Scope) -> u64 {
        self.counts(scope).online
    }

    fn available(&self, scope: Scope) -> u64 {
        self.counts(scope).available
    }

    fn waiting(&self, scope: Scope) -> u64 {
        match scope {
            Scope::Inbox => self.waiting,
            Scope::Group(group) => self.live_group(group).map_or(0, |group| group.waiting.into()),
        }
    }
}
