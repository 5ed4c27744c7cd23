//! What the conditions of the five cases ask: whether the customer is new, their owner, and who is online.

use crate::language::ast::{Condition, ConditionKind};
use crate::language::vocabulary::FactWord;
use crate::text::Span;

/// In which group somebody may be online; `None`: in the inbox.
pub(super) type GroupScope = Option<String>;

/// More scopes than this are no form.
pub(super) const MAX_SCOPES: usize = 6;

/// The owner of a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnerNow {
    Nobody,
    Online,
    NotOnline,
}

/// A situation, as far as the form tells them apart.
#[derive(Debug, Clone)]
pub(super) struct FormWorld {
    pub(super) is_new: bool,
    pub(super) owner: OwnerNow,
    /// Whether somebody is online in each scope.
    pub(super) online: Vec<bool>,
}

/// Every situation that can be, with these scopes.
pub(super) fn worlds(scopes: &[GroupScope]) -> Vec<FormWorld> {
    let customers = [
        (true, OwnerNow::Nobody),
        (false, OwnerNow::Nobody),
        (false, OwnerNow::Online),
        (false, OwnerNow::NotOnline),
    ];
    let mut worlds = Vec::new();
    for bits in 0..1_u32 << scopes.len() {
        let online: Vec<bool> = (0..scopes.len()).map(|scope| bits & (1 << scope) != 0).collect();
        let some_group = scopes.iter().zip(&online).any(|(scope, online)| scope.is_some() && *online);
        let inbox = scopes.iter().zip(&online).find(|(scope, _)| scope.is_none()).map(|(_, online)| *online);
        for (is_new, owner) in customers {
            // Whoever is online in a group, or owns a customer, is online in the inbox.
            if inbox == Some(false) && (some_group || owner == OwnerNow::Online) {
                continue;
            }
            worlds.push(FormWorld { is_new, owner, online: online.clone() });
        }
    }
    worlds
}

/// Collects the scopes that a condition asks about.
///
/// # Errors
///
/// The part of the condition that asks for something else.
pub(super) fn collect_scopes(condition: &Condition, scopes: &mut Vec<GroupScope>) -> Result<(), Span> {
    match &condition.kind {
        ConditionKind::And(parts) | ConditionKind::Or(parts) => {
            parts.iter().try_for_each(|part| collect_scopes(part, scopes))
        }
        ConditionKind::Not(part) | ConditionKind::Parens(part) => collect_scopes(part, scopes),
        ConditionKind::Fact { word, group, compare: None } => {
            let scope = group.as_ref().map(|group| group.value.clone());
            match FactWord::parse(&word.value) {
                Some(FactWord::AnyOnline | FactWord::AllOffline) => {
                    if !scopes.contains(&scope) {
                        scopes.push(scope);
                    }
                    Ok(())
                }
                Some(
                    FactWord::NewCustomer
                    | FactWord::ReturningCustomer
                    | FactWord::HasOwner
                    | FactWord::OwnerOnline
                    | FactWord::OwnerOffline,
                ) if scope.is_none() => Ok(()),
                _ => Err(condition.span),
            }
        }
        _ => Err(condition.span),
    }
}

/// Whether a condition holds, of which [`collect_scopes`] has collected the scopes.
pub(super) fn holds(condition: &Condition, scopes: &[GroupScope], world: &FormWorld) -> bool {
    match &condition.kind {
        ConditionKind::And(parts) => parts.iter().all(|part| holds(part, scopes, world)),
        ConditionKind::Or(parts) => parts.iter().any(|part| holds(part, scopes, world)),
        ConditionKind::Not(part) => !holds(part, scopes, world),
        ConditionKind::Parens(part) => holds(part, scopes, world),
        ConditionKind::Fact { word, group, .. } => {
            let is_online = || {
                let group = group.as_ref().map(|group| &group.value);
                let mut found = scopes.iter().zip(&world.online);
                found.any(|(scope, online)| scope.as_ref() == group && *online)
            };
            match FactWord::parse(&word.value) {
                Some(FactWord::NewCustomer) => world.is_new,
                Some(FactWord::ReturningCustomer) => !world.is_new,
                Some(FactWord::HasOwner) => world.owner != OwnerNow::Nobody,
                Some(FactWord::OwnerOnline) => world.owner == OwnerNow::Online,
                Some(FactWord::OwnerOffline) => world.owner == OwnerNow::NotOnline,
                Some(FactWord::AnyOnline) => is_online(),
                Some(FactWord::AllOffline) => !is_online(),
                _ => false,
            }
        }
        _ => false,
    }
}
