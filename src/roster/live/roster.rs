//! The roster: who is there now in one inbox, kept up by events.

use std::collections::HashMap;

use super::figures::{Figures, Standing};
use super::group::{Group, Heads};
use super::users::Users;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::policy::Scope;
use crate::roster::people::People;
use crate::roster::snapshot::Snapshot;
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
    pub(super) groups: Vec<Group>,
    pub(super) heads: Heads,
    pub(super) waiting: u64,
    group_names: HashMap<String, GroupId>,
}

impl Roster {
    /// Of an inbox in which everyone is offline, without chats, and nothing waits.
    pub fn new(inbox: &Inbox) -> Self {
        Self::of(inbox, &Snapshot::default())
    }

    /// Of an inbox in which things are as the snapshot says.
    pub fn of(inbox: &Inbox, now: &Snapshot) -> Self {
        let mut roster = Self::default();
        for (place, user) in (0..).zip(&inbox.users) {
            roster.users.add(user, now.user(UserId(place)));
        }
        for user in (0..).map(UserId).take(roster.users.len()) {
            let standing = roster.users.figures(user).map(Figures::standing).unwrap_or_default();
            roster.heads.change(Standing::default(), standing);
        }
        for (id, group) in (0..).map(GroupId).zip(&inbox.groups) {
            roster.group_names.insert(group.name.clone(), id);
            let live = Group::new(&group.name, now.waiting(id), now.last_turn(id));
            roster.waiting += u64::from(live.waiting);
            roster.groups.push(live);
            roster.set_members(id, group.members.clone());
        }
        roster
    }

    /// The inbox is another one from now on, as after its file has been read again. Users keep presence, chats and last message by
    /// their ids, groups keep queue and turn by their names; all else is as in `inbox`, and so are all [`UserId`]s and [`GroupId`]s.
    pub fn follow(&mut self, inbox: &Inbox) {
        let user = |id: &str| self.user(id).map(|user| self.now(user)).unwrap_or_default();
        let users = inbox.users.iter().map(|known| user(&known.id)).collect();
        let groups =
            || inbox.groups.iter().map(|group| self.group(&group.name).and_then(|id| self.live_group(id)));
        let waiting = groups().map(|group| group.map_or(0, |group| group.waiting)).collect();
        let last_turn = |group: &Group| inbox.user(self.users.id(group.last_turn()?)?);
        let turns = groups().map(|group| group.and_then(last_turn)).collect();
        *self = Self::of(inbox, &Snapshot::new(users, waiting, turns));
    }

    /// The user called `id`.
    pub fn user(&self, id: &str) -> Option<UserId> {
        self.users.find(id).filter(|user| self.users.is_here(*user))
    }

    /// The user's id, and the name that people read.
    pub fn called(&self, user: UserId) -> Option<(&str, &str)> {
        self.users.id(user).zip(self.users.name(user))
    }

    /// The group called `name`.
    pub fn group(&self, name: &str) -> Option<GroupId> {
        self.group_names.get(name).copied()
    }

    /// That user, now.
    pub fn now(&self, user: UserId) -> UserNow {
        self.users.figures(user).map(Figures::now).unwrap_or_default()
    }

    /// All of it at this moment.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(
            (0..).map(UserId).take(self.users.len()).map(|user| self.now(user)).collect(),
            self.groups.iter().map(|group| group.waiting).collect(),
            self.groups.iter().map(Group::last_turn).collect(),
        )
    }

    /// The group has these members from now on, and no others.
    pub(super) fn set_members(&mut self, id: GroupId, members: Vec<UserId>) {
        let Some(group) = self.groups.get_mut(id.0 as usize) else { return };
        for member in &group.members {
            self.users.seat(*member, id, None);
        }
        for (place, member) in (0..).zip(&members) {
            self.users.seat(*member, id, Some(place));
        }
        group.set_members(members, &self.users);
    }

    pub(super) fn live_group(&self, group: GroupId) -> Option<&Group> {
        self.groups.get(group.0 as usize)
    }

    fn heads(&self, scope: Scope) -> Heads {
        match scope {
            Scope::Inbox => self.heads,
            Scope::Group(group) => self.live_group(group).map(|group| group.heads).unwrap_or_default(),
        }
    }
}

impl People for Roster {
    fn is_online(&self, user: UserId) -> bool {
        self.now(user).presence == Presence::Online
    }

    fn online(&self, scope: Scope) -> u64 {
        self.heads(scope).online
    }

    fn available(&self, scope: Scope) -> u64 {
        self.heads(scope).available
    }

    fn waiting(&self, scope: Scope) -> u64 {
        match scope {
            Scope::Inbox => self.waiting,
            Scope::Group(group) => self.live_group(group).map_or(0, |group| group.waiting.into()),
        }
    }
}
