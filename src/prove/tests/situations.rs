//! What is proved of random policies, against the decisions of the engine in every situation that the policy can tell
//! apart.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::Value as Json;

use crate::engine::{Assignment, Decision, RuleRef, decide};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::language::vocabulary::{Algorithm, Eligibility};
use crate::policy::{Policy, Rule, Target};
use crate::prove::constant::Constants;
use crate::prove::encoding::{EncodedCondition, Encoding, Formula};
use crate::prove::{AlternativeWitness, EmptyPlaceholder, Proofs, verify};
use crate::roster::dice;
use crate::situation::{ResumeRequest, Situation};
use crate::testing::{HEAD, RandomPolicy, complete_policies, config, inbox, policy, situation};
use crate::text::Span;

/// The findings about a policy, by rule and alternative.
#[derive(Debug, Default, PartialEq, Eq)]
struct Findings {
    unreachable: BTreeSet<usize>,
    unreachable_alternatives: BTreeSet<(usize, usize)>,
    unanswered: bool,
    ownerless: BTreeSet<(usize, usize)>,
    nobody: BTreeSet<(usize, usize)>,
    offline: BTreeSet<(usize, usize)>,
    empty: BTreeSet<String>,
    /// Conditions that hold in some situations, but in none in which their rules are asked.
    never_asked: BTreeSet<usize>,
}

/// The text of a condition and of each of its parts.
fn parts(condition: &EncodedCondition, text: &str, found: &mut Vec<String>) {
    found.push(text[condition.span.range()].to_owned());
    condition.parts.iter().for_each(|part| parts(part, text, found));
}

fn formulas(condition: &EncodedCondition, found: &mut Vec<Formula>) {
    found.push(condition.formula);
    condition.parts.iter().for_each(|part| formulas(part, found));
}

/// A situation, what the engine decides, and the rules whose conditions hold.
struct Decided {
    case: Json,
    decision: Decision,
    /// The decision when all timeouts have passed.
    last: Decision,
    holds: BTreeSet<usize>,
}

/// What becomes of `decision` when all timeouts have passed and the roster is the same. Nobody is left out for having had
/// the chat: that is more than the prover follows.
fn after_timeouts(policy: &Policy, inbox: &Inbox, situation: &Situation, decision: &Decision) -> Decision {
    let (mut situation, mut last) = (situation.clone(), decision.clone());
    while let Some((rule, resume)) = last.rule.clone().zip(last.resume.take()) {
        situation.resume = Some(ResumeRequest { rule, alternative: resume.alternative, had: Vec::new() });
        last = decide(policy, inbox, &situation, &mut dice(0, None)).unwrap();
    }
    last
}

impl Decided {
    /// The rules of this kind decide.
    fn deciding(&self) -> RuleKind {
        if self.case["chat"].is_object() { RuleKind::Move } else { RuleKind::Regular }
    }

    fn is_online(&self, user: &str) -> bool {
        self.case["users"][user]["presence"] == "online"
    }

    /// The first rule that holds.
    fn rule(&self, policy: &Policy) -> Option<usize> {
        let mut rules = policy.rules.iter().enumerate();
        let is_first = |(index, rule): &(usize, &Rule)| {
            rule.kind == self.deciding() && (rule.when.is_none() || self.holds.contains(index))
        };
        rules.find(is_first).map(|(index, _)| index)
    }

    /// Whether the choice may fall on a user who is not online.
    fn may_be_offline(&self, inbox: &Inbox, target: &Target) -> bool {
        let (Some(Assignment::User { user, .. }), Target::Group(target)) = (&self.decision.assign, target)
        else {
            return false;
        };
        let is_left_out = |user: &str| {
            let is_excepted = target.except_users().iter().any(|one| *inbox.user(*one).id == *user);
            is_excepted
                || (target.excepts_owner() && self.case["customer"]["owner"] == *user)
                || self.case["chat"]["user"] == *user
        };
        let mut members = inbox.group(target.group).members.iter().map(|user| &*inbox.user(*user).id);
        let everyone = target.among == Some(Eligibility::Everyone);
        !self.is_online(user) || (everyone && members.any(|user| !is_left_out(user) && !self.is_online(user)))
    }
}

