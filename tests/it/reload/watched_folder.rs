//! A folder of rules on disk with a reloader that watches it.

use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::reload::{Outcome, Reader, Refusal, Reloader, Settings};
use inbox_rules::{RuleSet, Situation, dice};
use tempfile::TempDir;

pub(super) const INBOX: &str = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n";

/// How long a test waits before it fails. No test takes that long, even on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A policy that is identified by its `mark`.
pub(super) fn policy(mark: &str) -> String {
    format!("rule \"all\"\notherwise:\n    assign nobody,\n    tag \"{mark}\"\n")
}

/// A policy with a mark and a fault.
pub(super) fn broken(mark: &str) -> String {
    format!("{}also rule \"more\"\nwhen any_onlin: tag \"t\"\n", policy(mark))
}

/// The mark of a number's policy; `-` if there is none.
pub(super) fn mark(set: &RuleSet, number: &str) -> String {
    let situation =
        format!(r#"{{"number": "{number}", "at": "2026-11-24T12:00:00Z", "message": {{"id": "A"}}}}"#);
    let situation = Situation::from_json(&situation).unwrap();
    let decision = set.decide(&situation, &mut dice(0, Some("A")));
    decision.map_or_else(|_| "-".to_owned(), |decision| decision.tags.join(" "))
}

/// A folder `rules/` with an inbox. It is watched after [`start`](Self::start).
pub(super) struct WatchedFolder {
    folder: TempDir,
    reloader: Option<Reloader>,
    outcomes: Arc<Mutex<Vec<Outcome>>>,
    pub(super) settings: Settings,
}

impl WatchedFolder {
    /// A folder that is not watched yet.
    pub(super) fn new() -> Self {
        let live = Self {
            folder: tempfile::tempdir().unwrap(),
            reloader: None,
            outcomes: Arc::default(),
            settings: Settings::default(),
        };
        fs::create_dir(live.root()).unwrap();
        live.write("inbox.toml", INBOX);
        live
    }

    /// A watched folder with one policy, marked `one`.
    pub(super) fn started() -> Self {
        Self::new().with_one_policy()
    }

    /// Like [`started`](Self::started), for a test that saves in steps: a step is not taken for the end of a save, even if a busy
    /// machine makes it a second late.
    pub(super) fn patiently_started() -> Self {
        let mut live = Self::new();
        live.settings.settle = Duration::from_secs(2);
        live.with_one_policy()
    }

    fn with_one_policy(mut self) -> Self {
        self.write("+15550100.rules", policy("one"));
        self.start();
        self.becomes("one");
        self
    }

    pub(super) fn start(&mut self) {
        let outcomes = Arc::clone(&self.outcomes);
        let record = move |outcome: &Outcome| {
            let mut outcome = outcome.clone();
            // An outcome keeps its rules in memory.
            outcome.release = Arc::default();
            outcomes.lock().unwrap().push(outcome);
        };
        self.reloader = Some(Reloader::watch_with(self.settings.clone(), self.root(), record).unwrap());
        self.until("the first outcome is reported", |live| live.count() == 1);
    }

    pub(super) fn reloader(&self) -> &Reloader {
        self.reloader.as_ref().unwrap()
    }

    pub(super) fn reader(&self) -> Reader {
        self.reloader().reader()
    }

    pub(super) fn root(&self) -> PathBuf {
        self.folder.path().join("rules")
    }

    /// A path in `rules/`.
    pub(super) fn at(&self, name: &str) -> PathBuf {
        self.root().join(name)
    }

    /// A path beside `rules/`.
    pub(super) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: impl AsRef<[u8]>) {
        fs::write(self.at(name), text).unwrap();
    }

    /// The marks of the current set for the first number, the second, and any other.
    pub(super) fn marks(&self) -> [String; 3] {
        let set = self.reloader().current();
        ["+15550100", "+15550101", "+15550199"].map(|number| mark(&set, number))
    }

    /// Waits until the policy of the first number has this mark.
    #[track_caller]
    pub(super) fn becomes(&self, mark: &str) {
        self.until(&format!("`{mark}` is current"), |live| live.marks()[0] == mark);
    }

    /// Waits for a refusal after the first `skipped` outcomes, and returns it.
    #[track_caller]
    pub(super) fn keeps(&self, skipped: usize) -> Refusal {
        let refusal = |live: &Self| {
            let outcomes = live.outcomes.lock().unwrap();
            outcomes.iter().skip(skipped).find_map(|outcome| outcome.refusal().cloned())
        };
        self.until("a change is refused", |live| refusal(live).is_some());
        refusal(self).unwrap()
    }

    /// Waits until `holds` returns true.
    #[track_caller]
    pub(super) fn until(&self, what: &str, holds: impl Fn(&Self) -> bool) {
        let began = Instant::now();
        while !holds(self) || !self.is_reported() {
            assert!(began.elapsed() < TIMEOUT, "never: {what}; {:?}; {:#?}", self.marks(), self.outcomes());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Whether the last outcome has been reported, which happens apart.
    fn is_reported(&self) -> bool {
        let Some(reloader) = &self.reloader else { return true };
        self.outcomes.lock().unwrap().last().is_some_and(|outcome| outcome.at == reloader.outcome().at)
    }

    pub(super) fn outcomes(&self) -> Vec<Outcome> {
        self.outcomes.lock().unwrap().clone()
    }

    pub(super) fn count(&self) -> usize {
        self.outcomes.lock().unwrap().len()
    }

    /// Asserts that there is no further outcome while everything is read twice.
    #[track_caller]
    pub(super) fn rests(&self) {
        let before = self.count();
        thread::sleep(self.settings.interval * 2 + self.settings.settle * 2);
        assert_eq!(self.count(), before, "{:#?}", self.outcomes());
    }
}
