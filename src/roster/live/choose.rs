//! The choice of one member from the current state of the roster.

use jiff::Timestamp;
use rand::Rng;

use super::group::MemberFilter;
use super::roster::Roster;
use crate::inbox::GroupId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::pick::Pick;
use crate::roster::pool::{EmptyPool, RequiredSkill, why_empty};

/// What to choose: `group "Sales" with skill "ar" by least_chats among available`.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceRequest<'a> {
    /// The group.
    pub group: GroupId,
    /// The skill that the member must have.
    pub skill: Option<RequiredSkill<'a>>,
    /// The algorithm.
    pub by: Algorithm,
    /// Which members are eligible. By default they are the available ones; if there are none, those online; if there are none
    /// either, everyone.
    pub among: Option<Eligibility>,
}

impl Roster {
    /// Chooses a member: the same one that `pick` chooses from the [`snapshot`](Roster::snapshot), for the same
    /// random numbers. It takes `&mut self` because it may build an index; the state does not change.
    pub fn choose(&mut self, request: &ChoiceRequest, dice: &mut dyn Rng) -> Option<Pick> {
        let filter = self.filter(request.skill)?;
        let group = self.groups.get_mut(request.group.0 as usize)?;
        group.choose(filter, request.by, request.among, &self.users, dice)
    }

    /// Chooses a member and gives them the chat in one step, so that no other choice can come in between.
    pub fn claim(&mut self, request: &ChoiceRequest, at: Timestamp, dice: &mut dyn Rng) -> Option<Pick> {
        let pick = self.choose(request, dice)?;
        let turn = (request.by == Algorithm::InOrder).then_some(request.group);
        self.assign(pick.user, at, turn).ok().map(|()| pick)
    }

    /// Why no member was eligible, in the same words as [`Pool::why_empty`](crate::roster::Pool::why_empty).
    pub fn why_empty(&mut self, request: &ChoiceRequest) -> String {
        let filter = self.filter(request.skill);
        let Some(group) = self.groups.get_mut(request.group.0 as usize) else { return String::new() };
        let members = !group.members.is_empty();
        let index = filter.and_then(|filter| group.index(filter, &self.users));
        let empty = EmptyPool {
            members,
            skilled: index.as_ref().is_some_and(|index| index.count(Eligibility::Everyone) > 0),
            at_capacity: request.among == Some(Eligibility::Available)
                && index.is_some_and(|index| index.count(Eligibility::Online) > 0),
        };
        why_empty(&group.name, request.skill, &empty)
    }

    /// The filter for the skill; `None`: no member has it.
    fn filter(&self, skill: Option<RequiredSkill>) -> Option<MemberFilter> {
        match skill {
            None => Some(MemberFilter::All),
            Some(RequiredSkill::UnknownLanguage) => None,
            Some(RequiredSkill::Named { folded, .. }) => self.users.skill(folded).map(MemberFilter::Skilled),
        }
    }
}
