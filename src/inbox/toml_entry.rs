//! Reads values of a TOML file as the types that they should have. A value of the wrong type is reported and left out.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Finding, MAX_FINDINGS, nearest, one_of};
use crate::language::fold;
use crate::text::{Span, quoted};

/// The largest capacity or weight.
const MAX_WHOLE_NUMBER: u32 = 1_000_000;

/// `key = value`; or one value of a list, with the key of the list.
pub struct TomlEntry<'a> {
    /// The key.
    pub key: &'a str,
    /// The place of the key.
    pub key_span: Span,
    /// The value.
    pub value: &'a DeValue<'a>,
    /// The place of the value.
    pub span: Span,
}

/// The entries of a table, in the order of the file.
pub(super) fn entries<'a>(table: &'a DeTable<'a>) -> Vec<TomlEntry<'a>> {
    let mut entries: Vec<TomlEntry<'a>> = table
        .iter()
        .map(|(key, value)| TomlEntry {
            key: key.get_ref(),
            key_span: span(key),
            value: value.get_ref(),
            span: span(value),
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_span);
    entries
}

fn span<T>(spanned: &Spanned<T>) -> Span {
    Span::new(spanned.span().start, spanned.span().end)
}

/// Reads values and collects the findings about them. A method returns a value only if it is valid.
pub struct TomlReader {
    file: Arc<str>,
    /// The keys above the first section.
    top_keys: &'static [&'static str],
    pub(super) findings: Vec<Finding>,
}

