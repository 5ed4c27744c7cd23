//! The alternatives of an `assign`, tried in order until one of them finds somebody.

use std::sync::Arc;

use rand::Rng;
use smallvec::SmallVec;

use super::context::DecisionContext;
use super::decision::{Assignment, Resume};
use super::view::View;
use crate::describe::attribute_name;
use crate::inbox::{Inbox, UserId};
use crate::language::ast::RuleKind;
use crate::language::fold;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Alternative, Assign, GroupTarget, Rule, Skill, Target};
use crate::roster::{
    Candidate, ChoiceRequest, Criterion, Exclusion, Pool, RequiredSkill, RequiredSkills, Roster, pick,
};
use crate::situation::{Case, Owner};

/// Whom the choice considered, where that is recorded; and the user who is chosen, or why there is none.
type Chosen<'a> = (Option<Pool<'a>>, Result<(UserId, Criterion), String>);

/// What users are chosen from: a snapshot or a live roster.
pub(super) trait UserChooser<'a> {
    /// Chooses a member of a group. By hand nobody is chosen, for no reason.
    fn choose(&mut self, request: &ChoiceRequest<'_, 'a>, dice: &mut dyn Rng) -> Chosen<'a>;
    /// Why `among` excludes the user; `None`: it includes them.
    fn exclusion(&self, user: UserId, among: Eligibility) -> Option<Exclusion>;
    /// Whether the user is in the inbox: an event may have removed one whom a rule names.
    fn has(&self, user: UserId) -> bool;
    /// The name that people read.
    fn name(&self, user: UserId) -> &str;
}

/// Looks at the members one by one.
impl<'a> UserChooser<'a> for &View<'a> {
    fn choose(&mut self, request: &ChoiceRequest<'_, 'a>, dice: &mut dyn Rng) -> Chosen<'a> {
        let pool = Pool::gather(self.inbox, self.now, request);
        let chosen = match self.drawn.filter(|user| can_be_drawn(*user, request.by, &pool)) {
            Some(user) => Some((user, Criterion::Chance)),
            None => pick(request.by, &pool, dice).map(|pick| (pick.user, pick.decided_by)),
        };
        let chosen = chosen.ok_or_else(|| match request.by {
            Algorithm::Hand => String::new(),
            _ => pool.why_empty(self.inbox, request.group),
        });
        (Some(pool), chosen)
    }

    fn exclusion(&self, user: UserId, among: Eligibility) -> Option<Exclusion> {
        Candidate::of(self.inbox, self.now, user).exclusion_from(among)
    }

    fn has(&self, _: UserId) -> bool {
        true
    }

    fn name(&self, user: UserId) -> &str {
        &self.inbox.user(user).name
    }
}

impl<'a> UserChooser<'a> for Roster {
    fn choose(&mut self, request: &ChoiceRequest<'_, 'a>, dice: &mut dyn Rng) -> Chosen<'a> {
        if request.by == Algorithm::Hand {
            return (None, Err(String::new()));
        }
        let chosen = Roster::choose(self, request, dice).map(|pick| (pick.user, pick.decided_by));
        (None, chosen.ok_or_else(|| self.why_empty(request)))
    }

    fn exclusion(&self, user: UserId, among: Eligibility) -> Option<Exclusion> {
        Roster::exclusion(self, user, among)
    }

    fn has(&self, user: UserId) -> bool {
        Roster::has(self, user)
    }

    fn name(&self, user: UserId) -> &str {
        self.id_and_name(user).map_or("", |(_, name)| name)
    }
}

/// Whether chance can fall on the user.
fn can_be_drawn(user: UserId, by: Algorithm, pool: &Pool) -> bool {
    matches!(by, Algorithm::Random | Algorithm::Weighted) && pool.candidates().any(|one| one.user == user)
}

