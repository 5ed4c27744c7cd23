//! When two assignments do something different, as a formula.

use std::collections::BTreeMap;

use super::super::equivalence::{has_same_alternatives, is_same_choice};
use super::atom::UserStatus;
use super::effect::AssignmentEffect;
use super::encode::{EncodedRule, Encoding};
use super::formula::{Formula, Formulas};
use super::users::{Capacity, UserSetId};
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Alternative, Assign, GroupTarget, Target};

/// Which members an algorithm chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CandidateFilter {
    Everyone,
    /// Those who have the status on that side of the comparison.
    WithStatus(UserStatus, usize),
}

/// What a choice considers in one case: the users of a set who pass a filter.
pub(super) struct Candidates {
    pub(super) holds: Formula,
    pub(super) filter: CandidateFilter,
    pub(super) set: UserSetId,
}

impl Encoding<'_> {
    /// That the assignments of these rules do something different.
    ///
    /// Two choices from a group are the same only if they have the same candidates: with other candidates they may fall
    /// on the same user now, and on different ones after another chat, turn or throw of the dice.
    pub(in crate::prove) fn assignments_differ(&mut self, old: &EncodedRule, new: &EncodedRule) -> Formula {
        let (Some(old_assign), Some(new_assign)) = (&old.rule.assign, &new.rule.assign) else {
            return Formulas::TRUE;
        };
        let mut differ = Vec::new();
        let old_chosen = self.chosen(&old.effect);
        let new_chosen = self.chosen(&new.effect);
        for (old_at, (old_alternative, old_holds)) in
            old_assign.alternatives.iter().zip(&old_chosen).enumerate()
        {
            for (new_at, (new_alternative, new_holds)) in
                new_assign.alternatives.iter().zip(&new_chosen).enumerate()
            {
                let rests = (rest(old_assign, old_at), rest(new_assign, new_at));
                let differs = if is_same_continuation(rests.0, rests.1) {
                    let now = self.targets_differ(&old_alternative.target, &new_alternative.target);
                    let later = self.continuations_differ(rests);
                    self.formulas.or([now, later])
                } else {
                    Formulas::TRUE
                };
                differ.push(self.formulas.and([*old_holds, *new_holds, differs]));
            }
        }
        // Where nobody is found, the chat waits in the queue of the last group of the assignment.
        let (old_waits, new_waits) = (self.none_of(old_chosen), self.none_of(new_chosen));
        let either = self.formulas.or([old_waits, new_waits]);
        let only_one = {
            let both = self.formulas.and([old_waits, new_waits]);
            self.formulas.not(both)
        };
        let is_same_queue = queue(old_assign) == queue(new_assign);
        let differs = if is_same_queue { only_one } else { Formulas::TRUE };
        differ.push(self.formulas.and([either, differs]));
        self.formulas.or(differ)
    }

    /// That alternatives which are tried when nobody has answered, and are the same but for the inbox, choose differently.
    fn continuations_differ(&mut self, rests: (Continuation, Continuation)) -> Formula {
        let (Some((_, old)), Some((_, new))) = rests else { return Formulas::FALSE };
        let mut differ = Vec::new();
        for (old, new) in old.iter().zip(new) {
            differ.push(self.targets_differ(&old.target, &new.target));
        }
        self.formulas.or(differ)
    }

    /// For each alternative: that it is the one that takes the chat.
    fn chosen(&mut self, effect: &AssignmentEffect) -> Vec<Formula> {
        let alternatives = effect.alternatives.iter();
        alternatives.map(|alternative| self.formulas.and([alternative.tried, alternative.found])).collect()
    }

    fn none_of(&mut self, formulas: Vec<Formula>) -> Formula {
        let any = self.formulas.or(formulas);
        self.formulas.not(any)
    }

    /// That both find somebody and do something different.
    fn targets_differ(&mut self, old: &Target, new: &Target) -> Formula {
        match (old, new) {
            (Target::Group(old), Target::Group(new)) if old.group == new.group && old.by == new.by => {
                let is_same = is_same_choice(old, new) && !self.is_changed_group(old.group);
                if is_same || old.by == Algorithm::Hand {
                    return Formulas::FALSE;
                }
                // Whether the owner makes a difference to the pool is left to the engine.
                if old.excepts_owner() || new.excepts_owner() {
                    return Formulas::TRUE;
                }
                let candidates = [self.candidates_of(0, old), self.candidates_of(1, new)];
                let candidates_differ = self.candidates_differ(&candidates);
                let choice_differs = self.choice_differs(old.group, old.by, &candidates);
                self.formulas.or([candidates_differ, choice_differs])
            }
            (old, new) => Formulas::constant(old != new),
        }
    }

    /// Whether the two sides have different members in the group, or know different things about them.
    pub(super) fn is_changed_group(&self, group: GroupId) -> bool {
        let [old, new] = self.sides;
        if std::ptr::eq(old, new) {
            return false;
        }
        let known = |side: &Inbox, user: UserId| {
            let user = side.user(user);
            (user.capacity, user.weight, user.skills.clone())
        };
        let members = &old.group(group).members;
        *members != new.group(group).members
            || members.iter().any(|user| known(old, *user) != known(new, *user))
    }

    pub(super) fn candidates_of(&mut self, side: usize, target: &GroupTarget) -> Vec<Candidates> {
        self.side = side;
        self.candidates(target)
    }

    fn candidates_differ(&mut self, [old, new]: &[Vec<Candidates>; 2]) -> Formula {
        let mut differ = Vec::new();
        for old in old {
            for new in new {
                let differs = self.filtered_sets_differ(old, new);
                differ.push(self.formulas.and([old.holds, new.holds, differs]));
            }
        }
        self.formulas.or(differ)
    }

    /// What a choice considers; the condition of each case.
    fn candidates(&mut self, target: &GroupTarget) -> Vec<Candidates> {
        let mut candidates = Vec::new();
        for (required, set) in self.pools(target) {
            for (holds, filter) in self.filters(target.among, set) {
                let holds = self.formulas.and([required, holds]);
                candidates.push(Candidates { holds, filter, set });
            }
        }
        candidates
    }

    fn filters(&mut self, among: Option<Eligibility>, set: UserSetId) -> Vec<(Formula, CandidateFilter)> {
        let side = self.side;
        let with = |status| CandidateFilter::WithStatus(status, side);
        let always = |filter| vec![(Formulas::TRUE, filter)];
        match among {
            Some(Eligibility::Everyone) => always(CandidateFilter::Everyone),
            Some(Eligibility::Online) => always(with(UserStatus::Online)),
            Some(Eligibility::Available) => always(with(UserStatus::Available)),
            // Those available; if there are none, those online; if there are none, everyone.
            None => {
                let [available, online] =
                    [UserStatus::Available, UserStatus::Online].map(|status| self.user_count(status, set, 1));
                let (none_available, none_online) = (self.formulas.not(available), self.formulas.not(online));
                vec![
                    (available, with(UserStatus::Available)),
                    (self.formulas.and([none_available, online]), with(UserStatus::Online)),
                    (none_online, CandidateFilter::Everyone),
                ]
            }
        }
    }

    /// That somebody is in one of the sets, after filtering, and not in the other.
    fn filtered_sets_differ(&mut self, old: &Candidates, new: &Candidates) -> Formula {
        let (old_users, new_users) =
            (self.user_sets.users(old.set).to_vec(), self.user_sets.users(new.set).to_vec());
        let (common, only_old): (Vec<UserId>, Vec<UserId>) =
            old_users.iter().partition(|user| new_users.binary_search(user).is_ok());
        let only_new = new_users.into_iter().filter(|user| old_users.binary_search(user).is_err()).collect();
        let parts = [
            self.some_pass(old.filter, only_old),
            self.some_pass(new.filter, only_new),
            self.some_pass_only_one(old.filter, new.filter, common),
        ];
        self.formulas.or(parts)
    }

    pub(super) fn some_pass(&mut self, filter: CandidateFilter, users: Vec<UserId>) -> Formula {
        match filter {
            CandidateFilter::Everyone => Formulas::constant(!users.is_empty()),
            CandidateFilter::WithStatus(status, side) => {
                let set = self.user_sets.intern(users);
                self.count_on(side, status, set, 1)
            }
        }
    }

    /// [`user_count`](Self::user_count) on one side.
    fn count_on(&mut self, side: usize, status: UserStatus, set: UserSetId, at_least: u32) -> Formula {
        self.side = side;
        self.user_count(status, set, at_least)
    }

    /// That some of the users pass one of the filters and not the other.
    fn some_pass_only_one(
        &mut self,
        old: CandidateFilter,
        new: CandidateFilter,
        users: Vec<UserId>,
    ) -> Formula {
        match (old, new) {
            (old, new) if old == new => Formulas::FALSE,
            (CandidateFilter::Everyone, CandidateFilter::WithStatus(status, side))
            | (CandidateFilter::WithStatus(status, side), CandidateFilter::Everyone) => {
                let set = self.user_sets.intern(users);
                let all = self.count_on(side, status, set, self.user_sets.size(set));
                self.formulas.not(all)
            }
            (CandidateFilter::WithStatus(one, one_side), CandidateFilter::WithStatus(other, other_side)) => {
                // Of users whose capacity is alike, those who pass the one filter pass the other, or the other way
                // round, so somebody passes only one where the counts differ.
                let sides = self.sides;
                let mut alike: BTreeMap<Capacity, Vec<UserId>> = BTreeMap::new();
                for user in users {
                    let capacity = Capacity::of(sides.map(|side| side.user(user).capacity));
                    alike.entry(capacity).or_default().push(user);
                }
                let mut differ = Vec::new();
                for users in alike.into_values() {
                    let set = self.user_sets.intern(users);
                    for count in 1..=self.user_sets.size(set) {
                        let one = self.count_on(one_side, one, set, count);
                        let other = self.count_on(other_side, other, set, count);
                        differ.push(self.formulas.xor(one, other));
                    }
                }
                self.formulas.or(differ)
            }
            (CandidateFilter::Everyone, CandidateFilter::Everyone) => Formulas::FALSE,
        }
    }
}

type Continuation<'a> = Option<(u64, &'a [Alternative])>;

/// What is tried when the alternative at `index` has timed out, and after how many seconds.
fn rest(assign: &Assign, index: usize) -> Continuation<'_> {
    let timeout = assign.alternatives.get(index)?.timeout?;
    let rest = assign.alternatives.get(index + 1..).filter(|rest| !rest.is_empty())?;
    Some((timeout, rest))
}

fn is_same_continuation(old: Continuation, new: Continuation) -> bool {
    match (old, new) {
        (Some((old_timeout, old)), Some((new_timeout, new))) => {
            old_timeout == new_timeout && has_same_alternatives(old, new)
        }
        (old, new) => old.is_none() && new.is_none(),
    }
}

/// The group in whose queue the chat waits if nobody is found, and the algorithm that the decision names.
fn queue(assign: &Assign) -> Option<(GroupId, Algorithm)> {
    assign.last_group().map(|target| (target.group, target.by))
}
