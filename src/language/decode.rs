//! Bytes → text. A file that is too large or not in UTF-8 is refused.

use std::sync::Arc;

use crate::diagnostic::{Code, Finding};
use crate::text::{MAX_FILE_SIZE, Source, Span};

/// Reads `bytes` as the text of the file called `name`.
///
/// # Errors
///
/// A `syntax` finding if the file is larger than [`MAX_FILE_SIZE`] or is not UTF-8.
pub fn decode(name: &str, bytes: &[u8]) -> Result<Source, Box<Finding>> {
    let file: Arc<str> = Arc::from(name);
    if bytes.len() > MAX_FILE_SIZE {
        let mebibytes = MAX_FILE_SIZE / (1024 * 1024);
        let message = format!("the file is larger than {mebibytes} MiB, the limit for a rule file");
        let finding = Finding::new(Code::Syntax, &file, Span::default(), message)
            .help("split it into several files, and share definitions with `use`");
        return Err(Box::new(finding));
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(file, text)),
        Err(error) => {
            let offset = error.valid_up_to();
            let line = 1 + bytes.iter().take(offset).filter(|byte| **byte == b'\n').count();
            let message = format!("line {line} is not UTF-8 text (byte {offset} of the file)");
            let finding = Finding::new(Code::Syntax, &file, Span::new(offset, offset), message)
                .help("save the file as plain text in UTF-8; a word processor document is not a rule file");
            Err(Box::new(finding))
        }
    }
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
        let finding = decode("a.rules", b"one\ntwo\xFF").unwrap_err();
        assert_eq!(finding.message, "line 2 is not UTF-8 text (byte 7 of the file)");
        assert_eq!(finding.span, Span::new(7, 7));
    }

    #[test]
    fn a_file_over_the_limit_is_refused() {
        assert!(decode("a.rules", &vec![b' '; MAX_FILE_SIZE]).is_ok());
        let finding = decode("a.rules", &vec![b' '; MAX_FILE_SIZE + 1]).unwrap_err();
        assert_eq!(finding.message, "the file is larger than 8 MiB, the limit for a rule file");
    }
}
