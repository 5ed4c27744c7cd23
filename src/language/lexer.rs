//! Text → tokens: words, texts, patterns, comments and signs, whether or not they make sense.
//!
//! Pest parses the text itself. Tokens show where items start and what surrounds a mistake, so this lexer never
//! fails, and it knows what people write instead of a text: curly quotes, a missing quote.

use icu_properties::CodePointMapData;
use icu_properties::props::{GeneralCategory, GeneralCategoryGroup};

use super::invisible::{Invisible, invisible};
use super::vocabulary::ItemWord;
use crate::text::Span;

/// The kind of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// A letter, then letters, digits and `_`, in any case and script.
    Word,
    /// A digit, then letters, digits and `_`: `12`, `1_000`, `5m`, `25th`.
    Number,
    /// A text, on one line or several.
    Text,
    /// A text in other quotes: `“Sales”`, `'Sales'`, or `"""` on one line.
    Quoted,
    /// A text or pattern that is not closed: to the end of its line, or for a `"""` text up to the next item.
    Unclosed,
    /// `/refund/`
    Pattern,
    /// From `#` to the end of the line.
    Comment,
    /// Invisible characters.
    Invisible(Invisible),
    /// Punctuation and anything else.
    Sign,
}

/// A token of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it is.
    pub span: Span,
    /// Nothing visible comes before it on its line.
    pub first: bool,
}

impl Token {
    /// The token's own text in `text`, the text it is a token of.
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.span.range()).unwrap_or_default()
    }
}

/// All tokens of `text`.
pub(crate) fn lex(text: &str) -> Vec<Token> {
    let at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut lexer = Lexer { text, at, first: true, indent: 0, matches: false, no_close_before: 0 };
    let mut tokens = Vec::with_capacity(text.len() / 6);
    while let Some(token) = lexer.next() {
        tokens.push(token);
    }
    tokens
}

/// Signs of several characters, longest first.
const SIGNS: [&str; 19] = [
    "===", "!==", "...", "&&", "||", "==", "!=", "<=", ">=", "=>", "->", "=<", "<>", ":=", "..", "//", "--",
    "/*", "*/",
];

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    /// Nothing visible came before on this line.
    first: bool,
    /// How far the last item word is indented.
    indent: usize,
    /// The last word was `matches`, so a slash starts a pattern.
    matches: bool,
    /// No single quote before this byte is closed.
    no_close_before: usize,
}

impl<'a> Lexer<'a> {
    fn next(&mut self) -> Option<Token> {
        self.skip_blanks();
        let (start, first) = (self.at, self.first);
        let (kind, length) = self.measure(self.text.get(start..)?)?;
        self.at = start + length;
        let token = Token { kind, span: Span::new(start, self.at), first };
        if !matches!(kind, TokenKind::Invisible(_)) {
            self.first = false;
        }
        // A comment may stand between `matches` and its pattern.
        if !matches!(kind, TokenKind::Invisible(_) | TokenKind::Comment) {
            self.matches = kind == TokenKind::Word && token.of(self.text).eq_ignore_ascii_case("matches");
        }
        if first && kind == TokenKind::Word && is_item_word(token.of(self.text)) {
            self.indent = self.column(start);
        }
        Some(token)
    }

    fn skip_blanks(&mut self) {
        for byte in self.text.as_bytes().iter().skip(self.at) {
            match byte {
                b'\n' => self.first = true,
                b' ' | b'\t' | b'\r' => {}
                _ => break,
            }
            self.at += 1;
        }
    }

    /// How many bytes of white space come directly before `at`.
    fn column(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or_default();
        before.bytes().rev().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }

