//! What each word and text of a file is, for colours.

use super::classify::{ClassifiedToken, Role, classify};
use super::inbox_file;
use super::occurrence::{Entity, Occurrence};
use super::placeholders::placeholders;
use crate::language::TokenKind;
use crate::language::vocabulary::WordClass;
use crate::policy::{Folder, INBOX};
use crate::text::{Source, Span};

/// A part of a line, and what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SemanticToken {
    /// It never reaches over the end of a line.
    pub span: Span,
    /// What it is.
    pub kind: SemanticKind,
    /// Whether it is where the thing is defined.
    pub is_declaration: bool,
}

/// What a word or a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SemanticKind {
    /// A word that joins others: `when`, `assign`.
    Keyword,
    /// `and`, `or`, `not`
    Operator,
    /// A fact or a count: `new_customer`.
    Fact,
    /// A definition.
    Definition,
    /// Hours or dates.
    Times,
    /// An attribute.
    Attribute,
    /// A word out of a list: an algorithm, a day, a kind of message.
    Value,
    /// The name of a group.
    Group,
    /// A user.
    User,
    /// The name of a rule or of a test.
    RuleName,
    /// Any other text.
    Text,
    /// `{customer.name}` in a text.
    Placeholder,
    /// A pattern.
    Pattern,
    /// A number, or a part of a time.
    Number,
    /// A comment.
    Comment,
}

/// What each word and text of the file called `file` is, in its order; with a `range`, only of those that touch it.
pub fn semantic_tokens(folder: &Folder, file: &str, range: Option<Span>) -> Vec<SemanticToken> {
    let is_wanted = |span: Span| range.is_none_or(|range| span.start <= range.end && range.start <= span.end);
    if file == INBOX {
        let Some(source) = &folder.inbox_source else { return Vec::new() };
        let found = inbox_file::occurrences(source).into_iter().filter(|found| is_wanted(found.span));
        return found.filter_map(|found| in_inbox(&found)).collect();
    }
    let Some(rules) = folder.files.get(file) else { return Vec::new() };
    let source = &rules.source;
    let tokens = classify(&source.text).into_iter().filter(|found| is_wanted(found.token.span));
    tokens.flat_map(|found| semantic(source, found)).collect()
}

fn in_inbox(found: &Occurrence) -> Option<SemanticToken> {
    let kind = match found.entity {
        Entity::User(_) => SemanticKind::User,
        Entity::Group(_) => SemanticKind::Group,
        Entity::CustomerAttribute(_) | Entity::MessageAttribute(_) => SemanticKind::Attribute,
        Entity::Value { .. } | Entity::Skill(_) | Entity::Lint(_) | Entity::Number(_) => SemanticKind::Value,
        _ => return None,
    };
    Some(SemanticToken { span: found.span, kind, is_declaration: found.is_declaration })
}

fn semantic(source: &Source, ClassifiedToken { token, role }: ClassifiedToken) -> Vec<SemanticToken> {
    let (kind, is_declaration) = match role {
        Role::Word(entry) => (of_word(entry.word, entry.class), false),
        Role::DefinesCondition => (SemanticKind::Definition, true),
        Role::Condition => (SemanticKind::Definition, false),
        Role::DefinesHours | Role::DefinesDates => (SemanticKind::Times, true),
        Role::Calendar => (SemanticKind::Times, false),
        Role::CustomerAttribute | Role::MessageAttribute | Role::ChatAttribute => {
            (SemanticKind::Attribute, false)
        }
        Role::Group => (SemanticKind::Group, false),
        Role::User => (SemanticKind::User, false),
        Role::RuleHeading | Role::TestHeading => (SemanticKind::RuleName, true),
        Role::RuleReference => (SemanticKind::RuleName, false),
        Role::Value { .. }
        | Role::Skill
        | Role::Tag
        | Role::UsedFile
        | Role::TimeZone
        | Role::PhoneNumber
        | Role::Text => (SemanticKind::Text, false),
        Role::Reply if token.kind == TokenKind::Text => return reply(source, token.span),
        Role::Reply => (SemanticKind::Text, false),
        Role::Pattern => (SemanticKind::Pattern, false),
        Role::Number => (SemanticKind::Number, false),
        Role::Comment => (SemanticKind::Comment, false),
        Role::WordOf(_) | Role::Sign | Role::Unknown => return Vec::new(),
    };
    lines(source, token.span, kind, is_declaration)
}

fn of_word(word: &str, class: WordClass) -> SemanticKind {
    match class {
        _ if matches!(word, "and" | "or" | "not") => SemanticKind::Operator,
        WordClass::Fact | WordClass::Count => SemanticKind::Fact,
        WordClass::Kind
        | WordClass::Algorithm
        | WordClass::Day
        | WordClass::Month
        | WordClass::Eligibility
        | WordClass::Priority => SemanticKind::Value,
        WordClass::Attribute => SemanticKind::Attribute,
        _ => SemanticKind::Keyword,
    }
}

/// The text of a reply with its placeholders.
fn reply(source: &Source, span: Span) -> Vec<SemanticToken> {
    let mut tokens = Vec::new();
    let mut at = span.start as usize;
    for placeholder in placeholders(source.slice(span)) {
        let [start, end] = [placeholder.start, placeholder.end].map(|byte| span.start as usize + byte);
        tokens.extend(lines(source, Span::new(at, start), SemanticKind::Text, false));
        tokens.extend(lines(source, Span::new(start, end), SemanticKind::Placeholder, false));
        at = end;
    }
    tokens.extend(lines(source, Span::new(at, span.end as usize), SemanticKind::Text, false));
    tokens
}

/// One token for each line of `span`, without the blanks around it.
fn lines(source: &Source, span: Span, kind: SemanticKind, is_declaration: bool) -> Vec<SemanticToken> {
    let text = source.slice(span);
    let mut tokens = Vec::new();
    let mut at = span.start as usize;
    let is_single = !text.contains('\n');
    for line in text.split_inclusive('\n') {
        let content = if is_single { line } else { line.trim_end_matches(['\n', '\r']) };
        let indent = if is_single { 0 } else { content.len() - content.trim_start().len() };
        if content.len() > indent {
            let span = Span::new(at + indent, at + content.len());
            tokens.push(SemanticToken { span, kind, is_declaration });
        }
        at += line.len();
    }
    tokens
}
