//! `GET {i}/numbers`: each WhatsApp number, with its rules and what it has done today.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::diagnostic::json::JsonReport;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;

use super::call::{Call, CallResult};
use super::counts::{NumberCount, with_counts};
use super::listed::list_all;
use super::rules::on_rules;
use crate::rules::{NumberPolicy, RulesEdit, numbers};

/// A WhatsApp number.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Number")]
pub(super) struct NumberAnswer {
    /// The number in E.164.
    number: String,
    /// A name for people.
    name: Option<String>,
    /// The id that WhatsApp gives it.
    phone_number_id: Option<String>,
    /// The file with its rules; `null`: it has none.
    file: Option<Arc<str>>,
    /// Whether it works.
    state: NumberState,
    /// How much was found in its file.
    findings: usize,
    /// The code of WhatsApp's error for which nothing can be sent from it now.
    paused: Option<i64>,
    /// How many messages were decided since midnight, in the time zone of its rules.
    today: u64,
    /// Who was given how many chats by them, most first.
    users: Vec<UserCount>,
}

/// Whether a number works.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum NumberState {
    /// It does.
    Live,
    /// Nothing can be sent from it.
    Paused,
    /// Something was found in its rules.
    Findings,
    /// It has no rules.
    NoRules,
}

/// How many chats a user was given.
#[derive(Debug, Serialize, JsonSchema)]
struct UserCount {
    user: Arc<str>,
    chats: u64,
}

/// `GET {i}/numbers`
pub(super) async fn list_numbers(call: Call) -> CallResult {
    let release = call.inbox()?.release();
    let found = findings(&call, &release.digest).await?;
    let zones = |number: &str| match release.set.policy(number) {
        Some(policy) => policy.timezone.clone(),
        None => release.set.inbox().timezone.clone(),
    };
    let all: Vec<(String, jiff::tz::TimeZone)> =
        numbers(&release.folder).into_iter().map(|number| (number.clone(), zones(&number))).collect();
    let counted = with_counts(&call, move |counts, now| -> Vec<_> {
        let since = |(number, zone): (String, _)| {
            let of = counts.since(&number, midnight(now, zone));
            (number, of)
        };
        all.into_iter().map(since).collect()
    });
    let answer = |(number, NumberCount { all: today, users }): (String, NumberCount)| {
        let entry = release.set.inbox().numbers.get(&number);
        let file = NumberPolicy::of(&release.folder, &number).file;
        let findings = file.as_ref().and_then(|file| found.get(&**file)).copied().unwrap_or_default();
        let paused = call.state.metrics.paused(&number);
        let state = match (&file, paused) {
            (None, _) => NumberState::NoRules,
            (_, Some(_)) => NumberState::Paused,
            _ if findings > 0 => NumberState::Findings,
            _ => NumberState::Live,
        };
        let users = users.into_iter().map(|(user, chats)| UserCount { user, chats }).collect();
        NumberAnswer {
            name: entry.and_then(|entry| entry.name.clone()),
            phone_number_id: entry.and_then(|entry| entry.phone_number_id.clone()),
            number,
            file,
            state,
            findings,
            paused,
            today,
            users,
        }
    };
    list_all(&call, counted.await?, |number| Ok(answer(number))).await
}

/// How much was found in each file of the rules with that digest.
async fn findings(call: &Call, digest: &str) -> Result<Arc<BTreeMap<String, usize>>, super::error::ApiError> {
    let inbox = Arc::clone(call.inbox()?.id());
    if let Some(known) = call.state.findings.get(&inbox, digest) {
        return Ok(known);
    }
    let JsonReport { findings, .. } = on_rules(call, |rules| rules.check(&RulesEdit::default())).await?;
    let mut counts = BTreeMap::new();
    for finding in findings {
        *counts.entry(finding.file).or_default() += 1;
    }
    let counts = Arc::new(counts);
    call.state.findings.put(inbox, digest, Arc::clone(&counts));
    Ok(counts)
}

/// When the day began.
fn midnight(now: Timestamp, zone: jiff::tz::TimeZone) -> Timestamp {
    now.to_zoned(zone).start_of_day().map_or(now, |day| day.timestamp())
}
