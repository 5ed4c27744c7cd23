//! The choice of one member, from the roster as it is.

use jiff::Timestamp;
use rand::Rng;

use super::group::Section;
use super::roster::Roster;
use crate::inbox::GroupId;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::roster::pick::Pick;
use crate::roster::pool::{Left, Wanted, why_empty};

/// What a group is asked for: `group "Sales" with skill "ar" by least_chats among available`.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The group.
    pub group: GroupId,
    /// Only members who have it.
    pub wanted: Option<Wanted<'a>>,
    /// How one is chosen.
    pub by: Algorithm,
    /// Whom the choice considers; `None`: those available, else those online, else everyone.
    pub among: Option<Eligibility>,
}

impl Roster {
    /// Chooses one, as [`pick`](crate::roster::pick) does from the pool of this moment: the same, by the same throw. Nothing changes
    /// but what is laid out for the next choice.
    pub fn choose(&mut self, ask: &Ask, dice: &mut dyn Rng) -> Option<Pick> {
        let section = self.section(ask.wanted)?;
        let group = self.groups.get_mut(ask.group.0 as usize)?;
        group.choose(section, ask.by, ask.among, &self.users, dice)
    }

    /// Chooses one and gives them the chat, in one step: nobody comes between.
    pub fn claim(&mut self, ask: &Ask, at: Timestamp, dice: &mut dyn Rng) -> Option<Pick> {
        let pick = self.choose(ask, dice)?;
        let turn = (ask.by == Algorithm::InOrder).then_some(ask.group);
        self.assign(pick.user, at, turn).ok().map(|()| pick)
    }

    /// Why there was nobody to choose, in the words of [`Pool::why_empty`](crate::roster::Pool::why_empty).
    pub fn why_empty(&mut self, ask: &Ask) -> String {
        let section = self.section(ask.wanted);
        let Some(group) = self.groups.get_mut(ask.group.0 as usize) else { return String::new() };
        let members = !group.members.is_empty();
        let view = section.and_then(|section| group.view(section, &self.users));
        let left = Left {
            members,
            skilled: view.as_ref().is_some_and(|view| view.count(Eligibility::Everyone) > 0),
            at_capacity: ask.among == Some(Eligibility::Available)
                && view.is_some_and(|view| view.count(Eligibility::Online) > 0),
        };
        why_empty(&group.name, ask.wanted, &left)
    }

    /// Those who have what is wanted; `None`: nobody has.
    fn section(&self, wanted: Option<Wanted>) -> Option<Section> {
        match wanted {
            None => Some(Section::All),
            Some(Wanted::UnknownLanguage) => None,
            Some(Wanted::Skill { folded, .. }) => self.users.skill(folded).map(Section::Skilled),
        }
    }
}
