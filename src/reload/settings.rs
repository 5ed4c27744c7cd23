//! How a folder is followed, and which rules may become current.

use std::time::Duration;

/// How a folder is followed, and which rules may become current.
///
/// ```
/// use std::time::Duration;
/// use inbox_rules::Settings;
///
/// let settings = Settings { settle: Duration::from_millis(500), ..Settings::default() };
/// ```
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate choice")]
pub struct Settings {
    /// How often the folder is searched for changes, with or without events of the file system; 1 s. Large folders are
    /// searched less often, so that at rest it takes no more than half a per cent of the time.
    pub interval: Duration,
    /// How long files must rest before they are used; 150 ms. Files that change no further apart than that become current
    /// together.
    pub settle: Duration,
    /// How long files may keep changing before an outcome says so, again each time as long as they do; 10 s. After a tenth
    /// of it, a file that keeps changing no longer holds back others. It is also how long the first reading may take.
    pub patience: Duration,
    /// Whether to use events of the file system; true.
    pub notifications: bool,
    /// Whether to look for faults alone, as [`RuleSet::load`](crate::RuleSet::load) does; false. Proofs of what rules can
    /// and cannot do take most of the time of a check. A host of many numbers may leave them to `rules check`, before
    /// its files come here.
    pub faults_alone: bool,
    /// Whether rules with findings at error level may become current (faults are never allowed); false.
    pub allow_errors: bool,
    /// Whether an empty folder, or one without any policy, may replace the current rules; false.
    pub allow_empty: bool,
    /// The share of the policies, and of the rules of a policy, that one change may remove; 0.5. More looks like a save
    /// that was cut off, and so does an inbox that loses all of its users or groups: such rules wait until they are
    /// [accepted](crate::Reloader::accept). So do, whatever the share, a policy that has lost a rule and an inbox that has
    /// lost anything, if they are mere beginnings of their former texts. 1.0 lets everything through.
    pub most_removed: f64,
    /// Whether to start without rules if the first are not sound, and wait for sound ones; false.
    pub begin_empty: bool,
    /// Whether to start with the files as they are if they do not come to rest, some perhaps newer than others; false.
    pub begin_unstable: bool,
}

/// A time that is as good as for ever: the latest moment that a clock knows is not much later.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Settings {
    /// The same, with times that can be added to a moment.
    pub(super) fn with_limits(&self) -> Self {
        let [interval, settle, patience] =
            [self.interval, self.settle, self.patience].map(|time| time.min(FOR_EVER));
        Self { interval, settle, patience, ..self.clone() }
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(1),
            settle: Duration::from_millis(150),
            patience: Duration::from_secs(10),
            notifications: true,
            faults_alone: false,
            allow_errors: false,
            allow_empty: false,
            most_removed: 0.5,
            begin_empty: false,
            begin_unstable: false,
        }
    }
}