    /// The kind and the length of the token that `rest` starts with.
    fn measure(&mut self, rest: &'a str) -> Option<(TokenKind, usize)> {
        let character = rest.chars().next()?;
        Some(match character {
            'a'..='z' | 'A'..='Z' | '_' => (TokenKind::Word, word(rest)),
            '0'..='9' => (TokenKind::Number, word(rest)),
            '#' => (TokenKind::Comment, line(rest).len()),
            '"' if rest.starts_with("\"\"\"") => self.block(rest),
            '"' => closed(rest, b'"')
                .map_or_else(|| (TokenKind::Unclosed, unclosed(rest)), |end| (TokenKind::Text, end)),
            '/' if self.is_pattern(rest) => closed(rest, b'/')
                .map_or_else(|| (TokenKind::Unclosed, unclosed(rest)), |end| (TokenKind::Pattern, end)),
            '\'' | '‘' | '’' | '‚' | '‛' | '`' if self.at < self.no_close_before => {
                (TokenKind::Sign, character.len_utf8())
            }
            '\'' | '‘' | '’' | '‚' | '‛' | '`' => quoted(rest, character).unwrap_or_else(|| {
                // What closes one single quote would close another, so the line is searched only once.
                self.no_close_before = self.at + line(rest).len();
                (TokenKind::Sign, character.len_utf8())
            }),
            _ => match invisible(character) {
                Some(how) => (
                    TokenKind::Invisible(how),
                    rest.find(|c| invisible(c) != Some(how)).unwrap_or(rest.len()),
                ),
                None if character.is_alphabetic() => (TokenKind::Word, word(rest)),
                None if character.is_numeric() => (TokenKind::Number, word(rest)),
                None => quoted(rest, character).unwrap_or_else(|| (TokenKind::Sign, sign(rest, character))),
            },
        })
    }

    /// A slash starts a pattern after `matches`, or where it could start a value and another slash closes it.
    fn is_pattern(&self, rest: &str) -> bool {
        let stands_free =
            self.text.get(..self.at).is_some_and(|before| before.ends_with([' ', '(', '[', ',']));
        let inner = rest.chars().nth(1).is_some_and(|c| !matches!(c, '/' | '*' | ' '));
        self.matches || (stands_free && inner && closed(rest, b'/').is_some())
    }

    /// A text between `"""`: it ends with `"""` at the start of a line, or before the next item if it is not closed.
    fn block(&self, rest: &str) -> (TokenKind, usize) {
        const QUOTES: &str = "\"\"\"";
        const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
        let body = rest.get(QUOTES.len()..).unwrap_or_default();
        if let Some(end) = body.find(QUOTES)
            && !body.get(..end).unwrap_or_default().contains('\n')
        {
            return (TokenKind::Quoted, end + 2 * QUOTES.len());
        }
        let opens = line(body).trim_end_matches(BLANKS).is_empty();
        let mut next_item = None;
        let mut at = rest.find('\n').map_or(rest.len(), |line_break| line_break + 1);
        for content in rest.get(at..).unwrap_or_default().split_inclusive('\n') {
            let trimmed = content.trim_matches(BLANKS);
            let indent = content.len() - content.trim_start_matches(BLANKS).len();
            if trimmed.starts_with(QUOTES) {
                return (if opens { TokenKind::Text } else { TokenKind::Quoted }, at + indent + QUOTES.len());
            }
            if let Some(before) = trimmed.strip_suffix(QUOTES) {
                // A later item opens a text of its own, so this one is not closed.
                if next_item.is_some() && before.trim_end().to_ascii_lowercase().ends_with("reply") {
                    break;
                }
                return (TokenKind::Quoted, at + indent + trimmed.len());
            }
            if !opens && trimmed.contains(QUOTES) {
                break;
            }
            let first_word = trimmed.get(..word(trimmed)).unwrap_or_default();
            if next_item.is_none() && indent <= self.indent && is_item_word(first_word) {
                next_item = Some(at);
            }
            at += content.len();
        }
        let end = next_item.unwrap_or(at);
        (TokenKind::Unclosed, rest.get(..end).unwrap_or(rest).trim_end().len())
    }
}

