//! What an assignment does, in formulas: which alternative is reached, and whom it gives.

use std::collections::BTreeSet;

use super::atom::{Atom, TextPredicate, TextSubject, UserSetId, UserStatus};
use super::formula::{Formula, Formulas};
use super::{EmptyWhen, Encoding};
use crate::inbox::UserId;
use crate::language::Folded;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Assign, Attribute, GroupTarget, Placeholder, Skill, Target, Template, TemplatePart};
use crate::text::Span;

/// What an assignment does.
#[derive(Debug, Clone, Default)]
pub(in crate::prove) struct AssignmentEffect {
    pub(in crate::prove) alternatives: Vec<AlternativeEffect>,
    /// No user takes the chat.
    pub(in crate::prove) no_user: Formula,
    /// Neither a user of a group takes the chat nor does it wait in the queue of one.
    pub(in crate::prove) no_group: Formula,
}

/// What an alternative does.
#[derive(Debug, Clone)]
pub(in crate::prove) struct AlternativeEffect {
    /// It is tried at once: those before it are empty.
    pub(in crate::prove) tried: Formula,
    /// It is tried at once or later, when those before it had their time.
    pub(in crate::prove) reached: Formula,
    /// It has somebody, or the chat waits for somebody to take it.
    pub(in crate::prove) found: Formula,
    /// It chooses one of a group, and may choose one who is not online.
    pub(in crate::prove) offline: Formula,
}

impl Default for Formula {
    fn default() -> Self {
        Formulas::FALSE
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
                Target::Owner => {
                    let owner = self.has_owner();
                    (owner, owner, Formulas::FALSE)
                }
                Target::User(_) | Target::Nobody => (Formulas::TRUE, Formulas::TRUE, Formulas::FALSE),
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
            // After its time an alternative is passed whether it had somebody or not.
            later = if alternative.timeout.is_some() {
                reached
            } else {
                let empty = self.formulas.not(found_later);
                self.formulas.and([later, empty])
            };
            let empty = self.formulas.not(found);
            tried = self.formulas.and([tried, empty]);
        }
        // Nobody is found: the chat waits.
        no_user.push(tried);
        if !names_group {
            no_group.push(tried);
        }
        effect.no_user = self.formulas.or(no_user);
        effect.no_group = self.formulas.or(no_group);
        effect
    }

    /// Whether a group has somebody now, whether it has later whoever is there then, and whether one who is not
    /// online may be chosen now.
    fn group_effect(&mut self, target: &GroupTarget) -> (Formula, Formula, Formula) {
        if target.by == Algorithm::Hand {
            return (Formulas::TRUE, Formulas::TRUE, Formulas::FALSE);
        }
        let mut now = Vec::new();
        let mut later = Vec::new();
        let mut offline = Vec::new();
        for (asked, among) in self.pools(target) {
            let somebody = Formulas::constant(self.user_sets.size(among) > 0);
            let online = self.heads(UserStatus::Online, among, 1);
            let (found, found_later, may_be_offline) = match target.among {
                None => (somebody, somebody, self.formulas.not(online)),
                Some(Eligibility::Everyone) => {
                    let all = self.heads(UserStatus::Online, among, self.user_sets.size(among));
                    (somebody, somebody, self.formulas.not(all))
                }
                Some(Eligibility::Online) => (online, Formulas::FALSE, Formulas::FALSE),
                Some(Eligibility::Available) => {
                    (self.heads(UserStatus::Available, among, 1), Formulas::FALSE, Formulas::FALSE)
                }
            };
            now.push(self.formulas.and([asked, found]));
            later.push(self.formulas.and([asked, found_later]));
            offline.push(self.formulas.and([asked, somebody, may_be_offline]));
        }
        (self.formulas.or(now), self.formulas.or(later), self.formulas.or(offline))
    }

    /// Those of the group who can be chosen, for each skill that may be asked for. Where no pool is left, nobody is.
    pub(super) fn pools(&mut self, target: &GroupTarget) -> Vec<(Formula, UserSetId)> {
        let members = self.inbox.group(target.group).members.clone();
        match target.skill.as_deref() {
            None => vec![(Formulas::TRUE, self.user_sets.among(members))],
            Some(Skill::Named { folded, .. }) => vec![(Formulas::TRUE, self.skilled(&members, folded))],
            Some(Skill::CustomerLanguage) => {
                let language = TextSubject::Attribute(Attribute::Language);
                self.known(language);
                let skills = members.iter().flat_map(|user| &self.inbox.user(*user).skills);
                let skills: BTreeSet<Folded> = skills.cloned().collect();
                let pool = |skill: Folded| {
                    let among = self.skilled(&members, &skill);
                    (self.formulas.atom(Atom::Text(language, TextPredicate::Is(skill))), among)
                };
                skills.into_iter().map(pool).collect()
            }
        }
    }

    fn skilled(&mut self, members: &[UserId], skill: &Folded) -> UserSetId {
        let has = |user: &&UserId| self.inbox.user(**user).skills.contains(skill);
        let skilled = members.iter().filter(has).copied().collect();
        self.user_sets.among(skilled)
    }

    /// The placeholders of a reply that have no fallback, and when they write nothing.
    pub(super) fn may_be_empty(&mut self, template: &Template) -> Vec<(Span, EmptyWhen)> {
        let mut may_be_empty = Vec::new();
        for piece in &template.0 {
            let TemplatePart::Placeholder { value: what, fallback: None, span } = piece else { continue };
            let empty_when = match what {
                Placeholder::Customer(attribute) => {
                    let known = self.known(TextSubject::Attribute(*attribute));
                    EmptyWhen::When(self.formulas.not(known))
                }
                Placeholder::OwnerName => {
                    let owner = self.has_owner();
                    EmptyWhen::When(self.formulas.not(owner))
                }
                Placeholder::UserName => EmptyWhen::NoUser,
                Placeholder::Group => EmptyWhen::NoGroup,
                Placeholder::Number => continue,
            };
            may_be_empty.push((*span, empty_when));
        }
        may_be_empty
    }
}
