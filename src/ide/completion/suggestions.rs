//! What may be written, collected.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cursor::Cursor;
use super::{Completion, CompletionKind};
use crate::describe::list;
use crate::ide::classify::{Classifier, Role};
use crate::ide::occurrence::{Entity, occurrences};
use crate::ide::visible_names::{VisibleName, visible_names};
use crate::inbox::{AttributeDefinition, AttributeKind};
use crate::language::vocabulary::{BuiltIn, ChatTime, MessageBuiltIn, WordClass, WordEntry, find, of_class};
use crate::policy::{Folder, NameKind};
use crate::text::Span;

/// Files of more than this many bytes together are not searched for tags and skills.
const MAX_SEARCHED: usize = 2 << 20;

/// A name that a text may be.
pub(super) struct TextName {
    pub(super) text: String,
    pub(super) kind: CompletionKind,
    pub(super) detail: Option<String>,
}

/// What may be written, collected.
pub(super) struct Suggestions<'f> {
    pub(super) folder: &'f Folder,
    file: &'f Arc<str>,
    /// What each of them replaces.
    pub(super) replaced: Span,
    found: Vec<Completion>,
    labels: BTreeSet<String>,
}

impl<'f> Suggestions<'f> {
    pub(super) fn new(folder: &'f Folder, file: &'f Arc<str>, replaced: Span) -> Self {
        Self { folder, file, replaced, found: Vec::new(), labels: BTreeSet::new() }
    }

    /// All of them, in the order in which they were added.
    pub(super) fn finish(self) -> Vec<Completion> {
        self.found
    }

    /// Keeps only those whose inserted text passes `is_possible`.
    pub(super) fn retain(&mut self, is_possible: impl Fn(&str) -> bool) {
        self.found.retain(|found| is_possible(&found.insert));
        for (rank, found) in (0..).zip(&mut self.found) {
            found.rank = rank;
        }
    }

    /// Adds one, unless there is one with that label.
    pub(super) fn add(&mut self, label: &str, kind: CompletionKind, detail: Option<String>, insert: &str) {
        if self.labels.insert(label.to_owned()) {
            self.found.push(Completion {
                label: label.to_owned(),
                kind,
                detail,
                documentation: None,
                replace: self.replaced,
                insert: insert.to_owned(),
                is_snippet: false,
                rank: u32::try_from(self.found.len()).unwrap_or(u32::MAX),
            });
        }
    }

    /// Adds a whole item with tab stops.
    pub(super) fn add_snippet(&mut self, label: &str, body: &str) {
        self.add(label, CompletionKind::Snippet, None, body);
        if let Some(added) = self.found.last_mut().filter(|added| added.insert == body) {
            added.is_snippet = true;
        }
    }

    pub(super) fn add_entry(&mut self, entry: &WordEntry, kind: CompletionKind) {
        self.add_word(entry.word, entry, kind);
    }

    /// Adds `word`, whose meaning is that of the entry.
    fn add_word(&mut self, word: &str, entry: &WordEntry, kind: CompletionKind) {
        self.add(word, kind, Some(entry.meaning.to_owned()), word);
        if let Some(added) = self.found.last_mut().filter(|added| added.label == word) {
            added.documentation = Some(entry.form.to_owned());
        }
    }

