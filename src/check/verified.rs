//! The proofs about a policy, for the lints that report them.

use std::cell::OnceCell;
use std::sync::Arc;

use super::workspace::{LintFile, Workspace};
use crate::describe::{given_lines, truncated};
use crate::diagnostic::{Code, Finding};
use crate::inbox::{Inbox, LintLevel};
use crate::language::ast::{Guard, Item, Rule, RuleKind};
use crate::policy::{Alternative, NamedSkill, Policy, Skill, Target};
use crate::prove::{AlternativeWitness, Example, Proofs, verify_definitions, verify_unless};
use crate::situation::given::situation;
use crate::text::Span;

/// A rule file and the proofs about it.
pub(super) struct PolicyProofs<'c> {
    file: &'c LintFile<'c>,
    inbox: &'c Inbox,
    pub(super) proofs: &'c Proofs,
    rules: OnceCell<Vec<&'c Rule>>,
}

/// The proofs about `file`. `None` if there is a fault in it, in a file that it uses, or in the inbox. They are made once
/// for all copies of a file.
pub(super) fn policy_proofs<'c>(
    workspace: &'c Workspace,
    file: &'c LintFile<'c>,
) -> Option<PolicyProofs<'c>> {
    let inbox = workspace.sound_inbox().filter(|_| workspace.has_meaning(file))?;
    let proofs = file.proofs.get_or_init(|| {
        let level = inbox.lints.get(&Code::RedundantPart);
        let with_redundant = level.is_some_and(|level| *level != LintLevel::Allow);
        let is_policy = workspace.folder().is_policy(&file.name);
        let prove = if is_policy { verify_unless } else { verify_definitions };
        prove(&file.result.resolved.policy, inbox, with_redundant, &workspace.cancellation)
    });
    Some(PolicyProofs { file, inbox, proofs, rules: OnceCell::new() })
}

impl PolicyProofs<'_> {
    pub(super) fn file(&self) -> &Arc<str> {
        &self.file.file.source.name
    }

    pub(super) fn policy(&self) -> &Policy {
        &self.file.result.resolved.policy
    }

    /// The rules of the tree, which are those of the policy.
    fn rules(&self) -> &[&Rule] {
        self.rules.get_or_init(|| {
            let rules = self.file.file.tree().items.iter().filter_map(|item| match item {
                Item::Rule(rule) => Some(rule),
                _ => None,
            });
            rules.collect()
        })
    }

    /// The span of a finding about the whole rule.
    pub(super) fn heading(&self, rule: usize) -> Span {
        self.rules().get(rule).map(|rule| heading(rule)).unwrap_or_default()
    }

    /// The span of a finding about the whole policy: the last rule that decides.
    pub(super) fn last_rule(&self) -> Span {
        self.rules()
            .iter()
            .rfind(|rule| rule.kind == RuleKind::Regular)
            .map(|rule| heading(rule))
            .unwrap_or_default()
    }

    /// The name of a rule, or its line.
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

    /// Whether the rule's assignment requires a skill that no user has.
    pub(super) fn needs_missing_skill(&self, rule: usize) -> bool {
        let assign = self.policy().rules.get(rule).and_then(|rule| rule.assign.as_ref());
        let mut targets = assign.into_iter().flat_map(|assign| &assign.alternatives);
        targets.any(|alternative| match &alternative.target {
            Target::Group(target) => target.skills().iter().any(|skill| match skill {
                Skill::Any(skills) => !skills.iter().any(|skill| self.has_somebody(skill)),
                Skill::Customer(_) => false,
            }),
            _ => false,
        })
    }

    fn has_somebody(&self, skill: &NamedSkill) -> bool {
        self.inbox.users.iter().any(|user| user.skills.contains(&skill.folded))
    }

    /// A part of a condition, on one line.
    pub(super) fn quoted(&self, span: Span) -> String {
        format!("`{}`", truncated(self.slice(span)))
    }

    pub(super) fn slice(&self, span: Span) -> &str {
        self.file.file.source.slice(span)
    }
}

fn heading(rule: &Rule) -> Span {
    match (&rule.name, &rule.guard) {
        (Some(name), _) => name.span,
        (None, Guard::Otherwise(span)) => *span,
        (None, Guard::When(condition)) => condition.span,
    }
}

/// Adds an example, and what to do about the finding.
pub(super) fn with_example(
    facts: &PolicyProofs<'_>,
    finding: Finding,
    example: &Example,
    help: &str,
) -> Finding {
    let lines = given_lines(facts.inbox, &example.given);
    let finding = finding.help(format!("for example:\n  {}\n{help}", lines.join("\n  ")));
    // The proofs may be about a copy of this policy; the example has the number of this one.
    let situation = situation(&example.given, facts.policy(), facts.inbox);
    Finding { situation: serde_json::to_value(&situation).ok(), ..finding }
}

/// A finding about an alternative of a rule.
pub(super) fn alternative_finding(
    facts: &PolicyProofs<'_>,
    code: Code,
    found: &AlternativeWitness,
    message: &str,
    help: &str,
) -> Option<Finding> {
    let span = facts.alternative(found.rule, found.alternative)?.span;
    Some(with_example(facts, Finding::new(code, facts.file(), span, message), &found.example, help))
}
