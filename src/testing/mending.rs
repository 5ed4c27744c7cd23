//! What becomes of a mistake: where it is told, how often, and whether its fixes restore the meaning.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::AddAssign;
use std::sync::Arc;

use super::damage::Damage;
use super::inbox::{FILE, folder};
use super::sound_policies::{COMMON, SoundPolicy};
use crate::check::{Workspace, check, fix_folder};
use crate::diagnostic::{Finding, Level};
use crate::language::ast::Item;
use crate::policy::{Folder, Policy, resolve};
use crate::prove::compare;

/// How often a mistake had each result.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    /// It has a fault; the other figures count only such mistakes.
    pub(crate) faulty: usize,
    /// The first finding is about its place.
    pub(crate) touches: usize,
    pub(crate) one_error: usize,
    /// Its fixes make the policy what it was.
    pub(crate) restored: usize,
    /// Its fixes leave a policy without a fault that means something else.
    pub(crate) silent: usize,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.faulty += other.faulty;
        self.touches += other.touches;
        self.one_error += other.one_error;
        self.restored += other.restored;
        self.silent += other.silent;
    }
}

/// Fixes the damaged policy, and says what is wrong with the result, if anything is.
pub(crate) fn mend(policy: &SoundPolicy, damaged: &Damage) -> (Tally, Option<String>) {
    let before = folder_of(policy, policy.text);
    let broken = folder_of(policy, &damaged.text);
    let faults = faults(&broken);
    let fixed = fix_folder(broken.clone(), |_| true);
    let fixed_text = Arc::clone(&fixed.folder.files.get(FILE).unwrap().source.text);
    let describe = |what: &str| {
        let findings: Vec<_> =
            faults.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        Some(format!("== {what} ({})\n{}", findings.join("; "), changed_lines(&damaged.text, &fixed_text)))
    };
    let mut tally = Tally::default();
    let again = fix_folder(fixed.folder.clone(), |_| true);
    if !again.fixes.is_empty() {
        return (tally, describe("a second run fixes more"));
    }
    if faults.is_empty() {
        // Invisible characters count for nothing, and a test may expect a rule by a name that is misspelt there or here.
        let is_kept = damaged.text.contains('\u{200B}')
            || is_same(&broken, &fixed.folder, false)
            || is_same(&before, &fixed.folder, false);
        tally.silent += usize::from(!is_kept);
        return (tally, if is_kept { None } else { describe("a fix changes what had no fault") });
    }
    let is_clean = self::faults(&fixed.folder).is_empty();
    let is_restored = is_clean && is_same(&before, &fixed.folder, true);
    tally.faulty += 1;
    tally.touches += usize::from(touches(damaged, &faults[0]));
    tally.one_error += usize::from(faults.len() == 1);
    tally.restored += usize::from(is_restored);
    // Of a line that is gone or elsewhere nothing tells; what is left may be joined by a comma.
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(|line| line.replace(',', "")).collect();
        if damaged.kind != "dropped line" {
            lines.sort_unstable();
        }
        lines
    };
    let is_joined = matches!(damaged.kind, "dropped line" | "line moved" | "line copied")
        && lines(&fixed_text) == lines(&damaged.text);
    if is_clean
        && !is_restored
        && !is_joined
        && check(&fixed.folder).iter().all(|finding| finding.level != Level::Error)
    {
        tally.silent += 1;
        return (tally, describe("SILENT"));
    }
    (tally, None)
}

pub(crate) fn folder_of(policy: &SoundPolicy, text: &str) -> Folder {
    let mut files = vec![("inbox.toml", policy.inbox), (FILE, text)];
    if policy.text.contains("use \"common.rules\"") {
        files.push(("common.rules", COMMON));
    }
    folder(&files)
}

pub(crate) fn faults(folder: &Folder) -> Vec<Finding> {
    let mut workspace = Workspace::for_faults();
    workspace.update(folder.clone());
    workspace.findings().into_iter().filter(|finding| finding.code.is_fault()).collect()
}

/// Whether the finding is about the place of the mistake, or what is next to it.
fn touches(damaged: &Damage, finding: &Finding) -> bool {
    let text = &damaged.text;
    let start = text[..damaged.place.start].trim_end().len();
    let end = text.len() - text[damaged.place.end..].trim_start().len();
    let related = finding.related.iter().map(|related| related.span);
    related.chain([finding.span]).any(|span| span.start as usize <= end && start <= span.end as usize)
}

/// Whether two folders have the same policy: the same items, or at least the same decisions; and the same tests.
pub(crate) fn is_same(before: &Folder, after: &Folder, with_tests: bool) -> bool {
    let items = |folder: &Folder| -> Vec<String> {
        let file = folder.files.get(FILE).unwrap();
        file.tree().items.iter().map(plain).collect()
    };
    let (old, new) = (items(before), items(after));
    if old == new {
        return true;
    }
    let tests =
        |items: &[String]| items.iter().filter(|item| item.starts_with("Test(")).cloned().collect::<Vec<_>>();
    if with_tests && tests(&old) != tests(&new) {
        return false;
    }
    let (old, new) = (resolve(before, FILE), resolve(after, FILE));
    if !old.findings.is_empty() || !new.findings.is_empty() {
        return false;
    }
    let names = |policy: &Policy| policy.rules.iter().map(|rule| rule.name.clone()).collect::<Vec<_>>();
    if names(&old.policy) != names(&new.policy) {
        return false;
    }
    let diff = compare(&old.policy, &new.policy, &before.inbox);
    diff.differences.is_empty() && diff.unsettled.is_empty()
}

/// An item without its places.
pub(crate) fn plain(item: &Item) -> String {
    let text = format!("{item:?}");
    let pieces = text.split("Span { start: ");
    pieces.map(|piece| piece.split_once(" }").map_or(piece, |(_, rest)| rest)).collect()
}

/// The lines in which two texts differ.
pub(crate) fn changed_lines(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.split('\n').collect(), after.split('\n').collect());
    let same = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let most = old.len().min(new.len()) - same;
    let end = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(old, new)| old == new).count();
    let mut lines = String::new();
    for line in &old[same..old.len() - end] {
        writeln!(lines, "   - {}", line.escape_debug()).unwrap();
    }
    for line in &new[same..new.len() - end] {
        writeln!(lines, "   + {}", line.escape_debug()).unwrap();
    }
    lines
}

/// A table of the tallies, with the worst kinds first.
pub(crate) fn summary(tallies: &BTreeMap<&str, Tally>) -> String {
    let mut rows: Vec<_> = tallies.iter().map(|(kind, tally)| (*kind, *tally)).collect();
    rows.retain(|(_, tally)| tally.faulty + tally.silent > 0);
    rows.sort_by_key(|(_, tally)| tally.restored * 1000 / tally.faulty.max(1));
    let mut all = Tally::default();
    for (_, tally) in &rows {
        all += *tally;
    }
    rows.push(("all", all));
    let mut table =
        String::from("mistake                      faulty  touches  one error  restored  silent\n");
    for (kind, tally) in rows {
        let percent = |count: usize| count * 1000 / tally.faulty.max(1);
        let [touches, one, restored] = [tally.touches, tally.one_error, tally.restored]
            .map(percent)
            .map(|permille| format!("{}.{} %", permille / 10, permille % 10));
        let (faulty, silent) = (tally.faulty, tally.silent);
        writeln!(table, "{kind:28} {faulty:6} {touches:>8} {one:>10} {restored:>9} {silent:>7}").unwrap();
    }
    table
}
