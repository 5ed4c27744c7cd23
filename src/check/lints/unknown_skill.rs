//! A skill that no user has.

use crate::check::lint::{Lint, Pass};
use crate::check::workspace::{LintFile, Workspace};
use crate::diagnostic::{Code, Finding, nearest};
use crate::inbox::Inbox;
use crate::language::ast::{Action, Item, Literal, Rule, Skill, Target};
use crate::language::fold;
use crate::text::{Span, quoted};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::UnknownSkill, page: include_str!("unknown_skill.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(inbox) = workspace.sound_inbox() else { return };
    let rules = file.file.tree().items.iter().filter_map(|item| match item {
        Item::Rule(rule) => Some(rule),
        _ => None,
    });
    for (text, span) in rules.flat_map(skills) {
        let folded = fold(text);
        if !folded.is_empty() && !inbox.users.iter().any(|user| user.skills.contains(&folded)) {
            let message = format!("no user has the skill `{text}`");
            let finding = Finding::new(LINT.code, &file.file.source.name, span, message);
            findings.push(suggest(finding, inbox, text, span));
        }
    }
}

/// The skills that a rule requires by name.
fn skills(rule: &Rule) -> impl Iterator<Item = (&str, Span)> {
    let assigns = rule.actions.iter().filter_map(|action| match action {
        Action::Assign(assign) => Some(assign),
        _ => None,
    });
    let targets = assigns.flat_map(|assign| &assign.alternatives).map(|alternative| &alternative.target);
    let skills = targets.flat_map(|target| match target {
        Target::Group { skills, .. } => &skills[..],
        _ => &[],
    });
    let values = skills.flat_map(|skill| match skill {
        Skill::Named(values) => &values.values[..],
        Skill::Customer(_) => &[],
    });
    values.filter_map(|value| match &value.value {
        Literal::Text(text) => Some((text.as_str(), value.span)),
        _ => None,
    })
}

fn suggest(finding: Finding, inbox: &Inbox, skill: &str, span: Span) -> Finding {
    let known = inbox.users.iter().flat_map(|user| &user.skills_as_written).map(String::as_str);
    match nearest(skill, known) {
        Some(near) => finding.did_you_mean(near, span, quoted(near)),
        None => finding.help("add it to the `skills` of a user in `inbox.toml`, or nobody can be chosen"),
    }
}
