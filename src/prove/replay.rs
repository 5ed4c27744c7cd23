//! The engine decides a message with both policies, to confirm that the decisions differ.

use std::collections::BTreeSet;

use super::decision_diff::{Difference, RulePair};
use super::equivalence::has_same_alternatives;
use super::example::Example;
use super::when::TimePattern;
use crate::engine::{Assignment, Decision, RuleRef, SentReply, decide};
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::fold;
use crate::policy::{Alternative, Given, Policy, number_of};
use crate::roster::dice;
use crate::situation::given;

/// The most users, and the most seeds of the dice, with which an example is tried.
const MAX_USERS: usize = 64;
const MAX_SEEDS: u64 = 20;

pub(super) struct Replay<'a> {
    pub(super) old: &'a Policy,
    pub(super) new: &'a Policy,
    pub(super) inbox: &'a Inbox,
}

impl Replay<'_> {
    /// The difference that `given` shows, if the rules of `pair` decide it differently; or else one that the same
    /// situation shows with another owner, with choices that fall on another user, or with other dice. The prover knows
    /// nothing about these.
    pub(super) fn confirm(&self, pair: RulePair, given: &Given) -> Option<Difference> {
        let as_given = self.difference(pair, given, 0);
        let others = || {
            let users = || (0..).map(UserId).take(self.inbox.users.len().min(MAX_USERS));
            let owners = users().filter_map(|user| {
                given.owner.filter(|owner| *owner != user)?;
                Some(Given { owner: Some(user), ..given.clone() })
            });
            let favoured = users().map(|user| self.favouring(user, given));
            owners.chain(favoured).find_map(|given| self.difference(pair, &given, 0))
        };
        let seeds = || (1..MAX_SEEDS).find_map(|seed| self.difference(pair, given, seed));
        as_given.or_else(others).or_else(seeds)
    }

    fn difference(&self, pair: RulePair, given: &Given, seed: u64) -> Option<Difference> {
        let mut situation = given::situation(given, self.new, self.inbox);
        if number_of(&self.new.file).is_none()
            && let Some(number) = number_of(&self.old.file)
        {
            situation.number = Some(number.to_owned());
        }
        let decide = |policy: &Policy| decide(policy, self.inbox, &situation, &mut dice(seed, None)).ok();
        let (old, new) = (decide(self.old)?, decide(self.new)?);
        let is_by = |decision: &Decision, policy: &Policy, index: Option<usize>| {
            decision.rule
                == index.and_then(|index| policy.rules.get(index)).map(|rule| RuleRef::of(policy, rule))
        };
        let are_meant = pair.also || (is_by(&old, self.old, pair.old) && is_by(&new, self.new, pair.new));
        if !are_meant || self.is_same(&old, &new) {
            return None;
        }
        let example = Example { given: given.clone(), situation };
        let when = TimePattern::Unknown;
        Some(Difference {
            pair,
            example,
            seed,
            old,
            new,
            only_new_customers: false,
            only_when_nobody_online: false,
            when,
        })
    }

    /// Whether the decisions are the same for the customer and for the users.
    pub(super) fn is_same(&self, old: &Decision, new: &Decision) -> bool {
        let tags =
            |decision: &Decision| -> BTreeSet<_> { decision.tags.iter().map(|tag| fold(tag)).collect() };
        let replies = |decision: &Decision| -> Vec<SentReply> { decision.replies.clone() };
        let same_continuation = match (Self::rest(self.old, old), Self::rest(self.new, new)) {
            (Some((this, old)), Some((that, new))) => this == that && has_same_alternatives(old, new),
            (old, new) => old.is_none() && new.is_none(),
        };
        is_same_assignment(old.assign.as_ref(), new.assign.as_ref())
            && same_continuation
            && replies(old) == replies(new)
            && tags(old) == tags(new)
            && old.priority == new.priority
    }

    /// What is tried when nobody answers in time, and after how many seconds.
    fn rest<'p>(policy: &'p Policy, decision: &Decision) -> Option<(u64, &'p [Alternative])> {
        let resume = decision.resume?;
        let decided = |rule: &&crate::policy::Rule| Some(RuleRef::of(policy, rule)) == decision.rule;
        let assign = policy.rules.iter().find(decided)?.assign.as_ref()?;
        Some((resume.after_seconds, assign.alternatives.get(resume.alternative..)?))
    }

    /// The same situation, changed so that algorithms prefer `user`: the others have just had a message and have more
    /// chats, and it is this user's turn.
    fn favouring(&self, user: UserId, given: &Given) -> Given {
        let mut favoured = given.clone();
        let (groups, inbox) = ((0..).map(GroupId).zip(&self.inbox.groups), self.inbox);
        favoured.turns = groups
            .filter_map(|(id, group)| {
                let index = group.members.iter().position(|member| *member == user)?;
                let before = (index + group.members.len() - 1) % group.members.len();
                Some((id, *group.members.get(before)?))
            })
            .collect();
        for other in favoured.users.iter_mut().filter(|other| other.user != user) {
            other.idle = Some(60);
            let has_room = inbox.user(other.user).capacity.is_none_or(|most| other.chats + 1 < most);
            other.chats += u32::from(has_room);
        }
        favoured
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
