//! One moment of each kind that the facts about time can tell apart, from every hour of 28 years.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::tz::TimeZoneDatabase;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use super::inbox::{inbox, policy};
use super::situations::{HEAD, THEMES, TIME};
use crate::policy::calendar::wall_clock;
use crate::policy::{ConditionKind, Fact};

/// The zone of the inbox, and another whose clocks change on other days.
pub(crate) const ZONES: [&str; 2] = ["Africa/Cairo", "America/New_York"];

/// One moment for each combination of open and closed hours, of the hours that `text` names, in each of the first
/// `zones`.
pub(super) fn moments(zones: usize, text: &str) -> Vec<Json> {
    let facts = THEMES[TIME].facts;
    let is_named = |index: usize| index < zones * facts.len() && text.contains(facts[index % facts.len()]);
    let mut found: BTreeMap<Vec<bool>, Timestamp> = BTreeMap::new();
    for (open, at) in COMBINATIONS.iter() {
        let named = open.iter().enumerate().filter(|(index, _)| is_named(*index));
        found.entry(named.map(|(_, open)| *open).collect()).or_insert(*at);
    }
    found.values().map(|at| json!({"at": at})).collect()
}

/// The combinations of facts that hold together, in the first zone and then in the second, each with its first moment.
static COMBINATIONS: LazyLock<BTreeMap<Vec<bool>, Timestamp>> = LazyLock::new(|| {
    let inbox = inbox();
    let rules: Vec<String> =
        THEMES[TIME].facts.iter().map(|fact| format!("also when {fact}: priority low\n")).collect();
    let policy = policy(&inbox, &format!("{HEAD}{}", rules.concat()));
    let calendars = policy.rules.iter().filter_map(|rule| match &rule.when.as_ref()?.kind {
        ConditionKind::Fact(Fact::During { calendar, .. }) => Some(calendar),
        _ => None,
    });
    let calendars: Vec<_> = calendars.collect();
    assert_eq!(calendars.len(), rules.len());
    let zones = ZONES.map(|zone| TimeZoneDatabase::bundled().get(zone).unwrap());
    let mut found = BTreeMap::new();
    let end: Timestamp = "2052-01-01T00:00:00Z".parse().unwrap();
    let mut at: Timestamp = "2024-01-01T00:00:00Z".parse().unwrap();
    while at < end {
        let clocks = zones.iter().map(|zone| wall_clock(at, zone));
        let open = clocks.flat_map(|clock| calendars.iter().map(move |calendar| calendar.is_open(clock)));
        found.entry(open.collect()).or_insert(at);
        at += SignedDuration::from_hours(1);
    }
    found
});
