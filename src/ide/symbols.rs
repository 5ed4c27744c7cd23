//! What a file has, as an outline: rules, definitions, tests; users, groups and attributes of `inbox.toml`.

use std::sync::Arc;

use super::inbox_file;
use super::items::{ItemOutline, items};
use super::occurrence::{Entity, Occurrence};
use crate::describe::truncated;
use crate::policy::{Folder, INBOX};
use crate::text::Span;

/// Something that a file has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    /// Its name; for a rule without one, its condition.
    pub name: String,
    /// What else is to be said of it: `also`, `move`.
    pub detail: Option<String>,
    /// What it is.
    pub kind: SymbolKind,
    /// All of it.
    pub span: Span,
    /// Its name; all of it where it has none.
    pub name_span: Span,
    /// What belongs to it.
    pub children: Vec<Symbol>,
}

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SymbolKind {
    /// A rule of any kind.
    Rule,
    /// `let`
    Definition,
    /// `hours`
    Hours,
    /// `dates`
    Dates,
    /// `test`
    Test,
    /// `use`
    Use,
    /// `timezone`
    TimeZone,
    /// A section of `inbox.toml`.
    Section,
    /// A user.
    User,
    /// A group.
    Group,
    /// An attribute of customers or messages.
    Attribute,
    /// A WhatsApp number.
    Number,
    /// The level of a finding.
    Lint,
}

/// What the file called `file` has, in its order.
pub fn symbols(folder: &Folder, file: &str) -> Vec<Symbol> {
    if file == INBOX {
        return folder
            .inbox_source
            .as_ref()
            .map(|source| inbox_symbols(&inbox_file::occurrences(source)))
            .unwrap_or_default();
    }
    let Some(rules) = folder.files.get(file) else { return Vec::new() };
    let text = &rules.source.text;
    items(text).into_iter().filter_map(|item| symbol(text, item)).collect()
}

/// What the files of the folder have whose name contains the letters of `query` in their order, each with the name of its
/// file; at most 500.
pub fn workspace_symbols(folder: &Folder, query: &str) -> Vec<(Arc<str>, Symbol)> {
    const MAX_FOUND: usize = 500;
    let query = query.to_lowercase();
    let files = folder.files.names().cloned().chain([INBOX.into()]);
    let found = files.flat_map(|file: Arc<str>| {
        let symbols = symbols(folder, &file).into_iter().flat_map(|symbol| {
            if symbol.kind == SymbolKind::Section { symbol.children } else { vec![symbol] }
        });
        symbols.map(move |symbol| (Arc::clone(&file), symbol)).collect::<Vec<_>>()
    });
    let matches = |(_, symbol): &(Arc<str>, Symbol)| {
        !matches!(symbol.kind, SymbolKind::Use | SymbolKind::TimeZone) && has_letters(&symbol.name, &query)
    };
    found.filter(matches).take(MAX_FOUND).collect()
}

/// Whether `name` has the letters of `query` in their order, perhaps with others between them.
fn has_letters(name: &str, query: &str) -> bool {
    let name = name.to_lowercase();
    let mut letters = name.chars();
    query.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

fn symbol(text: &str, item: ItemOutline) -> Option<Symbol> {
    let kind = match item.word.as_str() {
        "rule" | "when" | "also" | "move" | "otherwise" => SymbolKind::Rule,
        "let" => SymbolKind::Definition,
        "hours" => SymbolKind::Hours,
        "dates" => SymbolKind::Dates,
        "test" => SymbolKind::Test,
        "use" => SymbolKind::Use,
        "timezone" => SymbolKind::TimeZone,
        _ => return None,
    };
    let head = text.get(item.head.range()).unwrap_or_default();
    let (name, name_span) = item.name.unwrap_or_else(|| (truncated(head), item.span));
    let is_other = kind == SymbolKind::Rule && matches!(item.word.as_str(), "also" | "move");
    // An editor does not show what has no name.
    let name = if name.trim().is_empty() { item.word.clone() } else { name };
    Some(Symbol {
        name,
        detail: is_other.then_some(item.word),
        kind,
        span: item.span,
        name_span,
        children: Vec::new(),
    })
}

/// The sections of `inbox.toml` with what they declare.
fn inbox_symbols(found: &[Occurrence]) -> Vec<Symbol> {
    let mut sections: Vec<Symbol> = Vec::new();
    for declared in found.iter().filter(|found| found.is_declaration) {
        let (section, kind, name) = match &declared.entity {
            Entity::Number(name) => ("numbers", SymbolKind::Number, name.clone()),
            Entity::User(name) => ("users", SymbolKind::User, name.clone()),
            Entity::Group(name) => ("groups", SymbolKind::Group, name.clone()),
            Entity::CustomerAttribute(name) => ("attributes", SymbolKind::Attribute, name.clone()),
            Entity::MessageAttribute(name) => ("message", SymbolKind::Attribute, name.clone()),
            Entity::Lint(code) => ("lints", SymbolKind::Lint, code.to_string()),
            _ => continue,
        };
        let entry = Symbol {
            name,
            detail: None,
            kind,
            span: declared.span,
            name_span: declared.span,
            children: Vec::new(),
        };
        match sections.iter_mut().find(|known| known.name == section) {
            Some(known) => {
                known.span = known.span.to(entry.span);
                known.children.push(entry);
            }
            None => sections.push(Symbol {
                name: section.to_owned(),
                detail: None,
                kind: SymbolKind::Section,
                span: entry.span,
                name_span: entry.span,
                children: vec![entry],
            }),
        }
    }
    sections
}
