//! How a folder is watched, and which rules may become current.

use std::time::Duration;

/// How a folder is watched, and which rules may become current.
///
/// ```
/// use std::time::Duration;
/// use inbox_rules::Settings;
///
/// let settings = Settings { settle: Duration::from_millis(500), ..Settings::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a separate choice")]
pub struct Settings {
    /// How often everything is read, with or without events of the file system; 1 s. If reading takes long it happens less
    /// often, so that it never takes more than a tenth of the time.
    pub interval: Duration,
    /// The time between two readings that must agree; 150 ms. Files that change within it become current together.
    pub settle: Duration,
    /// How long the files may keep changing before an outcome says so; 10 s.
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
    /// Whether to start without rules if the first are not sound, and wait for sound ones; false.
    pub begin_empty: bool,
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
            begin_empty: false,
        }
    }
}
