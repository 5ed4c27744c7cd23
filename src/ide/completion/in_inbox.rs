//! What may be written in `inbox.toml`: sections, fields, the kinds of attributes, the ids of users.

use std::sync::Arc;

use super::suggestions::Suggestions;
use super::{Completion, CompletionKind};
use crate::diagnostic::Code;
use crate::inbox::LintLevel;
use crate::policy::{Folder, INBOX};
use crate::text::Span;

const SECTIONS: [(&str, &str); 7] = [
    ("timezone", "the time zone of policies that set none"),
    ("numbers", "the WhatsApp numbers"),
    ("users", "the people who answer"),
    ("groups", "the users of each group, in turn order"),
    ("attributes", "what customers carry beyond country, language, name and phone"),
    ("message", "what messages carry beside their text"),
    ("lints", "the levels of findings"),
];

const USER_FIELDS: [(&str, &str); 5] = [
    ("name", "the name that customers read; by default the id"),
    ("capacity", "the most open chats at a time; by default no limit"),
    ("skills", "what a rule can ask for by `with skill`"),
    ("weight", "the share of chats under `by weighted`; by default 1"),
    ("owns", "false: never becomes an owner by being given a chat"),
];

const NUMBER_FIELDS: [(&str, &str); 3] = [
    ("name", "a name for people"),
    ("phone_number_id", "the id of the number in the WhatsApp Cloud API"),
    ("rules", "the file with its policy, where that is not the file named after the number"),
];

/// What may be written at the byte `at` of `inbox.toml`.
pub(super) fn completion(folder: &Folder, at: u32) -> Vec<Completion> {
    let Some(source) = &folder.inbox_source else { return Vec::new() };
    let Some(before) = source.text.get(..at as usize) else { return Vec::new() };
    let name: Arc<str> = INBOX.into();
    let start = before.trim_end_matches(is_of_key).len();
    let mut suggestions = Suggestions::new(folder, &name, Span::new(start, at as usize));
    let line = before.rsplit('\n').next().unwrap_or_default();
    let is_in_text = !line.matches('"').count().is_multiple_of(2);
    let typed = line.strip_suffix(before.get(start..).unwrap_or_default()).unwrap_or(line);
    if line.contains('#') && !is_in_text {
        return Vec::new();
    }
    if typed.trim_start().starts_with('[') && !typed.contains('=') {
        if typed.trim() == "[" {
            add_all(&mut suggestions, &SECTIONS);
        }
        return suggestions.finish();
    }
    let cursor = TomlCursor {
        section: section_of(before),
        key: typed.split_once('=').map(|(key, _)| key.trim()),
        is_in_text,
    };
    add(&mut suggestions, &cursor, typed.trim().is_empty());
    suggestions.finish()
}

/// Where a value is written.
struct TomlCursor<'t> {
    /// `users` and `alice` of `[users.alice]`
    section: (&'t str, Option<&'t str>),
    /// The key before `=` on the line.
    key: Option<&'t str>,
    /// Whether a quote is open.
    is_in_text: bool,
}

fn add(suggestions: &mut Suggestions, cursor: &TomlCursor, begins_line: bool) {
    let folder = suggestions.folder;
    let TomlCursor { section: (section, entry), key, is_in_text } = *cursor;
    let quote = |text: &str| if is_in_text { text.to_owned() } else { format!("\"{text}\"") };
    match (section, key) {
        ("users", None) if begins_line && entry.is_some() => add_all(suggestions, &USER_FIELDS),
        ("numbers", None) if begins_line && entry.is_some() => add_all(suggestions, &NUMBER_FIELDS),
        ("", None) if begins_line => add_all(suggestions, SECTIONS.get(..1).unwrap_or_default()),
        ("groups", _) if key.is_some() || !begins_line || is_in_text => {
            for user in &folder.inbox.users {
                let shown = (user.name != user.id).then(|| user.name.to_string());
                suggestions.add(&user.id, CompletionKind::User, shown, &quote(&user.id));
            }
        }
        ("users", Some("skills")) => {
            for skill in folder.inbox.users.iter().flat_map(|user| &user.skills_as_written) {
                suggestions.add(skill, CompletionKind::Text, None, &quote(skill));
            }
        }
        ("users", Some("owns")) => {
            for word in ["false", "true"] {
                suggestions.add(word, CompletionKind::Value, None, word);
            }
        }
        ("numbers", Some("rules")) => {
            for file in folder.files.names() {
                suggestions.add(file, CompletionKind::File, None, &quote(file));
            }
        }
        ("attributes" | "message", Some(_)) => {
            for kind in ["text", "number", "flag"] {
                suggestions.add(kind, CompletionKind::Value, None, &quote(kind));
            }
        }
        ("lints", None) if begins_line => {
            for code in Code::ALL.iter().filter(|code| !code.is_fault()) {
                suggestions.add(code.name(), CompletionKind::Value, None, code.name());
            }
        }
        ("lints", Some(_)) => {
            for (level, _) in LintLevel::ALL {
                suggestions.add(level, CompletionKind::Value, None, &quote(level));
            }
        }
        _ => {}
    }
}

fn add_all(suggestions: &mut Suggestions, words: &[(&str, &str)]) {
    for (word, meaning) in words {
        suggestions.add(word, CompletionKind::Keyword, Some((*meaning).to_owned()), word);
    }
}

/// The parts of the last header: `users` and `alice` of `[users.alice]`; empty above the first.
fn section_of(before: &str) -> (&str, Option<&str>) {
    let header = before.lines().rev().find_map(|line| {
        let line = line.trim().split('#').next()?.trim();
        line.strip_prefix('[')?.strip_suffix(']')
    });
    match header.map(|header| header.split_once('.').ok_or(header)) {
        Some(Ok((section, entry))) => (section.trim(), Some(entry.trim())),
        Some(Err(section)) => (section.trim(), None),
        None => ("", None),
    }
}

fn is_of_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}
