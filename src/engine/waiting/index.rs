//! The chats that wait, by who can take them, so that a user who comes online is matched with chats without a look at every
//! chat.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::Arc;

use super::chat::{Rank, WaitingChat};
use super::drain::DrainContext;
use super::targets::{ChatTarget, MembersTarget, UserTarget, targets};
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::Eligibility;
use crate::roster::Roster;

/// The chats that wait, by who can take them. It depends on the rules, and is brought up to date before it is used.
#[derive(Debug, Clone, Default)]
pub(super) struct WaitingIndex {
    /// The inbox that it was made for, and the identity of the roster's users.
    made_for: Option<(Arc<Inbox>, Arc<()>)>,
    /// The rules that it was last brought up to date with.
    rules: Option<Arc<()>>,
    /// Chats that have come since it was brought up to date.
    new: BTreeSet<Rank>,
    /// Chats that cannot go on.
    outdated: BTreeSet<Rank>,
    targets: HashMap<Rank, Vec<ChatTarget>>,
    users: HashMap<UserTarget, BTreeSet<Rank>>,
    members: HashMap<Arc<MembersTarget>, MembersChats>,
}

/// The chats that the members of a group can take.
#[derive(Debug, Clone, Default)]
struct MembersChats {
    /// By the owner who may not take them.
    by_owner: HashMap<Option<UserId>, BTreeSet<Rank>>,
    /// The first of each.
    first: BTreeSet<FirstChat>,
}

/// The first of the chats that this owner may not take.
pub(super) type FirstChat = (Rank, Option<UserId>);

/// One or several users who can take chats now.
#[derive(Debug, Clone)]
pub(super) enum Taker {
    User(UserTarget),
    Members(Arc<MembersTarget>),
}

impl WaitingIndex {
    pub(super) fn add(&mut self, chat: Rank) {
        self.new.insert(chat);
    }

    pub(super) fn remove(&mut self, chat: Rank) {
        self.new.remove(&chat);
        self.outdated.remove(&chat);
        for target in self.targets.remove(&chat).into_iter().flatten() {
            match target {
                ChatTarget::User(user) => {
                    if let Some(chats) = self.users.get_mut(&user) {
                        chats.remove(&chat);
                        if chats.is_empty() {
                            self.users.remove(&user);
                        }
                    }
                }
                ChatTarget::Members(members, owner) => {
                    if let Some(chats) = self.members.get_mut(&members) {
                        chats.change(owner, |chats| chats.remove(&chat));
                        if chats.first.is_empty() {
                            self.members.remove(&members);
                        }
                    }
                }
            }
        }
    }

    /// Makes it fit the rules, the roster and the chats.
    pub(super) fn update(&mut self, cx: &DrainContext, chats: &BTreeMap<Rank, WaitingChat>, roster: &Roster) {
        let is_current = self.made_for.as_ref().is_some_and(|(inbox, users)| {
            // An event may have added or removed the owner of a customer, or added the first user with a skill.
            Arc::ptr_eq(inbox, cx.inbox) && Arc::ptr_eq(users, roster.users_identity())
        });
        if !is_current {
            let made_for = Some((Arc::clone(cx.inbox), Arc::clone(roster.users_identity())));
            *self = Self { made_for, new: chats.keys().copied().collect(), ..Self::default() };
        } else if self.rules.as_ref().is_none_or(|rules| !Arc::ptr_eq(rules, cx.identity)) {
            // In one inbox, the same texts give the same targets.
            let is_affected = |(rank, chat): &(&Rank, &WaitingChat)| {
                self.outdated.contains(rank) || cx.policy_of(chat).is_none()
            };
            let affected: Vec<Rank> = chats.iter().filter(is_affected).map(|(rank, _)| *rank).collect();
            for rank in &affected {
                self.remove(*rank);
            }
            self.new.extend(affected);
        }
        self.rules = Some(Arc::clone(cx.identity));
        for rank in std::mem::take(&mut self.new) {
            match chats.get(&rank).and_then(|chat| targets(cx, chat, roster)) {
                Some(targets) => self.insert(rank, targets),
                None => drop(self.outdated.insert(rank)),
            }
        }
    }

    fn insert(&mut self, chat: Rank, targets: Vec<ChatTarget>) {
        for target in &targets {
            match target {
                ChatTarget::User(user) => drop(self.users.entry(*user).or_default().insert(chat)),
                ChatTarget::Members(members, owner) => {
                    let chats = self.members.entry(Arc::clone(members)).or_default();
                    chats.change(*owner, |chats| chats.insert(chat));
                }
            }
        }
        self.targets.insert(chat, targets);
    }

    /// The chats that cannot go on, in order.
    pub(super) fn outdated(&self) -> impl Iterator<Item = Rank> {
        self.outdated.iter().copied()
    }

    /// Those who can take some chat now.
    pub(super) fn takers(&self, roster: &mut Roster) -> Vec<Taker> {
        let users = self.users.keys().map(|user| Taker::User(*user));
        let members = self.members.keys().map(|members| Taker::Members(Arc::clone(members)));
        users.chain(members).filter(|taker| taker.is_able(roster)).collect()
    }

    /// The first chat of the taker after `after`. Of the chats that one owner may not take, only the first counts.
    pub(super) fn first(&self, taker: &Taker, after: Option<FirstChat>) -> Option<FirstChat> {
        match taker {
            Taker::User(user) => {
                let after = after.map_or(Bound::Unbounded, |(rank, _)| Bound::Excluded(rank));
                let first = self.users.get(user)?.range((after, Bound::Unbounded)).next()?;
                Some((*first, None))
            }
            Taker::Members(members) => {
                let after = after.map_or(Bound::Unbounded, Bound::Excluded);
                self.members.get(members)?.first.range((after, Bound::Unbounded)).next().copied()
            }
        }
    }
}

impl Taker {
    /// Whether they can take a chat now. Members can, if one of them can; it may be the owner of the customer.
    pub(super) fn is_able(&self, roster: &mut Roster) -> bool {
        match self {
            Self::User((user, among)) => {
                roster.exclusion(*user, among.unwrap_or(Eligibility::Everyone)).is_none()
            }
            Self::Members(members) => {
                let MembersTarget { group, skills, except, among } = &**members;
                roster.has_candidate(*group, skills, except, among)
            }
        }
    }
}

impl MembersChats {
    /// Changes the chats that the owner may not take.
    fn change(&mut self, owner: Option<UserId>, change: impl FnOnce(&mut BTreeSet<Rank>) -> bool) {
        let chats = self.by_owner.entry(owner).or_default();
        let before = chats.first().copied();
        change(chats);
        let after = chats.first().copied();
        if before != after {
            self.first.extend(after.map(|first| (first, owner)));
            if let Some(before) = before {
                self.first.remove(&(before, owner));
            }
        }
        if after.is_none() {
            self.by_owner.remove(&owner);
        }
    }
}
