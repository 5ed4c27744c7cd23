//! When each rule of a policy can decide.

use std::sync::Arc;

use inbox_rules::prove::{self, RuleWeek, WeeklyInterval};
use inbox_rules::{Folder, RuleSet};
use schemars::JsonSchema;
use serde::Serialize;

use super::policy_file::NumberPolicy;

/// The minutes of a day.
const DAY: usize = 24 * 60;

/// When each rule of a policy can decide.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Week")]
pub struct PolicyWeek {
    /// The digest of the active rules, which are the base of edited ones.
    pub digest: String,
    /// The time zone of the policy; `null`: no rules are for the number.
    pub timezone: Option<String>,
    /// The rules of every kind, in the order of the file.
    pub rules: Vec<WeekRow>,
}

/// When a rule can decide.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WeekRow {
    /// Its name.
    pub name: Option<Arc<str>>,
    /// Its file.
    pub file: Arc<str>,
    /// Its line.
    pub line: u32,
    /// From and to which minute of an ordinary week, which begins on Monday at 00:00; `null`: not known.
    pub intervals: Option<Vec<(usize, usize)>>,
    /// Whether it may be otherwise on some dates.
    pub exceptions: bool,
}

/// When each rule of a number can decide.
pub(super) fn week(folder: &Folder, set: &RuleSet, number: &str, digest: String) -> PolicyWeek {
    let file = NumberPolicy::of(folder, number).file;
    let (Some(file), Some(policy)) = (file, set.policy(number)) else {
        return PolicyWeek { digest, timezone: None, rules: Vec::new() };
    };
    let row =
        |(rule, RuleWeek { intervals, depends_on_dates, .. }): (&inbox_rules::policy::Rule, RuleWeek)| {
            WeekRow {
                name: rule.name.clone(),
                file: Arc::clone(&file),
                line: rule.line,
                intervals: intervals.map(|intervals| joined(&intervals)),
                exceptions: depends_on_dates,
            }
        };
    let weeks = prove::week(policy, set.inbox());
    let rules = policy.rules.iter().zip(weeks).map(row).collect();
    PolicyWeek { digest, timezone: Some(policy.timezone_name(set.inbox()).to_owned()), rules }
}

/// Intervals that follow each other are one.
fn joined(intervals: &[WeeklyInterval]) -> Vec<(usize, usize)> {
    let mut joined: Vec<(usize, usize)> = Vec::new();
    for WeeklyInterval { day, start, end } in intervals {
        let (from, to) = (day * DAY + usize::from(*start), day * DAY + usize::from(*end));
        match joined.last_mut() {
            Some((_, last)) if *last == from => *last = to,
            _ => joined.push((from, to)),
        }
    }
    joined
}
