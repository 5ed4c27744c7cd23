//! Everywhere that something is named.

use super::occurrence::{Entity, occurrence_at};
use super::place::{Place, occurrences_of};
use crate::policy::Folder;

/// Every place in the folder that names what stands at the byte `at` of the file called `file`; that which defines it only
/// `with_declaration`. Nothing for words of the language.
pub fn references(folder: &Folder, file: &str, at: u32, with_declaration: bool) -> Vec<Place> {
    let Some(found) = occurrence_at(folder, file, at) else { return Vec::new() };
    if let Entity::Word(_) | Entity::Lint(_) = found.entity {
        return Vec::new();
    }
    let found = occurrences_of(folder, &found.entity).into_iter();
    let wanted = found.filter(|(_, found)| with_declaration || !found.is_declaration);
    wanted.map(|(file, found)| Place { file, span: found.span }).collect()
}
