//! The meaning of hours.

use jiff::civil::DateTime;

/// When something is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Calendar {}

impl Calendar {
    /// Whether it is open at that wall-clock time.
    pub fn is_open(&self, _at: DateTime) -> bool {
        false
    }
}
