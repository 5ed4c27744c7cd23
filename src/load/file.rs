//! The bytes of one file, if it is inside the folder and can be read.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

use super::stamp::Stamp;
use crate::diagnostic::{Code, Finding};
use crate::text::{MAX_FILE_SIZE, Span};

/// Why a file was not read.
pub(super) enum ReadError {
    /// It is outside the folder.
    Outside(&'static str),
    /// The system refuses, for this reason.
    Unreadable(String),
}

impl ReadError {
    pub(super) fn finding(self, shown: &str) -> Finding {
        let file = shown.into();
        match self {
            Self::Outside(message) => Finding::new(Code::PathOutside, &file, Span::default(), message)
                .help("keep rule files inside their folder"),
            Self::Unreadable(why) => {
                let message = format!("this file cannot be read: {why}");
                Finding::new(Code::UnknownFile, &file, Span::default(), message)
            }
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(match error.kind() {
            io::ErrorKind::NotFound => "it does not exist".into(),
            io::ErrorKind::PermissionDenied => "permission is denied".into(),
            _ => error.to_string(),
        })
    }
}

/// The bytes of a file, and its stamp from before they were read.
pub(super) type Content = (Vec<u8>, Stamp);

/// The content of what `path` leads to, if that is a file inside the folder `root` (without links in it).
pub(super) fn content_within(path: &Path, root: &Path) -> Result<Content, ReadError> {
    // A link may lead anywhere; only files inside the folder are read.
    let real = match fs::canonicalize(path) {
        Ok(real) if real.starts_with(root) => real,
        Ok(_) => return Err(ReadError::Outside("this link leads outside the folder")),
        Err(_) => return Err(ReadError::Outside("this link leads nowhere")),
    };
    // To open a device may do something, even if nothing is read.
    if !fs::metadata(&real)?.is_file() {
        return Err(not_a_file());
    }
    content(&real)
}

/// The content of the file at `path`, which is no link, as long as the file is when it is opened: at most one byte more
/// than the limit, so that [`decode`](crate::language::decode) can refuse a larger file.
pub(super) fn content(path: &Path) -> Result<Content, ReadError> {
    let file = open(path)?;
    // Another file may have been put there since it was listed: only what is open counts.
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(not_a_file());
    }
    // With its length, one system call is enough to read it, which counts where there are thousands.
    let limit = MAX_FILE_SIZE + 1;
    let length = usize::try_from(metadata.len()).unwrap_or(limit).min(limit);
    // Most buffers are of one size, which the allocator has at hand again.
    let mut bytes = Vec::with_capacity(length.max(16 * 1024));
    // Some file systems do not know the length, and say 0.
    file.take(if length == 0 { limit } else { length } as u64).read_to_end(&mut bytes)?;
    Ok((bytes, Stamp::of(&metadata)))
}

fn not_a_file() -> ReadError {
    ReadError::Unreadable("it is not a file".into())
}

/// Opens what is at `path` unless it is a link, without waiting: to open a pipe would take until somebody writes into it.
fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        &mut options,
        libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_NOFOLLOW,
    );
    options.read(true).open(path)
}
