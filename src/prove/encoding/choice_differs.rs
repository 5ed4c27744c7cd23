//! When a choice from the same candidates falls on another user, because the two inboxes know different things about the
//! group, as a formula; and when a name that a reply writes is another.

use std::collections::{BTreeSet, HashMap};

use super::Encoding;
use super::atom::{Atom, Person};
use super::differs::Candidates;
use super::formula::{Formula, Formulas};
use super::users::UserSets;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Assign, GroupTarget, Placeholder, Reply, Rule, Target, TemplatePart};

/// The most pairs of members that are compared one by one, and the largest groups in which they are looked for.
const MAX_PAIRS: usize = 64;
const MAX_MEMBERS: usize = 300;

impl Encoding<'_> {
    /// That the algorithm may choose another user of the same candidates: two of them are a pair that the sides treat
    /// differently.
    pub(super) fn choice_differs(
        &mut self,
        group: GroupId,
        by: Algorithm,
        [old, new]: &[Vec<Candidates>; 2],
    ) -> Formula {
        let [old_side, new_side] = self.sides;
        let [old_members, new_members] = self.sides.map(|side| side.group(group).members.as_slice());
        if old_members.len().max(new_members.len()) > MAX_MEMBERS {
            return Formulas::constant(self.is_changed_choice(group, by));
        }
        let new_only: BTreeSet<UserId> = new_members.iter().copied().collect();
        let common: Vec<UserId> =
            old_members.iter().copied().filter(|user| new_only.contains(user)).collect();
        let [old_turns, new_turns] = [old_members, new_members].map(TurnOrder::of);
        let turns: Vec<Option<UserId>> =
            old_members.iter().chain(new_members).copied().map(Some).chain([None]).collect();
        let turns_matter = uses_turns(by) && old_members != new_members;
        let is_next_differs = |one: UserId, other: UserId| {
            let is_first = |order: &TurnOrder, turn: &Option<UserId>| order.is_first(*turn, one, other);
            turns.iter().any(|turn| is_first(&old_turns, turn) != is_first(&new_turns, turn))
        };
        let [old_shares, new_shares] = [old_side, new_side].map(|side| shares(side, group, by));
        let share_differs = |one: UserId, other: UserId| {
            let ratio = |these: &HashMap<UserId, u64>| Some([*these.get(&one)?, *these.get(&other)?]);
            match (ratio(&old_shares), ratio(&new_shares)) {
                (Some([one, other]), Some([new_one, new_other])) => one * new_other != other * new_one,
                _ => false,
            }
        };
        let each = common.iter().enumerate();
        let each = each.flat_map(|(nth, one)| common.iter().skip(nth + 1).map(|other| [*one, *other]));
        let is_pair = |[one, other]: &[UserId; 2]| {
            share_differs(*one, *other) || (turns_matter && is_next_differs(*one, *other))
        };
        let pairs: Vec<_> = each.filter(is_pair).take(MAX_PAIRS + 1).collect();
        if pairs.len() > MAX_PAIRS {
            return Formulas::TRUE;
        }
        let mut differ = Vec::new();
        for old in old {
            for new in new {
                for pair in &pairs {
                    let pass = pair.map(|user| [self.passes(old, user), self.passes(new, user)]);
                    let all = pass.into_iter().flatten().chain([old.holds, new.holds]);
                    differ.push(self.formulas.and(all));
                }
            }
        }
        self.formulas.or(differ)
    }

    /// Whether the two sides have different lists of members, or know different things that the algorithm uses.
    fn is_changed_choice(&self, group: GroupId, by: Algorithm) -> bool {
        let [old, new] = self.sides;
        let members = &old.group(group).members;
        let is_changed = |user: &UserId| {
            let (old, new) = (old.user(*user), new.user(*user));
            match by {
                Algorithm::Weighted => old.weight != new.weight,
                Algorithm::LeastLoad => old.capacity != new.capacity,
                _ => false,
            }
        };
        (uses_turns(by) && *members != new.group(group).members) || members.iter().any(is_changed)
    }

    fn passes(&mut self, candidates: &Candidates, user: UserId) -> Formula {
        let is_in = self.user_sets.contains(candidates.set, user);
        if is_in { self.some_pass(candidates.filter, vec![user]) } else { Formulas::FALSE }
    }

    /// Whether the effect of a rule depends on something that the two inboxes say differently.
    pub(in crate::prove) fn depends_on_side(&self, rule: &Rule) -> bool {
        let targets = rule.assign.iter().flat_map(|assign| &assign.alternatives);
        let mut targets = targets.map(|alternative| &alternative.target);
        let later = rule.later().iter().flat_map(|later| &later.replies);
        let mut parts = rule.replies.iter().chain(later).flat_map(|reply| &reply.template.0);
        targets.any(|target| match target {
            Target::Owner { among } => {
                !self.one_sided().is_empty()
                    || (*among == Some(Eligibility::Available) && self.has_other_capacities(None))
            }
            Target::User { user, among } => {
                *among == Some(Eligibility::Available) && self.has_other_capacities(Some(*user))
            }
            Target::Group(target) => self.is_changed_group(target.group),
            Target::Nobody => false,
        }) || (self.has_renamed() && parts.any(is_name))
    }

    /// Whether the capacity of the user, or of some user, differs.
    fn has_other_capacities(&self, of: Option<UserId>) -> bool {
        let [old, new] = self.sides;
        let differs = |user: UserId| old.user(user).capacity != new.user(user).capacity;
        match of {
            Some(user) => differs(user),
            None => (0..).map(UserId).take(self.inbox.users.len()).any(differs),
        }
    }

    /// Whether the two sides have other users, or other members of a group, or know different things about them.
    pub(in crate::prove) fn has_other_people(&self) -> bool {
        let [old, new] = self.sides;
        !std::ptr::eq(old, new) && (old.users != new.users || old.groups != new.groups)
    }

    /// That somebody has the open chat, where choices of these `move` rules may differ only because that user is left
    /// out: with fewer candidates a choice may fall back on others.
    pub(in crate::prove) fn choices_depend_on_chat(&mut self, old: &Rule, new: &Rule) -> Formula {
        let mut each = groups(old).flat_map(|old| groups(new).map(move |new| (old, new)));
        let may_depend = each.any(|(old, new)| {
            let is_of_same = old.group == new.group && old.by == new.by && old.by != Algorithm::Hand;
            is_of_same && !self.is_pool_alike(old, new)
        });
        if may_depend { self.somebody_has_chat() } else { Formulas::FALSE }
    }

    /// Whether both choose from the same pool, in which the same users are available.
    fn is_pool_alike(&mut self, old: &GroupTarget, new: &GroupTarget) -> bool {
        if self.is_changed_group(old.group) {
            return false;
        }
        let [old, new] = [(0, old), (1, new)].map(|(side, target)| {
            self.side = side;
            self.pools(target)
        });
        old == new
    }

    /// Whether some user has another name, or is a user of only one side.
    pub(in crate::prove) fn has_renamed(&self) -> bool {
        let [old, new] = self.sides;
        !std::ptr::eq(old, new) && old.users.iter().zip(&new.users).any(|(old, new)| old.name != new.name)
    }

    /// That a name which `reply` writes is another, although both sides have the same reply. `assign` is what the rules
    /// with it do on both sides.
    pub(in crate::prove) fn names_differ(&mut self, reply: &Reply, assign: Option<[&Assign; 2]>) -> Formula {
        let mut differ = Vec::new();
        for part in &reply.template.0 {
            let TemplatePart::Placeholder { value, .. } = part else { continue };
            match value {
                Placeholder::OwnerName => differ.push(self.renamed(Person::Owner)),
                Placeholder::UserName => {
                    let renamed = self.renamed_users();
                    let targets = assign.iter().flatten().flat_map(|assign| &assign.alternatives);
                    let mut taken = Vec::new();
                    for target in targets.map(|alternative| &alternative.target) {
                        taken.push(self.may_be_taken_by(target, &renamed));
                    }
                    differ.extend(taken);
                }
                _ => {}
            }
        }
        self.formulas.or(differ)
    }

    /// That the person has another name, or is a user of only one side.
    pub(in crate::prove) fn renamed(&mut self, person: Person) -> Formula {
        let renamed = self.renamed_users();
        let mut parts = vec![self.person_in(person, renamed)];
        let sides: BTreeSet<usize> = self.one_sided().values().copied().collect();
        parts.extend(sides.into_iter().map(|side| self.formulas.atom(Atom::PersonOnlyIn(person, side))));
        self.formulas.or(parts)
    }

    /// The users of both sides who have another name on each.
    fn renamed_users(&self) -> Vec<UserId> {
        let [old, new] = self.sides;
        let is_renamed = |user: &UserId| old.user(*user).name != new.user(*user).name;
        self.user_sets.users(UserSets::EVERYBODY).iter().copied().filter(is_renamed).collect()
    }

    /// That one of `users` may take the chat by `target`.
    fn may_be_taken_by(&mut self, target: &Target, users: &[UserId]) -> Formula {
        match target {
            Target::Owner { .. } => self.person_in(Person::Owner, users.to_vec()),
            Target::User { user, .. } => Formulas::constant(users.contains(user)),
            Target::Group(target) if target.by != Algorithm::Hand => {
                let mut any = Vec::new();
                for candidates in self.candidates_of(1, target) {
                    let here = users.iter().copied();
                    let here: Vec<_> =
                        here.filter(|user| self.user_sets.contains(candidates.set, *user)).collect();
                    let pass = self.some_pass(candidates.filter, here);
                    any.push(self.formulas.and([candidates.holds, pass]));
                }
                self.formulas.or(any)
            }
            _ => Formulas::FALSE,
        }
    }
}

