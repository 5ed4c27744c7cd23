//! Where what stands at a place is defined.

use std::sync::Arc;

use super::occurrence::{Entity, occurrence_at};
use super::place::{Place, occurrences_of};
use crate::policy::Folder;
use crate::text::Span;

/// Where what stands at the byte `at` of the file called `file` is defined: a name in a rule file; a user, a group or an
/// attribute in `inbox.toml`; the file of a `use`. Nothing for words of the language.
pub fn definition(folder: &Folder, file: &str, at: u32) -> Vec<Place> {
    let Some(found) = occurrence_at(folder, file, at) else { return Vec::new() };
    let start_of = |name: &str| {
        let key = folder.files.get_key_value(name).map(|(key, _)| Arc::clone(key));
        key.map(|file| Place { file, span: Span::default() })
    };
    match &found.entity {
        Entity::Word(_) | Entity::Lint(_) | Entity::Tag(_) => return Vec::new(),
        Entity::File(name) => return start_of(name).into_iter().collect(),
        _ => {}
    }
    let declared =
        occurrences_of(folder, &found.entity).into_iter().filter(|(_, found)| found.is_declaration);
    let mut places: Vec<Place> = declared.map(|(file, found)| Place { file, span: found.span }).collect();
    if let Entity::Number(number) = &found.entity {
        places.extend(start_of(&format!("{number}.rules")));
    }
    places
}
