//! What an assignment does, as formulas: which alternative takes the chat, and when placeholders are empty.

use std::collections::BTreeSet;

use super::Encoding;
use super::atom::{Person, TextPredicate, TextSubject, UserStatus};
use super::formula::{Formula, Formulas};
use super::people::Wanted;
use super::users::UserSetId;
use crate::inbox::{GroupId, UserId};
use crate::language::Folded;
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{
    Alternative, Assign, GroupTarget, Placeholder, Rule, Skill, Target, Template, TemplatePart,
};
use crate::text::Span;

/// The most pools of one target: each attribute of the customer that names a skill multiplies them.
const MAX_POOLS: usize = 1_000;

/// What an assignment does.
#[derive(Debug, Clone, Default)]
pub(in crate::prove) struct AssignmentEffect {
    pub(in crate::prove) alternatives: Vec<AlternativeEffect>,
    /// Some alternative takes the chat at once.
    pub(in crate::prove) taken: Formula,
    /// The rule acts. A `move` rule does not where the chat stays.
    pub(in crate::prove) acts: Formula,
    /// The chat is closed, so that nothing is put off.
    pub(in crate::prove) closes: Formula,
    /// The rule acts, and no user takes the chat at once.
    pub(in crate::prove) no_user: Formula,
    /// The rule acts; neither does a user take the chat as the member of a group nor does it wait in the queue of one.
    pub(in crate::prove) no_group: Formula,
}

/// What an alternative does.
#[derive(Debug, Clone)]
pub(in crate::prove) struct AlternativeEffect {
    /// It is tried at once: nobody was found for those before it.
    pub(in crate::prove) tried: Formula,
    /// It is tried at once, or later when those before it have timed out.
    pub(in crate::prove) reached: Formula,
    /// It is tried later, when one before it has timed out and the roster is still the same. Whom the timeouts leave
    /// out is not counted, so there may be more such situations.
    pub(in crate::prove) resumed: Formula,
    /// It takes the chat: it finds somebody, or the chat waits until a member takes it.
    pub(in crate::prove) found: Formula,
    /// It is the owner who is to take the chat, and there is none.
    pub(in crate::prove) ownerless: Formula,
    /// It chooses from a group, and may choose a user who is not online.
    pub(in crate::prove) offline: Formula,
}

/// When a placeholder is empty.
#[derive(Debug, Clone, Copy)]
pub(in crate::prove) enum EmptyWhen {
    /// When this formula holds.
    Holds(Formula),
    /// When this formula holds, and the chat is not closed: the reply is put off.
    HoldsLater(Formula),
    /// When no user takes the chat.
    NoUser,
    /// When no group is named.
    NoGroup,
}

impl AssignmentEffect {
    /// When a placeholder is empty in a reply that is sent with this assignment.
    pub(in crate::prove) fn empty(&self, when: EmptyWhen) -> Vec<(Formula, bool)> {
        match when {
            EmptyWhen::Holds(formula) => vec![(formula, true), (self.acts, true)],
            EmptyWhen::HoldsLater(formula) => {
                vec![(formula, true), (self.acts, true), (self.closes, false)]
            }
            EmptyWhen::NoUser => vec![(self.no_user, true)],
            EmptyWhen::NoGroup => vec![(self.no_group, true)],
        }
    }
}

/// What becomes of a target.
struct TargetEffect {
    /// It takes the chat now.
    found: Formula,
    /// It takes the chat later, whoever is online then; false where that is not certain.
    found_later: Formula,
    /// A user who is not online may be chosen now.
    offline: Formula,
}

impl TargetEffect {
    const CERTAIN: Self =
        Self { found: Formulas::TRUE, found_later: Formulas::TRUE, offline: Formulas::FALSE };
}

/// The most alternatives of one assignment.
const MAX_ALTERNATIVES: usize = 200;

