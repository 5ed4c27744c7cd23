//! A policy as people read it: its rules in order, what each takes, and who gets it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use inbox_rules::language::ast::{
    Action, Alternative, Assign, Condition, ConditionKind, Definition, Guard, Item, Rule, RuleKind, Target,
};
use inbox_rules::language::vocabulary::{self, WordClass};
use inbox_rules::language::{one_line, parse};
use inbox_rules::text::{Source, Span};
use inbox_rules::{Algorithm, Folder, Inbox, Policy, Priority, RuleSet, prove};
use schemars::JsonSchema;
use serde::Serialize;

use super::policy_file::{NumberPolicy, used_files};

/// A policy as people read it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Flow")]
pub struct PolicyFlow {
    /// The digest of the active rules, which are the base of edited ones.
    pub digest: String,
    /// Its file; `null`: no rules are for the number.
    pub file: Option<Arc<str>>,
    /// The other numbers with the same rules.
    pub shared_with: Vec<String>,
    /// The time zone of its hours and dates.
    pub timezone: Option<String>,
    /// The rules of every kind, in the order of the file.
    pub rules: Vec<FlowRule>,
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
    pub tags: Vec<String>,
    /// The highest priority that it sets.
    pub priority: Option<Priority>,
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
    Fact {
        /// Its first word.
        fact: String,
        /// The fact as written.
        text: String,
        /// What it means, where the language or a definition says so.
        meaning: Option<String>,
    },
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
    /// As written.
    pub text: String,
}

/// A reply of a rule.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FlowReply {
    /// Its text, with placeholders.
    pub text: String,
    /// Not again within this time to the same customer.
    pub once_per: Option<String>,
    /// So long after the message.
    pub after: Option<String>,
}

/// The flow of the rules of a number.
pub(super) fn flow(folder: &Folder, set: &RuleSet, number: &str, digest: String) -> PolicyFlow {
    let NumberPolicy { file, shared_with } = NumberPolicy::of(folder, number);
    let policy = file.as_ref().and_then(|_| set.policy(number));
    let (Some(file), Some(policy)) = (file, policy) else {
        return PolicyFlow { digest, file: None, shared_with, timezone: None, rules: Vec::new() };
    };
    let proofs = prove::verify(policy, set.inbox(), false);
    let unreached: BTreeSet<usize> = proofs.unreachable.iter().map(|unreachable| unreachable.rule).collect();
    let reader = FlowReader {
        file: Arc::clone(&file),
        source: Source::new(Arc::clone(&file), Arc::clone(&policy.text)),
        definitions: definitions(folder, &file),
    };
    let parsed = parse(&reader.source);
    let rules = parsed.file.items.iter().filter_map(|item| match item {
        Item::Rule(rule) => Some(rule),
        _ => None,
    });
    let rules = rules.enumerate().map(|(index, rule)| reader.rule(rule, !unreached.contains(&index)));
    let timezone = timezone(policy, set.inbox());
    PolicyFlow { digest, file: Some(file), shared_with, timezone: Some(timezone), rules: rules.collect() }
}

/// The name of the time zone of a policy.
pub(super) fn timezone(policy: &Policy, inbox: &Inbox) -> String {
    policy.timezone.iana_name().map_or_else(|| inbox.timezone_name.clone(), str::to_owned)
}

/// What each name means that the rules of the file can use, as written where it is defined.
fn definitions(folder: &Folder, file: &str) -> BTreeMap<String, String> {
    let mut known = BTreeMap::new();
    for name in used_files(folder, file) {
        let Some(file) = folder.files.get(&name) else { continue };
        for item in &parse(&file.source).file.items {
            let named = match item {
                Item::Definition(Definition { span, name, .. }) => Some((name, *span)),
                Item::Hours(hours) => Some((&hours.name, hours.span)),
                Item::Dates(dates) => Some((&dates.name, dates.span)),
                _ => None,
            };
            if let Some((name, span)) = named {
                let text = one_line(&file.source, span);
                let meaning = text.split_once('=').map_or("", |(_, meaning)| meaning.trim());
                known.entry(name.value.clone()).or_insert_with(|| meaning.to_owned());
            }
        }
    }
    known
}

