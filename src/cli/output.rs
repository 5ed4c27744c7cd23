//! Where output goes, and how it may look there.

use std::io::{self, IsTerminal, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::AnsiColor;
use serde::Serialize;

use crate::diagnostic::human::Style;
use crate::diagnostic::printable;

/// The width of what is no terminal.
const PLAIN_WIDTH: usize = 100;
/// Longer lines are hard to read on the widest screen.
const WIDEST: usize = 120;

/// Writes to standard output. A reader that has closed it has seen enough.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    written.or_else(|error| if is_closed(&error) { Ok(()) } else { Err(error) })
}

/// Writes to standard error; where that is closed nobody wants to know.
pub(super) fn eprint(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether nobody reads the output any more.
pub(super) fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// How findings look on `stream`, standard output or standard error.
pub(super) fn style(stream: &impl RawStream) -> Style {
    let size = if stream.is_terminal() { terminal_size::terminal_size() } else { None };
    let width = size.map_or(PLAIN_WIDTH, |(width, _)| usize::from(width.0).min(WIDEST));
    Style { colour: has_colour(stream), width, unicode: true }
}

/// Whether people read standard output as it comes.
pub(super) fn is_for_people() -> bool {
    io::stdout().is_terminal()
}

fn has_colour(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

/// `text` in a colour, where standard output has any.
pub(super) fn painted(text: &str, colour: AnsiColor) -> String {
    if !has_colour(&io::stdout()) {
        return text.to_owned();
    }
    let style = colour.on_default();
    format!("{style}{text}{style:#}")
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
