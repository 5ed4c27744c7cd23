//! `rules check --fix` and `--diff`: fixes applied until nothing is left to fix.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use similar::TextDiff;

use super::Failure;
use super::output;
use super::paths::Opened;
use crate::diagnostic::{Finding, Fix, apply_fixes};
use crate::inbox::Inbox;
use crate::policy::{Folder, RuleFile};
use crate::text::Source;

/// One mended thing may bring another to light. After so many rounds it is enough.
const ROUNDS: usize = 10;

/// A file that was mended, in memory.
pub(super) struct Change {
    before: Source,
    after: Source,
    fixes: usize,
}

/// By file.
type Changes = BTreeMap<Arc<str>, Change>;

/// Applies every fix to what was opened.
pub(super) fn mend(opened: &mut [Opened]) -> Vec<Change> {
    let mut changes = Changes::new();
    for one in opened {
        let _ = (0..ROUNDS).take_while(|_| mend_once(one, &mut changes)).count();
    }
    changes.into_values().collect()
}

/// Writes the changes, and says which.
pub(super) fn write(changes: &[Change]) -> Result<(), Failure> {
    for Change { after, fixes, .. } in changes {
        let cannot = |error| Failure::Said(format!("`{}` cannot be written: {error}", after.name));
        fs::write(&*after.name, after.text.as_bytes()).map_err(cannot)?;
        output::tell(&format!("mended {}: {}\n", after.name, counted(*fixes)));
    }
    Ok(())
}

/// `3 fixes in 2 files`
pub(super) fn summary(changes: &[Change]) -> String {
    let fixes = changes.iter().map(|change| change.fixes).sum();
    let places = if changes.len() == 1 { "1 file".to_owned() } else { format!("{} files", changes.len()) };
    format!("{} in {places}", counted(fixes))
}

fn counted(fixes: usize) -> String {
    if fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") }
}

impl Change {
    /// As `patch -p1` and `git apply` read it.
    pub(super) fn diff(&self) -> String {
        let name = &self.after.name;
        TextDiff::from_lines(&*self.before.text, &*self.after.text)
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }
}

/// Whether there was something to mend.
fn mend_once(opened: &mut Opened, changes: &mut Changes) -> bool {
    let findings = opened.findings();
    let mut fixes: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for Finding { file, fix, .. } in &findings {
        fixes.entry(file).or_default().extend(fix);
    }
    let mut mend = |source: &Source, mistakes: fn(&Source) -> usize| {
        let (after, count) = mended(source, fixes.get(&*source.name)?, mistakes)?;
        let change = changes.entry(Arc::clone(&source.name));
        let change =
            change.or_insert_with(|| Change { before: source.clone(), after: source.clone(), fixes: 0 });
        change.after = after.clone();
        change.fixes += count;
        Some(after)
    };
    let Folder { mut inbox, files, named, findings: unread, .. } = std::mem::take(&mut opened.folder);
    let mut any = false;
    let mut mended_files = files.clone();
    for (name, file) in &files {
        if let Some(after) = mend(&file.source, |source| RuleFile::parse(source.clone()).findings.len()) {
            mended_files.insert(Arc::clone(name), Arc::new(RuleFile::parse(after)));
            any = true;
        }
    }
    if let Some(after) = inbox.as_ref().and_then(|inbox| mend(inbox, |source| Inbox::parse(source).1.len())) {
        inbox = Some(after);
        any = true;
    }
    let has_inbox = inbox.is_some();
    opened.folder = Folder { named, ..Folder::of(inbox, mended_files) };
    if !has_inbox {
        opened.folder.findings = unread;
    }
    any
}

/// `source` with `fixes` applied, and how many. None, if it would have more mistakes than before: what a mended item
/// says may be wrong in its turn, and is found later, but more items must not be broken.
fn mended(source: &Source, fixes: &[&Fix], mistakes: fn(&Source) -> usize) -> Option<(Source, usize)> {
    let (text, count) = apply_fixes(&source.text, fixes);
    if text == *source.text {
        return None;
    }
    let after = Source::new(Arc::clone(&source.name), text);
    (mistakes(&after) <= mistakes(source)).then_some((after, count))
}
