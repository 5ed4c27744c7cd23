//! What the plain reading evaluates conditions on: the case and the roster at its moment. Each figure is computed when it
//! is first needed, and once for each decision.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use jiff::civil::DateTime;

use super::context::DecisionContext;
use crate::inbox::{Inbox, UserId};
use crate::language::vocabulary::Presence;
use crate::language::{Folded, fold};
use crate::policy::calendar::wall_clock;
use crate::policy::{Policy, Scope};
use crate::roster::{Candidate, RosterView};
use crate::situation::{Case, RosterSnapshot, Situation, SituationError};

/// A policy, and the case and roster that it is applied to.
pub(super) struct View<'a> {
    pub(super) policy: &'a Policy,
    pub(super) inbox: &'a Inbox,
    pub(super) case: &'a Case<'a>,
    pub(super) now: &'a RosterSnapshot,
    /// The user on whom chance falls wherever it can.
    pub(super) drawn: Option<UserId>,
    text: OnceCell<Folded>,
    tags: OnceCell<BTreeSet<Folded>>,
    chat_tags: OnceCell<BTreeSet<Folded>>,
    definitions: OnceCell<Vec<OnceCell<bool>>>,
    everyone: OnceCell<UserCounts>,
    groups: OnceCell<Vec<OnceCell<UserCounts>>>,
    local: OnceCell<DateTime>,
}

/// How many users are online, and how many of them are below their capacity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct UserCounts {
    pub(super) online: u64,
    pub(super) available: u64,
}

/// Checks `situation`, and calls `answer` with the view of it.
pub(super) fn with_view<T>(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    answer: impl FnOnce(&View) -> T,
) -> Result<T, SituationError> {
    with_view_of_draw(policy, inbox, situation, None, answer)
}

/// As [`with_view`], where chance falls on the user with the id `drawn` if it can.
pub(super) fn with_view_of_draw<T>(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    drawn: Option<&str>,
    answer: impl FnOnce(&View) -> T,
) -> Result<T, SituationError> {
    let (case, now) = situation.validate(inbox, &policy.timezone)?;
    let drawn = drawn.and_then(|id| inbox.user_id(id));
    Ok(answer(&View { drawn, ..View::new(policy, inbox, &case, &now) }))
}

impl<'a> View<'a> {
    fn new(policy: &'a Policy, inbox: &'a Inbox, case: &'a Case<'a>, now: &'a RosterSnapshot) -> Self {
        Self {
            policy,
            inbox,
            case,
            now,
            drawn: None,
            text: OnceCell::new(),
            tags: OnceCell::new(),
            chat_tags: OnceCell::new(),
            definitions: OnceCell::new(),
            everyone: OnceCell::new(),
            groups: OnceCell::new(),
            local: OnceCell::new(),
        }
    }

    /// What the texts of a decision are written from.
    pub(super) fn context(&self) -> DecisionContext<'a> {
        DecisionContext { policy: self.policy, inbox: self.inbox, case: self.case, users: self.inbox }
    }

    /// The moment as a clock on the wall shows it in the policy's time zone.
    pub(super) fn local(&self) -> DateTime {
        *self.local.get_or_init(|| wall_clock(self.case.at, &self.policy.timezone))
    }

    /// The message's text, as written and folded.
    pub(super) fn text(&self) -> Option<(&'a str, &Folded)> {
        self.case.text.map(|text| (text, self.text.get_or_init(|| fold(text))))
    }

    /// The customer's tags, folded.
    pub(super) fn tags(&self) -> &BTreeSet<Folded> {
        self.tags.get_or_init(|| self.case.tags.iter().map(|tag| fold(tag)).collect())
    }

    /// The tags of the open chat, folded.
    pub(super) fn chat_tags(&self) -> &BTreeSet<Folded> {
        let tags = || self.case.chat.iter().flat_map(|chat| chat.tags);
        self.chat_tags.get_or_init(|| tags().map(|tag| fold(tag)).collect())
    }

    /// Whether the definition at `place` holds, which `evaluate` finds out the first time. Without this memory, names
    /// that share names would double the work at every step.
    pub(super) fn definition(&self, place: usize, evaluate: impl FnOnce() -> bool) -> bool {
        let count = self.policy.definitions.len();
        let memo = self.definitions.get_or_init(|| vec![OnceCell::new(); count]).get(place);
        memo.is_some_and(|memo| *memo.get_or_init(evaluate))
    }

    /// How many users are online and available. A group is counted once, however many rules need it.
    pub(super) fn counts(&self, scope: Scope) -> UserCounts {
        let Scope::Group(group) = scope else {
            return *self.everyone.get_or_init(|| self.count(scope));
        };
        let groups = self.groups.get_or_init(|| vec![OnceCell::new(); self.inbox.groups.len()]);
        groups
            .get(group.0 as usize)
            .map_or(UserCounts::default(), |memo| *memo.get_or_init(|| self.count(scope)))
    }

    /// How many chats are waiting there without a user.
    pub(super) fn waiting(&self, scope: Scope) -> u64 {
        match scope {
            Scope::Inbox => self.now.waiting_anywhere(),
            Scope::Group(group) => self.now.waiting(group).into(),
        }
    }

    /// The users of the inbox or of a group, at this moment.
    pub(super) fn users(&self, scope: Scope) -> impl Iterator<Item = Candidate> {
        let (everyone, members) = match scope {
            Scope::Inbox => (self.inbox.users.len(), &[][..]),
            Scope::Group(group) => (0, &*self.inbox.group(group).members),
        };
        let users = (0..).map(UserId).take(everyone).chain(members.iter().copied());
        users.map(|user| Candidate::of(self.inbox, self.now, user))
    }

    fn count(&self, scope: Scope) -> UserCounts {
        self.users(scope).fold(UserCounts::default(), |counts, user| UserCounts {
            online: counts.online + u64::from(user.is_online()),
            available: counts.available + u64::from(user.is_available()),
        })
    }
}

impl RosterView for View<'_> {
    fn presence(&self, user: UserId) -> Presence {
        self.now.user(user).presence
    }

    fn online(&self, scope: Scope) -> u64 {
        self.counts(scope).online
    }

    fn available(&self, scope: Scope) -> u64 {
        self.counts(scope).available
    }

    fn waiting(&self, scope: Scope) -> u64 {
        View::waiting(self, scope)
    }
}
