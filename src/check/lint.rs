//! What a kind of finding is: its code, its page, and where it is found.

use super::checked::{Checked, CheckedFile};
use crate::diagnostic::{Code, Finding};

/// A kind of finding.
pub(super) struct Lint {
    pub(super) code: Code,
    /// What it means, with an example of a mistake and of its cure.
    pub(super) page: &'static str,
    /// Where it is found.
    pub(super) found: Found,
}

/// Where a kind of finding is found.
pub(super) enum Found {
    /// While the files are read: the policy has no meaning until it is mended.
    Fault,
    /// While the files are read, though they keep their meaning.
    Reading,
    /// Here, in each file.
    InFile(fn(&Checked, &CheckedFile, &mut Vec<Finding>)),
    /// Here, in the folder as a whole and its inbox.
    InFolder(fn(&Checked, &mut Vec<Finding>)),
}
