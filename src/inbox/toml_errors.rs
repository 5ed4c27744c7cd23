//! The errors of the TOML parser in plain words.

use std::collections::BTreeSet;
use std::sync::Arc;

use toml::de::Error;

use super::toml_entry::meant_boolean;
use super::toml_lines::line_mistakes;
use crate::diagnostic::{Code, Finding};
use crate::text::{LineIndex, Source, Span, quoted};

/// The errors of a TOML text, and the parts of it that they make unreliable.
pub(super) struct TomlErrors {
    /// One finding for each line that could not be read, and one for each value without quotes.
    pub(super) findings: Vec<Finding>,
    /// Whether a part of the text is lost, so that names that seem to be missing may be in that part.
    pub(super) is_lossy: bool,
    lines: LineIndex,
    broken_lines: BTreeSet<u32>,
    unreadable_from: Option<u32>,
}

impl TomlErrors {
    /// Whether the parser could read the text at `span`.
    pub(super) fn is_readable_at(&self, span: Span) -> bool {
        !self.broken_lines.contains(&self.lines.line(span.start))
            && self.unreadable_from.is_none_or(|lost| span.start < lost)
    }
}

/// Explains the parser's `errors`. Only the first of each line is reported: the others are mostly consequences of it.
pub(super) fn explain(source: &Source, errors: &[Error]) -> TomlErrors {
    let lines = LineIndex::new(&source.text);
    let place = |error: &Error| error.span().map_or(Span::default(), |span| Span::new(span.start, span.end));
    let mistakes = if errors.is_empty() { Vec::new() } else { line_mistakes(source) };
    let lost_from = mistakes.iter().find_map(|mistake| mistake.lost_from);
    let lost_from = lost_from.map(|lost| Span::new(lost, lost).start);
    // A bracket that is not closed makes the rest of the file part of one value.
    let unclosed = errors.iter().find(|error| is_unclosed(error.message()));
    let unreadable_from = lost_from.or(unclosed.map(|error| place(error).start));
    let mut findings: Vec<Finding> = mistakes.into_iter().map(|mistake| mistake.finding).collect();
    let mut broken_lines: BTreeSet<u32> =
        findings.iter().map(|finding| lines.line(finding.span.start)).collect();
    let (unquoted, other): (Vec<&Error>, Vec<&Error>) =
        errors.iter().partition(|error| bare_word(source, error.message(), place(error)).is_some());
    for error in &other {
        let span = place(error);
        if unreadable_from.is_none_or(|lost| span.start <= lost)
            && broken_lines.insert(lines.line(span.start))
        {
            findings.push(finding(source, error.message(), span));
        }
    }
    let mut unquoted_lines = BTreeSet::new();
    for error in unquoted {
        let span = bare_word(source, error.message(), place(error)).unwrap_or_else(|| place(error));
        let line = lines.line(span.start);
        if unreadable_from.is_none_or(|lost| span.start < lost) && !broken_lines.contains(&line) {
            unquoted_lines.insert(line);
            findings.push(self::unquoted(source, span));
        }
    }
    broken_lines.extend(unquoted_lines);
    let is_lossy = other.iter().any(|error| error.message() != DUPLICATE);
    TomlErrors { findings, is_lossy, lines, broken_lines, unreadable_from }
}

const DUPLICATE: &str = "duplicate key";

fn is_unquoted(message: &str) -> bool {
    message.starts_with("string values must be quoted")
}

fn is_unclosed(message: &str) -> bool {
    ["unclosed array,", "unclosed inline table", "unexpected `=` in array", "cannot recurse further"]
        .iter()
        .any(|start| message.starts_with(start))
}

/// The value without quotes that the error is about. A word that starts as `true`, `false`, `nan` or `inf` do is taken for
/// one of these, so the error is about its letters.
fn bare_word(source: &Source, message: &str, span: Span) -> Option<Span> {
    if is_unquoted(message) {
        return Some(span);
    }
    let is_number = message.starts_with("invalid float") || message.starts_with("invalid boolean");
    let line = line_around(source, span);
    let text = source.slice(line);
    let equals = text.find('=').filter(|_| is_number)?;
    let before = text.get(..span.start as usize - line.start as usize + 1).unwrap_or(text);
    let start = before.rfind(['=', '[', ',', '{', ' ']).map_or(equals + 1, |at| at + 1);
    let rest = text.get(start..)?;
    let word = rest.trim_start();
    let start = start + rest.len() - word.len();
    let end = word.find([',', ']', '}', '#', ' ', '\t']).unwrap_or(word.len());
    // An address such as `127.0.0.1:80` begins as a number does.
    let is_address = word.matches(['.', ':']).count() > 1;
    let is_word = word.starts_with(char::is_alphabetic) || is_address;
    (is_word && start > equals)
        .then(|| Span::new(line.start as usize + start, line.start as usize + start + end))
}

