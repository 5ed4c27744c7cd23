//! A placeholder that may write nothing.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::{example, proved};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::PlaceholderMayBeEmpty,
    page: include_str!("placeholder_may_be_empty.md"),
    found: Found::InFile(check),
};

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    for found in &one.proofs.empty_placeholders {
        let written = one.slice(found.span);
        let named = written.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).map(str::trim);
        let (message, help) = match named {
            Some(name) => (
                format!("`{{{name}}}` may write nothing"),
                format!("say what stands there then, as in `{{{name} or …}}`"),
            ),
            None => (
                "a placeholder of this text may write nothing".to_owned(),
                "say what stands there then, with `or …`".to_owned(),
            ),
        };
        findings.push(example(
            &one,
            Finding::new(LINT.code, one.file(), found.span, message),
            &found.example,
            &help,
        ));
    }
}
