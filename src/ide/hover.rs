//! What stands at a place, in a few words of Markdown.

mod inbox;
mod times;

use std::sync::Arc;

use jiff::Timestamp;

use super::occurrence::{Entity, occurrence_at};
use super::place::occurrences_of;
use super::placeholders::placeholders;
use super::reply_at::reply_at;
use super::visible_names::visible_names;
use crate::check::explain;
use crate::describe::truncated;
use crate::diagnostic::Code;
use crate::language::ast::{Condition, ConditionKind, Definition, Item, Rule};
use crate::language::vocabulary::WordEntry;
use crate::policy::{Folder, RuleFile};
use crate::text::Span;

/// What an editor shows at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// The text, as Markdown.
    pub markdown: String,
}

/// What stands at the byte `at` of the file called `file`. Hours are shown for the day of `now`.
pub fn hover(folder: &Folder, file: &str, at: u32, now: Timestamp) -> Option<Hover> {
    let Some(found) = occurrence_at(folder, file, at) else { return placeholder(folder, file, at) };
    let markdown = match &found.entity {
        Entity::Word(entry) => word(entry),
        Entity::Name { file: defining, name } => {
            let item = item_of(folder.files.get(defining)?, name)?;
            match item {
                Item::Definition(definition) => {
                    let full = expanded(folder, defining, definition);
                    let from = from_other(defining, file);
                    format!("{}{from}{full}", source(folder, defining, definition.span))
                }
                Item::Hours(_) | Item::Dates(_) => {
                    let times = times::describe(folder, file, defining, item, now);
                    let from = from_other(defining, file);
                    format!("{}{from}{times}", source(folder, defining, item.span()))
                }
                _ => return None,
            }
        }
        Entity::Rule { file: defining, name } => rule(folder, defining, name, found.is_declaration)?,
        Entity::Tag(_) => {
            let places = occurrences_of(folder, &found.entity).len();
            format!("a tag, mentioned in {}", counted(places, "place"))
        }
        Entity::File(name) => rule_file(folder, name),
        Entity::Lint(code) => page(*code),
        Entity::Test { .. } => return None,
        entity => inbox::describe(folder, entity)?,
    };
    Some(Hover { span: found.span, markdown })
}

/// A word of the language: how it is written, and what it means.
fn word(entry: &WordEntry) -> String {
    format!("{}\n{}", fenced(entry.form), entry.meaning)
}

fn fenced(source: &str) -> String {
    format!("```rules\n{source}\n```")
}

/// `1 place`, `3 places`
fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn source(folder: &Folder, file: &str, span: Span) -> String {
    const MAX_LINES: usize = 20;
    let text = folder.files.get(file).map(|file| file.source.slice(span)).unwrap_or_default();
    let mut lines: Vec<&str> = text.lines().take(MAX_LINES + 1).collect();
    if lines.len() > MAX_LINES {
        lines.pop();
        lines.push("…");
    }
    fenced(&lines.join("\n"))
}

fn from_other(defining: &str, file: &str) -> String {
    if *defining == *file { String::new() } else { format!("\nfrom `{defining}`") }
}

/// The item that defines `name`, also one of which only a part could be read.
fn item_of<'f>(file: &'f Arc<RuleFile>, name: &str) -> Option<&'f Item> {
    let tree = file.tree();
    let rests = tree.broken.iter().filter_map(|broken| broken.rest.as_deref());
    tree.items.iter().chain(rests).find(|item| {
        let defined = match item {
            Item::Definition(item) => &item.name.value,
            Item::Hours(item) => &item.name.value,
            Item::Dates(item) => &item.name.value,
            _ => return false,
        };
        defined == name
    })
}

/// The condition of `definition` with the definitions in it replaced by theirs, unless there are none or it gets long.
fn expanded(folder: &Folder, file: &Arc<str>, definition: &Definition) -> String {
    const MAX_LENGTH: usize = 400;
    let mut expansion = Expansion { folder, is_expanded: false, room: MAX_LENGTH, depth: 0 };
    let full = expansion.condition(file, &definition.condition);
    if !expansion.is_expanded || full.len() > MAX_LENGTH {
        return String::new();
    }
    format!("\n\nin full:\n{}", fenced(&full))
}

struct Expansion<'f> {
    folder: &'f Folder,
    is_expanded: bool,
    /// How much longer it may get.
    room: usize,
    /// How many definitions are being replaced. A definition may be defined by itself.
    depth: usize,
}

