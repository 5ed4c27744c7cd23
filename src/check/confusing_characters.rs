//! Invisible characters in texts and comments, which the parser finds.

use super::lint::{Found, Lint};
use crate::inbox::LintLevel;

pub(super) const LINT: Lint = Lint {
    name: "confusing-characters",
    level: LintLevel::Warn,
    page: include_str!("confusing_characters.md"),
    found: Found::Reading,
};