/// The finding for one error. The parser's errors are English sentences without codes, so the start of the
/// sentence identifies an error. The tests fail if a new version of the parser changes these sentences.
fn finding(source: &Source, message: &str, span: Span) -> Finding {
    let file = &source.name;
    let syntax = |message: String| Finding::new(Code::Syntax, file, span, message);
    let missing_at = |sign: &str, place: u32| {
        let place = Span { start: place, end: place };
        syntax(format!("`{sign}` is missing here")).fix(format!("write `{sign}`"), place, sign)
    };
    let missing = |sign: &str| missing_at(sign, span.start);
    let is = |start: &str| message.starts_with(start);
    if message == DUPLICATE {
        let name = source.slice(span);
        Finding::new(Code::DuplicateName, file, span, format!("`{name}` is defined twice"))
            .help("keep one of the two")
    } else if is("cannot extend value") {
        syntax(format!("`{}` already has a value, so it cannot have keys of its own", source.slice(span)))
    } else if is("invalid unquoted key") || is("key with no value") {
        malformed_key(source, span)
    } else if is("unclosed table") || is("unclosed array table") {
        missing("]")
    } else if is("missing comma") {
        let before = source.text.get(..span.start as usize).unwrap_or_default().trim_end();
        missing_at(",", u32::try_from(before.len()).unwrap_or(span.start))
    } else if is("invalid basic string") {
        missing("\"")
    } else if is("invalid literal string") {
        missing("'")
    } else if is("missing escaped value") {
        syntax("`\\` is followed by a character that it cannot escape".into())
            .help("write `\\\\` for a backslash, or the text in single quotes")
    } else if is("unquoted keys cannot be empty") {
        syntax("a name is missing before `=`".into())
    } else if is("unclosed array") || is("unexpected `=` in array") {
        syntax("a list above is not closed".into()).help("write `]` at its end")
    } else if is("unclosed inline table") {
        syntax("a `{` above is not closed".into()).help("write `}` at its end")
    } else if is("cannot recurse further") || is("recursion limit") {
        syntax("the brackets are nested too deep".into())
    } else if is("unexpected key or value") || is("unexpected content") {
        let line = line_around(source, span);
        let rest = Span { start: span.start, end: line.end };
        if source.slice(rest).trim() == "," {
            return syntax("there is one `,` too many".into()).fix("remove `,`", rest, "");
        }
        syntax("this cannot follow on the same line".into())
            .help("start a new line here, or write `#` before a comment")
    } else {
        syntax(format!("this is not valid TOML: {message}"))
    }
}

