//! A short text that a pattern matches.

use regex_syntax::hir::{Class, Hir, HirKind};

/// A short text that probably matches `pattern`: assertions such as `^` and `\b` are ignored, so the caller must check
/// it.
///
/// It takes the first alternative, the fewest repetitions, and of a class the character that people are most likely to
/// type.
pub(super) fn text(pattern: &str) -> Option<String> {
    let hir = regex_syntax::ParserBuilder::new().case_insensitive(true).build().parse(pattern).ok()?;
    let mut text = String::new();
    write(&hir, &mut text)?;
    Some(text)
}

/// No text is longer, in bytes: repetitions can be nested.
const MAX_LENGTH: usize = 1_000;

fn write(hir: &Hir, text: &mut String) -> Option<()> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Some(()),
        HirKind::Literal(literal) => {
            text.push_str(std::str::from_utf8(&literal.0).ok()?);
            Some(())
        }
        HirKind::Class(Class::Unicode(class)) => {
            let typed = ('a'..='z')
                .chain('0'..='9')
                .chain(['_', ' ', '-', '.', '!'])
                .find(|letter| class.iter().any(|range| (range.start()..=range.end()).contains(letter)));
            text.push(
                typed.or_else(|| class.iter().next().map(regex_syntax::hir::ClassUnicodeRange::start))?,
            );
            Some(())
        }
        HirKind::Class(Class::Bytes(_)) => None,
        HirKind::Repetition(repetition) => (0..repetition.min).try_for_each(|_| write(&repetition.sub, text)),
        HirKind::Capture(capture) => write(&capture.sub, text),
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| write(part, text)),
        HirKind::Alternation(parts) => write(parts.first()?, text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pattern: &str, found_in: &str) {
        assert_eq!(text(pattern).as_deref(), Some(found_in), "{pattern}");
    }

    #[test]
    fn texts() {
        check(r"order\s*#?\d+", "order0");
        check(r"refund(ed)?", "refund");
        check(r"^(yes|no)[.!]$", "yes.");
        check(r"[^a-z]{2}", "00");
        check(r"\bé", "É");
        assert_eq!(text("a{1001}b"), None);
    }
}
