//! The roster: the users and groups of one inbox at this moment, updated by events.

use std::collections::HashMap;
use std::sync::Arc;

use super::group::{LiveGroup, PresenceCounts};
use super::live_state::{Availability, LiveState};
use super::users::Users;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::policy::Scope;
use crate::roster::view::RosterView;
use crate::situation::{RosterSnapshot, UserNow};

/// The users and groups of one inbox at this moment: who is online, who has how many chats, whose turn it is, how many chats wait.
///
/// [Events](super::Event) update it, and it chooses a member of a group without a scan of the members. For the same random
/// numbers it makes the same choice as the plain `pick` makes from its [`snapshot`](Roster::snapshot).
///
/// ```
/// use inbox_rules::roster::{ChoiceRequest, Event, Roster, RosterView};
/// use inbox_rules::language::vocabulary::{Algorithm, Eligibility, Presence};
/// use inbox_rules::policy::Scope;
/// use inbox_rules::text::Source;
/// use inbox_rules::{Inbox, dice};
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
/// let (alice, bob) = (roster.user("alice").unwrap(), roster.user("bob").unwrap());
/// let sales = roster.group("Sales").unwrap();
/// roster.apply(Event::Presence { user: bob, presence: Presence::Online })?;
/// assert_eq!(roster.online(Scope::Group(sales)), 1);
///
/// // Bob is the only one online, so he gets the chat.
/// let request = ChoiceRequest {
///     group: sales,
///     skills: &[],
///     excluded: &[],
///     by: Algorithm::LeastChats,
///     among: &[Eligibility::Online],
/// };
/// let pick = roster.claim(&request, "2026-11-24T18:30:00Z".parse()?, &mut dice(0, Some("wamid.A1"))).unwrap();
/// assert_eq!(pick.user, bob);
/// assert_eq!((roster.now(bob).chats, roster.now(alice).chats), (1, 0));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// A roster is a value and shares nothing with another roster. A host keeps one for each inbox, each behind a lock of its own if
/// several threads decide for the same inbox.
///
/// The first choice by an algorithm in a group builds an index of the members; later events update it. The index is built again
/// after the members of the group change, and for `least_load` after the largest capacity in the group changes.
#[derive(Debug, Clone, Default)]
pub struct Roster {
    pub(super) users: Users,
    pub(super) groups: Vec<LiveGroup>,
    pub(super) counts: PresenceCounts,
    pub(super) waiting: u64,
    group_names: HashMap<Arc<str>, GroupId>,
}

impl Roster {
    /// A roster in which everyone is offline and there are no chats.
    pub fn new(inbox: &Inbox) -> Self {
        Self::of(inbox, &RosterSnapshot::default())
    }

    /// A roster in the state of a snapshot.
    pub fn of(inbox: &Inbox, now: &RosterSnapshot) -> Self {
        let mut roster = Self::default();
        for (index, user) in (0..).zip(&inbox.users) {
            roster.users.add(user, now.user(UserId(index)));
        }
        for user in (0..).map(UserId).take(roster.users.len()) {
            let availability = roster.users.state(user).map(LiveState::availability).unwrap_or_default();
            roster.counts.update(Availability::default(), availability);
        }
        for (id, group) in (0..).map(GroupId).zip(&inbox.groups) {
            roster.group_names.insert(Arc::clone(&group.name), id);
            let live = LiveGroup::new(&group.name, now.waiting(id), now.last_turn(id));
            roster.waiting += u64::from(live.waiting);
            roster.groups.push(live);
            roster.set_members(id, group.members.clone());
        }
        roster
    }

    /// Replaces the inbox, for example after its file has changed. Users with the same id keep their presence, chats and last
    /// message; groups with the same name keep their queue and turn. Everything else is taken from `inbox`, including each
    /// [`UserId`] and [`GroupId`].
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

    /// The user with this id.
    pub fn user(&self, id: &str) -> Option<UserId> {
        self.users.find(id).filter(|user| self.users.is_active(*user))
    }

    /// The user's id and display name.
    pub fn id_and_name(&self, user: UserId) -> Option<(&Arc<str>, &Arc<str>)> {
        self.users.id(user).zip(self.users.name(user))
    }

    /// The group with this name.
    pub fn group(&self, name: &str) -> Option<GroupId> {
        self.group_names.get(name).copied()
    }

    /// The presence, chats and last message of a user.
    pub fn now(&self, user: UserId) -> UserNow {
        self.users.state(user).map(LiveState::now).unwrap_or_default()
    }

    /// The state of all users and groups.
    pub fn snapshot(&self) -> RosterSnapshot {
        RosterSnapshot::new(
            (0..).map(UserId).take(self.users.len()).map(|user| self.now(user)).collect(),
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
