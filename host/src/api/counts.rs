//! `GET {i}/counts`: how many messages each rule has decided lately. They are counted once, as the log grows.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use inbox_rules::{Assignment, RuleRef, RuleSet};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::call::{Call, CallResult, ok};
use super::error::ApiError;
use super::unnamed_rules::{UnnamedRules, known_by};
use crate::store::{DecisionFilter, LogRow, Page, StoreError, StoreReader};

/// How long messages are counted, in seconds.
const WEEK: i64 = 7 * DAY;
const DAY: i64 = 24 * 60 * 60;
/// Messages are counted together that were decided within so many seconds: in each time zone, a day begins with one
/// of these.
const STEP: i64 = 15 * 60;
/// How many decisions are read at once.
const PIECE: usize = 1_000;
/// Of a log with more entries than this, only the last ones are counted.
const MAX_ENTRIES: u64 = 500_000;

/// How many messages each rule has decided.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Counts")]
pub(super) struct CountsAnswer {
    /// When the last 24 hours began.
    day_from: Timestamp,
    /// When the last 7 days began, or from when the messages were counted if there are very many.
    week_from: Timestamp,
    /// Each rule, or what came of one of its alternatives.
    rules: Vec<RuleCount>,
}

/// How many messages a rule has decided.
#[derive(Debug, Serialize, JsonSchema)]
struct RuleCount {
    /// The number.
    number: Arc<str>,
    /// The rule, where it is now; `null`: none answered. One without a name is known by its condition.
    rule: Option<RuleRef>,
    /// Whether the rules that decide now have it; otherwise `rule` says where it last was.
    current: bool,
    /// The alternative that somebody was found by, from 0; `null`: none, or the chat was kept.
    alternative: Option<usize>,
    /// In the last 24 hours.
    day: u64,
    /// In the last 7 days.
    week: u64,
}

/// What is counted separately.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct CountKey {
    number: Arc<str>,
    rule: Option<CountedRule>,
    alternative: Option<usize>,
    user: Option<Arc<str>>,
}

/// A rule, whatever line it is on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum CountedRule {
    Named(Arc<str>),
    /// By what it is known by.
    Unnamed(Arc<str>),
    /// It has no name, and its text is no longer kept.
    Forgotten(RuleRef),
}

/// The counts of all inboxes.
#[derive(Debug, Default)]
pub(super) struct InboxCounts(Mutex<HashMap<Arc<str>, SharedCounts>>);

/// Locked by one call at a time. The others wait without a reader of the store.
type SharedCounts = Arc<tokio::sync::Mutex<DecisionCounts>>;

/// The counts of an inbox.
#[derive(Debug, Default)]
pub(super) struct DecisionCounts {
    /// The `seq` up to which they are counted.
    seq: u64,
    /// From when.
    from: Option<Timestamp>,
    /// By the number of the step.
    steps: BTreeMap<i64, HashMap<CountKey, u64>>,
    /// Where each rule of a number was last.
    places: HashMap<(Arc<str>, CountedRule), RuleRef>,
    unnamed: UnnamedRules,
}

/// How many messages to a number were decided.
#[derive(Debug)]
pub(super) struct NumberCount {
    pub(super) all: u64,
    /// How many each user was given, most first.
    pub(super) users: Vec<(Arc<str>, u64)>,
}

/// What of a decision is counted.
#[derive(Deserialize)]
struct CountedDecision {
    decision: DecisionParts,
}

#[derive(Deserialize)]
struct DecisionParts {
    number: Option<Arc<str>>,
    rule: Option<RuleRef>,
    assign: Option<Assignment>,
    policy: Arc<str>,
}

/// `GET {i}/counts`
pub(super) async fn counts(call: Call) -> CallResult {
    let release = call.inbox()?.release();
    let answer = with_counts(&call, move |counts, now| CountsAnswer {
        day_from: before(now, DAY),
        week_from: before(now, WEEK).max(counts.from.unwrap_or(Timestamp::MIN)),
        rules: counts.rules(&release.set, now),
    });
    ok(answer.await?)
}

/// Does something with the counts of the inbox, up to now.
pub(super) async fn with_counts<T: Send + 'static>(
    call: &Call,
    work: impl FnOnce(&DecisionCounts, Timestamp) -> T + Send + 'static,
) -> Result<T, ApiError> {
    let id = Arc::clone(call.inbox()?.id());
    let mut counts = call.state.counts.of(id).lock_owned().await;
    #[expect(clippy::disallowed_methods, reason = "what is counted ends now")]
    let now = Timestamp::now();
    call.read(move |reader, inbox| {
        counts.read(reader, inbox, now)?;
        Ok(work(&counts, now))
    })
    .await
}

impl InboxCounts {
    fn of(&self, inbox: Arc<str>) -> SharedCounts {
        Arc::clone(self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(inbox).or_default())
    }
}

