//! The bytes of one file, if it is inside the folder and can be read.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

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

/// The bytes of what `path` leads to, if that is a file inside the folder `root` (without links in it).
pub(super) fn bytes_within(path: &Path, root: &Path) -> Result<Vec<u8>, ReadError> {
    // A link may lead anywhere; only files inside the folder are read.
    match fs::canonicalize(path) {
        Ok(real) if real.starts_with(root) => {}
        Ok(_) => return Err(ReadError::Outside("this link leads outside the folder")),
        Err(_) => return Err(ReadError::Outside("this link leads nowhere")),
    }
    // A pipe or a device could block the reader.
    if !fs::metadata(path)?.is_file() {
        return Err(ReadError::Unreadable("it is not a file".into()));
    }
    bytes(path)
}

/// The bytes of a file, at most one more than the limit, so that [`decode`](crate::language::decode) can refuse a larger
/// file.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, ReadError> {
    // Enough for most files in one system call, which counts where there are thousands.
    let mut bytes = Vec::with_capacity(16 * 1024);
    fs::File::open(path)?.take(MAX_FILE_SIZE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
