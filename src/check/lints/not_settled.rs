//! A question about a rule that was given up.

use std::collections::BTreeMap;

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::proved;
use crate::describe::list;
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint =
    Lint { code: Code::NotSettled, page: include_str!("not_settled.md"), found: Found::InFile(check) };

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    let mut given_up: BTreeMap<Option<usize>, Vec<String>> = BTreeMap::new();
    for unsettled in &one.proofs.unsettled {
        let about = format!("`{}`", unsettled.about);
        let known = given_up.entry(unsettled.rule).or_default();
        if !known.contains(&about) {
            known.push(about);
        }
    }
    for (rule, about) in given_up {
        let (span, of) = match rule {
            Some(rule) => (one.head(rule), "this rule"),
            None => (one.last_rule(), "this policy"),
        };
        let message = format!("whether {} is to be told of {of} is not settled", list(&about));
        findings.push(Finding::new(LINT.code, one.file(), span, message).help(
            "patterns are not looked into, and very many cases are given up: a `test` shows what is decided",
        ));
    }
}
