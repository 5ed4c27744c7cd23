//! The alternatives of an `assign`, tried one after the other until one gives somebody.

use rand::Rng;

use super::context::DecisionContext;
use super::decision::{Assignment, Resume};
use super::view::View;
use crate::inbox::UserId;
use crate::language::vocabulary::Algorithm;
use crate::policy::{Alternative, Assign, Attribute, AttributeValue, GroupTarget, Skill, Target};
use crate::roster::{ChoiceRequest, Criterion, Pool, RequiredSkill, Roster, pick};
use crate::situation::{Case, Owner};

/// Whom the choice considered, where that is told; and the one who is chosen, or why there is nobody.
type Chosen<'a> = (Option<Pool<'a>>, Result<(UserId, Criterion), String>);

/// Who can be asked for a member of a group.
pub(super) trait Members<'a> {
    fn choose(
        &mut self,
        target: &GroupTarget,
        skill: Option<RequiredSkill<'a>>,
        dice: &mut dyn Rng,
    ) -> Chosen<'a>;
}

/// The members are gone through one by one.
impl<'a> Members<'a> for &View<'a> {
    fn choose(
        &mut self,
        target: &GroupTarget,
        skill: Option<RequiredSkill<'a>>,
        dice: &mut dyn Rng,
    ) -> Chosen<'a> {
        let pool = Pool::gather(self.inbox, self.now, target.group, skill, target.among);
        let chosen = pick(target.by, &pool, dice).map(|pick| (pick.user, pick.decided_by));
        let chosen = chosen.ok_or_else(|| pool.why_empty(&self.inbox.group(target.group).name));
        (Some(pool), chosen)
    }
}

impl<'a> Members<'a> for Roster {
    fn choose(
        &mut self,
        target: &GroupTarget,
        skill: Option<RequiredSkill<'a>>,
        dice: &mut dyn Rng,
    ) -> Chosen<'a> {
        let ask = ChoiceRequest { group: target.group, skill, by: target.by, among: target.among };
        let chosen = Roster::choose(self, &ask, dice).map(|pick| (pick.user, pick.decided_by));
        (None, chosen.ok_or_else(|| self.why_empty(&ask)))
    }
}

/// An alternative that was tried.
pub(super) struct Tried<'a> {
    /// Its place among the alternatives.
    pub(super) place: usize,
    pub(super) alternative: &'a Alternative,
    /// Whom it considered, if it asked a group.
    pub(super) pool: Option<Pool<'a>>,
    pub(super) outcome: Outcome,
}

/// What came of an alternative.
pub(super) enum Outcome {
    /// That user takes the chat; from a group, by this.
    User(UserId, Option<Criterion>),
    /// The chat waits for a member to take it.
    Hand,
    /// Nobody takes it, and it does not wait.
    Nobody,
    /// It had nobody to give, for this reason.
    Empty(String),
}

/// Tries the alternatives from the place `from` on. The last one tried is the one that was taken, if any was.
pub(super) fn attempt<'a>(
    case: &'a Case<'a>,
    assign: &'a Assign,
    from: usize,
    members: &mut dyn Members<'a>,
    dice: &mut dyn Rng,
) -> Vec<Tried<'a>> {
    let mut tried = Vec::new();
    for (place, alternative) in assign.alternatives.iter().enumerate().skip(from) {
        let (pool, outcome) = ask(case, &alternative.target, members, dice);
        let found = !matches!(outcome, Outcome::Empty(_));
        tried.push(Tried { place, alternative, pool, outcome });
        if found {
            break;
        }
    }
    tried
}

