//! Reads `[proxy]`.

use std::sync::Arc;

use inbox_rules::Code;
use inbox_rules::inbox::{TomlEntry, TomlReader};
use inbox_rules::text::Span;
use secrecy::ExposeSecret;
use toml::de::DeValue;

use super::entry::{parsed, secrets};
use super::network::Network;
use super::principal::EVERY_INBOX;
use super::proxy::{Grantee, ProxyGrant, ProxySettings, is_user_name};
use super::secret::ReadSecret;
use super::token_entry::{read_inbox, read_rights};

pub(super) const PROXY_KEYS: [&str; 9] =
    ["user_header", "groups_header", "secret_header", "secrets", "from", "log_out", "inbox", "can", "grants"];
const GRANT_KEYS: [&str; 4] = ["user", "group", "inbox", "can"];

/// A shorter secret could be guessed.
const LEAST_SECRET: usize = 32;

/// What the section needs, and what it is without.
const NEEDED: [(&str, &str); 2] = [
    ("user_header", "it is not known who is logged in"),
    ("secrets", "every program of this machine could name anybody"),
];

/// `[proxy]`. `is_whole`: what seems to be missing is not in a part that cannot be read.
pub(super) fn read_proxy(
    section: &TomlEntry<'_>,
    is_whole: bool,
    inboxes: &[Arc<str>],
    read: &ReadSecret<'_>,
    reader: &mut TomlReader,
) -> ProxySettings {
    let mut proxy = ProxySettings::default();
    let mut headers: Vec<(String, Span)> = Vec::new();
    let mut grants: Vec<(ProxyGrant, Span)> = Vec::new();
    for field in &reader.section(section, "[proxy]") {
        match field.key {
            "user_header" => {
                proxy.user_header = read_header(field, &mut headers, reader).unwrap_or_default();
            }
            "groups_header" => proxy.groups_header = read_header(field, &mut headers, reader),
            "secret_header" => {
                let header = read_header(field, &mut headers, reader);
                proxy.secret_header = header.unwrap_or(proxy.secret_header);
            }
            "secrets" => proxy.secrets = read_secrets(field, read, reader),
            "from" => proxy.from = read_networks(field, reader),
            "log_out" => {
                let form = "log_out = \"/oauth2/sign_out\"";
                proxy.log_out = parsed(field, form, "where a browser logs out", parse_log_out, reader);
            }
            "inbox" => proxy.inbox = read_inbox(field, inboxes, reader).unwrap_or(proxy.inbox),
            "can" => proxy.can = read_rights(field, reader),
            "grants" => grants = read_grants(field, inboxes, reader),
            _ => reader.unknown_key(field, &PROXY_KEYS, "`[proxy]`"),
        }
    }
    if let DeValue::Table(fields) = section.value {
        for (key, so) in NEEDED.iter().filter(|(key, _)| is_whole && !fields.contains_key(*key)) {
            let message = format!("`[proxy]` has no `{key}`, so {so}");
            reader.report(reader.error(Code::MissingSetting, section.key_span, message));
        }
        let default = ProxySettings::default().secret_header;
        let same = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(&default));
        if let (Some((_, span)), false) = (same, fields.contains_key("secret_header")) {
            let message = format!("the header with the secret is `{default}` already");
            let finding = reader.error(Code::DuplicateName, *span, message);
            reader.report(finding.help("write another name as `secret_header`, or another one here"));
        }
        let group = grants.iter().find(|(grant, _)| matches!(grant.to, Grantee::Group(_)));
        if let (Some((_, span)), false) = (group, fields.contains_key("groups_header")) {
            let message = "`[proxy]` has no `groups_header`, so nobody is in a group".to_owned();
            reader.report(reader.error(Code::MissingSetting, *span, message));
        }
    }
    proxy.grants = grants.into_iter().map(|(grant, _)| grant).collect();
    proxy
}

/// The name of a header. `earlier`: those that were read before.
fn read_header(
    field: &TomlEntry<'_>,
    earlier: &mut Vec<(String, Span)>,
    reader: &mut TomlReader,
) -> Option<String> {
    let form = format!("{} = \"X-Forwarded-User\"", field.key);
    let name = parsed(field, &form, "the name of a header that only the proxy sets", parse_header, reader)?;
    if let Some((_, first)) = earlier.iter().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
        let message = format!("two headers are called `{name}`");
        let finding = reader.error(Code::DuplicateName, field.span, message);
        reader.report(finding.related(*first, "the first one is here"));
    }
    earlier.push((name.clone(), field.span));
    Some(name)
}

/// Headers that browsers and proxies send anyway, or that this program reads as something else.
const OTHER_HEADERS: [&str; 20] = [
    "authorization",
    "cache-control",
    "connection",
    "cookie",
    "expect",
    "forwarded",
    "from",
    "host",
    "keep-alive",
    "last-event-id",
    "origin",
    "range",
    "referer",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
    "via",
    "x-request-id",
];
/// The beginnings of more of them.
const OTHER_BEGINNINGS: [&str; 8] =
    ["accept", "content-", "if-", "proxy-", "sec-", "x-forwarded-for", "x-forwarded-proto", "x-hub-"];

