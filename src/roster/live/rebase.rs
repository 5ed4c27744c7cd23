//! A roster that gets another inbox, or is restored from its saved state: users and groups are found again by
//! name.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::absent::AbsentGroup;
use super::event::EventError;
use super::group::LiveGroup;
use super::live_state::{FileLimits, LiveState};
use super::roster::Roster;
use super::roster_state::{RestoreError, RosterState, SavedGroup};
use crate::inbox::{Group, Inbox, User};

/// What changed for users and groups when a [`Roster`] got another inbox. Nothing is lost: what is kept of
/// those who are gone is theirs again when they are back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rebased {
    /// The users whom the inbox no longer has. Their open chats are for the host to decide afresh.
    pub users_gone: Vec<UserChats>,
    /// The users who were gone, and are back with what they had.
    pub users_back: Vec<UserChats>,
    /// The groups that the inbox no longer has. The chats in their queues are for the host to decide afresh.
    pub groups_gone: Vec<GroupQueue>,
    /// The groups that were gone, and are back with their queues.
    pub groups_back: Vec<GroupQueue>,
    /// The groups that have another name and the same members. They keep their queue and turn under the new
    /// name.
    pub groups_renamed: Vec<GroupRenamed>,
    /// The capacities that events have set. They still count, whatever `inbox.toml` says.
    pub capacities_kept: Vec<LimitKept>,
    /// The weights that events have set. They still count, whatever `inbox.toml` says.
    pub weights_kept: Vec<LimitKept>,
}

/// A user with their open chats.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UserChats {
    /// The id of the user.
    pub user: Arc<str>,
    /// The number of open chats.
    pub chats: u32,
}

/// A group with the chats in its queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupQueue {
    /// The name of the group.
    pub group: Arc<str>,
    /// The number of chats in its queue.
    pub waiting: u32,
}

/// A group that has another name than before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GroupRenamed {
    /// The name before.
    pub from: Arc<str>,
    /// The name now.
    pub to: Arc<str>,
}

/// A capacity or a weight of a user that an event has set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LimitKept {
    /// The id of the user.
    pub user: Arc<str>,
    /// The number that was set.
    pub set: u32,
    /// What `inbox.toml` says; `None`: no limit.
    pub in_file: Option<u32>,
}

