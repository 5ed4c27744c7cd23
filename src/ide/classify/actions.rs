//! The words of actions.

use super::{Classifier, Role, choice, entry};
use crate::language::vocabulary::WordClass;

impl Classifier<'_> {
    pub(super) fn action(&mut self, word: &str) -> Role {
        match self.before {
            "." => return Role::CustomerAttribute,
            "by" => return choice(word, WordClass::Algorithm),
            "among" => return choice(word, WordClass::Eligibility),
            "priority" => return choice(word, WordClass::Priority),
            _ => {}
        }
        let class = match word {
            "assign" | "reply" | "tag" | "priority" => WordClass::Action,
            "owner" | "user" | "group" | "nobody" => WordClass::Target,
            "and" | "or" | "any" | "with" => WordClass::Condition,
            "customer" => WordClass::Operand,
            _ => WordClass::ActionPart,
        };
        self.texts = match word {
            "reply" => Role::Reply,
            "tag" => Role::Tag,
            "user" | "except" => Role::User,
            "group" => Role::Group,
            "skill" => Role::Skill,
            "and" | "or" | "any" | "owner" | "customer" => self.texts,
            _ => Role::Text,
        };
        match entry(word, class) {
            Role::WordOf(_) => Role::Unknown,
            role => role,
        }
    }
}
