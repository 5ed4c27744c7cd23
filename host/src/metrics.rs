//! What is counted, for `/metrics`.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

use crate::store::OutboxState;

/// How many rules are counted separately; the others are counted together.
const MAX_RULES: usize = 499;

/// An inbox, and one of its rules.
type RuleKey = (Arc<str>, Option<Arc<str>>);
type Labels = Vec<(&'static str, String)>;

/// What is counted.
pub struct Metrics {
    registry: Registry,
    decisions: Family<Labels, Counter>,
    /// The rules that are counted separately.
    rules: Mutex<HashSet<RuleKey>>,
    /// How long webhooks took until they were answered.
    pub webhook_seconds: Histogram,
    /// How long commits took.
    pub commit_seconds: Histogram,
    waiting: Family<Labels, Gauge>,
    outbox: Family<Labels, Gauge>,
    paused: Family<Labels, Gauge>,
    paused_numbers: RwLock<BTreeMap<Arc<str>, i64>>,
    reloads: Family<Labels, Counter>,
    ignored: Family<Labels, Counter<u64, AtomicU64>>,
}

impl Default for Metrics {
    fn default() -> Self {
        // From half a millisecond to 16 seconds.
        let seconds = || Histogram::new(exponential_buckets(0.000_5, 2.0, 16));
        let mut registry = Registry::default();
        let metrics = Self {
            registry: Registry::default(),
            decisions: Family::default(),
            rules: Mutex::default(),
            webhook_seconds: seconds(),
            commit_seconds: seconds(),
            waiting: Family::default(),
            outbox: Family::default(),
            paused: Family::default(),
            paused_numbers: RwLock::default(),
            reloads: Family::default(),
            ignored: Family::default(),
        };
        registry.register("rules_decisions", "Messages decided, by the rule", metrics.decisions.clone());
        registry.register_with_unit(
            "rules_webhook",
            "The time until a webhook was answered",
            Unit::Seconds,
            metrics.webhook_seconds.clone(),
        );
        registry.register_with_unit(
            "rules_commit",
            "The time of a commit of the store",
            Unit::Seconds,
            metrics.commit_seconds.clone(),
        );
        registry.register("rules_waiting", "Chats that wait", metrics.waiting.clone());
        registry.register("rules_outbox", "Replies, by how far they are", metrics.outbox.clone());
        registry.register(
            "rules_number_paused",
            "Numbers from which nothing can be sent now",
            metrics.paused.clone(),
        );
        registry.register("rules_reload", "Changes of the rules, by the outcome", metrics.reloads.clone());
        registry.register("rules_ignored", "What came in and was only counted", metrics.ignored.clone());
        Self { registry, ..metrics }
    }
}

impl Metrics {
    /// Messages that a rule has decided; `None`: no rule did.
    pub fn count_decisions(&self, inbox: &Arc<str>, rule: Option<&Arc<str>>, count: u64) {
        let key = (Arc::clone(inbox), rule.cloned());
        let mut rules = self.rules.lock().unwrap_or_else(PoisonError::into_inner);
        let is_apart = rules.contains(&key) || rules.len() < MAX_RULES && rules.insert(key);
        let labels = if is_apart {
            vec![("inbox", inbox.to_string()), ("rule", rule.map_or("", |rule| rule).to_owned())]
        } else {
            vec![("inbox", "other".to_owned()), ("rule", "other".to_owned())]
        };
        self.decisions.get_or_create(&labels).inc_by(count);
    }

    /// A change of the rules: `accepted`, `rejected`, `waiting`.
    pub fn count_reload(&self, verdict: &'static str) {
        self.reloads.get_or_create(&vec![("verdict", verdict.to_owned())]).inc();
    }

    /// What came in and was only counted.
    pub fn count_ignored(&self, why: &'static str, count: u64) {
        self.ignored.get_or_create(&vec![("why", why.to_owned())]).inc_by(count);
    }

    /// How many chats of an inbox wait.
    pub fn set_waiting(&self, inbox: &str, count: u64) {
        self.waiting.get_or_create(&vec![("inbox", inbox.to_owned())]).set(gauge(count));
    }

    /// How many replies of all inboxes are in a state.
    pub fn set_outbox(&self, state: OutboxState, count: u64) {
        self.outbox.get_or_create(&vec![("state", state.word().to_owned())]).set(gauge(count));
    }

    /// The numbers from which nothing can be sent now, with the code of WhatsApp's error.
    pub fn set_paused<'n>(&self, numbers: impl Iterator<Item = (&'n Arc<str>, i64)>) {
        let mut paused = self.paused_numbers.write().unwrap_or_else(PoisonError::into_inner);
        let numbers = numbers.map(|(number, code)| (Arc::clone(number), code)).collect();
        if *paused == numbers {
            return;
        }
        *paused = numbers;
        self.paused.clear();
        for (number, code) in &*paused {
            let labels = vec![("number", number.to_string()), ("code", code.to_string())];
            self.paused.get_or_create(&labels).set(1);
        }
    }

    /// The code of WhatsApp's error, if nothing can be sent from the number now.
    pub fn paused(&self, number: &str) -> Option<i64> {
        self.paused_numbers.read().unwrap_or_else(PoisonError::into_inner).get(number).copied()
    }

    /// All of it, in the text form that Prometheus reads.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