impl Rebased {
    /// Whether nothing has changed.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Roster {
    /// Goes on with another inbox, for example after its file has changed. Call it with
    /// [`RuleSet::inbox`](crate::RuleSet::inbox) before each decision, or when
    /// [`RouteError::OtherInbox`](crate::RouteError::OtherInbox) says so: if nothing has changed that a
    /// roster takes from an inbox, this does nothing and takes no time.
    ///
    /// Who is in the inbox and its groups, and in which order, is taken from `inbox`, also where events had
    /// changed it. Users with the same id keep their presence, chats, last message, and the capacity and the
    /// weight that events have set; groups with the same name keep their queue and turn. What belongs to a
    /// user or a group that `inbox` lacks is kept until they are back.
    ///
    /// A group that vanishes, while exactly one new group has exactly its members, has been renamed: the new
    /// one gets its queue and turn. The host should write the new name into its open chats.
    ///
    /// ```
    /// use inbox_rules::{Event, Inbox, Presence, Roster, Source};
    ///
    /// let inbox = |toml| Inbox::parse(&Source::new("inbox.toml", toml)).0;
    /// let both = inbox("[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]");
    /// let mut roster = Roster::new(&both);
    /// let at = "2026-11-24T18:30:00Z".parse()?;
    /// roster.apply(Event::Assigned { user: "bob".into(), at, turn: None })?;
    ///
    /// let rebased = roster.rebase(&inbox("[users.alice]\n[groups]\nSales = [\"alice\"]"));
    /// assert_eq!((&*rebased.users_gone[0].user, rebased.users_gone[0].chats), ("bob", 1));
    /// assert_eq!(roster.now("bob"), None);
    ///
    /// let rebased = roster.rebase(&both);
    /// assert_eq!(&*rebased.users_back[0].user, "bob");
    /// assert_eq!(roster.now("bob").unwrap().chats, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn rebase(&mut self, inbox: &Inbox) -> Rebased {
        if self.is_of(inbox) {
            return Rebased::default();
        }
        let (roster, renamed) = Self::assemble(inbox, self.save());
        let rebased = roster.rebased(Some(self), renamed);
        *self = roster;
        rebased
    }

    /// A roster in the state that [`save`](Self::save) returned. `inbox` may be another one than that of the
    /// saved roster: then it is [rebased](Self::rebase) as well. `users_gone` and `groups_gone` have all that
    /// the inbox lacks, also if the saved roster's inbox lacked them.
    ///
    /// ```
    /// use inbox_rules::{Event, Inbox, Presence, Roster, Source};
    ///
    /// let (inbox, _) = Inbox::parse(&Source::new("inbox.toml", "[users.alice]"));
    /// let mut roster = Roster::new(&inbox);
    /// roster.apply(Event::Presence { user: "alice".into(), presence: Presence::Online })?;
    /// let json = serde_json::to_string(&roster.save())?;
    ///
    /// let (restored, rebased) = Roster::restore(&inbox, serde_json::from_str(&json)?)?;
    /// assert_eq!(restored.now("alice"), roster.now("alice"));
    /// assert!(rebased.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`RestoreError`], if the state contradicts itself.
    pub fn restore(inbox: &Inbox, state: RosterState) -> Result<(Self, Rebased), RestoreError> {
        if let Some((user, _)) = state.users.iter().find(|(_, user)| user.has_zero()) {
            return Err(EventError::Zero(Arc::clone(user)).into());
        }
        let changes = if state.inbox.as_ref() == Some(inbox.roster_digest()) {
            state.changes_of(inbox)
        } else {
            Vec::new()
        };
        let (mut roster, renamed) = Self::assemble(inbox, state);
        for change in changes {
            roster.apply(change)?;
        }
        let rebased = roster.rebased(None, renamed);
        Ok((roster, rebased))
    }

    /// The users and the groups that the inbox does not have, with what is kept of them.
    pub(crate) fn absent(&self) -> (Vec<UserChats>, Vec<GroupQueue>) {
        (self.absent.users_without(None), self.absent.groups_without(None))
    }

    /// What changed, compared with the roster before; all that is absent if there was none.
    fn rebased(&self, before: Option<&Self>, groups_renamed: Vec<GroupRenamed>) -> Rebased {
        let absent_before = before.map(|before| &before.absent);
        let (mut capacities_kept, mut weights_kept) = (Vec::new(), Vec::new());
        for (id, user) in self.users.active().filter_map(|user| Some((self.users.id(user)?, user))) {
            let (now, limits) = (self.now_of(user), self.users.limits(user));
            let kept =
                |set: Option<u32>, in_file| Some(LimitKept { user: Arc::clone(id), set: set?, in_file });
            capacities_kept.extend(kept(now.capacity, limits.capacity));
            weights_kept.extend(kept(now.weight, Some(limits.weight)));
        }
        Rebased {
            users_gone: self.absent.users_without(absent_before),
            users_back: absent_before
                .map(|before| before.users_without(Some(&self.absent)))
                .unwrap_or_default(),
            groups_gone: self.absent.groups_without(absent_before),
            groups_back: absent_before
                .map(|before| before.groups_without(Some(&self.absent)))
                .unwrap_or_default(),
            groups_renamed,
            capacities_kept,
            weights_kept,
        }
    }

    /// A roster of `inbox` in the state `state`, and which groups have been renamed.
    fn assemble(inbox: &Inbox, mut state: RosterState) -> (Self, Vec<GroupRenamed>) {
        let renamed = renamed_groups(inbox, &state);
        for GroupRenamed { from, to } in &renamed {
            let group = state.groups.remove(from).unwrap_or_default();
            state.groups.insert(Arc::clone(to), group);
        }
        let saved = |user: &User| state.users.remove(&user.id).map(|saved| saved.now());
        let mut roster =
            Self::with_users(inbox, inbox.users.iter().map(saved).map(Option::unwrap_or_default));
        let absent = state.users.into_iter();
        roster.absent.users =
            absent.map(|(id, saved)| (id, LiveState::new(saved.now(), FileLimits::default()))).collect();
        for group in &inbox.groups {
            let saved = state.groups.remove(&group.name).unwrap_or_default();
            let last_turn = saved.last_turn.as_deref().and_then(|last| inbox.user_id(last));
            let mut live = LiveGroup::new(&group.name, saved.waiting, last_turn);
            live.absent_turn = saved.last_turn;
            roster.add_group(live, group.members.clone());
        }
        roster.absent.groups =
            state.groups.into_iter().map(|(name, saved)| (name, AbsentGroup::from(saved))).collect();
        (roster, renamed)
    }
}

/// The groups with the same members.
#[derive(Default)]
struct SameMembers<'a> {
    vanished: Vec<&'a Arc<str>>,
    new: Vec<&'a Arc<str>>,
}

/// The groups that vanish while exactly one new group has exactly their members. Groups without members are
/// not told apart.
fn renamed_groups(inbox: &Inbox, state: &RosterState) -> Vec<GroupRenamed> {
    let mut by_members: HashMap<Vec<&str>, SameMembers> = HashMap::new();
    let sorted = |mut members: Vec<_>| {
        members.sort_unstable();
        members
    };
    let has_members = |(_, saved): &(&Arc<str>, &SavedGroup)| !saved.members.is_empty();
    let vanished = state.groups.iter().filter(|(name, _)| inbox.group_id(name).is_none());
    for (name, saved) in vanished.filter(has_members) {
        let members = saved.members.iter().map(|member| &**member).collect();
        by_members.entry(sorted(members)).or_default().vanished.push(name);
    }
    if by_members.is_empty() {
        return Vec::new();
    }
    let is_new = |group: &&Group| !state.groups.contains_key(&group.name);
    for group in inbox.groups.iter().filter(is_new) {
        let members = group.members.iter().map(|member| &*inbox.user(*member).id).collect();
        if let Some(same) = by_members.get_mut(&sorted(members)) {
            same.new.push(&group.name);
        }
    }
    let renamed = by_members.values().filter_map(|same| match (&same.vanished[..], &same.new[..]) {
        ([from], [to]) => Some(GroupRenamed { from: Arc::clone(from), to: Arc::clone(to) }),
        _ => None,
    });
    let mut renamed: Vec<_> = renamed.collect();
    renamed.sort_unstable_by(|one, other| one.from.cmp(&other.from));
    renamed
}
