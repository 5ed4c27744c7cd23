//! Infers an inbox from the names that rule files mention, where there is no `inbox.toml`, so that everything but the
//! names can be checked.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::file::RuleFile;
use crate::inbox::Inbox;
use crate::language::ast::{
    self, AttributeGiven, ChatGiven, ConditionKind, CustomerGiven, ExpectKind, Given, LeftOut, Skill, Target,
    UserGiven,
};
use crate::language::vocabulary::{BuiltIn, MessageBuiltIn};

#[derive(Default)]
struct MentionedNames {
    users: BTreeSet<String>,
    groups: BTreeSet<String>,
    attributes: BTreeSet<String>,
    message_attributes: BTreeSet<String>,
}

/// An inbox with every user, group and attribute that `files` mention, and with the numbers, the time zone and the lint
/// levels of `read`.
pub(super) fn infer_inbox<'a>(files: impl Iterator<Item = &'a Arc<RuleFile>>, read: Inbox) -> Inbox {
    let mut mentioned = MentionedNames::default();
    for file in files {
        let file = file.with_temporary_tree();
        let rests = file.tree().broken.iter().filter_map(|broken| broken.rest.as_deref());
        for item in file.tree().items.iter().chain(rests) {
            item_mentions(item, &mut mentioned);
        }
    }
    let mut inferred = Inbox::inferred(
        mentioned.users,
        mentioned.groups,
        mentioned.attributes,
        mentioned.message_attributes,
    );
    inferred.numbers = read.numbers;
    inferred.policy_files = read.policy_files;
    inferred.timezone = read.timezone;
    inferred.timezone_name = read.timezone_name;
    inferred.lints = read.lints;
    inferred
}

impl MentionedNames {
    fn attribute(&mut self, name: &str) {
        if BuiltIn::parse(name).is_none() {
            self.attributes.insert(name.to_owned());
        }
    }

    fn message_attribute(&mut self, name: &str) {
        if MessageBuiltIn::parse(name).is_none() && name != "age" {
            self.message_attributes.insert(name.to_owned());
        }
    }

    fn user(&mut self, id: &ast::TextLiteral) {
        self.users.insert(id.value.clone());
    }

    fn group(&mut self, name: &ast::TextLiteral) {
        self.groups.insert(name.value.clone());
    }
}

fn item_mentions(item: &ast::Item, mentioned: &mut MentionedNames) {
    match item {
        ast::Item::Rule(rule) => rule_mentions(rule, mentioned),
        ast::Item::Definition(definition) => condition_mentions(&definition.condition, mentioned),
        ast::Item::Test(test) => test_mentions(test, mentioned),
        ast::Item::Hours(_) | ast::Item::Dates(_) | ast::Item::TimeZone(_) | ast::Item::Use(_) => {}
    }
}

fn rule_mentions(rule: &ast::Rule, mentioned: &mut MentionedNames) {
    if let ast::Guard::When(condition) = &rule.guard {
        condition_mentions(condition, mentioned);
    }
    for action in &rule.actions {
        match action {
            ast::Action::Assign(assign) => {
                for alternative in &assign.alternatives {
                    target_mentions(&alternative.target, mentioned);
                }
            }
            ast::Action::Reply { text, .. } => {
                for piece in text.value.split('{').skip(1) {
                    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
                    let name = piece.trim_start().strip_prefix("customer.").unwrap_or_default();
                    let name: String = name.chars().take_while(|c| word(*c)).collect();
                    if !name.is_empty() {
                        mentioned.attribute(&name);
                    }
                }
            }
            ast::Action::Tag { .. } | ast::Action::Priority { .. } => {}
        }
    }
}

fn target_mentions(target: &Target, mentioned: &mut MentionedNames) {
    match target {
        Target::Owner { .. } | Target::Nobody(_) => {}
        Target::User { user, .. } => mentioned.user(user),
        Target::Group { group, skills, except, .. } => {
            mentioned.group(group);
            for skill in skills {
                if let Skill::Customer(word) = skill {
                    mentioned.attribute(&word.value);
                }
            }
            for user in except {
                if let LeftOut::User(id) = user {
                    mentioned.user(id);
                }
            }
        }
    }
}

fn condition_mentions(condition: &ast::Condition, mentioned: &mut MentionedNames) {
    match &condition.kind {
        ConditionKind::Or(parts) | ConditionKind::And(parts) => {
            for part in parts {
                condition_mentions(part, mentioned);
            }
        }
        ConditionKind::Not(part) | ConditionKind::Parens(part) => condition_mentions(part, mentioned),
        ConditionKind::Fact { group: Some(group), .. } | ConditionKind::ChatIn(group) => {
            mentioned.group(group);
        }
        ConditionKind::ChatWith(users) => users.iter().for_each(|id| mentioned.user(id)),
        ConditionKind::MessageHas(word) | ConditionKind::MessagePart { part: word, .. } => {
            mentioned.message_attribute(&word.value);
        }
        ConditionKind::CustomerHas(word) | ConditionKind::CustomerPart { part: word, .. } => {
            mentioned.attribute(&word.value);
        }
        _ => {}
    }
}

fn test_mentions(test: &ast::Test, mentioned: &mut MentionedNames) {
    for given in &test.givens {
        match given {
            Given::Customer(list) => {
                for item in list {
                    match &item.value {
                        CustomerGiven::Owner(id) => mentioned.user(id),
                        CustomerGiven::Attribute(given) => mentioned.attribute(given_name(given)),
                        CustomerGiven::New | CustomerGiven::Returning | CustomerGiven::Tag(_) => {}
                    }
                }
            }
            Given::Users { users, .. } => {
                for user in users {
                    match user {
                        UserGiven::User { user, .. } => mentioned.user(user),
                        UserGiven::Group(group) => mentioned.group(group),
                    }
                }
            }
            Given::Message { attributes, .. } => {
                for given in attributes {
                    mentioned.message_attribute(given_name(given));
                }
            }
            Given::Chat(list) => {
                for item in list {
                    match &item.value {
                        ChatGiven::With(id) => mentioned.user(id),
                        ChatGiven::In(group) => mentioned.group(group),
                        ChatGiven::Waiting
                        | ChatGiven::Tag(_)
                        | ChatGiven::Answered
                        | ChatGiven::Time(..) => {}
                    }
                }
            }
            Given::Waiting(list) => {
                mentioned.groups.extend(list.iter().map(|(_, group)| group.value.clone()));
            }
            Given::Turn(list) => {
                mentioned.groups.extend(list.iter().map(|(group, _)| group.value.clone()));
                mentioned.users.extend(list.iter().map(|(_, user)| user.value.clone()));
            }
            Given::Number(_) | Given::At { .. } => {}
        }
    }
    for expect in &test.expects {
        match &expect.kind {
            ExpectKind::AssignUser(users) => users.iter().for_each(|id| mentioned.user(id)),
            ExpectKind::AssignGroup(group) => mentioned.group(group),
            _ => {}
        }
    }
}

fn given_name(given: &AttributeGiven) -> &str {
    let (AttributeGiven::Value(word, _) | AttributeGiven::Flag(word, _)) = given;
    &word.value
}
