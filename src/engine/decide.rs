//! A decision: the first rule that holds, what it does, and what the `also` rules add.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rand::Rng;

use super::assign::{Attempts, assignment, try_alternatives};
use super::compiled::CompiledPolicy;
use super::condition::applies;
use super::context::DecisionContext;
use super::decision::{Assignment, Decision, RuleRef};
use super::program::{Matched, Scratch};
use super::reply::{ReplyNames, render};
use super::view::{View, with_view};
use crate::inbox::Inbox;
use crate::language::fold;
use crate::policy::{Assign, Policy, Rule};
use crate::roster::RosterView;
use crate::situation::{Case, Chat, Situation, SituationError};

/// Decides one message by evaluating every rule in turn: the plain reading of a policy.
///
/// # Errors
///
/// When the situation does not fit the inbox, or does not say when it is.
pub fn decide(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    with_view(policy, inbox, situation, |view| {
        let (rule, also) = evaluate_all(view);
        run(view, Matched { rule, also: &also }, dice).decision
    })
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
    with_view(policy, inbox, situation, |view| {
        find_rules(policy, view.case, view, |matched| run(view, matched, dice).decision)
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
        static SCRATCH: Cell<Scratch> = Cell::default();
    }
    // Taken out for as long as it is used: should the dice of the caller decide something too, it starts with its own.
    let mut scratch = SCRATCH.take();
    let answer = answer(policy.program().find(case, roster, &mut scratch));
    SCRATCH.set(scratch);
    answer
}

/// Continues the assignment of `rule` from its alternative `from`, when a [`Resume`](super::Resume) is due: conditions are
/// not evaluated again, replies not repeated. `None` if the policy has no such rule or alternative.
///
/// # Errors
///
/// As [`decide`].
pub fn resume(
    policy: &Policy,
    inbox: &Inbox,
    rule: &RuleRef,
    from: usize,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Option<Decision>, SituationError> {
    let Some((rule, assign)) = to_resume(policy, rule, from) else { return Ok(None) };
    with_view(policy, inbox, situation, |view| {
        let attempts = try_alternatives(view.case, &view.language, assign, from, &mut &*view, dice);
        Some(resumed(&view.context(), rule, assign, &attempts))
    })
}

/// The rule and its assignment, if it has the alternative `from`.
pub(super) fn to_resume<'a>(
    policy: &'a Policy,
    rule: &RuleRef,
    from: usize,
) -> Option<(&'a Rule, &'a Assign)> {
    let rule = rule.find(policy)?;
    let assign = rule.assign.as_ref().filter(|assign| from < assign.alternatives.len())?;
    Some((rule, assign))
}

/// The decision of an assignment that was continued.
pub(super) fn resumed(
    context: &DecisionContext,
    rule: &Rule,
    assign: &Assign,
    attempts: &Attempts,
) -> Decision {
    let (assignment, resume) = assignment(context, assign, attempts);
    Decision {
        rule: Some(RuleRef::of(context.policy, rule)),
        assign: Some(assignment),
        resume,
        ..empty_decision(context)
    }
}

/// A decision, and how it was made.
pub(super) struct Run<'a> {
    /// The rule that decided.
    pub(super) rule: Option<&'a Rule>,
    /// The alternatives of it that were tried.
    pub(super) attempts: Attempts<'a>,
    pub(super) decision: Decision,
}

/// Evaluates every rule: the rule that decides, and the `also` rules that act. The oracle of programs.
pub(super) fn evaluate_all(view: &View) -> (Option<u32>, Vec<u32>) {
    let rules = || view.policy.rules.iter().zip(0..);
    let decides = |rule: &Rule| view.case.chat.is_none() && !rule.also && applies(view, rule);
    let rule = rules().find(|(rule, _)| decides(rule)).map(|(_, place)| place);
    let also = rules().filter(|(rule, _)| rule.also && applies(view, rule)).map(|(_, place)| place);
    (rule, also.collect())
}

/// Does what the rules say.
pub(super) fn run<'a>(view: &'a View, matched: Matched, dice: &mut dyn Rng) -> Run<'a> {
    let rule = matched.rule.and_then(|place| view.policy.rules.get(place as usize));
    let attempts = match rule.and_then(|rule| rule.assign.as_ref()) {
        Some(assign) => try_alternatives(view.case, &view.language, assign, 0, &mut &*view, dice),
        None => Attempts::default(),
    };
    let decision = decision(&view.context(), matched, &attempts);
    Run { rule, attempts, decision }
}

/// The decision of the rules that hold, after these alternatives of the assignment were tried.
pub(super) fn decision(context: &DecisionContext, matched: Matched, attempts: &Attempts) -> Decision {
    let rule_at = |place: u32| context.policy.rules.get(place as usize);
    let rule = matched.rule.and_then(rule_at);
    let (assign, resume) = match (context.case.chat, rule.and_then(|rule| rule.assign.as_ref())) {
        (Some(chat), _) => (Some(kept(context, chat)), None),
        (None, Some(assign)) => {
            let (assignment, resume) = assignment(context, assign, attempts);
            (Some(assignment), resume)
        }
        (None, None) => (None, None),
    };
    let names = reply_names(context, assign.as_ref());
    let (mut replies, mut tags, mut priority) = (Vec::new(), Vec::new(), None);
    let also = || matched.also.iter().filter_map(|place| rule_at(*place));
    for rule in rule.into_iter().chain(also()) {
        replies.extend(rule.replies.iter().filter_map(|reply| render(context, reply, names)));
        tags.extend(&rule.tags);
        priority = priority.max(rule.priority);
    }
    Decision {
        rule: rule.map(|rule| RuleRef::of(context.policy, rule)),
        assign,
        replies,
        tags: distinct_tags(&tags),
        priority,
        also: also().map(|rule| RuleRef::of(context.policy, rule)).collect(),
        resume,
        ..empty_decision(context)
    }
}

/// A decision that does nothing.
fn empty_decision(context: &DecisionContext) -> Decision {
    Decision {
        message: context.case.message_id.map(Arc::from),
        number: context.case.number.map(Arc::from),
        rule: None,
        assign: None,
        replies: Vec::new(),
        tags: Vec::new(),
        priority: None,
        also: Vec::new(),
        resume: None,
        policy: Arc::clone(&context.policy.digest),
        why: None,
    }
}

fn kept(context: &DecisionContext, chat: Chat) -> Assignment {
    let group = chat.group.map(|group| context.group_name(group));
    Assignment::Kept { user: chat.user.map(Arc::from), group }
}

fn reply_names<'a>(context: &DecisionContext<'a>, assign: Option<&'a Assignment>) -> ReplyNames<'a> {
    let (user, group) = match assign {
        Some(Assignment::User { user, group, .. }) => (Some(user), group.as_deref()),
        Some(Assignment::Kept { user, group }) => (user.as_ref(), group.as_deref()),
        Some(Assignment::Queue { group, .. }) => (None, group.as_deref()),
        Some(Assignment::Nobody) | None => (None, None),
    };
    let user = user.and_then(|id| context.users.name_of(id));
    ReplyNames { user, group }
}

/// Each tag once, as it was first written.
fn distinct_tags(tags: &[&Arc<str>]) -> Vec<Arc<str>> {
    let mut seen = BTreeSet::new();
    tags.iter().filter(|tag| seen.insert(fold(tag))).map(|tag| Arc::clone(tag)).collect()
}
