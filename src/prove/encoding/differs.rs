//! When two assignments do something different, as a formula.

use super::super::equivalence::{has_same_alternatives, is_same_choice};
use super::atom::UserStatus;
use super::effect::AssignmentEffect;
use super::encode::{EncodedRule, Encoding};
use super::formula::{Formula, Formulas};
use super::users::UserSetId;
use crate::inbox::{GroupId, UserId};
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Alternative, Assign, GroupTarget, Target};

/// Which members an algorithm chooses from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum CandidateFilter {
    Everyone,
    WithStatus(UserStatus),
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
                let differs = if is_same_continuation(rest(old_assign, old_at), rest(new_assign, new_at)) {
                    self.targets_differ(&old_alternative.target, &new_alternative.target)
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
        let is_same_queue = last_group(old_assign) == last_group(new_assign);
        let differs = if is_same_queue { only_one } else { Formulas::TRUE };
        differ.push(self.formulas.and([either, differs]));
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

    fn targets_differ(&mut self, old: &Target, new: &Target) -> Formula {
        match (old, new) {
            (Target::Group(old), Target::Group(new)) if is_same_choice(old, new) => Formulas::FALSE,
            (Target::Group(old), Target::Group(new)) if old.group == new.group && old.by == new.by => {
                self.candidates_differ(old, new)
            }
            (old, new) => Formulas::constant(old != new),
        }
    }

    fn candidates_differ(&mut self, old: &GroupTarget, new: &GroupTarget) -> Formula {
        let old_candidates = self.candidates(old);
        let new_candidates = self.candidates(new);
        let mut differ = Vec::new();
        for (old_holds, old_filter, old_set) in &old_candidates {
            for (new_holds, new_filter, new_set) in &new_candidates {
                let differs = self.filtered_sets_differ((*old_filter, *old_set), (*new_filter, *new_set));
                differ.push(self.formulas.and([*old_holds, *new_holds, differs]));
            }
        }
        self.formulas.or(differ)
    }

    /// What a choice considers: the users of a set who pass a filter; and the condition of each case.
    fn candidates(&mut self, target: &GroupTarget) -> Vec<(Formula, CandidateFilter, UserSetId)> {
        let mut candidates = Vec::new();
        for (required, set) in self.pools(target) {
            for (holds, filter) in self.filters(target.among, set) {
                candidates.push((self.formulas.and([required, holds]), filter, set));
            }
        }
        candidates
    }

    fn filters(&mut self, among: Option<Eligibility>, set: UserSetId) -> Vec<(Formula, CandidateFilter)> {
        let always = |filter| vec![(Formulas::TRUE, filter)];
        match among {
            Some(Eligibility::Everyone) => always(CandidateFilter::Everyone),
            Some(Eligibility::Online) => always(CandidateFilter::WithStatus(UserStatus::Online)),
            Some(Eligibility::Available) => always(CandidateFilter::WithStatus(UserStatus::Available)),
            // Those available; if there are none, those online; if there are none, everyone.
            None => {
                let [available, online] =
                    [UserStatus::Available, UserStatus::Online].map(|status| self.user_count(status, set, 1));
                let (none_available, none_online) = (self.formulas.not(available), self.formulas.not(online));
                vec![
                    (available, CandidateFilter::WithStatus(UserStatus::Available)),
                    (
                        self.formulas.and([none_available, online]),
                        CandidateFilter::WithStatus(UserStatus::Online),
                    ),
                    (none_online, CandidateFilter::Everyone),
                ]
            }
        }
    }

    /// That somebody is in one of the sets, after filtering, and not in the other.
    fn filtered_sets_differ(
        &mut self,
        old: (CandidateFilter, UserSetId),
        new: (CandidateFilter, UserSetId),
    ) -> Formula {
        let (old_users, new_users) =
            (self.user_sets.users(old.1).to_vec(), self.user_sets.users(new.1).to_vec());
        let (common, only_old): (Vec<UserId>, Vec<UserId>) =
            old_users.iter().partition(|user| new_users.contains(user));
        let only_new = new_users.into_iter().filter(|user| !old_users.contains(user)).collect();
        let common = self.user_sets.intern(common);
        let parts = [
            self.some_pass(old.0, only_old),
            self.some_pass(new.0, only_new),
            self.some_pass_only_one(old.0, new.0, common),
        ];
        self.formulas.or(parts)
    }

    fn some_pass(&mut self, filter: CandidateFilter, users: Vec<UserId>) -> Formula {
        match filter {
            CandidateFilter::Everyone => Formulas::constant(!users.is_empty()),
            CandidateFilter::WithStatus(status) => {
                let set = self.user_sets.intern(users);
                self.user_count(status, set, 1)
            }
        }
    }

    /// That some user of the set passes one of the filters and not the other.
    fn some_pass_only_one(&mut self, old: CandidateFilter, new: CandidateFilter, set: UserSetId) -> Formula {
        let size = self.user_sets.size(set);
        match (old, new) {
            (old, new) if old == new => Formulas::FALSE,
            (CandidateFilter::Everyone, CandidateFilter::WithStatus(status))
            | (CandidateFilter::WithStatus(status), CandidateFilter::Everyone) => {
                let all = self.user_count(status, set, size);
                self.formulas.not(all)
            }
            // Whoever is available is online, so somebody is in only one of the sets where the counts differ.
            _ => {
                let fewer_available = (1..=size).map(|count| {
                    let [online, available] = [UserStatus::Online, UserStatus::Available]
                        .map(|status| self.user_count(status, set, count));
                    let not_available = self.formulas.not(available);
                    self.formulas.and([online, not_available])
                });
                let fewer_available: Vec<Formula> = fewer_available.collect();
                self.formulas.or(fewer_available)
            }
        }
    }
}

/// What is tried when the alternative at `index` has timed out, and after how many seconds.
fn rest(assign: &Assign, index: usize) -> Option<(u64, &[Alternative])> {
    let timeout = assign.alternatives.get(index)?.timeout?;
    let rest = assign.alternatives.get(index + 1..).filter(|rest| !rest.is_empty())?;
    Some((timeout, rest))
}

fn is_same_continuation(old: Option<(u64, &[Alternative])>, new: Option<(u64, &[Alternative])>) -> bool {
    match (old, new) {
        (Some((old_timeout, old)), Some((new_timeout, new))) => {
            old_timeout == new_timeout && has_same_alternatives(old, new)
        }
        (old, new) => old.is_none() && new.is_none(),
    }
}

fn last_group(assign: &Assign) -> Option<(GroupId, Algorithm)> {
    assign.alternatives.iter().rev().find_map(|alternative| match &alternative.target {
        Target::Group(target) => Some((target.group, target.by)),
        Target::Owner | Target::User(_) | Target::Nobody => None,
    })
}
