//! Fixes never change the meaning of a policy: a random mistake is mended so that the policy is as before, or is still
//! reported.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::Arc;

use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

use crate::check::{Workspace, check, fix_folder};
use crate::diagnostic::{Finding, Level};
use crate::dice;
use crate::language::ast::{self, Item};
use crate::policy::{Folder, resolve};
use crate::prove::compare;
use crate::testing::{
    COMMON, Damage, FILE, SoundPolicy, damage, folder, other_damage, sound_policies, two_mistakes,
};
use crate::text::LineIndex;

/// How often a mistake had each result.
#[derive(Debug, Default, Clone)]
struct Tally {
    faulty: usize,
    touches: usize,
    one_error: usize,
    restored: usize,
}

#[test]
fn fixes_keep_the_meaning() {
    look_at_many(damage, None);
}

#[test]
fn fixes_of_rarer_mistakes_keep_the_meaning() {
    look_at_many(other_damage, Some("rarer"));
}

/// Fixes many policies with one mistake each.
fn look_at_many(damage: fn(&str, &mut dyn Rng) -> Option<Damage>, stream: Option<&str>) {
    let (cases, seed) = (setting("DAMAGE_CASES", 300), setting("DAMAGE_SEED", 1));
    let shows = setting("DAMAGE_SHOW", 0) > 0;
    let policies = sound_policies();
    let mut random = dice(seed, stream);
    let mut tallies: BTreeMap<&str, Tally> = BTreeMap::new();
    let mut wrong = Vec::new();
    let mut made = 0;
    while made < cases {
        let policy = policies.choose(&mut random).unwrap();
        let Some(damaged) = damage(policy.text, &mut random) else { continue };
        made += 1;
        let tally = tallies.entry(damaged.kind).or_default();
        let before = tally.clone();
        if let Err(problem) = look_at(policy, &damaged, tally) {
            wrong.push(format!("{problem}\n{}", shown(policy.text, &damaged)));
        }
        if shows {
            show_missed(policy, &damaged, &before, tally);
        }
    }
    if cases >= 1000 {
        println!("{}", summary(&tallies));
    }
    assert!(wrong.is_empty(), "{} of {cases} with seed {seed}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Of two mistakes in one item both are mended, or the one that is told, or an error is left.
#[test]
fn fixes_of_two_mistakes_keep_the_meaning() {
    let (cases, seed) = (setting("DAMAGE_CASES", 300), setting("DAMAGE_SEED", 1));
    let policies = sound_policies();
    let mut random = dice(seed, Some("two"));
    let mut wrong = Vec::new();
    let mut made = 0;
    while made < cases {
        let policy = policies.choose(&mut random).unwrap();
        let Some((both, each)) = two_mistakes(policy.text, &mut random) else { continue };
        made += 1;
        let broken = folder_of(policy, &both.text);
        let found = faults(&broken);
        let fixed = fix_folder(broken, |_| true).folder;
        let is_broken = check(&fixed).iter().any(|finding| finding.level == Level::Error);
        if found.is_empty() || is_broken || !faults(&fixed).is_empty() {
            continue;
        }
        let fixed_text = &fixed.files.get(FILE).unwrap().source.text;
        let fits = |text: &str| is_same(&folder_of(policy, text), &fixed, true);
        // A mistake without a fault stays, and may be mended otherwise where it is alone.
        let mended = |damaged: &Damage| {
            let folder = fix_folder(folder_of(policy, &damaged.text), |_| true).folder;
            folder.files.get(FILE).unwrap().source.text.to_string()
        };
        if !fits(policy.text) && !each.iter().any(|one| fits(&one.text) || fits(&mended(one))) {
            let findings: Vec<_> = found.iter().map(|finding| &*finding.message).collect();
            let lines = changed_lines(&both.text, fixed_text);
            wrong.push(format!(
                "== SILENT ({})\n{lines}\n{}",
                findings.join("; "),
                shown(policy.text, &both)
            ));
        }
    }
    assert!(wrong.is_empty(), "{} of {cases} with seed {seed}:\n{}", wrong.len(), wrong.join("\n"));
}

#[expect(clippy::disallowed_methods, reason = "a longer run is asked for by the environment")]
fn setting(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |value| value.parse().unwrap())
}

#[test]
fn fixes_of_several_mistakes_lose_no_rule() {
    let (cases, seed) = (setting("DAMAGE_CASES", 300), setting("DAMAGE_SEED", 1));
    let policies = sound_policies();
    let mut random = dice(seed, Some("several"));
    for _ in 0..cases {
        let policy = policies.choose(&mut random).unwrap();
        let mut text = policy.text.to_owned();
        for _ in 0..random.random_range(2..4) {
            let damaged = match random.random_range(0..4) {
                0 => piece_elsewhere(&text, &mut random),
                _ => damage(&text, &mut random).map(|damaged| damaged.text),
            };
            text = damaged.unwrap_or(text);
        }
        let broken = folder_of(policy, &text);
        let fixed = fix_folder(broken.clone(), |_| true).folder;
        let fixed_text = &fixed.files.get(FILE).unwrap().source.text;
        let lines = || format!("{}\n{}", changed_lines(policy.text, &text), changed_lines(&text, fixed_text));
        assert!(fix_folder(fixed.clone(), |_| true).fixes.is_empty(), "fixes more at once:\n{}", lines());
        let (before, after) = (rules(&broken), rules(&fixed));
        // Two rules that differ in a misspelt word are one.
        let is_kept = |rule: &String| after.iter().any(|other| strsim::osa_distance(rule, other) <= 2);
        let keeps_all = after.len() >= before.len() || before.iter().all(is_kept);
        assert!(keeps_all, "loses a rule:\n{}", lines());
    }
}

/// The text with a piece of it cut out or written again in another place.
fn piece_elsewhere(text: &str, random: &mut impl Rng) -> Option<String> {
    let mut place = || text.floor_char_boundary(random.random_range(0..text.len()));
    let (start, to) = (place(), place());
    let end = text.floor_char_boundary((start + random.random_range(1..40)).min(text.len()));
    let piece = text.get(start..end)?;
    let written = format!("{}{piece}{}", text.get(..to)?, text.get(to..)?);
    let cut = format!("{}{}", text.get(..start)?, text.get(end..)?);
    Some(if random.random() { written } else { cut })
}

/// The rules that can be read. A rule that is there twice, whatever its name, counts once, because one of the two may go.
fn rules(folder: &Folder) -> BTreeSet<String> {
    let tree = folder.files.get(FILE).unwrap().tree();
    let rules = tree.items.iter().filter_map(|item| match item {
        Item::Rule(rule) => Some(plain(&Item::Rule(ast::Rule { name: None, ..rule.clone() }))),
        _ => None,
    });
    rules.collect()
}

/// Fixes the damaged policy and says what is wrong with the result.
fn look_at(policy: &SoundPolicy, damaged: &Damage, tally: &mut Tally) -> Result<(), String> {
    let before = folder_of(policy, policy.text);
    let broken = folder_of(policy, &damaged.text);
    let faults = faults(&broken);
    let fixed = fix_folder(broken.clone(), |_| true);
    let fixed_text = Arc::clone(&fixed.folder.files.get(FILE).unwrap().source.text);
    let describe = |what: &str| {
        let findings: Vec<_> =
            faults.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
        format!("== {what} ({})\n{}", findings.join("; "), changed_lines(&damaged.text, &fixed_text))
    };
    let again = fix_folder(fixed.folder.clone(), |_| true);
    if !again.fixes.is_empty() {
        return Err(describe("a second run fixes more"));
    }
    if faults.is_empty() {
        // Invisible characters count for nothing, and a test may expect a rule by a name that is misspelt there or here.
        let is_kept = damaged.text.contains('\u{200B}')
            || is_same(&broken, &fixed.folder, false)
            || is_same(&before, &fixed.folder, false);
        return if is_kept { Ok(()) } else { Err(describe("a fix changes what had no fault")) };
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
        return Err(describe("SILENT"));
    }
    Ok(())
}

/// Prints a mistake that is told twice, told elsewhere or not mended.
fn show_missed(policy: &SoundPolicy, damaged: &Damage, before: &Tally, after: &Tally) {
    let missed = [
        ("MANY", before.one_error == after.one_error),
        ("ELSEWHERE", before.touches == after.touches),
        ("NOT MENDED", before.restored == after.restored),
    ];
    let missed: Vec<_> = missed.iter().filter(|(_, is_missed)| *is_missed).map(|(what, _)| *what).collect();
    if before.faulty == after.faulty || missed.is_empty() {
        return;
    }
    println!("== {} by {}\n{}", missed.join(", "), damaged.kind, changed_lines(policy.text, &damaged.text));
    for finding in faults(&folder_of(policy, &damaged.text)) {
        let written = damaged.text.get(finding.span.range()).unwrap_or_default().escape_debug();
        let fix = finding.fix.map(|fix| fix.title).unwrap_or_default();
        println!("   {}: {} `{written}` => {fix}", finding.code, finding.message);
    }
}

fn folder_of(policy: &SoundPolicy, text: &str) -> Folder {
    let mut files = vec![("inbox.toml", policy.inbox), (FILE, text)];
    if policy.text.contains("use \"common.rules\"") {
        files.push(("common.rules", COMMON));
    }
    folder(&files)
}

fn faults(folder: &Folder) -> Vec<Finding> {
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
fn is_same(before: &Folder, after: &Folder, with_tests: bool) -> bool {
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
    let names = |policy: &crate::policy::Policy| {
        policy.rules.iter().map(|rule| rule.name.clone()).collect::<Vec<_>>()
    };
    if names(&old.policy) != names(&new.policy) {
        return false;
    }
    let diff = compare(&old.policy, &new.policy, &before.inbox);
    diff.differences.is_empty() && diff.unsettled.is_empty()
}

/// An item without its places.
fn plain(item: &Item) -> String {
    let text = format!("{item:?}");
    let pieces = text.split("Span { start: ");
    pieces.map(|piece| piece.split_once(" }").map_or(piece, |(_, rest)| rest)).collect()
}

fn shown(sound: &str, damaged: &Damage) -> String {
    let line = LineIndex::new(&damaged.text)
        .position(&damaged.text, u32::try_from(damaged.place.start).unwrap())
        .line;
    format!("   by {} in line {line}:\n{}", damaged.kind, changed_lines(sound, &damaged.text))
}

/// The lines in which two texts differ.
fn changed_lines(before: &str, after: &str) -> String {
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
fn summary(tallies: &BTreeMap<&str, Tally>) -> String {
    let mut rows: Vec<_> = tallies.iter().filter(|(_, tally)| tally.faulty > 0).collect();
    rows.sort_by_key(|(_, tally)| tally.restored * 1000 / tally.faulty);
    let mut all = Tally::default();
    let mut table = String::new();
    let percent = |count: usize, all: usize| count * 100 / all;
    let mut row = |kind: &str, tally: &Tally| {
        let [touches, one, restored] =
            [tally.touches, tally.one_error, tally.restored].map(|count| percent(count, tally.faulty));
        writeln!(
            table,
            "{kind:28} {:6} faulty  {touches:3} % touch  {one:3} % one error  {restored:3} % restored",
            tally.faulty
        )
        .unwrap();
    };
    for (kind, tally) in rows {
        row(kind, tally);
        all.faulty += tally.faulty;
        all.touches += tally.touches;
        all.one_error += tally.one_error;
        all.restored += tally.restored;
    }
    row("all", &all);
    table
}

#[test]
fn the_policies_are_sound() {
    for policy in sound_policies() {
        let findings = check(&folder_of(&policy, policy.text));
        let errors: Vec<_> = findings.iter().filter(|finding| finding.level == Level::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{}", policy.text);
    }
}
