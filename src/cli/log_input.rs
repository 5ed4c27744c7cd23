//! Opens a log, and says why it cannot be read.

use std::io::{self, Cursor, Read};
use std::path::Path;

use super::exit::Failure;
use super::paths::{is_stdin, is_typed};
use super::{output, paths};

/// The log, unless it is compressed; `command` is what would read it decompressed.
pub(super) fn uncompressed(mut log: Box<dyn Read>, file: &Path, command: &str) -> Result<impl Read, Failure> {
    let mut head = Vec::new();
    (&mut log).take(4).read_to_end(&mut head).map_err(|error| cannot_read(file, &error))?;
    let program = match &*head {
        [0x1f, 0x8b, ..] => "zcat",
        [0x28, 0xb5, 0x2f, 0xfd] => "zstdcat",
        [b'B', b'Z', b'h', ..] => "bzcat",
        [0xfd, b'7', b'z', b'X'] => "xzcat",
        _ => return Ok(Cursor::new(head).chain(log)),
    };
    let what = if is_stdin(file) { "FILE".into() } else { file.display().to_string() };
    let message =
        format!("{} is compressed; decompress it first: `{program} {what} | {command}`", name(file));
    Err(Failure::Message(message))
}

/// Opens a log.
pub(super) fn open(file: &Path) -> Result<Box<dyn Read>, Failure> {
    if is_typed(file) {
        output::eprint("type a log, one JSON object a line, then press Ctrl-D\n");
    }
    paths::open(file).map_err(|error| cannot_read(file, &error))
}

/// Why a log cannot be read.
pub(super) fn cannot_read(file: &Path, error: &io::Error) -> Failure {
    Failure::Message(match error.kind() {
        io::ErrorKind::NotFound => format!("there is no file {}", name(file)),
        io::ErrorKind::IsADirectory => format!("{} is a folder; name the file of a log", name(file)),
        _ => format!("cannot read {}: {error}", name(file)),
    })
}

/// How a log is named in messages.
pub(super) fn name(file: &Path) -> String {
    if is_stdin(file) { "standard input".to_owned() } else { format!("`{}`", file.display()) }
}
