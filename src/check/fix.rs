//! Applies the fixes of findings, until there is nothing left to fix.
//!
//! A fix may reveal other mistakes, so files are checked and fixed in passes. In one pass, an item gets fixes of one kind
//! only: first those of its syntax, then those of its other faults, then those of lints. So no fix is applied to a text
//! that was read in another way when the fix was made.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::workspace::Workspace;
use crate::diagnostic::{Code, Edit, EditSet, Finding, Fix};
use crate::inbox::Inbox;
use crate::policy::{Files, Folder, RuleFile};
use crate::text::{Source, Span};

/// At most this many passes. A pass takes all fixes that do not touch each other, so few are needed.
const MAX_PASSES: usize = 50;
/// How often a pass tries again without the fixes that would change other items.
const MAX_RETRIES: usize = 8;

/// A folder with its fixes applied.
#[derive(Debug)]
pub struct FixedFolder {
    /// The folder.
    pub folder: Folder,
    /// How many fixes were applied to each file that has changed, by the name of its source.
    pub fixes: BTreeMap<Arc<str>, usize>,
}

/// Applies the fixes of all findings that `includes` accepts to the files of `folder`, in memory.
pub fn fix_folder(folder: Folder, includes: impl Fn(&Finding) -> bool) -> FixedFolder {
    let mut workspace = Workspace::without_proofs();
    workspace.update(folder);
    let mut fixes = BTreeMap::new();
    for _ in 0..MAX_PASSES {
        let mut findings = workspace.findings();
        findings.retain(&includes);
        match fix_once(workspace.folder(), &findings, &mut fixes) {
            Some(folder) => workspace.update(folder),
            None => break,
        };
    }
    FixedFolder { folder: workspace.folder().clone(), fixes }
}

/// Takes the fixes away from those findings that are in an item with a mistake which must be mended by hand first: the
/// item may mean something else then. Lints wait for every fault, and other faults for those of the syntax.
pub(super) fn withhold(file: &RuleFile, findings: &mut Vec<Finding>) {
    remove_repeated_lines(file, findings);
    let text = &file.source.text;
    let here_with_fix = findings.iter_mut().filter(|finding| finding.file == file.source.name);
    for finding in here_with_fix {
        finding.fix.take_if(|fix| fix.edits.iter().any(|edit| is_cut(text, edit)));
    }
    let regions = Regions::of(file);
    let of_parser = of_parser(file);
    let is_syntax = |finding: &Finding| of_parser.contains(&(finding.span, &*finding.message));
    let here = |finding: &&Finding| finding.code.is_fault() && finding.file == file.source.name;
    let faults = || findings.iter().filter(here);
    let at = |finding: &Finding| regions.at(finding.span);
    let with_fault: BTreeSet<usize> = faults().flat_map(at).collect();
    let unreadable = faults().filter(|finding| is_syntax(finding) && finding.fix.is_none());
    let unreadable: BTreeSet<usize> = unreadable.flat_map(at).collect();
    for finding in findings.iter_mut().filter(|finding| finding.file == file.source.name) {
        let Some(fix) = finding.fix.as_ref().filter(|_| !is_syntax(finding)) else { continue };
        let waits_for = if finding.code.is_fault() { &unreadable } else { &with_fault };
        if regions.at(extent(fix)).any(|region| waits_for.contains(&region)) {
            finding.fix = None;
        }
    }
}

/// Whether a comment directly follows the word that `edit` replaces, as in `availab#le`, so that it may be a part of it.
fn is_cut(text: &str, edit: &Edit) -> bool {
    let touches = |at: u32| text.get(at as usize..).is_some_and(|rest| rest.starts_with('#'));
    edit.span.start < edit.span.end && !edit.text.is_empty() && touches(edit.span.end)
}

/// Offers to remove a line that is there twice in a row, where its finding is about that. All that is told about one such
/// line is one mistake.
fn remove_repeated_lines(file: &RuleFile, findings: &mut Vec<Finding>) {
    const ABOUT_TWO: [Code; 3] = [Code::DuplicateName, Code::SeveralAssigns, Code::RuleAfterOtherwise];
    let text = &file.source.text;
    let mut seen = BTreeSet::new();
    findings.retain_mut(|finding| {
        let is_about =
            finding.file == file.source.name && finding.fix.is_none() && ABOUT_TWO.contains(&finding.code);
        let Some(line) = is_about.then(|| repeated_line(text, finding.span)).flatten() else { return true };
        finding.fix = Some(Fix {
            title: "remove one of the two lines".to_owned(),
            edits: vec![Edit { span: line, text: String::new() }],
        });
        seen.insert(line)
    });
}

