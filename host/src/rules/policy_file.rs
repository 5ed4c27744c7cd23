//! Which file has the rules of a number, and which files that one uses.

use std::collections::BTreeSet;
use std::sync::Arc;

use inbox_rules::{Folder, Inbox};

/// The file that numbers without rules of their own share.
pub(super) const DEFAULT: &str = "default.rules";

/// Which file has the rules of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NumberPolicy {
    /// The file; `None`: there is none.
    pub file: Option<Arc<str>>,
    /// The other numbers of the inbox that it is for.
    pub shared_with: Vec<String>,
}

impl NumberPolicy {
    /// The file of this number.
    pub fn of(folder: &Folder, number: &str) -> Self {
        let file = file_of(folder, number);
        let others = folder.inbox.numbers.keys().filter(|other| *other != number);
        let shared = others.filter(|other| file.is_some() && file_of(folder, other) == file);
        Self { shared_with: shared.cloned().collect(), file }
    }
}

/// The numbers of an inbox: those of `inbox.toml`, and those after which a file is named.
pub fn numbers(folder: &Folder) -> BTreeSet<String> {
    let named = folder.files.names().filter_map(|name| name.strip_suffix(".rules"));
    let named = named.filter(|name| inbox_rules::inbox::is_e164(name)).map(str::to_owned);
    named.chain(folder.inbox.numbers.keys().cloned()).collect()
}

fn file_of(folder: &Folder, number: &str) -> Option<Arc<str>> {
    let own = format!("{number}.rules");
    let named = |inbox: &Inbox| Some(Arc::clone(&inbox.numbers.get(number)?.rules.as_ref()?.file));
    let candidates = [Some(own.into()), named(&folder.inbox), Some(DEFAULT.into())];
    candidates.into_iter().flatten().find(|name| folder.files.contains(name))
}
