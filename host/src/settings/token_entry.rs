//! Reads `[[tokens]]`, and what callers may do.

use std::collections::BTreeMap;
use std::sync::Arc;

use inbox_rules::Code;
use inbox_rules::diagnostic::nearest;
use inbox_rules::inbox::{TomlEntry, TomlReader};
use inbox_rules::text::Span;

use super::entry::{choice, parsed};
use super::principal::{Can, EVERY_INBOX, Principal};
use super::token::{ApiToken, TokenTable, parse_sha256};

/// `[[tokens]]`. `inboxes`: those that exist.
pub(super) fn read_tokens(
    section: &TomlEntry<'_>,
    inboxes: &[Arc<str>],
    reader: &mut TomlReader,
) -> TokenTable {
    let mut tokens = TokenTable::default();
    let mut first_of_name: BTreeMap<String, Span> = BTreeMap::new();
    let mut first_of_hash: BTreeMap<[u8; 32], Span> = BTreeMap::new();
    for entry in reader.list(section, "[[tokens]]") {
        let Some((token, span)) = read_token(&entry, inboxes, reader) else { continue };
        let repeated = first_of_name
            .insert(token.principal.name.to_string(), span)
            .map(|first| ("have the same name", first));
        let repeated =
            repeated.or(first_of_hash.insert(token.sha256, span).map(|first| ("are the same", first)));
        if let Some((how, first)) = repeated {
            let finding = reader.error(Code::DuplicateName, span, format!("two tokens {how}"));
            reader.report(finding.related(first, "the first one is here"));
        }
        tokens.insert(token);
    }
    tokens
}

/// One token, and the place of its name.
fn read_token(
    entry: &TomlEntry<'_>,
    inboxes: &[Arc<str>],
    reader: &mut TomlReader,
) -> Option<(ApiToken, Span)> {
    let (mut name, mut sha256) = (None, None);
    let (mut inbox, mut can): (Arc<str>, _) = (EVERY_INBOX.into(), None);
    let fields = reader.section(entry, "[[tokens]]");
    for field in &fields {
        match field.key {
            "name" => name = reader.non_empty_text(field, "name = \"crm\"").map(|name| (name, field.span)),
            "sha256" => {
                let hash = |text: &str| {
                    parse_sha256(text)
                        .ok_or_else(|| "`inbox-host token` makes a token and prints its SHA-256".to_owned())
                };
                sha256 = parsed(
                    field,
                    "sha256 = \"…\"",
                    "the SHA-256 of the token, 64 hexadecimal digits",
                    hash,
                    reader,
                );
            }
            "inbox" => {
                if let Some(id) = read_inbox(field, inboxes, reader) {
                    inbox = id;
                }
            }
            "can" => can = Some(read_rights(field, reader)),
            "token" | "secret" => {
                let message = "a token must not be in this file".to_owned();
                let finding = reader.error(Code::SecretInFile, field.key_span, message);
                reader.report(
                    finding.help("write its SHA-256, which `inbox-host token` prints with a new token"),
                );
            }
            _ => reader.unknown_key(field, &["name", "sha256", "inbox", "can"], "a token"),
        }
    }
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    let is_missing = |key: &&str| !has(key) && (*key != "sha256" || !has("token"));
    for key in ["name", "sha256", "can"].into_iter().filter(is_missing) {
        let message = format!("this token has no `{key}`");
        let finding = reader.error(Code::MissingSetting, entry.span, message);
        reader.report(finding.help("`inbox-host token` prints all that a token needs"));
    }
    let (name, span) = name?;
    let principal = Principal { name: name.into(), inbox, can: can? };
    Some((ApiToken { sha256: sha256?, principal: principal.into() }, span))
}

/// `inbox = "*"`
pub(super) fn read_inbox(
    field: &TomlEntry<'_>,
    inboxes: &[Arc<str>],
    reader: &mut TomlReader,
) -> Option<Arc<str>> {
    let id = reader.text(field, "inbox = \"*\"")?;
    if id != EVERY_INBOX && !inboxes.iter().any(|known| **known == *id) {
        let finding = reader.error(Code::UnknownValue, field.span, format!("no inbox is called `{id}`"));
        let near = nearest(id, inboxes.iter().map(|known| &**known));
        reader.did_you_mean(finding, near, "write `*` for every inbox", field.span);
    }
    Some(id.into())
}

/// `can = ["read", "messages"]`
pub(super) fn read_rights(field: &TomlEntry<'_>, reader: &mut TomlReader) -> Vec<Can> {
    const FORM: &str = "can = [\"read\"]";
    let values = reader.list(field, FORM);
    let mut can: Vec<Can> =
        values.iter().filter_map(|value| choice(value, &Can::ALL, FORM, reader)).collect();
    can.sort();
    can.dedup();
    can
}
