//! What `inbox.toml` names, and where.

use super::occurrence::{Entity, Occurrence, Spelling};
use crate::diagnostic::Code;
use crate::inbox::{TomlEntry, TomlReader, read_toml, resolve_path};
use crate::language::fold;
use crate::policy::INBOX;
use crate::text::{Source, Span};

/// Everything that `inbox.toml` names, in the order of the file.
pub(super) fn occurrences(source: &Source) -> Vec<Occurrence> {
    let (mut found, _) = read_toml(source, &[], |sections, _, reader| {
        let mut found = Vec::new();
        for section in sections {
            for entry in entries(section, reader) {
                of_entry(section.key, &entry, reader, &mut found);
            }
        }
        found
    });
    found.sort_by_key(|occurrence| occurrence.span);
    found
}

/// The entries of a section; none of a key that is no section.
fn entries<'a>(section: &TomlEntry<'a>, reader: &mut TomlReader) -> Vec<TomlEntry<'a>> {
    if section.key == "timezone" { Vec::new() } else { reader.section(section, "") }
}

fn of_entry(section: &str, entry: &TomlEntry, reader: &mut TomlReader, found: &mut Vec<Occurrence>) {
    let name = || entry.key.to_owned();
    let declared = match section {
        "numbers" => Entity::Number(name()),
        "users" => Entity::User(name()),
        "groups" => Entity::Group(name()),
        "attributes" => Entity::CustomerAttribute(name()),
        "message" => Entity::MessageAttribute(name()),
        "lints" => match Code::named(entry.key) {
            Some(code) => Entity::Lint(code),
            None => return,
        },
        _ => return,
    };
    found.push(Occurrence {
        span: entry.key_span,
        entity: declared,
        is_declaration: true,
        spelling: Spelling::TomlKey,
    });
    match section {
        "numbers" => {
            for field in fields(entry, "rules", reader) {
                let path = reader.text(&field, "").and_then(|path| resolve_path(INBOX, path));
                found.extend(path.map(|path| in_text(field.span, Entity::File(path), false)));
            }
        }
        "users" => {
            for field in fields(entry, "skills", reader) {
                for_each_text(&field, reader, |span, skill| {
                    found.push(in_text(span, Entity::Skill(fold(skill)), true));
                });
            }
        }
        "groups" => for_each_text(entry, reader, |span, user| {
            found.push(in_text(span, Entity::User(user.to_owned()), false));
        }),
        "attributes" | "message" => {
            let of_message = section == "message";
            for_each_text(entry, reader, |span, value| {
                let (attribute, value) = (name(), fold(value));
                found.push(in_text(span, Entity::Value { attribute, of_message, value }, true));
            });
        }
        _ => {}
    }
}

/// The fields of that name.
fn fields<'a>(entry: &TomlEntry<'a>, name: &str, reader: &mut TomlReader) -> Vec<TomlEntry<'a>> {
    let mut fields = reader.section(entry, "");
    fields.retain(|field| field.key == name);
    fields
}

/// Calls `each` with every text of a list; not at all where there is no list.
fn for_each_text(entry: &TomlEntry, reader: &mut TomlReader, mut each: impl FnMut(Span, &str)) {
    for value in reader.list(entry, "") {
        if let Some(text) = reader.text(&value, "") {
            each(value.span, text);
        }
    }
}

fn in_text(span: Span, entity: Entity, is_declaration: bool) -> Occurrence {
    Occurrence { span, entity, is_declaration, spelling: Spelling::TomlText }
}
