//! A decision: the first rule that holds, what it does, and what the `also` rules add.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::Arc;

use rand::Rng;

use super::assign::{Tried, assignment, attempt};
use super::compiled::CompiledPolicy;
use super::condition::holds;
use super::context::DecisionContext;
use super::decision::{Assignment, Decision, RuleRef};
use super::program::{Facts, Found, Scratch, attributes_of};
use super::reasons::reasons;
use super::reply::{Named, render};
use super::view::View;
use crate::inbox::Inbox;
use crate::language::fold;
use crate::policy::{Assign, Policy, Rule};
use crate::roster::{RosterSnapshot, RosterView};
use crate::situation::{Case, Chat, Situation, SituationError, validate};

/// Decides one message.
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
    look(policy, inbox, situation, |view| {
        let (rule, also) = asked(view);
        run(view, Found { rule, also: &also }, dice).decision
    })
}

/// Decides one message as [`decide`] does, only quicker: the policy's program finds the rules.
///
/// # Errors
///
/// As [`decide`].
pub fn decide_compiled(
    ready: &CompiledPolicy,
    inbox: &Inbox,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    look(ready, inbox, situation, |view| {
        found(ready, view.case, view, |found| run(view, found, dice).decision)
    })
}

/// What `answer` makes of the rules that the program finds.
pub(super) fn found<T>(
    ready: &CompiledPolicy,
    case: &Case,
    people: &dyn RosterView,
    answer: impl FnOnce(Found) -> T,
) -> T {
    thread_local! {
        static SCRATCH: Cell<Scratch> = Cell::default();
    }
    let mut scratch = SCRATCH.take();
    let attributes = attributes_of(case);
    let answer = answer(ready.program().find(&Facts::of(case, &attributes), people, &mut scratch));
    SCRATCH.set(scratch);
    answer
}

/// Decides one message and says why.
///
/// # Errors
///
/// As [`decide`].
pub fn explain(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    dice: &mut dyn Rng,
) -> Result<Decision, SituationError> {
    look(policy, inbox, situation, |view| {
        let (rule, also) = asked(view);
        let course = run(view, Found { rule, also: &also }, dice);
        let reasons = reasons(view, &course);
        Decision { why: Some(reasons), ..course.decision }
    })
}

/// Goes on with the assignment of `rule` from its alternative `from`, when a [`Resume`](super::Resume) is due:
/// conditions are not read again, replies not repeated. `None` if the policy has no such alternative.
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
    let Some(assign) = to_resume(policy, rule, from) else { return Ok(None) };
    look(policy, inbox, situation, |view| {
        let mut members = view;
        let tried = attempt(view.case, assign, from, &mut members, dice);
        Some(resumed(&view.context(), rule, assign, &tried))
    })
}

/// The assignment of `rule`, if it has the alternative `from`.
pub(super) fn to_resume<'a>(policy: &'a Policy, rule: &RuleRef, from: usize) -> Option<&'a Assign> {
    let found = policy.rules.iter().find(|candidate| RuleRef::of(policy, candidate) == *rule);
    found?.assign.as_ref().filter(|assign| from < assign.alternatives.len())
}

/// The decision of an assignment that was gone on with, after these of its alternatives were `tried`.
pub(super) fn resumed(
    context: &DecisionContext,
    rule: &RuleRef,
    assign: &Assign,
    tried: &[Tried],
) -> Decision {
    let (assignment, resume) = assignment(context, assign, tried);
    Decision { rule: Some(rule.clone()), assign: Some(assignment), resume, ..nothing(context) }
}

/// What came of a message, and how.
pub(super) struct Course<'a> {
    /// The rule that decided.
    pub(super) rule: Option<&'a Rule>,
    /// The alternatives of it that were tried.
    pub(super) tried: Vec<Tried<'a>>,
    pub(super) decision: Decision,
}

/// What `answer` sees of the situation.
pub(super) fn look<T>(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    answer: impl FnOnce(&View) -> T,
) -> Result<T, SituationError> {
    let case = validate(situation, inbox, &policy.timezone)?;
    let now = RosterSnapshot::of(inbox, &case);
    Ok(answer(&View::new(policy, inbox, &case, &now)))
}