fn gauge(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names() {
        let metrics = Metrics::default();
        metrics.count_decisions(&"main".into(), Some(&"welcome".into()), 2);
        metrics.count_decisions(&"main".into(), None, 1);
        metrics.webhook_seconds.observe(0.002);
        metrics.commit_seconds.observe(0.002);
        metrics.count_reload("accepted");
        metrics.count_ignored("history", 3);
        metrics.set_waiting("main", 4);
        metrics.set_outbox(OutboxState::TooLate, 5);
        metrics.set_paused([(&"+15550101".into(), 1)].into_iter());
        metrics.set_paused([(&"+15550100".into(), 190)].into_iter());
        let text = metrics.text();
        for line in [
            r#"rules_decisions_total{inbox="main",rule="welcome"} 2"#,
            r#"rules_decisions_total{inbox="main",rule=""} 1"#,
            "rules_webhook_seconds_count 1",
            "rules_commit_seconds_count 1",
            r#"rules_waiting{inbox="main"} 4"#,
            r#"rules_outbox{state="too_late"} 5"#,
            r#"rules_reload_total{verdict="accepted"} 1"#,
            r#"rules_ignored_total{why="history"} 3"#,
            r#"rules_number_paused{number="+15550100",code="190"} 1"#,
        ] {
            assert!(text.lines().any(|one| one == line), "{line} is missing in\n{text}");
        }
        assert!(!text.contains("+15550101"), "{text}");
        let pages = [include_str!("../../docs/host.md"), include_str!("../../docs/operate.md")];
        let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
        let names: Vec<String> = types.map(|line| line.replace(" counter", "_total")).collect();
        assert_eq!(names.len(), 8);
        for name in names.iter().filter_map(|line| line.split(' ').next()) {
            let is_in =
                |page: &str| page.contains(&format!("`{name}{{")) || page.contains(&format!("`{name}`"));
            assert!(pages.into_iter().all(is_in), "{name} is not in both pages");
        }
    }

    #[test]
    fn many_rules_are_counted_together() {
        let metrics = Metrics::default();
        for rule in 0..10_000 {
            metrics.count_decisions(&"main".into(), Some(&format!("rule {rule}").into()), 1);
        }
        let text = metrics.text();
        let series: Vec<&str> =
            text.lines().filter(|line| line.starts_with("rules_decisions_total{")).collect();
        assert_eq!(series.len(), MAX_RULES + 1);
        assert!(series.contains(&r#"rules_decisions_total{inbox="other",rule="other"} 9501"#));
    }
}
