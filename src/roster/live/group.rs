//! The current state of a group: its members, turn and queue, and the indexes that choices have needed so
//! far.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::Rng;
use smallvec::SmallVec;

use super::candidate_index::CandidateIndex;
use super::live_state::{Availability, StateChange};
use super::members::GroupMembers;
use super::users::{SkillId, Users};
use crate::inbox::UserId;
use crate::language::vocabulary::Eligibility;
use crate::roster::pick::Pick;
use crate::roster::pool::{ChoiceRequest, EmptyPool};

/// The current state of a group.
#[derive(Debug, Clone, Default)]
pub(super) struct LiveGroup {
    pub(super) name: Arc<str>,
    /// In turn order.
    pub(super) members: Vec<UserId>,
    /// The number of chats in its queue.
    pub(super) waiting: u32,
    pub(super) counts: PresenceCounts,
    last_turn: Option<UserId>,
    /// The id of the user who had it, where the roster did not have that user when the group got its turn.
    pub(super) absent_turn: Option<Arc<str>>,
    /// The position of the member who has the next turn; the number of members if the turn returns to the
    /// first.
    turn: usize,
    /// The number of members with each capacity. The largest is the reference of `by least_load`.
    capacities: BTreeMap<u32, usize>,
    /// One for each filter that a choice has used. There are few, so a linear search finds them.
    indexes: Vec<MemberIndex>,
}

/// The number of users who are online and who are available.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PresenceCounts {
    pub(super) online: u64,
    pub(super) available: u64,
}

/// Which members of a group a choice may consider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MemberFilter {
    /// All members.
    All,
    /// The members with the skill.
    Skilled(SkillId),
    /// The members with one skill of each list. The lists and their skills are sorted, so that equal filters
    /// are equal.
    Several(Vec<SmallVec<[SkillId; 2]>>),
}

/// The most indexes of a group for several skills at once. A rule that asks for two attributes of the
/// customer could need one for each pair of skills; beyond this, the oldest is dropped.
const MAX_SEVERAL: usize = 64;

/// The members of a group that a filter lets through, for each eligibility.
#[derive(Debug, Clone)]
pub(super) struct MemberIndex {
    filter: MemberFilter,
    everyone: CandidateIndex,
    online: CandidateIndex,
    available: CandidateIndex,
}

impl LiveGroup {
    /// A group without members.
    pub(super) fn new(name: &Arc<str>, waiting: u32, last_turn: Option<UserId>) -> Self {
        Self { name: Arc::clone(name), waiting, last_turn, ..Self::default() }
    }

    /// Replaces the members of the group. The indexes are dropped, because positions change.
    pub(super) fn set_members(&mut self, members: Vec<UserId>, users: &Users) {
        self.members = members;
        self.indexes.clear();
        self.capacities.clear();
        self.counts = PresenceCounts::default();
        for state in self.members.iter().filter_map(|member| users.state(*member)) {
            self.counts.update(Availability::default(), state.availability());
            change_count(&mut self.capacities, None, state.capacity);
        }
        let absent_turn = self.absent_turn.as_deref();
        self.set_last_turn(self.last_turn.or_else(|| users.find(absent_turn?)));
    }

    /// The user who had the last turn.
    pub(super) fn last_turn(&self) -> Option<UserId> {
        self.last_turn
    }

    /// Sets the user who had the last turn, who need not be a member.
    pub(super) fn set_last_turn(&mut self, last: Option<UserId>) {
        let position = last.and_then(|last| self.members.iter().position(|member| *member == last));
        self.last_turn = last;
        self.turn = position.map_or(0, |position| position + 1);
    }

    /// Sets the member who had the last turn. Unlike [`set_last_turn`](Self::set_last_turn), it does not
    /// search for the member.
    pub(super) fn move_turn(&mut self, position: usize) {
        self.last_turn = self.members.get(position).copied();
        self.turn = position + 1;
    }

    /// Updates the member at `position` after an event.
    pub(super) fn update(&mut self, position: usize, change: &StateChange) {
        self.counts.update(change.availability_before, change.availability_after);
        change_count(&mut self.capacities, change.before.capacity, change.after.capacity);
        for index in &mut self.indexes {
            index.update(position, change);
        }
    }

    /// Chooses a member that the filter lets through.
    pub(super) fn choose(
        &mut self,
        filter: MemberFilter,
        request: &ChoiceRequest,
        users: &Users,
        dice: &mut dyn Rng,
    ) -> Option<Pick> {
        let Self { members, indexes, turn, capacities, .. } = self;
        let index = index(indexes, members, filter, users)?;
        let largest_capacity = || capacities.last_key_value().map(|(largest, _)| *largest);
        let members = GroupMembers { ids: members, users };
        let ChoiceRequest { by, among, at, .. } = *request;
        let mut pick =
            |index: &mut MemberIndex| index.among(among).pick(by, *turn, at, largest_capacity, members, dice);
        let picked = match request.excluded {
            [] => pick(index),
            _ => index
                .without(&users.positions(request.excluded, request.group), members, |index, _| pick(index)),
        };
        let (position, decided_by) = picked?;
        Some(Pick { user: members.user(position)?, decided_by })
    }