/// What every rule says when it is asked: the plain reading, and the oracle of programs.
pub(super) fn asked(view: &View) -> (Option<u32>, Vec<u32>) {
    let rules = || view.policy.rules.iter().zip(0..);
    let decides = |rule: &Rule| view.case.chat.is_none() && !rule.also && applies(view, rule);
    let rule = rules().find(|(rule, _)| decides(rule)).map(|(_, place)| place);
    let also = rules().filter(|(rule, _)| rule.also && applies(view, rule)).map(|(_, place)| place);
    (rule, also.collect())
}

fn run<'a>(view: &View<'a>, found: Found, dice: &mut dyn Rng) -> Course<'a> {
    let rule = found.rule.and_then(|place| view.policy.rules.get(place as usize));
    let assign = rule.and_then(|rule| rule.assign.as_ref());
    let mut members = view;
    let tried = assign.map(|assign| attempt(view.case, assign, 0, &mut members, dice)).unwrap_or_default();
    let decision = decided(&view.context(), found, &tried);
    Course { rule, tried, decision }
}

/// The decision of the rules that were found, after the alternatives of the assignment were `tried`.
pub(super) fn decided(context: &DecisionContext, found: Found, tried: &[Tried]) -> Decision {
    let rule_at = |place: u32| context.policy.rules.get(place as usize);
    let rule = found.rule.and_then(rule_at);
    let (assign, resume) = match (context.case.chat, rule.and_then(|rule| rule.assign.as_ref())) {
        (Some(chat), _) => (Some(kept(context, chat)), None),
        (None, Some(assign)) => {
            let (assignment, resume) = assignment(context, assign, tried);
            (Some(assignment), resume)
        }
        (None, None) => (None, None),
    };
    let also: Vec<&Rule> = found.also.iter().filter_map(|place| rule_at(*place)).collect();
    let acting = || rule.into_iter().chain(also.iter().copied());
    let named = named(context, assign.as_ref());
    let replies = acting().flat_map(|rule| &rule.replies).filter_map(|reply| render(context, reply, named));
    let replies = replies.collect();
    Decision {
        rule: rule.map(|rule| RuleRef::of(context.policy, rule)),
        assign,
        replies,
        tags: first_mentions(acting().flat_map(|rule| &rule.tags)),
        priority: acting().filter_map(|rule| rule.priority).max(),
        also: also.iter().map(|rule| RuleRef::of(context.policy, rule)).collect(),
        resume,
        ..nothing(context)
    }
}

/// Whether the rule's condition holds.
pub(super) fn applies(view: &View, rule: &Rule) -> bool {
    rule.when.as_ref().is_none_or(|condition| holds(view, condition))
}

/// A decision that does nothing.
fn nothing(context: &DecisionContext) -> Decision {
    Decision {
        message: context.case.message_id.map(str::to_owned),
        number: context.case.number.map(str::to_owned),
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
    let group = chat.group.map(|group| context.inbox.group(group).name.clone());
    Assignment::Kept { user: chat.user.map(str::to_owned), group }
}

fn named<'a>(context: &DecisionContext<'a>, assign: Option<&'a Assignment>) -> Named<'a> {
    let (user, group) = match assign {
        Some(Assignment::User { user, group, .. }) => (Some(user), group.as_deref()),
        Some(Assignment::Kept { user, group }) => (user.as_ref(), group.as_deref()),
        Some(Assignment::Queue { group, .. }) => (None, group.as_deref()),
        Some(Assignment::Nobody) | None => (None, None),
    };
    let user = user.and_then(|id| context.users.name_of(id));
    Named { user, group }
}

/// Each tag once, as it was first written.
fn first_mentions<'a>(tags: impl Iterator<Item = &'a Arc<str>>) -> Vec<Arc<str>> {
    let mut seen = BTreeSet::new();
    tags.filter(|tag| seen.insert(fold(tag))).map(Arc::clone).collect()
}
