//! The roster: who is there now in one inbox, kept up by events.

use std::collections::HashMap;

use super::group::{LiveGroup, PresenceCounts};
use super::live_state::{Availability, LiveState};
use super::users::Users;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::policy::Scope;
use crate::roster::snapshot::RosterSnapshot;
use crate::roster::view::RosterView;
use crate::situation::UserNow;

/// Who is there now in one inbox, kept up by [events](super::Event), and chosen from without going through the members.
///
/// A roster is a value and shares nothing with another: a host keeps one for each inbox, behind a lock of its own where several
/// threads decide for the same inbox. It chooses whom the plain [`pick`](crate::roster::pick) would choose from its
/// [`snapshot`](Roster::snapshot), by the same throw of the dice.
///
/// What an algorithm needs in a group is laid out the first time that it is asked there, which goes through the members once, and
/// kept up from then on. So it is after the group's members have changed, and by `least_load` after their largest capacity has.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    pub(super) users: Users,
    pub(super) groups: Vec<LiveGroup>,
    pub(super) counts: PresenceCounts,
    pub(super) waiting: u64,
    group_names: HashMap<String, GroupId>,
}

impl Roster {
    /// Of an inbox in which everyone is offline, without chats, and nothing waits.
    pub fn new(inbox: &Inbox) -> Self {
        Self::of(inbox, &RosterSnapshot::default())
    }

    /// Of an inbox in which things are as the snapshot says.
    pub fn of(inbox: &Inbox, now: &RosterSnapshot) -> Self {
        let mut roster = Self::default();
        for (place, user) in (0..).zip(&inbox.users) {
            roster.users.add(user, now.user(UserId(place)));
        }
        for user in (0..).map(UserId).take(roster.users.len()) {
            let availability = roster.users.state(user).map(LiveState::availability).unwrap_or_default();
            roster.counts.change(Availability::default(), availability);
        }
        for (id, group) in (0..).map(GroupId).zip(&inbox.groups) {
            roster.group_names.insert(group.name.clone(), id);
            let live = LiveGroup::new(&group.name, now.waiting(id), now.last_turn(id));
            roster.waiting += u64::from(live.waiting);
            roster.groups.push(live);
            roster.set_members(id, group.members.clone());
        }
        roster
    }

    /// The inbox is another one from now on, as after its file has been read again. Users keep presence, chats and last message by
    /// their ids, groups keep queue and turn by their names; all else is as in `inbox`, and so are all [`UserId`]s and [`GroupId`]s.
    pub fn rebase(&mut self, inbox: &Inbox) {
        let user = |id: &str| self.user(id).map(|user| self.now(user)).unwrap_or_default();
        let users = inbox.users.iter().map(|known| user(&known.id)).collect();
        let groups =
            || inbox.groups.iter().map(|group| self.group(&group.name).and_then(|id| self.live_group(id)));
        let waiting = groups().map(|group| group.map_or(0, |group| group.waiting)).collect();
        let last_turn = |group: &LiveGroup| inbox.user_id(self.users.id(group.last_turn()?)?);
        let turns = groups().map(|group| group.and_then(last_turn)).collect();
        *self = Self::of(inbox, &RosterSnapshot::new(users, waiting, turns));
    }

    /// The user called `id`.
    pub fn user(&self, id: &str) -> Option<UserId> {
        self.users.find(id).filter(|user| self.users.is_active(*user))
    }

    /// The user's id, and the name that people read.
    pub fn id_and_name(&self, user: UserId) -> Option<(&str, &str)> {
        self.users.id(user).zip(self.users.name(user))
    }

    /// The group called `name`.
    pub fn group(&self, name: &str) -> Option<GroupId> {
        self.group_names.get(name).copied()
    }

    /// That user, now.
    pub fn now(&self, user: UserId) -> UserNow {
        self.users.state(user).map(LiveState::now).unwrap_or_default()
    }

    /// All of it at this moment.
    pub fn snapshot(&self) -> RosterSnapshot {
        RosterSnapshot::new(
            (0..).map(UserId).take(self.users.len()).map(|user| self.now(user)).collect(),
            self.groups.iter().map(|group| group.waiting).collect(),
            self.groups.iter().map(LiveGroup::last_turn).collect(),
        )
    }

    /// The group has these members from now on, and no others.
    pub(super) fn set_members(&mut self, id: GroupId, members: Vec<UserId>) {
        let Some(group) = self.groups.get_mut(id.0 as usize) else { return };
        for member in &group.members {
            self.users.set_membership(*member, id, None);
        }
        for (place, member) in (0..).zip(&members) {
            self.users.set_membership(*member, id, Some(place));
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
    fn is_online(&self, user: UserId) -> bool {
        self.now(user).presence == Presence::Online
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
