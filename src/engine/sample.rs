//! Policies made by hand, for tests.

use jiff::tz::TimeZone;

use crate::inbox::{GroupId, Inbox, UserId};
use crate::language::vocabulary::Algorithm;
use crate::policy::{
    Alternative, Assign, Condition, ConditionKind, Definition, Fact, GroupTarget, Piece, Placeholder, Policy,
    Reply, Rule, Scope, Target, Template,
};
use crate::situation::Situation;
use crate::text::{Source, Span};

/// The inbox of the reference.
pub(super) const INBOX: &str = r#"
[users.alice]
name = "Alice"
capacity = 5
skills = ["en", "ar"]
weight = 2
[users.bob]
name = "Bob"
capacity = 3
[users.carol]
name = "Carol"
[groups]
Sales = ["alice", "bob"]
Support = ["bob", "carol"]
Empty = []
[attributes]
plan = ["free", "gold"]
orders = "number"
city = "text"
blocked = "flag"
"#;

pub(super) const ALICE: UserId = UserId(0);
pub(super) const SALES: GroupId = GroupId(0);
pub(super) const SUPPORT: GroupId = GroupId(1);
pub(super) const EMPTY: GroupId = GroupId(2);

pub(super) fn inbox() -> Inbox {
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", INBOX));
    assert_eq!(findings, []);
    inbox
}

/// The situation at noon, with `fields`.
pub(super) fn situation(fields: &str) -> Situation {
    let comma = if fields.is_empty() { "" } else { "," };
    Situation::from_json(&format!(r#"{{ "at": "2026-11-24T12:00:00Z"{comma} {fields} }}"#)).unwrap()
}

pub(super) fn policy(rules: Vec<Rule>, definitions: Vec<Condition>) -> Policy {
    let definition = |(place, condition)| Definition {
        name: format!("d{place}").into(),
        file: "+15550100.rules".into(),
        span: Span::default(),
        condition,
    };
    Policy {
        file: "+15550100.rules".into(),
        timezone: TimeZone::get("Africa/Cairo").unwrap(),
        rules: rules.into_iter().zip(1..).map(|(rule, line)| Rule { line, ..rule }).collect(),
        definitions: definitions.into_iter().enumerate().map(definition).collect(),
        tests: vec![],
        digest: "sha256:0".into(),
    }
}

pub(super) fn rule(name: &str, when: Option<Condition>, targets: Vec<Target>) -> Rule {
    let alternative = |target| Alternative { span: Span::default(), target, patience: None };
    let alternatives: Vec<_> = targets.into_iter().map(alternative).collect();
    Rule {
        name: Some(name.into()),
        file: "+15550100.rules".into(),
        line: 0,
        span: Span::default(),
        also: alternatives.is_empty(),
        when,
        assign: (!alternatives.is_empty()).then_some(Assign { span: Span::default(), alternatives }),
        replies: vec![],
        tags: vec![],
        priority: None,
    }
}

pub(super) fn group(group: GroupId, by: Algorithm) -> Target {
    Target::Group(GroupTarget { group, skill: None, by, among: None })
}

pub(super) fn fact(fact: Fact) -> Condition {
    Condition { span: Span::default(), kind: ConditionKind::Fact(fact) }
}

pub(super) fn all(facts: Vec<Fact>) -> Condition {
    let parts = facts.into_iter().map(fact).collect();
    Condition { span: Span::default(), kind: ConditionKind::And(parts) }
}

pub(super) fn any_online(group: GroupId) -> Fact {
    Fact::AnyOnline(Scope::Group(group))
}

/// A reply of `text`, then each of `more`.
pub(super) fn reply(text: &str, more: &[(Placeholder, &str)]) -> Reply {
    let placeholder = |(what, fallback): &(Placeholder, &str)| Piece::Placeholder {
        what: *what,
        fallback: (!fallback.is_empty()).then(|| (*fallback).into()),
    };
    let pieces = std::iter::once(Piece::Text(text.into())).chain(more.iter().map(placeholder));
    let template = Template(pieces.collect());
    Reply { span: Span::default(), written: text.into(), template, once_per: None }
}