impl TomlReader {
    pub(super) fn new(file: Arc<str>, top_keys: &'static [&'static str]) -> Self {
        Self { file, top_keys, findings: Vec::new() }
    }

    /// A new finding in this file, to be passed to [`report`](Self::report).
    pub fn error(&self, code: Code, span: Span, message: String) -> Finding {
        Finding::new(code, &self.file, span, message)
    }

    /// Whether one more finding will be read.
    pub fn has_room(&self) -> bool {
        self.findings.len() <= MAX_FINDINGS
    }

    /// Keeps a finding.
    pub fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Reports `finding` with the suggestion `near`, or else with `help`.
    pub fn did_you_mean(&mut self, finding: Finding, near: Option<&str>, help: &str, span: Span) {
        self.report(match near {
            Some(near) => finding.did_you_mean(near, span, quoted(near)),
            None => finding.help(help),
        });
    }

    /// Reports a key that does not exist in `place`.
    pub fn unknown_key(&mut self, entry: &TomlEntry, known: &[&'static str], place: &str) {
        let finding = self.error(Code::Syntax, entry.key_span, format!("{place} has no `{}`", entry.key));
        self.report(match nearest(entry.key, known.iter().copied()) {
            Some(near) => finding.did_you_mean(near, entry.key_span, near),
            None if self.top_keys.contains(&entry.key) => {
                finding.help("move it above the first line in `[ ]`")
            }
            None => finding.help(format!("it can have {}", one_of(known.iter().copied()))),
        });
    }

    /// A new finding about a value that should be `expected`.
    pub fn type_mismatch(&self, entry: &TomlEntry, expected: &str, form: &str) -> Finding {
        let message = format!("`{}` should be {expected}, but this is {}", entry.key, type_name(entry.value));
        self.error(Code::TypeMismatch, entry.span, message).help(format!("write it as `{form}`"))
    }

    /// The entries of a section; none if the value is not a section.
    pub fn section<'a>(&mut self, entry: &TomlEntry<'a>, form: &str) -> Vec<TomlEntry<'a>> {
        if let DeValue::Table(table) = entry.value {
            return entries(table);
        }
        self.report(self.type_mismatch(entry, "a section", form));
        Vec::new()
    }

    /// The values of a list; none if the value is not a list.
    pub fn list<'a>(&mut self, entry: &TomlEntry<'a>, form: &str) -> Vec<TomlEntry<'a>> {
        if let DeValue::Array(values) = entry.value {
            let element = |value: &'a Spanned<DeValue<'a>>| TomlEntry {
                key: entry.key,
                key_span: entry.key_span,
                value: value.get_ref(),
                span: span(value),
            };
            return values.iter().map(element).collect();
        }
        let mut finding = self.type_mismatch(entry, "a list", form);
        if let DeValue::String(text) = entry.value {
            // `"alice, bob"` has two values.
            let values = text.split(',').map(str::trim).filter(|value| !value.is_empty());
            let list = format!("[{}]", values.map(quoted).collect::<Vec<_>>().join(", "));
            finding = finding.fix(format!("write `{list}`"), entry.span, list);
        }
        self.report(finding);
        Vec::new()
    }

    /// A text.
    pub fn text<'a>(&mut self, entry: &TomlEntry<'a>, form: &str) -> Option<&'a str> {
        if let DeValue::String(text) = entry.value {
            return Some(text);
        }
        self.report(self.type_mismatch(entry, "a text in quotes", form));
        None
    }

    /// A text that is not empty once folded.
    pub fn non_empty_text(&mut self, entry: &TomlEntry, form: &str) -> Option<String> {
        if let DeValue::Integer(number) = entry.value {
            let quoted = quoted(&number.to_string());
            let finding = self.type_mismatch(entry, "a text in quotes", form);
            self.report(finding.fix(format!("write `{quoted}`"), entry.span, quoted));
            return None;
        }
        let text = self.text(entry, form)?;
        self.check_not_empty(text, entry.span, "this text is empty").then(|| text.to_owned())
    }

    /// Whether `text` is not empty once folded. If it is, it is reported.
    pub fn check_not_empty(&mut self, text: &str, span: Span, message: &str) -> bool {
        let is_empty = fold(text).is_empty();
        if is_empty {
            let finding = self.error(Code::EmptyText, span, message.to_owned());
            self.report(finding.help("write a text between the quotes, or leave it out"));
        }
        !is_empty
    }

    /// `true` or `false`
    pub fn boolean(&mut self, entry: &TomlEntry, form: &str) -> Option<bool> {
        if let DeValue::Boolean(value) = entry.value {
            return Some(*value);
        }
        let finding = self.type_mismatch(entry, "`true` or `false`", form);
        let meant = match entry.value {
            DeValue::String(text) => meant_boolean(text),
            _ => None,
        };
        self.report(match meant {
            Some(word) => finding.fix(format!("write `{word}`"), entry.span, word),
            None => finding,
        });
        None
    }

    /// A whole number from 1 to [`MAX_WHOLE_NUMBER`].
    pub fn whole_number(&mut self, entry: &TomlEntry, form: &str) -> Option<u32> {
        let number = match entry.value {
            DeValue::Integer(integer) => u32::from_str_radix(integer.as_str(), integer.radix()).ok(),
            DeValue::Float(_) => None,
            _ => {
                let finding = self.type_mismatch(entry, "a number", form);
                let figures = match entry.value {
                    DeValue::String(text) => text.trim().parse::<u32>().ok(),
                    _ => None,
                };
                self.report(match figures.filter(|number| (1..=MAX_WHOLE_NUMBER).contains(number)) {
                    Some(number) => finding.fix(format!("write `{number}`"), entry.span, number.to_string()),
                    None => finding,
                });
                return None;
            }
        };
        let number = number.filter(|number| (1..=MAX_WHOLE_NUMBER).contains(number));
        if number.is_none() {
            let message = format!("`{}` must be a whole number from 1 to 1,000,000", entry.key);
            self.report(
                self.error(Code::InvalidNumber, entry.span, message).help(format!("write it as `{form}`")),
            );
        }
        number
    }
}

fn type_name(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "a `true` or `false`",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a section",
    }
}

/// `true` or `false`, if `text` is one of the words that people write for it.
pub(super) fn meant_boolean(text: &str) -> Option<&'static str> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    }
}
