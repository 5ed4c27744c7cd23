//! What is proved of random policies, against the decisions of the engine in every situation that the policy can tell
//! apart.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{prop_assert_eq, proptest};
use serde_json::Value as Json;

use crate::engine::{Assignment, Decision, RuleRef, decide};
use crate::inbox::Inbox;
use crate::language::ast::RuleKind;
use crate::policy::{Policy, Target};
use crate::prove::constant::Constants;
use crate::prove::encoding::{EncodedCondition, Encoding, Formula};
use crate::prove::{AlternativeWitness, EmptyPlaceholder, Proofs, verify};
use crate::roster::dice;
use crate::testing::{HEAD, RandomPolicy, config, inbox, policies, policy, situation};

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

fn observed(
    policy: &Policy,
    inbox: &Inbox,
    decisions: &[(Json, Decision)],
    holds: &[BTreeSet<usize>],
) -> Findings {
    let mut found = Findings::default();
    let mut decided: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (case, decision) in decisions {
        let online = |user: &str| case["users"][user]["presence"] == "online";
        let somebody = ["alice", "bob", "carol"].into_iter().any(online);
        for reply in &decision.replies {
            if let Some((number, _)) = reply.text.split_once("<>") {
                found.empty.insert(number.to_owned());
            }
        }
        let Some(rule) = &decision.rule else {
            found.unanswered = true;
            continue;
        };
        let index = policy.rules.iter().position(|one| RuleRef::of(policy, one) == *rule).unwrap();
        let alternatives = &policy.rules[index].assign.as_ref().unwrap().alternatives;
        let tried = match decision.assign.as_ref().unwrap() {
            Assignment::User { alternative, user, group, .. } => {
                let members =
                    group.as_ref().map(|group| &inbox.group(inbox.group_id(group).unwrap()).members);
                let among_everyone = matches!(&alternatives[*alternative].target, Target::Group(target)
                    if target.among == Some(crate::language::vocabulary::Eligibility::Everyone));
                let somebody_off =
                    members.is_some_and(|members| members.iter().any(|user| !online(&inbox.user(*user).id)));
                if group.is_some() && somebody && (!online(user) || (among_everyone && somebody_off)) {
                    found.offline.insert((index, *alternative));
                }
                *alternative
            }
            Assignment::Queue { alternative, by, .. } => {
                if *by != Some(crate::language::vocabulary::Algorithm::Hand) {
                    let last = (index, *alternative);
                    match alternatives[*alternative].target {
                        Target::Owner { .. } => found.ownerless.insert(last),
                        _ => found.nobody.insert(last),
                    };
                }
                *alternative
            }
            Assignment::Nobody => alternatives.iter().position(|one| one.target == Target::Nobody).unwrap(),
            Assignment::Kept { .. } => panic!("no chat is open"),
        };
        decided.entry(index).or_default().extend(0..=tried);
    }
    for (index, rule) in policy.rules.iter().enumerate().filter(|(_, rule)| rule.kind == RuleKind::Regular) {
        match decided.get(&index) {
            None if rule.when.is_some() && holds.iter().any(|holds| holds.contains(&index)) => {
                found.unreachable.insert(index);
            }
            None => {}
            Some(tried) => {
                let alternatives = rule.assign.as_ref().unwrap().alternatives.len();
                let missed = (0..alternatives).find(|at| !tried.contains(at)).map(|at| (index, at));
                found.unreachable_alternatives.extend(missed);
            }
        }
    }
    found
}

fn proved(proofs: &Proofs, text: &str) -> Findings {
    let picks =
        |picks: &[AlternativeWitness]| picks.iter().map(|pick| (pick.rule, pick.alternative)).collect();
    let number = |empty: &EmptyPlaceholder| {
        let before = &text[..empty.span.start as usize];
        before.rsplit_once('"').unwrap().1.trim_end_matches('<').to_owned()
    };
    Findings {
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
    let (mut decisions, mut holds) = (Vec::new(), Vec::new());
    let mut values_of_parts: Vec<[bool; 2]> = vec![[false; 2]; texts.len()];
    for case in rules.cases(1, &text) {
        let situation = situation(&case);
        let decided = |policy: &Policy| decide(policy, &inbox, &situation, &mut dice(0, None)).unwrap();
        let tags: BTreeSet<String> = decided(&probes).tags.iter().map(ToString::to_string).collect();
        for (index, values) in values_of_parts.iter_mut().enumerate() {
            values[usize::from(tags.contains(&format!("part{index}")))] = true;
        }
        holds.push((0..policy.rules.len()).filter(|index| tags.contains(&format!("rule{index}"))).collect());
        let decision = decided(&policy);
        decisions.push((case, decision));
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
    prop_assert_eq!(proved(&proofs, &text), observed(&policy, &inbox, &decisions, &holds), "{}", text);
    // The blockers take every message that the rule could, and none of them is superfluous.
    for dead in &proofs.unreachable {
        let covered = holds
            .iter()
            .all(|holds| !holds.contains(&dead.rule) || dead.blockers.iter().any(|by| holds.contains(by)));
        proptest::prop_assert!(covered, "{:?} in {}", dead, text);
        for superfluous in &dead.blockers {
            let covered = holds.iter().all(|holds| {
                !holds.contains(&dead.rule)
                    || dead.blockers.iter().any(|by| by != superfluous && holds.contains(by))
            });
            proptest::prop_assert!(!covered, "{:?} does not need {} in {}", dead, superfluous, text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_situation_agrees(rules in policies()) {
        agree(&rules)?;
    }
}
