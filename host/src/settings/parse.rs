//! `host.toml` → the settings. Each mistake becomes a finding, and the rest of the file is still read.

use std::sync::Arc;
use std::time::Duration;

use inbox_rules::Code;
use inbox_rules::diagnostic::Finding;
use inbox_rules::inbox::{TomlEntry, TomlReader, read_toml};
use inbox_rules::text::Source;

use super::account::read_accounts;
use super::address::{parse_listen, parse_store};
use super::duration::days;
use super::entry::{choice, duration, parsed, seed};
use super::host_settings::{ChatSettings, GateMode, HostSettings, KeepSettings, RulesSource};
use super::mask::{secret_values, shows};
use super::proxy_entry::read_proxy;
use super::secret::ReadSecret;
use super::token_entry::read_tokens;

/// The keys above the first section.
const TOP_KEYS: [&str; 6] = ["listen", "admin", "store", "seed", "rules", "gate"];
pub(super) const KEYS: [&str; 11] =
    ["listen", "admin", "store", "seed", "rules", "gate", "chats", "keep", "whatsapp", "tokens", "proxy"];

/// WhatsApp brings a message again for 7 days. If its id were forgotten by then, it would be decided twice.
const LEAST_MESSAGES: Duration = days(8);
const SECOND: Duration = Duration::from_secs(1);

/// Reads a `host.toml`. It never fails: the settings have everything that could be read, and the findings say
/// what is wrong. `inboxes` are those that exist.
pub(super) fn parse(
    source: &Source,
    inboxes: &[Arc<str>],
    read: &ReadSecret<'_>,
) -> (HostSettings, Vec<Finding>) {
    let (settings, mut findings) = read_toml(source, &TOP_KEYS, |entries, is_whole, reader| {
        let mut settings = HostSettings::default();
        for entry in entries {
            match entry.key {
                "whatsapp" => settings.whatsapp = read_accounts(entry, is_whole, read, reader),
                "tokens" => settings.tokens = read_tokens(entry, inboxes, reader),
                "proxy" => settings.proxy = Some(read_proxy(entry, is_whole, inboxes, read, reader)),
                _ => read_entry(entry, &mut settings, reader),
            }
        }
        settings
    });
    hide_secrets(&mut findings, source);
    (settings, findings)
}

/// Findings about TOML repeat what they cannot read, which may be a secret.
fn hide_secrets(findings: &mut [Finding], source: &Source) {
    let values = secret_values(&source.text);
    for finding in
        findings.iter_mut().filter(|finding| finding.code == Code::Syntax && shows(&values, finding.span))
    {
        let hidden = Finding::new(finding.code, &finding.file, finding.span, "this value cannot be read");
        *finding = hidden.help(
            "texts are in quotes, and a secret is written as `{ env = \"NAME\" }` or `{ file = \"PATH\" }`",
        );
    }
}

fn read_entry(entry: &TomlEntry<'_>, settings: &mut HostSettings, reader: &mut TomlReader) {
    const ADDRESS: &str = "an IP address and a port";
    match entry.key {
        "listen" => {
            let address = parsed(entry, "listen = \"127.0.0.1:8080\"", ADDRESS, parse_listen, reader);
            settings.listen = address.unwrap_or(settings.listen);
        }
        "admin" => {
            let address = parsed(entry, "admin = \"127.0.0.1:9090\"", ADDRESS, parse_listen, reader);
            settings.admin = address.unwrap_or(settings.admin);
        }
        "store" => {
            let form = "store = \"sqlite:inbox.db\"";
            if let Some(store) = parsed(entry, form, "the address of a store", parse_store, reader) {
                settings.store = store;
            }
        }
        "seed" => settings.seed = seed(entry, reader).unwrap_or(settings.seed),
        "rules" => {
            let words = [("folder", RulesSource::Folder), ("store", RulesSource::Store)];
            settings.rules = choice(entry, &words, "rules = \"folder\"", reader).or(settings.rules);
        }
        "gate" => {
            let words = [("off", GateMode::Off), ("diff", GateMode::Diff)];
            settings.gate = choice(entry, &words, "gate = \"diff\"", reader).unwrap_or(settings.gate);
        }
        "chats" => {
            let ChatSettings { close_after, reply_within } = &mut settings.chats;
            let times =
                [("close_after", "12h", SECOND, close_after), ("reply_within", "1h", SECOND, reply_within)];
            read_durations(entry, times, reader);
        }
        "keep" => {
            let KeepSettings { messages, texts, events } = &mut settings.keep;
            let times = [
                ("messages", "10d", LEAST_MESSAGES, messages),
                ("texts", "30d", SECOND, texts),
                ("events", "400d", SECOND, events),
            ];
            read_durations(entry, times, reader);
        }
        _ => reader.unknown_key(entry, &KEYS, "host.toml"),
    }
}

/// A section that has only lengths of time: the key of each, an example, the least, and where it belongs.
fn read_durations<const N: usize>(
    section: &TomlEntry<'_>,
    mut times: [(&'static str, &str, Duration, &mut Duration); N],
    reader: &mut TomlReader,
) {
    let known = times.each_ref().map(|(key, ..)| *key);
    let header = format!("[{}]", section.key);
    for field in reader.section(section, &header) {
        match times.iter_mut().find(|(key, ..)| *key == field.key) {
            Some((key, example, least, time)) => {
                let read = duration(&field, &format!("{key} = \"{example}\""), *least, reader);
                **time = read.unwrap_or(**time);
            }
            None => reader.unknown_key(&field, &known, &format!("`{header}`")),
        }
    }
}
