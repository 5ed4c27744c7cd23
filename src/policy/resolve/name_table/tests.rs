//! The names that are visible in a file, compared with a plain walk over the files that it uses.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use proptest::prelude::{ProptestConfig, Strategy, prop, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::TestCaseResult;

use super::*;
use crate::diagnostic::{Code, Finding};
use crate::policy::resolve;
use crate::text::Source;

const MOST_FILES: usize = 7;

/// A file: the files that its `use` lines name, and the names that it defines.
#[derive(Debug, Clone)]
struct Written {
    uses: Vec<usize>,
    names: BTreeSet<usize>,
}

/// A file may use any other, or only later ones, so that there is no cycle; the last one does not exist.
fn files(with_cycles: bool) -> impl Strategy<Value = Vec<Written>> {
    let uses = prop::collection::vec(0..MOST_FILES, 0..4);
    let names = prop::collection::btree_set(0..9_usize, 0..3);
    let file = (uses, names).prop_map(|(uses, names)| Written { uses, names });
    prop::collection::vec(file, 1..MOST_FILES).prop_map(move |mut files| {
        let count = files.len();
        for (at, file) in files.iter_mut().enumerate().filter(|_| !with_cycles) {
            file.uses.retain(|used| *used > at || *used >= count);
        }
        files
    })
}

fn name_of(file: usize) -> String {
    format!("f{file}.rules")
}

fn folder(files: &[Written]) -> Folder {
    let text = |file: &Written| {
        let uses = file.uses.iter().map(|used| format!("use \"{}\"\n", name_of(*used)));
        uses.chain(file.names.iter().map(|name| format!("let n{name} = new_customer\n"))).collect::<String>()
    };
    let files: BTreeMap<Arc<str>, Arc<RuleFile>> = (0..)
        .zip(files)
        .map(|(at, file)| {
            let source = Source::new(name_of(at), text(file));
            (Arc::from(name_of(at)), Arc::new(RuleFile::parse(source)))
        })
        .collect();
    Folder::new(Some(Source::new("inbox.toml", "[users.alice]\n")), files)
}

/// The file that defines each visible name: the first in the order in which people read, a file before those that it
/// uses. It takes exponential time.
fn walk(files: &[Written], at: usize) -> BTreeMap<usize, usize> {
    let Some(file) = files.get(at) else { return BTreeMap::new() };
    let mut visible: BTreeMap<usize, usize> = file.names.iter().map(|name| (*name, at)).collect();
    for used in &file.uses {
        for (name, definer) in walk(files, *used) {
            visible.entry(name).or_insert(definer);
        }
    }
    visible
}

/// The names that each `use` line brings a second time, defined elsewhere.
fn duplicates(files: &[Written], at: usize) -> BTreeSet<(usize, String)> {
    let file = &files[at];
    let mut before: BTreeMap<usize, usize> = file.names.iter().map(|name| (*name, at)).collect();
    let mut duplicates = BTreeSet::new();
    for (line, used) in file.uses.iter().enumerate() {
        for (name, definer) in walk(files, *used) {
            if *before.entry(name).or_insert(definer) != definer {
                duplicates.insert((line, format!("`n{name}` is defined twice")));
            }
        }
    }
    duplicates
}

/// The file and all that it uses, without those that are not `allowed`.
fn reachable(files: &[Written], at: usize, allowed: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let mut all = BTreeSet::from([at]);
    let mut next = vec![at];
    while let Some(file) = next.pop() {
        let uses = files[file].uses.iter().filter(|used| **used < files.len() && allowed(**used));
        next.extend(uses.filter(|used| all.insert(**used)));
    }
    all
}

/// The `use` lines of findings, with their messages.
fn found(folder: &Folder, at: usize, code: Code) -> BTreeSet<(usize, String)> {
    let findings = resolve(folder, &name_of(at)).findings.into_iter();
    findings
        .filter(|finding| finding.code == code)
        .map(|finding| (line(folder, at, &finding), finding.message))
        .collect()
}

fn line(folder: &Folder, at: usize, finding: &Finding) -> usize {
    let file = folder.files.get(&name_of(at)).unwrap();
    file.lines().line(finding.span.start) as usize - 1
}

