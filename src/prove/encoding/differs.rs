//! When two rules do not do the same, in formulas.

use super::super::equivalence::{has_same_alternatives, is_same_choice};
use super::effect::AssignmentEffect;
use super::{EncodedPolicy, Encoding, Formula, Formulas, UserSetId, UserStatus};
use crate::inbox::UserId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Alternative, Assign, GroupTarget, Target};

/// Whom a choice considers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Candidates {
    Everyone,
    Those(UserStatus),
}

impl Encoding<'_> {
    /// The assignments of these rules, by their places in the policies, do not do the same. A choice that falls on the
    /// same user now may fall on another when chats, turns or dice are others: it is the same only where the same users
    /// are considered.
    pub(in crate::prove) fn assignments_differ(&mut self, old: usize, new: usize) -> Formula {
        let effect = |encoded: Option<&EncodedPolicy<'_>>, rule: usize| {
            encoded
                .and_then(|encoded| encoded.rules.get(rule))
                .map(|rule| rule.effect.clone())
                .unwrap_or_default()
        };
        let (old_duty, new_duty) = (effect(self.policies.first(), old), effect(self.policies.get(1), new));
        let assign = |encoded: Option<&EncodedPolicy<'_>>, rule: usize| {
            let rule = encoded.and_then(|encoded| encoded.policy.rules.get(rule));
            rule.and_then(|rule| rule.assign.clone())
        };
        let (old, new) = (assign(self.policies.first(), old), assign(self.policies.get(1), new));
        let (Some(old), Some(new)) = (old, new) else { return Formulas::TRUE };
        let mut differ = Vec::new();
        for (here, this) in self.taken(&old_duty).into_iter().enumerate() {
            for (there, that) in self.taken(&new_duty).into_iter().enumerate() {
                let same_continuation = match (rest(&old, here), rest(&new, there)) {
                    (Some((this, old)), Some((that, new))) => this == that && has_same_alternatives(old, new),
                    (old, new) => old.is_none() && new.is_none(),
                };
                let chosen = match (old.alternatives.get(here), new.alternatives.get(there)) {
                    (Some(old), Some(new)) if same_continuation => {
                        self.targets_differ(&old.target, &new.target)
                    }
                    _ => Formulas::TRUE,
                };
                let both = self.formulas.and([this, that, chosen]);
                differ.push(both);
            }
        }
        // Where nobody is found, the chat waits in the queue of the group that was named last.
        let (old_waits, new_waits) = (self.waits(&old_duty), self.waits(&new_duty));
        let waits_alike = last_group(&old) == last_group(&new);
        let both = self.formulas.and([old_waits, new_waits]);
        let either = self.formulas.or([old_waits, new_waits]);
        let not_both = self.formulas.not(both);
        differ.push(self.formulas.and([either, if waits_alike { not_both } else { Formulas::TRUE }]));
        self.formulas.or(differ)
    }

    /// For each alternative: it is the one that is tried and has somebody.
    fn taken(&mut self, effect: &AssignmentEffect) -> Vec<Formula> {
        effect.alternatives.iter().map(|turn| self.formulas.and([turn.tried, turn.found])).collect()
    }

    fn waits(&mut self, effect: &AssignmentEffect) -> Formula {
        let taken = self.taken(effect);
        let any = self.formulas.or(taken);
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

    /// Not the same users are considered.
    fn candidates_differ(&mut self, old: &GroupTarget, new: &GroupTarget) -> Formula {
        let mut differ = Vec::new();
        for (this_asked, this_among) in self.pools(old) {
            for (that_asked, that_among) in self.pools(new) {
                for (this_when, this) in self.considered(old.among, this_among) {
                    for (that_when, that) in self.considered(new.among, that_among) {
                        let others = self.others((this, this_among), (that, that_among));
                        differ
                            .push(self.formulas.and([this_asked, that_asked, this_when, that_when, others]));
                    }
                }
            }
        }
        self.formulas.or(differ)
    }

    /// Whom a pool consists of, and when.
    fn considered(&mut self, pool: Option<Eligibility>, among: UserSetId) -> Vec<(Formula, Candidates)> {
        let all = |considered| vec![(Formulas::TRUE, considered)];
        match pool {
            Some(Eligibility::Everyone) => all(Candidates::Everyone),
            Some(Eligibility::Online) => all(Candidates::Those(UserStatus::Online)),
            Some(Eligibility::Available) => all(Candidates::Those(UserStatus::Available)),
            None => {
                let [available, online] =
                    [UserStatus::Available, UserStatus::Online].map(|of| self.heads(of, among, 1));
                let (none_available, none_online) = (self.formulas.not(available), self.formulas.not(online));
                vec![
                    (available, Candidates::Those(UserStatus::Available)),
                    (self.formulas.and([none_available, online]), Candidates::Those(UserStatus::Online)),
                    (none_online, Candidates::Everyone),
                ]
            }
        }
    }

    /// Somebody is considered here and not there.
    fn others(&mut self, old: (Candidates, UserSetId), new: (Candidates, UserSetId)) -> Formula {
        let (here, there) = (self.user_sets.users(old.1).to_vec(), self.user_sets.users(new.1).to_vec());
        let (both, only_old): (Vec<UserId>, Vec<UserId>) = here.iter().partition(|user| there.contains(user));
        let only_new_customers = there.into_iter().filter(|user| !here.contains(user)).collect();
        let both = self.user_sets.among(both);
        let parts = [
            self.some(old.0, only_old),
            self.some(new.0, only_new_customers),
            self.some_only(old.0, new.0, both),
        ];
        self.formulas.or(parts)
    }

    fn some(&mut self, considered: Candidates, users: Vec<UserId>) -> Formula {
        match considered {
            Candidates::Everyone => Formulas::constant(!users.is_empty()),
            Candidates::Those(of) => {
                let among = self.user_sets.among(users);
                self.heads(of, among, 1)
            }
        }
    }

    /// Somebody `among` them is considered in one way and not in the other.
    fn some_only(&mut self, old: Candidates, new: Candidates, among: UserSetId) -> Formula {
        let size = self.user_sets.size(among);
        match (old, new) {
            (old, new) if old == new => Formulas::FALSE,
            (Candidates::Everyone, Candidates::Those(of)) | (Candidates::Those(of), Candidates::Everyone) => {
                let all = self.heads(of, among, size);
                self.formulas.not(all)
            }
            _ => {
                let fewer: Vec<Formula> = (1..=size)
                    .map(|count| {
                        let [online, available] = [UserStatus::Online, UserStatus::Available]
                            .map(|of| self.heads(of, among, count));
                        let short = self.formulas.not(available);
                        self.formulas.and([online, short])
                    })
                    .collect();
                self.formulas.or(fewer)
            }
        }
    }
}

/// What is tried when the alternative at `place` had its time.
fn rest(assign: &Assign, place: usize) -> Option<(u64, &[Alternative])> {
    let timeout = assign.alternatives.get(place)?.timeout?;
    let rest = assign.alternatives.get(place + 1..).filter(|rest| !rest.is_empty())?;
    Some((timeout, rest))
}

fn last_group(assign: &Assign) -> Option<(crate::inbox::GroupId, Algorithm)> {
    assign.alternatives.iter().rev().find_map(|alternative| match &alternative.target {
        Target::Group(target) => Some((target.group, target.by)),
        Target::Owner | Target::User(_) | Target::Nobody => None,
    })
}
