//! A place in a file of the folder.

use std::sync::Arc;

use super::occurrence::{Entity, Occurrence, occurrences};
use crate::policy::{Folder, INBOX};
use crate::text::Span;

/// A place in a file of the folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The name of the file in the folder.
    pub file: Arc<str>,
    /// The word or the text.
    pub span: Span,
}

/// Where `entity` is named in the folder, in the order of the files.
pub(super) fn occurrences_of(folder: &Folder, entity: &Entity) -> Vec<(Arc<str>, Occurrence)> {
    let files = folder.files.iter().filter(|(name, file)| may_name(entity, name, &file.source.text));
    let mut names: Vec<Arc<str>> = files.map(|(name, _)| Arc::clone(name)).collect();
    names.push(INBOX.into());
    let found = names.into_iter().flat_map(|name| {
        let mut found = occurrences(folder, &name);
        found.retain(|occurrence| occurrence.entity == *entity);
        found.into_iter().map(move |occurrence| (Arc::clone(&name), occurrence))
    });
    found.collect()
}

/// Whether a file with that text may name it, so that it must be read: most files name few things.
fn may_name(entity: &Entity, file: &str, text: &str) -> bool {
    match entity {
        Entity::Rule { file: other, .. } | Entity::Test { file: other, .. } => **other == *file,
        Entity::Name { name, .. } | Entity::CustomerAttribute(name) | Entity::MessageAttribute(name) => {
            text.contains(name.as_str())
        }
        Entity::Value { attribute, .. } => text.contains(attribute.as_str()),
        Entity::Group(name) | Entity::User(name) | Entity::Number(name) => {
            // In a text with an escape, the name may be written in another way.
            text.contains(name.as_str()) || text.contains('\\')
        }
        Entity::Skill(_) | Entity::Tag(_) | Entity::File(_) | Entity::Lint(_) | Entity::Word(_) => true,
    }
}
