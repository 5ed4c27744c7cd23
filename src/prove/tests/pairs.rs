//! The differences between two random policies, against the decisions of the engine in every situation.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use proptest::prelude::{Strategy, prop, prop_assert, prop_assert_eq, prop_assume, prop_oneof, proptest};
use proptest::test_runner::{Config, TestCaseError};
use regex::Regex;
use serde_json::{Value as Json, json};

use crate::engine::{Assignment, Decision, RuleRef, decide};
use crate::inbox::{AlignedInboxes, Inbox};
use crate::language::vocabulary::Algorithm;
use crate::policy::{Policy, Rule, Target};
use crate::prove::difference::compare_all;
use crate::prove::{RulePair, TimePattern};
use crate::roster::dice;
use crate::situation::Moment;
use crate::testing::{
    ASSIGNS, Expr, RandomPolicy, THEMES, TIME, ZONES, config, inbox, merge, policies_about, policy,
    situation, themes,
};

/// A change that somebody may make to a policy.
#[derive(Debug, Clone)]
enum Edit {
    Delete(usize),
    Negate(usize),
    AddFact(usize, usize),
    Assign(usize, usize),
    Swap(usize),
    Repeat(usize),
    Also(usize),
    Widen(usize),
}

/// Hours, and the same with one hour more.
const WIDER: [(&str, &str); 2] =
    [("during office", "during mon-fri 09:00-18:00"), ("during night", "during fri 21:00-02:00")];

fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let edit = prop_oneof![
        (0..6_usize).prop_map(Edit::Delete),
        (0..6_usize).prop_map(Edit::Negate),
        (0..6_usize, 0..99_usize).prop_map(|(rule, fact)| Edit::AddFact(rule, fact)),
        (0..6_usize, 0..ASSIGNS.len()).prop_map(|(rule, assign)| Edit::Assign(rule, assign)),
        (0..6_usize).prop_map(Edit::Swap),
        (0..6_usize).prop_map(Edit::Repeat),
        (0..99_usize).prop_map(Edit::Also),
        (0..6_usize).prop_map(Edit::Widen),
    ];
    prop::collection::vec(edit, 1..3)
}

impl Edit {
    fn make(&self, sample: &mut RandomPolicy) {
        let facts: Vec<&'static str> =
            sample.themes.iter().flat_map(|theme| THEMES[*theme].facts.iter().copied()).collect();
        let add_fact = |expr: &Expr, fact: usize| {
            let fact = Box::new(Expr::Fact(facts[fact % facts.len()]));
            match fact.text().len() % 3 {
                0 => *fact,
                1 => Expr::And(vec![expr.clone(), *fact]),
                _ => Expr::Or(vec![expr.clone(), Expr::Not(fact)]),
            }
        };
        let count = sample.rules.len();
        match *self {
            Self::Delete(rule) if count > 1 => _ = sample.rules.remove(rule % count),
            Self::Delete(_) => {}
            Self::Negate(rule) => {
                let rule = &mut sample.rules[rule % count].0;
                *rule = Expr::Not(Box::new(rule.clone()));
            }
            Self::AddFact(rule, fact) => {
                let rule = &mut sample.rules[rule % count].0;
                *rule = add_fact(rule, fact);
            }
            Self::Assign(rule, assign) => sample.rules[rule % count].1 = ASSIGNS[assign],
            Self::Swap(rule) => sample.rules.swap(rule % count, (rule + 1) % count),
            Self::Repeat(rule) => {
                let again = sample.rules[rule % count].clone();
                sample.rules.push(again);
            }
            Self::Also(fact) => {
                if let Some((expr, _)) = &mut sample.also {
                    *expr = add_fact(expr, fact);
                }
            }
            Self::Widen(rule) => widen(&mut sample.rules[rule % count].0),
        }
    }
}

fn widen(expr: &mut Expr) {
    match expr {
        Expr::Fact(fact) => {
            let wider = WIDER.iter().find(|(hours, _)| hours == fact);
            *fact = wider.map_or(*fact, |(_, wider)| wider);
        }
        Expr::Not(part) => widen(part),
        Expr::And(parts) | Expr::Or(parts) => parts.iter_mut().for_each(widen),
    }
}

