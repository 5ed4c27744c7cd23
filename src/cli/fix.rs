//! `rules check --fix` and `--diff`: fixes applied until nothing is left to fix.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use similar::TextDiff;

use super::exit::Failure;
use super::output;
use super::paths::LoadedPath;
use crate::diagnostic::{Finding, Fix, apply_fixes};
use crate::inbox::Inbox;
use crate::policy::{Folder, RuleFile};
use crate::text::Source;

/// One mended thing may bring another to light. After so many rounds it is enough.
const ROUNDS: usize = 10;

/// A file that was mended, in memory.
pub(super) struct FixedFile {
    before: Source,
    after: Source,
    fixes: usize,
}

/// By file.
type FixedFiles = BTreeMap<Arc<str>, FixedFile>;

/// Applies every fix to what was opened.
pub(super) fn mend(opened: &mut [LoadedPath]) -> Vec<FixedFile> {
    let mut changes = FixedFiles::new();
    for one in opened {
        let _ = (0..ROUNDS).take_while(|_| mend_once(one, &mut changes)).count();
    }
    changes.into_values().collect()
}

/// Writes the changes, and says which.
pub(super) fn write(changes: &[FixedFile]) -> Result<(), Failure> {
    for FixedFile { after, fixes, .. } in changes {
        let cannot = |error| Failure::Message(format!("`{}` cannot be written: {error}", after.name));
        fs::write(&*after.name, after.text.as_bytes()).map_err(cannot)?;
        output::eprint(&format!("mended {}: {}\n", after.name, counted(*fixes)));
    }
    Ok(())
}

/// `3 fixes in 2 files`
pub(super) fn summary(changes: &[FixedFile]) -> String {
    let fixes = changes.iter().map(|change| change.fixes).sum();
    let places = if changes.len() == 1 { "1 file".to_owned() } else { format!("{} files", changes.len()) };
    format!("{} in {places}", counted(fixes))
}

fn counted(fixes: usize) -> String {
    if fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") }
}

impl FixedFile {
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
fn mend_once(opened: &mut LoadedPath, changes: &mut FixedFiles) -> bool {
    let findings = opened.findings();
    let mut fixes: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for Finding { file, fix, .. } in &findings {
        fixes.entry(file).or_default().extend(fix);
    }
    let mut mend = |source: &Source, mistakes: fn(&Source) -> usize| {
        let (after, count) = mended(source, fixes.get(&*source.name)?, mistakes)?;
        let change = changes.entry(Arc::clone(&source.name));
        let change =
            change.or_insert_with(|| FixedFile { before: source.clone(), after: source.clone(), fixes: 0 });
        change.after = after.clone();
        change.fixes += count;
        Some(after)
    };
    let Folder { mut inbox_source, files, extra_policies, findings: unread, .. } =
        std::mem::take(&mut opened.folder);
    let mut any = false;
    let mut mended_files = files.clone();
    for (name, file) in &files {
        if let Some(after) = mend(&file.source, |source| RuleFile::parse(source.clone()).findings.len()) {
            mended_files.insert(Arc::clone(name), Arc::new(RuleFile::parse(after)));
            any = true;
        }
    }
    if let Some(after) =
        inbox_source.as_ref().and_then(|inbox| mend(inbox, |source| Inbox::parse(source).1.len()))
    {
        inbox_source = Some(after);
        any = true;
    }
    let has_inbox = inbox_source.is_some();
    opened.folder = Folder { extra_policies, ..Folder::new(inbox_source, mended_files) };
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