fn observed(policy: &Policy, inbox: &Inbox, decided: &[Decided]) -> Findings {
    let mut found = Findings::default();
    let mut tried: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let mut gives: BTreeSet<usize> = BTreeSet::new();
    for one in decided {
        let decision = &one.decision;
        let later = decision.later.iter().flat_map(|later| &later.replies);
        for reply in decision.replies.iter().chain(later) {
            if let Some((number, _)) = reply.text.split_once("<>") {
                found.empty.insert(number.to_owned());
            }
        }
        let Some(index) = one.rule(policy) else {
            found.unanswered |= one.deciding() == RuleKind::Regular;
            assert_eq!(decision.rule, None);
            continue;
        };
        let acts = decision.rule == Some(RuleRef::of(policy, &policy.rules[index]));
        assert!(acts || one.deciding() == RuleKind::Move, "{decision:?}");
        let alternatives = &policy.rules[index].assign.as_ref().unwrap().alternatives;
        let is_hand =
            |target: &Target| matches!(target, Target::Group(target) if target.by == Algorithm::Hand);
        let last = match decision.assign.as_ref().unwrap() {
            Assignment::User { alternative, group, .. } => {
                let target = &alternatives[*alternative].target;
                let somebody = ["alice", "bob", "carol"].into_iter().any(|user| one.is_online(user));
                if group.is_some() && somebody && one.may_be_offline(inbox, target) {
                    found.offline.insert((index, *alternative));
                }
                *alternative
            }
            Assignment::Queue { alternative, by, .. } => {
                let last = (index, *alternative);
                if *by != Some(Algorithm::Hand) || !is_hand(&alternatives[*alternative].target) {
                    let is_owner = matches!(alternatives[*alternative].target, Target::Owner { .. });
                    if is_owner && one.case["customer"]["owner"].is_null() {
                        found.ownerless.insert(last);
                    } else {
                        found.nobody.insert(last);
                    }
                }
                *alternative
            }
            Assignment::Nobody => alternatives.iter().position(|one| one.target == Target::Nobody).unwrap(),
            // A chat that would only wait where it waits, or that nobody is found for, stays.
            Assignment::Kept { .. } => {
                let hand = alternatives.iter().position(|one| is_hand(&one.target));
                gives.extend(hand.map(|_| index));
                hand.unwrap_or(alternatives.len() - 1)
            }
        };
        let reached = match &one.last.assign {
            Some(Assignment::User { alternative, .. } | Assignment::Queue { alternative, .. }) => {
                *alternative
            }
            _ => last,
        };
        tried.entry(index).or_default().extend(0..=reached);
        if one.deciding() == RuleKind::Regular {
            let waits = matches!(one.last.assign, Some(Assignment::Queue { .. }));
            let is_owner = matches!(alternatives[reached].target, Target::Owner { .. });
            if waits && is_owner && one.case["customer"]["owner"].is_null() {
                found.ownerless.insert((index, reached));
            }
        }
        gives.extend(acts.then_some(index));
        tried.entry(index).or_default().extend(0..=last);
    }
    found.nobody.retain(|last| !found.ownerless.contains(last));
    for (index, rule) in policy.rules.iter().enumerate() {
        let Some(assign) = &rule.assign else { continue };
        let is_asked = |one: &Decided| one.deciding() == rule.kind && one.holds.contains(&index);
        match tried.get(&index) {
            None if rule.when.is_some() && decided.iter().any(is_asked) => {
                found.unreachable.insert(index);
            }
            None if rule.when.is_some() => {
                found
                    .never_asked
                    .extend(decided.iter().any(|one| one.holds.contains(&index)).then_some(index));
            }
            None => {}
            Some(tried) => {
                let count = assign.alternatives.len();
                let missed = (0..count).find(|at| !tried.contains(at)).map(|at| (index, at));
                found.unreachable_alternatives.extend(missed);
                if rule.kind == RuleKind::Move && !gives.contains(&index) {
                    found.nobody.insert((index, count - 1));
                }
            }
        }
    }
    found
}

fn proved(proofs: &Proofs, policy: &Policy, text: &str) -> Findings {
    let picks =
        |picks: &[AlternativeWitness]| picks.iter().map(|pick| (pick.rule, pick.alternative)).collect();
    let number = |empty: &EmptyPlaceholder| {
        let before = &text[..empty.span.start as usize];
        before.rsplit_once('"').unwrap().1.trim_end_matches('<').to_owned()
    };
    let rule_at =
        |span: Span| policy.rules.iter().position(|rule| rule.span.range().contains(&span.range().start));
    let never_asked = proofs.constants.iter().filter(|constant| constant.asked.is_some());
    Findings {
        never_asked: never_asked.filter_map(|constant| rule_at(constant.span)).collect(),
        unreachable: proofs.unreachable.iter().map(|dead| dead.rule).collect(),
        unreachable_alternatives: proofs.unreachable_alternatives.iter().copied().collect(),
        unanswered: proofs.unanswered.is_some(),
        ownerless: picks(&proofs.ownerless),
        nobody: picks(&proofs.nobody),
        offline: picks(&proofs.offline),
        empty: proofs.empty_placeholders.iter().map(number).collect(),
    }
}

