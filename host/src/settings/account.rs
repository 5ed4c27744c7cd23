//! Reads `[whatsapp.NAME]`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use inbox_rules::Code;
use inbox_rules::diagnostic::Level;
use inbox_rules::inbox::{TomlEntry, TomlReader};
use inbox_rules::text::Span;
use toml::de::DeValue;

use super::entry::{choice, duration, parsed, secret, secrets};
use super::host_settings::{AccountSettings, UnknownSend};
use super::secret::ReadSecret;

pub(super) const ACCOUNT_KEYS: [&str; 10] = [
    "app_secrets",
    "verify_token",
    "access_token",
    "base_url",
    "version",
    "numbers",
    "per_second",
    "unknown",
    "unknown_after",
    "ghost_wait",
];

/// At most one second passes between two looks at what is due.
const SECOND: Duration = Duration::from_secs(1);

/// `[whatsapp.main]`, `[whatsapp.NAME]`. `is_whole`: what seems to be missing is not in a part that cannot be read.
pub(super) fn read_accounts(
    section: &TomlEntry<'_>,
    is_whole: bool,
    read: &ReadSecret<'_>,
    reader: &mut TomlReader,
) -> BTreeMap<Arc<str>, AccountSettings> {
    let mut accounts = BTreeMap::new();
    let (mut first_of_id, mut for_all): (BTreeMap<String, Span>, Option<Span>) = (BTreeMap::new(), None);
    for entry in reader.section(section, "[whatsapp.main]") {
        let is_plain =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_');
        if entry.key.is_empty() || !entry.key.bytes().all(is_plain) {
            let message = format!("`{}` cannot be the name of an account", entry.key);
            let finding = reader.error(Code::UnknownValue, entry.key_span, message);
            reader
                .report(finding.help("it is part of an address, so it can have a to z, digits, `-` and `_`"));
        }
        let account = read_account(&entry, read, &mut first_of_id, reader);
        if is_whole {
            report_missing(&entry, reader);
        }
        let is_for_all = account.numbers.is_empty();
        if let (true, Some(first)) = (is_for_all, for_all) {
            let message = "two accounts are for all numbers that no other account lists".to_owned();
            let finding = reader.error(Code::DuplicateName, entry.key_span, message);
            let help = "write `numbers = [\"106540352242922\"]` in one of them, with its phone_number_ids";
            reader.report(finding.help(help).related(first, "the first one is here"));
        }
        for_all = for_all.or(is_for_all.then_some(entry.key_span));
        accounts.insert(entry.key.into(), account);
    }
    accounts
}

fn read_account(
    entry: &TomlEntry<'_>,
    read: &ReadSecret<'_>,
    first_of_id: &mut BTreeMap<String, Span>,
    reader: &mut TomlReader,
) -> AccountSettings {
    let mut account = AccountSettings::default();
    for field in &reader.section(entry, "[whatsapp.main]") {
        match field.key {
            "app_secrets" => {
                account.app_secrets =
                    secrets(field, "APP_SECRET", "no message of WhatsApp can be trusted", read, reader);
            }
            "verify_token" => account.verify_token = secret(field, read, reader),
            "access_token" => account.access_token = secret(field, read, reader),
            "base_url" => {
                let url = parsed(
                    field,
                    "base_url = \"https://graph.facebook.com\"",
                    "an address",
                    parse_base_url,
                    reader,
                );
                account.base_url = url.unwrap_or(account.base_url);
            }
            "version" => {
                let version =
                    parsed(field, "version = \"v25.0\"", "a version of the Graph API", parse_version, reader);
                account.version = version.unwrap_or(account.version);
            }
            "numbers" => account.numbers = read_numbers(field, first_of_id, reader),
            "per_second" => {
                account.per_second =
                    reader.whole_number(field, "per_second = 80").unwrap_or(account.per_second);
            }
            "unknown" => {
                let words = [("resend", UnknownSend::Resend), ("hold", UnknownSend::Hold)];
                account.unknown =
                    choice(field, &words, "unknown = \"hold\"", reader).unwrap_or(account.unknown);
            }
            "unknown_after" => {
                let wait = duration(field, "unknown_after = \"120s\"", SECOND, reader);
                account.unknown_after = wait.unwrap_or(account.unknown_after);
            }
            "ghost_wait" => {
                let wait = duration(field, "ghost_wait = \"5s\"", Duration::ZERO, reader);
                account.ghost_wait = wait.unwrap_or(account.ghost_wait);
            }
            _ => reader.unknown_key(field, &ACCOUNT_KEYS, "an account"),
        }
    }
    account
}

/// What an account needs, and what it cannot do without it.
const NEEDED: [(&str, &str, Level); 3] = [
    ("app_secrets", "no message of WhatsApp can be trusted", Level::Error),
    ("verify_token", "its address cannot be registered at Meta", Level::Warning),
    ("access_token", "no reply can be sent", Level::Warning),
];

fn report_missing(account: &TomlEntry<'_>, reader: &mut TomlReader) {
    let DeValue::Table(fields) = account.value else { return };
    for (key, so, level) in NEEDED {
        if !fields.contains_key(key) {
            let message = format!("the account `{}` has no `{key}`, so {so}", account.key);
            reader.report(reader.error(Code::MissingSetting, account.key_span, message).at_level(level));
        }
    }
}

fn read_numbers(
    field: &TomlEntry<'_>,
    first_of_id: &mut BTreeMap<String, Span>,
    reader: &mut TomlReader,
) -> Vec<String> {
    const FORM: &str = "numbers = [\"106540352242922\"]";
    let mut numbers = Vec::new();
    for value in reader.list(field, FORM) {
        let Some(id) = reader.non_empty_text(&value, FORM) else { continue };
        if let Some(first) = first_of_id.get(&id) {
            let message = format!("the phone_number_id `{id}` is listed twice");
            let finding = reader.error(Code::DuplicateName, value.span, message);
            reader.report(finding.related(*first, "the first one is here"));
        } else {
            first_of_id.insert(id.clone(), value.span);
            numbers.push(id);
        }
    }
    numbers
}

fn parse_base_url(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(char::is_whitespace) || host.contains(['?', '#', '@']) {
        return Err("write it as `https://graph.facebook.com`".to_owned());
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn parse_version(text: &str) -> Result<String, String> {
    let is_figures = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let parts = text.strip_prefix('v').and_then(|version| version.split_once('.'));
    if parts.is_some_and(|(major, minor)| is_figures(major) && is_figures(minor)) {
        return Ok(text.to_owned());
    }
    Err("write it as `v25.0`".to_owned())
}