/// `name = Alice`, `name = “Alice”`, `owns = no`, or nothing after `=`
fn unquoted(source: &Source, span: Span) -> Finding {
    let value = source.slice(span).trim();
    if value.is_empty() {
        return Finding::new(Code::Syntax, &source.name, span, "a value is missing here");
    }
    if let Some(word) = meant_boolean(value).filter(|_| is_value_of(source, span, "owns")) {
        let message = format!("`{value}` is not `true` or `false`");
        let finding = Finding::new(Code::Syntax, &source.name, span, message);
        return finding.help(format!("write `{word}`")).fix(format!("write `{word}`"), span, word);
    }
    if ["capacity", "weight"].iter().any(|key| is_value_of(source, span, key)) {
        let finding = Finding::new(Code::Syntax, &source.name, span, format!("`{value}` is not a number"));
        return finding.help("write a whole number in figures, such as `5`");
    }
    let text =
        value.trim_matches(|c: char| matches!(c, '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '"' | '\''));
    let finding =
        Finding::new(Code::Syntax, &source.name, span, format!("`{value}` needs straight quotes around it"));
    let quoted = quoted(text);
    finding.help(format!("write `{quoted}`")).fix(format!("write `{quoted}`"), span, quoted)
}

/// Whether the value at `span` is that of `key`.
fn is_value_of(source: &Source, span: Span, key: &str) -> bool {
    let before = source.slice(Span { start: line_around(source, span).start, end: span.start });
    let written = before.trim_end().strip_suffix('=').map(str::trim_end);
    written
        .and_then(|written| written.strip_suffix(key))
        .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
}

/// `timezone: "UTC"`, `[numbers.+15550100]`, `Night shift = []`, or a name without a value
fn malformed_key(source: &Source, span: Span) -> Finding {
    let line = line_around(source, span);
    let text = source.slice(line);
    let syntax = |span: Span, message: String| Finding::new(Code::Syntax, &source.name, span, message);
    if let Some((name, _)) =
        text.split_once(':').filter(|(name, _)| !name.contains(['"', '\'', '=', '[', '#']))
    {
        let at = line.start as usize + name.len();
        let colon = Span::new(at, at + 1);
        return syntax(colon, "this `:` should be `=`".into()).fix("write ` =`", colon, " =");
    }
    if let Some(name) = key_range(text, (span.start - line.start) as usize) {
        let span = Span::new(line.start as usize + name.start, line.start as usize + name.end);
        let quoted = quoted(source.slice(span));
        return syntax(span, format!("`{}` needs quotes around it", source.slice(span)))
            .help("a name without quotes can have only the letters a to z, digits, `-` and `_`")
            .fix(format!("write `{quoted}`"), span, quoted);
    }
    let name = text.trim();
    let start = line.start as usize + text.len() - text.trim_start().len();
    let place = Span::new(start, start + name.len());
    if name.ends_with(']') && !name.contains('[') {
        let before = Span::new(start, start);
        return syntax(place, format!("`[` is missing before `{name}`")).fix("write `[`", before, "[");
    }
    let finding = syntax(place, format!("`=` and a value are missing after `{name}`"));
    let before = source.text.get(..start).unwrap_or_default();
    // Only near lines are looked at, so that many mistakes take linear time.
    let section = before.lines().rev().take(50).map(str::trim).find(|line| line.starts_with('['));
    if section == Some("[users]") {
        return finding.help("a user is written `[users.alice]`, on a line of its own");
    }
    finding
}

/// In a line of TOML, the range around the offset `at` that the user meant as one key: up to `=`, or between dots in `[ ]`.
fn key_range(line: &str, at: usize) -> Option<std::ops::Range<usize>> {
    let (start, end) = if line.trim_start().starts_with('[') {
        let (before, after) = line.split_at_checked(at)?;
        (before.rfind(['.', '['])? + 1, at + after.find(['.', ']'])?)
    } else {
        (0, line.find('=')?)
    };
    let name = line.get(start..end)?;
    let start = start + (name.len() - name.trim_start().len());
    let name = name.trim();
    (!name.is_empty() && !name.contains(['"', '\''])).then(|| start..start + name.len())
}

fn line_around(source: &Source, span: Span) -> Span {
    let text: &Arc<str> = &source.text;
    let (before, after) = text.split_at_checked(span.start as usize).unwrap_or((text, ""));
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = span.start as usize + after.find(['\n', '\r']).unwrap_or(after.len());
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::tests::findings;

    #[test]
    fn quotes() {
        assert_snapshot!(findings("timezone = Africa/Cairo"), @r#"1:12 syntax: `Africa/Cairo` needs straight quotes around it (write `"Africa/Cairo"`) ["Africa/Cairo"]"#);
        assert_snapshot!(findings("timezone = \"Africa/Cairo\n[users.bob]\nname = “Bob”\n"), @r#"
        1:25 syntax: `"` is missing here ["]
        3:8 syntax: `“Bob”` needs straight quotes around it (write `"Bob"`) ["Bob"]
        "#);
        assert_snapshot!(findings("[users]\na = {}\n[groups]\nSales = [a, b]"), @r#"
        4:10 syntax: `a` needs straight quotes around it (write `"a"`) ["a"]
        4:13 syntax: `b` needs straight quotes around it (write `"b"`) ["b"]
        "#);
        assert_snapshot!(findings("[numbers.+15550100]\n[users.zoë]\n[groups]\nNight shift = []"), @r#"
        1:10 syntax: `+15550100` needs quotes around it (a name without quotes can have only the letters a to z, digits, `-` and `_`) ["+15550100"]
        2:8 syntax: `zoë` needs quotes around it (a name without quotes can have only the letters a to z, digits, `-` and `_`) ["zoë"]
        4:1 syntax: `Night shift` needs quotes around it (a name without quotes can have only the letters a to z, digits, `-` and `_`) ["Night shift"]
        "#);
    }

    /// Words that start as a number or a flag does.
    #[test]
    fn words_without_quotes() {
        assert_snapshot!(findings("[attributes]\norders = number\ncity = text # of delivery\nblocked = flag\nsize = [ free, info ]\n[lints]\nunanswered = note"), @r#"
        2:10 syntax: `number` needs straight quotes around it (write `"number"`) ["number"]
        3:8 syntax: `text` needs straight quotes around it (write `"text"`) ["text"]
        4:11 syntax: `flag` needs straight quotes around it (write `"flag"`) ["flag"]
        5:10 syntax: `free` needs straight quotes around it (write `"free"`) ["free"]
        5:16 syntax: `info` needs straight quotes around it (write `"info"`) ["info"]
        7:14 syntax: `note` needs straight quotes around it (write `"note"`) ["note"]
        "#);
        assert_snapshot!(findings("[users.a]\nowns = no\nname = no\n[users.b]\nowns = True # yes\n[users]\nc = { owns=off }\n"), @r#"
        2:8 syntax: `no` is not `true` or `false` (write `false`) [false]
        3:8 syntax: `no` needs straight quotes around it (write `"no"`) ["no"]
        5:8 syntax: `True` is not `true` or `false` (write `true`) [true]
        7:12 syntax: `off` is not `true` or `false` (write `false`) [false]
        "#);
        assert_snapshot!(findings("[users]\na = 1.\n"), @"2:7 syntax: this is not valid TOML: invalid fraction, expected digits");
    }

    #[test]
    fn punctuation() {
        assert_snapshot!(findings("timezone: \"UTC\"\n[users.bob\nname = \"Bob\"\ncapacity\nweight ="), @"
        1:9 syntax: this `:` should be `=` [ =]
        2:11 syntax: `]` is missing here []]
        4:1 syntax: `=` and a value are missing after `capacity`
        ");
        assert_snapshot!(findings("[users.a]\n[users.b]\n[groups]\nSales = [\"a\" \"b\"]\nSupport = [\"a\", \"b\"]"), @"4:14 syntax: `,` is missing here [,]");
        assert_snapshot!(findings("timezone = \"UTC\" Cairo\n= 3\n"), @"
        1:18 syntax: this cannot follow on the same line (start a new line here, or write `#` before a comment)
        2:1 syntax: a name is missing before `=`
        ");
        assert_snapshot!(findings("[users]\na = 1.\nb = \"\\q\""), @r"
        2:7 syntax: this is not valid TOML: invalid fraction, expected digits
        3:7 syntax: `\` is followed by a character that it cannot escape (write `\\` for a backslash, or the text in single quotes)
        ");
    }

    #[test]
    fn an_unclosed_bracket_swallows_the_rest() {
        assert_snapshot!(findings("[users.a]\n[groups]\nSales = [\"a\",\nSupport = [\"a\"]\nNight = [\"a\"]\n[lints]\nx = \"y\""), @"3:9 syntax: this list is not closed (write `]` at its end) []]");
        assert_snapshot!(findings("[users]\na = { name = \"A\"\nb = { name = 3 }"), @"3:1 syntax: `,` is missing here [,]");
        assert_snapshot!(findings(&format!("x = {}", "[".repeat(100_000))), @"1:85 syntax: the brackets are nested too deep");
    }

    #[test]
    fn a_lost_part_may_have_had_the_name() {
        assert_snapshot!(findings("[users.alice\nname = \"A\"\n[groups]\nSales = [\"alice\"]"), @"1:13 syntax: `]` is missing here []]");
    }

    #[test]
    fn duplicates() {
        assert_snapshot!(findings("users = 3\n[users.a]"), @"
        1:9 type-mismatch: `users` should be a section, but this is a number (write it as `[users.alice]`)
        2:2 syntax: `users` already has a value, so it cannot have keys of its own
        ");
        assert_snapshot!(findings("[users.a]\nname = \"x\"\nname = \"y\""), @"3:1 duplicate-name: `name` is defined twice (keep one of the two)");
    }
}
