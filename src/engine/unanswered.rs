//! What becomes of a message if nobody answers: timeouts are followed, and what rules put off is done.
//!
//! Where chance decides, each choice that it may make is followed, so that a test can tell what is certain.

use jiff::{SignedDuration, Timestamp};

use super::decision::{Assignment, Decision};
use super::explain::explain;
use crate::inbox::Inbox;
use crate::language::vocabulary::Algorithm;
use crate::policy::Policy;
use crate::roster::{LoadedDice, dice};
use crate::situation::{OpenChat, Situation, SituationError};

/// The most outcomes that are followed. Only a policy that chooses at random again and again has more.
const MAX_OUTCOMES: usize = 256;

/// What a message may lead to by `after` seconds after it, what falls on that moment included, if nobody answers and nothing
/// changes but by these assignments: who has the chat then, and all that has been done by then. One decision for each choice
/// that chance may make; without `after`, they are those of the message itself.
///
/// # Errors
///
/// As [`decide`](super::decide()).
pub fn outcomes(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
    after: Option<u64>,
) -> Result<Vec<Decision>, SituationError> {
    let firsts = decide_by_chance(policy, inbox, situation)?;
    let Some(end) = after else { return Ok(firsts) };
    let start = situation.at.map(|at| at.instant(&policy.timezone)).unwrap_or_default();
    let mut outcomes = Vec::new();
    for first in firsts {
        let mut course = Course::new(situation, first, start);
        course.apply_assignment(start);
        let mut courses = vec![course];
        while let Some(course) = courses.pop() {
            match course.next_timeout().filter(|time| *time <= end) {
                Some(time) => {
                    // At the limit only the first choice is followed.
                    let limit = MAX_OUTCOMES.saturating_sub(outcomes.len() + courses.len()).max(1);
                    courses.extend(course.after_timeout(policy, inbox, start, time)?.into_iter().take(limit));
                }
                None => outcomes.push(course.decision_at(end)),
            }
        }
    }
    Ok(outcomes)
}

/// The decision, once with each of the users that chance may choose in it.
fn decide_by_chance(
    policy: &Policy,
    inbox: &Inbox,
    situation: &Situation,
) -> Result<Vec<Decision>, SituationError> {
    let first = explain(policy, inbox, situation, &mut dice(0, None))?;
    match chance_draws(&first) {
        Some(draws) => {
            draws.into_iter().map(|mut loaded| explain(policy, inbox, situation, &mut loaded)).collect()
        }
        None => Ok(vec![first]),
    }
}

/// A draw for each of the users between whom chance decided, if it did.
fn chance_draws(decision: &Decision) -> Option<Vec<LoadedDice>> {
    let taken = decision.why.as_ref()?.assign.iter().find(|attempt| attempt.taken)?;
    if taken.tie_break.as_deref() != Some("chance") {
        return None;
    }
    let is_weighted = taken.by == Some(Algorithm::Weighted);
    let considered = taken.candidates.iter().filter(|candidate| candidate.left_out.is_none());
    let mut range = 0;
    let mut numbers = Vec::new();
    for candidate in considered {
        numbers.push(range);
        range += if is_weighted { u64::from(candidate.weight.max(1)) } else { 1 };
    }
    Some(numbers.into_iter().map(|number| LoadedDice { number, range }).collect())
}

/// One course of events.
#[derive(Clone)]
struct Course {
    /// The situation now, after the assignments so far.
    situation: Situation,
    /// The decision of the message.
    first: Decision,
    /// The last assignment.
    last: Decision,
    /// When the last assignment was made, in seconds after the message.
    since: u64,
    /// When the chat was closed, if it is.
    closed: Option<u64>,
}

impl Course {
    fn new(situation: &Situation, first: Decision, at: Timestamp) -> Self {
        let situation = Situation { at: Some(at.into()), resume: None, ..situation.clone() };
        Self { situation, last: first.clone(), first, since: 0, closed: None }
    }

    /// When the next alternative is due, in seconds after the message.
    fn next_timeout(&self) -> Option<u64> {
        self.last.resume.as_ref().map(|resume| self.since.saturating_add(resume.after_seconds))
    }