impl Expansion<'_> {
    fn condition(&mut self, file: &Arc<str>, condition: &Condition) -> String {
        const MAX_DEPTH: usize = 8;
        let Some(rules) = self.folder.files.get(file) else { return String::new() };
        let mut names = Vec::new();
        names_in(condition, &mut names);
        let visible = visible_names(self.folder, file);
        let (mut text, mut at) = (String::new(), condition.span.start);
        for span in names {
            let name = rules.source.slice(span);
            let defined = visible.get(name).and_then(|visible| {
                let Item::Definition(item) = item_of(self.folder.files.get(&visible.file)?, name)? else {
                    return None;
                };
                Some((visible.file.clone(), item))
            });
            let Some((file, item)) = defined.filter(|_| self.depth < MAX_DEPTH && self.room > 0) else {
                continue;
            };
            text.push_str(rules.source.slice(Span { start: at, end: span.start }));
            self.depth += 1;
            let inner = self.condition(&file, &item.condition);
            self.depth -= 1;
            self.is_expanded = true;
            self.room = self.room.saturating_sub(inner.len());
            let is_joined = matches!(item.condition.kind, ConditionKind::Or(_) | ConditionKind::And(_));
            text += &if is_joined { format!("({inner})") } else { inner };
            at = span.end;
        }
        text.push_str(rules.source.slice(Span { start: at, end: condition.span.end }));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// The places of the words of a condition that may be names of definitions.
fn names_in(condition: &Condition, names: &mut Vec<Span>) {
    match &condition.kind {
        ConditionKind::Or(parts) | ConditionKind::And(parts) => {
            for part in parts {
                names_in(part, names);
            }
        }
        ConditionKind::Not(part) | ConditionKind::Parens(part) => names_in(part, names),
        ConditionKind::Fact { word, group: None, compare: None } => names.push(word.span),
        _ => {}
    }
}

/// A rule: its text where a test names it, its place among the rules where it stands.
fn rule(folder: &Folder, file: &str, name: &str, is_declaration: bool) -> Option<String> {
    let tree = folder.files.get(file)?.tree();
    let rules: Vec<&Rule> = tree
        .items
        .iter()
        .filter_map(|item| match item {
            Item::Rule(rule) => Some(rule),
            _ => None,
        })
        .collect();
    let is_called = |rule: &&Rule| rule.name.as_ref().is_some_and(|other| other.value == name);
    let place = rules.iter().position(is_called)?;
    if is_declaration {
        return Some(format!("rule {} of {}", place + 1, rules.len()));
    }
    Some(source(folder, file, rules.get(place)?.span))
}

/// What a rule file defines, and the numbers whose policy it is.
fn rule_file(folder: &Folder, name: &str) -> String {
    let Some((key, file)) = folder.files.get_key_value(name) else {
        return format!("there is no file `{name}`");
    };
    let mut lines = vec![format!("`{key}`")];
    let defined: Vec<String> =
        file.outline.names.iter().map(|defined| format!("`{}`", defined.name)).collect();
    if !defined.is_empty() {
        lines.push(format!("defines {}", defined.join(", ")));
    }
    let numbers = folder
        .inbox
        .numbers
        .iter()
        .filter(|(_, number)| number.rules.as_ref().is_some_and(|rules| rules.file == *key));
    let numbers: Vec<String> = numbers.map(|(number, _)| format!("`{number}`")).collect();
    if !numbers.is_empty() {
        lines.push(format!("the policy of {}", numbers.join(", ")));
    }
    lines.join("\n\n")
}

/// The first paragraph of the page of a finding.
fn page(code: Code) -> String {
    let is_text = |paragraph: &&str| !paragraph.starts_with(['#', '`']) && !paragraph.starts_with("Level:");
    let paragraphs = explain(code).split("\n\n").filter(is_text);
    format!("`{code}`\n\n{}", paragraphs.take(1).collect::<String>().trim())
}

/// A placeholder that is not an attribute: `{user.name}`.
fn placeholder(folder: &Folder, file: &str, at: u32) -> Option<Hover> {
    let (start, written) = reply_at(folder, file, at)?;
    let inside = |from: usize, to: usize| (from..=to).contains(&((at - start) as usize));
    let found = placeholders(written).into_iter().find(|found| inside(found.start, found.end))?;
    let meaning = match found.name {
        "owner.name" => "the name of the customer's owner",
        "user.name" => "the name of the user who takes the chat, or has it",
        "group" => "the group through which the chat is given",
        "number" => "the WhatsApp number that the customer wrote to",
        _ => return None,
    };
    let span = Span::new(start as usize + found.start, start as usize + found.end);
    Some(Hover { span, markdown: format!("`{{{}}}`: {meaning}", truncated(found.name)) })
}