fn agree(rules: &RandomPolicy) -> Result<(), proptest::test_runner::TestCaseError> {
    let inbox = inbox();
    let text = rules.text();
    let policy = policy(&inbox, &text);
    let proofs = verify(&policy, &inbox, false);
    let (encoding, [encoded]) = Encoding::of(&inbox, [&policy]);
    let (mut texts, mut formulas_of_parts) = (Vec::new(), Vec::new());
    let whole: Vec<&EncodedCondition> = encoded
        .definitions
        .iter()
        .chain(encoded.rules.iter().filter_map(|rule| rule.when.as_ref()))
        .collect();
    for condition in whole {
        parts(condition, &text, &mut texts);
        formulas(condition, &mut formulas_of_parts);
    }
    // Each part and each condition as a rule of its own, so that the engine says whether it holds.
    let mut probes = format!("{HEAD}let named = {}\n", rules.definition.text());
    for (index, part) in texts.iter().enumerate() {
        probes += &format!("also when {part}:\n  tag \"part{index}\"\n");
    }
    for (index, rule) in policy.rules.iter().enumerate() {
        if let Some(when) = &rule.when {
            probes += &format!("also when {}:\n  tag \"rule{index}\"\n", &text[when.span.range()]);
        }
    }
    let probes = crate::testing::policy(&inbox, &probes);
    let mut decisions: Vec<Decided> = Vec::new();
    let mut values_of_parts: Vec<[bool; 2]> = vec![[false; 2]; texts.len()];
    for case in rules.cases(1, &text) {
        let situation = situation(&case);
        let decided = |policy: &Policy| decide(policy, &inbox, &situation, &mut dice(0, None)).unwrap();
        let tags: BTreeSet<String> = decided(&probes).tags.iter().map(ToString::to_string).collect();
        for (index, values) in values_of_parts.iter_mut().enumerate() {
            values[usize::from(tags.contains(&format!("part{index}")))] = true;
        }
        let holds = (0..policy.rules.len()).filter(|index| tags.contains(&format!("rule{index}"))).collect();
        let decision = decided(&policy);
        let last = after_timeouts(&policy, &inbox, &situation, &decision);
        decisions.push(Decided { case, decision, last, holds });
    }
    let mut constants = Constants::default();
    for ((part, formula), values) in texts.iter().zip(&formulas_of_parts).zip(&values_of_parts) {
        let constant = match values {
            [true, true] => None,
            [_, always] => Some(*always),
        };
        prop_assert_eq!(constants.of(&encoding, *formula), constant, "{} in {}", part, text);
    }
    prop_assert_eq!(proofs.disagreements, 0, "{}", text);
    prop_assert_eq!(&proofs.unsettled, &[], "{}", text);
    prop_assert_eq!(proved(&proofs, &policy, &text), observed(&policy, &inbox, &decisions), "{}", text);
    // The blockers take every message that the rule could, and none of them is superfluous.
    for dead in &proofs.unreachable {
        let kind = policy.rules[dead.rule].kind;
        let reaching = |one: &&Decided| one.deciding() == kind && one.holds.contains(&dead.rule);
        let reaching: Vec<&Decided> = decisions.iter().filter(reaching).collect();
        let takes = |one: &Decided, by: &usize| policy.rules[*by].when.is_none() || one.holds.contains(by);
        let covered = reaching.iter().all(|one| dead.blockers.iter().any(|by| takes(one, by)));
        proptest::prop_assert!(covered, "{:?} in {}", dead, text);
        for superfluous in &dead.blockers {
            let others = || dead.blockers.iter().filter(|by| *by != superfluous);
            let covered = reaching.iter().all(|one| others().any(|by| takes(one, by)));
            proptest::prop_assert!(!covered, "{:?} does not need {} in {}", dead, superfluous, text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_situation_agrees(rules in complete_policies()) {
        agree(&rules)?;
    }
}
