//! Why a decision came out as it did, as plain data.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::assign::{Outcome, Tried};
use super::condition::holds;
use super::decide::{Course, applies};
use super::decision::RuleRef;
use super::observe::{customer, saw};
use super::view::View;
use crate::language::vocabulary::{Algorithm, Eligibility, Presence};
use crate::policy::{Condition, ConditionKind, Rule, Target};
use crate::roster::{Candidate, Exclusion, Pool, RequiredSkill};
use crate::situation::Owner;

/// The reasons for a decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reasons {
    /// The customer's name, or `the customer` if it is not known.
    pub customer: String,
    /// The rules that were evaluated, down to the one that decided; none if the chat was already open.
    pub rules: Vec<RuleReason>,
    /// The `also` rules.
    pub also: Vec<RuleReason>,
    /// The alternatives of the assignment that were tried, down to the one that was taken.
    pub assign: Vec<AttemptReason>,
}

/// Why the condition of a rule held, or did not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleReason {
    /// The rule.
    pub rule: RuleRef,
    /// Whether the condition held.
    pub held: bool,
    /// The first part that did not hold, as written; `null` if all parts held.
    pub part: Option<String>,
    /// The values that this part, or the whole condition, was evaluated with.
    pub saw: String,
}

/// Why an alternative found somebody, or did not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct AttemptReason {
    /// The position of the alternative, from 0.
    pub alternative: usize,
    /// The alternative, as written.
    pub target: String,
    /// The outcome.
    pub outcome: String,
    /// Whether it was taken.
    pub taken: bool,
    /// How a member is chosen, if the alternative names a group.
    pub by: Option<Algorithm>,
    /// Which members it considered.
    pub pool: Option<String>,
    /// Every member of the group, in the order of the group.
    pub candidates: Vec<CandidateReason>,
    /// What decided the choice.
    pub tie_break: Option<String>,
}

/// A member of the group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateReason {
    /// The id of the member.
    pub user: String,
    /// The name of the member.
    pub name: String,
    /// The presence of the member.
    pub presence: Presence,
    /// The number of open chats.
    pub chats: u32,
    /// The capacity: how many chats the member should have at most.
    pub capacity: Option<u32>,
    /// The weight under `by weighted`.
    pub weight: u32,
    /// The position in the turn order; 0 has the next turn.
    pub turn: usize,
    /// When the member had their last message; `null` if they never had one.
    #[schemars(with = "Option<String>")]
    pub last_message_at: Option<Timestamp>,
    /// The number of seconds since then.
    pub idle_seconds: Option<u64>,
    /// Why the member was not considered; `null` if they were.
    pub left_out: Option<String>,
    /// Whether the member was chosen.
    pub chosen: bool,
}

pub(super) fn reasons(view: &View, course: &Course) -> Reasons {
    let deciding = view.policy.rules.iter().filter(|rule| !rule.also);
    let mut over = view.case.chat.is_some();
    let read = deciding.take_while(|rule| {
        let reads = !over;
        over |= course.rule.is_some_and(|decided| std::ptr::eq(decided, *rule));
        reads
    });
    let also = view.policy.rules.iter().filter(|rule| rule.also);
    Reasons {
        customer: customer(view),
        rules: read.map(|rule| why_rule(view, rule)).collect(),
        also: also.map(|rule| why_rule(view, rule)).collect(),
        assign: course.tried.iter().map(|tried| why_tried(view, tried)).collect(),
    }
}

