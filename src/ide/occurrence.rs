//! What stands at a place: the group `Sales`, where it is declared or where it is used. Definitions, references, renaming
//! and hover all start from this.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::classify::{ClassifiedToken, Role, classify};
use super::inbox_file;
use super::placeholders::placeholders;
use super::visible_names::{VisibleName, visible_names};
use crate::diagnostic::Code;
use crate::inbox::{AttributeKind, resolve_path};
use crate::language::vocabulary::{BuiltIn, MessageBuiltIn, WordClass, WordEntry, of_class};
use crate::language::{Folded, Token, TokenKind, fold, text_value};
use crate::policy::{Folder, INBOX, RuleFile};
use crate::text::Span;

/// What a word or a text of a file is the name of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Entity {
    /// A definition, hours or dates, with the file that defines it.
    Name {
        file: Arc<str>,
        name: String,
    },
    Group(String),
    User(String),
    /// An attribute of customers that `inbox.toml` defines.
    CustomerAttribute(String),
    /// An attribute of messages that `inbox.toml` defines.
    MessageAttribute(String),
    /// A word of the list of an attribute.
    Value {
        attribute: String,
        of_message: bool,
        value: Folded,
    },
    Skill(Folded),
    Tag(Folded),
    /// A rule, with its file.
    Rule {
        file: Arc<str>,
        name: String,
    },
    /// A test, with its file.
    Test {
        file: Arc<str>,
        name: String,
    },
    /// A rule file, by its name in the folder.
    File(String),
    /// A WhatsApp number.
    Number(String),
    /// The level of a finding, under `[lints]`.
    Lint(Code),
    /// A word of the language.
    Word(&'static WordEntry),
}

/// How a name is written at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spelling {
    /// `vip`
    Bare,
    /// `"Sales"` in a rule file
    Quoted,
    /// `alice` or `"alice"` in TOML
    TomlKey,
    /// `"alice"` in TOML
    TomlText,
}

/// A place where something is named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Occurrence {
    /// The word or the text, with its quotes.
    pub(super) span: Span,
    pub(super) entity: Entity,
    pub(super) is_declaration: bool,
    pub(super) spelling: Spelling,
}

impl Occurrence {
    /// The name without its quotes.
    pub(super) fn inner_span(&self, text: &str) -> Span {
        let written = text.get(self.span.range()).unwrap_or_default();
        let is_quoted = written.len() > 1 && written.starts_with(['"', '\'']);
        if is_quoted { Span { start: self.span.start + 1, end: self.span.end - 1 } } else { self.span }
    }
}

/// What stands at the byte `at` of the file called `name`. Between two things that touch, it is the second.
pub(super) fn occurrence_at(folder: &Folder, name: &str, at: u32) -> Option<Occurrence> {
    let found = occurrences_in(folder, name, |token, _| touches(token.span, at));
    let mut touching = found.into_iter().filter(|found| touches(found.span, at));
    let first = touching.next()?;
    Some(touching.last().unwrap_or(first))
}

/// Whether a cursor at `at` is in `span` or at one of its ends.
pub(super) fn touches(span: Span, at: u32) -> bool {
    span.start <= at && at <= span.end
}

/// Everything that is named in the file called `name`, in the order of the file.
pub(super) fn occurrences(folder: &Folder, name: &str) -> Vec<Occurrence> {
    occurrences_in(folder, name, |_, _| true)
}

/// What the tokens of the file called `name` name of which `is_wanted` holds, given the token and what is written there. Of
/// `inbox.toml` it is everything.
pub(super) fn occurrences_in(
    folder: &Folder,
    name: &str,
    is_wanted: impl Fn(Token, &str) -> bool,
) -> Vec<Occurrence> {
    if name == INBOX {
        return folder.inbox_source.as_ref().map(inbox_file::occurrences).unwrap_or_default();
    }
    let Some((key, file)) = folder.files.get_key_value(name) else { return Vec::new() };
    let text = &*file.source.text;
    let wanted = classify(text).into_iter().filter(|found| is_wanted(found.token, found.token.of(text)));
    let reader = OccurrenceReader { folder, name: key, file, names: visible_names(folder, name) };
    wanted.flat_map(|token| reader.occurrences(token)).collect()
}

/// Reads the tokens of one rule file.
struct OccurrenceReader<'f> {
    folder: &'f Folder,
    name: &'f Arc<str>,
    file: &'f RuleFile,
    names: BTreeMap<Arc<str>, VisibleName>,
}

