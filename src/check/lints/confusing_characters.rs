//! Invisible characters in texts and comments, which the parser finds.

use crate::check::lint::{Found, Lint};
use crate::diagnostic::Code;

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::ConfusingCharacters,
    page: include_str!("confusing_characters.md"),
    found: Found::Reading,
};
