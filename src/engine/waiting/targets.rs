//! Who can take a chat that waits: the targets of the alternatives that are still to be tried.

use std::sync::Arc;

use super::chat::WaitingChat;
use super::drain::DrainContext;
use crate::engine::assign::eligibilities;
use crate::engine::live::validate;
use crate::inbox::{GroupId, UserId};
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::language::{Folded, fold};
use crate::policy::{Alternative, GroupTarget, Skill, Target};
use crate::roster::Roster;
use crate::situation::{Case, Incoming};

/// Who can take a chat. Those who had it count too: they get it if nobody else does.
#[derive(Debug, Clone)]
pub(super) enum ChatTarget {
    /// A user whom the rule names, or who owns the customer.
    User(UserTarget),
    /// A member of a group, except the user who owns the customer, if the rule says so.
    Members(Arc<MembersTarget>, Option<UserId>),
}

/// A user, and what `among` asks of them.
pub(super) type UserTarget = (UserId, Option<Eligibility>);

/// The members of a group who have the skills, without those whom the rule excepts by name.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct MembersTarget {
    pub(super) group: GroupId,
    /// One skill of each list.
    pub(super) skills: Vec<Vec<Folded>>,
    pub(super) except: Vec<UserId>,
    pub(super) among: &'static [Eligibility],
}

/// Who can take the chat. Nobody, if it waits until a member takes it by hand. `None` if the chat cannot go on, because its
/// policy has changed or does not have its alternatives, or because its customer does not fit the inbox.
pub(super) fn targets(cx: &DrainContext, chat: &WaitingChat, roster: &Roster) -> Option<Vec<ChatTarget>> {
    let (policy, rule) = cx.rule_of(chat)?;
    let alternatives = &rule.assign.as_ref()?.alternatives;
    alternatives.get(chat.step.from_alternative)?;
    if is_by_hand(alternatives.get(chat.last_alternative)?) {
        return Some(Vec::new());
    }
    let (message, open) = (chat.message(), chat.open_chat());
    let incoming = Incoming { number: &chat.number, at: chat.since, message: &message, chat: Some(&open) };
    let case = &validate(policy, cx.inbox, incoming, &chat.customer, roster).ok()?;
    let to_try = alternatives.iter().skip(chat.step.from_alternative).take_while(|one| !is_by_hand(one));
    Some(to_try.filter_map(|one| target(one, case, rule.kind == RuleKind::Move, roster)).collect())
}

fn is_by_hand(alternative: &Alternative) -> bool {
    alternative.group().is_some_and(|target| target.by == Algorithm::Hand)
}

/// `None` if nobody can take the chat by this alternative.
fn target(alternative: &Alternative, case: &Case, is_move: bool, roster: &Roster) -> Option<ChatTarget> {
    match &alternative.target {
        Target::Owner { among } => Some(ChatTarget::User((case.owner_id()?, *among))),
        Target::User { user, among } => Some(ChatTarget::User((*user, *among))),
        Target::Nobody => None,
        Target::Group(target) => {
            let owner = case.owner_id().filter(|_| target.excepts_owner());
            Some(ChatTarget::Members(Arc::new(members(target, case, is_move, roster)?), owner))
        }
    }
}

/// `None` if nobody has one of the skills: there may be as many skills as customers.
fn members(target: &GroupTarget, case: &Case, is_move: bool, roster: &Roster) -> Option<MembersTarget> {
    let skills = target.skills().iter().map(|skill| {
        let any = match skill {
            Skill::Any(skills) => skills.iter().map(|skill| skill.folded.clone()).collect(),
            Skill::Customer(attribute) => vec![fold(case.text_of(*attribute)?)],
        };
        any.iter().any(|skill| roster.knows_skill(skill)).then_some(any)
    });
    Some(MembersTarget {
        group: target.group,
        skills: skills.collect::<Option<_>>()?,
        except: target.except_users().to_vec(),
        among: eligibilities(target.among, is_move),
    })
}
