//! A place in a file of the folder.

use std::sync::Arc;

use super::occurrence::{Entity, Occurrence, occurrences_in};
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
    let files = folder.files.iter().filter(|(name, file)| {
        let is_elsewhere =
            matches!(entity, Entity::Rule { file, .. } | Entity::Test { file, .. } if *file != **name);
        !is_elsewhere && may_name(entity, &file.source.text)
    });
    let mut names: Vec<Arc<str>> = files.map(|(name, _)| Arc::clone(name)).collect();
    names.push(INBOX.into());
    let found = names.into_iter().flat_map(|name| {
        let mut found = occurrences_in(folder, &name, |_, written| may_name(entity, written));
        found.retain(|occurrence| occurrence.entity == *entity);
        found.into_iter().map(move |occurrence| (Arc::clone(&name), occurrence))
    });
    found.collect()
}

/// Whether `written`, a file or a token of it, may name it, so that it must be read: most name something else.
fn may_name(entity: &Entity, written: &str) -> bool {
    match entity {
        Entity::Name { name, .. } | Entity::CustomerAttribute(name) | Entity::MessageAttribute(name) => {
            written.contains(name.as_str())
        }
        Entity::Group(name)
        | Entity::User(name)
        | Entity::Number(name)
        | Entity::Rule { name, .. }
        | Entity::Test { name, .. } => {
            // In a text with an escape, or in a block of lines, the name may be written in another way.
            written.contains(name.as_str()) || written.contains('\\') || written.contains("\"\"\"")
        }
        // These are texts, compared without regard to case.
        Entity::Value { .. } | Entity::Skill(_) | Entity::Tag(_) | Entity::File(_) => written.contains('"'),
        Entity::Lint(_) | Entity::Word(_) => true,
    }
}
