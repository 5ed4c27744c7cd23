//! What may be written at a place. The grammar says which words may follow what stands before the cursor, and the classifier
//! what a name there would be the name of; so this works in items that are only half typed.

mod suggestions;
mod cursor;
mod in_inbox;
mod in_text;
mod snippets;

use std::borrow::Cow;

use self::cursor::{Cursor, CursorPlace};
pub use self::snippets::snippets;
use self::suggestions::Suggestions;
use crate::describe::string_literal;
use crate::language::following;
use crate::policy::{Folder, INBOX};
use crate::text::Span;

/// Something that may be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completion {
    /// What is shown, and compared with what has been typed.
    pub label: String,
    /// What it is.
    pub kind: CompletionKind,
    /// What it means, in one line.
    pub detail: Option<String>,
    /// How it is used.
    pub documentation: Option<String>,
    /// What it replaces: what has been typed of it.
    pub replace: Span,
    /// What is written.
    pub insert: String,
    /// Whether that has tab stops, as `${1:name}`.
    pub is_snippet: bool,
    /// Where it stands in the list, from 0.
    pub rank: u32,
}

/// What a completion writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CompletionKind {
    /// A word that joins others: `and`, `assign`.
    Keyword,
    /// A fact or a count: `new_customer`.
    Fact,
    /// A definition.
    Definition,
    /// Hours or dates.
    Times,
    /// An attribute of a customer, a message or a chat.
    Attribute,
    /// A word out of a list: an algorithm, a day, a kind, the value of an attribute.
    Value,
    /// A group.
    Group,
    /// A user.
    User,
    /// A tag, a skill, the name of a rule.
    Text,
    /// A placeholder in a text.
    Placeholder,
    /// A rule file.
    File,
    /// A whole item.
    Snippet,
}

/// What may be written at the byte `at` of the file called `file`, the likeliest first.
pub fn completion(folder: &Folder, file: &str, at: u32) -> Vec<Completion> {
    if file == INBOX {
        return in_inbox::completion(folder, at);
    }
    let Some((name, rules)) = folder.files.get_key_value(file) else { return Vec::new() };
    let text = &*rules.source.text;
    let Some(cursor) = Cursor::at(text, at) else { return Vec::new() };
    let mut suggestions = Suggestions::new(folder, name, cursor.replaced);
    match cursor.place {
        CursorPlace::Comment => {}
        CursorPlace::Text { role, written, is_unclosed } => {
            in_text::add(&mut suggestions, &cursor, role, written, is_unclosed);
        }
        CursorPlace::Between => between(&mut suggestions, &cursor),
    }
    suggestions.finish()
}

fn between(suggestions: &mut Suggestions, cursor: &Cursor) {
    // An editor asks after each quote. What follows a closing one stands behind a blank, or on the next line: there, a list
    // would take the line break for a choice.
    if cursor.text.get(..cursor.at as usize).is_some_and(|before| before.ends_with('"')) {
        return;
    }
    let item = Cow::Borrowed(cursor.item());
    let readable = [item, Cow::Owned(cursor.tail())];
    let found = readable.into_iter().find_map(|text| following(&text).map(|found| (text, found)));
    let may_begin_item = found.as_ref().is_none_or(|(_, found)| found.may_end);
    if cursor.begins_line && (cursor.item().is_empty() || may_begin_item && !cursor.is_indented) {
        if let Some((_, found)) = found.filter(|_| cursor.is_in_test()) {
            suggestions.add_keywords(&found.words, &cursor.classifier());
        }
        snippets::add_items(suggestions);
        return;
    }
    let Some((before, found)) = found else { return };
    let classifier = cursor.classifier();
    if found.takes_word {
        suggestions.add_words_of(classifier.clone().word("", Span::default()), cursor);
    }
    if found.takes_text {
        for name in suggestions.names_of(classifier.texts, cursor) {
            suggestions.add_name(&name, &string_literal(&name.text));
        }
    }
    suggestions.add_keywords(&found.words, &classifier);
    // What the grammar takes there depends on more than the class of the word: `sat-` takes no month.
    suggestions.retain(|insert| following(&format!("{before}{insert}")).is_some());
}
