//! The choice of one member from the current state of the roster.

use rand::Rng;
use smallvec::SmallVec;

use super::group::MemberFilter;
use super::roster::Roster;
use super::users::SkillId;
use crate::inbox::{GroupId, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::pick::Pick;
use crate::roster::pool::{ChoiceRequest, Exclusion, RequiredSkill, exclusion_from, why_empty};

impl Roster {
    /// Chooses a member: the same one that `pick` chooses from the [`snapshot`](Roster::snapshot), for the
    /// same random numbers. It takes `&mut self` because it may build an index; the state does not change.
    #[doc(hidden)]
    pub fn choose(&mut self, request: &ChoiceRequest, dice: &mut dyn Rng) -> Option<Pick> {
        let filter = self.filter(request)?;
        let group = self.groups.get_mut(request.group.0 as usize)?;
        group.choose(filter, request, &self.users, dice)
    }

    /// Chooses a member and gives them the chat in one step, so that no other choice can come in between.
    #[doc(hidden)]
    pub fn claim(&mut self, request: &ChoiceRequest, dice: &mut dyn Rng) -> Option<Pick> {
        let pick = self.choose(request, dice)?;
        let turn = (request.by == Algorithm::InOrder).then_some(request.group);
        self.assign(pick.user, request.at, turn).ok()?;
        Some(pick)
    }

    /// Whether some user has the skill, or had it.
    pub(crate) fn knows_skill(&self, skill: &Folded) -> bool {
        self.users.skill(skill).is_some()
    }

    /// Whether a group has a member who has one skill of each list, is not `excluded`, and is eligible by
    /// `among`.
    pub(crate) fn has_candidate(
        &mut self,
        group: GroupId,
        skills: &[Vec<Folded>],
        excluded: &[UserId],
        among: &[Eligibility],
    ) -> bool {
        let ids = |any: &Vec<Folded>| any.iter().filter_map(|skill| self.users.skill(skill)).collect();
        let filter = match skills {
            [] => Some(MemberFilter::All),
            [any] if any.len() == 1 => {
                any.first().and_then(|one| self.users.skill(one)).map(MemberFilter::Skilled)
            }
            several => several_skills(several.iter().map(ids)),
        };
        let excluded = self.users.positions(excluded, group);
        let group = self.groups.get_mut(group.0 as usize);
        filter
            .zip(group)
            .is_some_and(|(filter, group)| group.has_candidate(filter, &excluded, among, &self.users))
    }

    /// Why no member was eligible, in the same words as [`Pool::why_empty`](crate::roster::Pool::why_empty).
    pub(crate) fn why_empty(&mut self, request: &ChoiceRequest) -> String {
        let filter = self.filter(request);
        let Some(group) = self.groups.get_mut(request.group.0 as usize) else { return String::new() };
        let emptiness = group.emptiness(filter, request, &self.users);
        why_empty(&group.name, request.skills, &emptiness)
    }

    /// Whether the user is in the inbox; false once an event has removed them.
    pub(crate) fn has(&self, user: UserId) -> bool {
        self.users.is_active(user)
    }

    /// Why `among` excludes the user; `None`: it includes them.
    pub(crate) fn exclusion(&self, user: UserId, among: Eligibility) -> Option<Exclusion> {
        match self.users.state(user).filter(|state| state.is_active) {
            Some(state) => exclusion_from(state.presence, state.chats, state.capacity, among),
            None => Some(Exclusion::NotOnline),
        }
    }

    /// Which members have the skills; `None`: no user has one that is needed.
    fn filter(&self, request: &ChoiceRequest) -> Option<MemberFilter> {
        let skilled = |folded| self.users.skill(folded).map(MemberFilter::Skilled);
        match request.skills {
            [] => Some(MemberFilter::All),
            [RequiredSkill::Any([skill])] => skilled(&skill.folded),
            [RequiredSkill::OfCustomer { folded, .. }] => skilled(folded),
            several => several_skills(several.iter().map(|skill| self.skills(skill))),
        }
    }

    /// The skills of which a member must have one, as far as users have them.
    fn skills(&self, required: &RequiredSkill) -> SkillIds {
        match required {
            RequiredSkill::Any(any) => {
                any.iter().filter_map(|skill| self.users.skill(&skill.folded)).collect()
            }
            RequiredSkill::OfCustomer { folded, .. } => self.users.skill(folded).into_iter().collect(),
            RequiredSkill::Unknown(_) => SmallVec::new(),
        }
    }
}

type SkillIds = SmallVec<[SkillId; 2]>;

/// Who has one skill of each list; `None`: nobody, since a list is empty.
fn several_skills(lists: impl Iterator<Item = SkillIds>) -> Option<MemberFilter> {
    let sorted = |mut skills: SkillIds| {
        skills.sort_unstable();
        skills.dedup();
        (!skills.is_empty()).then_some(skills)
    };
    let mut lists: Vec<_> = lists.map(sorted).collect::<Option<_>>()?;
    lists.sort_unstable();
    lists.dedup();
    Some(MemberFilter::Several(lists))
}