impl DecisionCounts {
    /// Reads what has been decided since, and drops what is too old.
    fn read(&mut self, reader: &mut dyn StoreReader, inbox: &str, now: Timestamp) -> Result<(), StoreError> {
        let last = reader.inbox(inbox)?.seq;
        if self.from.is_none() || last < self.seq {
            let first = first_since(reader, inbox, last, before(now, WEEK))?;
            let first = first.max(last.saturating_sub(MAX_ENTRIES));
            let oldest = reader.log(inbox, Page { after: first, limit: 1 })?;
            let from = oldest.first().map_or(now, |row| row.record.at);
            *self = Self { seq: first, from: Some(from), ..Self::default() };
        }
        loop {
            let page = Page { after: self.seq, limit: PIECE };
            let rows = reader.decisions(inbox, &DecisionFilter::default(), page)?;
            for row in &rows {
                self.count(reader, inbox, row)?;
            }
            match rows.last() {
                Some(row) if rows.len() == PIECE => self.seq = row.record.seq,
                last_row => {
                    self.seq = last_row.map_or(last, |row| row.record.seq).max(last);
                    break;
                }
            }
        }
        let oldest = step_of(before(now, WEEK));
        self.steps = self.steps.split_off(&oldest);
        Ok(())
    }

    fn count(&mut self, reader: &mut dyn StoreReader, inbox: &str, row: &LogRow) -> Result<(), StoreError> {
        let Some(routed) = &row.routed else { return Ok(()) };
        let Ok(CountedDecision { decision }) = serde_json::from_str(routed.get()) else { return Ok(()) };
        let (alternative, user) = match decision.assign {
            Some(Assignment::User { user, alternative, .. }) => (Some(alternative), Some(user)),
            _ => (None, None),
        };
        let number = decision.number.unwrap_or_default();
        let mut rule = None;
        if let Some(place) = decision.rule {
            let counted = match &place.name {
                Some(name) => CountedRule::Named(Arc::clone(name)),
                None => match self.unnamed.known_by(reader, inbox, &decision.policy, place.line)? {
                    Some(text) => CountedRule::Unnamed(text),
                    None => CountedRule::Forgotten(place.clone()),
                },
            };
            self.places.insert((Arc::clone(&number), counted.clone()), place);
            rule = Some(counted);
        }
        let key = CountKey { number, rule, alternative, user };
        *self.steps.entry(step_of(row.record.at)).or_default().entry(key).or_default() += 1;
        Ok(())
    }

    fn rules(&self, set: &RuleSet, now: Timestamp) -> Vec<RuleCount> {
        let day = step_of(before(now, DAY));
        let mut found: Vec<RuleCount> = Vec::new();
        let mut places: HashMap<CountKey, usize> = HashMap::new();
        for (step, counts) in &self.steps {
            for (key, count) in counts {
                let key = CountKey { user: None, ..key.clone() };
                let place = *places.entry(key.clone()).or_insert_with(|| {
                    let CountKey { number, rule, alternative, .. } = key;
                    let now = rule.as_ref().and_then(|rule| rule_now(set, &number, rule));
                    let current = rule.is_none() || now.is_some();
                    let last = || self.places.get(&(Arc::clone(&number), rule?)).cloned();
                    let rule = now.or_else(last);
                    found.push(RuleCount { number, rule, current, alternative, day: 0, week: 0 });
                    found.len() - 1
                });
                if let Some(of_rule) = found.get_mut(place) {
                    of_rule.week += count;
                    of_rule.day += if *step >= day { *count } else { 0 };
                }
            }
        }
        let order = |count: &RuleCount| {
            let rule = count.rule.as_ref().map(|rule| (rule.file.clone(), rule.line));
            (Arc::clone(&count.number), rule, count.alternative)
        };
        found.sort_by_key(order);
        found
    }

    /// How many messages to the number were decided since then.
    pub(super) fn since(&self, number: &str, from: Timestamp) -> NumberCount {
        let (mut all, mut users) = (0, BTreeMap::new());
        for (key, count) in self.steps.range(step_of(from)..).flat_map(|(_, counts)| counts) {
            if *key.number == *number {
                all += count;
                if let Some(user) = &key.user {
                    *users.entry(Arc::clone(user)).or_default() += count;
                }
            }
        }
        let mut users: Vec<(Arc<str>, u64)> = users.into_iter().collect();
        users.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        NumberCount { all, users }
    }
}

/// Where a rule of a number is now.
fn rule_now(set: &RuleSet, number: &str, counted: &CountedRule) -> Option<RuleRef> {
    let policy = set.policy(number)?;
    let rule = policy.rules.iter().find(|rule| match counted {
        CountedRule::Named(name) => rule.name.as_ref() == Some(name),
        CountedRule::Unnamed(text) => rule.name.is_none() && known_by(policy, rule) == *text,
        CountedRule::Forgotten(_) => false,
    });
    Some(RuleRef::of(policy, rule?))
}

/// The position before the first entry of the log that was written since then.
fn first_since(
    reader: &mut dyn StoreReader,
    inbox: &str,
    last: u64,
    since: Timestamp,
) -> Result<u64, StoreError> {
    let (mut low, mut high) = (0, last);
    while low < high {
        let middle = low.midpoint(high);
        let rows = reader.log(inbox, Page { after: middle, limit: 1 })?;
        match rows.first() {
            Some(row) if row.record.at < since => low = row.record.seq,
            _ => high = middle,
        }
    }
    Ok(low)
}

fn before(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_sub(jiff::SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MIN)
}

fn step_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(STEP)
}