    /// The courses after the next alternative was tried at `time`: one for each choice of chance.
    fn after_timeout(
        mut self,
        policy: &Policy,
        inbox: &Inbox,
        start: Timestamp,
        time: u64,
    ) -> Result<Vec<Self>, SituationError> {
        let elapsed = SignedDuration::from_secs(i64::try_from(time).unwrap_or(i64::MAX));
        let at = start.checked_add(elapsed).unwrap_or(Timestamp::MAX);
        self.situation.at = Some(at.into());
        self.situation.resume = self.last.resume_request();
        let courses = decide_by_chance(policy, inbox, &self.situation)?.into_iter().map(|decision| {
            let mut course = Self { last: decision, since: time, ..self.clone() };
            course.apply_assignment(at);
            course
        });
        Ok(courses.collect())
    }

    /// Changes the situation as the last assignment does: users, queues, turns and the chat.
    fn apply_assignment(&mut self, at: Timestamp) {
        let Some(assign) = self.last.assign.clone() else { return };
        if matches!(assign, Assignment::Kept { .. }) {
            return;
        }
        let chat = self.situation.chat.take();
        if let Some(chat) = &chat {
            self.release(chat);
        }
        let moved = OpenChat { user: None, group: None, answered: false, ..chat.unwrap_or_default() };
        match assign {
            Assignment::User { user, group, by, .. } => {
                let state = self.situation.users.entry(user.to_string()).or_default();
                state.chats = state.chats.saturating_add(1);
                state.last_message_at = Some(at.into());
                if let (Some(group), Some(Algorithm::InOrder)) = (&group, by) {
                    self.situation.turns.insert(group.to_string(), user.to_string());
                }
                let (user, group) = (Some(user.to_string()), group.map(|group| group.to_string()));
                self.situation.chat = Some(OpenChat { user, group, waiting_since: None, ..moved });
            }
            Assignment::Queue { group, .. } => {
                let group = group.map(|group| group.to_string());
                if let Some(group) = &group {
                    *self.situation.waiting.entry(group.clone()).or_default() += 1;
                }
                let waiting_since = moved.waiting_since.or(Some(at.into()));
                self.situation.chat = Some(OpenChat { group, waiting_since, ..moved });
            }
            Assignment::Nobody | Assignment::Kept { .. } => self.closed = Some(self.since),
        }
    }

    /// Takes the chat away from the user or the queue that has it.
    fn release(&mut self, chat: &OpenChat) {
        let user = chat.user.as_ref().and_then(|user| self.situation.users.get_mut(user));
        let queue = chat.group.as_ref().filter(|_| chat.user.is_none());
        if let Some(user) = user {
            user.chats = user.chats.saturating_sub(1);
        } else if let Some(waiting) = queue.and_then(|group| self.situation.waiting.get_mut(group)) {
            *waiting = waiting.saturating_sub(1);
        }
    }

    /// Who has the chat at `end`, and all that has been done by then. Of what falls on one moment, assignments come first.
    fn decision_at(self, end: u64) -> Decision {
        let Self { first, last, closed, .. } = self;
        let mut decision =
            Decision { assign: last.assign.map(held), resume: last.resume, why: last.why, ..first };
        let is_done = |after: u64| after <= end && closed.is_none_or(|closed| after < closed);
        for later in decision.later.extract_if(.., |later| is_done(later.after_seconds)) {
            decision.replies.extend(later.replies);
            decision.tags.extend(later.tags);
            decision.priority = decision.priority.max(later.priority);
        }
        decision
    }
}

/// Who has a chat that was kept, as if it had been assigned so.
fn held(assignment: Assignment) -> Assignment {
    match assignment {
        Assignment::Kept { user: Some(user), group } => {
            Assignment::User { user, group, by: None, alternative: 0 }
        }
        Assignment::Kept { user: None, group } => {
            let reason = "the chat was waiting already".to_owned();
            Assignment::Queue { user: (), group, by: None, alternative: 0, reason }
        }
        other => other,
    }
}
