//! Carriage returns without a line feed, which end the lines of very old files.

use std::sync::Arc;

use crate::diagnostic::{Code, Edit, Finding};
use crate::text::{Source, Span};

/// More of them than this are replaced by one edit.
const MANY: usize = 1_000;

/// The finding about the carriage returns of `source`, and a source of the same length in which they are line feeds.
pub(super) fn replaced(source: &Source) -> Option<(Finding, Source)> {
    let bytes = source.text.as_bytes();
    let is_bare = |at: &usize| bytes.get(at + 1) != Some(&b'\n');
    let places: Vec<usize> = memchr::memchr_iter(b'\r', bytes).filter(is_bare).collect();
    let (first, last) = (*places.first()?, *places.last()?);
    let character = |(at, character)| if character == '\r' && is_bare(&at) { '\n' } else { character };
    let text: String = source.text.char_indices().map(character).collect();
    let edit = |start: usize, end: usize| Edit {
        span: Span::new(start, end),
        text: text.get(start..end).unwrap_or_default().to_owned(),
    };
    let edits = if places.len() > MANY {
        vec![edit(first, last + 1)]
    } else {
        places.iter().map(|at| edit(*at, at + 1)).collect()
    };
    let message = "this line ends with a carriage return alone";
    let finding = Finding::new(Code::Syntax, &source.name, Span::new(first, first + 1), message)
        .help("lines end with a line feed, or with a carriage return and a line feed; it is read as a line break")
        .fix_all("write line feeds", edits);
    Some((finding, Source::new(Arc::clone(&source.name), text)))
}

#[cfg(test)]
mod tests {
    use super::super::parse::parse;
    use super::*;

    #[test]
    fn a_bare_carriage_return_ends_a_line() {
        let parsed = parse(&Source::new("a.rules", "let a = new_customer # why\rlet b = a\r\nlet c = b\r"));
        assert_eq!(parsed.file.items.len(), 3);
        let [finding] = parsed.findings.as_slice() else { panic!("{:?}", parsed.findings) };
        assert_eq!(finding.span, Span::new(26, 27));
        assert_eq!(finding.fix.as_ref().map(|fix| fix.edits.len()), Some(2));
    }
}