/// An assignment to make, and for whom.
pub(super) struct AssignRequest<'a> {
    pub(super) inbox: &'a Inbox,
    pub(super) case: &'a Case<'a>,
    pub(super) assign: &'a Assign,
    /// Whether it is of a `move` rule: then a group without `among` gives nobody who is not online.
    pub(super) is_move: bool,
    /// The first alternative to try.
    pub(super) from: usize,
    /// Who has the chat, and who had it by this assignment: no alternative gives it to them.
    pub(super) left_out: SmallVec<[UserId; 2]>,
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

impl Attempts<'_> {
    /// The user who takes the chat.
    pub(super) fn user(&self) -> Option<UserId> {
        match self.taken.as_ref()?.outcome {
            AttemptOutcome::User(user, _) => Some(user),
            AttemptOutcome::Hand | AttemptOutcome::Nobody | AttemptOutcome::Empty(_) => None,
        }
    }
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

impl<'a> AssignRequest<'a> {
    /// The assignment of `rule`, if it has one.
    pub(super) fn of(inbox: &'a Inbox, case: &'a Case<'a>, rule: &'a Rule) -> Option<Self> {
        Some(Self {
            inbox,
            case,
            assign: rule.assign.as_ref()?,
            is_move: rule.kind == RuleKind::Move,
            from: 0,
            left_out: case.chat_user().into_iter().collect(),
        })
    }

