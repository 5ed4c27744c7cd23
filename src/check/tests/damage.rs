//! Fixes never change the meaning of a policy: a random mistake is mended so that the policy is as before, or is still
//! reported.

use std::collections::{BTreeMap, BTreeSet};

use rand::seq::IndexedRandom as _;
use rand::{Rng, RngExt as _};

use crate::check::{check, fix_folder};
use crate::diagnostic::Level;
use crate::dice;
use crate::language::ast::{self, Item};
use crate::policy::Folder;
use crate::testing::{
    Damage, FILE, SoundPolicy, Tally, changed_lines, damage, faults, folder_of, is_same, mend, other_damage,
    plain, sound_policies, summary, two_mistakes,
};
use crate::text::LineIndex;

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
        let (tally, problem) = mend(policy, &damaged);
        if let Some(problem) = problem {
            wrong.push(format!("{problem}\n{}", shown(policy.text, &damaged)));
        }
        if shows {
            show_missed(policy, &damaged, tally);
        }
        *tallies.entry(damaged.kind).or_default() += tally;
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

/// Prints a mistake that is told twice, told elsewhere or not mended.
fn show_missed(policy: &SoundPolicy, damaged: &Damage, tally: Tally) {
    let missed = [
        ("MANY", tally.one_error == 0),
        ("ELSEWHERE", tally.touches == 0),
        ("NOT MENDED", tally.restored == 0),
    ];
    let missed: Vec<_> = missed.iter().filter(|(_, is_missed)| *is_missed).map(|(what, _)| *what).collect();
    if tally.faulty == 0 || missed.is_empty() {
        return;
    }
    println!("== {} by {}\n{}", missed.join(", "), damaged.kind, changed_lines(policy.text, &damaged.text));
    for finding in faults(&folder_of(policy, &damaged.text)) {
        let written = damaged.text.get(finding.span.range()).unwrap_or_default().escape_debug();
        let fix = finding.fix.map(|fix| fix.title).unwrap_or_default();
        println!("   {}: {} `{written}` => {fix}", finding.code, finding.message);
    }
}

fn shown(sound: &str, damaged: &Damage) -> String {
    let line = LineIndex::new(&damaged.text)
        .position(&damaged.text, u32::try_from(damaged.place.start).unwrap())
        .line;
    format!("   by {} in line {line}:\n{}", damaged.kind, changed_lines(sound, &damaged.text))
}

#[test]
fn the_policies_are_sound() {
    for policy in sound_policies() {
        let findings = check(&folder_of(&policy, policy.text));
        let errors: Vec<_> = findings.iter().filter(|finding| finding.level == Level::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}\n{}", policy.text);
    }
}