fn why_rule(view: &View, rule: &Rule) -> RuleReason {
    let held = applies(view, rule);
    let failed = rule.when.as_ref().filter(|_| !held).map(|condition| first_failing(view, condition));
    RuleReason {
        rule: RuleRef::of(view.policy, rule),
        held,
        part: failed.map(|part| one_line(view.policy.slice(part.span))),
        saw: match failed.or(rule.when.as_ref()) {
            Some(part) => saw(view, part),
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

fn why_tried(view: &View, tried: &Tried) -> AttemptReason {
    let decided_by = match &tried.outcome {
        Outcome::User(_, decided_by) => *decided_by,
        Outcome::Hand | Outcome::Nobody | Outcome::Empty(_) => None,
    };
    let members = tried.pool.iter().flat_map(|pool| pool.members.iter().map(move |member| (pool, member)));
    AttemptReason {
        alternative: tried.place,
        target: one_line(view.policy.slice(tried.alternative.span)),
        outcome: outcome_words(view, tried),
        taken: !matches!(tried.outcome, Outcome::Empty(_)),
        by: match &tried.alternative.target {
            Target::Group(target) => Some(target.by),
            Target::Owner | Target::User(_) | Target::Nobody => None,
        },
        pool: tried.pool.as_ref().map(|pool| pool_words(view, pool, tried)),
        candidates: members.map(|(pool, member)| why_candidate(view, pool, member, tried)).collect(),
        tie_break: decided_by.map(|criterion| criterion.as_str().to_owned()),
    }
}

fn outcome_words(view: &View, tried: &Tried) -> String {
    match &tried.outcome {
        Outcome::User(user, _) => {
            let name = &view.inbox.user(*user).name;
            match (&tried.alternative.target, view.case.owner) {
                (Target::Owner, Owner::User(_)) => format!("{name} owns {}", customer(view)),
                (Target::User(_), _) => format!("the rule names {name}"),
                _ => format!("{name} was chosen"),
            }
        }
        Outcome::Hand => "the chat waits for somebody to take it by hand".to_owned(),
        Outcome::Nobody => "nobody takes the chat, and it does not wait".to_owned(),
        Outcome::Empty(reason) => reason.clone(),
    }
}

/// Whom the choice considered: `those available in Sales`.
fn pool_words(view: &View, pool: &Pool, tried: &Tried) -> String {
    let Target::Group(target) = &tried.alternative.target else { return String::new() };
    let skill = match pool.skill {
        Some(RequiredSkill::Named { written, .. }) => format!(" with the skill `{written}`"),
        Some(RequiredSkill::UnknownLanguage) => " with the customer's language".to_owned(),
        None => String::new(),
    };
    let whom = format!("in {}{skill}", view.inbox.group(target.group).name);
    match (pool.among, target.among) {
        (Eligibility::Available, _) => format!("those available {whom}"),
        (Eligibility::Online, None) => format!("nobody {whom} is available, so those online"),
        (Eligibility::Online, Some(_)) => format!("those online {whom}"),
        (Eligibility::Everyone, None) => format!("nobody {whom} is online, so everyone"),
        (Eligibility::Everyone, Some(_)) => format!("everyone {whom}"),
    }
}

fn why_candidate(view: &View, pool: &Pool, member: &Candidate, tried: &Tried) -> CandidateReason {
    let last = member.now.last_message_at;
    CandidateReason {
        user: view.inbox.user(member.user).id.clone(),
        name: view.inbox.user(member.user).name.clone(),
        presence: member.now.presence,
        chats: member.now.chats,
        capacity: member.capacity,
        weight: member.weight,
        turn: member.turn,
        last_message_at: last,
        idle_seconds: last.and_then(|last| u64::try_from(view.case.at.duration_since(last).as_secs()).ok()),
        left_out: member.exclusion.map(|exclusion| match (exclusion, pool.skill) {
            (Exclusion::Skill, Some(RequiredSkill::Named { written, .. })) => {
                format!("lacks the skill `{written}`")
            }
            (Exclusion::Skill, _) => "the customer's language is not known".to_owned(),
            (Exclusion::NotOnline, _) => member.now.presence.to_string(),
            (Exclusion::AtCapacity, _) => "at capacity".to_owned(),
        }),
        chosen: matches!(tried.outcome, Outcome::User(user, _) if user == member.user),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