/// Whether an item starts with `word`, in any case of letters.
pub(super) fn is_item_word(word: &str) -> bool {
    ItemWord::ALL.iter().any(|item| word.eq_ignore_ascii_case(item.word()))
}

/// The first line of `rest`, without its break.
fn line(rest: &str) -> &str {
    rest.split('\n').next().unwrap_or_default().trim_end_matches('\r')
}

fn unclosed(rest: &str) -> usize {
    line(rest).trim_end().len()
}

/// How many bytes of `rest` are letters of any script, their marks, digits and `_`.
fn word(rest: &str) -> usize {
    let plain = rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
    let next = rest.get(plain..).unwrap_or_default();
    if next.bytes().next().is_none_or(|byte| byte.is_ascii()) {
        return plain;
    }
    let goes_on = |c: char| c == '_' || c.is_alphanumeric() || is_mark(c);
    plain + next.find(|c| !goes_on(c)).unwrap_or(next.len())
}

fn is_mark(character: char) -> bool {
    GeneralCategoryGroup::Mark.contains(CodePointMapData::<GeneralCategory>::new().get(character))
        && invisible(character).is_none()
}

/// Where the text that `rest` starts with ends: after the first closing sign on its line that has no backslash
/// before it.
fn closed(rest: &str, quote: u8) -> Option<usize> {
    let mut escaped = false;
    for (at, byte) in rest.bytes().enumerate().skip(1) {
        match byte {
            b'\n' => return None,
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            // `//` is not an empty pattern.
            _ if byte == quote && !(quote == b'/' && at == 1) => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// A text in other quotes than `"`, as phones, word processors and programmers write them.
fn quoted(rest: &str, open: char) -> Option<(TokenKind, usize)> {
    let closers: &[char] = match open {
        '“' => &['”', '‟'],
        '„' => &['“', '”', '‟'],
        '”' | '‟' | '＂' => &['”', '‟', '＂'],
        '〝' => &['〞'],
        '«' => &['»'],
        '»' => &['«'],
        '‹' => &['›'],
        '「' => &['」'],
        '‘' | '’' | '‚' | '‛' | '\'' => &['’', '‘', '\''],
        '`' => &['`', '\''],
        _ => return None,
    };
    let is_single = closers.contains(&'\'');
    // What else may close it: a straight quote, or the opening quote again.
    let mut otherwise = None;
    for (at, character) in rest.char_indices().skip(1) {
        let end = at + character.len_utf8();
        if character == '\n' {
            break;
        }
        if closers.contains(&character) {
            // An apostrophe is followed by a letter: `'don't'`.
            let is_apostrophe = is_single && rest.get(end..)?.starts_with(char::is_alphanumeric);
            if !is_apostrophe {
                return Some((TokenKind::Quoted, end));
            }
        } else if character == open {
            otherwise = otherwise.or(Some(end));
            break;
        } else if character == '"' {
            otherwise = otherwise.or(Some(end));
        }
    }
    match otherwise {
        _ if is_single => None,
        Some(end) => Some((TokenKind::Quoted, end)),
        None => Some((TokenKind::Unclosed, unclosed(rest))),
    }
}

/// Whether `character` is a quotation mark of some language.
pub(super) fn is_quote(character: char) -> bool {
    matches!(
        character,
        '"' | '“'
            | '”'
            | '„'
            | '‟'
            | '〝'
            | '〞'
            | '＂'
            | '«'
            | '»'
            | '‘'
            | '’'
            | '‚'
            | '‛'
            | '\''
            | '‹'
            | '›'
            | '`'
            | '「'
            | '」'
    )
}

fn sign(rest: &str, character: char) -> usize {
    let long = SIGNS.iter().find(|sign| rest.starts_with(**sign));
    long.map_or(character.len_utf8(), |sign| sign.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(TokenKind, &str)]) {
        let found: Vec<_> = lex(text).into_iter().map(|token| (token.kind, token.of(text))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn words_numbers_and_signs() {
        use TokenKind::{Number, Sign, Word};
        check("new_customer>=5m,", &[(Word, "new_customer"), (Sign, ">="), (Number, "5m"), (Sign, ",")]);
        check("a && b", &[(Word, "a"), (Sign, "&&"), (Word, "b")]);
        check("قهوة،", &[(Word, "قهوة"), (Sign, "،")]);
        check("مُهم", &[(Word, "مُهم")]);
    }

    #[test]
    fn texts_end_with_their_line() {
        check(r#""a \" # b" c"#, &[(TokenKind::Text, r#""a \" # b""#), (TokenKind::Word, "c")]);
        check("\"a\r\nb", &[(TokenKind::Unclosed, "\"a"), (TokenKind::Word, "b")]);
    }

    #[test]
    fn other_quotes() {
        check("“a” b", &[(TokenKind::Quoted, "“a”"), (TokenKind::Word, "b")]);
        check("'don't' b", &[(TokenKind::Quoted, "'don't'"), (TokenKind::Word, "b")]);
        check("don't", &[(TokenKind::Word, "don"), (TokenKind::Sign, "'"), (TokenKind::Word, "t")]);
        check("“a\nb", &[(TokenKind::Unclosed, "“a"), (TokenKind::Word, "b")]);
        check("\"\"\"a\"\"\" b", &[(TokenKind::Quoted, "\"\"\"a\"\"\""), (TokenKind::Word, "b")]);
    }

    #[test]
    fn patterns_and_comments() {
        check(
            "matches /a#\\/b/ # c",
            &[(TokenKind::Word, "matches"), (TokenKind::Pattern, "/a#\\/b/"), (TokenKind::Comment, "# c")],
        );
        check("12/25", &[(TokenKind::Number, "12"), (TokenKind::Sign, "/"), (TokenKind::Number, "25")]);
        check("x // y", &[(TokenKind::Word, "x"), (TokenKind::Sign, "//"), (TokenKind::Word, "y")]);
    }

    #[test]
    fn block_texts() {
        check(
            "\"\"\"\nwhen # \"x\"\n  \"\"\" a",
            &[(TokenKind::Text, "\"\"\"\nwhen # \"x\"\n  \"\"\""), (TokenKind::Word, "a")],
        );
        // Not closed: back to the next item.
        check(
            "reply \"\"\"\nHi\n\nrule \"b\"",
            &[
                (TokenKind::Word, "reply"),
                (TokenKind::Unclosed, "\"\"\"\nHi"),
                (TokenKind::Word, "rule"),
                (TokenKind::Text, "\"b\""),
            ],
        );
        // Not closed, and a later item has a block text of its own.
        check(
            "reply \"\"\"\nHi\nrule\nreply \"\"\"\nYo\n\"\"\"",
            &[
                (TokenKind::Word, "reply"),
                (TokenKind::Unclosed, "\"\"\"\nHi"),
                (TokenKind::Word, "rule"),
                (TokenKind::Word, "reply"),
                (TokenKind::Text, "\"\"\"\nYo\n\"\"\""),
            ],
        );
        // Closed at the end of a line.
        check("\"\"\"\nHi\"\"\"\na", &[(TokenKind::Quoted, "\"\"\"\nHi\"\"\""), (TokenKind::Word, "a")]);
    }

    #[test]
    fn hidden_characters_keep_a_word_first() {
        let text = "\u{200F}when\u{A0}a";
        let tokens = lex(text);
        assert_eq!(tokens.iter().filter(|token| token.first).count(), 2);
        check(
            text,
            &[
                (TokenKind::Invisible(Invisible::ZeroWidth), "\u{200F}"),
                (TokenKind::Word, "when"),
                (TokenKind::Invisible(Invisible::Space), "\u{A0}"),
                (TokenKind::Word, "a"),
            ],
        );
    }
}