fn ask<'a>(
    case: &'a Case<'a>,
    target: &'a Target,
    members: &mut dyn Members<'a>,
    dice: &mut dyn Rng,
) -> (Option<Pool<'a>>, Outcome) {
    match target {
        Target::User(user) => (None, Outcome::User(*user, None)),
        Target::Nobody => (None, Outcome::Nobody),
        Target::Owner => (
            None,
            match case.owner {
                Owner::User(user) => Outcome::User(user, None),
                Owner::None => Outcome::Empty("the customer has no owner".to_owned()),
                Owner::Former(id) => {
                    Outcome::Empty(format!("the customer's owner `{id}` is no longer in the inbox"))
                }
            },
        ),
        Target::Group(target) => {
            let skill = target.skill.as_ref().map(|skill| required_skill(case, skill));
            let (pool, chosen) = members.choose(target, skill, dice);
            let outcome = match chosen {
                Ok((user, decided_by)) => Outcome::User(user, Some(decided_by)),
                Err(_) if target.by == Algorithm::Hand => Outcome::Hand,
                Err(reason) => Outcome::Empty(reason),
            };
            (pool, outcome)
        }
    }
}

fn required_skill<'a>(case: &'a Case<'a>, skill: &'a Skill) -> RequiredSkill<'a> {
    match skill {
        Skill::Named { folded, written, .. } => RequiredSkill::Named { folded, written },
        Skill::CustomerLanguage => match case.attribute(Attribute::Language) {
            Some(AttributeValue::Text(text)) => {
                RequiredSkill::Named { folded: text.folded(), written: text.raw }
            }
            _ => RequiredSkill::UnknownLanguage,
        },
    }
}

/// Who takes the chat, and when to go on if they do not answer.
pub(super) fn assignment(
    context: &DecisionContext,
    assign: &Assign,
    tried: &[Tried],
) -> (Assignment, Option<Resume>) {
    let taken = tried.last();
    let resume = taken.filter(|taken| !matches!(taken.outcome, Outcome::Empty(_))).and_then(|taken| {
        let next = taken.place + 1;
        let after_seconds = taken.alternative.timeout.filter(|_| next < assign.alternatives.len())?;
        Some(Resume { after_seconds, alternative: next })
    });
    let group = |target: &GroupTarget| context.inbox.group(target.group).name.clone();
    let taken_group = taken.and_then(|taken| named_group(taken.alternative));
    let assignment = match taken.map(|taken| (taken.place, &taken.outcome)) {
        Some((_, Outcome::Nobody)) => Assignment::Nobody,
        Some((alternative, Outcome::User(user, _))) => Assignment::User {
            user: context.users.called(*user).0.to_owned(),
            group: taken_group.map(group),
            by: taken_group.map(|target| target.by),
            alternative,
        },
        Some((alternative, Outcome::Hand)) => {
            let group = taken_group.map(group);
            let reason = format!("{} takes its chats by hand", group.as_deref().unwrap_or_default());
            Assignment::Queue { user: (), group, by: Some(Algorithm::Hand), alternative, reason }
        }
        Some((_, Outcome::Empty(_))) | None => {
            // Every alternative has been tried by now, the ones before a resumed one too.
            let last_named = last_named(assign);
            Assignment::Queue {
                user: (),
                group: last_named.map(group),
                by: last_named.map(|target| target.by),
                alternative: assign.alternatives.len().saturating_sub(1),
                reason: reasons(tried),
            }
        }
    };
    (assignment, resume)
}

/// The group that the chat waits in when no alternative has somebody to give.
pub(super) fn last_named(assign: &Assign) -> Option<&GroupTarget> {
    assign.alternatives.iter().rev().find_map(named_group)
}

pub(super) fn named_group(alternative: &Alternative) -> Option<&GroupTarget> {
    match &alternative.target {
        Target::Group(target) => Some(target),
        Target::Owner | Target::User(_) | Target::Nobody => None,
    }
}

/// Why none of the alternatives gave anybody.
fn reasons(tried: &[Tried]) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for tried in tried {
        if let Outcome::Empty(reason) = &tried.outcome
            && !reasons.contains(&&**reason)
        {
            reasons.push(reason);
        }
    }
    reasons.join(", and ")
}
