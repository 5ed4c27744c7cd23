//! The alternatives of an `assign`, tried in order until one of them finds somebody.

use std::cell::OnceCell;
use std::sync::Arc;

use rand::Rng;

use super::context::DecisionContext;
use super::decision::{Assignment, Resume};
use super::view::View;
use crate::inbox::UserId;
use crate::language::vocabulary::Algorithm;
use crate::language::{Folded, fold};
use crate::policy::{Alternative, Assign, GroupTarget, Skill, Target};
use crate::roster::{ChoiceRequest, Criterion, Pool, RequiredSkill, Roster, pick};
use crate::situation::{Case, Owner};

/// Whom the choice considered, where that is recorded; and the user who is chosen, or why there is none.
type Chosen<'a> = (Option<Pool<'a>>, Result<(UserId, Criterion), String>);

/// What a member of a group is chosen from: a snapshot or a live roster.
pub(super) trait MemberChooser<'a> {
    fn choose(
        &mut self,
        target: &GroupTarget,
        skill: Option<RequiredSkill<'a>>,
        dice: &mut dyn Rng,
    ) -> Chosen<'a>;
}

/// Looks at the members one by one.
impl<'a> MemberChooser<'a> for &View<'a> {
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

impl<'a> MemberChooser<'a> for Roster {
    fn choose(
        &mut self,
        target: &GroupTarget,
        skill: Option<RequiredSkill<'a>>,
        dice: &mut dyn Rng,
    ) -> Chosen<'a> {
        let request = ChoiceRequest { group: target.group, skill, by: target.by, among: target.among };
        let chosen = Roster::choose(self, &request, dice).map(|pick| (pick.user, pick.decided_by));
        (None, chosen.ok_or_else(|| self.why_empty(&request)))
    }
}

/// An alternative that was tried.
pub(super) struct Attempt<'a> {
    /// Its place among the alternatives.
    pub(super) place: usize,
    pub(super) alternative: &'a Alternative,
    /// Whom it considered, if its target is a group.
    pub(super) pool: Option<Pool<'a>>,
    pub(super) outcome: AttemptOutcome,
}

/// The alternatives that were tried, in order.
#[derive(Default)]
pub(super) struct Attempts<'a> {
    /// Those that found nobody.
    pub(super) empty: Vec<Attempt<'a>>,
    /// The one after them that was taken. Most assignments take their first alternative, and so nothing is allocated.
    pub(super) taken: Option<Attempt<'a>>,
}

/// What trying an alternative led to.
pub(super) enum AttemptOutcome {
    /// That user takes the chat; if they were chosen from a group, by this criterion.
    User(UserId, Option<Criterion>),
    /// The chat waits until a member takes it.
    Hand,
    /// Nobody takes it, and it does not wait.
    Nobody,
    /// It found nobody, for this reason.
    Empty(String),
}

/// Tries the alternatives from the place `from` on, until one is taken. `language` is where the customer's language is kept
/// once it has been folded.
pub(super) fn try_alternatives<'a>(
    case: &Case<'a>,
    language: &'a OnceCell<Folded>,
    assign: &'a Assign,
    from: usize,
    members: &mut dyn MemberChooser<'a>,
    dice: &mut dyn Rng,
) -> Attempts<'a> {
    let mut empty = Vec::new();
    for (place, alternative) in assign.alternatives.iter().enumerate().skip(from) {
        let (pool, outcome) = try_target(case, language, &alternative.target, members, dice);
        let found = !matches!(outcome, AttemptOutcome::Empty(_));
        let attempt = Attempt { place, alternative, pool, outcome };
        if found {
            return Attempts { empty, taken: Some(attempt) };
        }
        empty.push(attempt);
    }
    Attempts { empty, taken: None }
}

