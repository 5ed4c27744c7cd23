//! The pool: the members of a group that a choice considers, and why the others are excluded.

use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{Eligibility, Presence};
use crate::situation::{RosterSnapshot, UserNow};

/// The members of a group, each a candidate or excluded.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// All members, in the order of the group.
    pub members: Vec<Candidate>,
    /// Which members are eligible: those that the rule names or, by default, the first of available, online and everyone
    /// that includes a member with the skill.
    pub among: Eligibility,
    /// The skill that candidates must have.
    pub skill: Option<RequiredSkill<'a>>,
}

/// A skill that candidates must have.
#[derive(Debug, Clone, Copy)]
pub enum RequiredSkill<'a> {
    /// A skill with this name.
    Named {
        /// The folded name, for comparison.
        folded: &'a Folded,
        /// The name as written, for messages.
        written: &'a str,
    },
    /// The language of the customer, which is not known, so no member has the skill.
    UnknownLanguage,
}

/// A member of the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The user.
    pub user: UserId,
    /// Their presence, chats and last message.
    pub now: UserNow,
    /// Their maximum number of open chats.
    pub capacity: Option<u32>,
    /// Their weight for `by weighted`.
    pub weight: u32,
    /// Their position in the turn order; 0 has the next turn.
    pub turn: usize,
    /// Why they are not a candidate; `None`: they are.
    pub exclusion: Option<Exclusion>,
}

/// Why a member is not a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exclusion {
    /// They do not have the required skill.
    Skill,
    /// They are not online.
    NotOnline,
    /// They have as many open chats as their capacity, or more.
    AtCapacity,
}

impl<'a> Pool<'a> {
    /// The pool of a group. Candidates have the `skill` and are eligible by `among`; by default they are the available members; if
    /// there are none, those online; if there are none either, everyone.
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
        let is_nonempty = |among: &Eligibility| {
            members.iter().any(|c| c.exclusion.is_none() && c.exclusion_from(*among).is_none())
        };
        let among = among.unwrap_or_else(|| {
            [Eligibility::Available, Eligibility::Online]
                .into_iter()
                .find(is_nonempty)
                .unwrap_or(Eligibility::Everyone)
        });
        for member in &mut members {
            member.exclusion = member.exclusion.or(member.exclusion_from(among));
        }
        Self { members, among, skill }
    }

    /// The members that the choice considers.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.members.iter().filter(|member| member.exclusion.is_none())
    }

    /// The largest capacity in the group.
    pub fn largest_capacity(&self) -> Option<u32> {
        self.members.iter().filter_map(|member| member.capacity).max()
    }

    /// Why there are no candidates, in words; `group` is the name of the group.
    pub fn why_empty(&self, group: &str) -> String {
        let any = |is: fn(Option<Exclusion>) -> bool| self.members.iter().any(|member| is(member.exclusion));
        let empty = EmptyPool {
            members: !self.members.is_empty(),
            skilled: any(|exclusion| exclusion != Some(Exclusion::Skill)),
            at_capacity: any(|exclusion| exclusion == Some(Exclusion::AtCapacity)),
        };
        why_empty(group, self.skill, &empty)
    }
}

/// Why a pool may be empty.
pub(super) struct EmptyPool {
    /// Whether the group has members.
    pub(super) members: bool,
    /// Whether any member has the required skill.
    pub(super) skilled: bool,
    /// Whether any member with the skill is online but at capacity.
    pub(super) at_capacity: bool,
}

/// Why a pool is empty, in words.
pub(super) fn why_empty(group: &str, skill: Option<RequiredSkill>, pool: &EmptyPool) -> String {
    if !pool.members {
        return format!("{group} has no members");
    }
    let member = match skill {
        None => format!("member of {group}"),
        Some(RequiredSkill::UnknownLanguage) => {
            return "the customer's language is not known, so nobody has it as a skill".to_owned();
        }
        Some(RequiredSkill::Named { written, .. }) if !pool.skilled => {
            return format!("no member of {group} has the skill `{written}`");
        }
        Some(RequiredSkill::Named { written, .. }) => format!("member of {group} with the skill `{written}`"),
    };
    if pool.at_capacity {
        format!("every {member} who is online is at capacity")
    } else {
        format!("no {member} is online")
    }
}

impl Candidate {
    /// A user as a candidate who is first in turn order.
    pub fn of(inbox: &Inbox, now: &RosterSnapshot, user: UserId) -> Self {
        let profile = inbox.user(user);
        Self {
            user,
            now: now.user(user),
            capacity: profile.capacity,
            weight: profile.weight,
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

/// Why `among` excludes a user; `None`: it includes them.
pub(super) fn exclusion_from(
    presence: Presence,
    chats: u32,
    capacity: Option<u32>,
    among: Eligibility,
) -> Option<Exclusion> {
    let is_full = capacity.is_some_and(|capacity| chats >= capacity);
    match among {
        Eligibility::Everyone => None,
        _ if presence != Presence::Online => Some(Exclusion::NotOnline),
        Eligibility::Available if is_full => Some(Exclusion::AtCapacity),
        Eligibility::Available | Eligibility::Online => None,
    }
}

/// The members of the group, before any is excluded.
fn members(inbox: &Inbox, now: &RosterSnapshot, group: GroupId) -> Vec<Candidate> {
    let members = &inbox.group(group).members;
    let last = now.last_turn(group).and_then(|last| members.iter().position(|member| *member == last));
    let next = last.map_or(0, |last| last + 1);
    let in_turn = |(position, user): (usize, &UserId)| Candidate {
        turn: (position + members.len() - next) % members.len(),
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
