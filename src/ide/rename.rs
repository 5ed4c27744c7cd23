//! Gives something another name, wherever it is named: in every rule file and in `inbox.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::occurrence::{Entity, Occurrence, Spelling, occurrence_at, occurrences};
use super::place::occurrences_of;
use super::visible_names::{users_of, visible_names};
use crate::describe::string_literal;
use crate::diagnostic::{Edit, Fix, apply_fixes};
use crate::inbox::Inbox;
use crate::language::vocabulary::is_reserved;
use crate::language::{fold, parse};
use crate::policy::{Folder, INBOX};
use crate::text::{Source, Span};

/// The edits of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileEdit {
    /// The name of the file in the folder.
    pub file: Arc<str>,
    /// In the order of the file; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Why something cannot be renamed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RenameError {
    /// There is no name at the place, or one that cannot be changed.
    #[error("nothing here can be renamed")]
    NothingHere,
    /// The new name cannot be the name of such a thing.
    #[error("`{name}` cannot be the name of {what}: {why}")]
    NotAName {
        /// The new name.
        name: String,
        /// As `a group`.
        what: &'static str,
        /// What is wrong with it.
        why: &'static str,
    },
    /// Something else is called so where this is named.
    #[error("`{name}` is already the name of {what} in `{file}`")]
    Taken {
        /// The new name.
        name: String,
        /// As `a group`.
        what: &'static str,
        /// The file that has the other one.
        file: Arc<str>,
    },
    /// `inbox.toml` writes the name in a way that cannot be followed.
    #[error("`inbox.toml` writes `{name}` in several places; rename it there first")]
    Scattered {
        /// The present name.
        name: String,
    },
}

/// What would be renamed at the byte `at` of the file called `file`: the place of its name there, and the name. `None` if
/// nothing.
pub fn prepare_rename(folder: &Folder, file: &str, at: u32) -> Option<(Span, String)> {
    let Renamed { found, .. } = renamed(folder, file, at)?;
    let text = if file == INBOX {
        &folder.inbox_source.as_ref()?.text
    } else {
        &folder.files.get(file)?.source.text
    };
    Some((found.inner_span(text), name_of(&found.entity)?.to_owned()))
}

/// Something that can be renamed.
struct Renamed {
    /// Where it was asked for.
    found: Occurrence,
    /// Everywhere that it is named.
    everywhere: Vec<(Arc<str>, Occurrence)>,
}

/// What stands at the byte `at` of the file called `file`, if it can be renamed.
fn renamed(folder: &Folder, file: &str, at: u32) -> Option<Renamed> {
    let found = occurrence_at(folder, file, at)?;
    name_of(&found.entity)?;
    let everywhere = occurrences_of(folder, &found.entity);
    let is_known = folder.inbox_source.is_none() && is_of_inbox(&found.entity)
        || everywhere.iter().any(|(_, found)| found.is_declaration);
    is_known.then_some(Renamed { found, everywhere })
}

/// The edits that give what stands at the byte `at` of the file called `file` the name `new_name`. The rules mean the same
/// after them.
///
/// # Errors
///
/// There is no name at the place; the new name is not possible, or something else has it where this is named.
pub fn rename(folder: &Folder, file: &str, at: u32, new_name: &str) -> Result<Vec<FileEdit>, RenameError> {
    let Renamed { found, everywhere } = renamed(folder, file, at).ok_or(RenameError::NothingHere)?;
    let old_name = name_of(&found.entity).ok_or(RenameError::NothingHere)?;
    if old_name == new_name {
        return Ok(Vec::new());
    }
    check_name(&found.entity, new_name)?;
    check_free(folder, &found.entity, new_name)?;
    let mut edits: BTreeMap<Arc<str>, Vec<Edit>> = BTreeMap::new();
    for (file, found) in everywhere {
        let text = spelled(new_name, found.spelling);
        edits.entry(file).or_default().push(Edit { span: found.span, text });
    }
    if let (Some(source), Some(edits)) = (&folder.inbox_source, edits.get(INBOX)) {
        check_inbox(source, edits).map_err(|()| RenameError::Scattered { name: old_name.to_owned() })?;
    }
    Ok(edits.into_iter().map(|(file, edits)| FileEdit { file, edits }).collect())
}

/// The name of what can be renamed.
fn name_of(entity: &Entity) -> Option<&str> {
    match entity {
        Entity::Name { name, .. }
        | Entity::Group(name)
        | Entity::User(name)
        | Entity::CustomerAttribute(name)
        | Entity::MessageAttribute(name)
        | Entity::Rule { name, .. } => Some(name),
        _ => None,
    }
}

