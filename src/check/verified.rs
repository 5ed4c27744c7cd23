//! What is proved of each policy, at hand for the findings that tell it.

use std::sync::Arc;

use super::workspace::{LintFile, Workspace};
use crate::describe::{given_lines, truncated};
use crate::diagnostic::{Code, Finding};
use crate::inbox::{Inbox, LintLevel};
use crate::language::ast::{Guard, Item, Rule};
use crate::policy::{Alternative, GroupTarget, Policy, Skill, Target};
use crate::prove::{AlternativeWitness, Example, Proofs, verify, verify_definitions};
use crate::situation::given::situation;
use crate::text::Span;

/// A rule file and what was proved of it.
pub(super) struct Proved<'c> {
    file: &'c LintFile<'c>,
    inbox: &'c Inbox,
    pub(super) proofs: &'c Proofs,
}

/// What can be proved of `file`, where in it, in what it uses and in the inbox there is no fault. It is worked out once.
pub(super) fn proved<'c>(workspace: &'c Workspace, file: &'c LintFile<'c>) -> Option<Proved<'c>> {
    let inbox = workspace.sound_inbox().filter(|_| workspace.has_meaning(file))?;
    let proofs = file.proofs.get_or_init(|| {
        let level = inbox.lints.get(&Code::RedundantPart);
        let with_redundant = level.is_some_and(|level| *level != LintLevel::Allow);
        let is_policy = workspace.folder().is_policy(&file.name);
        let prove = if is_policy { verify } else { verify_definitions };
        prove(&file.result.resolved.policy, inbox, with_redundant)
    });
    Some(Proved { file, inbox, proofs })
}

impl Proved<'_> {
    pub(super) fn file(&self) -> &Arc<str> {
        &self.file.file.source.name
    }

    fn policy(&self) -> &Policy {
        &self.file.result.resolved.policy
    }

    /// The rules of the tree, which are those of the policy.
    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.file.file.tree().items.iter().filter_map(|item| match item {
            Item::Rule(rule) => Some(rule),
            _ => None,
        })
    }

    /// What a finding about the whole rule points at.
    pub(super) fn head(&self, rule: usize) -> Span {
        self.rules().nth(rule).map(head).unwrap_or_default()
    }

    /// The last rule that decides.
    pub(super) fn last_rule(&self) -> Span {
        self.rules().filter(|rule| rule.also.is_none()).last().map(head).unwrap_or_default()
    }

    /// A rule by its name, or by its line.
    pub(super) fn name(&self, rule: usize) -> String {
        match self.policy().rules.get(rule) {
            Some(rule) => match &rule.name {
                Some(name) => format!("`{name}`"),
                None => format!("the rule on line {}", rule.line),
            },
            None => String::new(),
        }
    }

    pub(super) fn alternative(&self, rule: usize, at: usize) -> Option<&Alternative> {
        self.policy().rules.get(rule)?.assign.as_ref()?.alternatives.get(at)
    }

    /// Whether the rule's assignment asks for a skill that no user has.
    pub(super) fn asks_for_nobody(&self, rule: usize) -> bool {
        let assign = self.policy().rules.get(rule).and_then(|rule| rule.assign.as_ref());
        let mut targets = assign.into_iter().flat_map(|assign| &assign.alternatives);
        targets.any(|alternative| match &alternative.target {
            Target::Group(GroupTarget { skill: Some(skill), .. }) => match &**skill {
                Skill::Named { folded, .. } => {
                    !self.inbox.users.iter().any(|user| user.skills.contains(folded))
                }
                Skill::CustomerLanguage => false,
            },
            _ => false,
        })
    }

    /// A part of a condition, on one line.
    pub(super) fn quoted(&self, span: Span) -> String {
        format!("`{}`", truncated(self.slice(span)))
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.file.file.source.slice(span)
    }
}

fn head(rule: &Rule) -> Span {
    match (&rule.name, &rule.guard) {
        (Some(name), _) => name.span,
        (None, Guard::Otherwise(span)) => *span,
        (None, Guard::When(condition)) => condition.span,
    }
}

/// `finding` with an example, and with what to do about it.
pub(super) fn example(one: &Proved<'_>, finding: Finding, example: &Example, help: &str) -> Finding {
    let lines = given_lines(one.inbox, &example.given);
    let finding = finding.help(format!("for example:\n  {}\n{help}", lines.join("\n  ")));
    // The number is that of this policy, whichever of its copies it was proved of.
    let situation = situation(&example.given, one.policy(), one.inbox);
    Finding { situation: serde_json::to_value(&situation).ok(), ..finding }
}

/// A finding about what an alternative may do.
pub(super) fn pick(
    one: &Proved<'_>,
    code: Code,
    found: &AlternativeWitness,
    message: &str,
    help: &str,
) -> Option<Finding> {
    let span = one.alternative(found.rule, found.alternative)?.span;
    Some(example(one, Finding::new(code, one.file(), span, message), &found.example, help))
}
