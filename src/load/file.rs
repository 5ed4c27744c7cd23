//! One file of a folder, as far as it may and can be read.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use crate::diagnostic::{Code, Finding};
use crate::text::{LARGEST_FILE, Span};

/// Why a file is not read.
pub(super) enum Trouble {
    Outside(&'static str),
    Unreadable(String),
}

impl Trouble {
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

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(match error.kind() {
            io::ErrorKind::NotFound => "it is not there".into(),
            io::ErrorKind::PermissionDenied => "there is no permission to".into(),
            _ => error.to_string(),
        })
    }
}

/// The bytes of what `path` leads to, if that is a file inside the folder `root` (without links in it).
pub(super) fn bytes_within(path: &Path, root: &Path) -> Result<Vec<u8>, Trouble> {
    // A link may lead anywhere; only what really stands inside the folder is read.
    match fs::canonicalize(path) {
        Ok(real) if real.starts_with(root) => {}
        Ok(_) => return Err(Trouble::Outside("this link leads outside the folder")),
        Err(_) => return Err(Trouble::Outside("this link leads nowhere")),
    }
    // A pipe or a device would keep us waiting.
    if !fs::metadata(path)?.is_file() {
        return Err(Trouble::Unreadable("it is no file".into()));
    }
    bytes(path)
}

/// The bytes of a file, one more than the limit at most, so that [`decode`](crate::language::decode) can refuse what
/// is larger.
pub(super) fn bytes(path: &Path) -> Result<Vec<u8>, Trouble> {
    // Room for most files at once: each call of the system counts where there are thousands.
    let mut bytes = Vec::with_capacity(16 * 1024);
    fs::File::open(path)?.take(LARGEST_FILE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
