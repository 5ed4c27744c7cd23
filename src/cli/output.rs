//! Writes to standard output and standard error, and chooses the style for each.

use std::io::{self, IsTerminal, Write};

use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use clap::builder::styling::AnsiColor;
use serde::Serialize;

use crate::diagnostic::human::Style;
use crate::diagnostic::printable;

/// The width where the output is not a terminal.
const DEFAULT_WIDTH: usize = 100;
/// Longer lines are hard to read, even on a wide screen.
const MAX_WIDTH: usize = 120;
/// No line is broken for a screen narrower than this.
const MIN_WIDTH: usize = 20;
/// How many columns of a source line are shown where the output is not a terminal.
const LINE_WIDTH: usize = 240;
/// What stands before a source line: its number and a border.
const GUTTER: usize = 8;

/// Writes to standard output. It is not an error if the reader has closed it.
pub(super) fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let result = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    result.or_else(|error| if is_closed(&error) { Ok(()) } else { Err(error) })
}

/// Writes to standard error, ignoring errors: there is nowhere to report them.
pub(super) fn eprint(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Whether the error means that the reader has closed the output.
pub(super) fn is_closed(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// The columns of the terminal that standard output is.
pub(super) fn columns() -> Option<usize> {
    columns_of(&io::stdout())
}

fn columns_of(stream: &impl RawStream) -> Option<usize> {
    let size = if stream.is_terminal() { terminal_size::terminal_size() } else { None };
    size.map(|(width, _)| usize::from(width.0).max(MIN_WIDTH))
}

/// The style of findings on `stream`, standard output or standard error.
pub(super) fn style(stream: &impl RawStream) -> Style {
    let columns = columns_of(stream);
    Style {
        colour: has_colour(stream),
        width: columns.map_or(DEFAULT_WIDTH, |columns| columns.min(MAX_WIDTH)),
        line_width: columns.map_or(LINE_WIDTH, |columns| columns.saturating_sub(GUTTER)),
        unicode: true,
    }
}

/// Whether standard output is a terminal.
pub(super) fn is_terminal() -> bool {
    io::stdout().is_terminal()
}

fn has_colour(stream: &impl RawStream) -> bool {
    AutoStream::choice(stream) != ColorChoice::Never
}

/// `text` in a colour, if standard output has colours.
pub(super) fn painted(text: &str, colour: AnsiColor) -> String {
    if !has_colour(&io::stdout()) {
        return text.to_owned();
    }
    let style = colour.on_default();
    format!("{style}{text}{style:#}")
}

/// `value` as indented JSON.
pub(super) fn json(value: &impl Serialize) -> io::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

/// Each line of `text` made [`printable`].
pub(super) fn printable_lines(text: &str) -> String {
    text.split_inclusive('\n')
        .flat_map(|line| [printable(line.trim_end_matches('\n')), "\n".to_owned()])
        .collect()
}
