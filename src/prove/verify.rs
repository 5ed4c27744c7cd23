//! Verifies one policy, rule by rule from the top.

use super::constant::{Constants, constants, redundant};
use super::encoding::{EmptyWhen, EncodedPolicy, EncodedRule, Encoding, Formulas, at};
use super::example::Example;
use super::precedence::{EarlierRules, Reachability};
use super::proofs::{AlternativeWitness, EmptyPlaceholder, Proofs, Unreachable, Unsettled};
use super::query::Goal;
use super::search::{RuleSearch, is_decided_by};
use crate::diagnostic::Code;
use crate::engine::{Assignment, Decision, RuleRef};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Algorithm, Presence};
use crate::policy::{Given, GroupTarget, Policy, Target};
use crate::text::Span;

/// Proves what can be proved of `policy`, which has no fault; nothing if the inbox is not known. Redundant parts are
/// searched for only `with_redundant`.
pub fn verify(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    if inbox.is_inferred {
        return Proofs::default();
    }
    let (encoding, [encoded]) = Encoding::of(inbox, [policy]);
    if !encoding.is_complete() {
        return all_unsettled();
    }
    let mut constants = Constants::default();
    let mut proofs = Proofs::default();
    conditions(&encoding, &encoded, &mut constants, with_redundant, &mut proofs);
    let mut earlier = EarlierRules::default();
    // A rule whose condition never holds has a finding of its own.
    let may_hold: Vec<&EncodedRule> =
        encoded.rules.iter().filter(|rule| constants.of(&encoding, rule.holds) != Some(false)).collect();
    for rule in may_hold.iter().filter(|rule| rule.rule.kind == RuleKind::Regular) {
        let search = RuleSearch::new(&encoding, &encoded, Some(rule.index), &earlier, &mut proofs);
        if verify_rule(search, rule) {
            earlier.add(rule);
        }
    }
    if encoded.rules_of_kind(false).all(|rule| rule.when.is_some()) {
        let mut search = RuleSearch::new(&encoding, &encoded, None, &earlier, &mut proofs);
        let shows = |decision: &Decision, _: &Given| decision.rule.is_none() && decision.assign.is_none();
        let unanswered = search.example(Code::Unanswered, &[], &shows);
        proofs.unanswered = unanswered;
    }
    for rule in may_hold.iter().filter(|rule| rule.rule.kind == RuleKind::Also) {
        verify_also_rule(&encoding, &encoded, rule, &earlier, &mut proofs);
    }
    proofs
}

/// Proves what can be proved of the definitions of a file that others use, like [`verify`] for a policy.
pub fn verify_definitions(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    let mut proofs = Proofs::default();
    if !inbox.is_inferred {
        let (encoding, [encoded]) = Encoding::of(inbox, [policy]);
        if !encoding.is_complete() {
            return all_unsettled();
        }
        conditions(&encoding, &encoded, &mut Constants::default(), with_redundant, &mut proofs);
    }
    proofs
}

/// If combinations of calendars may be missing, *never* cannot be proved of anything.
fn all_unsettled() -> Proofs {
    Proofs { unsettled: vec![Unsettled { about: Code::UnreachableRule, rule: None }], ..Proofs::default() }
}

/// Verifies conditions by themselves. Definitions of other files are verified with those files.
fn conditions(
    encoding: &Encoding,
    encoded: &EncodedPolicy,
    known: &mut Constants,
    with_redundant: bool,
    proofs: &mut Proofs,
) {
    let definitions = encoded.policy.definitions.iter().zip(&encoded.definitions);
    let own = definitions.filter(|(definition, _)| definition.file.is_none()).map(|(_, condition)| condition);
    for condition in own.chain(encoded.rules.iter().filter_map(|rule| rule.when.as_ref())) {
        constants(encoding, known, condition, &mut proofs.constants);
        if with_redundant {
            proofs.redundant.extend(redundant(encoding, known, condition));
        }
    }
}

/// Verifies a rule that decides; whether a message may reach it.
fn verify_rule(mut search: RuleSearch, rule: &EncodedRule) -> bool {
    let goals = [(rule.holds, true)];
    if let Reachability::Unreachable(sufficient) = search.find(Code::UnreachableRule, &goals) {
        if rule.when.is_some() {
            let blockers = search.earlier.minimal_blockers(&mut search.query, &goals, &sufficient);
            search.proofs.unreachable.push(Unreachable { rule: rule.index, blockers });
        }
        return false;
    }
    verify_alternatives(&mut search, rule);
    let policy = search.policy;
    for (span, when) in &rule.placeholders {
        let goals = [(rule.holds, true), (rule.effect.empty(*when), true)];
        let shows = |decision: &Decision, _: &Given| is_decided_by(policy, decision, rule.index);
        let example = search.example(Code::PlaceholderMayBeEmpty, &goals, &shows);
        add_placeholder(search.proofs, rule, *span, example);
    }
    true
}

fn add_placeholder(proofs: &mut Proofs, rule: &EncodedRule, span: Span, example: Option<Example>) {
    let empty = example.map(|example| EmptyPlaceholder { rule: rule.index, span, example });
    proofs.empty_placeholders.extend(empty);
}