/// The line of `span` with its break, if the line before or after it is the same.
fn repeated_line(text: &str, span: Span) -> Option<Span> {
    let (before, after) = (text.get(..span.start as usize)?, text.get(span.end as usize..)?);
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let end = span.end as usize + after.find('\n')? + 1;
    let line = text.get(start..end).filter(|line| line.matches('\n').count() == 1)?;
    let follows = text.get(end..).is_some_and(|rest| {
        rest.strip_prefix(line.trim_end())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['\r', '\n']))
    });
    let precedes = text.get(..start).and_then(|rest| rest.strip_suffix(line));
    let precedes = precedes.is_some_and(|rest| rest.is_empty() || rest.ends_with('\n'));
    (follows || precedes).then(|| Span::new(start, end))
}

/// The findings of the parser, by their places and messages.
fn of_parser(file: &RuleFile) -> HashSet<(Span, &str)> {
    file.findings.iter().map(|finding| (finding.span, &*finding.message)).collect()
}

/// What a fix changes; the first of these comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum FixKind {
    Syntax,
    Fault,
    Lint,
}

/// One pass. `None` if nothing changed.
fn fix_once(folder: &Folder, findings: &[Finding], counts: &mut BTreeMap<Arc<str>, usize>) -> Option<Folder> {
    let mut by_file: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.fix.is_some()) {
        by_file.entry(&finding.file).or_default().push(finding);
    }
    let mut files = folder.files.clone();
    let mut changed = false;
    let mut count = |name: &Arc<str>, applied| {
        *counts.entry(Arc::clone(name)).or_default() += applied;
        changed = true;
    };
    for (name, file) in folder.files.iter() {
        let found = by_file.get(&*file.source.name).map(Vec::as_slice).unwrap_or_default();
        if let Some((after, applied)) = fix_rules(file, found) {
            count(&file.source.name, applied);
            files.insert(Arc::clone(name), Arc::new(after));
        }
    }
    let mut inbox = folder.inbox_source.clone();
    if let Some(source) = &mut inbox
        && let Some(found) = by_file.get(&*source.name)
        && let Some((after, applied)) = fix_inbox(source, found)
    {
        count(&source.name, applied);
        *source = after;
    }
    changed.then(|| with_sources(folder, inbox, files))
}

/// The folder with other files in it. What was found when the folder was read still holds.
fn with_sources(folder: &Folder, inbox: Option<Source>, files: Files) -> Folder {
    let inbox_name = folder.inbox_source.as_ref().map(|source| &source.name);
    let about_folder = folder.findings.iter().filter(|finding| Some(&finding.file) != inbox_name);
    let about_folder: Vec<Finding> = about_folder.cloned().collect();
    let mut fixed = folder.clone().with_files(files).with_inbox(inbox);
    fixed.findings.extend(about_folder);
    fixed
}

/// A rule file after one pass, and the number of applied fixes. No item changes that has no finding.
fn fix_rules(file: &RuleFile, findings: &[&Finding]) -> Option<(RuleFile, usize)> {
    if findings.is_empty() {
        return None;
    }
    let regions = Regions::of(file);
    let chosen = choose(file, &regions, findings);
    let mut refused = BTreeSet::new();
    for _ in 0..MAX_RETRIES {
        let mut edits = EditSet::new(&file.source.text);
        let mut touched = BTreeSet::new();
        let mut applied = 0;
        for (kind, fix) in &chosen {
            let places = || regions.at(extent(fix));
            // The fixes of the parser are made for one another.
            let is_free = *kind == FixKind::Syntax || !edits.touches(extent(fix));
            if is_free && !places().any(|region| refused.contains(&region)) && edits.add(fix) {
                touched.extend(places());
                applied += 1;
            }
        }
        if applied == 0 {
            return None;
        }
        let fixed = RuleFile::parse(Source::new(Arc::clone(&file.source.name), edits.apply()));
        let extents: Vec<Span> = chosen.iter().map(|(_, fix)| extent(fix)).collect();
        let harmed = harmed(&regions, &touched, &extents, &edits, &fixed);
        if harmed.is_empty() {
            return (fixed.source.text != file.source.text).then_some((fixed, applied));
        }
        refused.extend(harmed);
    }
    None
}