pub(super) fn pairs(themes: Vec<usize>) -> impl Strategy<Value = (RandomPolicy, RandomPolicy)> {
    let edited = (policies_about(themes.clone()), edits()).prop_map(|(old, edits)| {
        let mut new = old.clone();
        for edit in &edits {
            edit.make(&mut new);
        }
        (old, new)
    });
    let two = (policies_about(themes.clone()), policies_about(themes.clone()));
    let twice = policies_about(themes).prop_map(|sample| (sample.clone(), sample));
    prop_oneof![3 => edited, 1 => two, 1 => twice]
}

/// The policy's text without the numbers of the replies, and with tags and priorities.
pub(super) fn text(sample: &RandomPolicy) -> String {
    let numbers = Regex::new("\"[0-9]+<").unwrap();
    let text = numbers.replace_all(&sample.text(), "\"<").into_owned();
    text.replace("priority low", "priority low, tag \"T\"")
        .replace("  assign nobody", "  tag \"t\", assign nobody")
        .replace("  assign user \"bob\"", "  priority low, assign user \"bob\"")
}

/// The same situation with each user as the owner, and with circumstances in which algorithms prefer each user.
fn variants(case: &Json) -> Vec<Json> {
    let mut variants = vec![case.clone()];
    if case["customer"]["owner"].is_string() {
        variants.extend(["alice", "bob", "carol"].map(|owner| {
            let mut variant = case.clone();
            merge(&mut variant, &json!({"customer": {"owner": owner}}));
            variant
        }));
    }
    for (user, turns) in [
        ("alice", json!({"Sales": "bob", "Two": "bob"})),
        ("bob", json!({"Sales": "alice", "Two": "alice", "Support": "carol"})),
        ("carol", json!({"Support": "bob"})),
    ] {
        let mut variant = case.clone();
        merge(&mut variant, &json!({"turns": turns}));
        for (other, capacity) in [("alice", 5), ("bob", 3), ("carol", 9)] {
            let is_online = case["users"][other]["presence"] == "online";
            let chats = case["users"][other]["chats"].as_i64().unwrap_or(0);
            if other != user && is_online {
                let chats = if chats + 1 < capacity { chats + 1 } else { chats };
                let last = "2020-01-01T00:00:00Z";
                merge(&mut variant, &json!({"users": {other: {"chats": chats, "last_message_at": last}}}));
            }
        }
        variants.push(variant);
    }
    variants
}

/// Whether the decisions differ visibly.
pub(super) fn differ(old: &Decision, new: &Decision) -> bool {
    let assigned = |decision: &Decision| match decision.assign.clone() {
        Some(Assignment::User { user, group, by, .. }) => format!("{user} {group:?} {by:?}"),
        Some(Assignment::Queue { group, by, .. }) => format!("{group:?} {by:?}"),
        other => format!("{other:?}"),
    };
    let tags = |decision: &Decision| -> BTreeSet<String> {
        decision.tags.iter().map(|tag| tag.to_lowercase()).collect()
    };
    let replies = |decision: &Decision| -> Vec<String> {
        decision.replies.iter().map(|reply| reply.text.clone()).collect()
    };
    assigned(old) != assigned(new)
        || tags(old) != tags(new)
        || replies(old) != replies(new)
        || old.priority != new.priority
}

fn is_by_chance(rule: &Rule) -> bool {
    let mut alternatives = rule.assign.iter().flat_map(|assign| &assign.alternatives);
    alternatives.any(|one| matches!(&one.target, Target::Group(target) if target.by == Algorithm::Random))
}

pub(super) fn index(policy: &Policy, decision: &Decision) -> Option<usize> {
    let is = |rule: &Rule| Some(RuleRef::of(policy, rule)) == decision.rule;
    policy.rules.iter().position(is)
}

pub(super) fn observed(
    inbox: &Inbox,
    old: &Policy,
    new: &Policy,
    cases: &[Json],
) -> BTreeSet<(Option<usize>, Option<usize>)> {
    let mut found = BTreeSet::new();
    let by_chance = [old, new].into_iter().flat_map(|policy| policy.rules.iter()).any(is_by_chance);
    for case in cases.iter().flat_map(variants) {
        let situation = situation(&case);
        for seed in 0..if by_chance { 4 } else { 1 } {
            let decided = |policy: &Policy| decide(policy, inbox, &situation, &mut dice(seed, None)).unwrap();
            let (this, that) = (decided(old), decided(new));
            if differ(&this, &that) {
                found.insert((index(old, &this), index(new, &that)));
            }
        }
    }
    found
}

