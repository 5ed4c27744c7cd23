//! The choice of one member, from the roster as it is.

use jiff::Timestamp;
use rand::Rng;

use super::group::MemberFilter;
use super::roster::Roster;
use crate::inbox::GroupId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::pick::Pick;
use crate::roster::pool::{EmptyPool, RequiredSkill, why_empty};

/// What a group is asked for: `group "Sales" with skill "ar" by least_chats among available`.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceRequest<'a> {
    /// The group.
    pub group: GroupId,
    /// Only members who have it.
    pub skill: Option<RequiredSkill<'a>>,
    /// How one is chosen.
    pub by: Algorithm,
    /// Whom the choice considers; `None`: those available, else those online, else everyone.
    pub among: Option<Eligibility>,
}

impl Roster {
    /// Chooses one, as [`pick`](crate::roster::pick) does from the pool of this moment: the same, by the same throw. Nothing changes
    /// but what is laid out for the next choice.
    pub fn choose(&mut self, request: &ChoiceRequest, dice: &mut dyn Rng) -> Option<Pick> {
        let filter = self.filter(request.skill)?;
        let group = self.groups.get_mut(request.group.0 as usize)?;
        group.choose(filter, request.by, request.among, &self.users, dice)
    }

    /// Chooses one and gives them the chat, in one step: nobody comes between.
    pub fn claim(&mut self, request: &ChoiceRequest, at: Timestamp, dice: &mut dyn Rng) -> Option<Pick> {
        let pick = self.choose(request, dice)?;
        let turn = (request.by == Algorithm::InOrder).then_some(request.group);
        self.assign(pick.user, at, turn).ok().map(|()| pick)
    }

    /// Why there was nobody to choose, in the words of [`Pool::why_empty`](crate::roster::Pool::why_empty).
    pub fn why_empty(&mut self, request: &ChoiceRequest) -> String {
        let filter = self.filter(request.skill);
        let Some(group) = self.groups.get_mut(request.group.0 as usize) else { return String::new() };
        let members = !group.members.is_empty();
        let index = filter.and_then(|filter| group.index(filter, &self.users));
        let left = EmptyPool {
            members,
            skilled: index.as_ref().is_some_and(|index| index.count(Eligibility::Everyone) > 0),
            at_capacity: request.among == Some(Eligibility::Available)
                && index.is_some_and(|index| index.count(Eligibility::Online) > 0),
        };
        why_empty(&group.name, request.skill, &left)
    }

    /// Those who have what is skill; `None`: nobody has.
    fn filter(&self, skill: Option<RequiredSkill>) -> Option<MemberFilter> {
        match skill {
            None => Some(MemberFilter::All),
            Some(RequiredSkill::UnknownLanguage) => None,
            Some(RequiredSkill::Named { folded, .. }) => self.users.skill(folded).map(MemberFilter::Skilled),
        }
    }
}