struct FlowReader {
    file: Arc<str>,
    source: Source,
    definitions: BTreeMap<String, String>,
}

impl FlowReader {
    fn rule(&self, rule: &Rule, reached: bool) -> FlowRule {
        let (condition, parts) = match &rule.guard {
            Guard::When(condition) => {
                (Some(one_line(&self.source, condition.span)), Some(self.part(condition)))
            }
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
            file: Arc::clone(&self.file),
            line: self.line(rule.span.start),
            end_line: self.line(rule.span.end),
            condition,
            parts,
            steps: Vec::new(),
            replies: Vec::new(),
            tags: Vec::new(),
            priority: None,
            reached,
        };
        for action in &rule.actions {
            match action {
                Action::Assign(Assign { alternatives, .. }) => {
                    flow.steps.extend(alternatives.iter().map(|alternative| self.step(alternative)));
                }
                Action::Reply { text, once_per, after, .. } => {
                    let written = |span: Span| one_line(&self.source, span);
                    flow.replies.push(FlowReply {
                        text: text.value.clone(),
                        once_per: once_per.as_ref().map(|time| written(time.span)),
                        after: after.as_ref().map(|time| written(time.span)),
                    });
                }
                Action::Tag { text, .. } => flow.tags.push(text.value.clone()),
                Action::Priority { word, .. } => {
                    flow.priority = flow.priority.max(Priority::parse(&word.value));
                }
            }
        }
        flow
    }

    fn line(&self, byte: u32) -> usize {
        let before = self.source.text.get(..byte as usize).unwrap_or_default();
        before.matches('\n').count() + 1
    }

    fn part(&self, condition: &Condition) -> ConditionPart {
        let all = |parts: &[Condition]| parts.iter().map(|part| self.part(part)).collect();
        match &condition.kind {
            ConditionKind::And(parts) => ConditionPart::All(all(parts)),
            ConditionKind::Or(parts) => ConditionPart::Any(all(parts)),
            ConditionKind::Not(part) => ConditionPart::Not(Box::new(self.part(part))),
            ConditionKind::Parens(part) => self.part(part),
            _ => self.fact(condition),
        }
    }

    fn fact(&self, condition: &Condition) -> ConditionPart {
        let text = one_line(&self.source, condition.span);
        let word = text.split(|sign: char| !sign.is_alphanumeric() && sign != '_').next().unwrap_or_default();
        let name = text.strip_prefix("during ").unwrap_or(&text);
        let of_whom = match &condition.kind {
            ConditionKind::Fact { group: Some(group), .. } => format!("of {}", group.value),
            _ => "of the inbox".to_owned(),
        };
        let of_language = || {
            let is_fact = |class| matches!(class, WordClass::Fact | WordClass::Count);
            let entry = vocabulary::entries().find(|entry| entry.word == word && is_fact(entry.class))?;
            Some(entry.meaning.replace("of the inbox, or of that group,", &of_whom))
        };
        let meaning = self.definitions.get(name).cloned().or_else(of_language);
        ConditionPart::Fact { fact: word.to_owned(), text, meaning }
    }

    fn step(&self, alternative: &Alternative) -> AssignStep {
        let among =
            |word: &Option<inbox_rules::language::ast::Word>| word.as_ref().map(|word| word.value.clone());
        let step = AssignStep { text: one_line(&self.source, alternative.span), ..AssignStep::default() };
        match &alternative.target {
            Target::Owner { among: of, .. } => AssignStep { to: "owner", among: among(of), ..step },
            Target::User { user, among: of } => {
                AssignStep { to: "user", user: Some(user.value.clone()), among: among(of), ..step }
            }
            Target::Nobody(_) => AssignStep { to: "nobody", ..step },
            Target::Group { group, by, among: of, .. } => {
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
                    ..step
                }
            }
        }
    }
}
