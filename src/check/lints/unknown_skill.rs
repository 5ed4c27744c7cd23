//! A skill that no user has.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding, nearest};
use crate::inbox::Inbox;
use crate::language::ast::{Action, Item, Rule, Skill, Target, TextLiteral};
use crate::language::fold;
use crate::text::quoted;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::UnknownSkill, page: include_str!("unknown_skill.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(inbox) = workspace.sound_inbox() else { return };
    let rules = file.file.tree().items.iter().filter_map(|item| match item {
        Item::Rule(rule) => Some(rule),
        _ => None,
    });
    for skill in rules.flat_map(skills) {
        let folded = fold(&skill.value);
        if !folded.is_empty() && !inbox.users.iter().any(|user| user.skills.contains(&folded)) {
            let message = format!("no user has the skill `{}`", skill.value);
            let finding = Finding::new(LINT.code, &file.file.source.name, skill.span, message);
            findings.push(suggest(finding, inbox, skill));
        }
    }
}

/// The skills that a rule requires by name.
fn skills(rule: &Rule) -> impl Iterator<Item = &TextLiteral> {
    let assigns = rule.actions.iter().filter_map(|action| match action {
        Action::Assign(assign) => Some(assign),
        _ => None,
    });
    assigns.flat_map(|assign| &assign.alternatives).filter_map(|alternative| match &alternative.target {
        Target::Group { skill: Some(Skill::Named(text)), .. } => Some(text),
        _ => None,
    })
}

fn suggest(finding: Finding, inbox: &Inbox, skill: &TextLiteral) -> Finding {
    let known = inbox.users.iter().flat_map(|user| &user.skills_as_written).map(String::as_str);
    match nearest(&skill.value, known) {
        Some(near) => finding.did_you_mean(near, skill.span, quoted(near)),
        None => finding.help("add it to the `skills` of a user in `inbox.toml`, or nobody can be chosen"),
    }
}
