//! `inbox.toml` → an inbox. Each mistake becomes a finding, and the rest of the file is still read.

use std::collections::HashMap;
use std::collections::hash_map::Entry::{Occupied, Vacant};
use std::sync::Arc;

use toml::de::DeValue;

use super::attributes::{read_attributes, read_message_attributes};
use super::find_timezone;
use super::model::{Group, Inbox, LintLevel, PhoneNumber, PolicyPath, User, UserId, is_e164};
use super::path::resolve_path;
use super::toml_document::read_toml;
use super::toml_entry::{TomlEntry, TomlReader};
use crate::diagnostic::{Code, Finding, nearest};
use crate::language::fold;
use crate::text::{Source, Span, quoted};

/// The name of the file, from which paths in it start.
const INBOX: &str = "inbox.toml";

const SECTIONS: [&str; 7] = ["timezone", "numbers", "users", "groups", "attributes", "message", "lints"];

impl Inbox {
    /// Reads an `inbox.toml`. It never fails: the inbox has everything that could be read, and the findings say what
    /// is wrong.
    pub fn parse(source: &Source) -> (Self, Vec<Finding>) {
        read_toml(source, &["timezone"], |sections, is_whole, reader| {
            let mut inbox = Self::default();
            inbox.is_complete = is_whole;
            read_sections(sections, &mut inbox, reader);
            inbox
        })
    }
}

fn read_sections(sections: &[TomlEntry], inbox: &mut Inbox, reader: &mut TomlReader) {
    for section in sections {
        match section.key {
            "timezone" => read_timezone(section, inbox, reader),
            "numbers" => read_numbers(section, inbox, reader),
            "users" => read_users(section, inbox, reader),
            "attributes" => read_attributes(section, inbox, reader),
            "message" => read_message_attributes(section, inbox, reader),
            "lints" => read_lints(section, inbox, reader),
            "groups" => {} // read last, since members refer to users
            _ => {
                // It may be the misspelt name of a section whose names are then missing.
                inbox.is_complete = false;
                reader.unknown_key(section, &SECTIONS, "inbox.toml");
            }
        }
    }
    for section in sections.iter().filter(|section| section.key == "groups") {
        read_groups(section, inbox, reader);
    }
}

/// `timezone = "Africa/Cairo"`
fn read_timezone(entry: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    let Some(name) = reader.text(entry, "timezone = \"Africa/Cairo\"") else { return };
    if !reader.check_not_empty(name, entry.span, "this text is empty") {
        return;
    }
    match find_timezone(name) {
        Ok(zone) => {
            zone.iana_name().unwrap_or(name).clone_into(&mut inbox.timezone_name);
            inbox.timezone = zone;
        }
        Err(unknown) => {
            let finding =
                reader.error(Code::UnknownTimezone, entry.span, format!("no time zone is called `{name}`"));
            reader.did_you_mean(finding, unknown.near.as_deref(), unknown.help, entry.span);
        }
    }
}

/// `[numbers."+15550100"]`
fn read_numbers(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    let mut ids: HashMap<String, Span> = HashMap::new();
    for entry in reader.section(section, "[numbers.\"+15550100\"]") {
        if !is_e164(entry.key) {
            reader.report(invalid_number(&entry, reader));
        }
        let mut number = PhoneNumber { span: entry.key_span, ..PhoneNumber::default() };
        for field in named_fields("numbers", &entry, reader) {
            match field.key {
                "phone_number_id" => number.phone_number_id = read_phone_number_id(&field, &mut ids, reader),
                "name" => number.name = reader.non_empty_text(&field, "name = \"Main store\""),
                "rules" => number.rules = read_policy_path(&field, reader),
                _ => reader.unknown_key(&field, &["phone_number_id", "name", "rules"], "a number"),
            }
        }
        inbox.policy_files.extend(number.rules.iter().map(|rules| Arc::clone(&rules.file)));
        inbox.numbers.insert(entry.key.to_owned(), number);
    }
}