/// A file sees what the files that it uses define, and a second definition of a name is told somewhere among them.
fn is_whole(files: &[Written], folder: &Folder, at: usize) -> TestCaseResult {
    let used = reachable(files, at, |_| true);
    let mut table = NameTable::default();
    table.add(folder, [&*name_of(at)]);
    let names = &table.get(&name_of(at)).unwrap().names;
    let expected: BTreeSet<String> =
        used.iter().flat_map(|file| &files[*file].names).map(|name| format!("n{name}")).collect();
    prop_assert_eq!(names.iter().map(|(name, _)| name.to_owned()).collect::<BTreeSet<_>>(), expected);
    let is_missing = |file: &usize| files[*file].uses.iter().any(|used| *used >= files.len());
    prop_assert_eq!(names.may_be_defined_elsewhere("x"), used.iter().any(is_missing));
    for name in 0..9 {
        let times = used.iter().filter(|file| files[**file].names.contains(&name)).count();
        let message = format!("`n{name}` is defined twice");
        let told = used.iter().flat_map(|file| found(folder, *file, Code::DuplicateName));
        prop_assert_eq!(told.filter(|(_, told)| *told == message).count() > 0, times > 1, "{}", name);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn files_see_what_a_plain_walk_finds(files in files(false)) {
        let folder = folder(&files);
        for at in 0..files.len() {
            prop_assert_eq!(found(&folder, at, Code::DuplicateName), duplicates(&files, at));
            prop_assert!(found(&folder, at, Code::UseCycle).is_empty());
            is_whole(&files, &folder, at)?;
        }
    }

    /// Each cycle is told in the first of its files.
    #[test]
    fn cycles_are_those_of_a_plain_search(files in files(true)) {
        let folder = folder(&files);
        for first in 0..files.len() {
            is_whole(&files, &folder, first)?;
            let closing = reachable(&files, first, |used| used > first);
            let closing = closing.into_iter().filter(|file| files[*file].uses.contains(&first)).map(name_of);
            let cycles = found(&folder, first, Code::UseCycle);
            for (line, message) in &cycles {
                let path: Vec<usize> =
                    message.split('`').skip(1).step_by(2).map(|file| file[1..2].parse().unwrap()).collect();
                let start = if path.len() == 1 { path[0] } else { path[1] };
                prop_assert_eq!(files[first].uses[*line], start);
                prop_assert!(path.windows(2).all(|pair| files[pair[0]].uses.contains(&pair[1])), "{}", message);
                prop_assert!(path[0] == first && path.iter().all(|file| *file >= first));
            }
            let last: BTreeSet<String> = cycles
                .iter()
                .map(|(_, message)| message.rsplit('`').nth(if message.contains("itself") { 1 } else { 3 }).unwrap().to_owned())
                .collect();
            prop_assert_eq!(last, closing.collect::<BTreeSet<_>>());
        }
    }
}

fn chain(length: usize, names: impl Fn(usize) -> String, last: &str) -> Folder {
    let file = |at: usize| {
        let name: Arc<str> = format!("f{at:05}.rules").into();
        let used = if at + 1 == length { last.to_owned() } else { format!("use \"f{:05}.rules\"\n", at + 1) };
        let text = format!("{used}{}", names(at));
        (Arc::clone(&name), Arc::new(RuleFile::parse(Source::new(name, text))))
    };
    Folder::new(
        Some(Source::new("inbox.toml", "[users.alice]\n")),
        (0..length).map(file).collect::<BTreeMap<_, _>>(),
    )
}

/// Linear: with a table for each file it would be a matter of minutes.
#[test]
fn a_long_chain_of_files() {
    let folder = chain(5_000, |at| format!("let n{at} = new_customer\n"), "");
    let mut table = NameTable::default();
    table.add(&folder, folder.files.names().map(|name| &**name));
    assert_eq!(table.get("f00000.rules").unwrap().names.iter().count(), 5_000);
    let folder = chain(2_000, |at| format!("let n{at} = new_customer\n"), "use \"f00000.rules\"\n");
    let found = resolve(&folder, "f00000.rules").findings;
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "these files use each other in a cycle: `f00000.rules` uses `f00001.rules`, which uses `f00002.rules`, which \
         uses `f00003.rules`, which uses `f00004.rules`, which uses `f00005.rules`, and so on, with 1989 files \
         between, up to `f01995.rules`, which uses `f01996.rules`, which uses `f01997.rules`, which uses `f01998.rules`, \
         which uses `f01999.rules`, which uses `f00000.rules`"
    );
}

#[test]
fn a_long_chain_of_definitions_over_files() {
    let link = |at: usize| format!("let n{at} = n{}\ndates d{at} = d{}\n", at + 1, at + 1);
    let folder = chain(1_000, link, "let n1000 = new_customer\ndates d1000 = jan 1\n");
    let definitions = |file: &str| resolve(&folder, file).policy.definitions.len();
    assert_eq!(definitions("f00950.rules"), 51);
    assert!(definitions("f00000.rules") < 300);
    let is_too_deep =
        |file: &str| resolve(&folder, file).findings.iter().any(|found| found.message.contains("levels"));
    assert_eq!(["f00950.rules", "f00900.rules", "f00000.rules"].map(is_too_deep), [false, false, true]);
}