fn parse_header(text: &str) -> Result<String, String> {
    let name = text.to_ascii_lowercase();
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_other =
        OTHER_HEADERS.contains(&&*name) || OTHER_BEGINNINGS.iter().any(|start| name.starts_with(start));
    if name.is_empty() || !name.bytes().all(is_plain) || is_other {
        return Err(
            "write one as `X-Forwarded-User` or `Remote-User`, with letters, digits and `-`".to_owned()
        );
    }
    Ok(text.to_owned())
}

fn read_secrets(
    field: &TomlEntry<'_>,
    read: &ReadSecret<'_>,
    reader: &mut TomlReader,
) -> Vec<secrecy::SecretString> {
    let so = "every program of this machine could name anybody";
    let found = secrets(field, "PROXY_SECRET", so, read, reader);
    if found.iter().any(|secret| secret.expose_secret().chars().nth(LEAST_SECRET - 1).is_none()) {
        let message = format!("a secret of the proxy must have at least {LEAST_SECRET} characters");
        let finding = reader.error(Code::InvalidNumber, field.span, message);
        reader.report(finding.help("`openssl rand -hex 32` makes one"));
    }
    found
}

fn read_networks(field: &TomlEntry<'_>, reader: &mut TomlReader) -> Vec<Network> {
    const FORM: &str = "from = [\"127.0.0.1\"]";
    let values = reader.list(field, FORM);
    if values.is_empty() && matches!(field.value, DeValue::Array(_)) {
        let message = "`from` is empty, so the proxy is nowhere".to_owned();
        let finding = reader.error(Code::MissingSetting, field.span, message);
        reader.report(finding.help(format!("write its address, as in `{FORM}`, or leave `from` out")));
    }
    let read = |value| parsed(value, FORM, "a list of addresses", Network::parse, reader);
    values.iter().filter_map(read).collect()
}

/// A page of the same address, or of another that is reached over TLS.
fn parse_log_out(text: &str) -> Result<String, String> {
    let is_here = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain && (is_here || text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty())) {
        return Ok(text.to_owned());
    }
    Err("write a path as `/oauth2/sign_out`, or an address that begins with `https://`".to_owned())
}

/// `[[proxy.grants]]`, each with the place of its name.
fn read_grants(
    field: &TomlEntry<'_>,
    inboxes: &[Arc<str>],
    reader: &mut TomlReader,
) -> Vec<(ProxyGrant, Span)> {
    let mut grants: Vec<(ProxyGrant, Span)> = Vec::new();
    for entry in reader.list(field, "[[proxy.grants]]") {
        let Some((grant, span)) = read_grant(&entry, inboxes, reader) else { continue };
        if let Some((_, first)) = grants.iter().find(|(known, _)| known.to == grant.to) {
            let message = "two grants are for the same, and only the first counts".to_owned();
            let finding = reader.error(Code::DuplicateName, span, message);
            reader.report(finding.related(*first, "the first one is here"));
        }
        grants.push((grant, span));
    }
    grants
}

fn read_grant(
    entry: &TomlEntry<'_>,
    inboxes: &[Arc<str>],
    reader: &mut TomlReader,
) -> Option<(ProxyGrant, Span)> {
    let mut to: Vec<(Grantee, Span)> = Vec::new();
    let (mut inbox, mut can): (Arc<str>, _) = (EVERY_INBOX.into(), None);
    let fields = reader.section(entry, "[[proxy.grants]]");
    for field in &fields {
        match field.key {
            "user" => {
                let user = parsed(field, "user = \"mona\"", "the name of a user", parse_user, reader);
                to.extend(user.map(|name| (Grantee::User(name), field.span)));
            }
            "group" => {
                let group = parsed(field, "group = \"leads\"", "the name of a group", parse_group, reader);
                to.extend(group.map(|name| (Grantee::Group(name), field.span)));
            }
            "inbox" => inbox = read_inbox(field, inboxes, reader).unwrap_or(inbox),
            "can" => can = Some(read_rights(field, reader)),
            _ => reader.unknown_key(field, &GRANT_KEYS, "a grant"),
        }
    }
    let has = |key: &str| fields.iter().any(|field| field.key == key);
    let count = usize::from(has("user")) + usize::from(has("group"));
    if count != 1 {
        let message = "a grant is for one `user` or for one `group`".to_owned();
        reader.report(reader.error(Code::MissingSetting, entry.span, message));
    }
    if !has("can") {
        let message = "this grant has no `can`".to_owned();
        let finding = reader.error(Code::MissingSetting, entry.span, message);
        reader.report(finding.help("write what is allowed, as in `can = [\"read\"]`"));
    }
    let (to, span) = to.pop()?;
    Some((ProxyGrant { to, inbox, can: can? }, span))
}

fn parse_user(text: &str) -> Result<String, String> {
    if is_user_name(text) {
        return Ok(text.to_owned());
    }
    Err("write it as the proxy does: letters, digits and signs, but no spaces, commas, semicolons or quotes"
        .to_owned())
}

fn parse_group(text: &str) -> Result<String, String> {
    if !text.is_empty()
        && text.trim() == text
        && !text.contains([',', '"'])
        && !text.contains(char::is_control)
    {
        return Ok(text.to_owned());
    }
    Err("write it as the proxy does, without commas or quotes".to_owned())
}