fn read_phone_number_id(
    field: &TomlEntry,
    ids: &mut HashMap<String, Span>,
    reader: &mut TomlReader,
) -> Option<String> {
    let id = reader.non_empty_text(field, "phone_number_id = \"106540352242922\"")?;
    if let Some(first) = ids.get(&id) {
        let message = format!("two numbers have the phone_number_id `{id}`");
        let finding =
            reader.error(Code::DuplicateName, field.span, message).related(*first, "the first one is here");
        reader.report(finding);
    } else {
        ids.insert(id.clone(), field.span);
    }
    Some(id)
}

/// `rules = "store.rules"`
fn read_policy_path(field: &TomlEntry, reader: &mut TomlReader) -> Option<PolicyPath> {
    let path = reader.non_empty_text(field, "rules = \"store.rules\"")?;
    let (code, message) = match resolve_path(INBOX, &path) {
        None => (Code::PathOutside, format!("`{path}` is outside the folder")),
        Some(file) if file == INBOX => (Code::UnknownFile, format!("`{file}` has no rules")),
        Some(file) => return Some(PolicyPath { file: file.into(), span: field.span }),
    };
    let help = "name a rule file of this folder, as in `rules = \"store.rules\"`";
    reader.report(reader.error(code, field.span, message).help(help));
    None
}

fn invalid_number(entry: &TomlEntry, reader: &TomlReader) -> Finding {
    let finding = reader.error(
        Code::InvalidNumber,
        entry.key_span,
        format!("`{}` is not a full phone number", entry.key),
    );
    let digits: String = entry.key.chars().filter(char::is_ascii_digit).collect();
    let international = format!("+{}", digits.strip_prefix("00").unwrap_or(&digits));
    if is_e164(&international) {
        finding.help(format!("write `{international}`")).fix(
            format!("write `{international}`"),
            entry.key_span,
            format!("\"{international}\""),
        )
    } else {
        finding.help("write `+`, the country code and the number, as in `+15550100`")
    }
}

/// `[users.alice]`
fn read_users(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    inbox.is_complete &= matches!(section.value, DeValue::Table(_));
    for entry in reader.section(section, "[users.alice]") {
        reader.check_not_empty(entry.key, entry.key_span, "a user needs an id");
        let id: Arc<str> = Arc::from(entry.key);
        let mut user = User {
            // In most inboxes the name is the id, which is then stored once.
            name: Arc::clone(&id),
            id,
            capacity: None,
            skills: Vec::new(),
            skills_as_written: Vec::new(),
            weight: 1,
            owns: true,
            span: entry.key_span,
        };
        for field in named_fields("users", &entry, reader) {
            match field.key {
                "name" => {
                    let name = reader.non_empty_text(&field, "name = \"Alice\"");
                    user.name = name.map_or(user.name, Arc::from);
                }
                "capacity" => user.capacity = reader.whole_number(&field, "capacity = 5"),
                "weight" => user.weight = reader.whole_number(&field, "weight = 2").unwrap_or(1),
                "owns" => user.owns = reader.boolean(&field, "owns = false").unwrap_or(true),
                "skills" => {
                    for skill in reader.list(&field, "skills = [\"en\", \"ar\"]") {
                        let Some(text) = reader.non_empty_text(&skill, "skills = [\"en\", \"ar\"]") else {
                            continue;
                        };
                        user.skills.push(fold(&text));
                        user.skills_as_written.push(text);
                    }
                }
                _ => reader.unknown_key(&field, &["name", "capacity", "skills", "weight", "owns"], "a user"),
            }
        }
        inbox.add_user(user);
    }
}

/// What is said of a user or a number. People write `alice = "Alice"` for the name.
fn named_fields<'a>(section: &str, entry: &TomlEntry<'a>, reader: &mut TomlReader) -> Vec<TomlEntry<'a>> {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    let key = if entry.key.chars().all(is_bare) { entry.key.to_owned() } else { quoted(entry.key) };
    let form = format!("[{section}.{key}]");
    let DeValue::String(name) = entry.value else { return reader.section(entry, &form) };
    let written = format!("{{ name = {} }}", quoted(name));
    let message = format!("`{}` should be a section, but this is a text", entry.key);
    let finding = reader.error(Code::TypeMismatch, entry.span, message);
    let finding = finding.help(format!("for the name, write `{key} = {written}`"));
    reader.report(finding.fix(format!("write `{written}`"), entry.span, written));
    Vec::new()
}

