//! The pool: the members of a group that a choice considers, and why the others are excluded.

use std::collections::HashSet;

use jiff::Timestamp;
use smallvec::SmallVec;

use crate::diagnostic::one_of;
use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::Folded;
use crate::language::vocabulary::{Algorithm, Eligibility, Presence};
use crate::policy::NamedSkill;
use crate::situation::{RosterSnapshot, UserNow};

/// What to choose: `group "Sales" with skill "ar" except owner by least_chats among available`.
#[derive(Debug, Clone, Copy)]
pub struct ChoiceRequest<'r, 'a> {
    /// The group.
    pub group: GroupId,
    /// The skills that the member must have: all of them.
    pub skills: &'r [RequiredSkill<'a>],
    /// The users who are left out.
    pub excluded: &'r [UserId],
    /// The algorithm.
    pub by: Algorithm,
    /// Which members are eligible: the first of these that includes somebody, or else the last. There is at least one.
    pub among: &'static [Eligibility],
    /// The moment of the choice: a last message after it counts as one at this moment.
    pub at: Timestamp,
}

/// The members of a group, each a candidate or excluded.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// All members, in the order of the group.
    pub members: Vec<Candidate>,
    /// Which members are eligible: the first of those that were requested that includes somebody.
    pub among: Eligibility,
    /// The skills that candidates must have.
    pub skills: RequiredSkills<'a>,
}

/// The skills that candidates must have: all of them. There is seldom more than one.
pub type RequiredSkills<'a> = SmallVec<[RequiredSkill<'a>; 1]>;

/// A skill that candidates must have.
#[derive(Debug, Clone)]
pub enum RequiredSkill<'a> {
    /// One of these.
    Any(&'a [NamedSkill]),
    /// The skill that an attribute of the customer names.
    OfCustomer {
        /// The folded name, for comparison.
        folded: Folded,
        /// The name as written, for messages.
        written: &'a str,
    },
    /// The name of an attribute that the customer does not have, so that no member has the skill.
    Unknown(&'a str),
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
    /// They do not have the required skills.
    Skill,
    /// The rule excepts them, or they have or had the chat.
    LeftOut,
    /// They are not online.
    NotOnline,
    /// They have as many open chats as their capacity, or more.
    AtCapacity,
}

impl<'a> Pool<'a> {
    /// The pool of a request, from a snapshot.
    pub fn gather(inbox: &Inbox, now: &RosterSnapshot, request: &ChoiceRequest<'_, 'a>) -> Self {
        let mut members = members(inbox, now, request.group);
        let has_skill = |user, skill: &Folded| inbox.user(user).skills.contains(skill);
        let has = |user, required: &RequiredSkill| match required {
            RequiredSkill::Any(skills) => skills.iter().any(|skill| has_skill(user, &skill.folded)),
            RequiredSkill::OfCustomer { folded, .. } => has_skill(user, folded),
            RequiredSkill::Unknown(_) => false,
        };
        // There may be many: a situation names those who had the chat.
        let excluded: HashSet<UserId> = request.excluded.iter().copied().collect();
        for member in &mut members {
            member.now.last_message_at = member.now.last_message_at.map(|last| last.min(request.at));
            if !request.skills.iter().all(|skill| has(member.user, skill)) {
                member.exclusion = Some(Exclusion::Skill);
            } else if excluded.contains(&member.user) {
                member.exclusion = Some(Exclusion::LeftOut);
            }
        }
        let is_nonempty = |among: &&Eligibility| {
            members.iter().any(|c| c.exclusion.is_none() && c.exclusion_from(**among).is_none())
        };
        let first = request.among.iter().find(is_nonempty).or(request.among.last());
        let among = first.copied().unwrap_or(Eligibility::Everyone);
        for member in &mut members {
            member.exclusion = member.exclusion.or(member.exclusion_from(among));
        }
        Self { members, among, skills: request.skills.iter().cloned().collect() }
    }

    /// The members that the choice considers.
    pub fn candidates(&self) -> impl Iterator<Item = &Candidate> {
        self.members.iter().filter(|member| member.exclusion.is_none())
    }

    /// The largest capacity in the group.
    pub fn largest_capacity(&self) -> Option<u32> {
        self.members.iter().filter_map(|member| member.capacity).max()
    }

    /// Why there are no candidates.
    pub(super) fn emptiness(&self) -> EmptyPool {
        let any = |is: fn(Option<Exclusion>) -> bool| self.members.iter().any(|member| is(member.exclusion));
        EmptyPool {
            members: !self.members.is_empty(),
            skilled: any(|exclusion| exclusion != Some(Exclusion::Skill)),
            left_out: any(|exclusion| exclusion == Some(Exclusion::LeftOut)),
            others: any(|exclusion| !matches!(exclusion, Some(Exclusion::Skill | Exclusion::LeftOut))),
            at_capacity: any(|exclusion| exclusion == Some(Exclusion::AtCapacity)),
        }
    }

    /// Why there are no candidates, in words.
    pub fn why_empty(&self, inbox: &Inbox, group: GroupId) -> String {
        why_empty(&inbox.group(group).name, &self.skills, &self.emptiness())
    }
}

/// Why a pool may be empty.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct EmptyPool {
    /// Whether the group has members.
    pub(super) members: bool,
    /// Whether any member has the required skills.
    pub(super) skilled: bool,
    /// Whether a member with the skills is left out.
    pub(super) left_out: bool,
    /// Whether a member with the skills is not left out.
    pub(super) others: bool,
    /// Whether any of those others is online but at capacity.
    pub(super) at_capacity: bool,
}

