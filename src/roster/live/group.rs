//! A group, now: its turn, its queue, how many are there, and those whom choices have considered so far.

use std::collections::BTreeMap;

use rand::Rng;

use super::candidates::Candidates;
use super::live_state::{Availability, StateChange};
use super::members::GroupMembers;
use super::users::{SkillId, Users};
use crate::inbox::UserId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::pick::Pick;

/// A group, now.
#[derive(Debug, Clone, Default)]
pub(super) struct LiveGroup {
    pub(super) name: String,
    /// In turn order.
    pub(super) members: Vec<UserId>,
    /// Chats without a user.
    pub(super) waiting: u32,
    pub(super) counts: PresenceCounts,
    last_turn: Option<UserId>,
    /// The place that has the next turn.
    turn: usize,
    /// How many members have each capacity.
    capacities: BTreeMap<u32, usize>,
    /// One for each filter that was asked.
    indexes: Vec<MemberIndex>,
}

/// How many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PresenceCounts {
    pub(super) online: u64,
    pub(super) available: u64,
}

/// Some of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MemberFilter {
    /// All members.
    All,
    /// Those with the skill.
    Skilled(SkillId),
}

/// A filter of a group, by those among it.
#[derive(Debug, Clone)]
pub(super) struct MemberIndex {
    filter: MemberFilter,
    everyone: Candidates,
    online: Candidates,
    available: Candidates,
}

impl LiveGroup {
    /// Of that name, without members yet.
    pub(super) fn new(name: &str, waiting: u32, last_turn: Option<UserId>) -> Self {
        Self { name: name.to_owned(), waiting, last_turn, ..Self::default() }
    }

    /// The group has these members from now on.
    pub(super) fn set_members(&mut self, members: Vec<UserId>, users: &Users) {
        self.members = members;
        self.indexes.clear();
        self.capacities.clear();
        self.counts = PresenceCounts::default();
        for state in self.members.iter().filter_map(|member| users.state(*member)) {
            self.counts.change(Availability::default(), state.availability());
            change_count(&mut self.capacities, None, state.capacity);
        }
        self.set_last_turn(self.last_turn);
    }

    /// Who had the last turn.
    pub(super) fn last_turn(&self) -> Option<UserId> {
        self.last_turn
    }

    /// Gives the last turn to that user, who may not be a member.
    pub(super) fn set_last_turn(&mut self, last: Option<UserId>) {
        let place = last.and_then(|last| self.members.iter().position(|member| *member == last));
        self.last_turn = last;
        self.turn = place.map_or(0, |place| place + 1);
    }

    /// Gives the last turn to the member at `place`.
    pub(super) fn move_turn(&mut self, place: usize) {
        self.last_turn = self.members.get(place).copied();
        self.turn = place + 1;
    }

    /// Something happens to the member at `place`.
    pub(super) fn update(&mut self, place: usize, change: &StateChange) {
        self.counts.change(change.was, change.is);
        change_count(&mut self.capacities, change.before.capacity, change.after.capacity);
        for index in &mut self.indexes {
            index.update(place, change);
        }
    }

    /// Chooses one of the filter, of those among it.
    pub(super) fn choose(
        &mut self,
        filter: MemberFilter,
        by: Algorithm,
        among: Option<Eligibility>,
        users: &Users,
        dice: &mut dyn Rng,
    ) -> Option<Pick> {
        let Self { members, indexes, turn, capacities, .. } = self;
        let index = index(indexes, members, filter, users)?;
        let largest_capacity = || capacities.last_key_value().map(|(most, _)| *most);
        let members = GroupMembers { ids: members, users };
        let (place, decided_by) = index.among(among).pick(by, *turn, largest_capacity, members, dice)?;
        Some(Pick { user: members.user(place)?, decided_by })
    }

    /// The filter, laid out if it is the first time.
    pub(super) fn index(&mut self, filter: MemberFilter, users: &Users) -> Option<&mut MemberIndex> {
        index(&mut self.indexes, &self.members, filter, users)
    }
}

fn index<'a>(
    indexes: &'a mut Vec<MemberIndex>,
    members: &[UserId],
    filter: MemberFilter,
    users: &Users,
) -> Option<&'a mut MemberIndex> {
    if !indexes.iter().any(|index| index.filter == filter) {
        indexes.push(MemberIndex::of(members, filter, users));
    }
    indexes.iter_mut().find(|index| index.filter == filter)
}

impl MemberIndex {
    fn of(members: &[UserId], filter: MemberFilter, users: &Users) -> Self {
        let belongs = |member| match filter {
            MemberFilter::All => true,
            MemberFilter::Skilled(skill) => users.has_skill(member, skill),
        };
        let candidates = |among| {
            let is_one = |member: &UserId| {
                belongs(*member) && users.state(*member).is_some_and(|state| state.is_eligible(among))
            };
            Candidates::of(members.iter().map(is_one))
        };
        Self {
            filter,
            everyone: candidates(Eligibility::Everyone),
            online: candidates(Eligibility::Online),
            available: candidates(Eligibility::Available),
        }
    }

    /// Those among them; if nothing is said, the first of those available, those online and everyone that has somebody.
    fn among(&mut self, among: Option<Eligibility>) -> &mut Candidates {
        let has_somebody = |among: &Eligibility| self.count(*among) > 0;
        let first = || [Eligibility::Available, Eligibility::Online].into_iter().find(has_somebody);
        match among.or_else(first).unwrap_or(Eligibility::Everyone) {
            Eligibility::Everyone => &mut self.everyone,
            Eligibility::Online => &mut self.online,
            Eligibility::Available => &mut self.available,
        }
    }

    /// How many are among them.
    pub(super) fn count(&self, among: Eligibility) -> u64 {
        match among {
            Eligibility::Everyone => self.everyone.count(),
            Eligibility::Online => self.online.count(),
            Eligibility::Available => self.available.count(),
        }
    }

    fn update(&mut self, place: usize, change: &StateChange) {
        if self.filter == MemberFilter::All || self.everyone.contain(place) {
            self.everyone.update(place, change, |_| true);
            self.online.update(place, change, |availability| availability.online);
            self.available.update(place, change, |availability| availability.available);
        }
    }
}

impl PresenceCounts {
    /// Which of those somebody was one of, and is.
    pub(super) fn change(&mut self, was: Availability, is: Availability) {
        self.online = self.online + u64::from(is.online) - u64::from(was.online);
        self.available = self.available + u64::from(is.available) - u64::from(was.available);
    }
}

fn change_count(capacities: &mut BTreeMap<u32, usize>, before: Option<u32>, after: Option<u32>) {
    if before == after {
        return;
    }
    if let Some(count) = before.and_then(|before| capacities.get_mut(&before)) {
        *count -= 1;
        if let (0, Some(before)) = (*count, before) {
            capacities.remove(&before);
        }
    }
    if let Some(after) = after {
        *capacities.entry(after).or_default() += 1;
    }
}
