//! What an assignment does, as formulas: which alternative takes the chat, and when placeholders are empty.

use std::collections::BTreeSet;

use super::Encoding;
use super::atom::{TextPredicate, TextSubject, UserStatus};
use super::formula::{Formula, Formulas};
use super::users::UserSetId;
use crate::inbox::UserId;
use crate::language::Folded;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Assign, GroupTarget, Placeholder, Skill, Target, Template, TemplatePart};
use crate::text::Span;

/// The most pools of one target: each attribute of the customer that names a skill multiplies them.
const MAX_POOLS: usize = 1_000;

/// What an assignment does.
#[derive(Debug, Clone, Default)]
pub(in crate::prove) struct AssignmentEffect {
    pub(in crate::prove) alternatives: Vec<AlternativeEffect>,
    /// No user takes the chat at once.
    pub(in crate::prove) no_user: Formula,
    /// Neither does a user take the chat as the member of a group nor does it wait in the queue of one.
    pub(in crate::prove) no_group: Formula,
}

/// What an alternative does.
#[derive(Debug, Clone)]
pub(in crate::prove) struct AlternativeEffect {
    /// It is tried at once: nobody was found for those before it.
    pub(in crate::prove) tried: Formula,
    /// It is tried at once, or later when those before it have timed out.
    pub(in crate::prove) reached: Formula,
    /// It takes the chat: it finds somebody, or the chat waits until a member takes it.
    pub(in crate::prove) found: Formula,
    /// It chooses from a group, and may choose a user who is not online.
    pub(in crate::prove) offline: Formula,
}

/// When a placeholder is empty.
#[derive(Debug, Clone, Copy)]
pub(in crate::prove) enum EmptyWhen {
    /// When this formula holds.
    Holds(Formula),
    /// When no user takes the chat.
    NoUser,
    /// When no group is named.
    NoGroup,
}

impl AssignmentEffect {
    /// When a placeholder is empty in a reply of the rule that decides.
    pub(in crate::prove) fn empty(&self, when: EmptyWhen) -> Formula {
        match when {
            EmptyWhen::Holds(formula) => formula,
            EmptyWhen::NoUser => self.no_user,
            EmptyWhen::NoGroup => self.no_group,
        }
    }
}

impl Encoding<'_> {
    pub(super) fn effect(&mut self, assign: Option<&Assign>) -> AssignmentEffect {
        let Some(assign) = assign else {
            return AssignmentEffect {
                no_user: Formulas::TRUE,
                no_group: Formulas::TRUE,
                ..AssignmentEffect::default()
            };
        };
        let mut effect = AssignmentEffect::default();
        let (mut tried, mut later) = (Formulas::TRUE, Formulas::FALSE);
        let (mut no_user, mut no_group) = (Vec::new(), Vec::new());
        let mut names_group = false;
        for alternative in &assign.alternatives {
            let reached = self.formulas.or([tried, later]);
            let (found, found_later, offline) = match &alternative.target {
                Target::Owner { among } => {
                    self.is_whole &= among.is_none();
                    let owner = self.has_owner();
                    (owner, owner, Formulas::FALSE)
                }
                Target::User { among, .. } => {
                    self.is_whole &= among.is_none();
                    (Formulas::TRUE, Formulas::TRUE, Formulas::FALSE)
                }
                Target::Nobody => (Formulas::TRUE, Formulas::TRUE, Formulas::FALSE),
                Target::Group(target) => self.group_effect(target),
            };
            let taken = self.formulas.and([tried, found]);
            let by_hand =
                matches!(&alternative.target, Target::Group(target) if target.by == Algorithm::Hand);
            if matches!(alternative.target, Target::Nobody) || by_hand {
                no_user.push(taken);
            }
            let is_group = matches!(alternative.target, Target::Group(_));
            names_group |= is_group;
            if !is_group {
                no_group.push(taken);
            }
            effect.alternatives.push(AlternativeEffect { tried, reached, found, offline });
            // With a timeout, the next alternative is tried later whether this one finds somebody or not.
            later = if alternative.timeout.is_some() {
                reached
            } else {
                let empty = self.formulas.not(found_later);
                self.formulas.and([later, empty])
            };
            let empty = self.formulas.not(found);
            tried = self.formulas.and([tried, empty]);
        }
        // Nobody is found at all, so the chat waits.
        no_user.push(tried);
        if !names_group {
            no_group.push(tried);
        }
        effect.no_user = self.formulas.or(no_user);
        effect.no_group = self.formulas.or(no_group);
        effect
    }

    /// That the group takes the chat now, that it takes it later whoever is online then, and that a user who is not
    /// online may be chosen now.
    fn group_effect(&mut self, target: &GroupTarget) -> (Formula, Formula, Formula) {
        if target.by == Algorithm::Hand {
            return (Formulas::TRUE, Formulas::TRUE, Formulas::FALSE);
        }
        let mut now = Vec::new();
        let mut later = Vec::new();
        let mut offline = Vec::new();
        for (required, set) in self.pools(target) {
            let somebody = Formulas::constant(self.user_sets.size(set) > 0);
            let online = self.user_count(UserStatus::Online, set, 1);
            let (found, found_later, may_be_offline) = match target.among {
                None => (somebody, somebody, self.formulas.not(online)),
                Some(Eligibility::Everyone) => {
                    let all = self.user_count(UserStatus::Online, set, self.user_sets.size(set));
                    (somebody, somebody, self.formulas.not(all))
                }
                Some(Eligibility::Online) => (online, Formulas::FALSE, Formulas::FALSE),
                Some(Eligibility::Available) => {
                    (self.user_count(UserStatus::Available, set, 1), Formulas::FALSE, Formulas::FALSE)
                }
            };
            now.push(self.formulas.and([required, found]));
            later.push(self.formulas.and([required, found_later]));
            offline.push(self.formulas.and([required, somebody, may_be_offline]));
        }
        (self.formulas.or(now), self.formulas.or(later), self.formulas.or(offline))
    }

    /// The members who can be chosen, for each skill that may be required; the condition of each. If none of the
    /// conditions holds, nobody can be chosen.
    pub(super) fn pools(&mut self, target: &GroupTarget) -> Vec<(Formula, UserSetId)> {
        self.is_whole &= !target.except.owner;
        let is_left = |user: &&UserId| !target.except.users.contains(user);
        let members = &self.side_inbox().group(target.group).members;
        let mut pools: Vec<(Formula, Vec<UserId>)> =
            vec![(Formulas::TRUE, members.iter().filter(is_left).copied().collect())];
        for skill in &target.skills {
            pools = pools
                .into_iter()
                .flat_map(|(required, members)| self.skilled(required, members, skill))
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
        members: Vec<UserId>,
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

    /// The placeholders of a reply that have no fallback, and when they are empty.
    pub(super) fn placeholders(&mut self, template: &Template) -> Vec<(Span, EmptyWhen)> {
        let mut placeholders = Vec::new();
        for piece in &template.0 {
            let TemplatePart::Placeholder { value: what, fallback: None, span } = piece else { continue };
            let when = match what {
                Placeholder::Customer(attribute) => {
                    let known = self.known(TextSubject::Attribute(*attribute));
                    EmptyWhen::Holds(self.formulas.not(known))
                }
                Placeholder::OwnerName => {
                    let owner = self.has_owner();
                    EmptyWhen::Holds(self.formulas.not(owner))
                }
                Placeholder::UserName => EmptyWhen::NoUser,
                Placeholder::Group => EmptyWhen::NoGroup,
                Placeholder::Number => continue,
            };
            placeholders.push((*span, when));
        }
        placeholders
    }
}
