//! The alternatives of an `assign`, tried one after the other until one gives somebody.

use rand::Rng;

use super::decision::{Assignment, Resume};
use super::view::View;
use crate::inbox::UserId;
use crate::language::vocabulary::Algorithm;
use crate::policy::{Alternative, Assign, Attribute, GroupTarget, Skill, Target};
use crate::roster::{Criterion, Pool, Wanted, pick};
use crate::situation::{Known, Owner};

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
    view: &View<'a>,
    assign: &'a Assign,
    from: usize,
    dice: &mut dyn Rng,
) -> Vec<Tried<'a>> {
    let mut tried = Vec::new();
    for (place, alternative) in assign.alternatives.iter().enumerate().skip(from) {
        let (pool, outcome) = ask(view, &alternative.target, dice);
        let found = !matches!(outcome, Outcome::Empty(_));
        tried.push(Tried { place, alternative, pool, outcome });
        if found {
            break;
        }
    }
    tried
}

fn ask<'a>(view: &View<'a>, target: &'a Target, dice: &mut dyn Rng) -> (Option<Pool<'a>>, Outcome) {
    match target {
        Target::User(user) => (None, Outcome::User(*user, None)),
        Target::Nobody => (None, Outcome::Nobody),
        Target::Owner => (
            None,
            match view.case.owner {
                Owner::User(user) => Outcome::User(user, None),
                Owner::None => Outcome::Empty("the customer has no owner".to_owned()),
                Owner::Gone(id) => {
                    Outcome::Empty(format!("the customer's owner `{id}` is no longer in the inbox"))
                }
            },
        ),
        Target::Group(target) => {
            let wanted = target.skill.as_ref().map(|skill| wanted(view, skill));
            let pool = Pool::gather(view.inbox, view.now, target.group, wanted, target.among);
            let outcome = match pick(target.by, &pool, dice) {
                Some(pick) => Outcome::User(pick.user, Some(pick.decided_by)),
                None if target.by == Algorithm::Hand => Outcome::Hand,
                None => Outcome::Empty(pool.why_empty(&view.inbox.group_at(target.group).name)),
            };
            (Some(pool), outcome)
        }
    }
}

fn wanted<'a>(view: &View<'a>, skill: &'a Skill) -> Wanted<'a> {
    match skill {
        Skill::Named { folded, written, .. } => Wanted::Skill { folded, written },
        Skill::CustomerLanguage => match view.case.attribute(Attribute::Language) {
            Some(Known::Text(text)) => Wanted::Skill { folded: text.folded(), written: text.raw },
            _ => Wanted::UnknownLanguage,
        },
    }
}

/// Who takes the chat, and when to go on if they do not answer.
pub(super) fn assignment(view: &View, assign: &Assign, tried: &[Tried]) -> (Assignment, Option<Resume>) {
    let taken = tried.last();
    let resume = taken.filter(|taken| !matches!(taken.outcome, Outcome::Empty(_))).and_then(|taken| {
        let next = taken.place + 1;
        let after_seconds = taken.alternative.patience.filter(|_| next < assign.alternatives.len())?;
        Some(Resume { after_seconds, alternative: next })
    });
    let group = |target: &GroupTarget| view.inbox.group_at(target.group).name.clone();
    let taken_group = taken.and_then(|taken| named_group(taken.alternative));
    let assignment = match taken.map(|taken| (taken.place, &taken.outcome)) {
        Some((_, Outcome::Nobody)) => Assignment::Nobody,
        Some((alternative, Outcome::User(user, _))) => Assignment::User {
            user: view.inbox.user_at(*user).id.clone(),
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
            let last_named = assign.alternatives.iter().rev().find_map(named_group);
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

fn named_group(alternative: &Alternative) -> Option<&GroupTarget> {
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