/// The new policy is read in another time zone if `moved`.
fn agree(old: &RandomPolicy, new: &RandomPolicy, moved: bool) -> Result<(), TestCaseError> {
    let inbox = inbox();
    let zone = if moved { format!("timezone \"{}\"\n", ZONES[1]) } else { String::new() };
    let (old_text, new_text) = (text(old), zone + &text(new));
    let (old_policy, new_policy) = (policy(&inbox, &old_text), policy(&inbox, &new_text));
    let mut union = old.clone();
    union.rules.extend(new.rules.iter().cloned());
    for (expr, what) in old.also.iter().chain(&new.also) {
        union.rules.push((expr.clone(), "nobody", vec![what]));
    }
    union.otherwise = union.otherwise.or(new.otherwise);
    for assign in old.otherwise.iter().chain(&new.otherwise) {
        union.rules.push((Expr::Fact("new_customer"), assign, Vec::new()));
    }
    let cases = union.cases(1 + usize::from(moved), &[&*old_text, &new_text].concat());
    // Each of them is decided many times.
    prop_assume!(cases.len() <= 400);
    let observed = observed(&inbox, &old_policy, &new_policy, &cases);
    let comparison = compare_all(&old_policy, &new_policy, &AlignedInboxes::new(&inbox, &inbox));
    let context = format!("{old_text}\n=====\n{new_text}\n{comparison:#?}\n{observed:?}");
    if !comparison.unsettled.is_empty() {
        // Two replies may be written differently and read the same.
        return Ok(());
    }
    let shown = |pair: &RulePair| (!pair.also).then_some((pair.old, pair.new));
    let shown: BTreeSet<_> = comparison.differences.iter().filter_map(|one| shown(&one.pair)).collect();
    prop_assert_eq!(comparison.differences.is_empty(), observed.is_empty(), "{}", context);
    prop_assert!(shown.is_subset(&observed), "{}", context);
    if comparison.differences.iter().all(|one| !one.pair.also) {
        prop_assert_eq!(shown, observed, "{}", context);
    }
    for difference in comparison.differences.iter().filter(|one| !one.pair.also) {
        let TimePattern::Weekly(stretches) = &difference.when else { continue };
        let hours = (0..7 * 24_u16).filter(|hour| {
            let mut situation = difference.example.situation.clone();
            situation.at = Some(Moment::Local(ORDINARY + SignedDuration::from_hours((*hour).into())));
            let decided = |policy: &Policy| {
                decide(policy, &inbox, &situation, &mut dice(difference.seed, None)).unwrap()
            };
            let (this, that) = (decided(&old_policy), decided(&new_policy));
            let pair =
                RulePair { also: false, old: index(&old_policy, &this), new: index(&new_policy, &that) };
            pair == difference.pair && differ(&this, &that)
        });
        let is_described = |hour: &u16| {
            let (day, minute) = (usize::from(hour / 24), hour % 24 * 60);
            stretches.iter().any(|one| one.day == day && (one.start..one.end).contains(&minute))
        };
        let described_hours: Vec<u16> = (0..7 * 24).filter(is_described).collect();
        prop_assert_eq!(hours.collect::<Vec<_>>(), described_hours, "{:#?}\n{}", difference, context);
    }
    Ok(())
}

/// The first minute of a week in which no date has hours of its own.
const ORDINARY: DateTime = DateTime::constant(2026, 2, 2, 0, 0, 0, 0);

proptest! {
    // Each situation is decided by two policies in several variants, so there are fewer cases, and none with very many
    // situations.
    #![proptest_config(Config { cases: config().cases.div_ceil(4), max_global_rejects: 100_000, ..config() })]

    #[test]
    fn every_difference_agrees((old, new) in themes().prop_flat_map(pairs)) {
        agree(&old, &new, false)?;
    }
}

proptest! {
    #![proptest_config(Config { cases: config().cases.div_ceil(10), max_global_rejects: 100_000, ..config() })]

    #[test]
    fn every_difference_of_time_zones_agrees((old, new) in pairs(vec![TIME])) {
        agree(&old, &new, true)?;
    }
}
