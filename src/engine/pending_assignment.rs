//! An assignment that goes on by a live roster: nobody has answered in time, or somebody may have come for a
//! chat that waits.

use std::sync::Arc;

use jiff::Timestamp;

use super::assign::Attempts;
use super::compiled::CompiledPolicy;
use super::context::DecisionContext;
use super::decision::{Decision, Step};
use super::live::{hand_over, validate};
use super::resume::ResumePoint;
use super::route_error::RouteError;
use crate::inbox::Inbox;
use crate::roster::{Roster, dice_of_step};
use crate::situation::{Customer, Incoming, Message, OpenChat};

/// By what an assignment goes on, and when.
#[derive(Clone, Copy)]
pub struct ContinueContext<'a> {
    /// The policy.
    pub policy: &'a CompiledPolicy,
    /// Its inbox.
    pub inbox: &'a Inbox,
    /// The moment.
    pub at: Timestamp,
    /// The seed of the dice.
    pub seed: u64,
}

/// What happens if no alternative finds a user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfNobody {
    /// What the rule says: the chat waits, or is closed.
    Wait,
    /// Nothing changes.
    Stay,
    /// Those who had the chat are asked too. If they cannot take it either, nothing changes.
    AskAgain,
}

/// An assignment that is to go on.
pub(super) struct PendingAssignment<'a> {
    pub(super) number: &'a str,
    pub(super) message: Option<&'a Arc<str>>,
    pub(super) customer: &'a Customer,
    /// Where the chat is now.
    pub(super) chat: OpenChat,
    pub(super) resume_point: ResumePoint<'a>,
    /// The step before.
    pub(super) last: &'a Step,
}

/// Continues the assignment of an `earlier` decision by the roster, when its [`Resume`](super::Resume) is
/// due, and moves the chat there in the same step: from the user or the queue that had it to whoever has it
/// now. It draws afresh, with the dice of its step. `None`, and no change, if nobody is found and the chat is
/// to stay.
///
/// # Errors
///
/// When the policy has changed, the customer contradicts itself or the inbox, the roster is of another inbox,
/// or it does not count the chat where the decision left it. The roster is then as it was.
pub fn resume_live(
    cx: &ContinueContext,
    earlier: &Decision,
    customer: &Customer,
    if_nobody: IfNobody,
    roster: &mut Roster,
) -> Result<Option<Decision>, RouteError> {
    let resume_point = || {
        let resume = earlier.resume.as_ref().filter(|_| earlier.policy == cx.policy.digest)?;
        let rule = earlier.rule.as_ref()?.find_in_same_text(cx.policy)?;
        ResumePoint::new(rule, resume.alternative, resume.had.clone())
    };
    let number = || earlier.number.clone().unwrap_or_default();
    let resume_point = resume_point().ok_or_else(|| RouteError::PolicyChanged { number: number() })?;
    let pending = PendingAssignment {
        number: &number(),
        message: earlier.message.as_ref(),
        customer,
        chat: earlier.open_chat().unwrap_or_default(),
        resume_point,
        last: &earlier.step,
    };
    let OpenChat { user, group, .. } = &pending.chat;
    if roster.is_of(cx.inbox) {
        roster.check_holder(user.as_deref(), group.as_deref())?;
    }
    pending.run(cx, if_nobody, roster)
}

impl PendingAssignment<'_> {
    /// Goes on. `None`, and no change, if nobody is found and the chat does not wait because of that.
    ///
    /// # Errors
    ///
    /// When the customer contradicts itself or the inbox, the roster is of another inbox, or it cannot count
    /// one more chat. Then nothing changes.
    pub(super) fn run(
        &self,
        cx: &ContinueContext,
        if_nobody: IfNobody,
        roster: &mut Roster,
    ) -> Result<Option<Decision>, RouteError> {
        let Self { number, customer, chat, resume_point, .. } = self;
        let message = Message { id: self.message.map(ToString::to_string), ..Message::default() };
        let incoming = Incoming { number, at: cx.at, message: &message, chat: Some(chat) };
        let case = &validate(cx.policy, cx.inbox, incoming, customer, roster)?;
        let step = resume_point.step(self.last);
        let dice = || dice_of_step(cx.seed, case.message_id, step.number);
        let request = resume_point.request(cx.inbox, case, |id| roster.user(id));
        // The choice is made while the chat still counts for whoever had it, so that they are not preferred
        // for losing it.
        let mut attempts = Attempts::default();
        if let Some(mut request) = request {
            attempts = request.attempt(roster, &mut dice());
            if attempts.user().is_none() && if_nobody == IfNobody::AskAgain && !request.left_out.is_empty() {
                request.left_out.clear();
                attempts = request.attempt(roster, &mut dice());
            }
        }
        if attempts.user().is_none() && if_nobody != IfNobody::Wait {
            return Ok(None);
        }
        let routed = Some(hand_over(resume_point.assign, &attempts, case, roster)?);
        let context = DecisionContext { policy: cx.policy, inbox: cx.inbox, case, users: &*roster };
        Ok(Some(Decision { step, routed, ..resume_point.decision(&context, &attempts) }))
    }
}
