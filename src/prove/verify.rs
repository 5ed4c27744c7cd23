//! Verifies one policy, rule by rule from the top.

use super::also::AlsoSearch;
use super::constant::{Constant, Constants, constants, never_asked, parts_never_asked, redundant};
use super::encoding::{EncodedPolicy, EncodedRule, Encoding};
use super::example::Example;
use super::precedence::{EarlierRules, Reachability};
use super::proofs::{AlternativeWitness, EmptyPlaceholder, Proofs, Unreachable, Unsettled};
use super::query::Goal;
use super::search::{RuleSearch, is_decided_by};
use crate::cancellation::Cancellation;
use crate::diagnostic::Code;
use crate::engine::{self, Assignment, Decision};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Algorithm, Presence};
use crate::policy::{Assign, Given, GroupTarget, Policy, Target};
use crate::situation::given;
use crate::text::Span;

/// Proves what can be proved of `policy`, which has no fault; nothing if the inbox is not known. Redundant parts are
/// searched for only `with_redundant`.
pub fn verify(policy: &Policy, inbox: &Inbox, with_redundant: bool) -> Proofs {
    verify_unless(policy, inbox, with_redundant, &Cancellation::default())
}

/// [`verify`], which ends soon after it is cancelled. Then the result is of no use.
pub fn verify_unless(
    policy: &Policy,
    inbox: &Inbox,
    with_redundant: bool,
    cancellation: &Cancellation,
) -> Proofs {
    verify_within(policy, inbox, with_redundant, u64::MAX, cancellation)
}

/// [`verify_unless`] with at most so many steps.
pub(super) fn verify_within(
    policy: &Policy,
    inbox: &Inbox,
    with_redundant: bool,
    steps: u64,
    cancellation: &Cancellation,
) -> Proofs {
    if inbox.is_inferred {
        return Proofs::default();
    }
    let (mut encoding, [encoded]) = Encoding::of(inbox, [policy]);
    encoding.limit(steps);
    encoding.stop_on(cancellation);
    if !encoding.is_complete() {
        return all_unsettled();
    }
    let mut constants = Constants::default();
    let mut proofs = Proofs::default();
    let reserve = encoding.reserve_half();
    conditions(&encoding, &encoded, &mut constants, with_redundant, &mut proofs);
    encoding.release(reserve);
    // A rule whose condition never holds has a finding of its own.
    let may_hold: Vec<&EncodedRule> =
        encoded.rules.iter().filter(|rule| constants.of(&encoding, rule.holds) != Some(false)).collect();
    let [regular, moving] = [RuleKind::Regular, RuleKind::Move].map(|kind| {
        let mut earlier = EarlierRules::default();
        for rule in may_hold.iter().filter(|rule| rule.rule.kind == kind) {
            if encoding.is_exhausted() {
                proofs.unsettled.push(Unsettled { about: Code::UnreachableRule, rule: Some(rule.index) });
                continue;
            }
            let search = RuleSearch::new(&encoding, &encoded, Some(rule.index), &earlier, &mut proofs);
            if verify_rule(search, rule) {
                earlier.add(rule);
            }
        }
        earlier
    });
    if encoded.rules_of(RuleKind::Regular).all(|rule| rule.when.is_some()) {
        let mut search = RuleSearch::new(&encoding, &encoded, None, &regular, &mut proofs);
        let shows = |decision: &Decision, _: &Given| decision.rule.is_none() && decision.assign.is_none();
        let unanswered = search.example(Code::Unanswered, &[], &shows);
        proofs.unanswered = unanswered;
    }
    for rule in may_hold.iter().filter(|rule| rule.rule.kind == RuleKind::Also) {
        if encoding.is_exhausted() && !rule.placeholders.is_empty() {
            let about = Code::PlaceholderMayBeEmpty;
            proofs.unsettled.push(Unsettled { about, rule: Some(rule.index) });
            continue;
        }
        let mut search = AlsoSearch { encoding: &encoding, encoded: &encoded, rule, proofs: &mut proofs };
        search.verify(&regular, &moving);
    }
    proofs
}

