//! The words of the lines of a test.

use super::{Classifier, Role, Section, calendar, choice, entry};
use crate::language::vocabulary::{ChatTime, MessageKind, WordClass};
use crate::text::Span;

/// What a text is in a `given` line that begins with this word.
pub(super) fn texts_of(kind: &str) -> Role {
    match kind {
        "online" | "away" | "offline" => Role::User,
        "turn" => Role::Group,
        "number" => Role::PhoneNumber,
        _ => Role::Text,
    }
}

/// What a line `given …` can be about.
const GIVEN: [&str; 10] =
    ["customer", "online", "away", "offline", "waiting", "turn", "message", "chat", "number", "at"];

impl Classifier<'_> {
    /// `given` or `expect`
    pub(super) fn test_line(&mut self, word: &str) -> Role {
        self.section = if word == "given" { Section::Given("") } else { Section::Expect };
        self.texts = Role::Text;
        entry(word, WordClass::TestLine)
    }

    /// A word of a `given` line that begins with `kind`.
    pub(super) fn given(&mut self, kind: &'static str, word: &str, span: Span) -> Role {
        match kind {
            "" => {
                let Some(kind) = GIVEN.into_iter().find(|known| *known == word) else { return Role::Unknown };
                (self.section, self.texts) = (Section::Given(kind), texts_of(kind));
                entry(word, class_of_given(kind))
            }
            "customer" => self.given_customer(word, span),
            "online" | "away" | "offline" => {
                if word == "group" {
                    self.texts = Role::Group;
                    return entry(word, WordClass::Target);
                }
                // `with 1 chat`
                part(if word == "chat" { "chats" } else { word })
            }
            "waiting" => {
                self.texts = Role::Group;
                part(word)
            }
            "turn" => {
                if word == "after" {
                    self.texts = Role::User;
                }
                part(word)
            }
            "message" => self.given_message(word, span),
            "chat" => self.given_chat(word),
            "at" => calendar(word),
            _ => part(word),
        }
    }

    fn given_customer(&mut self, word: &str, span: Span) -> Role {
        self.texts = match word {
            "owner" => Role::User,
            "tag" => Role::Tag,
            _ => Role::Value { attribute: span, of_message: false },
        };
        match word {
            "new" | "returning" => part(word),
            "owner" => entry(word, WordClass::Target),
            "tag" => entry(word, WordClass::Action),
            "not" => entry(word, WordClass::Operand),
            _ => Role::CustomerAttribute,
        }
    }

    fn given_message(&mut self, word: &str, span: Span) -> Role {
        match word {
            _ if self.before == "message" && word != "aged" => match MessageKind::parse(word) {
                Some(_) => choice(word, WordClass::Kind),
                None => Role::WordOf(WordClass::Kind),
            },
            "aged" => part(word),
            "not" => entry(word, WordClass::Operand),
            _ => {
                self.texts = Role::Value { attribute: span, of_message: true };
                Role::MessageAttribute
            }
        }
    }

    fn given_chat(&mut self, word: &str) -> Role {
        if ChatTime::parse(word).is_some() {
            return Role::ChatAttribute;
        }
        self.texts = match word {
            "with" => Role::User,
            "in" => Role::Group,
            "tag" => Role::Tag,
            _ => Role::Text,
        };
        part(word)
    }

    pub(super) fn expect(&mut self, word: &str) -> Role {
        if self.before == "priority" {
            return choice(word, WordClass::Priority);
        }
        self.texts = match word {
            "rule" => Role::RuleReference,
            "user" => Role::User,
            "group" => Role::Group,
            "tag" => Role::Tag,
            "any" => self.texts,
            _ => Role::Text,
        };
        let class = match word {
            "assign" | "reply" | "tag" | "priority" => WordClass::Action,
            "user" | "group" | "nobody" => WordClass::Target,
            "any" => WordClass::Condition,
            "contains" => WordClass::ValueTest,
            "rule" | "also" => WordClass::Item,
            "waiting" => WordClass::Count,
            _ => WordClass::TestPart,
        };
        match entry(word, class) {
            Role::WordOf(_) => Role::Unknown,
            role => role,
        }
    }
}

fn class_of_given(kind: &str) -> WordClass {
    match kind {
        "customer" | "message" => WordClass::Operand,
        "online" | "away" | "offline" => WordClass::Presence,
        "waiting" => WordClass::Count,
        _ => WordClass::TestPart,
    }
}

/// A word that joins the parts of a `given` line.
fn part(word: &str) -> Role {
    match entry(word, WordClass::TestPart) {
        Role::WordOf(_) => Role::Unknown,
        role => role,
    }
}
