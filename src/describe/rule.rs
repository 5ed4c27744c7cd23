//! A rule as people read it: what it takes, who gets the chat, and what else it does.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::{FactWords, HoursWords, dates_words, fact_words, hours_words};
use crate::inbox::Inbox;
use crate::language::ast::{
    Action, Alternative, Assign, Condition, ConditionKind, File, Guard, Item, LeftOut, Literal, Rule,
    RuleKind, Skill, Target, Values, Word,
};
use crate::language::one_line;
use crate::language::vocabulary::{self, Algorithm, Priority, WordClass};
use crate::policy::{Folder, RuleFile};
use crate::text::{LineIndex, Source, Span, Spanned};

/// What a name stands for.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowDefinition {
    /// As written.
    pub text: String,
    /// The condition of a `let`; `null`: it names hours or dates.
    pub parts: Option<ConditionPart>,
    /// The hours or dates; `null`: it names a condition.
    pub hours: Option<HoursWords>,
}

/// A rule as people read it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowRule {
    /// `rule`, `also`, `move` or `otherwise`.
    pub kind: &'static str,
    /// Its name.
    pub name: Option<String>,
    /// Its file.
    pub file: Arc<str>,
    /// Its first line.
    pub line: usize,
    /// Its last line.
    pub end_line: usize,
    /// Its condition as written; `null`: it always holds.
    pub condition: Option<String>,
    /// Its condition in parts.
    pub parts: Option<ConditionPart>,
    /// Who gets the chat: what is tried in this order.
    pub steps: Vec<AssignStep>,
    /// What the customer reads.
    pub replies: Vec<FlowReply>,
    /// The tags that it gives.
    pub tags: Vec<FlowTag>,
    /// The priorities that it sets: of those at the same time the highest counts.
    pub priorities: Vec<FlowPriority>,
    /// `false`: no message reaches it, which is proved.
    pub reached: bool,
}

/// A part of a condition.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ConditionPart {
    /// All of these hold.
    All(Vec<ConditionPart>),
    /// At least one of these holds.
    Any(Vec<ConditionPart>),
    /// This does not hold.
    Not(Box<ConditionPart>),
    /// A single fact.
    #[serde(untagged)]
    Fact(Box<FlowFact>),
}

/// A single fact of a condition.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowFact {
    /// As written.
    pub text: String,
    /// In words.
    #[serde(flatten)]
    pub words: FactWords,
}

/// An alternative of an `assign`.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct AssignStep {
    /// `owner`, `user`, `group`, `queue` (a group whose members take chats by hand) or `nobody`.
    pub to: &'static str,
    /// The group.
    pub group: Option<String>,
    /// The user.
    pub user: Option<String>,
    /// How a member is chosen.
    pub by: Option<Algorithm>,
    /// What that means.
    pub meaning: Option<&'static str>,
    /// Who is considered.
    pub among: Option<String>,
    /// The skills that a member must have: all of these.
    pub skills: Vec<FlowSkill>,
    /// The users who are left out, by their ids.
    pub except: Vec<String>,
    /// Whether the owner is left out.
    pub except_owner: bool,
    /// How long it may take to answer, before the next alternative is tried.
    pub for_seconds: Option<u64>,
    /// As written.
    pub text: String,
}

/// A skill that a member must have.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FlowSkill {
    /// One of these.
    Any(Vec<String>),
    /// What this attribute of the customer says.
    Customer(String),
}

/// A reply of a rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowReply {
    /// Its text, with placeholders.
    pub text: String,
    /// Not again within this time to the same customer.
    pub once_per_seconds: Option<u64>,
    /// So long after the message, if nobody has answered.
    pub after_seconds: Option<u64>,
}

/// A tag of a rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowTag {
    /// The tag.
    pub tag: String,
    /// So long after the message, if nobody has answered.
    pub after_seconds: Option<u64>,
}

/// A priority of a rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowPriority {
    /// The priority.
    pub priority: Priority,
    /// So long after the message, if nobody has answered.
    pub after_seconds: Option<u64>,
}

/// The rules of a file, in its order. `unreached` are those that no message reaches, by their positions.
pub fn flow_rules(
    source: &Source,
    tree: &File,
    inbox: &Inbox,
    file: &Arc<str>,
    unreached: &BTreeSet<usize>,
) -> Vec<FlowRule> {
    let reader = FlowReader { source, inbox };
    let rules = tree.items.iter().filter_map(|item| match item {
        Item::Rule(rule) => Some(rule),
        _ => None,
    });
    let lines = LineIndex::new(&source.text);
    rules.enumerate().map(|(at, rule)| reader.rule(file, &lines, rule, !unreached.contains(&at))).collect()
}

/// What each name stands for that the rules of the file called `file` can use.
pub fn flow_definitions(folder: &Folder, inbox: &Inbox, file: &str) -> BTreeMap<String, FlowDefinition> {
    let mut known = BTreeMap::new();
    for name in used_files(folder, file) {
        let Some(file) = folder.files.get(&name) else { continue };
        let reader = FlowReader { source: &file.source, inbox };
        for item in &file.with_temporary_tree().tree().items {
            let (name, parts, hours) = match item {
                Item::Definition(named) => (&named.name, Some(reader.part(&named.condition)), None),
                Item::Hours(hours) => (&hours.name, None, Some(hours_words(hours))),
                Item::Dates(dates) => (&dates.name, None, Some(dates_words(dates))),
                _ => continue,
            };
            let line = one_line(&file.source, item.span());
            let text = line.split_once('=').map_or("", |(_, text)| text.trim()).to_owned();
            known.entry(name.value.clone()).or_insert(FlowDefinition { text, parts, hours });
        }
    }
    known
}

