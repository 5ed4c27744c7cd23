//! What is known of a rule file without its tree.

use std::sync::Arc;

use crate::language::ast;
use crate::text::Span;

/// What is known of a file without its tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outline {
    /// The paths of its `use` lines, as written.
    pub uses: Box<[String]>,
    /// Whether a `use` line could not be read, so that the file may use any other.
    pub is_use_broken: bool,
    /// Whether the file has rules or tests, which a file does not take from another.
    pub has_rules: bool,
    /// Whether it sets a time zone, so that no other file can use it.
    pub sets_time_zone: bool,
    /// The names that it defines, in the order of the file; those of items that could not be read come last.
    pub(crate) names: Box<[DefinedName]>,
}

/// A name that a file defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DefinedName {
    pub(crate) name: Arc<str>,
    pub(crate) kind: NameKind,
    /// The name; the whole item if that could not be read.
    pub(crate) span: Span,
    /// The position of the item in the tree; that of no item if it could not be read.
    pub(crate) item: usize,
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NameKind {
    Condition,
    Hours,
    Dates,
    /// An item that could not be read, so it may be of any kind.
    Broken,
}

impl Outline {
    pub(super) fn of(tree: &ast::File) -> Self {
        let uses = tree.items.iter().filter_map(|item| match item {
            ast::Item::Use(used) => Some(used.path.value.clone()),
            _ => None,
        });
        let is_rule = |item: &ast::Item| matches!(item, ast::Item::Rule(_) | ast::Item::Test(_));
        let broken = tree.broken.iter().flat_map(|broken| {
            let names = broken.names.iter().map(String::as_str);
            names.map(|name| DefinedName {
                name: name.into(),
                kind: NameKind::Broken,
                span: broken.span,
                item: usize::MAX,
            })
        });
        Self {
            uses: uses.collect(),
            is_use_broken: tree.broken.iter().any(|broken| broken.gives_any_name),
            sets_time_zone: tree.items.iter().any(|item| matches!(item, ast::Item::TimeZone(_))),
            has_rules: tree.items.iter().any(is_rule),
            names: tree.items.iter().enumerate().filter_map(defined).chain(broken).collect(),
        }
    }
}

fn defined((item, what): (usize, &ast::Item)) -> Option<DefinedName> {
    let (word, kind) = match what {
        ast::Item::Definition(item) => (&item.name, NameKind::Condition),
        ast::Item::Hours(item) => (&item.name, NameKind::Hours),
        ast::Item::Dates(item) => (&item.name, NameKind::Dates),
        _ => return None,
    };
    Some(DefinedName { name: word.value.as_str().into(), kind, span: word.span, item })
}
