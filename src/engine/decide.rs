//! A decision: the first rule that holds, what it does, and what the `also` rules add.

use std::cell::Cell;
use std::sync::Arc;

use rand::Rng;

use super::assign::{AssignRequest, Attempts, assignment};
use super::compiled::CompiledPolicy;
use super::condition::applies;
use super::context::DecisionContext;
use super::decision::{Assignment, Decision, Moved};
use super::program::{Matched, Scratch};
use super::reply::ReplyNames;
use super::resume::{ResumePoint, resume};
use super::rule_actions::{actions, later};
use super::view::{View, with_view, with_view_of_draw};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::{Policy, Rule, RuleRef};
use crate::roster::RosterView;
use crate::situation::{Case, Chat, Situation, SituationError};

/// Decides one message by evaluating every rule in turn: the plain reading of a policy. A situation that says what to resume
/// goes on with that assignment.
///
/// # Errors
///
/// When the situation does not fit the inbox or the policy, or does not say when it is.
pub fn decide(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    let resume_point = ResumePoint::of(policy, situation)?;
    with_view(policy, inbox, situation, |view| run_or_resume(view, resume_point.as_ref(), dice).decision)
}

/// Goes on with the assignment, if there is one to resume; decides by every rule if there is not.
pub(super) fn run_or_resume<'a>(
    view: &'a View,
    resume_point: Option<&ResumePoint<'a>>,
    dice: &mut dyn Rng,
) -> Run<'a> {
    if let Some(resume_point) = resume_point {
        return resume(view, resume_point, dice);
    }
    let (rule, also) = evaluate_all(view);
    run(view, Matched { rule, also: &also }, dice)
}

/// Decides one message as [`decide`] does, but faster: the policy's program finds the rules.
///
/// # Errors
///
/// As [`decide`].
pub fn decide_compiled(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    decide_with_draw(policy, inbox, situation, None, dice)
}

/// As [`decide_compiled`], where chance falls on the user with the id `drawn` if it can. The dice are for all other choices.
///
/// # Errors
///
/// As [`decide`].
pub fn decide_with_draw(
    policy: &CompiledPolicy,
    inbox: &Inbox,
    situation: &Situation,
    drawn: Option<&str>,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    let resume_point = ResumePoint::of(policy, situation)?;
    with_view_of_draw(policy, inbox, situation, drawn, |view| match &resume_point {
        Some(resume_point) => resume(view, resume_point, dice).decision,
        None => find_rules(policy, view.case, view, |matched| run(view, matched, dice).decision),
    })
}

/// Calls `answer` with the rules that the policy's program finds.
pub(super) fn find_rules<T>(
    policy: &CompiledPolicy,
    case: &Case,
    roster: &dyn RosterView,
    answer: impl FnOnce(Matched) -> T,
) -> T {
    thread_local! {
        static SCRATCH: Cell<Option<Box<Scratch>>> = const { Cell::new(None) };
    }
    // Taken out for as long as it is used: should the dice of the caller decide something too, it starts with its own.
    let mut scratch = SCRATCH.take().unwrap_or_default();
    let answer = answer(policy.program().find(case, roster, &mut scratch));
    SCRATCH.set(Some(scratch));
    answer
}

/// A decision, and how it was made.
pub(super) struct Run<'a> {
    /// The rule that held. In an open chat it decides only if it moves the chat.
    pub(super) rule: Option<&'a Rule>,
    /// The alternatives of it that were tried.
    pub(super) attempts: Attempts<'a>,
    pub(super) decision: Decision,
}

/// Evaluates every rule: the first that holds of those that may decide, and the `also` rules that act. The oracle of
/// programs.
pub(super) fn evaluate_all(view: &View) -> (Option<u32>, Vec<u32>) {
    let rules = || view.policy.rules.iter().zip(0..);
    let deciding = deciding_kind(view.case);
    let rule = rules().find(|(rule, _)| rule.kind == deciding && applies(view, rule)).map(|(_, place)| place);
    let also = rules().filter(|(rule, _)| rule.kind == RuleKind::Also && applies(view, rule));
    (rule, also.map(|(_, place)| place).collect())
}

