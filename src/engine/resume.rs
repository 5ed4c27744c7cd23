//! An assignment that goes on, because nobody has answered within the time that `for` gave them.

use std::sync::Arc;

use rand::Rng;

use super::assign::{AssignRequest, Attempts, assignment};
use super::context::DecisionContext;
use super::decide::{Run, empty_decision};
use super::decision::{Decision, Step};
use super::view::View;
use crate::inbox::{Inbox, UserId};
use crate::language::ast::RuleKind;
use crate::policy::{Assign, Policy, Rule, RuleRef};
use crate::situation::{Case, Situation, SituationError};

/// Where an assignment goes on, and whom it leaves out.
pub(super) struct ResumePoint<'a> {
    pub(super) rule: &'a Rule,
    pub(super) assign: &'a Assign,
    /// The alternative to try next.
    pub(super) from: usize,
    /// The ids of those who had the chat.
    pub(super) had: Vec<Arc<str>>,
}

impl<'a> ResumePoint<'a> {
    /// The point that the situation asks for, if it does.
    ///
    /// # Errors
    ///
    /// When the policy does not have the rule or the alternative.
    pub(super) fn of(policy: &'a Policy, situation: &Situation) -> Result<Option<Self>, SituationError> {
        let Some(request) = &situation.resume else { return Ok(None) };
        let Some(rule) = request.rule.find(policy) else {
            let error =
                SituationError::at("resume.rule", format!("the policy has no such rule: {}", request.rule));
            let names = policy.rules.iter().filter_map(|rule| rule.name.as_deref());
            return Err(error.nearest(request.rule.name.as_deref().unwrap_or_default(), names));
        };
        let had = request.had.iter().map(|id| Arc::from(id.as_str())).collect();
        let found = Self::new(rule, request.alternative, had).ok_or_else(|| {
            let count = rule.assign.as_ref().map_or(0, |assign| assign.alternatives.len());
            let message = match count {
                0 => format!("{} assigns nobody, so there is nothing to resume", request.rule),
                1 => format!("{} has one alternative, which is 0", request.rule),
                _ => format!("{} has the alternatives 0 to {}", request.rule, count - 1),
            };
            SituationError::at("resume.alternative", message)
        })?;
        Ok(Some(found))
    }

    /// The point of `rule` at the alternative `from`, if it has one.
    pub(super) fn new(rule: &'a Rule, from: usize, had: Vec<Arc<str>>) -> Option<Self> {
        let assign = rule.assign.as_ref().filter(|assign| from < assign.alternatives.len())?;
        Some(Self { rule, assign, from, had })
    }

    /// The request to go on with. `user` finds a user by id: who has left the inbox is passed over.
    pub(super) fn request(
        &self,
        inbox: &'a Inbox,
        case: &'a Case<'a>,
        user: impl Fn(&str) -> Option<UserId>,
    ) -> Option<AssignRequest<'a>> {
        let mut request = AssignRequest::of(inbox, case, self.rule)?;
        request.from = self.from;
        request.left_out.extend(self.had.iter().filter_map(|id| user(id)));
        Some(request)
    }

    /// The step of the assignment that it is, after the step `last`.
    pub(super) fn step(&self, last: &Step) -> Step {
        let moved = self.rule.kind == RuleKind::Move;
        Step { from_alternative: self.from, had: self.had.clone(), moved, ..last.next() }
    }

    /// The decision, after these alternatives were tried.
    pub(super) fn decision(&self, context: &DecisionContext, attempts: &Attempts) -> Decision {
        let mut had = self.had.clone();
        let present = context.case.chat_user().and(context.case.chat).and_then(|chat| chat.user_name);
        had.extend(present.filter(|id| !self.had.iter().any(|had| **had == **id)).map(Arc::from));
        let (assignment, resume) = assignment(context, self.assign, attempts, &had);
        Decision {
            rule: Some(RuleRef::of(context.policy, self.rule)),
            assign: Some(assignment),
            resume,
            ..empty_decision(context)
        }
    }
}

/// Goes on with an assignment: conditions are not evaluated again, and replies not repeated.
pub(super) fn resume<'a>(view: &'a View, resume_point: &ResumePoint<'a>, dice: &mut dyn Rng) -> Run<'a> {
    let request = resume_point.request(view.inbox, view.case, |id| view.inbox.user_id(id));
    let attempts = request.map(|request| request.attempt(&mut &*view, dice)).unwrap_or_default();
    let decision = resume_point.decision(&view.context(), &attempts);
    Run { rule: Some(resume_point.rule), attempts, decision }
}
