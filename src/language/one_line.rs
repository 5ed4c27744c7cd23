//! A part of a rule file on one line, to be shown in a sentence.

use super::lexer::{TokenKind, lex};
use crate::text::{Source, Span};

/// The text at `span` on one line, without comments. What is in quotes stays as it is.
pub fn one_line(source: &Source, span: Span) -> String {
    let text = source.text.get(span.range()).unwrap_or_default();
    let (mut line, mut end) = (String::new(), None);
    for token in lex(text).iter().filter(|token| token.kind != TokenKind::Comment) {
        if end.is_some_and(|end| end < token.span.start) {
            line.push(' ');
        }
        line.push_str(text.get(token.span.range()).unwrap_or_default());
        end = Some(token.span.end);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_go_and_quotes_stay() {
        let text = "new_customer # only new ones\n    and message contains any [\"a  b\",\n\"# c\"]";
        let source = Source::new("a.rules", text);
        assert_eq!(
            one_line(&source, Span::new(0, text.len())),
            "new_customer and message contains any [\"a  b\", \"# c\"]"
        );
    }
}
