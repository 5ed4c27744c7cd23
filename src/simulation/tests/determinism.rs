//! The same seed gives the same figures, and two policies meet the same customers.

use super::{parsed, rules, run, traffic};
use crate::load::RuleSet;
use crate::simulation::{SimulationReport, default_traffic};

fn samples() -> (RuleSet, String) {
    let set = RuleSet::load("rules").unwrap();
    let text =
        default_traffic(&set).replace("days = 7", "days = 2").replace("follow_ups = 0", "follow_ups = 0.5");
    (set, text)
}

#[test]
fn the_same_seed_gives_the_same_figures() {
    let (set, text) = samples();
    let traffic = parsed(&set, &text);
    let json = |seed| serde_json::to_string(&run(&set, &traffic, seed)).unwrap();
    assert_eq!(json(3), json(3));
    assert_ne!(json(3), json(4));
}

#[test]
fn figures_are_the_same_on_every_machine() {
    let (set, text) = samples();
    let SimulationReport { messages, chats, overall, .. } = run(&set, &parsed(&set, &text), 0);
    let wait = overall.answer_wait;
    insta::assert_snapshot!(
        format!("{} {} {} {:?} {:?}", messages.arrived, messages.follow_ups, chats.opened, wait.mean_seconds, wait.p95_seconds),
        @"1651 496 1137 Some(5261.26) Some(52477.759)"
    );
}

#[test]
fn other_rules_meet_the_same_customers() {
    let one = rules(3, Some(1), "otherwise: assign group \"All\" by most_waiting among available");
    let other = rules(3, None, "otherwise: assign user \"u0\"");
    let [one, other] = [&one, &other].map(|set| run(set, &traffic(set, 60.0, 1, ""), 7));
    assert_eq!(one.messages, other.messages);
    assert_eq!(one.chats.opened, other.chats.opened);
    assert_eq!((other.users[0].assigned, other.users[1].assigned), (other.chats.opened, 0));
    assert!(other.overall.answer_wait.mean_seconds > one.overall.answer_wait.mean_seconds);
}

#[test]
fn the_default_traffic_needs_no_change() {
    let (set, _) = samples();
    let text = default_traffic(&set);
    let traffic = parsed(&set, &text);
    assert_eq!((traffic.arrivals.len(), traffic.days), (4, 7));
    // One number has its own time zone.
    assert_eq!(traffic.arrivals[2].timezone.iana_name(), Some("Europe/London"));
}
