//! What rules look at: the case and the roster at its moment, each figure worked out once per decision.

use std::cell::OnceCell;

use jiff::civil::DateTime;

use super::context::DecisionContext;
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::policy::calendar::wall_clock;
use crate::policy::{Policy, Scope};
use crate::roster::{Candidate, RosterSnapshot, RosterView};
use crate::situation::Case;

/// What rules look at.
pub(super) struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) inbox: &'a Inbox,
    pub(super) case: &'a Case<'a>,
    pub(super) now: &'a RosterSnapshot,
    /// Whether each definition holds, once it was asked.
    pub(super) definitions: Vec<OnceCell<bool>>,
    everyone: OnceCell<Heads>,
    groups: Vec<OnceCell<Heads>>,
    unknown_group: OnceCell<Heads>,
    local: OnceCell<DateTime>,
}

/// How many users there are of each sort, and a few of them by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Heads {
    pub(super) online: u64,
    pub(super) available: u64,
    pub(super) some_online: Vec<UserId>,
    pub(super) some_available: Vec<UserId>,
}

impl<'a> View<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        inbox: &'a Inbox,
        case: &'a Case<'a>,
        now: &'a RosterSnapshot,
    ) -> Self {
        Self {
            policy,
            inbox,
            case,
            now,
            definitions: vec![OnceCell::new(); policy.definitions.len()],
            everyone: OnceCell::new(),
            groups: vec![OnceCell::new(); inbox.groups.len()],
            unknown_group: OnceCell::new(),
            local: OnceCell::new(),
        }
    }

    /// What a decision is told from.
    pub(super) fn context(&self) -> DecisionContext<'a> {
        DecisionContext { policy: self.policy, inbox: self.inbox, case: self.case, users: self.inbox }
    }

    /// The moment as the clock on the policy's wall shows it.
    pub(super) fn local(&self) -> DateTime {
        *self.local.get_or_init(|| wall_clock(self.case.at, &self.policy.timezone))
    }

    /// Whether the user is online.
    pub(super) fn is_online(&self, user: UserId) -> bool {
        self.now.user(user).presence == Presence::Online
    }

    /// How many there are online and available. A group is counted once, however many rules ask.
    pub(super) fn heads(&self, scope: Scope) -> &Heads {
        let cell = match scope {
            Scope::Inbox => &self.everyone,
            Scope::Group(group) => self.groups.get(group.0 as usize).unwrap_or(&self.unknown_group),
        };
        cell.get_or_init(|| self.count(scope))
    }

    /// How many chats wait there without a user.
    pub(super) fn waiting(&self, scope: Scope) -> u64 {
        match scope {
            Scope::Inbox => self.now.waiting_anywhere(),
            Scope::Group(group) => self.now.waiting(group).into(),
        }
    }

    fn count(&self, scope: Scope) -> Heads {
        let mut heads = Heads::default();
        let users: Box<dyn Iterator<Item = UserId>> = match scope {
            Scope::Inbox => Box::new((0..).map(UserId).take(self.inbox.users.len())),
            Scope::Group(group) => Box::new(self.inbox.group(group).members.iter().copied()),
        };
        for user in users {
            let user = Candidate::of(self.inbox, self.now, user);
            if user.is_online() {
                heads.online += 1;
                name_some(&mut heads.some_online, user.user);
            }
            if user.is_available() {
                heads.available += 1;
                name_some(&mut heads.some_available, user.user);
            }
        }
        heads
    }
}

impl RosterView for View<'_> {
    fn is_online(&self, user: UserId) -> bool {
        View::is_online(self, user)
    }

    fn online(&self, scope: Scope) -> u64 {
        self.heads(scope).online
    }

    fn available(&self, scope: Scope) -> u64 {
        self.heads(scope).available
    }

    fn waiting(&self, scope: Scope) -> u64 {
        View::waiting(self, scope)
    }
}

fn name_some(some: &mut Vec<UserId>, user: UserId) {
    const ENOUGH: usize = 3;
    if some.len() < ENOUGH {
        some.push(user);
    }
}