    /// Whether such a choice would find somebody.
    pub(super) fn has_candidate(
        &mut self,
        filter: MemberFilter,
        excluded: &[usize],
        among: &[Eligibility],
        users: &Users,
    ) -> bool {
        let Self { members, indexes, .. } = self;
        let Some(index) = index(indexes, members, filter, users) else { return false };
        let members = GroupMembers { ids: members, users };
        index.without(excluded, members, |index, _| among.iter().any(|among| index.count(*among) > 0))
    }

    /// Why such a choice would find nobody. Without a filter, no user has the skills.
    pub(super) fn emptiness(
        &mut self,
        filter: Option<MemberFilter>,
        request: &ChoiceRequest,
        users: &Users,
    ) -> EmptyPool {
        let Self { members, indexes, .. } = self;
        let mut empty = EmptyPool { members: !members.is_empty(), ..EmptyPool::default() };
        let Some(index) = filter.and_then(|filter| index(indexes, members, filter, users)) else {
            return empty;
        };
        let members = GroupMembers { ids: members, users };
        empty.skilled = index.count(Eligibility::Everyone) > 0;
        let stops_at_capacity = request.among.last() == Some(&Eligibility::Available);
        index.without(&users.positions(request.excluded, request.group), members, |index, removed| {
            EmptyPool {
                left_out: removed > 0,
                others: index.count(Eligibility::Everyone) > 0,
                at_capacity: stops_at_capacity && index.count(Eligibility::Online) > 0,
                ..empty
            }
        })
    }
}

fn index<'a>(
    indexes: &'a mut Vec<MemberIndex>,
    members: &[UserId],
    filter: MemberFilter,
    users: &Users,
) -> Option<&'a mut MemberIndex> {
    if let Some(found) = indexes.iter().position(|index| index.filter == filter) {
        return indexes.get_mut(found);
    }
    let is_several = |index: &MemberIndex| matches!(index.filter, MemberFilter::Several(_));
    if matches!(filter, MemberFilter::Several(_))
        && indexes.iter().filter(|index| is_several(index)).count() >= MAX_SEVERAL
        && let Some(oldest) = indexes.iter().position(is_several)
    {
        indexes.remove(oldest);
    }
    indexes.push(MemberIndex::of(members, filter, users));
    indexes.last_mut()
}

impl MemberIndex {
    fn of(members: &[UserId], filter: MemberFilter, users: &Users) -> Self {
        let passes = |member| match &filter {
            MemberFilter::All => true,
            MemberFilter::Skilled(skill) => users.has_skill(member, *skill),
            MemberFilter::Several(lists) => {
                lists.iter().all(|any| any.iter().any(|skill| users.has_skill(member, *skill)))
            }
        };
        let candidates = |among| {
            let is_candidate = |member: &UserId| {
                passes(*member) && users.state(*member).is_some_and(|state| state.is_eligible(among))
            };
            CandidateIndex::of(members.iter().map(is_candidate))
        };
        let [everyone, online, available] =
            [Eligibility::Everyone, Eligibility::Online, Eligibility::Available].map(candidates);
        Self { filter, everyone, online, available }
    }

    /// Calls `answer` while the members at these positions are removed, with how many of them were in the
    /// index.
    fn without<T>(
        &mut self,
        positions: &[usize],
        members: GroupMembers,
        answer: impl FnOnce(&mut Self, usize) -> T,
    ) -> T {
        let mut removed: SmallVec<[usize; 4]> = SmallVec::new();
        for position in positions.iter().copied() {
            if self.everyone.contains(position) {
                self.set(position, members, false);
                removed.push(position);
            }
        }
        let answer = answer(self, removed.len());
        for position in removed {
            self.set(position, members, true);
        }
        answer
    }

    fn set(&mut self, position: usize, members: GroupMembers, is_candidate: bool) {
        let Some(state) = members.state(position) else { return };
        let Availability { online, available } = state.availability();
        self.everyone.set(position, state, is_candidate);
        if online {
            self.online.set(position, state, is_candidate);
        }
        if available {
            self.available.set(position, state, is_candidate);
        }
    }

    /// The candidates of the first of `among` that includes somebody, or else of the last.
    fn among(&mut self, among: &[Eligibility]) -> &mut CandidateIndex {
        let has_somebody = |among: &&Eligibility| self.count(**among) > 0;
        match among.iter().find(has_somebody).or(among.last()).unwrap_or(&Eligibility::Everyone) {
            Eligibility::Everyone => &mut self.everyone,
            Eligibility::Online => &mut self.online,
            Eligibility::Available => &mut self.available,
        }
    }

    /// The number of members that are eligible.
    pub(super) fn count(&self, among: Eligibility) -> u64 {
        match among {
            Eligibility::Everyone => self.everyone.count(),
            Eligibility::Online => self.online.count(),
            Eligibility::Available => self.available.count(),
        }
    }

    fn update(&mut self, position: usize, change: &StateChange) {
        if self.filter == MemberFilter::All || self.everyone.contains(position) {
            self.everyone.update(position, change, |_| true);
            self.online.update(position, change, |availability| availability.online);
            self.available.update(position, change, |availability| availability.available);
        }
    }
}

impl PresenceCounts {
    /// Counts a user whose availability changes.
    pub(super) fn update(&mut self, before: Availability, after: Availability) {
        self.online = self.online + u64::from(after.online) - u64::from(before.online);
        self.available = self.available + u64::from(after.available) - u64::from(before.available);
    }
}

/// Updates the counts for a member whose capacity changes.
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