    /// Adds words that join others, with their meaning after the item that `classifier` has read.
    pub(super) fn add_keywords(&mut self, words: &[&'static str], classifier: &Classifier) {
        for word in words {
            let entry = match { *classifier }.word(word, Span::default()) {
                Role::Word(entry) => Some(entry),
                _ => find(word),
            };
            if let Some(entry) = entry {
                self.add_word(word, entry, CompletionKind::Keyword);
            }
        }
    }

    pub(super) fn add_name(&mut self, name: &TextName, insert: &str) {
        self.add(&name.text, name.kind, name.detail.clone(), insert);
    }

    /// Adds the words that a word of that role can be.
    pub(super) fn add_words_of(&mut self, role: Role, cursor: &Cursor) {
        match role {
            Role::Condition => {
                for entry in of_class(WordClass::Fact).chain(of_class(WordClass::Count)) {
                    self.add_entry(entry, CompletionKind::Fact);
                }
                self.add_defined(|kind| kind == NameKind::Condition, CompletionKind::Definition);
            }
            Role::Calendar => self.add_times(cursor),
            Role::CustomerAttribute => {
                let built_in = BuiltIn::ALL.iter().map(|built_in| built_in.word());
                self.add_attributes(built_in, &self.folder.inbox.attributes);
            }
            Role::MessageAttribute => {
                let built_in = MessageBuiltIn::ALL.iter().map(|built_in| built_in.word());
                self.add_attributes(built_in.chain(["age"]), &self.folder.inbox.message_attributes);
            }
            Role::ChatAttribute => {
                self.add_attributes(ChatTime::ALL.iter().map(|time| time.word()), &[]);
            }
            Role::WordOf(class) => {
                // `by hand` chooses nobody, so nobody can be left out.
                let leaves_out = class == WordClass::Algorithm
                    && cursor.words_before().take_while(|word| *word != "group").any(|word| word == "except");
                for entry in of_class(class).filter(|entry| !(leaves_out && entry.word == "hand")) {
                    self.add_entry(entry, CompletionKind::Value);
                }
            }
            _ => {}
        }
    }

    fn add_times(&mut self, cursor: &Cursor) {
        let is_excepted = cursor.words_before().any(|word| word == "except");
        match cursor.item_word() {
            "dates" => self.add_defined(|kind| kind == NameKind::Dates, CompletionKind::Times),
            "hours" if is_excepted => {
                self.add_defined(|kind| kind == NameKind::Dates, CompletionKind::Times);
            }
            "hours" | "test" => {}
            _ => self
                .add_defined(|kind| matches!(kind, NameKind::Hours | NameKind::Dates), CompletionKind::Times),
        }
        let takes_days = !is_excepted && cursor.item_word() != "dates";
        let days = of_class(WordClass::Day).filter(|_| takes_days);
        for entry in days.chain(of_class(WordClass::Month)) {
            self.add_entry(entry, CompletionKind::Value);
        }
    }

    fn add_defined(&mut self, is_wanted: impl Fn(NameKind) -> bool, kind: CompletionKind) {
        let names: BTreeMap<Arc<str>, VisibleName> = visible_names(self.folder, self.file);
        for (name, visible) in names.iter().filter(|(_, visible)| is_wanted(visible.kind)) {
            let from = (visible.file != *self.file).then(|| format!("from {}", visible.file));
            self.add(name, kind, from, name);
        }
    }

    fn add_attributes(&mut self, built_in: impl Iterator<Item = &'static str>, own: &[AttributeDefinition]) {
        for attribute in own {
            self.add(&attribute.name, CompletionKind::Attribute, Some(kind_of(attribute)), &attribute.name);
        }
        for word in built_in {
            let entry = of_class(WordClass::Attribute).find(|entry| entry.word == word);
            if let Some(entry) = entry {
                self.add_entry(entry, CompletionKind::Attribute);
            }
        }
    }

    /// The names that a text of that role can be.
    pub(super) fn names_of(&self, role: Role, cursor: &Cursor) -> Vec<TextName> {
        let inbox = &self.folder.inbox;
        let name = |kind, text: &str, detail| TextName { text: text.to_owned(), kind, detail };
        match role {
            Role::Group => {
                let groups = inbox.groups.iter().map(|group| {
                    let members = group.members.iter().map(|member| inbox.user(*member).name.to_string());
                    let members: Vec<String> = members.take(8).collect();
                    name(CompletionKind::Group, &group.name, Some(list(&members)))
                });
                groups.collect()
            }
            Role::User => {
                let users = inbox.users.iter().map(|user| {
                    let shown = (user.name != user.id).then(|| user.name.to_string());
                    name(CompletionKind::User, &user.id, shown)
                });
                users.collect()
            }
            Role::Value { attribute, of_message } => {
                let word = cursor.text.get(attribute.range()).unwrap_or_default();
                let kind = if of_message {
                    inbox.message_attribute_id(word).map(|id| &inbox.message_attribute(id).kind)
                } else {
                    inbox.attribute_id(word).map(|id| &inbox.attribute(id).kind)
                };
                match kind {
                    Some(AttributeKind::Words(words)) => {
                        words.iter().map(|(word, _)| name(CompletionKind::Value, word, None)).collect()
                    }
                    _ => Vec::new(),
                }
            }
            Role::Skill => {
                let mut skills: Vec<&String> =
                    inbox.users.iter().flat_map(|user| &user.skills_as_written).collect();
                skills.sort_unstable();
                skills.dedup();
                skills.into_iter().map(|skill| name(CompletionKind::Text, skill, None)).collect()
            }
            Role::Tag => self.written(|entity| matches!(entity, Entity::Tag(_)), cursor),
            Role::RuleReference => {
                let rules =
                    occurrences(self.folder, self.file).into_iter().filter_map(|found| match found.entity {
                        Entity::Rule { name: called, .. } if found.is_declaration => {
                            Some(name(CompletionKind::Text, &called, None))
                        }
                        _ => None,
                    });
                rules.collect()
            }
            Role::UsedFile => {
                let files = self.folder.files.iter().filter(|(other, file)| {
                    *other != self.file && !self.folder.is_policy(other) && !file.outline.has_rules
                });
                let files = files.map(|(other, _)| relative(self.file, other));
                files.map(|path| name(CompletionKind::File, &path, None)).collect()
            }
            Role::PhoneNumber => {
                inbox.numbers.keys().map(|number| name(CompletionKind::Value, number, None)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The texts of that kind which are written somewhere in the folder, but for the one that is being typed.
    fn written(&self, is_wanted: impl Fn(&Entity) -> bool, cursor: &Cursor) -> Vec<TextName> {
        let mut searched = 0;
        let mut texts = BTreeSet::new();
        for (file, rules) in self.folder.files.iter() {
            searched += rules.source.text.len();
            if searched > MAX_SEARCHED && file != self.file {
                continue;
            }
            for found in occurrences(self.folder, file) {
                let is_typed = file == self.file && found.inner_span(&rules.source.text) == cursor.replaced;
                if is_wanted(&found.entity) && !is_typed {
                    let inner = found.inner_span(&rules.source.text);
                    texts.insert(rules.source.slice(inner).to_owned());
                }
            }
        }
        let name = |text| TextName { text, kind: CompletionKind::Text, detail: None };
        texts.into_iter().filter(|text| !text.is_empty()).map(name).collect()
    }
}

/// `text`, `free, gold`
fn kind_of(attribute: &AttributeDefinition) -> String {
    match &attribute.kind {
        AttributeKind::Text => "a text".to_owned(),
        AttributeKind::Number => "a number".to_owned(),
        AttributeKind::Flag => "true or false".to_owned(),
        AttributeKind::Words(words) => {
            words.iter().take(8).map(|(word, _)| word.as_str()).collect::<Vec<_>>().join(", ")
        }
        AttributeKind::Unknown => String::new(),
    }
}

/// The path of the file `other`, as a `use` in `file` writes it.
fn relative(file: &str, other: &str) -> String {
    let mut from: Vec<&str> = file.split('/').collect();
    from.pop();
    let to: Vec<&str> = other.split('/').collect();
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = vec![".."; from.len() - shared];
    up.into_iter().chain(to.into_iter().skip(shared)).collect::<Vec<_>>().join("/")
}
