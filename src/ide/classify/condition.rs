//! The words of a condition.

use super::{Classifier, Role, Section, Subject, calendar, choice, entry};
use crate::language::vocabulary::{Count, FactWord, WordClass};
use crate::text::Span;

impl Classifier<'_> {
    pub(super) fn condition(&mut self, word: &str, span: Span) -> Role {
        match (word, self.before) {
            (_, ".") => self.attribute(span),
            ("tag", "has") => {
                self.texts = Role::Tag;
                entry("has", WordClass::Condition)
            }
            (_, "has") => self.attribute(span),
            // The colon is missing.
            ("assign" | "reply" | "tag" | "priority", _) => {
                self.section = Section::Actions;
                self.action(word)
            }
            ("not", "is") => entry(word, WordClass::Operand),
            ("and" | "or", _) => {
                self.end_test();
                entry(word, WordClass::Condition)
            }
            ("not", _) => {
                self.end_test();
                entry(word, WordClass::Operand)
            }
            ("message" | "customer" | "chat" | "during", _) => {
                self.end_test();
                self.subject = match word {
                    "message" => Subject::Message,
                    "customer" => Subject::Customer,
                    "chat" => Subject::Chat,
                    _ => Subject::Moment,
                };
                entry(word, WordClass::Operand)
            }
            ("in", _) => {
                self.texts = Role::Group;
                entry(word, WordClass::Condition)
            }
            ("with", "chat") => {
                self.texts = Role::User;
                entry(word, WordClass::Condition)
            }
            ("is", _) => {
                self.texts = match self.subject {
                    Subject::Attribute { name, of_message } => Role::Value { attribute: name, of_message },
                    _ => Role::Text,
                };
                entry(word, WordClass::ValueTest)
            }
            ("contains" | "starts" | "matches", _) => {
                self.texts = Role::Text;
                entry(word, WordClass::ValueTest)
            }
            ("any" | "part" | "with" | "has", _) => entry(word, WordClass::Condition),
            _ if self.subject == Subject::Moment => calendar(word),
            _ if self.subject == Subject::Message => choice(word, WordClass::Kind),
            _ if matches!(self.subject, Subject::Attribute { .. }) => Role::Unknown,
            _ if FactWord::parse(word).is_some() => entry(word, WordClass::Fact),
            _ if Count::parse(word).is_some() => entry(word, WordClass::Count),
            _ => Role::Condition,
        }
    }

    /// A word after the dot or the `has` of what is tested.
    fn attribute(&mut self, span: Span) -> Role {
        let of_message =
            matches!(self.subject, Subject::Message | Subject::Attribute { of_message: true, .. });
        match self.subject {
            Subject::Chat => Role::ChatAttribute,
            _ => {
                self.subject = Subject::Attribute { name: span, of_message };
                if of_message { Role::MessageAttribute } else { Role::CustomerAttribute }
            }
        }
    }

    /// What follows is another test.
    pub(super) fn end_test(&mut self) {
        (self.subject, self.texts) = (Subject::None, Role::Text);
    }
}
