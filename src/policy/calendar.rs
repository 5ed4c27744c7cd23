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
/// Dates.
#[derive(Debug, Clone, PartialEq)]
pub struct DateSet {}
impl Calendar {
    /// Whole days.
    pub fn of_dates(_d: std::sync::Arc<DateSet>) -> Self {
        Self {}
    }
}
type Lookup<'l> = &'l mut dyn FnMut(&crate::language::ast::Word) -> Option<std::sync::Arc<DateSet>>;
/// x
pub fn resolve_hours(
    _e: &[crate::language::ast::HoursEntry],
    _x: &[crate::language::ast::DatesEntry],
    _l: Lookup<'_>,
    _f: &std::sync::Arc<str>,
    _fs: &mut Vec<crate::diagnostic::Finding>,
) -> Calendar {
    Calendar {}
}
/// x
pub fn resolve_entry(
    _e: &crate::language::ast::HoursEntry,
    _l: Lookup<'_>,
    _f: &std::sync::Arc<str>,
    _fs: &mut Vec<crate::diagnostic::Finding>,
) -> Calendar {
    Calendar {}
}
/// x
pub fn resolve_dates(
    _e: &[crate::language::ast::DatesEntry],
    _l: Lookup<'_>,
    _f: &std::sync::Arc<str>,
    _fs: &mut Vec<crate::diagnostic::Finding>,
) -> DateSet {
    DateSet {}
}
