//! Texts, patterns, numbers and durations: from their source text to their values.

use rust_decimal::Decimal;

use super::super::ast::Literal;
use super::super::grammar::{Pair, Production};
use super::Lower;
use crate::diagnostic::{Code, Finding};
use crate::text::Spanned;

/// The value of the text `pair`; an unknown escape sequence is a finding and stays as it is.
pub(super) fn text(lower: &mut Lower<'_>, pair: &Pair<'_>) -> String {
    let written = pair.as_str();
    let start = pair.as_span().start();
    text_value(written, &mut |at, escape| {
        let place = lower.patched.to_file_span(&(start + at..start + at + escape.len()));
        let finding =
            Finding::new(Code::Syntax, lower.file, place, format!("`{escape}` is not an escape sequence"));
        let help =
            r#"the escape sequences are `\"`, `\\`, `\n`, `\t` and `\u{1F600}`; write a backslash as `\\`"#;
        let bare = escape.trim_start_matches('\\');
        let finding = finding.help(help);
        lower.findings.push(match bare {
            "'" => finding.fix("write `'`", place, "'"),
            "u" | "" => finding,
            _ => finding.fix(format!(r"write `\\{bare}`"), place, format!(r"\\{bare}")),
        });
    })
}

/// The value of the text `written`, which is on one line or several. Each unknown escape sequence is passed
/// to `unknown`, with its place in `written`.
pub(crate) fn text_value(written: &str, unknown: &mut dyn FnMut(usize, &str)) -> String {
    if let Some(block) = written.strip_prefix("\"\"\"") {
        let body = block.strip_suffix("\"\"\"").unwrap_or(block);
        return lines(body, &mut |at, escape| unknown(at + 3, escape));
    }
    let body = written.strip_prefix('"').unwrap_or(written);
    let body = body.strip_suffix('"').unwrap_or(body);
    let mut text = String::with_capacity(body.len());
    unescape(body, &mut text, &mut |at, escape| unknown(at + 1, escape));
    text
}

/// The lines between `"""`, without the first and the last line break and their common indentation.
fn lines(body: &str, unknown: &mut dyn FnMut(usize, &str)) -> String {
    let start = body.find('\n').map_or(body.len(), |at| at + 1);
    let end = body.rfind('\n').map_or(start, |at| at.max(start));
    let content = body.get(start..end).unwrap_or_default();
    let indent = content.lines().filter(|line| !is_blank(line)).map(indentation).min().unwrap_or(0);
    let mut text = String::with_capacity(content.len());
    let mut at = start;
    for (number, line) in content.split('\n').enumerate() {
        if number > 0 {
            text.push('\n');
        }
        let trimmed = line.strip_suffix('\r').unwrap_or(line);
        if !is_blank(trimmed) {
            let trimmed = trimmed.get(indent..).unwrap_or_default();
            unescape(trimmed, &mut text, &mut |place, escape| unknown(at + indent + place, escape));
        }
        at += line.len() + 1;
    }
    text
}

fn is_blank(line: &str) -> bool {
    indentation(line) == line.trim_end_matches('\r').len()
}

fn indentation(line: &str) -> usize {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Appends `body` to `text` with its escape sequences replaced.
fn unescape(body: &str, text: &mut String, unknown: &mut dyn FnMut(usize, &str)) {
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        text.push_str(before);
        let place = body.len() - escape.len();
        let (character, length) = read_escape(escape);
        let written = escape.get(..length).unwrap_or(escape);
        match character {
            Some(character) => text.push(character),
            None => {
                unknown(place, written);
                text.push_str(written);
            }
        }
        rest = escape.get(length..).unwrap_or_default();
    }
    text.push_str(rest);
}

/// The character for the escape sequence at the start of `escape`, if it is known, and the length of the sequence.
fn read_escape(escape: &str) -> (Option<char>, usize) {
    match escape.chars().nth(1) {
        Some('"') => (Some('"'), 2),
        Some('\\') => (Some('\\'), 2),
        Some('n') => (Some('\n'), 2),
        Some('t') => (Some('\t'), 2),
        Some('u') => {
            let braced = escape.get(2..).and_then(|rest| rest.strip_prefix('{'));
            let digits =
                braced.and_then(|rest| rest.get(..rest.find('}')?)).filter(|digits| digits.len() <= 6);
            let Some(digits) = digits else { return (None, 2) };
            let code = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
            (code.and_then(char::from_u32), digits.len() + 4)
        }
        Some(other) => (None, 1 + other.len_utf8()),
        None => (None, 1),
    }
}