fn verify_alternatives(search: &mut RuleSearch, rule: &EncodedRule) {
    let Some(assign) = &rule.rule.assign else { return };
    let holds = (rule.holds, true);
    let last = assign.alternatives.len().saturating_sub(1);
    let mut is_reached = true;
    let alternatives = assign.alternatives.iter().zip(&rule.effect.alternatives);
    for (index, (alternative, effect)) in alternatives.enumerate() {
        if index > 0 && is_reached {
            let goals = [holds, (effect.reached, true)];
            let reachability = search.find(Code::UnreachableAlternative, &goals);
            if let Reachability::Unreachable(_) = reachability {
                search.proofs.unreachable_alternatives.push((rule.index, index));
                is_reached = false;
            }
        }
        let witness = |example| AlternativeWitness { rule: rule.index, alternative: index, example };
        if let Target::Group(target) = &alternative.target
            && let Some(somebody) = search.encoding.somebody_online()
        {
            let goals = [holds, (effect.tried, true), (effect.offline, true), (somebody, true)];
            let offline = offline_example(search, rule.index, index, target, &goals);
            search.proofs.offline.extend(offline.map(witness));
        }
        if index == last {
            let goals = [holds, (effect.tried, true), (effect.found, false)];
            let is_owner = matches!(alternative.target, Target::Owner { .. });
            let example = nobody_example(search, rule.index, is_owner, &goals);
            let found = if is_owner { &mut search.proofs.ownerless } else { &mut search.proofs.nobody };
            found.extend(example.map(witness));
        }
    }
}

/// An example in which no alternative finds anybody.
fn nobody_example(search: &mut RuleSearch, rule: usize, is_owner: bool, goals: &[Goal]) -> Option<Example> {
    let policy = search.policy;
    let about = if is_owner { Code::AssignOwnerWithoutOwner } else { Code::NobodyToGive };
    let shows = |decision: &Decision, _: &Given| {
        let waits = match &decision.assign {
            Some(Assignment::Queue { by, .. }) => *by != Some(Algorithm::Hand),
            _ => false,
        };
        waits && is_decided_by(policy, decision, rule)
    };
    search.example(about, goals, &shows)
}

/// An example in which a group's alternative chooses a user who is not online.
fn offline_example(
    search: &mut RuleSearch,
    rule: usize,
    index: usize,
    target: &GroupTarget,
    goals: &[Goal],
) -> Option<Example> {
    let world = search.find_minimal(Code::MayPickOffline, goals)?;
    let given = world.given(search.encoding);
    let (policy, inbox) = (search.policy, search.encoding.inbox);
    let shows = |decision: &Decision, given: &Given| {
        let Some(Assignment::User { user, alternative, .. }) = &decision.assign else { return false };
        let is_online = |id: &str| {
            let mut users = given.users.iter();
            users.any(|user| user.presence == Presence::Online && *inbox.user(user.user).id == *id)
        };
        is_decided_by(policy, decision, rule)
            && *alternative == index
            && !given.users.is_empty()
            && !is_online(user)
    };
    let mut favoured = given.clone();
    favour_offline_users(inbox, target, &mut favoured);
    let example = [given, favoured].into_iter().find_map(|given| {
        // Where the dice decide, some seed must show it.
        (0..20).find_map(|seed| Example::confirm(policy, inbox, given.clone(), seed, &shows))
    });
    search.counted(example)
}

/// Makes the algorithm choose a user who is not online, if it can: the others have just had a message and have more
/// chats, and the turn is that user's.
fn favour_offline_users(inbox: &Inbox, target: &GroupTarget, given: &mut Given) {
    let members = &inbox.group(target.group).members;
    let is_online = |user| given.users.iter().any(|given| given.user == user);
    let offline = members.iter().position(|user| !is_online(*user));
    if target.by == Algorithm::InOrder {
        let before = offline.and_then(|at| members.get((at + members.len() - 1) % members.len()));
        given.turns = before.map(|before| (target.group, *before)).into_iter().collect();
        return;
    }
    for user in &mut given.users {
        user.idle = Some(60);
        let has_room = inbox.user(user.user).capacity.is_none_or(|capacity| capacity > 1);
        user.chats = user.chats.max(u32::from(has_room));
    }
}

/// Verifies the placeholders of an `also` rule, which acts whichever rule decides.
fn verify_also_rule<'a>(
    encoding: &Encoding<'a>,
    encoded: &EncodedPolicy<'a>,
    rule: &EncodedRule,
    deciding: &EarlierRules,
    proofs: &mut Proofs,
) {
    for (span, when) in &rule.placeholders {
        let mut example = |earlier: &EarlierRules, goals: &[Goal]| {
            let policy = encoded.policy;
            let acting = RuleRef::of(policy, rule.rule);
            let shows = |decision: &Decision, _: &Given| decision.also.contains(&acting);
            let mut search = RuleSearch::new(encoding, encoded, Some(rule.index), earlier, proofs);
            search.example(Code::PlaceholderMayBeEmpty, goals, &shows)
        };
        let holds = (rule.holds, true);
        let found = if let EmptyWhen::Holds(formula) = when {
            example(&EarlierRules::default(), &[holds, (*formula, true)])
        } else {
            // The user and the group are those of the rule that decides: one after the other, and last no rule.
            let each = deciding.rules.iter().enumerate().find_map(|(nth, (index, decides))| {
                let empty = at(&encoded.rules, *index).effect.empty(*when);
                let earlier = || EarlierRules { rules: deciding.rules.iter().take(nth).copied().collect() };
                (empty != Formulas::FALSE)
                    .then(|| example(&earlier(), &[holds, (*decides, true), (empty, true)]))
                    .flatten()
            });
            each.or_else(|| example(deciding, &[holds]))
        };
        add_placeholder(proofs, rule, *span, found);
    }
}
