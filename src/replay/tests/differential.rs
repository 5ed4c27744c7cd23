//! Random policies and situations: the lines that differ are those whose plain decisions differ.

use std::collections::BTreeSet;

use proptest::prelude::proptest;
use proptest::test_runner::Config;
use serde_json::{Value as Json, json};

use super::sample::{recorded, replayer};
use crate::engine::{Decision, decide};
use crate::load::RuleSet;
use crate::replay::Replayer;
use crate::roster::dice;
use crate::situation::Situation;
use crate::testing::{FILE, RandomPolicy, config, inbox, policies_with_moves, situation};

/// At most so many situations of each policy.
const CASES: usize = 10;
/// With so many dice, chance makes every choice of three users.
const DICE: u64 = 40;

/// What a decision says to people, as JSON.
fn noticed(decision: &Decision) -> Json {
    let mut json = serde_json::to_value(decision).unwrap();
    for field in ["policy", "also", "moved", "message", "number"] {
        json.as_object_mut().unwrap().remove(field);
    }
    if let Some(rule) = json["rule"].as_object_mut() {
        rule.retain(|field, _| field == "name");
    }
    if let Some(assign) = json["assign"].as_object_mut() {
        assign.retain(|field, _| !["alternative", "reason"].contains(&field.as_str()));
    }
    json["resume"] = json["resume"]["after_seconds"].take();
    without_keys(&mut json);
    json
}

/// Takes out the keys of replies, and puts tags in order.
fn without_keys(json: &mut Json) {
    match json {
        Json::Array(entries) => entries.iter_mut().for_each(without_keys),
        Json::Object(fields) => {
            fields.remove("once_key");
            if let Some(Json::Array(tags)) = fields.get_mut("tags") {
                let sorted: BTreeSet<String> =
                    tags.iter().map(|tag| tag.as_str().unwrap().to_lowercase()).collect();
                *tags = sorted.into_iter().map(Json::String).collect();
            }
            fields.values_mut().for_each(without_keys);
        }
        _ => {}
    }
}

fn cases(policy: &RandomPolicy) -> impl Iterator<Item = Situation> {
    let cases = policy.cases(1, &policy.text());
    let step = cases.len().div_ceil(CASES).max(1);
    cases.into_iter().step_by(step).map(|case| situation(&case))
}

fn check(before: &RandomPolicy, now: &RandomPolicy) {
    let sets = [before, now].map(|policy| RuleSet::parse(FILE, &policy.text(), &inbox()).unwrap());
    let [before_set, now_set] = &sets;
    let situations: Vec<Situation> = cases(before).chain(cases(now)).collect();
    let lines: Vec<String> = situations.iter().map(|one| recorded(before_set, one, 5)).collect();
    let log = lines.concat();

    let same = replayer(before_set).lines(log.as_bytes()).report();
    assert_eq!((same.decided, same.different, same.undecided), (lines.len() as u64, 0, 0));

    let mut different = 0;
    for (line, situation) in lines.iter().zip(&situations) {
        let recorded: Json = serde_json::from_str(line).unwrap();
        let recorded: Decision = serde_json::from_value(recorded["decision"].clone()).unwrap();
        let policy = now_set.policy("+15550100").unwrap();
        let plain = |seed| decide(policy, now_set.inbox(), situation, &mut dice(seed, None)).unwrap();
        let noticed_then = noticed(&recorded);
        let first = noticed(&plain(0));
        let by_chance = ["random", "weighted"].iter().any(|by| first["assign"]["by"] == *by);
        let is_same =
            first == noticed_then || by_chance && (1..DICE).any(|seed| noticed(&plain(seed)) == noticed_then);
        let report = replayer(now_set).lines(line.as_bytes()).report();
        assert_eq!(report.different, u64::from(!is_same), "{line}{}{}", before.text(), now.text());
        different += report.different;
    }
    let recorded = replayer(now_set).lines(log.as_bytes()).report();
    assert_eq!((recorded.decided, recorded.different), (lines.len() as u64, different));
    assert_eq!(recorded.changes.iter().map(|change| change.count).sum::<u64>(), different);

    // The rules before, asked again with the same dice, say what the log says.
    let plain: String = situations.iter().map(|one| json!(one).to_string() + "\n").collect();
    let against = Replayer { before: Some(before_set), seed: 5, ..replayer(now_set) };
    let [recorded, against] = [(replayer(now_set), &log), (against, &plain)].map(|(replayer, log)| {
        let replayer = Replayer { seed: 5, ..replayer };
        serde_json::to_value(replayer.lines(log.as_bytes()).report()).unwrap()
    });
    assert_eq!(recorded, against);
}

/// Fewer than usual: each pair of policies decides many situations many times.
fn few() -> Config {
    Config { cases: config().cases.div_ceil(12), ..config() }
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn lines_differ_if_their_plain_decisions_do(before in policies_with_moves(), now in policies_with_moves()) {
        check(&before, &now);
    }
}
