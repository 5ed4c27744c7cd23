//! The pool: the members of a group whom a choice considers, and why not the others.

use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{Eligibility, Presence};
use crate::situation::UserNow;

use super::snapshot::RosterSnapshot;

/// The members of a group, considered or left out.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// All members, in the order of the group.
    pub members: Vec<Candidate>,
    /// Whom the choice considers: as the rule says or, if it says nothing, the first that has somebody.
    pub among: Eligibility,
    /// The skill that was asked for.
    pub skill: Option<RequiredSkill<'a>>,
}

/// A skill that is asked for.
#[derive(Debug, Clone, Copy)]
pub enum RequiredSkill<'a> {
    /// That one.
    Named {
        /// As compared.
        folded: &'a Folded,
        /// As people read it.
        written: &'a str,
    },
    /// The customer's language, which is not known: no member has it.
    UnknownLanguage,
}

/// A member of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub user: UserId,
    /// Presence, chats, last message.
    pub now: UserNow,
    /// The most chats they should have open.
    pub capacity: Option<u32>,
    /// Their share under `by weighted`.
    pub weight: u32,
    /// Their place in the turn order; 0 has the next turn.
    pub turn: usize,
    /// Why they are not in the pool; `None`: they are.
    pub exclusion: Option<Exclusion>,
}

/// Why a member is not in the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// They lack the skill that is asked for.
    Skill,
    /// They are not online.
    NotOnline,
    /// They have as many chats as they should, or more.
    AtCapacity,
}

impl<'a> Pool<'a> {
    /// The pool of `group`: members with the skill that is `skill`; `among` those, or the first that has
    /// somebody of those available, those online, everyone.
    pub fn gather(
        inbox: &Inbox,
        now: &RosterSnapshot,
        group: GroupId,
        skill: Option<RequiredSkill<'a>>,
        among: Option<Eligibility>,
    ) -> Self {
        let mut members = members(inbox, now, group);
        for member in &mut members {
            if !has_skill(inbox, member.user, skill) {
                member.exclusion = Some(Exclusion::Skill);
            }
        }
        let has_somebody = |among: &Eligibility| {
            members.iter().any(|c| c.exclusion.is_none() && c.exclusion_from(*among).is_none())
        };
        let among = among.unwrap_or_else(|| {
            [Eligibility::Available, Eligibility::Online]
                .into_iter()
                .find(has_somebody)
                .unwrap_or(Eligibility::Everyone)
        });
        for member in &mut members {
            member.exclusion = member.exclusion.or(member.exclusion_from(among));
        }
        Self { members, among, skill }
    }

    /// Those whom the choice considers.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.members.iter().filter(|member| member.exclusion.is_none())
    }

    /// The largest capacity in the group.
    pub fn largest_capacity(&self) -> Option<u32> {
        self.members.iter().filter_map(|member| member.capacity).max()
    }

    /// Why nobody is considered, in words; `group` is the group's name.
    pub fn why_empty(&self, group: &str) -> String {
        let any = |is: fn(Option<Exclusion>) -> bool| self.members.iter().any(|member| is(member.exclusion));
        let left = EmptyPool {
            members: !self.members.is_empty(),
            skilled: any(|exclusion| exclusion != Some(Exclusion::Skill)),
            at_capacity: any(|exclusion| exclusion == Some(Exclusion::AtCapacity)),
        };
        why_empty(group, self.skill, &left)
    }
}

/// Whom an empty pool has left out.
pub(super) struct EmptyPool {
    /// Whether the group has members.
    pub(super) members: bool,
    /// Whether any of them has the skill, if one is asked for.
    pub(super) skilled: bool,
    /// Whether any of these is left out for being at capacity.
    pub(super) at_capacity: bool,
}

/// Why a pool is empty, in words.
pub(super) fn why_empty(group: &str, skill: Option<RequiredSkill>, left: &EmptyPool) -> String {
    if !left.members {
        return format!("{group} has no members");
    }
    let whom = match skill {
        None => format!("member of {group}"),
        Some(RequiredSkill::UnknownLanguage) => {
            return "the customer's language is not known, so nobody has it as a skill".to_owned();
        }
        Some(RequiredSkill::Named { written, .. }) if !left.skilled => {
            return format!("no member of {group} has the skill `{written}`");
        }
        Some(RequiredSkill::Named { written, .. }) => format!("member of {group} with the skill `{written}`"),
    };
    if left.at_capacity {
        format!("every {whom} who is online is at capacity")
    } else {
        format!("no {whom} is online")
    }
}

impl Candidate {
    /// That user, now, as if first in turn.
    pub fn of(inbox: &Inbox, now: &RosterSnapshot, user: UserId) -> Self {
        let settings = inbox.user(user);
        Self {
            user,
            now: now.user(user),
            capacity: settings.capacity,
            weight: settings.weight,
            turn: 0,
            exclusion: None,
        }
    }

    /// Whether the user is online.
    pub fn is_online(&self) -> bool {
        self.now.presence == Presence::Online
    }

    /// Whether the user is online and below their capacity.
    pub fn is_available(&self) -> bool {
        self.exclusion_from(Eligibility::Available).is_none()
    }

    fn exclusion_from(&self, among: Eligibility) -> Option<Exclusion> {
        exclusion_from(self.now.presence, self.now.chats, self.capacity, among)
    }
}

/// Why a user is not one of those; `None`: they are.
pub(super) fn exclusion_from(
    presence: Presence,
    chats: u32,
    capacity: Option<u32>,
    among: Eligibility,
) -> Option<Exclusion> {
    let full = capacity.is_some_and(|capacity| chats >= capacity);
    match among {
        Eligibility::Everyone => None,
        _ if presence != Presence::Online => Some(Exclusion::NotOnline),
        Eligibility::Available if full => Some(Exclusion::AtCapacity),
        Eligibility::Available | Eligibility::Online => None,
    }
}

/// Every member of the group, none left out yet.
fn members(inbox: &Inbox, now: &RosterSnapshot, group: GroupId) -> Vec<Candidate> {
    let members = &inbox.group(group).members;
    let last = now.last_turn(group).and_then(|last| members.iter().position(|member| *member == last));
    let next = last.map_or(0, |last| last + 1);
    let in_turn = |(place, user): (usize, &UserId)| Candidate {
        turn: (place + members.len() - next) % members.len(),
        ..Candidate::of(inbox, now, *user)
    };
    members.iter().enumerate().map(in_turn).collect()
}

fn has_skill(inbox: &Inbox, user: UserId, skill: Option<RequiredSkill>) -> bool {
    match skill {
        None => true,
        Some(RequiredSkill::UnknownLanguage) => false,
        Some(RequiredSkill::Named { folded, .. }) => inbox.user(user).skills.contains(folded),
    }
}
