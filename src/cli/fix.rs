//! `rules check --fix` and `--diff`: applies fixes until there is nothing left to fix.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use similar::TextDiff;

use super::exit::Failure;
use super::output;
use super::paths::LoadedPath;
use crate::diagnostic::human::counted;
use crate::diagnostic::{Finding, Fix, apply_fixes};
use crate::inbox::Inbox;
use crate::policy::{Folder, RuleFile};
use crate::text::Source;

/// A fix may reveal another mistake, so files are checked and fixed again, at most this many times.
const MAX_ROUNDS: usize = 10;

/// A file before and after its fixes, in memory.
pub(super) struct FixedFile {
    before: Source,
    after: Source,
    fixes: usize,
}

type FixedFiles = BTreeMap<Arc<str>, FixedFile>;

/// Applies every fix to the loaded files.
pub(super) fn fix_all(loaded: &mut [LoadedPath]) -> Vec<FixedFile> {
    let mut fixed = FixedFiles::new();
    for path in loaded {
        let _ = (0..MAX_ROUNDS).take_while(|_| fix_once(path, &mut fixed)).count();
    }
    fixed.into_values().collect()
}

/// Writes the fixed files, and reports each on standard error.
pub(super) fn write(fixed: &[FixedFile]) -> Result<(), Failure> {
    for FixedFile { after, fixes, .. } in fixed {
        let failure = |error| Failure::Message(format!("cannot write `{}`: {error}", after.name));
        fs::write(&*after.name, after.text.as_bytes()).map_err(failure)?;
        output::eprint(&format!("fixed {}: {}\n", after.name, counted_fixes(*fixes)));
    }
    Ok(())
}

/// `3 fixes in 2 files`
pub(super) fn summary(fixed: &[FixedFile]) -> String {
    let count = fixed.iter().map(|file| file.fixes).sum();
    format!("{} in {}", counted_fixes(count), counted(fixed.len(), "file"))
}

fn counted_fixes(fixes: usize) -> String {
    if fixes == 1 { "1 fix".to_owned() } else { format!("{fixes} fixes") }
}

impl FixedFile {
    /// A unified diff, for `patch -p1` and `git apply`.
    pub(super) fn diff(&self) -> String {
        let name = &self.after.name;
        TextDiff::from_lines(&*self.before.text, &*self.after.text)
            .unified_diff()
            .header(&format!("a/{name}"), &format!("b/{name}"))
            .to_string()
    }
}

/// Applies the fixes of one check. Returns whether a file changed.
fn fix_once(path: &mut LoadedPath, fixed: &mut FixedFiles) -> bool {
    let findings = path.findings();
    let mut fixes_by_file: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
    for Finding { file, fix, .. } in &findings {
        fixes_by_file.entry(file).or_default().extend(fix);
    }
    let mut try_fix = |source: &Source, mistakes: fn(&Source) -> usize| {
        let (after, count) = apply(source, fixes_by_file.get(&*source.name)?, mistakes)?;
        let file = fixed.entry(Arc::clone(&source.name));
        let file =
            file.or_insert_with(|| FixedFile { before: source.clone(), after: source.clone(), fixes: 0 });
        file.after = after.clone();
        file.fixes += count;
        Some(after)
    };
    let Folder { mut inbox_source, files, extra_policies, findings: unread, .. } =
        std::mem::take(&mut path.folder);
    let mut any_fixed = false;
    let mut fixed_files = files.clone();
    for (name, file) in files.iter() {
        if let Some(after) = try_fix(&file.source, |source| RuleFile::parse(source.clone()).findings.len()) {
            fixed_files.insert(Arc::clone(name), Arc::new(RuleFile::parse(after)));
            any_fixed = true;
        }
    }
    if let Some(after) =
        inbox_source.as_ref().and_then(|inbox| try_fix(inbox, |source| Inbox::parse(source).1.len()))
    {
        inbox_source = Some(after);
        any_fixed = true;
    }
    let has_inbox = inbox_source.is_some();
    path.folder = Folder { extra_policies, ..Folder::new(inbox_source, fixed_files) };
    if !has_inbox {
        path.folder.findings = unread;
    }
    any_fixed
}

/// `source` with `fixes` applied, and the number of applied fixes. `None` if nothing changed, or if the result would have more syntax
/// errors than before: a fixed item may contain another mistake, but a fix must not break items.
fn apply(source: &Source, fixes: &[&Fix], mistakes: fn(&Source) -> usize) -> Option<(Source, usize)> {
    let (text, count) = apply_fixes(&source.text, fixes);
    if text == *source.text {
        return None;
    }
    let after = Source::new(Arc::clone(&source.name), text);
    (mistakes(&after) <= mistakes(source)).then_some((after, count))
}
