//! Proofs against a slow and plain reading: every situation that a policy can tell apart, decided by the engine.

mod shown;
mod pairs;
mod moments;
pub(crate) mod themes;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::{Just, Strategy, prop, prop_assert_eq, prop_oneof, proptest};
use proptest::sample::{select, subsequence};
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use self::moments::moments;
use self::themes::{HEAD, THEMES, TIME, merge, situation};
use super::constant::Constants;
use super::sample::{INBOX, inbox_of, policy};
use super::space::{Space, Term};
use super::{Proofs, survey};
use crate::engine::{Assignment, Decision, RuleRef, decide};
use crate::inbox::Inbox;
use crate::policy::{Policy, Target};
use crate::roster::dice;

#[derive(Debug, Clone)]
pub(crate) enum Tree {
    Fact(&'static str),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
}

impl Tree {
    pub(crate) fn text(&self) -> String {
        let join = |parts: &[Self], word: &str| {
            parts.iter().map(|part| format!("({})", part.text())).collect::<Vec<_>>().join(word)
        };
        match self {
            Self::Fact(fact) => (*fact).to_owned(),
            Self::Not(part) => format!("not ({})", part.text()),
            Self::And(parts) => join(parts, " and "),
            Self::Or(parts) => join(parts, " or "),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Sample {
    themes: Vec<usize>,
    rules: Vec<(Tree, &'static str, Vec<&'static str>)>,
    definition: Tree,
    otherwise: Option<&'static str>,
    also: Option<(Tree, &'static str)>,
}

const ASSIGNS: &[&str] = &[
    "nobody",
    "owner",
    "user \"bob\"",
    "group \"Sales\" by in_order",
    "group \"Support\" by least_chats among online",
    "group \"Sales\" by hand",
    "owner else group \"Support\" by most_waiting",
    "group \"Sales\" by least_load among available else owner",
    "group \"Sales\" by random among everyone",
    "group \"Empty\" by random else group \"Support\" by random among available",
    "group \"Sales\" with skill \"ar\" by in_order among online else group \"Support\" by hand",
    "group \"Sales\" with skill customer.language by in_order else user \"carol\"",
    "user \"bob\" else owner",
];

const REPLIES: &[&str] = &[
    "{owner.name}",
    "{user.name}",
    "{group}",
    "{customer.plan}",
    "{customer.country}",
    "{customer.name or x}",
];

pub(crate) fn rules() -> impl Strategy<Value = Sample> {
    themes().prop_flat_map(rules_about)
}

fn themes() -> impl Strategy<Value = Vec<usize>> {
    subsequence((0..THEMES.len()).collect::<Vec<_>>(), 1..=2).prop_map(|mut themes| {
        // All together must stay few.
        if themes.iter().map(|theme| (THEMES[*theme].cases)().len()).product::<usize>() > 300 {
            themes.truncate(1);
        }
        themes
    })
}

fn rules_about(themes: Vec<usize>) -> impl Strategy<Value = Sample> {
    {
        let facts: Vec<&'static str> =
            themes.iter().flat_map(|theme| THEMES[*theme].facts.iter().copied()).collect();
        let tree = |named: bool| {
            let mut facts = facts.clone();
            if named {
                facts.push("named");
            }
            trees(facts)
        };
        let replies = prop::collection::vec(select(REPLIES), 0..2);
        let rule = (tree(true), select(ASSIGNS), replies);
        (
            Just(themes),
            prop::collection::vec(rule, 1..6),
            tree(false),
            prop::option::of(select(ASSIGNS)),
            prop::option::of((tree(true), select(REPLIES))),
        )
            .prop_map(|(themes, rules, definition, otherwise, also)| Sample {
                themes,
                rules,
                definition,
                otherwise,
                also,
            })
    }
}

/// Conditions of any shape, of these facts.
pub(crate) fn trees(facts: Vec<&'static str>) -> impl Strategy<Value = Tree> {
    select(facts).prop_map(Tree::Fact).prop_recursive(3, 8, 3, |part| {
        let parts = || prop::collection::vec(part.clone(), 2..4);
        prop_oneof![
            part.clone().prop_map(|part| Tree::Not(Box::new(part))),
            parts().prop_map(Tree::And),
            parts().prop_map(Tree::Or),
        ]
    })
}

impl Sample {
    /// The policy's text; each reply's placeholders stand between brackets with their number.
    pub(crate) fn text(&self) -> String {
        let mut text = format!("{HEAD}let named = {}\n", self.definition.text());
        let mut number = 0;
        let mut reply = |what: &str| {
            number += 1;
            format!(", reply \"{}<{what}>\"", number - 1)
        };
        for (tree, assign, replies) in &self.rules {
            let replies: String = replies.iter().map(|what| reply(what)).collect();
            text += &format!("when {}:\n  assign {assign}{replies}\n", tree.text());
        }
        if let Some((tree, what)) = &self.also {
            text += &format!("also when {}:\n  priority low{}\n", tree.text(), reply(what));
        }
        if let Some(assign) = self.otherwise {
            text += &format!("otherwise:\n  assign {assign}\n");
        }
        text
    }

    /// Every case that it can tell apart; it, and whatever else there is in `text`, is read in so many `zones`.
    pub(crate) fn cases(&self, zones: usize, text: &str) -> Vec<Json> {
        let mut cases = vec![json!({})];
        // Whom a skill or a placeholder asks about.
        let mut dimensions: Vec<Vec<Json>> = self
            .themes
            .iter()
            .map(|theme| match *theme {
                TIME => moments(zones, text),
                theme => (THEMES[theme].cases)(),
            })
            .collect();
        if text.contains("customer.language") {
            dimensions.push(
                [None, Some("ar"), Some("de")]
                    .map(|language| json!({"customer": {"language": language}}))
                    .to_vec(),
            );
        }
        if text.contains("group") && !self.themes.contains(&0) {
            let everybody = json!({"users": {"alice": {"presence": "online"}, "bob": {"presence": "online"}, "carol": {"presence": "online"}}});
            let sales = json!({"users": {"alice": {"presence": "online", "chats": 5}, "bob": {"presence": "online", "chats": 3}}});
            let carol = json!({"users": {"carol": {"presence": "online"}}});
            let bob = json!({"users": {"bob": {"presence": "online"}}});
            let alice = json!({"users": {"alice": {"presence": "online"}}});
            dimensions.push(vec![json!({}), everybody, sales, carol, bob, alice]);
        }
        if text.contains("owner") && !self.themes.iter().any(|theme| *theme < 2) {
            dimensions.push(vec![
                json!({}),
                json!({"customer": {"returning": true}}),
                json!({"customer": {"returning": true, "owner": "bob"}}),
            ]);
        }
        if text.contains("{customer.plan}") && !self.themes.contains(&5) {
            dimensions.push(vec![json!({}), json!({"customer": {"attributes": {"plan": "gold"}}})]);
        }
        if text.contains("{customer.country}") && !self.themes.contains(&7) {
            dimensions.push(vec![json!({}), json!({"customer": {"country": "DE"}})]);
        }
        for dimension in dimensions {
            let merged = |case: &Json, more: &Json| {
                let mut case = case.clone();
                merge(&mut case, more);
                case
            };
            cases = cases
                .iter()
                .flat_map(|case| dimension.iter().map(|more| merged(case, more)).collect::<Vec<_>>())
                .collect();
        }
        cases
    }
}

/// What can be seen of a policy in all its situations.
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

/// The conditions of all parts, as rules of their own, so that the engine says of each whether it holds.
fn parts(term: &Term, text: &str, found: &mut Vec<String>) {
    found.push(text[term.span.range()].to_owned());
    term.parts.iter().for_each(|part| parts(part, text, found));
}

fn formulas(term: &Term, found: &mut Vec<super::space::Formula>) {
    found.push(term.formula);
    term.parts.iter().for_each(|part| formulas(part, found));
}

fn seen(
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
        let place = policy.rules.iter().position(|one| RuleRef::of(policy, one) == *rule).unwrap();
        let alternatives = &policy.rules[place].assign.as_ref().unwrap().alternatives;
        let tried = match decision.assign.as_ref().unwrap() {
            Assignment::User { alternative, user, group, .. } => {
                let members =
                    group.as_ref().map(|group| &inbox.group_at(inbox.group(group).unwrap()).members);
                let among_everyone = matches!(&alternatives[*alternative].target, Target::Group(target)
                    if target.among == Some(crate::language::vocabulary::Eligibility::Everyone));
                let somebody_off = members
                    .is_some_and(|members| members.iter().any(|user| !online(&inbox.user_at(*user).id)));
                if group.is_some() && somebody && (!online(user) || (among_everyone && somebody_off)) {
                    found.offline.insert((place, *alternative));
                }
                *alternative
            }
            Assignment::Queue { alternative, by, .. } => {
                if *by != Some(crate::language::vocabulary::Algorithm::Hand) {
                    let last = (place, *alternative);
                    match alternatives[*alternative].target {
                        Target::Owner => found.ownerless.insert(last),
                        _ => found.nobody.insert(last),
                    };
                }
                *alternative
            }
            Assignment::Nobody => alternatives.iter().position(|one| one.target == Target::Nobody).unwrap(),
            Assignment::Kept { .. } => panic!("no chat is open"),
        };
        decided.entry(place).or_default().extend(0..=tried);
    }
    for (place, rule) in policy.rules.iter().enumerate().filter(|(_, rule)| !rule.also) {
        match decided.get(&place) {
            None if rule.when.is_some() && holds.iter().any(|holds| holds.contains(&place)) => {
                found.unreachable.insert(place);
            }
            None => {}
            Some(tried) => {
                let alternatives = rule.assign.as_ref().unwrap().alternatives.len();
                let missed = (0..alternatives).find(|at| !tried.contains(at)).map(|at| (place, at));
                found.unreachable_alternatives.extend(missed);
            }
        }
    }
    found
}

fn proved(policy: &Policy, proofs: &Proofs, text: &str) -> Findings {
    let picks = |picks: &[super::Pick]| picks.iter().map(|pick| (pick.rule, pick.alternative)).collect();
    let number = |empty: &super::EmptyPlaceholder| {
        let before = &text[..empty.span.start as usize];
        before.rsplit_once('"').unwrap().1.trim_end_matches('<').to_owned()
    };
    let _ = policy;
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

fn agree(rules: &Sample) -> Result<(), proptest::test_runner::TestCaseError> {
    let inbox = inbox_of(INBOX);
    let text = rules.text();
    let policy = policy(&inbox, &text);
    let proofs = survey(&policy, &inbox, false);
    let space = Space::of(&inbox, &[&policy]);
    let charted = &space.policies[0];
    let (mut texts, mut terms) = (Vec::new(), Vec::new());
    let whole: Vec<&Term> = charted
        .definitions
        .iter()
        .chain(charted.rules.iter().filter_map(|rule| rule.when.as_ref()))
        .collect();
    for term in whole {
        parts(term, &text, &mut texts);
        formulas(term, &mut terms);
    }
    let mut asked = format!("{HEAD}let named = {}\n", rules.definition.text());
    for (place, part) in texts.iter().enumerate() {
        asked += &format!("also when {part}:\n  tag \"part{place}\"\n");
    }
    for (place, rule) in policy.rules.iter().enumerate() {
        if let Some(when) = &rule.when {
            asked += &format!("also when {}:\n  tag \"rule{place}\"\n", &text[when.span.range()]);
        }
    }
    let asked = super::sample::policy(&inbox, &asked);
    let (mut decisions, mut holds) = (Vec::new(), Vec::new());
    let mut seen_parts: Vec<[bool; 2]> = vec![[false; 2]; texts.len()];
    for case in rules.cases(1, &text) {
        let situation = situation(&case);
        let decided = |policy: &Policy| decide(policy, &inbox, &situation, &mut dice(0, None)).unwrap();
        let tags: BTreeSet<String> = decided(&asked).tags.iter().map(ToString::to_string).collect();
        for (place, seen) in seen_parts.iter_mut().enumerate() {
            seen[usize::from(tags.contains(&format!("part{place}")))] = true;
        }
        holds.push((0..policy.rules.len()).filter(|place| tags.contains(&format!("rule{place}"))).collect());
        let decision = decided(&policy);
        decisions.push((case, decision));
    }
    let mut constants = Constants::default();
    for ((part, formula), seen) in texts.iter().zip(&terms).zip(&seen_parts) {
        let constant = match seen {
            [true, true] => None,
            [_, always] => Some(*always),
        };
        prop_assert_eq!(constants.of(&space, *formula), constant, "{} in {}", part, text);
    }
    prop_assert_eq!(proofs.disagreements, 0, "{}", text);
    prop_assert_eq!(&proofs.unsettled, &[], "{}", text);
    prop_assert_eq!(proved(&policy, &proofs, &text), seen(&policy, &inbox, &decisions, &holds), "{}", text);
    // Those that are blamed take all that the rule could.
    for dead in &proofs.unreachable {
        let covered = holds
            .iter()
            .all(|holds| !holds.contains(&dead.rule) || dead.by.iter().any(|by| holds.contains(by)));
        proptest::prop_assert!(covered, "{:?} in {}", dead, text);
        for left_out in &dead.by {
            let covered = holds.iter().all(|holds| {
                !holds.contains(&dead.rule) || dead.by.iter().any(|by| by != left_out && holds.contains(by))
            });
            proptest::prop_assert!(!covered, "{:?} needs no {} in {}", dead, left_out, text);
        }
    }
    Ok(())
}

/// So many policies, unless `PROPTEST_CASES` says otherwise.
pub(crate) fn config() -> Config {
    let default = Config::default();
    // proptest reads the variable into its default of 256.
    if default.cases == 256 { Config { cases: 500, max_shrink_iters: 300, ..default } } else { default }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn every_situation_agrees(rules in rules()) {
        agree(&rules)?;
    }
}