/// `"refund"`, `2.5`, `5m`, `image`
pub(super) fn value(lower: &mut Lower<'_>, pair: Pair<'_>) -> Option<Spanned<Literal>> {
    let span = lower.span(&pair);
    let inner = pair.into_inner().next()?;
    let value = match inner.as_rule() {
        Production::text => Literal::Text(text(lower, &inner)),
        Production::duration => Literal::Duration(seconds(inner.as_str())),
        Production::number => Literal::Number(number(inner.as_str())),
        _ => Literal::Word(inner.as_str().to_owned()),
    };
    Some(Spanned::new(value, span))
}

/// A number and its span.
pub(super) fn spanned_number(lower: &Lower<'_>, pair: &Pair<'_>) -> Spanned<Option<Decimal>> {
    Spanned::new(number(pair.as_str()), lower.span(pair))
}

/// A duration in seconds and its span.
pub(super) fn spanned_seconds(lower: &Lower<'_>, pair: &Pair<'_>) -> Spanned<Option<u64>> {
    Spanned::new(seconds(pair.as_str()), lower.span(pair))
}

fn number(written: &str) -> Option<Decimal> {
    Decimal::from_str_exact(&written.replace('_', "")).ok()
}

fn seconds(written: &str) -> Option<u64> {
    let unit = match written.chars().next_back()? {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        _ => 86_400,
    };
    let digits = written.get(..written.len() - 1)?.replace('_', "");
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

/// What is between the slashes of a pattern, with `\/` replaced by `/`.
pub(super) fn pattern(lower: &Lower<'_>, pair: &Pair<'_>) -> Spanned<String> {
    let written = pair.as_str();
    let body = written.get(1..written.len() - 1).unwrap_or_default();
    let mut pattern = String::with_capacity(body.len());
    let mut characters = body.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('\\', Some('/')) => {}
            ('\\', Some(_)) => {
                pattern.push('\\');
                pattern.extend(characters.next());
            }
            _ => pattern.push(character),
        }
    }
    Spanned::new(pattern, lower.span(pair))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, expected: &str) {
        assert_eq!(text_value(written, &mut |_, escape| panic!("{escape}")), expected);
    }

    #[test]
    fn escapes() {
        check(r#""a\"b\\c\nd\te\u{1F600}""#, "a\"b\\c\nd\te😀");
        for bad in [r"\q", r"\u{}", r"\u{D800}", r"\u", r"\'", r"\é", r"\u{+41}"] {
            let mut unknown = Vec::new();
            let text =
                text_value(&format!("\"ab{bad}\""), &mut |at, escape| unknown.push((at, escape.to_owned())));
            assert_eq!((text.as_str(), unknown), (&*format!("ab{bad}"), vec![(3, bad.to_owned())]));
        }
    }

    #[test]
    fn block_texts_lose_their_indentation() {
        check("\"\"\"\n    a\n\n      b\r\n    \"\"\"", "a\n\n  b");
        check("\"\"\"\n\"\"\"", "");
        check("\"\"\"\n\n  \"\"\"", "");
        check("\"\"\" \n a\n\n \"\"\"", "a\n");
    }

    #[test]
    fn numbers_are_exact() {
        assert_eq!(number("1_000"), Some(Decimal::from(1000)));
        assert_eq!(number("-2.50"), Some(Decimal::new(-250, 2)));
        assert_eq!(number("0.1"), Some(Decimal::new(1, 1)));
        assert_eq!(number(&"9".repeat(40)), None);
    }

    #[test]
    fn durations_are_seconds() {
        assert_eq!(
            [seconds("30s"), seconds("5m"), seconds("12h"), seconds("30d")],
            [30, 300, 43_200, 2_592_000].map(Some)
        );
        assert_eq!(seconds("99999999999999999999d"), None);
        assert_eq!(seconds("999999999999999999d"), None);
    }
}
