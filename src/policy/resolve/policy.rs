//! The resolution of a whole file.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::context::Context;
use super::name_table::{FileNames, NameTable};
use super::names::report_reserved;
use super::time_zone::time_zone;
use super::{definitions, imports, rest, rule, test_block};
use crate::diagnostic::{Finding, drop_ambiguous_fixes};
use crate::policy::file::digest;
use crate::policy::folder::Folder;
use crate::policy::model::Policy;
use crate::text::sha256_text;

/// The meaning of one file.
#[derive(Debug, Clone)]
pub struct Resolved {
    /// The policy. It may be used only if the file and those that it uses have no faults.
    pub policy: Arc<Policy>,
    /// The findings about the file's own items, in order of place. Findings about a used file are reported for that file.
    pub findings: Vec<Finding>,
    /// The definitions, hours and dates that the file mentions, or may mention in a part that could not be read: pairs
    /// of file and name.
    pub mentions: Arc<BTreeSet<(Arc<str>, Arc<str>)>>,
}

impl Resolved {
    /// The result for the file called `name`, which has the same text as the file `first` that this is the result
    /// of. Both files are in one folder, and no file uses either of them. `None` if there are findings, because they
    /// name their file.
    pub fn rebind(&self, first: &Arc<str>, name: &Arc<str>) -> Option<Self> {
        if !self.findings.is_empty() {
            return None;
        }
        let policy = Policy { file: Arc::clone(name), ..Policy::clone(&self.policy) };
        let is_own = |(file, _): &&(Arc<str>, Arc<str>)| file == first;
        let mentions = if self.mentions.iter().any(|mention| is_own(&mention)) {
            let renamed = |mention @ (file, what): &(Arc<str>, Arc<str>)| {
                let file = if is_own(&mention) { name } else { file };
                (Arc::clone(file), Arc::clone(what))
            };
            Arc::new(self.mentions.iter().map(renamed).collect())
        } else {
            Arc::clone(&self.mentions)
        };
        Some(Self { policy: Arc::new(policy), findings: Vec::new(), mentions })
    }
}

/// Resolves the file called `name` of `folder`. If there is no such file, the policy is empty.
pub fn resolve(folder: &Folder, name: &str) -> Resolved {
    let mut table = NameTable::default();
    table.add(folder, [name]);
    resolve_with(folder, &table, name)
}

/// [`resolve`] with a table that has the files which this one uses.
pub fn resolve_with(folder: &Folder, table: &NameTable, name: &str) -> Resolved {
    let Some((key, file)) = folder.files.get_key_value(name) else {
        let policy = Arc::new(empty(name, folder));
        return Resolved { policy, findings: Vec::new(), mentions: Arc::default() };
    };
    let mut cx = Context::new(folder, key, file);
    let alone;
    let visible = match table.get(name) {
        Some(visible) => visible,
        None => {
            alone = FileNames::of(folder, key, file, table, None);
            &alone
        }
    };
    let names = &visible.names;
    report_reserved(&mut cx);
    imports::check_imports(&mut cx, visible);
    let timezone = time_zone(&mut cx);
    definitions::resolve_definitions(&mut cx, names);
    let rules = rule::rules(&mut cx, names);
    let tests = test_block::tests(&mut cx);
    rest::resolve_rests(&mut cx, names);
    let policy = Policy {
        file: Arc::clone(key),
        timezone: timezone.unwrap_or_else(|| folder.inbox.timezone.clone()),
        rules: rules.into(),
        definitions: std::mem::take(&mut cx.definitions).into(),
        tests: tests.into(),
        digest: sha256_text(&visible.digest).into(),
        text: Arc::clone(&file.source.text),
    };
    let Context { mut findings, mut mentions, .. } = cx;
    rest::drop_consequences(&mut findings, &file.findings);
    drop_ambiguous_fixes(&mut findings, &file.source.text);
    findings.sort_by_key(|finding| finding.span);
    mentions.extend(names.possible_mentions(file));
    Resolved { policy: Arc::new(policy), findings, mentions: Arc::new(mentions) }
}

fn empty(name: &str, folder: &Folder) -> Policy {
    Policy {
        file: name.into(),
        timezone: folder.inbox.timezone.clone(),
        rules: Arc::default(),
        definitions: Arc::default(),
        tests: Arc::default(),
        digest: sha256_text(&digest("")).into(),
        text: "".into(),
    }
}
