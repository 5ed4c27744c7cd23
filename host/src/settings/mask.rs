//! Findings show the lines that they are about, and those beside them. What may be a secret in these is not
//! shown.

use std::ops::Range;

use inbox_rules::text::{Source, Span};

/// A key that ends so has a secret as its value, or what is taken for it: `access_token`, `app_secret`.
const SECRET_ENDS: [&str; 7] = ["secret", "secrets", "token", "password", "key", "sha256", "store"];

/// The values that may be secrets, as far as they are not written as `{ env = "…" }` or `{ file = "…" }`.
/// They are found in the text itself, since a value that is no TOML may be one too.
pub(super) fn secret_values(text: &str) -> Vec<Range<usize>> {
    let mut values: Vec<Range<usize>> = Vec::new();
    let (mut at, mut open): (usize, Option<Range<usize>>) = (0, None);
    let mut keep = |range: Option<Range<usize>>| {
        let Some(range) = range else { return };
        let (before, value) =
            (text.get(..range.start).unwrap_or_default(), text.get(range.clone()).unwrap_or_default());
        // The address of a store may have a password in it.
        let is_store = before.trim_end_matches(['=', ':', ' ', '"']).ends_with("store");
        if may_be_secret(value) && (!is_store || value.contains('@')) {
            values.push(range);
        }
    };
    for line in text.split_inclusive('\n') {
        let value = secret_value(line);
        match (&mut open, value) {
            (_, Some(value)) => keep(open.replace(at + value..at + line.len())),
            (Some(_), None) if begins_anew(line) => keep(open.take()),
            (Some(open), None) => open.end = at + line.len(),
            (None, None) => {}
        }
        at += line.len();
    }
    keep(open);
    values
}

/// The same text with a `*` for each byte of those values, so that places stay where they are.
pub(super) fn masked(source: &Source, values: &[Range<usize>]) -> Source {
    let mut text = source.text.to_string();
    for value in values {
        let Some(shown) = source.text.get(value.clone()) else { continue };
        let stars: String = shown
            .chars()
            .map(|c| if c.is_whitespace() { c.to_string() } else { "*".repeat(c.len_utf8()) })
            .collect();
        text.replace_range(value.clone(), &stars);
    }
    Source::new(source.name.clone(), text)
}

/// Whether something at `span` shows one of those values.
pub(super) fn shows(values: &[Range<usize>], span: Span) -> bool {
    let span = span.range();
    values.iter().any(|value| value.start <= span.end && span.start < value.end)
}

/// Where the value of a secret key begins on that line. Before it there should be a `=`.
fn secret_value(line: &str) -> Option<usize> {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let is_secret = |key: &str| {
        let key = key.to_ascii_lowercase();
        SECRET_ENDS.iter().any(|end| key.ends_with(end))
    };
    let follows_key = |equals: &usize| {
        let before = line.get(..*equals).unwrap_or_default().trim_end().trim_end_matches(['"', '\'']);
        is_secret(before.rsplit(|c| !is_bare(c)).next().unwrap_or_default())
    };
    let equals = line.match_indices(['=', ':']).map(|(equals, _)| equals).find(follows_key);
    let indent = line.len() - line.trim_start().len();
    let word = line.trim_start().split_once(char::is_whitespace).map(|(word, _)| word);
    let is_word = |word: &&str| is_secret(word.trim_matches(['"', '\'']));
    equals.map(|equals| equals + 1).or(word.filter(is_word).map(|word| indent + word.len()))
}

/// Whether a line does not go on with the value above it: it is a section, or has a key of its own.
fn begins_anew(line: &str) -> bool {
    let line = line.trim_start();
    let name = line.trim_start_matches('[');
    let is_section = name.len() < line.len() && name.starts_with(char::is_alphabetic) && name.contains(']');
    let key = line.split_once('=').map_or("", |(key, _)| key.trim());
    is_section || (!key.is_empty() && !key.contains(['{', '[', '"', '\'', '#']))
}

/// Whether a value is anything but `{ env = "…" }` and `{ file = "…" }`, or a list of these.
fn may_be_secret(value: &str) -> bool {
    let mut rest = value.trim_start();
    while !rest.is_empty() && !rest.starts_with('#') {
        let places = rest.strip_prefix('{').and_then(|rest| rest.split_once('}'));
        rest = match places.filter(|(places, _)| places.split(',').all(is_place)) {
            Some((_, after)) => after.trim_start(),
            None => match rest.strip_prefix(['[', ']', ',']) {
                Some(after) => after.trim_start(),
                None => return true,
            },
        };
    }
    false
}

/// `env = "APP_SECRET"`, `file = "token"`, or nothing
fn is_place(text: &str) -> bool {
    let Some((key, value)) = text.split_once('=') else { return text.trim().is_empty() };
    let value = value.trim();
    let is_text =
        value.len() > 1 && value.starts_with('"') && value.ends_with('"') && value.matches('"').count() == 2;
    matches!(key.trim(), "env" | "file") && is_text
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    fn mask(text: &str) -> String {
        let text = text.trim_start();
        let source = Source::new("host.toml", text);
        masked(&source, &secret_values(text)).text.to_string()
    }

    #[test]
    fn a_place_is_shown_and_a_secret_is_not() {
        assert_snapshot!(mask(
            r#"
store = "postgres://inbox:hush@db/inbox"
[whatsapp.main]
app_secrets = [{ env = "APP_SECRET" }, { file = "old" }]
verify_token = "hush"
access_token = hush # why
version = "v25.0"
[whatsapp.two]
app_secrets = [
  { env = "APP_SECRET" },
  "hush",
]
numbers = ["1"]
access_token: "hush"
[[tokens]]
name = "crm"
"token" = 'hush'
"#
        ), @r#"
        store = ********************************
        [whatsapp.main]
        app_secrets = [{ env = "APP_SECRET" }, { file = "old" }]
        verify_token = ******
        access_token = **** * ***
        version = "v25.0"
        [whatsapp.two]
        app_secrets = *
          * *** * ************ **
          *******
        *
        numbers = ["1"]
        access_token: ******
        [[tokens]]
        name = "crm"
        "token" = ******
        "#);
    }

    #[test]
    fn in_one_line_and_in_a_comment() {
        assert_snapshot!(mask(
            "a = { access_token = \"hush\", version = \"v1.0\" }\n# app_secret = \"hush\"\nstore = \"sqlite:a.db\"\n"
        ), @r#"
        a = { access_token = ******* ******* * ****** *
        # app_secret = ******
        store = "sqlite:a.db"
        "#);
    }
}
