//! Choices that may fall on a user who is offline while others are online.

use crate::check::lint::{Lint, Pass};
use crate::check::verified::{PolicyProofs, alternative_finding, policy_proofs};
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};
use crate::load::Suppressions;
use crate::prove::AlternativeWitness;

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::MayPickOffline, page: include_str!("may_pick_offline.md"), pass: Pass::File(check) };

/// The names of more rules than this are not listed.
const MAX_NAMES: usize = 8;

/// One finding for all rules of the file that no comment silences: often this is what people want, and they say so once.
fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    if facts.proofs.offline.is_empty() {
        return;
    }
    let suppressions = Suppressions::of_rules(&file.file);
    let found = |found: &&AlternativeWitness| {
        alternative_finding(&facts, LINT.code, found, "", "")
            .is_some_and(|finding| !suppressions.silence(&finding))
    };
    let shown: Vec<&AlternativeWitness> = facts.proofs.offline.iter().filter(found).collect();
    let Some(first) = shown.first() else { return };
    let message = format!(
        "{} may choose somebody who is offline while others are online",
        list(&names(&facts, &shown))
    );
    let help = "write `among online` and an `else` where you would rather give the chat to somebody online; \
                if this is what you want, write `may-pick-offline = \"allow\"` under `[lints]` in `inbox.toml`";
    findings.extend(alternative_finding(&facts, LINT.code, first, &message, help));
}

/// The names of the rules, as many as can be read.
fn names(facts: &PolicyProofs<'_>, shown: &[&AlternativeWitness]) -> Vec<String> {
    let mut rules: Vec<usize> = shown.iter().map(|found| found.rule).collect();
    rules.dedup();
    let mut names: Vec<String> = rules.iter().take(MAX_NAMES).map(|rule| facts.name(*rule)).collect();
    match rules.len().saturating_sub(MAX_NAMES) {
        0 => {}
        1 => names.push("one more rule".to_owned()),
        more => names.push(format!("{more} more rules")),
    }
    names
}
