//! When two rules do not do the same, in formulas.

use super::super::alike::{is_same_choice, is_same_course};
use super::duty::Duty;
use super::{Among, Charted, Formula, Formulas, Heads, Space};
use crate::inbox::UserId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Alternative, Assign, GroupTarget, Target};

/// Whom a choice considers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Considered {
    Everyone,
    Those(Heads),
}

impl Space<'_> {
    /// The assignments of these rules, by their places in the policies, do not do the same. A choice that falls on the
    /// same user now may fall on another when chats, turns or dice are others: it is the same only where the same users
    /// are considered.
    pub(in crate::prove) fn assigned_unlike(&mut self, old: usize, new: usize) -> Formula {
        let duty = |charted: Option<&Charted<'_>>, rule: usize| {
            charted
                .and_then(|charted| charted.rules.get(rule))
                .map(|rule| rule.duty.clone())
                .unwrap_or_default()
        };
        let (old_duty, new_duty) = (duty(self.policies.first(), old), duty(self.policies.get(1), new));
        let assign = |charted: Option<&Charted<'_>>, rule: usize| {
            let rule = charted.and_then(|charted| charted.policy.rules.get(rule));
            rule.and_then(|rule| rule.assign.clone())
        };
        let (old, new) = (assign(self.policies.first(), old), assign(self.policies.get(1), new));
        let (Some(old), Some(new)) = (old, new) else { return Formulas::TRUE };
        let mut unlike = Vec::new();
        for (here, this) in self.taken(&old_duty).into_iter().enumerate() {
            for (there, that) in self.taken(&new_duty).into_iter().enumerate() {
                let goes_on_alike = match (rest(&old, here), rest(&new, there)) {
                    (Some((this, old)), Some((that, new))) => this == that && is_same_course(old, new),
                    (old, new) => old.is_none() && new.is_none(),
                };
                let chosen = match (old.alternatives.get(here), new.alternatives.get(there)) {
                    (Some(old), Some(new)) if goes_on_alike => self.chosen_unlike(&old.target, &new.target),
                    _ => Formulas::TRUE,
                };
                let both = self.formulas.and([this, that, chosen]);
                unlike.push(both);
            }
        }
        // Where nobody is found, the chat waits in the queue of the group that was named last.
        let (old_waits, new_waits) = (self.waits(&old_duty), self.waits(&new_duty));
        let waits_alike = last_group(&old) == last_group(&new);
        let both = self.formulas.and([old_waits, new_waits]);
        let either = self.formulas.or([old_waits, new_waits]);
        let not_both = self.formulas.not(both);
        unlike.push(self.formulas.and([either, if waits_alike { not_both } else { Formulas::TRUE }]));
        self.formulas.or(unlike)
    }

    /// For each alternative: it is the one that is tried and has somebody.
    fn taken(&mut self, duty: &Duty) -> Vec<Formula> {
        duty.alternatives.iter().map(|turn| self.formulas.and([turn.tried, turn.found])).collect()
    }

    fn waits(&mut self, duty: &Duty) -> Formula {
        let taken = self.taken(duty);
        let any = self.formulas.or(taken);
        self.formulas.not(any)
    }

    fn chosen_unlike(&mut self, old: &Target, new: &Target) -> Formula {
        match (old, new) {
            (Target::Group(old), Target::Group(new)) if is_same_choice(old, new) => Formulas::FALSE,
            (Target::Group(old), Target::Group(new)) if old.group == new.group && old.by == new.by => {
                self.considered_unlike(old, new)
            }
            (old, new) => Formulas::constant(old != new),
        }
    }

    /// Not the same users are considered.
    fn considered_unlike(&mut self, old: &GroupTarget, new: &GroupTarget) -> Formula {
        let mut unlike = Vec::new();
        for (this_asked, this_among) in self.pools(old) {
            for (that_asked, that_among) in self.pools(new) {
                for (this_when, this) in self.considered(old.among, this_among) {
                    for (that_when, that) in self.considered(new.among, that_among) {
                        let others = self.others((this, this_among), (that, that_among));
                        unlike
                            .push(self.formulas.and([this_asked, that_asked, this_when, that_when, others]));
                    }
                }
            }
        }
        self.formulas.or(unlike)
    }

    /// Whom a pool consists of, and when.
    fn considered(&mut self, pool: Option<Eligibility>, among: Among) -> Vec<(Formula, Considered)> {
        let all = |considered| vec![(Formulas::TRUE, considered)];
        match pool {
            Some(Eligibility::Everyone) => all(Considered::Everyone),
            Some(Eligibility::Online) => all(Considered::Those(Heads::Online)),
            Some(Eligibility::Available) => all(Considered::Those(Heads::Available)),
            None => {
                let [available, online] =
                    [Heads::Available, Heads::Online].map(|of| self.heads(of, among, 1));
                let (none_available, none_online) = (self.formulas.not(available), self.formulas.not(online));
                vec![
                    (available, Considered::Those(Heads::Available)),
                    (self.formulas.and([none_available, online]), Considered::Those(Heads::Online)),
                    (none_online, Considered::Everyone),
                ]
            }
        }
    }

    /// Somebody is considered here and not there.
    fn others(&mut self, old: (Considered, Among), new: (Considered, Among)) -> Formula {
        let (here, there) = (self.people.users(old.1).to_vec(), self.people.users(new.1).to_vec());
        let (both, only_old): (Vec<UserId>, Vec<UserId>) = here.iter().partition(|user| there.contains(user));
        let only_new = there.into_iter().filter(|user| !here.contains(user)).collect();
        let both = self.people.among(both);
        let parts =
            [self.some(old.0, only_old), self.some(new.0, only_new), self.some_only(old.0, new.0, both)];
        self.formulas.or(parts)
    }

    fn some(&mut self, considered: Considered, users: Vec<UserId>) -> Formula {
        match considered {
            Considered::Everyone => Formulas::constant(!users.is_empty()),
            Considered::Those(of) => {
                let among = self.people.among(users);
                self.heads(of, among, 1)
            }
        }
    }

    /// Somebody `among` them is considered in one way and not in the other.
    fn some_only(&mut self, old: Considered, new: Considered, among: Among) -> Formula {
        let size = self.people.size(among);
        match (old, new) {
            (old, new) if old == new => Formulas::FALSE,
            (Considered::Everyone, Considered::Those(of)) | (Considered::Those(of), Considered::Everyone) => {
                let all = self.heads(of, among, size);
                self.formulas.not(all)
            }
            _ => {
                let fewer: Vec<Formula> = (1..=size)
                    .map(|count| {
                        let [online, available] =
                            [Heads::Online, Heads::Available].map(|of| self.heads(of, among, count));
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
