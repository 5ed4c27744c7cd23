//! The choice of one member from the current state of the roster.

use jiff::Timestamp;
use rand::Rng;

use super::group::MemberFilter;
use super::roster::Roster;
use crate::inbox::UserId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::pick::{Pick, pick};
use crate::roster::pool::{
    Candidate, ChoiceRequest, EmptyPool, Exclusion, Pool, RequiredSkill, exclusion_from, why_empty,
};

impl Roster {
    /// Chooses a member: the same one that `pick` chooses from the [`snapshot`](Roster::snapshot), for the same
    /// random numbers. It takes `&mut self` because it may build an index; the state does not change.
    pub fn choose(&mut self, request: &ChoiceRequest, dice: &mut dyn Rng) -> Option<Pick> {
        let Some(filter) = self.filter(request)? else {
            return pick(request.by, &self.pool(request), dice);
        };
        let group = self.groups.get_mut(request.group.0 as usize)?;
        group.choose(filter, request.by, request.among, &self.users, dice)
    }

    /// Chooses a member and gives them the chat in one step, so that no other choice can come in between.
    pub fn claim(&mut self, request: &ChoiceRequest, at: Timestamp, dice: &mut dyn Rng) -> Option<Pick> {
        let pick = self.choose(request, dice)?;
        let turn = (request.by == Algorithm::InOrder).then_some(request.group);
        self.assign(pick.user, at, turn).ok().map(|()| pick)
    }

    /// Why no member was eligible, in the same words as [`Pool::why_empty`].
    pub fn why_empty(&mut self, request: &ChoiceRequest) -> String {
        let Some(Some(filter)) = self.filter(request) else {
            let pool = self.pool(request);
            let name = self.live_group(request.group).map_or("", |group| &group.name);
            return why_empty(name, request.skills, &pool.emptiness());
        };
        let Some(group) = self.groups.get_mut(request.group.0 as usize) else { return String::new() };
        let members = !group.members.is_empty();
        let index = group.index(filter, &self.users);
        let skilled = index.as_ref().is_some_and(|index| index.count(Eligibility::Everyone) > 0);
        let empty = EmptyPool {
            members,
            skilled,
            left_out: false,
            others: skilled,
            at_capacity: request.among.last() == Some(&Eligibility::Available)
                && index.is_some_and(|index| index.count(Eligibility::Online) > 0),
        };
        why_empty(&group.name, request.skills, &empty)
    }

    /// Why `among` excludes the user; `None`: it includes them.
    pub fn exclusion(&self, user: UserId, among: Eligibility) -> Option<Exclusion> {
        match self.users.state(user).filter(|state| state.is_active) {
            Some(state) => exclusion_from(state.presence, state.chats, state.capacity, among),
            None => Some(Exclusion::NotOnline),
        }
    }

    /// The filter of a request whose members an index keeps; `None` inside: no index does, so the members are scanned;
    /// outside: no member has the skill.
    fn filter(&self, request: &ChoiceRequest) -> Option<Option<MemberFilter>> {
        if !request.excluded.is_empty() {
            return Some(None);
        }
        let skill = match request.skills {
            [] => return Some(Some(MemberFilter::All)),
            [RequiredSkill::Any([skill])] => &skill.folded,
            [RequiredSkill::OfCustomer { folded, .. }] => folded,
            [RequiredSkill::Unknown(_)] => return None,
            _ => return Some(None),
        };
        self.users.skill(skill).map(|skill| Some(MemberFilter::Skilled(skill)))
    }

    /// The pool of a request, from a scan of the members.
    fn pool<'a>(&self, request: &ChoiceRequest<'_, 'a>) -> Pool<'a> {
        let Some(group) = self.live_group(request.group) else {
            return Pool::of(Vec::new(), request, |_, _| false);
        };
        let members = group.members.iter().enumerate().filter_map(|(position, user)| {
            let state = self.users.state(*user)?;
            Some(Candidate {
                user: *user,
                now: state.now(),
                capacity: state.capacity,
                weight: state.weight,
                turn: group.turns_until(position),
                exclusion: None,
            })
        });
        let has_skill =
            |user, skill: &_| self.users.skill(skill).is_some_and(|skill| self.users.has_skill(user, skill));
        Pool::of(members.collect(), request, has_skill)
    }
}