fn try_target<'a>(
    case: &Case<'a>,
    language: &'a OnceCell<Folded>,
    target: &'a Target,
    members: &mut dyn MemberChooser<'a>,
    dice: &mut dyn Rng,
) -> (Option<Pool<'a>>, AttemptOutcome) {
    let outcome = match target {
        Target::User(user) => AttemptOutcome::User(*user, None),
        Target::Nobody => AttemptOutcome::Nobody,
        Target::Owner => match case.owner {
            Owner::User(user) => AttemptOutcome::User(user, None),
            Owner::None => AttemptOutcome::Empty("the customer has no owner".to_owned()),
            Owner::Former(id) => {
                AttemptOutcome::Empty(format!("the customer's owner `{id}` is no longer in the inbox"))
            }
        },
        Target::Group(target) => {
            let skill = target.skill.as_ref().map(|skill| required_skill(case, language, skill));
            let (pool, chosen) = members.choose(target, skill, dice);
            let outcome = match chosen {
                Ok((user, decided_by)) => AttemptOutcome::User(user, Some(decided_by)),
                Err(_) if target.by == Algorithm::Hand => AttemptOutcome::Hand,
                Err(reason) => AttemptOutcome::Empty(reason),
            };
            return (pool, outcome);
        }
    };
    (None, outcome)
}

fn required_skill<'a>(
    case: &Case<'a>,
    language: &'a OnceCell<Folded>,
    skill: &'a Skill,
) -> RequiredSkill<'a> {
    match skill {
        Skill::Named { folded, written, .. } => RequiredSkill::Named { folded, written },
        Skill::CustomerLanguage => case.language.map_or(RequiredSkill::UnknownLanguage, |written| {
            RequiredSkill::Named { folded: language.get_or_init(|| fold(written)), written }
        }),
    }
}

/// Who takes the chat, and when to try the next alternative if they do not answer.
pub(super) fn assignment(
    context: &DecisionContext,
    assign: &Assign,
    attempts: &Attempts,
) -> (Assignment, Option<Resume>) {
    let taken = attempts.taken.as_ref();
    let resume = taken.and_then(|taken| {
        let next = taken.place + 1;
        let after_seconds = taken.alternative.timeout.filter(|_| next < assign.alternatives.len())?;
        Some(Resume { after_seconds, alternative: next })
    });
    let group = |target: &GroupTarget| context.group_name(target.group);
    let taken_group = taken.and_then(|taken| named_group(taken.alternative));
    let assignment = match taken.map(|taken| (taken.place, &taken.outcome)) {
        Some((_, AttemptOutcome::Nobody)) => Assignment::Nobody,
        Some((alternative, AttemptOutcome::User(user, _))) => Assignment::User {
            user: context.users.id_and_name(*user).map(|(id, _)| Arc::clone(id)).unwrap_or_default(),
            group: taken_group.map(group),
            by: taken_group.map(|target| target.by),
            alternative,
        },
        Some((alternative, AttemptOutcome::Hand)) => {
            let group = taken_group.map(group);
            let reason = format!("members of {} take chats by hand", group.as_deref().unwrap_or_default());
            Assignment::Queue { user: (), group, by: Some(Algorithm::Hand), alternative, reason }
        }
        Some((_, AttemptOutcome::Empty(_))) | None => {
            // Every alternative has been tried by now, the ones before a resumed one too.
            let last_named = last_named(assign);
            Assignment::Queue {
                user: (),
                group: last_named.map(group),
                by: last_named.map(|target| target.by),
                alternative: assign.alternatives.len().saturating_sub(1),
                reason: why_waiting(&attempts.empty),
            }
        }
    };
    (assignment, resume)
}

/// The group that the chat waits in if no alternative finds anybody.
pub(super) fn last_named(assign: &Assign) -> Option<&GroupTarget> {
    assign.alternatives.iter().rev().find_map(named_group)
}

pub(super) fn named_group(alternative: &Alternative) -> Option<&GroupTarget> {
    match &alternative.target {
        Target::Group(target) => Some(target),
        Target::Owner | Target::User(_) | Target::Nobody => None,
    }
}

/// Why none of the alternatives found anybody.
fn why_waiting(attempts: &[Attempt]) -> String {
    let mut reasons: Vec<&str> = Vec::new();
    for attempt in attempts {
        if let AttemptOutcome::Empty(reason) = &attempt.outcome
            && !reasons.contains(&&**reason)
        {
            reasons.push(reason);
        }
    }
    reasons.join(", and ")
}
