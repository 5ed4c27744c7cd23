//! Simulations held to known results, and to what always holds.

mod algorithms;
mod determinism;
mod erlang;
mod totals;
mod traffic_files;

use crate::load::RuleSet;
use crate::simulation::{SimulationReport, Traffic, simulate};
use crate::testing::folder;
use crate::text::Source;

/// The rules of one number for users who are each in the group `All`.
pub(super) fn rules(users: u32, capacity: Option<u32>, rules: &str) -> RuleSet {
    let capacity = capacity.map(|capacity| format!("capacity = {capacity}\n")).unwrap_or_default();
    let sections: Vec<String> = (0..users).map(|user| format!("[users.u{user}]\n{capacity}")).collect();
    let sections = sections.concat();
    let members: Vec<String> = (0..users).map(|user| format!("\"u{user}\"")).collect();
    let inbox = format!("{sections}[groups]\nAll = [{}]\n", members.join(", "));
    RuleSet::from_folder(&folder(&[("inbox.toml", &inbox), ("+15550100.rules", rules)])).unwrap()
}

/// Traffic to that number: everybody is always online, every customer is new, and the mean service time is a minute.
pub(super) fn traffic(set: &RuleSet, per_hour: f64, days: u32, more: &str) -> Traffic {
    let text = format!(
        "days = {days}\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = {per_hour:?}\n[[shifts]]\ngroup = \"All\"\n\
         [customers]\nnew_share = 1\nreturning = 0\n[service]\nmean = \"1m\"\n{more}"
    );
    parsed(set, &text)
}

/// # Panics
///
/// Panics if there is a finding.
pub(super) fn parsed(set: &RuleSet, text: &str) -> Traffic {
    let (traffic, findings) = Traffic::parse(&Source::new("traffic.toml", text), &[set]);
    assert_eq!(findings, [], "{text}");
    traffic
}

pub(super) fn run(set: &RuleSet, traffic: &Traffic, seed: u64) -> SimulationReport {
    simulate(set, traffic, seed, &|_| ())
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
pub(super) fn real(count: u64) -> f64 {
    count as f64
}
