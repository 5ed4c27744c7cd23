//! How the algorithms share chats, as `docs/language.md` says.

use super::{real, rules, run, traffic};
use crate::simulation::SimulationReport;

/// How many chats each of four users was given, of those that one day brings.
fn shared(by: &str, more: &str) -> SimulationReport {
    let set = rules(4, None, &format!("otherwise: assign group \"All\" by {by}"));
    run(&set, &traffic(&set, 100.0, 1, more), 4)
}

fn counts(report: &SimulationReport) -> Vec<u64> {
    report.users.iter().map(|user| user.assigned).collect()
}

fn spread(counts: &[u64]) -> u64 {
    counts.iter().max().unwrap() - counts.iter().min().unwrap()
}

/// Users answer at once, and each chat takes a minute.
const AT_ONCE: &str = "distribution = \"fixed\"\nconcurrency = 1000";
/// No chat is ever closed.
const FOREVER: &str = "distribution = \"fixed\"\nconcurrency = 1000\n[service.groups.All]\nmean = \"20d\"";

#[test]
fn random_spreads_as_the_multinomial_distribution() {
    let report = shared("random", AT_ONCE);
    let counts = counts(&report);
    let expected = real(report.overall.assigned) / 4.0;
    let chi_square: f64 = counts.iter().map(|count| (real(*count) - expected).powi(2) / expected).sum();
    // The 0.1 % and 99.9 % points of χ² with three degrees of freedom.
    assert!((0.024..16.27).contains(&chi_square), "{counts:?}: {chi_square}");
}

#[test]
fn in_order_differs_by_one_at_most() {
    assert!(spread(&counts(&shared("in_order", AT_ONCE))) <= 1);
    assert!(spread(&counts(&shared("in_order", ""))) <= 1);
}

#[test]
fn least_chats_keeps_the_open_chats_even() {
    // Nothing is closed, so the open chats are those that were given.
    assert!(spread(&counts(&shared("least_chats", FOREVER))) <= 1);
    // A user with less to do is given more, so all are as busy as each other, which random users are not.
    let busy =
        |by| shared(by, "distribution = \"lognormal\"\nstandard_deviation = \"5m\"").fairness.busy.unwrap();
    assert!(busy("least_chats") > 0.985, "{}", busy("least_chats"));
}

#[test]
fn most_waiting_gives_to_whoever_had_no_message_for_longest() {
    // Where everybody answers at once, the last message is the last chat: the users take turns.
    let counts_of_turns = counts(&shared("most_waiting", AT_ONCE));
    assert!(spread(&counts_of_turns) <= 1);
    assert_eq!(counts_of_turns, counts(&shared("in_order", AT_ONCE)));
}

#[test]
fn weighted_shares_by_weight() {
    let inbox = "[users.a]\nweight = 3\n[users.b]\n[groups]\nAll = [\"a\", \"b\"]\n";
    let text = "otherwise: assign group \"All\" by weighted";
    let set = crate::load::RuleSet::from_folder(&crate::testing::folder(&[
        ("inbox.toml", inbox),
        ("+15550100.rules", text),
    ]))
    .unwrap();
    let report = run(&set, &traffic(&set, 100.0, 1, AT_ONCE), 0);
    let n = real(report.overall.assigned);
    // Three standard deviations of the binomial distribution.
    let bound = 3.0 * (0.75 * 0.25 / n).sqrt();
    assert!((report.users[0].share - 0.75).abs() < bound, "{}", report.users[0].share);
}