/// The kind of rules of which the first that holds decides.
pub(super) fn deciding_kind(case: &Case) -> RuleKind {
    if case.chat.is_some() { RuleKind::Move } else { RuleKind::Regular }
}

/// Does what the rules say.
pub(super) fn run<'a>(view: &'a View, matched: Matched, dice: &mut dyn Rng) -> Run<'a> {
    let rule = matched.rule.and_then(|place| view.policy.rules.get(place as usize));
    let request = rule.and_then(|rule| AssignRequest::of(view.inbox, view.case, rule));
    let attempts = request.as_ref().map(|request| request.attempt(&mut &*view, dice)).unwrap_or_default();
    let acts = request.as_ref().filter(|request| acts(request, &attempts)).and(rule);
    let decision = decision(&view.context(), acts, matched.also, &attempts);
    Run { rule, attempts, decision }
}

/// Whether the rule that held decides: in an open chat, only if it moves the chat.
pub(super) fn acts(request: &AssignRequest, attempts: &Attempts) -> bool {
    request.case.chat.is_none() || request.moves(attempts)
}

/// The decision of `rule` and of the `also` rules, after these alternatives of the rule's assignment were tried.
pub(super) fn decision(
    context: &DecisionContext,
    rule: Option<&Rule>,
    also: &[u32],
    attempts: &Attempts,
) -> Decision {
    let chat = context.case.chat;
    let moved = chat.filter(|_| rule.is_some()).map(moved);
    // A user whom the inbox no longer has is nobody.
    let had = context.case.chat_user().and(moved.as_ref()).and_then(|moved| moved.user.clone());
    let (assign, resume) = match (rule.and_then(|rule| rule.assign.as_ref()), chat) {
        (Some(assign), _) => {
            let (assignment, resume) = assignment(context, assign, attempts, had.as_slice());
            (Some(assignment), resume)
        }
        (None, Some(chat)) => (Some(kept(chat)), None),
        (None, None) => (None, None),
    };
    let names = reply_names(context, assign.as_ref(), attempts);
    let rule_at = |place: &u32| context.policy.rules.get(*place as usize);
    let also = || also.iter().filter_map(rule_at);
    let acting = || rule.into_iter().chain(also());
    let now = actions(context, acting(), names);
    let later = match assign {
        Some(Assignment::Nobody) | None => Vec::new(),
        Some(_) => later(context, acting(), names, &now.tags),
    };
    Decision {
        rule: rule.map(|rule| RuleRef::of(context.policy, rule)),
        assign,
        replies: now.replies,
        tags: now.tags,
        priority: now.priority,
        also: also().map(|rule| RuleRef::of(context.policy, rule)).collect(),
        resume,
        later,
        moved,
        ..empty_decision(context)
    }
}

/// A decision that does nothing.
pub(super) fn empty_decision(context: &DecisionContext) -> Decision {
    Decision {
        message: context.case.message_id.map(Arc::from),
        number: context.case.number.map(Arc::from),
        ..Decision::empty(Arc::clone(&context.policy.digest))
    }
}

fn kept(chat: Chat) -> Assignment {
    Assignment::Kept { user: chat.user_name.map(Arc::from), group: chat.group_name.map(Arc::from) }
}

fn moved(chat: Chat) -> Moved {
    Moved { user: chat.user_name.map(Arc::from), group: chat.group_name.map(Arc::from) }
}

fn reply_names<'a>(
    context: &DecisionContext<'a>,
    assign: Option<&'a Assignment>,
    attempts: &Attempts,
) -> ReplyNames<'a> {
    let name = |user| context.users.id_and_name(user).map(|(_, name)| &**name);
    match assign {
        Some(Assignment::User { group, .. }) => {
            ReplyNames { user: attempts.user().and_then(name), group: group.as_deref() }
        }
        Some(Assignment::Queue { group, .. }) => ReplyNames { user: None, group: group.as_deref() },
        // What the inbox no longer has is not mentioned.
        Some(Assignment::Kept { .. }) => {
            let chat = context.case.chat.unwrap_or_default();
            ReplyNames { user: chat.user.and_then(name), group: chat.group.and(chat.group_name) }
        }
        Some(Assignment::Nobody) | None => ReplyNames::default(),
    }
}