impl Encoding<'_> {
    /// What the assignment of a rule of this kind does.
    pub(super) fn effect(&mut self, assign: Option<&Assign>, kind: RuleKind) -> AssignmentEffect {
        let Some(assign) = assign else {
            return AssignmentEffect {
                taken: Formulas::TRUE,
                acts: Formulas::TRUE,
                no_user: Formulas::TRUE,
                no_group: Formulas::TRUE,
                ..AssignmentEffect::default()
            };
        };
        if assign.alternatives.len() > MAX_ALTERNATIVES {
            // What each does depends on all before it.
            self.is_whole = false;
            return AssignmentEffect::default();
        }
        let is_move = kind == RuleKind::Move;
        let mut effect = AssignmentEffect::default();
        let (mut tried, mut later, mut resumed) = (Formulas::TRUE, Formulas::FALSE, Formulas::FALSE);
        let (mut no_user, mut no_group) = (Vec::new(), Vec::new());
        let (mut all_taken, mut acts, mut closes) = (Vec::new(), Vec::new(), Vec::new());
        let mut names_group = false;
        for (place, alternative) in assign.alternatives.iter().enumerate() {
            let target = &alternative.target;
            let before = assign.alternatives.get(..place).unwrap_or_default();
            let reached = self.formulas.or([tried, later]);
            let target_effect = self.target_effect(target, before, is_move);
            let TargetEffect { found, found_later, offline } = target_effect;
            let taken = self.formulas.and([tried, found]);
            let queue = match target {
                Target::Group(target) if target.by == Algorithm::Hand => Some(target.group),
                _ => None,
            };
            let moves = match queue {
                Some(group) if is_move => self.leaves_queue(group),
                _ => Formulas::TRUE,
            };
            let acting = self.formulas.and([taken, moves]);
            all_taken.push(taken);
            acts.push(acting);
            if *target == Target::Nobody {
                closes.push(taken);
            }
            if *target == Target::Nobody || queue.is_some() {
                no_user.push(acting);
            }
            let is_group = matches!(target, Target::Group(_));
            names_group |= is_group;
            if !is_group {
                no_group.push(acting);
            }
            let ownerless = match target {
                Target::Owner { .. } => {
                    let owner = self.has_owner();
                    self.formulas.not(owner)
                }
                _ => Formulas::FALSE,
            };
            let one = AlternativeEffect { tried, reached, resumed, found, ownerless, offline };
            effect.alternatives.push(one);
            // With a timeout, the next alternative is tried later whether this one finds somebody or not.
            later = if alternative.timeout.is_some() {
                reached
            } else {
                let empty = self.formulas.not(found_later);
                self.formulas.and([later, empty])
            };
            let empty = self.formulas.not(found);
            tried = self.formulas.and([tried, empty]);
            resumed = match (target, alternative.timeout) {
                (Target::Nobody, _) => Formulas::FALSE,
                (_, Some(_)) => self.formulas.or([resumed, taken]),
                (_, None) => self.formulas.and([resumed, empty]),
            };
        }
        if !is_move {
            // Nobody is found at all, so the chat waits. A chat that is open stays instead.
            no_user.push(tried);
            acts.push(tried);
            if !names_group {
                no_group.push(tried);
            }
        }
        effect.taken = self.formulas.or(all_taken);
        effect.acts = if is_move { self.formulas.or(acts) } else { Formulas::TRUE };
        effect.closes = self.formulas.or(closes);
        effect.no_user = self.formulas.or(no_user);
        effect.no_group = self.formulas.or(no_group);
        effect
    }

    /// That a chat which is put into the queue of the group does not wait there already.
    fn leaves_queue(&mut self, group: GroupId) -> Formula {
        let (waits, here) = (self.chat_waiting(), self.chat_in(group));
        let stays = self.formulas.and([waits, here]);
        self.formulas.not(stays)
    }

    /// What becomes of a target, after the alternatives `before` it.
    fn target_effect(&mut self, target: &Target, before: &[Alternative], is_move: bool) -> TargetEffect {
        match target {
            Target::Nobody => TargetEffect::CERTAIN,
            Target::Owner { among } => {
                let mut found = self.person_passes(Person::Owner, *among);
                if is_move {
                    let lacks_chat = self.owner_lacks_chat();
                    found = self.formulas.and([found, lacks_chat]);
                }
                // The owner may be one of those who had the chat.
                TargetEffect { found, found_later: Formulas::FALSE, offline: Formulas::FALSE }
            }
            Target::User { user, among } => self.user_effect(*user, *among, before, is_move),
            Target::Group(target) if target.by == Algorithm::Hand => TargetEffect::CERTAIN,
            Target::Group(target) => self.group_effect(target, before, is_move),
        }
    }

    fn user_effect(
        &mut self,
        user: UserId,
        among: Option<Eligibility>,
        before: &[Alternative],
        is_move: bool,
    ) -> TargetEffect {
        let set = self.user_sets.intern(vec![user]);
        let left_out: &[Person] = if is_move { &[Person::ChatUser] } else { &[] };
        let found = self.somebody_but(among.map_or(Wanted::Anybody, Wanted::from), set, left_out);
        let may_have_had = before.iter().any(|alternative| self.may_give_to(&alternative.target, &[user]));
        let is_certain = among.is_none() && !may_have_had;
        let found_later = if is_certain { found } else { Formulas::FALSE };
        TargetEffect { found, found_later, offline: Formulas::FALSE }
    }

    /// Whether the target may give the chat to one of these users, who are in order.
    fn may_give_to(&self, target: &Target, users: &[UserId]) -> bool {
        match target {
            Target::Nobody => false,
            Target::Owner { .. } => true,
            Target::User { user, .. } => users.binary_search(user).is_ok(),
            Target::Group(target) => {
                let members = &self.side_inbox().group(target.group).members;
                members.iter().any(|member| users.binary_search(member).is_ok())
            }
        }
    }

    fn group_effect(&mut self, target: &GroupTarget, before: &[Alternative], is_move: bool) -> TargetEffect {
        let mut left_out = Vec::new();
        left_out.extend(target.excepts_owner().then_some(Person::Owner));
        left_out.extend(is_move.then_some(Person::ChatUser));
        let among = target.among.or(is_move.then_some(Eligibility::Online));
        let wanted = among.map_or(Wanted::Anybody, Wanted::from);
        let (mut now, mut later, mut offline) = (Vec::new(), Vec::new(), Vec::new());
        for (required, set) in self.pools(target) {
            let found = self.somebody_but(wanted, set, &left_out);
            now.push(self.formulas.and([required, found]));
            let may_be_offline = match among {
                None => {
                    let online = self.somebody_but(Wanted::With(UserStatus::Online), set, &left_out);
                    let none = self.formulas.not(online);
                    self.formulas.and([found, none])
                }
                Some(Eligibility::Everyone) => self.somebody_but(Wanted::Offline, set, &left_out),
                Some(Eligibility::Online | Eligibility::Available) => Formulas::FALSE,
            };
            offline.push(self.formulas.and([required, may_be_offline]));
            if wanted == Wanted::Anybody {
                // Each alternative has had one user at most.
                let users = self.user_sets.users(set);
                let had = before.iter().filter(|alternative| self.may_give_to(&alternative.target, users));
                let is_certain = users.len() > had.count() + left_out.len();
                later.push(if is_certain { required } else { Formulas::FALSE });
            }
        }
        TargetEffect {
            found: self.formulas.or(now),
            found_later: self.formulas.or(later),
            offline: self.formulas.or(offline),
        }
    }

    /// The members who can be chosen, for each skill that may be required; the condition of each. If none of the
    /// conditions holds, nobody can be chosen.
    pub(super) fn pools(&mut self, target: &GroupTarget) -> Vec<(Formula, UserSetId)> {
        let is_left = |user: &&UserId| !target.except_users().contains(user);
        let members = &self.side_inbox().group(target.group).members;
        let mut pools: Vec<(Formula, Vec<UserId>)> =
            vec![(Formulas::TRUE, members.iter().filter(is_left).copied().collect())];
        for skill in target.skills() {
            pools = pools
                .into_iter()
                .flat_map(|(required, members)| self.skilled(required, &members, skill))
                .collect();
            if pools.len() > MAX_POOLS {
                pools.truncate(MAX_POOLS);
                self.is_whole = false;
            }
        }
        pools.into_iter().map(|(required, members)| (required, self.user_sets.intern(members))).collect()
    }

    /// The members who have the skill, and when they can be chosen: `required`, and that the skill is the one which an
    /// attribute of the customer names.
    fn skilled(
        &mut self,
        required: Formula,
        members: &[UserId],
        skill: &Skill,
    ) -> Vec<(Formula, Vec<UserId>)> {
        let inbox = self.side_inbox();
        let with = |has: &dyn Fn(&Folded) -> bool| {
            let can = |user: &&UserId| inbox.user(**user).skills.iter().any(has);
            members.iter().filter(can).copied().collect()
        };
        match skill {
            Skill::Any(skills) => {
                vec![(required, with(&|one| skills.iter().any(|skill| skill.folded == *one)))]
            }
            Skill::Customer(attribute) => {
                let subject = TextSubject::Attribute(*attribute);
                self.known(subject);
                let skills: BTreeSet<&Folded> =
                    members.iter().flat_map(|user| &inbox.user(*user).skills).collect();
                let pool = |skill: &Folded| {
                    let named = self.any_text(subject, std::slice::from_ref(skill), TextPredicate::Is);
                    (self.formulas.and([required, named]), with(&|one| one == skill))
                };
                skills.into_iter().map(pool).collect()
            }
        }
    }

    /// The placeholders of a rule's replies that have no fallback, and when they are empty.
    pub(super) fn placeholders(&mut self, rule: &Rule) -> Vec<(Span, EmptyWhen)> {
        let mut placeholders = Vec::new();
        for reply in &rule.replies {
            self.placeholders_of(&reply.template, EmptyWhen::Holds, &mut placeholders);
        }
        for reply in rule.later().iter().flat_map(|later| &later.replies) {
            self.placeholders_of(&reply.template, EmptyWhen::HoldsLater, &mut placeholders);
        }
        if rule.kind == RuleKind::Also {
            for (_, when) in &placeholders {
                // A chat that is open may wait, or be of no group.
                match when {
                    EmptyWhen::NoUser => _ = self.chat_waiting(),
                    EmptyWhen::NoGroup => _ = self.chat_has_group(),
                    EmptyWhen::HoldsLater(_) => _ = self.chat_open(),
                    EmptyWhen::Holds(_) => {}
                }
            }
        }
        placeholders
    }

    fn placeholders_of(
        &mut self,
        template: &Template,
        holds: fn(Formula) -> EmptyWhen,
        placeholders: &mut Vec<(Span, EmptyWhen)>,
    ) {
        for piece in &template.0 {
            let TemplatePart::Placeholder { value: what, fallback: None, span } = piece else { continue };
            let when = match what {
                Placeholder::Customer(attribute) => {
                    let known = self.known(TextSubject::Attribute(*attribute));
                    holds(self.formulas.not(known))
                }
                Placeholder::OwnerName => {
                    let owner = self.has_owner();
                    holds(self.formulas.not(owner))
                }
                Placeholder::UserName => EmptyWhen::NoUser,
                Placeholder::Group => EmptyWhen::NoGroup,
                Placeholder::Number => continue,
            };
            placeholders.push((*span, when));
        }
    }
}