/// The file and all that it uses, directly or not.
fn used_files(folder: &Folder, file: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([file.to_owned()]);
    let mut waiting = vec![file.to_owned()];
    while let Some(name) = waiting.pop() {
        let used = folder.files.get(&name).into_iter().flat_map(|file| RuleFile::used(file, &name));
        let new: Vec<String> = used.filter(|used| !found.contains(used)).collect();
        found.extend(new.iter().cloned());
        waiting.extend(new);
    }
    found
}

struct FlowReader<'f> {
    source: &'f Source,
    inbox: &'f Inbox,
}

impl FlowReader<'_> {
    fn rule(&self, file: &Arc<str>, lines: &LineIndex, rule: &Rule, reached: bool) -> FlowRule {
        let (condition, parts) = match &rule.guard {
            Guard::When(condition) => (Some(self.written(condition.span)), Some(self.part(condition))),
            Guard::Otherwise(_) => (None, None),
        };
        let kind = match (rule.kind, &condition) {
            (RuleKind::Also, _) => "also",
            (RuleKind::Move, _) => "move",
            (RuleKind::Regular, Some(_)) => "rule",
            (RuleKind::Regular, None) => "otherwise",
        };
        let mut flow = FlowRule {
            kind,
            name: rule.name.as_ref().map(|name| name.value.clone()),
            file: Arc::clone(file),
            line: lines.line(rule.span.start) as usize,
            end_line: lines.line(rule.span.end) as usize,
            condition,
            parts,
            steps: Vec::new(),
            replies: Vec::new(),
            tags: Vec::new(),
            priorities: Vec::new(),
            reached,
        };
        for action in &rule.actions {
            match action {
                Action::Assign(Assign { alternatives, .. }) => {
                    flow.steps.extend(alternatives.iter().map(|alternative| self.step(alternative)));
                }
                Action::Reply { text, once_per, after, .. } => flow.replies.push(FlowReply {
                    text: text.value.clone(),
                    once_per_seconds: seconds(once_per.as_ref()),
                    after_seconds: seconds(after.as_ref()),
                }),
                Action::Tag { text, after, .. } => {
                    let after_seconds = seconds(after.as_ref());
                    flow.tags.push(FlowTag { tag: text.value.clone(), after_seconds });
                }
                Action::Priority { word, after, .. } => {
                    let after_seconds = seconds(after.as_ref());
                    let priority = Priority::parse(&word.value);
                    flow.priorities.extend(priority.map(|priority| FlowPriority { priority, after_seconds }));
                }
            }
        }
        flow
    }

    fn written(&self, span: Span) -> String {
        one_line(self.source, span)
    }

    fn part(&self, condition: &Condition) -> ConditionPart {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.part(part)).collect();
        if let Some(words) = fact_words(self.inbox, condition) {
            return ConditionPart::Fact(Box::new(FlowFact { text: self.written(condition.span), words }));
        }
        match &condition.kind {
            ConditionKind::Or(parts) => ConditionPart::Any(all(parts)),
            ConditionKind::Not(part) => ConditionPart::Not(Box::new(self.part(part))),
            ConditionKind::Parens(part) => self.part(part),
            ConditionKind::And(parts) => ConditionPart::All(all(parts)),
            _ => ConditionPart::All(Vec::new()),
        }
    }

    fn step(&self, Alternative { span, target, timeout }: &Alternative) -> AssignStep {
        let among = |word: &Option<Word>| word.as_ref().map(|word| word.value.clone());
        let step = AssignStep {
            text: self.written(*span),
            for_seconds: seconds(timeout.as_ref()),
            ..AssignStep::default()
        };
        match target {
            Target::Owner { among: of, .. } => AssignStep { to: "owner", among: among(of), ..step },
            Target::User { user, among: of } => {
                AssignStep { to: "user", user: Some(user.value.clone()), among: among(of), ..step }
            }
            Target::Nobody(_) => AssignStep { to: "nobody", ..step },
            Target::Group { group, skills, except, by, among: of } => {
                let by = Algorithm::parse(&by.value);
                let meaning = vocabulary::entries().find(|entry| {
                    entry.class == WordClass::Algorithm && by.is_some_and(|by| by.word() == entry.word)
                });
                AssignStep {
                    to: if by == Some(Algorithm::Hand) { "queue" } else { "group" },
                    group: Some(group.value.clone()),
                    by,
                    meaning: meaning.map(|entry| entry.meaning),
                    among: among(of),
                    skills: skills.iter().map(skill).collect(),
                    except: except.iter().filter_map(left_out_user).collect(),
                    except_owner: except.contains(&LeftOut::Owner),
                    ..step
                }
            }
        }
    }
}

fn seconds(time: Option<&Spanned<Option<u64>>>) -> Option<u64> {
    time.and_then(|time| time.value)
}

fn skill(skill: &Skill) -> FlowSkill {
    match skill {
        Skill::Named(Values { values, .. }) => FlowSkill::Any(values.iter().filter_map(text).collect()),
        Skill::Customer(attribute) => FlowSkill::Customer(attribute.value.clone()),
    }
}

fn text(value: &Spanned<Literal>) -> Option<String> {
    match &value.value {
        Literal::Text(text) => Some(text.clone()),
        _ => None,
    }
}

fn left_out_user(left_out: &LeftOut) -> Option<String> {
    match left_out {
        LeftOut::User(user) => Some(user.value.clone()),
        LeftOut::Owner => None,
    }
}
