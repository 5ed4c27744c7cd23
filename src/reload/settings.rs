//! How a folder is followed, and what may replace what.

use std::time::Duration;

/// How a folder is followed, and what may replace what.
///
/// ```
/// use std::time::Duration;
/// use inbox_rules::reload::Settings;
///
/// let settings = Settings { settle: Duration::from_millis(500), ..Settings::default() };
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Settings {
    /// How often everything is read, whatever the system tells of it; a second. Where that takes long it is done less
    /// often, so that it never takes more than a tenth of the time.
    pub interval: Duration,
    /// How far apart two readings are that must agree before they count; 150 ms. Files that are changed within it
    /// become current together.
    pub settle: Duration,
    /// How long the folder may go on changing until that is told; 10 s.
    pub patience: Duration,
    /// Whether to ask the system to tell of changes; true.
    pub notifications: bool,
    /// Whether to look for nothing but faults, as [`RuleSet::load`](crate::RuleSet::load) does; false. To prove what
    /// can and cannot happen takes most of the time of checking, which a host of many numbers may leave to
    /// `rules check`, before its files come here.
    pub faults_alone: bool,
    /// Whether rules may become current that have findings at error level (never those without a meaning); false.
    pub allow_errors: bool,
    /// Whether nothing may replace rules: an empty folder, or one without any policy; false.
    pub allow_empty: bool,
    /// Whether to begin without any rules where there are none that are sound, and wait for them; false.
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
