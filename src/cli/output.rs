//! Where output goes, and how it may look there.

use std::io::{self, IsTerminal, Write};

use anstream::ColorChoice;
use serde::Serialize;

use crate::diagnostic::human::Style;
use crate::diagnostic::printable;

/// The width of what is no terminal.
const PLAIN_WIDTH: usize = 100;
/// Longer lines are hard to read on the widest screen.
const WIDEST: usize = 120;

/// Writes to standard output. A reader that has closed it has seen enough.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = anstream::stdout().lock();
    unless_closed(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Writes to standard error; where that is closed nobody wants to know.
pub(super) fn tell(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}

/// A closed pipe is the end of the output and no mistake.
pub(super) fn unless_closed(written: io::Result<()>) -> io::Result<()> {
    written.or_else(|error| if is_closed(&error) { Ok(()) } else { Err(error) })
}

/// Whether nobody reads the output any more.
pub(super) fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// How findings look on standard output.
pub(super) fn stdout_style() -> Style {
    let stdout = io::stdout();
    Style { colour: colour(&stdout), width: width(terminal_size::terminal_size_of(&stdout)), unicode: true }
}

/// How findings look on standard error.
pub(super) fn stderr_style() -> Style {
    let stderr = io::stderr();
    Style { colour: colour(&stderr), width: width(terminal_size::terminal_size_of(&stderr)), unicode: true }
}

/// Whether people read standard output as it comes.
pub(super) fn is_for_people() -> bool {
    io::stdout().is_terminal()
}

fn colour(stream: &impl anstream::stream::RawStream) -> bool {
    anstream::AutoStream::choice(stream) != ColorChoice::Never
}

fn width(size: Option<(terminal_size::Width, terminal_size::Height)>) -> usize {
    size.map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0).min(WIDEST))
}

/// `value` as JSON for people and programs.
pub(super) fn json(value: &impl Serialize) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

/// `text` with everything visible that a terminal would obey or hide, but the line breaks.
pub(super) fn printable_lines(text: &str) -> String {
    text.split_inclusive('\n')
        .flat_map(|line| [printable(line.trim_end_matches('\n')), "\n".to_owned()])
        .collect()
}
