//! Where chance decides, only a decision that no dice make is another one.

use serde_json::json;

use super::sample::{recorded, replay, replayer, rules, situation};
use crate::replay::DecisionPart;

const RANDOM: &str = "otherwise: assign group \"Sales\" by random, reply \"{user.name} will help\"";
const WEIGHTED: &str = "otherwise: assign group \"Sales\" by weighted, reply \"{user.name} will help\"";

/// The users online, as fields of a situation.
fn online(users: &[&str]) -> serde_json::Value {
    let users = users.iter().map(|user| ((*user).to_owned(), json!({ "presence": "online" })));
    json!({ "users": users.collect::<serde_json::Map<_, _>>() })
}

#[test]
fn another_draw_of_the_same_pool_is_no_difference() {
    for text in [RANDOM, WEIGHTED] {
        let set = rules(text);
        let situation = situation(&online(&["alice", "bob"]));
        let log: String = (0..20).map(|seed| recorded(&set, &situation, seed)).collect();
        let users = ["alice", "bob"].map(|user| log.contains(&format!("\"user\":\"{user}\"")));
        assert_eq!(users, [true, true], "chance chose both");
        let report = replay(&replayer(&set), &log);
        assert_eq!((report.decided, report.different), (20, 0));
    }
}

#[test]
fn a_draw_that_the_rules_cannot_make_is_a_difference() {
    let before = rules(RANDOM);
    let log: String =
        (0..20).map(|seed| recorded(&before, &situation(&online(&["alice", "bob"])), seed)).collect();
    let to_alice = log.matches("\"user\":\"alice\"").count() as u64;
    let now = rules(
        "otherwise: assign group \"Sales\" except user \"alice\" by random, reply \"{user.name} will help\"",
    );
    let report = replay(&replayer(&now), &log);
    assert_eq!((report.decided, report.different), (20, to_alice));
    let example = &report.changes[0].examples[0];
    assert_eq!(
        example.words,
        "was `alice` of Sales, now `bob` of Sales; the reply was “Alice will help”, now “Bob will help”"
    );
}

#[test]
fn another_algorithm_is_a_difference_even_if_it_chose_the_same_user() {
    let log = recorded(&rules(RANDOM), &situation(&online(&["bob"])), 0);
    let report = replay(&replayer(&rules(WEIGHTED)), &log);
    assert_eq!(report.different, 1);
    assert_eq!(report.changes[0].parts.keys().collect::<Vec<_>>(), [&DecisionPart::Assign]);
    assert_eq!(report.changes[0].examples[0].words, "was Sales by random, now Sales by weighted");
}

#[test]
fn the_seed_is_for_choices_that_were_not_made_before() {
    let before = rules("otherwise: assign nobody");
    let now = rules(RANDOM);
    let situation = situation(&online(&["alice", "bob"]));
    let log = recorded(&before, &situation, 0);
    let user = |seed| {
        let report = super::sample::replay(&crate::replay::Replayer { seed, ..replayer(&now) }, &log);
        report.changes[0].examples[0].words.clone()
    };
    assert_eq!(user(3), user(3));
    assert!((0..20).any(|seed| user(seed) != user(0)));
}
