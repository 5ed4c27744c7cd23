//! Writes to standard output and standard error.

use std::env;
use std::io::{self, IsTerminal, Write};

use inbox_rules::diagnostic::human::Style;

/// The width at which sentences are wrapped.
const WIDTH: usize = 100;
/// How many columns of a source line are shown.
const LINE_WIDTH: usize = 240;

/// Writes to standard output. Whether somebody still reads it does not matter.
pub(super) fn print(text: &str) {
    let mut out = io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes to standard error, ignoring errors: there is nowhere to report them.
pub fn eprint(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// How findings look on `stream`: with colours on a terminal, unless the environment says otherwise.
pub fn style(stream: &impl IsTerminal) -> Style {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty() && value != "0");
    let colour = is_set("CLICOLOR_FORCE") || (stream.is_terminal() && !is_set("NO_COLOR"));
    Style { colour, width: WIDTH, line_width: LINE_WIDTH, unicode: true }
}