const GROUP_FORM: &str = "Sales = [\"alice\", \"bob\"]";

/// `Sales = ["alice", "bob"]`
fn read_groups(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    for entry in reader.section(section, GROUP_FORM) {
        reader.check_not_empty(entry.key, entry.key_span, "a group needs a name");
        let members = read_members(&entry, inbox, reader);
        inbox.add_group(Group { name: Arc::from(entry.key), members, span: entry.key_span });
    }
}

fn read_members(group: &TomlEntry, inbox: &Inbox, reader: &mut TomlReader) -> Vec<UserId> {
    let mut members = Vec::new();
    let mut first_spans: HashMap<UserId, Span> = HashMap::new();
    for member in reader.list(group, GROUP_FORM) {
        let Some(id) = reader.text(&member, GROUP_FORM) else { continue };
        let Some(user) = inbox.user_id(id) else {
            report_unknown_user(id, member.span, inbox, reader);
            continue;
        };
        match first_spans.entry(user) {
            Vacant(entry) => {
                entry.insert(member.span);
                members.push(user);
            }
            Occupied(first) => {
                let message = format!("`{id}` is listed twice in `{}`", group.key);
                let help = "list each user once; `weight` and `by weighted` give a larger share";
                let finding = reader.error(Code::DuplicateName, member.span, message).help(help);
                reader.report(finding.related(*first.get(), "the first one is here"));
            }
        }
    }
    members
}

fn report_unknown_user(id: &str, span: Span, inbox: &Inbox, reader: &mut TomlReader) {
    if inbox.is_complete {
        let mut named = inbox.users.iter().filter(|user| *user.name == *id);
        let near = match (named.next(), named.next()) {
            (Some(user), None) => Some(&*user.id),
            _ if reader.has_room() => nearest(id, inbox.users.iter().map(|user| &*user.id)),
            _ => None,
        };
        let is_bare = id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
        let key = if is_bare { id.to_owned() } else { quoted(id) };
        let help = format!("add `[users.{key}]`, or take `{id}` out of the group");
        let finding = reader.error(Code::UnknownUser, span, format!("no user is called `{id}`"));
        reader.did_you_mean(finding, near, &help, span);
    }
}

/// `unused-definition = "allow"`
fn read_lints(section: &TomlEntry, inbox: &mut Inbox, reader: &mut TomlReader) {
    const FORM: &str = "unused-definition = \"allow\"";
    for entry in reader.section(section, FORM) {
        let Some(word) = reader.text(&entry, FORM) else { continue };
        if let Some((_, level)) = LintLevel::ALL.into_iter().find(|(known, _)| *known == word) {
            match Code::named(entry.key) {
                Some(code) if !code.is_fault() => _ = inbox.lints.insert(code, level),
                code => report_unknown_lint(&entry, code, reader),
            }
        } else {
            let near = nearest(word, LintLevel::ALL.map(|(known, _)| known)).or(match word {
                "warning" => Some("warn"),
                "error" | "forbid" => Some("deny"),
                "off" | "ignore" | "none" => Some("allow"),
                _ => None,
            });
            let finding = reader.error(Code::UnknownValue, entry.span, format!("`{word}` is not a level"));
            reader.did_you_mean(finding, near, "write `allow`, `note`, `warn` or `deny`", entry.span);
        }
    }
}

/// Reports a key under `[lints]` that is not the name of a lint. If it is the name of a fault, that is `fault`.
fn report_unknown_lint(entry: &TomlEntry, fault: Option<Code>, reader: &mut TomlReader) {
    let (name, span) = (entry.key, entry.key_span);
    let error = |message: String| reader.error(Code::UnknownValue, span, message);
    let lints = Code::ALL.iter().filter(|code| !code.is_fault()).map(|code| code.name());
    let finding = match (fault, nearest(name, lints)) {
        (Some(_), _) => error(format!("`{name}` is a fault, and faults keep their level"))
            .help("remove this line: a policy cannot be used until its faults are fixed"),
        (None, Some(near)) => error(format!("no finding is called `{name}`")).did_you_mean(near, span, near),
        (None, None) => error(format!("no finding is called `{name}`"))
            .help("`rules check` shows the name of each finding beside it"),
    };
    reader.report(finding);
}
