//! Which files are copies of which, so that one of them is resolved for all.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use crate::policy::{Folder, RuleFile};

/// Of the files that mean the same, the first one that was met. They have the same text, both or neither are
/// policies, and what they use stands in the same place, as they stand in the same folder.
#[derive(Debug, Default)]
pub(super) struct Copies {
    first: HashMap<Meaning, Arc<str>>,
}

/// What a file's meaning depends on, in a folder as it is.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Meaning {
    text: [u8; 32],
    is_policy: bool,
    /// The folder it stands in.
    within: Box<str>,
}

impl Copies {
    /// Whether the file called `name` is the first that means what it does. It may become that now.
    pub(super) fn is_first(&mut self, folder: &Folder, name: &Arc<str>) -> bool {
        let Some(meaning) = meaning(folder, name) else { return true };
        match self.first.entry(meaning) {
            Entry::Occupied(first) => first.get() == name,
            Entry::Vacant(free) => {
                free.insert(Arc::clone(name));
                true
            }
        }
    }

    /// The first file that means what the one called `name` does.
    pub(super) fn first(&self, folder: &Folder, name: &str) -> Option<&Arc<str>> {
        self.first.get(&meaning(folder, name)?)
    }

    /// Lets go of a file that is no longer what it was: `file`.
    pub(super) fn remove(&mut self, name: &Arc<str>, file: &RuleFile) {
        let Some(text) = file.digest else { return };
        for is_policy in [true, false] {
            if let Entry::Occupied(first) =
                self.first.entry(Meaning { text, is_policy, within: within(name) })
                && first.get() == name
            {
                first.remove();
            }
        }
    }
}

fn meaning(folder: &Folder, name: &str) -> Option<Meaning> {
    let text = folder.files.get(name)?.digest?;
    Some(Meaning { text, is_policy: folder.is_policy(name), within: within(name) })
}

fn within(name: &str) -> Box<str> {
    name.rsplit_once('/').map_or("", |(within, _)| within).into()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::checked::Checked;
    use crate::diagnostic::Code;
    use crate::policy::resolve;
    use crate::testing::{INBOX, folder};

    const CUSTOM: &str = "use \"common.rules\"\nlet big = customer.orders > 9\nrule \"a\" when vip and big: assign owner \
        else group \"Sales\" by random\notherwise: assign group \"Support\" by hand\n";
    const COMMON: &str = "let vip = customer has tag \"vip\"\n";

    /// Whatever is shared, each file means what it means alone.
    #[track_caller]
    fn check(files: &[(&str, &str)]) -> Checked {
        let folder = folder(files);
        let checked = Checked::of(folder.clone());
        is_as_alone(&checked);
        checked
    }

    #[track_caller]
    fn is_as_alone(checked: &Checked) {
        let folder = checked.folder();
        for name in folder.files.keys() {
            let alone = resolve(folder, name);
            assert_eq!(format!("{:?}", checked.resolved(name)), format!("{:?}", Some(&alone)), "{name}");
        }
    }

    #[test]
    fn copies_that_use_others_share_their_rules() {
        let checked = check(&[
            ("inbox.toml", INBOX),
            ("common.rules", COMMON),
            ("+15550100.rules", CUSTOM),
            ("+15550101.rules", CUSTOM),
            ("+15550102.rules", &CUSTOM.replace('9', "8")),
        ]);
        let rules = |number: &str| &checked.policies()[number].rules;
        assert!(Arc::ptr_eq(rules("+15550100"), rules("+15550101")));
        assert!(!Arc::ptr_eq(rules("+15550100"), rules("+15550102")));
    }

    #[test]
    fn copies_elsewhere_and_copies_that_are_no_policies_are_files_of_their_own() {
        check(&[
            ("inbox.toml", INBOX),
            ("common.rules", COMMON),
            ("shop/common.rules", &COMMON.replace("vip\"", "gold\"")),
            ("+15550100.rules", CUSTOM),
            ("copy.rules", CUSTOM),
            ("shop/a.rules", CUSTOM),
            ("shop/b.rules", CUSTOM),
        ]);
    }

    #[test]
    fn each_copy_has_findings_of_its_own() {
        let wrong = CUSTOM.replace("Sales", "Slaes");
        let files = [
            ("inbox.toml", INBOX),
            ("common.rules", COMMON),
            ("+15550100.rules", &wrong),
            ("+15550101.rules", &wrong),
        ];
        let found = check(&files).findings();
        let files: Vec<&str> = found
            .iter()
            .filter(|finding| finding.code == Code::UnknownGroup)
            .map(|finding| &*finding.file)
            .collect();
        assert_eq!(files, ["+15550100.rules", "+15550101.rules"]);
    }

    #[test]
    fn a_copy_that_uses_itself_through_others_is_told() {
        let text = "use \"middle.rules\"\nrule \"a\" otherwise: assign nobody\n";
        check(&[
            ("inbox.toml", INBOX),
            ("middle.rules", "use \"+15550101.rules\"\n"),
            ("+15550100.rules", text),
            ("+15550101.rules", text),
        ]);
    }

    #[test]
    fn a_copy_that_is_edited_goes_its_own_way() {
        let files = |second: &'static str| {
            folder(&[
                ("inbox.toml", INBOX),
                ("common.rules", COMMON),
                ("+15550100.rules", second),
                ("+15550101.rules", CUSTOM),
            ])
        };
        let mut checked = Checked::of(files(CUSTOM));
        checked.update(files(COMMON));
        is_as_alone(&checked);
        checked.update(files(CUSTOM));
        is_as_alone(&checked);
    }
}
