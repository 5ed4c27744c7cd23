//! A question about a rule that the prover could not decide.

use std::collections::BTreeMap;

use crate::check::lint::{Lint, Pass};
use crate::check::verified::policy_proofs;
use crate::check::workspace::{LintFile, Workspace};
use crate::describe::list;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NotSettled, page: include_str!("not_settled.md"), pass: Pass::File(check) };

fn check(workspace: &Workspace, file: &LintFile<'_>, findings: &mut Vec<Finding>) {
    let Some(facts) = policy_proofs(workspace, file) else { return };
    let mut given_up: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for unsettled in &facts.proofs.unsettled {
        let about = format!("`{}`", unsettled.about);
        let known = given_up.entry(unsettled.rule).or_default();
        if !known.contains(&about) {
            known.push(about);
        }
    }
    for (rule, about) in given_up {
        let (span, of) = match rule {
            Some(rule) => (facts.heading(rule), "this rule"),
            None => (facts.last_rule(), "this policy"),
        };
        let message = format!("{} could be neither proved nor ruled out for {of}", list(&about));
        findings.push(Finding::new(LINT.code, facts.file(), span, message).help(
            "the prover does not look into patterns, and gives up after very many cases; write a `test` to see what is decided",
        ));
    }
}
