//! Bytes → text. A file that is too large or not in UTF-8 is refused.

use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::text::{MAX_FILE_SIZE, Source, Span};

/// How many bytes of a line that is not UTF-8 are shown from there.
const MAX_SHOWN: usize = 80;

/// Bytes that are not the text of a rule file.
#[derive(Debug, Clone, PartialEq)]
pub struct Undecodable {
    /// What is wrong.
    pub finding: Finding,
    /// What can be shown around the place, with U+FFFD for what is not UTF-8.
    pub text: String,
}

impl From<Finding> for Undecodable {
    /// Of a file of which nothing can be shown.
    fn from(finding: Finding) -> Self {
        Self { finding, text: String::new() }
    }
}

/// Reads `bytes` as the text of the file called `name`.
///
/// # Errors
///
/// A `syntax` finding if the file is larger than [`MAX_FILE_SIZE`] or is not UTF-8.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Source, Box<Undecodable>> {
    let file: Arc<str> = Arc::from(name);
    if bytes.len() > MAX_FILE_SIZE {
        let mebibytes = MAX_FILE_SIZE / (1024 * 1024);
        let message = format!("the file is larger than {mebibytes} MiB, the limit for a rule file");
        let finding = Finding::new(Code::Syntax, &file, Span::default(), message)
            .help("split it into several files, and share definitions with `use`");
        return Err(Box::new(finding.into()));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(file, text)),
        Err(error) => {
            let offset = error.valid_up_to();
            let message = format!("this is not UTF-8 text (byte {offset} of the file)");
            let finding = Finding::new(Code::Syntax, &file, Span::new(offset, offset), message)
                .help("save the file as plain text in UTF-8; a word processor document is not a rule file");
            Err(Box::new(Undecodable { finding, text: lossy_line(bytes, offset) }))
        }
    }
}

/// The text up to the end of the line of `offset`, in which the bytes before `offset` are UTF-8. The rest may be no text
/// at all.
fn lossy_line(bytes: &[u8], offset: usize) -> String {
    let (before, after) = bytes.split_at_checked(offset).unwrap_or((bytes, &[]));
    let line = after.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.get(..line.len().min(MAX_SHOWN)).unwrap_or_default();
    let mut text = String::from_utf8_lossy(before).into_owned();
    text.push_str(&String::from_utf8_lossy(line));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_kept_as_it_is() {
        let source = decode("a.rules", "\u{FEFF}when é:".as_bytes()).unwrap();
        assert_eq!((&*source.name, &*source.text), ("a.rules", "\u{FEFF}when é:"));
    }

    #[test]
    fn invalid_utf8_is_reported_with_its_line() {
        let Undecodable { finding, text } = *decode("a.rules", b"one\ntw\xC3\xA9\xFFo\nthree").unwrap_err();
        assert_eq!(finding.message, "this is not UTF-8 text (byte 8 of the file)");
        assert_eq!((finding.span, text.as_str()), (Span::new(8, 8), "one\ntwé\u{FFFD}o"));
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        assert!(decode("a.rules", &vec![b' '; MAX_FILE_SIZE]).is_ok());
        let Undecodable { finding, .. } = *decode("a.rules", &vec![b' '; MAX_FILE_SIZE + 1]).unwrap_err();
        assert_eq!(finding.message, "the file is larger than 8 MiB, the limit for a rule file");
    }
}
