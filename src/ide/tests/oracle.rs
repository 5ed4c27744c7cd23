//! What tokens are, compared with the syntax tree.

use std::collections::BTreeSet;

use crate::ide::items::{ItemOutline, items};
use crate::ide::occurrence::{Entity, occurrences};
use crate::language::ast::{
    Action, AttributeGiven, ChatGiven, Condition, ConditionKind, CustomerGiven, DatesEntry, During, Expect,
    ExpectKind, Given, Guard, HoursEntry, Item, LeftOut, Literal, Skill, Target, Test, TextLiteral,
    UserGiven, Values, Word,
};
use crate::policy::{Folder, INBOX};
use crate::testing::{COMMON, FILE, folder, sound_policies};
use crate::text::Span;

/// What the tree names: the kind of thing, and where.
type Named = BTreeSet<(Span, &'static str)>;

#[test]
fn tokens_name_what_the_tree_names() {
    for sample in sound_policies() {
        let folder = folder(&[(INBOX, sample.inbox), ("common.rules", COMMON), (FILE, sample.text)]);
        let file = folder.files.get(FILE).unwrap();
        assert!(file.tree().broken.is_empty(), "{}", sample.text);
        let mut tree = Named::new();
        for item in &file.tree().items {
            of_item(item, &mut tree);
        }
        let by_tokens = named_by_tokens(&folder);
        let text = |named: &Named| -> Vec<String> {
            named.iter().map(|(span, kind)| format!("{kind} {} {span:?}", file.source.slice(*span))).collect()
        };
        assert_eq!(text(&by_tokens), text(&tree), "{}", sample.text);
    }
}

#[test]
fn the_head_of_a_rule_ends_where_its_condition_does() {
    for sample in sound_policies() {
        let folder = folder(&[(INBOX, sample.inbox), ("common.rules", COMMON), (FILE, sample.text)]);
        let rules = folder.files.get(FILE).unwrap().tree().items.iter().filter_map(|item| match item {
            Item::Rule(rule) => Some(match &rule.guard {
                Guard::When(condition) => condition.span.end,
                Guard::Otherwise(span) => span.end,
            }),
            _ => None,
        });
        let is_rule = |item: &ItemOutline| {
            matches!(item.word.as_str(), "rule" | "when" | "also" | "move" | "otherwise")
        };
        let heads = items(sample.text).into_iter().filter(is_rule).map(|item| item.head.end);
        assert_eq!(heads.collect::<Vec<_>>(), rules.collect::<Vec<_>>(), "{}", sample.text);
    }
}

fn named_by_tokens(folder: &Folder) -> Named {
    let named = occurrences(folder, FILE).into_iter().filter_map(|found| {
        let kind = match (&found.entity, found.is_declaration) {
            (Entity::Name { .. }, true) => "defines",
            (Entity::Name { .. }, false) => "name",
            (Entity::Group(_), _) => "group",
            (Entity::User(_), _) => "user",
            (Entity::Skill(_), _) => "skill",
            (Entity::Tag(_), _) => "tag",
            (Entity::Rule { .. }, true) => "heading",
            (Entity::Rule { .. }, false) => "rule",
            _ => return None,
        };
        Some((found.span, kind))
    });
    named.collect()
}

fn add(named: &mut Named, kind: &'static str, span: Span) {
    named.insert((span, kind));
}

fn texts(named: &mut Named, kind: &'static str, values: &[TextLiteral]) {
    for value in values {
        add(named, kind, value.span);
    }
}

fn of_item(item: &Item, named: &mut Named) {
    match item {
        Item::Rule(rule) => {
            if let Some(name) = &rule.name {
                add(named, "heading", name.span);
            }
            if let Guard::When(condition) = &rule.guard {
                of_condition(condition, named);
            }
            for action in &rule.actions {
                of_action(action, named);
            }
        }
        Item::Definition(item) => {
            add(named, "defines", item.name.span);
            of_condition(&item.condition, named);
        }
        Item::Hours(item) => {
            add(named, "defines", item.name.span);
            of_dates(&item.except, named);
        }
        Item::Dates(item) => {
            add(named, "defines", item.name.span);
            of_dates(&item.entries, named);
        }
        Item::Test(test) => of_test(test, named),
        Item::TimeZone(_) | Item::Use(_) => {}
    }
}

fn of_dates(entries: &[DatesEntry], named: &mut Named) {
    for entry in entries {
        if let DatesEntry::Name(word) = entry {
            add(named, "name", word.span);
        }
    }
}

fn of_values(values: &Values, kind: &'static str, named: &mut Named) {
    for value in &values.values {
        if let Literal::Text(_) = value.value {
            add(named, kind, value.span);
        }
    }
}

fn of_condition(condition: &Condition, named: &mut Named) {
    match &condition.kind {
        ConditionKind::Or(parts) | ConditionKind::And(parts) => {
            for part in parts {
                of_condition(part, named);
            }
        }
        ConditionKind::Not(part) | ConditionKind::Parens(part) => of_condition(part, named),
        ConditionKind::Fact { word, group, .. } => {
            let is_fact = crate::language::vocabulary::FactWord::parse(&word.value).is_some()
                || crate::language::vocabulary::Count::parse(&word.value).is_some();
            if !is_fact {
                add(named, "name", word.span);
            }
            if let Some(group) = group {
                add(named, "group", group.span);
            }
        }
        ConditionKind::During(During::Name(word)) => add(named, "name", word.span),
        ConditionKind::During(During::Entry(HoursEntry { .. })) => {}
        ConditionKind::ChatWith(users) => texts(named, "user", users),
        ConditionKind::ChatIn(group) => add(named, "group", group.span),
        ConditionKind::ChatTag(values) | ConditionKind::CustomerTag(values) => {
            of_values(values, "tag", named);
        }
        ConditionKind::Message(_)
        | ConditionKind::MessagePart { .. }
        | ConditionKind::MessageHas(_)
        | ConditionKind::ChatPart { .. }
        | ConditionKind::CustomerHas(Word { .. })
        | ConditionKind::CustomerPart { .. } => {}
    }
}

fn of_action(action: &Action, named: &mut Named) {
    match action {
        Action::Assign(assign) => {
            for alternative in &assign.alternatives {
                match &alternative.target {
                    Target::User { user, .. } => add(named, "user", user.span),
                    Target::Group { group, skills, except, .. } => {
                        add(named, "group", group.span);
                        for skill in skills {
                            if let Skill::Named(values) = skill {
                                of_values(values, "skill", named);
                            }
                        }
                        for left_out in except {
                            if let LeftOut::User(user) = left_out {
                                add(named, "user", user.span);
                            }
                        }
                    }
                    Target::Owner { .. } | Target::Nobody(_) => {}
                }
            }
        }
        Action::Tag { text, .. } => add(named, "tag", text.span),
        Action::Reply { .. } | Action::Priority { .. } => {}
    }
}

fn of_test(test: &Test, named: &mut Named) {
    for given in &test.givens {
        match given {
            Given::Customer(facts) => {
                for fact in facts {
                    match &fact.value {
                        CustomerGiven::Owner(user) => add(named, "user", user.span),
                        CustomerGiven::Tag(tag) => add(named, "tag", tag.span),
                        CustomerGiven::New
                        | CustomerGiven::Returning
                        | CustomerGiven::Attribute(AttributeGiven::Value(..) | AttributeGiven::Flag(..)) => {}
                    }
                }
            }
            Given::Users { users, .. } => {
                for user in users {
                    match user {
                        UserGiven::User { user, .. } => add(named, "user", user.span),
                        UserGiven::Group(group) => add(named, "group", group.span),
                    }
                }
            }
            Given::Waiting(queues) => {
                for (_, group) in queues {
                    add(named, "group", group.span);
                }
            }
            Given::Turn(turns) => {
                for (group, user) in turns {
                    add(named, "group", group.span);
                    add(named, "user", user.span);
                }
            }
            Given::Chat(facts) => {
                for fact in facts {
                    match &fact.value {
                        ChatGiven::With(user) => add(named, "user", user.span),
                        ChatGiven::In(group) => add(named, "group", group.span),
                        ChatGiven::Tag(tag) => add(named, "tag", tag.span),
                        ChatGiven::Waiting | ChatGiven::Answered | ChatGiven::Time(..) => {}
                    }
                }
            }
            Given::Message { .. } | Given::Number(_) | Given::At { .. } => {}
        }
    }
    for expect in &test.expects {
        of_expect(expect, named);
    }
}

fn of_expect(expect: &Expect, named: &mut Named) {
    match &expect.kind {
        ExpectKind::Rule(name) | ExpectKind::AlsoRule(name) | ExpectKind::NotRule(name) => {
            add(named, "rule", name.span);
        }
        ExpectKind::AssignUser(users) => texts(named, "user", users),
        ExpectKind::AssignGroup(group) => add(named, "group", group.span),
        ExpectKind::Tag(tag) | ExpectKind::NoTag(tag) => add(named, "tag", tag.span),
        _ => {}
    }
}
