//! Reads values of `host.toml` as what they mean. A value that means nothing is reported and left out.

use std::time::Duration;

use inbox_rules::Code;
use inbox_rules::diagnostic::{nearest, one_of};
use inbox_rules::inbox::{TomlEntry, TomlReader};
use secrecy::SecretString;
use toml::de::DeValue;

use super::duration::{duration_text, parse_duration};
use super::secret::{ReadSecret, SecretPlace};

/// One of these words, and what it stands for.
pub(super) fn choice<T: Copy>(
    entry: &TomlEntry<'_>,
    words: &[(&'static str, T)],
    form: &str,
    reader: &mut TomlReader,
) -> Option<T> {
    let text = reader.text(entry, form)?;
    let found = words.iter().find(|(word, _)| *word == text);
    if found.is_none() {
        let known = words.iter().map(|(word, _)| *word);
        let message = format!("`{}` cannot be `{text}`", entry.key);
        let finding = reader.error(Code::UnknownValue, entry.span, message);
        let help = format!("write {}", one_of(known.clone()));
        reader.did_you_mean(finding, nearest(text, known), &help, entry.span);
    }
    found.map(|(_, value)| *value)
}

/// `"12h"`, and at least `least`
pub(super) fn duration(
    entry: &TomlEntry<'_>,
    form: &str,
    least: Duration,
    reader: &mut TomlReader,
) -> Option<Duration> {
    let text = reader.text(entry, form)?;
    let Some(duration) = parse_duration(text) else {
        let finding =
            reader.error(Code::InvalidNumber, entry.span, format!("`{text}` is not a length of time"));
        let help = format!("write a whole number and `s`, `m`, `h` or `d`, as in `{form}`");
        reader.report(finding.help(help));
        return None;
    };
    if duration < least {
        let least = duration_text(least);
        let message = format!("`{}` must be at least {least}, but this is `{text}`", entry.key);
        reader.report(reader.error(Code::InvalidNumber, entry.span, message));
        return None;
    }
    Some(duration)
}

/// A text that something else reads; if it cannot, it says what to write.
pub(super) fn parsed<T>(
    entry: &TomlEntry<'_>,
    form: &str,
    what: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
    reader: &mut TomlReader,
) -> Option<T> {
    let text = reader.text(entry, form)?;
    match parse(text) {
        Ok(value) => Some(value),
        Err(help) => {
            let message = format!("`{}` should be {what}", entry.key);
            reader.report(reader.error(Code::UnknownValue, entry.span, message).help(help));
            None
        }
    }
}

/// A whole number from 0 to 2⁶³ − 1.
pub(super) fn seed(entry: &TomlEntry<'_>, reader: &mut TomlReader) -> Option<u64> {
    let DeValue::Integer(integer) = entry.value else {
        reader.report(reader.type_mismatch(entry, "a number", "seed = 0"));
        return None;
    };
    let seed = u64::from_str_radix(integer.as_str(), integer.radix()).ok();
    if seed.is_none() {
        let message = format!("`{}` must be a whole number that is not negative", entry.key);
        reader.report(reader.error(Code::InvalidNumber, entry.span, message).help("write it as `seed = 0`"));
    }
    seed
}

/// `{ env = "APP_SECRET" }` or `{ file = "token" }`
pub(super) fn secret(
    entry: &TomlEntry<'_>,
    read: &ReadSecret<'_>,
    reader: &mut TomlReader,
) -> Option<SecretString> {
    const FORM: &str = "{ env = \"NAME\" }` or `{ file = \"PATH\" }";
    if let DeValue::String(_) = entry.value {
        let finding =
            reader.error(Code::SecretInFile, entry.span, "a secret must not be in this file".to_owned());
        let help = format!("write where it is, as `{FORM}`; if others can read this file, change the secret");
        reader.report(finding.help(help));
        return None;
    }
    let mut places = Vec::new();
    let fields = match entry.value {
        DeValue::Table(_) => reader.section(entry, FORM),
        _ => {
            reader.report(reader.type_mismatch(entry, "where the secret is", FORM));
            return None;
        }
    };
    for field in &fields {
        match field.key {
            "env" => places.push(
                reader.text(field, "env = \"APP_SECRET\"").map(|name| SecretPlace::Variable(name.to_owned())),
            ),
            "file" => places
                .push(reader.text(field, "file = \"token\"").map(|path| SecretPlace::File(path.to_owned()))),
            _ => reader.unknown_key(field, &["env", "file"], "a secret"),
        }
    }
    match (places.as_slice(), fields.len()) {
        ([Some(place)], _) => match read(place) {
            Ok(secret) => Some(secret),
            Err(why) => {
                let code = match place {
                    SecretPlace::Variable(_) => Code::UnknownValue,
                    SecretPlace::File(_) => Code::UnknownFile,
                };
                reader.report(reader.error(code, entry.span, why));
                None
            }
        },
        ([], 0) | ([_, _, ..], _) => {
            let finding = reader.error(Code::TypeMismatch, entry.span, "a secret is in one place".to_owned());
            reader.report(finding.help(format!("write it as `{FORM}`")));
            None
        }
        _ => None,
    }
}

/// A list of one secret, or of two while it is being changed. `so`: what it means that there is none.
pub(super) fn secrets(
    entry: &TomlEntry<'_>,
    variable: &str,
    so: &str,
    read: &ReadSecret<'_>,
    reader: &mut TomlReader,
) -> Vec<SecretString> {
    let key = entry.key;
    if let DeValue::String(_) = entry.value {
        secret(entry, read, reader);
        return Vec::new();
    }
    let values = reader.list(entry, &format!("{key} = [{{ env = \"{variable}\" }}]"));
    if values.is_empty() && matches!(entry.value, DeValue::Array(_)) {
        let message = format!("`{key}` is empty, so {so}");
        reader.report(reader.error(Code::MissingSetting, entry.span, message));
    }
    if let Some(third) = values.get(2) {
        let finding = reader.error(Code::InvalidNumber, third.span, format!("there can be only two `{key}`"));
        reader.report(finding.help("keep the one in use, and the one that replaces it"));
    }
    values.iter().take(2).filter_map(|value| secret(value, read, reader)).collect()
}