/// Proves what can be proved of the definitions of a file that others use, like [`verify_unless`] for a policy.
pub fn verify_definitions(
    policy: &Policy,
    inbox: &Inbox,
    with_redundant: bool,
    cancellation: &Cancellation,
) -> Proofs {
    let mut proofs = Proofs::default();
    if !inbox.is_inferred {
        let (mut encoding, [encoded]) = Encoding::of(inbox, [policy]);
        encoding.stop_on(cancellation);
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
    for condition in own {
        constants(encoding, known, condition, &mut proofs.constants);
        if with_redundant {
            proofs.redundant.extend(redundant(encoding, known, condition, RuleKind::Also));
        }
    }
    for rule in &encoded.rules {
        let Some(condition) = &rule.when else { continue };
        constants(encoding, known, condition, &mut proofs.constants);
        if known.of(encoding, condition.formula).is_none() && known.of(encoding, rule.holds) == Some(false) {
            proofs.constants.push(never_asked(encoding, known, condition, rule.rule.kind));
        }
        if known.of(encoding, rule.holds) != Some(false) && rule.rule.kind == RuleKind::Regular {
            parts_never_asked(encoding, known, condition, &mut proofs.parts_never_asked);
        }
        if with_redundant && known.of(encoding, rule.holds) != Some(false) {
            proofs.redundant.extend(redundant(encoding, known, condition, rule.rule.kind));
        }
    }
    if encoding.is_exhausted() {
        proofs.unsettled.push(Unsettled { about: Code::NeverTrue, rule: None });
    }
}

/// Verifies a rule that decides; whether a message may reach it.
fn verify_rule(mut search: RuleSearch, rule: &EncodedRule) -> bool {
    let goals = [(rule.holds, true)];
    if let Reachability::Unreachable(sufficient) = search.find(Code::UnreachableRule, &goals) {
        if let Some(when) = rule.when.as_ref().filter(|_| sufficient.is_empty()) {
            // The condition by itself is too much for the proof of constants.
            search.proofs.constants.push(Constant::never(when.span));
        } else if rule.when.is_some() {
            let blockers = search.earlier.minimal_blockers(&mut search.query, &goals, &sufficient);
            search.proofs.unreachable.push(Unreachable { rule: rule.index, blockers });
        }
        return false;
    }
    verify_alternatives(&mut search, rule);
    let policy = search.policy;
    for (span, when) in &rule.placeholders {
        let mut goals = vec![(rule.holds, true)];
        goals.extend(rule.effect.empty(*when));
        let shows = |decision: &Decision, _: &Given| is_decided_by(policy, decision, rule.index);
        let example = search.example(Code::PlaceholderMayBeEmpty, &goals, &shows);
        add_placeholder(search.proofs, rule, *span, example);
    }
    true
}

pub(super) fn add_placeholder(proofs: &mut Proofs, rule: &EncodedRule, span: Span, example: Option<Example>) {
    let empty = example.map(|example| EmptyPlaceholder { rule: rule.index, span, example });
    proofs.empty_placeholders.extend(empty);
}

fn verify_alternatives(search: &mut RuleSearch, rule: &EncodedRule) {
    let Some(assign) = &rule.rule.assign else { return };
    let holds = (rule.holds, true);
    let is_move = rule.rule.kind == RuleKind::Move;
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
        if index == last && !is_move {
            let [ownerless, resumed] =
                [effect.tried, effect.resumed].map(|tried| [holds, (tried, true), (effect.ownerless, true)]);
            let nobody = [holds, (effect.tried, true), (effect.found, false)];
            let found = if matches!(alternative.target, Target::Owner { .. }) {
                waiting_example(search, rule.index, Code::AssignOwnerWithoutOwner, &ownerless)
                    .or_else(|| resumed_example(search, assign, &resumed))
            } else {
                None
            };
            match found {
                Some(example) => search.proofs.ownerless.push(witness(example)),
                None => {
                    let example = waiting_example(search, rule.index, Code::NobodyToGive, &nobody);
                    search.proofs.nobody.extend(example.map(witness));
                }
            }
        }
    }
    if is_move {
        verify_move(search, rule, last);
    }
}

/// Verifies that a `move` rule ever has anybody to give the chat to.
fn verify_move(search: &mut RuleSearch, rule: &EncodedRule, last: usize) {
    let holds = (rule.holds, true);
    let taken = search.find(Code::NobodyToGive, &[holds, (rule.effect.taken, true)]);
    if let Reachability::Unreachable(_) = taken {
        let is_kept = |decision: &Decision, _: &Given| {
            decision.rule.is_none() && matches!(decision.assign, Some(Assignment::Kept { .. }))
        };
        let example = search.example(Code::NobodyToGive, &[holds], &is_kept);
        let witness = |example| AlternativeWitness { rule: rule.index, alternative: last, example };
        search.proofs.nobody.extend(example.map(witness));
    }
}

/// An example in which no alternative finds anybody, so that the chat waits.
fn waiting_example(search: &mut RuleSearch, rule: usize, about: Code, goals: &[Goal]) -> Option<Example> {
    let policy = search.policy;
    let shows = |decision: &Decision, _: &Given| {
        let waits = match &decision.assign {
            Some(Assignment::Queue { by, .. }) => *by != Some(Algorithm::Hand),
            _ => false,
        };
        waits && is_decided_by(policy, decision, rule)
    };
    search.example(about, goals, &shows)
}

/// An example in which nobody has the chat once all timeouts have passed, because there is no owner.
fn resumed_example(search: &mut RuleSearch, assign: &Assign, goals: &[Goal]) -> Option<Example> {
    let (policy, inbox) = (search.policy, search.encoding.inbox);
    let last = assign.alternatives.len().saturating_sub(1);
    let timeouts = assign.alternatives.iter().filter_map(|alternative| alternative.timeout);
    let end = timeouts.fold(0, u64::saturating_add);
    let shows = |_: &Decision, given: &Given| {
        let situation = given::situation(given, policy, inbox);
        let outcomes = engine::outcomes(policy, inbox, &situation, Some(end)).unwrap_or_default();
        let waits = |outcome: &Decision| matches!(&outcome.assign, Some(Assignment::Queue { alternative, .. }) if *alternative == last);
        outcomes.iter().any(waits)
    };
    search.example(Code::AssignOwnerWithoutOwner, goals, &shows)
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
            && given.users.iter().any(|user| user.presence == Presence::Online)
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
    let is_online = |user| {
        let mut users = given.users.iter();
        users.any(|given| given.user == user && given.presence == Presence::Online)
    };
    let offline = members.iter().position(|user| !is_online(*user));
    if target.by == Algorithm::InOrder {
        let before = offline.and_then(|at| members.get((at + members.len() - 1) % members.len()));
        given.turns = before.map(|before| (target.group, *before)).into_iter().collect();
        return;
    }
    for user in given.users.iter_mut().filter(|user| user.presence == Presence::Online) {
        user.idle = Some(60);
        let has_room = inbox.user(user.user).capacity.is_none_or(|capacity| capacity > 1);
        user.chats = user.chats.max(u32::from(has_room));
    }
}
