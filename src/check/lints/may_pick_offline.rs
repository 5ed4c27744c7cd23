//! A choice that may fall on somebody who is not online, though others are.

use crate::check::checked::{Checked, CheckedFile};
use crate::check::lint::{Found, Lint};
use crate::check::proofs::{pick, proved};
use crate::diagnostic::{Code, Finding};

pub(in crate::check) const LINT: Lint = Lint {
    code: Code::MayPickOffline,
    page: include_str!("may_pick_offline.md"),
    found: Found::InFile(check),
};

fn check(checked: &Checked, file: &CheckedFile, findings: &mut Vec<Finding>) {
    let Some(one) = proved(checked, file) else { return };
    for found in &one.proofs.offline {
        let help = "write `among online` and an `else`, if somebody who is there shall rather take it";
        findings.extend(pick(
            &one,
            LINT.code,
            found,
            "this may choose somebody who is not online, while others are",
            help,
        ));
    }
}
