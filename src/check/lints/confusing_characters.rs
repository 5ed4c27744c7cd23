//! Invisible characters in texts and comments, which the parser finds.

use crate::check::lint::{Lint, Pass};
use crate::diagnostic::Code;

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::ConfusingCharacters,
    page: include_str!("confusing_characters.md"),
    pass: Pass::Parser,
};