    /// Tries the alternatives until one is taken.
    pub(super) fn attempt(&self, users: &mut dyn UserChooser<'a>, dice: &mut dyn Rng) -> Attempts<'a> {
        let mut empty = Vec::new();
        for (place, alternative) in self.assign.alternatives.iter().enumerate().skip(self.from) {
            let (pool, outcome) = self.try_target(&alternative.target, users, dice);
            let found = !matches!(outcome, AttemptOutcome::Empty(_));
            let attempt = Attempt { place, alternative, pool, outcome };
            if found {
                return Attempts { empty, taken: Some(attempt) };
            }
            empty.push(attempt);
        }
        Attempts { empty, taken: None }
    }

    fn try_target(
        &self,
        target: &'a Target,
        users: &mut dyn UserChooser<'a>,
        dice: &mut dyn Rng,
    ) -> (Option<Pool<'a>>, AttemptOutcome) {
        let outcome = match target {
            Target::User { user, among } => self.try_user(*user, *among, "", users),
            Target::Nobody => AttemptOutcome::Nobody,
            Target::Owner { among } => match self.case.owner {
                Owner::User(user) => self.try_user(user, *among, ", who owns the customer,", users),
                Owner::None => AttemptOutcome::Empty("the customer has no owner".to_owned()),
                Owner::Former(id) => {
                    AttemptOutcome::Empty(format!("the customer's owner `{id}` is no longer in the inbox"))
                }
            },
            Target::Group(target) => return self.try_group(target, users, dice),
        };
        (None, outcome)
    }

    /// Tries one user; `description` follows their name.
    fn try_user(
        &self,
        user: UserId,
        among: Option<Eligibility>,
        description: &str,
        users: &dyn UserChooser<'a>,
    ) -> AttemptOutcome {
        let is = |what: &str| AttemptOutcome::Empty(format!("{}{description} {what}", users.name(user)));
        if !users.has(user) {
            return is("is no longer in the inbox");
        }
        if self.case.chat_user() == Some(user) {
            return is("has the chat already");
        }
        if self.left_out.contains(&user) {
            return is("had the chat already");
        }
        match among.and_then(|among| users.exclusion(user, among)) {
            None => AttemptOutcome::User(user, None),
            Some(Exclusion::AtCapacity) => is("is at capacity"),
            Some(_) => is("is not online"),
        }
    }

    fn try_group(
        &self,
        target: &'a GroupTarget,
        users: &mut dyn UserChooser<'a>,
        dice: &mut dyn Rng,
    ) -> (Option<Pool<'a>>, AttemptOutcome) {
        let required: RequiredSkills<'a> = target.skills().iter().map(|skill| self.required(skill)).collect();
        let excepted;
        let excluded = match &target.restriction {
            None => &self.left_out,
            Some(restriction) => {
                let owner = self.case.owner_id().filter(|_| restriction.except_owner);
                let users = self.left_out.iter().chain(&restriction.except_users).copied();
                excepted = users.chain(owner).collect();
                &excepted
            }
        };
        let request = ChoiceRequest {
            group: target.group,
            skills: &required,
            excluded,
            by: target.by,
            among: eligibilities(target.among, self.is_move),
            at: self.case.at,
        };
        let (pool, chosen) = users.choose(&request, dice);
        let outcome = match chosen {
            Ok((user, decided_by)) => AttemptOutcome::User(user, Some(decided_by)),
            Err(_) if target.by == Algorithm::Hand => AttemptOutcome::Hand,
            Err(reason) => AttemptOutcome::Empty(reason),
        };
        (pool, outcome)
    }

    fn required(&self, skill: &'a Skill) -> RequiredSkill<'a> {
        match skill {
            Skill::Any(skills) => RequiredSkill::Any(skills),
            Skill::Customer(attribute) => match self.case.text_of(*attribute) {
                Some(written) => RequiredSkill::OfCustomer { folded: fold(written), written },
                None => RequiredSkill::Unknown(attribute_name(self.inbox, *attribute)),
            },
        }
    }

    /// Whether what was found moves the open chat: not if nobody was found, nor if the chat would only wait in the queue that
    /// it is waiting in.
    pub(super) fn moves(&self, attempts: &Attempts) -> bool {
        let waits_in = self.case.chat.filter(|chat| chat.user.is_none()).and_then(|chat| chat.group);
        attempts.taken.as_ref().is_some_and(|taken| match taken.outcome {
            AttemptOutcome::Hand => {
                waits_in.is_none() || taken.alternative.group().map(|target| target.group) != waits_in
            }
            AttemptOutcome::User(..) | AttemptOutcome::Nobody | AttemptOutcome::Empty(_) => true,
        })
    }
}

/// Which members an alternative considers: the first of these that includes somebody.
pub(super) fn eligibilities(among: Option<Eligibility>, is_move: bool) -> &'static [Eligibility] {
    match among {
        Some(Eligibility::Available) => &[Eligibility::Available],
        Some(Eligibility::Online) => &[Eligibility::Online],
        Some(Eligibility::Everyone) => &[Eligibility::Everyone],
        None if is_move => &[Eligibility::Available, Eligibility::Online],
        None => &[Eligibility::Available, Eligibility::Online, Eligibility::Everyone],
    }
}

/// Who takes the chat, and when to try the next alternative if they do not answer. `had` are the ids of those who had the
/// chat before.
pub(super) fn assignment(
    context: &DecisionContext,
    assign: &Assign,
    attempts: &Attempts,
    had: &[Arc<str>],
) -> (Assignment, Option<Resume>) {
    let taken = attempts.taken.as_ref();
    let id = |user| context.users.id_and_name(user).map(|(id, _)| Arc::clone(id)).unwrap_or_default();
    let resume = taken.and_then(|taken| {
        let next = taken.place + 1;
        let after_seconds = taken.alternative.timeout.filter(|_| next < assign.alternatives.len())?;
        let chosen = attempts.user().map(id).filter(|user| !had.contains(user));
        Some(Resume { after_seconds, alternative: next, had: had.iter().cloned().chain(chosen).collect() })
    });
    let group = |target: &GroupTarget| context.group_name(target.group);
    let taken_group = taken.and_then(|taken| taken.alternative.group());
    let assignment = match taken.map(|taken| (taken.place, &taken.outcome)) {
        Some((_, AttemptOutcome::Nobody)) => Assignment::Nobody,
        Some((alternative, AttemptOutcome::User(user, _))) => Assignment::User {
            user: id(*user),
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
            let last_group = assign.last_group();
            Assignment::Queue {
                user: (),
                group: last_group.map(group),
                by: last_group.map(|target| target.by),
                alternative: assign.alternatives.len().saturating_sub(1),
                reason: why_waiting(&attempts.empty),
            }
        }
    };
    (assignment, resume)
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
