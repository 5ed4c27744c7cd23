//! A decision with its reasons: why this rule, why none before it, why this user.

use rand::Rng;

use super::assign::{Attempt, AttemptOutcome};
use super::condition::{applies, holds};
use super::decide::{Run, deciding_kind, run_or_resume};
use super::decision::{AttemptReason, CandidateReason, Decision, Reasons, RuleReason};
use super::observe::{customer, observations, open_chat};
use super::resume::ResumePoint;
use super::view::{View, with_view};
use crate::inbox::{Inbox, UserId};
use crate::language::ast::RuleKind;
use crate::language::vocabulary::Eligibility;
use crate::policy::{Condition, ConditionKind, Policy, Rule, RuleRef, Target};
use crate::roster::{Candidate, Exclusion, Pool, skills_words};
use crate::situation::{Owner, Situation, SituationError};

/// Decides one message and says why.
///
/// # Errors
///
/// As [`decide`](super::decide()).
pub fn explain(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    let resume_point = ResumePoint::of(policy, situation)?;
    with_view(policy, inbox, situation, |view| {
        let run = run_or_resume(view, resume_point.as_ref(), dice);
        let reasons = reasons(view, &run, resume_point.is_some());
        Decision { why: Some(reasons), ..run.decision }
    })
}

fn reasons(view: &View, run: &Run, is_resumed: bool) -> Reasons {
    let of_kind = |kind| view.policy.rules.iter().filter(move |rule| rule.kind == kind && !is_resumed);
    let deciding = of_kind(deciding_kind(view.case));
    let mut over = false;
    let read = deciding.take_while(|rule| {
        let reads = !over;
        over |= run.rule.is_some_and(|decided| std::ptr::eq(decided, *rule));
        reads
    });
    Reasons {
        customer: customer(view),
        chat: view.case.chat.as_ref().map(|chat| open_chat(view, chat)),
        rules: read.map(|rule| rule_reason(view, rule)).collect(),
        also: of_kind(RuleKind::Also).map(|rule| rule_reason(view, rule)).collect(),
        assign: run
            .attempts
            .empty
            .iter()
            .chain(&run.attempts.taken)
            .map(|attempt| attempt_reason(view, attempt))
            .collect(),
        unknown: Vec::new(),
    }
}

fn rule_reason(view: &View, rule: &Rule) -> RuleReason {
    let held = applies(view, rule);
    let failed = rule.when.as_ref().filter(|_| !held).map(|condition| first_failing(view, condition));
    RuleReason {
        rule: RuleRef::of(view.policy, rule),
        held,
        part: failed.map(|part| one_line(view.policy.slice(part.span))),
        saw: match failed.or(rule.when.as_ref()) {
            Some(part) => observations(view, part),
            None => "no rule above it held".to_owned(),
        },
    }
}

/// The first part of a condition that did not hold.
fn first_failing<'c>(view: &View, condition: &'c Condition) -> &'c Condition {
    let mut part = condition;
    while let ConditionKind::And(parts) = &part.kind
        && let Some(failed) = parts.iter().find(|part| !holds(view, part))
    {
        part = failed;
    }
    part
}

fn attempt_reason(view: &View, attempt: &Attempt) -> AttemptReason {
    let decided_by = match &attempt.outcome {
        AttemptOutcome::User(_, decided_by) => *decided_by,
        AttemptOutcome::Hand | AttemptOutcome::Nobody | AttemptOutcome::Empty(_) => None,
    };
    let members = attempt.pool.iter().flat_map(|pool| pool.members.iter().map(move |member| (pool, member)));
    AttemptReason {
        alternative: attempt.place,
        target: one_line(view.policy.slice(attempt.alternative.span)),
        outcome: outcome_words(view, attempt),
        taken: !matches!(attempt.outcome, AttemptOutcome::Empty(_)),
        by: match &attempt.alternative.target {
            Target::Group(target) => Some(target.by),
            Target::Owner { .. } | Target::User { .. } | Target::Nobody => None,
        },
        pool: attempt.pool.as_ref().map(|pool| pool_words(view, pool, attempt)),
        candidates: members.map(|(pool, member)| candidate_reason(view, pool, member, attempt)).collect(),
        tie_break: decided_by.map(|criterion| criterion.as_str().to_owned()),
    }
}

fn outcome_words(view: &View, attempt: &Attempt) -> String {
    match &attempt.outcome {
        AttemptOutcome::User(user, _) => {
            let name = &view.inbox.user(*user).name;
            match (&attempt.alternative.target, view.case.owner) {
                (Target::Owner { .. }, Owner::User(_)) => format!("{name} owns {}", customer(view)),
                (Target::User { .. }, _) => format!("the rule names {name}"),
                _ => format!("{name} was chosen"),
            }
        }
        AttemptOutcome::Hand => "the chat waits until a member takes it".to_owned(),
        AttemptOutcome::Nobody => "nobody takes the chat, and it does not wait".to_owned(),
        AttemptOutcome::Empty(reason) => reason.clone(),
    }
}

/// Whom the choice considered: `those available in Sales`.
fn pool_words(view: &View, pool: &Pool, attempt: &Attempt) -> String {
    let Target::Group(target) = &attempt.alternative.target else { return String::new() };
    let skills = skills_words(&pool.skills);
    let skills = if skills.is_empty() { skills } else { format!(" with {skills}") };
    let whom = format!("in {}{skills}", view.inbox.group(target.group).name);
    let is_left_out = |member: &Candidate| member.exclusion == Some(Exclusion::LeftOut);
    let nobody = if pool.members.iter().any(is_left_out) { "nobody else" } else { "nobody" };
    match (pool.among, target.among) {
        (Eligibility::Available, _) => format!("those available {whom}"),
        (Eligibility::Online, None) => format!("{nobody} {whom} is available, so those online"),
        (Eligibility::Online, Some(_)) => format!("those online {whom}"),
        (Eligibility::Everyone, None) => format!("{nobody} {whom} is online, so everyone"),
        (Eligibility::Everyone, Some(_)) => format!("everyone {whom}"),
    }
}

fn candidate_reason(view: &View, pool: &Pool, member: &Candidate, attempt: &Attempt) -> CandidateReason {
    let last = member.now.last_message_at;
    CandidateReason {
        user: view.inbox.user(member.user).id.to_string(),
        name: view.inbox.user(member.user).name.to_string(),
        presence: member.now.presence,
        chats: member.now.chats,
        capacity: member.capacity,
        weight: member.weight,
        turn: member.turn,
        last_message_at: last,
        idle_seconds: last.and_then(|last| u64::try_from(view.case.at.duration_since(last).as_secs()).ok()),
        left_out: member.exclusion.map(|exclusion| match exclusion {
            Exclusion::Skill => format!("lacks {}", skills_words(&pool.skills)),
            Exclusion::LeftOut if view.case.chat_user() == Some(member.user) => "has the chat".to_owned(),
            Exclusion::LeftOut if is_excepted(view, member.user, attempt) => {
                "excepted by the rule".to_owned()
            }
            Exclusion::LeftOut => "had the chat".to_owned(),
            Exclusion::NotOnline => member.now.presence.to_string(),
            Exclusion::AtCapacity => "at capacity".to_owned(),
        }),
        chosen: matches!(attempt.outcome, AttemptOutcome::User(user, _) if user == member.user),
    }
}

fn is_excepted(view: &View, user: UserId, attempt: &Attempt) -> bool {
    attempt.alternative.group().is_some_and(|target| {
        let is_owner = target.excepts_owner() && view.case.owner_id() == Some(user);
        is_owner || target.except_users().contains(&user)
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