fn is_of_inbox(entity: &Entity) -> bool {
    !matches!(entity, Entity::Name { .. } | Entity::Rule { .. })
}

/// What it is, with an article.
fn what(entity: &Entity) -> &'static str {
    match entity {
        Entity::Name { .. } => "a definition",
        Entity::Group(_) => "a group",
        Entity::User(_) => "a user",
        Entity::Rule { .. } => "a rule",
        _ => "an attribute",
    }
}

fn check_name(entity: &Entity, name: &str) -> Result<(), RenameError> {
    let error = |why| Err(RenameError::NotAName { name: name.to_owned(), what: what(entity), why });
    if name.chars().any(char::is_control) {
        return error("a name has one line");
    }
    if fold(name).is_empty() {
        return error("it is empty");
    }
    match entity {
        Entity::Group(_) | Entity::User(_) | Entity::Rule { .. } => return Ok(()),
        _ => {}
    }
    let is_snake_case = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_');
    if !is_snake_case {
        return error("write lower-case letters a to z, digits and `_`, beginning with a letter");
    }
    let is_possible = match entity {
        Entity::CustomerAttribute(_) => is_sound_inbox(&format!("[attributes]\n{name} = \"text\"")),
        Entity::MessageAttribute(_) => is_sound_inbox(&format!("[message]\n{name} = \"text\"")),
        // The names of hours are the strictest: no day in full may be one.
        _ => {
            let text = format!("hours {name} = mon\nwhen during {name} and {name}: assign nobody\n");
            let parsed = parse(&Source::new("", text));
            !is_reserved(name) && parsed.findings.is_empty()
        }
    };
    if is_possible { Ok(()) } else { error("it is a word of the language") }
}

fn is_sound_inbox(text: &str) -> bool {
    Inbox::parse(&Source::new(INBOX, text)).1.is_empty()
}

/// Whether nothing else has the name where `entity` is named.
fn check_free(folder: &Folder, entity: &Entity, name: &str) -> Result<(), RenameError> {
    let inbox = &folder.inbox;
    let is_in_inbox = match entity {
        Entity::Group(_) => inbox.group_id(name).is_some(),
        Entity::User(_) => inbox.user_id(name).is_some(),
        Entity::CustomerAttribute(_) => inbox.attribute_id(name).is_some(),
        Entity::MessageAttribute(_) => inbox.message_attribute_id(name).is_some(),
        _ => false,
    };
    let taken =
        |file: &str| Err(RenameError::Taken { name: name.to_owned(), what: what(entity), file: file.into() });
    if is_in_inbox {
        return taken(INBOX);
    }
    match entity {
        Entity::Name { file, .. } => {
            let mut users = users_of(folder, file).into_iter();
            let other = users.find_map(|user| visible_names(folder, &user).remove(name));
            other.map_or(Ok(()), |other| taken(&other.file))
        }
        Entity::Rule { file, .. } => {
            let renamed = Entity::Rule { file: Arc::clone(file), name: name.to_owned() };
            let is_taken = occurrences(folder, file).iter().any(|found| found.entity == renamed);
            if is_taken { taken(file) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

/// Whether `inbox.toml` can be read as well after `edits` as before. A key may be written in several places
/// (`alice.name = …`, `alice.capacity = …`), of which the parser tells only one.
fn check_inbox(source: &Source, edits: &[Edit]) -> Result<(), ()> {
    let fix = Fix { title: String::new(), edits: edits.to_vec() };
    let (text, _) = apply_fixes(&source.text, &[&fix]);
    let (before, after) = (Inbox::parse(source), Inbox::parse(&Source::new(Arc::clone(&source.name), text)));
    let counts = |inbox: &Inbox| {
        [inbox.users.len(), inbox.groups.len(), inbox.attributes.len(), inbox.message_attributes.len()]
    };
    let is_same = counts(&before.0) == counts(&after.0) && after.1.len() <= before.1.len();
    if is_same { Ok(()) } else { Err(()) }
}

/// The name as it is written at a place of that kind.
fn spelled(name: &str, spelling: Spelling) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    match spelling {
        Spelling::Bare => name.to_owned(),
        Spelling::TomlKey if name.chars().all(is_bare) => name.to_owned(),
        Spelling::Quoted | Spelling::TomlKey | Spelling::TomlText => string_literal(name),
    }
}
