//! Invisible characters in texts and comments, which the parser finds.

use super::lint::{Found, Lint};
use crate::diagnostic::Code;

pub(super) const LINT: Lint = Lint {
    code: Code::ConfusingCharacters,
    page: include_str!("confusing_characters.md"),
    found: Found::Reading,
};
