//! Which file has the rules of a number, and which files that one uses.

use std::collections::BTreeSet;
use std::sync::Arc;

use inbox_rules::language::ast::Item;
use inbox_rules::language::parse;
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

/// The file and all that it uses, directly or not.
pub(super) fn used_files(folder: &Folder, file: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::from([file.to_owned()]);
    let mut waiting = vec![file.to_owned()];
    while let Some(name) = waiting.pop() {
        let Some(file) = folder.files.get(&name) else { continue };
        for item in &parse(&file.source).file.items {
            // Files of rules that the service takes lie in one folder.
            if let Item::Use(used) = item
                && found.insert(used.path.value.clone())
            {
                waiting.push(used.path.value.clone());
            }
        }
    }
    found
}