/// The fixes that may be applied in the same pass, in the order of the text.
fn choose<'f>(file: &RuleFile, regions: &Regions, findings: &[&'f Finding]) -> Vec<(FixKind, &'f Fix)> {
    let of_parser = of_parser(file);
    let kind = |finding: &Finding| match finding.code.is_fault() {
        true if of_parser.contains(&(finding.span, &*finding.message)) => FixKind::Syntax,
        true => FixKind::Fault,
        false => FixKind::Lint,
    };
    let fixes = findings.iter().filter_map(|finding| Some((kind(finding), finding.fix.as_ref()?)));
    let mut chosen: Vec<(FixKind, &Fix)> = fixes.collect();
    let mut first: BTreeMap<usize, FixKind> = BTreeMap::new();
    for (kind, fix) in &chosen {
        for region in regions.at(extent(fix)) {
            let least = first.entry(region).or_insert(*kind);
            *least = (*kind).min(*least);
        }
    }
    chosen.retain(|(kind, fix)| regions.at(extent(fix)).all(|region| first.get(&region) == Some(kind)));
    chosen.sort_by_key(|(_, fix)| extent(fix));
    chosen
}

/// The items with fixes that are next to an item which no fix touches and which would be read otherwise, and those that
/// would take in the next item.
fn harmed(
    regions: &Regions,
    touched: &BTreeSet<usize>,
    extents: &[Span],
    edits: &EditSet<'_>,
    fixed: &RuleFile,
) -> BTreeSet<usize> {
    let now: HashSet<(Span, bool)> = Regions::of(fixed).0.into_iter().collect();
    let starts: HashSet<u32> = now.iter().map(|(span, _)| span.start).collect();
    let untouched: Vec<usize> = (0..regions.0.len()).filter(|region| !touched.contains(region)).collect();
    let of = |region: &usize| regions.0.get(*region).copied().unwrap_or_default();
    let moved = edits.moved(untouched.iter().map(|region| of(region).0));
    let lost = untouched.iter().zip(moved).filter(|(region, span)| !now.contains(&(*span, of(region).1)));
    let beside = lost.flat_map(|(region, _)| {
        [touched.range(..region).next_back(), touched.range(region..).next()].into_iter().flatten().copied()
    });
    // A fix at the start of an item says itself where the item starts.
    let start_of = |region: &usize| of(region).0.start;
    let is_kept = |start: u32| {
        let next = extents.partition_point(|extent| extent.start <= start);
        extents.get(..next).is_none_or(|before| before.iter().rev().take(8).all(|extent| extent.end < start))
    };
    let kept: Vec<usize> = touched.iter().filter(|region| is_kept(start_of(region))).copied().collect();
    let moved =
        edits.moved(kept.iter().map(|region| Span { end: start_of(region), start: start_of(region) }));
    let swallowed = kept.iter().zip(moved).filter(|(_, span)| !starts.contains(&span.start));
    let before = swallowed.map(|(region, _)| *touched.range(..region).next_back().unwrap_or(region));
    beside.chain(before).collect()
}

/// The items of a file, broken ones too, by their spans; and whether each is sound.
struct Regions(Vec<(Span, bool)>);

impl Regions {
    fn of(file: &RuleFile) -> Self {
        let tree = file.tree();
        let sound = tree.items.iter().map(|item| (item.span(), true));
        let mut regions: Vec<_> =
            sound.chain(tree.broken.iter().map(|broken| (broken.span, false))).collect();
        regions.sort_unstable();
        Self(regions)
    }

    /// The regions that `span` lies in. What is before a region belongs to the one before it.
    fn at(&self, span: Span) -> std::ops::RangeInclusive<usize> {
        let of = |byte: u32| self.0.partition_point(|(region, _)| region.start <= byte).saturating_sub(1);
        of(span.start)..=of(span.end)
    }
}

/// From the first edit to the last.
fn extent(fix: &Fix) -> Span {
    fix.edits.iter().map(|edit| edit.span).reduce(Span::to).unwrap_or_default()
}

/// The `inbox.toml` after one pass, and the number of applied fixes. Fixes that would break the file are left.
fn fix_inbox(source: &Source, findings: &[&Finding]) -> Option<(Source, usize)> {
    let mut edits = EditSet::new(&source.text);
    let fixes = findings.iter().filter_map(|finding| finding.fix.as_ref());
    let applied = fixes.filter(|fix| !edits.touches(extent(fix)) && edits.add(fix)).count();
    let after = Source::new(Arc::clone(&source.name), edits.apply());
    let breaks = |source: &Source| {
        Inbox::parse(source).1.iter().filter(|finding| finding.code == Code::Syntax).count()
    };
    (after.text != source.text && breaks(&after) <= breaks(source)).then_some((after, applied))
}