/// Why a pool is empty, in words; `group` is the name of the group.
pub(super) fn why_empty(group: &str, skills: &[RequiredSkill], pool: &EmptyPool) -> String {
    if !pool.members {
        return format!("{group} has no members");
    }
    let unknown = skills.iter().find_map(|skill| match skill {
        RequiredSkill::Unknown(attribute) => Some(attribute),
        RequiredSkill::Any(_) | RequiredSkill::OfCustomer { .. } => None,
    });
    if let Some(attribute) = unknown {
        return format!("the customer's {attribute} is not known, so nobody has it as a skill");
    }
    let skills = skills_words(skills);
    let with_skills = if skills.is_empty() { String::new() } else { format!(" with {skills}") };
    if !pool.skilled {
        return format!("no member of {group} has {skills}");
    }
    let other = if pool.left_out { "other " } else { "" };
    let member = format!("{other}member of {group}{with_skills}");
    if !pool.others {
        format!("there is no {member}")
    } else if pool.at_capacity {
        format!("every {member} who is online is at capacity")
    } else {
        format!("no {member} is online")
    }
}

/// The skills in words: each skill, or those of which one is enough; empty if there are none.
pub(crate) fn skills_words(skills: &[RequiredSkill]) -> String {
    let words = skills.iter().map(|skill| match skill {
        RequiredSkill::Any(skills) => {
            format!("the skill {}", one_of(skills.iter().map(|skill| &*skill.written)))
        }
        RequiredSkill::OfCustomer { written, .. } => format!("the skill `{written}`"),
        RequiredSkill::Unknown(_) => "a skill that is not known".to_owned(),
    });
    words.collect::<Vec<_>>().join(" and ")
}

impl Candidate {
    /// A user as a candidate who is first in turn order.
    pub fn of(inbox: &Inbox, now: &RosterSnapshot, user: UserId) -> Self {
        let (profile, now) = (inbox.user(user), now.user(user));
        Self {
            user,
            now,
            capacity: now.capacity.or(profile.capacity),
            weight: now.weight.unwrap_or(profile.weight),
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

    /// Why `among` excludes them; `None`: it includes them.
    pub fn exclusion_from(&self, among: Eligibility) -> Option<Exclusion> {
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