impl OccurrenceReader<'_> {
    fn occurrences(&self, ClassifiedToken { token, role }: ClassifiedToken) -> Vec<Occurrence> {
        if role == Role::Reply && token.kind == TokenKind::Text {
            return self.placeholders(token.span);
        }
        let entity = match token.kind {
            TokenKind::Word => self.named_by_word(role, token.span),
            TokenKind::Text => self.named_by_text(role, token.span),
            _ => None,
        };
        let is_declaration = matches!(
            role,
            Role::DefinesCondition
                | Role::DefinesHours
                | Role::DefinesDates
                | Role::RuleHeading
                | Role::TestHeading
        );
        let spelling = if token.kind == TokenKind::Text { Spelling::Quoted } else { Spelling::Bare };
        let occurrence = |entity| Occurrence { span: token.span, entity, is_declaration, spelling };
        entity.map(occurrence).into_iter().collect()
    }

    fn slice(&self, span: Span) -> &str {
        self.file.source.slice(span)
    }

    fn named_by_word(&self, role: Role, span: Span) -> Option<Entity> {
        let word = self.slice(span);
        Some(match role {
            Role::Word(entry) => Entity::Word(entry),
            Role::DefinesCondition | Role::DefinesHours | Role::DefinesDates => {
                Entity::Name { file: Arc::clone(self.name), name: word.to_owned() }
            }
            Role::Condition | Role::Calendar => {
                let visible = self.names.get(word)?;
                Entity::Name { file: Arc::clone(&visible.file), name: word.to_owned() }
            }
            Role::CustomerAttribute => customer_attribute(word),
            Role::MessageAttribute => message_attribute(word),
            Role::ChatAttribute => Entity::Word(attribute_word(word)?),
            _ => return None,
        })
    }

    fn named_by_text(&self, role: Role, span: Span) -> Option<Entity> {
        let value = || text_value(self.slice(span), &mut |_, _| ());
        Some(match role {
            Role::Group => Entity::Group(value()),
            Role::User => Entity::User(value()),
            Role::Skill => Entity::Skill(fold(&value())),
            Role::Tag => Entity::Tag(fold(&value())),
            Role::RuleHeading | Role::RuleReference => {
                Entity::Rule { file: Arc::clone(self.name), name: value() }
            }
            Role::TestHeading => Entity::Test { file: Arc::clone(self.name), name: value() },
            Role::UsedFile => Entity::File(resolve_path(self.name, &value())?),
            Role::PhoneNumber => Entity::Number(value()),
            Role::Value { attribute, of_message } => {
                let attribute = self.slice(attribute);
                let is_list = self.is_list(attribute, of_message);
                let value = || fold(&value());
                is_list.then(|| Entity::Value {
                    attribute: attribute.to_owned(),
                    of_message,
                    value: value(),
                })?
            }
            _ => return None,
        })
    }

    /// Whether the values of the attribute are listed in `inbox.toml`.
    fn is_list(&self, attribute: &str, of_message: bool) -> bool {
        let inbox = &self.folder.inbox;
        let kind = if of_message {
            inbox.message_attribute_id(attribute).map(|id| &inbox.message_attribute(id).kind)
        } else {
            inbox.attribute_id(attribute).map(|id| &inbox.attribute(id).kind)
        };
        matches!(kind, Some(AttributeKind::Words(_)))
    }

    /// The attributes that the placeholders of a reply write.
    fn placeholders(&self, reply: Span) -> Vec<Occurrence> {
        let attributes = placeholders(self.slice(reply)).into_iter().filter_map(|placeholder| {
            let name = placeholder.name.strip_prefix("customer.")?;
            let start = reply.start as usize + placeholder.name_start + "customer.".len();
            Some(Occurrence {
                span: Span::new(start, start + name.len()),
                entity: customer_attribute(name),
                is_declaration: false,
                spelling: Spelling::Bare,
            })
        });
        attributes.collect()
    }
}

fn customer_attribute(word: &str) -> Entity {
    match BuiltIn::parse(word).and_then(|_| attribute_word(word)) {
        Some(entry) => Entity::Word(entry),
        None => Entity::CustomerAttribute(word.to_owned()),
    }
}

fn message_attribute(word: &str) -> Entity {
    let is_built_in = MessageBuiltIn::parse(word).is_some() || word == "age";
    match is_built_in.then(|| attribute_word(word)).flatten() {
        Some(entry) => Entity::Word(entry),
        None => Entity::MessageAttribute(word.to_owned()),
    }
}

fn attribute_word(word: &str) -> Option<&'static WordEntry> {
    of_class(WordClass::Attribute).find(|entry| entry.word == word)
}