/// The groups that the rule assigns.
fn groups(rule: &Rule) -> impl Iterator<Item = &GroupTarget> {
    let alternatives = rule.assign.iter().flat_map(|assign| &assign.alternatives);
    alternatives.filter_map(|alternative| match &alternative.target {
        Target::Group(target) => Some(target),
        _ => None,
    })
}

/// Whether a part of a reply is the name of a user.
fn is_name(part: &TemplatePart) -> bool {
    matches!(part, TemplatePart::Placeholder { value: Placeholder::OwnerName | Placeholder::UserName, .. })
}

/// Whether the order in which members take turns matters, at least where numbers are equal.
fn uses_turns(by: Algorithm) -> bool {
    !matches!(by, Algorithm::Random | Algorithm::Weighted | Algorithm::Hand)
}

/// The place of each member in the turn order.
struct TurnOrder(HashMap<UserId, usize>);

impl TurnOrder {
    fn of(members: &[UserId]) -> Self {
        Self(members.iter().copied().zip(0..).collect())
    }

    /// Whether `one` comes before `other` after the turn of `turn`.
    fn is_first(&self, turn: Option<UserId>, one: UserId, other: UserId) -> bool {
        let place = |user: UserId| self.0.get(&user).copied();
        let start = turn.and_then(place).map_or(0, |place| place + 1);
        let length = self.0.len().max(1);
        let distance = |user: UserId| place(user).map(|place| (place + length - start) % length);
        distance(one) < distance(other)
    }
}

/// What each member's part is in a choice that weighs them; nothing where the algorithm does not weigh.
fn shares(side: &Inbox, group: GroupId, by: Algorithm) -> HashMap<UserId, u64> {
    let members = &side.group(group).members;
    let largest = members.iter().filter_map(|user| side.user(*user).capacity).max().unwrap_or(1);
    let share = |user: UserId| match by {
        Algorithm::Weighted => Some(side.user(user).weight),
        // Who has no capacity counts with the largest one of the group.
        Algorithm::LeastLoad => Some(side.user(user).capacity.unwrap_or(largest)),
        _ => None,
    };
    members.iter().filter_map(|user| Some((*user, share(*user)?.into()))).collect()
}
