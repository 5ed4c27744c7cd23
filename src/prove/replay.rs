//! The engine decides a message with both policies, to confirm that the decisions differ.

use std::collections::BTreeSet;

use super::decision_diff::{Cause, Difference, RulePair};
use super::equivalence::has_same_alternatives;
use super::example::Example;
use super::when::TimePattern;
use crate::engine::{Assignment, Decision, RuleRef, decide};
use crate::inbox::{AlignedInboxes, GroupId, Inbox, InboxChange, UserId};
use crate::language::ast::RuleKind;
use crate::language::fold;
use crate::language::vocabulary::Presence;
use crate::policy::{Alternative, Given, GivenUser, Policy, number_of};
use crate::roster::dice;
use crate::situation::{Situation, given};

/// The most users, and the most seeds of the dice, with which an example is tried.
const MAX_USERS: usize = 64;
const MAX_SEEDS: u64 = 100;

/// The most users whose chats are varied, and up to how many chats.
const MAX_BUSY: usize = 6;
const MAX_CHATS: u32 = 12;

/// The old policy and the new one, each with its version of the inbox.
pub(super) struct Replay<'a> {
    pub(super) policies: [&'a Policy; 2],
    pub(super) inboxes: [&'a Inbox; 2],
    /// What both inboxes have together.
    pub(super) union: &'a Inbox,
    /// Each entry of the inbox that differs, with the new inbox in which it is as it was.
    reverted: Vec<(InboxChange, Inbox)>,
}

/// The most changes of an inbox that are told apart.
const MAX_CHANGES: usize = 100;

impl<'a> Replay<'a> {
    pub(super) fn new(policies: [&'a Policy; 2], inbox: &'a Inbox) -> Self {
        Self { policies, inboxes: [inbox, inbox], union: inbox, reverted: Vec::new() }
    }

    pub(super) fn of_versions(policies: [&'a Policy; 2], inboxes: &'a AlignedInboxes) -> Self {
        let changes = inboxes.changes().into_iter().take(MAX_CHANGES);
        let reverted = changes.map(|change| (change.clone(), inboxes.reverted(&change))).collect();
        Self { policies, inboxes: inboxes.sides.each_ref(), union: &inboxes.union, reverted }
    }

    /// Whether both sides have the same text in the same inbox, so that there is nothing to compare.
    pub(super) fn is_same_text(&self) -> bool {
        let [old, new] = self.policies;
        old.digest == new.digest && old.timezone == new.timezone && self.reverted.is_empty()
    }

    /// The changes of the inbox without which the new policy would decide as the old one does; or all of them, if only
    /// all together make the difference; none if it is not the inbox.
    pub(super) fn responsible(&self, difference: &Difference) -> Vec<InboxChange> {
        let [old_inbox, new_inbox] = self.inboxes;
        let [old_policy, new_policy] = self.policies;
        let uses_timezone =
            old_policy.timezone == old_inbox.timezone && new_policy.timezone == new_inbox.timezone;
        let in_old_zone = Policy { timezone: old_policy.timezone.clone(), ..new_policy.clone() };
        let (situation, seed) = (&difference.example.situation, difference.seed);
        let decides_as_before = |policy: &Policy, inbox: &Inbox| {
            let decision = decide(policy, inbox, situation, &mut dice(seed, None)).ok();
            decision.is_some_and(|decision| {
                self.is_same(&difference.old, &decision)
                    && self.is_same_later(
                        [(old_policy, old_inbox), (policy, inbox)],
                        [&difference.old, &decision],
                        situation,
                        seed,
                    )
            })
        };
        let is_responsible = |(change, reverted): &&(InboxChange, Inbox)| match change {
            InboxChange::Timezone => uses_timezone && decides_as_before(&in_old_zone, new_inbox),
            _ => decides_as_before(new_policy, reverted),
        };
        let changes: Vec<InboxChange> =
            self.reverted.iter().filter(is_responsible).map(|(change, _)| change.clone()).collect();
        let policy = if uses_timezone { &in_old_zone } else { new_policy };
        if changes.is_empty() && !self.reverted.is_empty() && decides_as_before(policy, old_inbox) {
            return self.reverted.iter().map(|(change, _)| change.clone()).collect();
        }
        changes
    }

    /// The difference that `given` shows, if the rules of `pair` decide it differently; or else one that the same
    /// situation shows with another owner, with choices that fall on another user, or with other dice. The prover knows
    /// nothing about these.
    pub(super) fn confirm(&self, pair: RulePair, given: &Given) -> Option<Difference> {
        let as_given = self.difference(pair, given, 0);
        let others = || {
            let users = || (0..).map(UserId).take(self.union.users.len().min(MAX_USERS));
            let owners = users().filter_map(|user| {
                given.owner.filter(|owner| *owner != user)?;
                Some(Given { owner: Some(user), ..given.clone() })
            });
            let favoured = users().map(|user| self.favouring(user, given));
            let next = users().filter(|user| self.is_common(*user)).map(|user| self.after(user, given));
            owners.chain(favoured).chain(next).find_map(|given| self.difference(pair, &given, 0))
        };
        let seeds = || (1..MAX_SEEDS).find_map(|seed| self.difference(pair, given, seed));
        let busy = || self.busier(given).find_map(|given| self.difference(pair, &given, 0));
        as_given.or_else(others).or_else(seeds).or_else(busy)
    }

    fn difference(&self, pair: RulePair, given: &Given, seed: u64) -> Option<Difference> {
        let [old_policy, new_policy] = self.policies;
        let mut situation = given::situation(given, new_policy, self.union);
        if number_of(&new_policy.file).is_none()
            && let Some(number) = number_of(&old_policy.file)
        {
            situation.number = Some(number.to_owned());
        }
        let [old_inbox, new_inbox] = self.inboxes;
        let old = decide(old_policy, old_inbox, &situation, &mut dice(seed, None)).ok()?;
        let new = decide(new_policy, new_inbox, &situation, &mut dice(seed, None)).ok()?;
        let is_by = |decision: &Decision, policy: &Policy, index: Option<usize>| {
            let rule = index.and_then(|index| policy.rules.get(index));
            // A `move` rule that has nobody to give leaves the chat as it is, and is not named.
            let stays = rule.is_some_and(|rule| rule.kind == RuleKind::Move) && decision.rule.is_none();
            stays || decision.rule == rule.map(|rule| RuleRef::of(policy, rule))
        };
        let are_meant = pair.also || (is_by(&old, old_policy, pair.old) && is_by(&new, new_policy, pair.new));
        let is_same = || {
            let sides = [(old_policy, old_inbox), (new_policy, new_inbox)];
            self.is_same(&old, &new) && self.is_same_later(sides, [&old, &new], &situation, seed)
        };
        if !are_meant || is_same() {
            return None;
        }
        let example = Example { given: given.clone(), situation };
        let when = TimePattern::Unknown;
        let (cause, customers) = (Cause::Rule(pair), String::new());
        Some(Difference { pair, cause, example, seed, old, new, customers, when })
    }

    /// Whether the decisions are the same for the customer and for the users.
    pub(super) fn is_same(&self, old: &Decision, new: &Decision) -> bool {
        let tags =
            |decision: &Decision| -> BTreeSet<_> { decision.tags.iter().map(|tag| fold(tag)).collect() };
        let [old_policy, new_policy] = self.policies;
        let same_continuation = match (Self::rest(old_policy, old), Self::rest(new_policy, new)) {
            (Some((this, old)), Some((that, new))) => this == that && has_same_alternatives(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        is_same_assignment(old.assign.as_ref(), new.assign.as_ref())
            && same_continuation
            && old.replies == new.replies
            && tags(old) == tags(new)
            && old.priority == new.priority
            && old.later == new.later
    }

    /// What is tried when nobody answers in time, and after how many seconds.
    fn rest<'p>(policy: &'p Policy, decision: &Decision) -> Option<(u64, &'p [Alternative])> {
        let resume = decision.resume.as_ref()?;
        let assign = decision.rule.as_ref()?.find(policy)?.assign.as_ref()?;
        Some((resume.after_seconds, assign.alternatives.get(resume.alternative..)?))
    }

    /// The same situation, changed so that algorithms prefer `user`: the others have just had a message and have more
    /// chats, and it is this user's turn.
    fn favouring(&self, user: UserId, given: &Given) -> Given {
        let mut favoured = given.clone();
        let [_, inbox] = self.inboxes;
        favoured.turns = self
            .common_groups()
            .filter_map(|id| {
                let members = &inbox.group(id).members;
                let index = members.iter().position(|member| *member == user)?;
                let before = (index + members.len() - 1) % members.len();
                Some((id, *members.get(before)?))
            })
            .filter(|(_, before)| self.is_common(*before))
            .collect();
        for other in favoured.users.iter_mut().filter(|other| other.user != user) {
            other.idle = Some(60);
            let has_room =
                |inbox: &&Inbox| inbox.user(other.user).capacity.is_none_or(|most| other.chats + 1 < most);
            other.chats += u32::from(self.inboxes.iter().all(has_room));
        }
        favoured
    }

    /// The same situation after a turn of `user` in each group.
    fn after(&self, user: UserId, given: &Given) -> Given {
        let turns = self.common_groups().map(|group| (group, user)).collect();
        Given { turns, ..given.clone() }
    }

    /// The same situation with other numbers of chats of two users, whose loads the two sides may compare differently.
    fn busier(&self, given: &Given) -> impl Iterator<Item = Given> {
        let mut given = given.clone();
        // Those who are offline may be chosen too.
        for user in (0..).map(UserId).take(self.union.users.len().min(MAX_BUSY)) {
            if self.is_common(user) && !given.users.iter().any(|known| known.user == user) {
                let presence = Presence::Offline;
                given.users.push(GivenUser { user, presence, chats: 0, idle: None });
            }
        }
        let count = if self.has_other_loads() { given.users.len().min(MAX_BUSY) } else { 0 };
        let room = |at: usize| -> u32 {
            let Some(user) = given.users.get(at) else { return 0 };
            let capacities = self.inboxes.iter().filter_map(|inbox| inbox.user(user.user).capacity);
            capacities.min().unwrap_or(MAX_CHATS).min(MAX_CHATS)
        };
        let mut busier = Vec::new();
        for one in 0..count {
            for other in one + 1..count {
                for (chats, other_chats) in
                    (0..room(one)).flat_map(|chats| (0..room(other)).map(move |other| (chats, other)))
                {
                    let mut given = given.clone();
                    for (at, chats) in [(one, chats), (other, other_chats)] {
                        if let Some(user) = given.users.get_mut(at) {
                            user.chats = chats;
                        }
                    }
                    busier.push(given);
                }
            }
        }
        busier.into_iter()
    }

    /// Whether some user's capacity or weight differs.
    fn has_other_loads(&self) -> bool {
        let [old, new] = self.inboxes.map(|inbox| inbox.users.iter());
        old.zip(new).any(|(old, new)| (old.capacity, old.weight) != (new.capacity, new.weight))
    }

    fn is_common(&self, user: UserId) -> bool {
        self.inboxes.iter().all(|inbox| !inbox.user(user).id.is_empty())
    }

    fn common_groups(&self) -> impl Iterator<Item = GroupId> {
        let groups = (0..).map(GroupId).take(self.union.groups.len());
        groups.filter(|group| self.inboxes.iter().all(|inbox| !inbox.group(*group).name.is_empty()))
    }

    /// Whether the alternatives that are tried when nobody answers choose the same users: the two inboxes may have
    /// different members.
    fn is_same_later(
        &self,
        sides: [(&Policy, &Inbox); 2],
        decisions: [&Decision; 2],
        situation: &Situation,
        seed: u64,
    ) -> bool {
        if self.reverted.is_empty() {
            return true;
        }
        let later = |(policy, inbox): (&Policy, &Inbox), decision: &Decision| -> Option<Decision> {
            let situation = Situation { resume: Some(decision.resume_request()?), ..situation.clone() };
            decide(policy, inbox, &situation, &mut dice(seed, None)).ok()
        };
        let ([old_side, new_side], [old, new]) = (sides, decisions);
        match (later(old_side, old), later(new_side, new)) {
            (Some(old), Some(new)) => {
                is_same_assignment(old.assign.as_ref(), new.assign.as_ref())
                    && self.is_same_later(sides, [&old, &new], situation, seed)
            }
            (old, new) => old.is_none() && new.is_none(),
        }
    }
}

/// Whether the same user takes the chat as a member of the same group, or it waits in the same queue.
fn is_same_assignment(old: Option<&Assignment>, new: Option<&Assignment>) -> bool {
    match (old, new) {
        (
            Some(Assignment::User { user, group, by, .. }),
            Some(Assignment::User { user: new_user, group: new_group, by: new_by, .. }),
        ) => (user, group, by) == (new_user, new_group, new_by),
        (
            Some(Assignment::Queue { group, by, .. }),
            Some(Assignment::Queue { group: new_group, by: new_by, .. }),
        ) => (group, by) == (new_group, new_by),
        (old, new) => old == new,
    }
}
