//! When changes are used, on a clock of the test's own.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use proptest::prelude::*;

use crate::load::Snapshot;
use crate::policy::{Files, Folder, RuleFile};
use crate::reload::Settings;
use crate::reload::debounce::{Debounce, SettleResult};
use crate::reload::folder_state::FolderState;
use crate::text::Source;

type Texts = BTreeMap<&'static str, String>;

/// A folder whose files change at moments in milliseconds, and what was made of its readings.
struct Simulation {
    start: Instant,
    now: u64,
    texts: Texts,
    /// What the folder was from each moment on.
    history: Vec<(u64, Texts)>,
    debounce: Debounce,
    /// What became current, and when; and how many states the folder had had by then.
    used: Vec<(u64, Texts)>,
    known: Vec<usize>,
    unstable: Vec<(u64, Vec<String>)>,
}

impl Simulation {
    fn new(texts: &[(&'static str, &str)]) -> Self {
        #[expect(clippy::disallowed_methods, reason = "any moment will do")]
        let start = Instant::now();
        let texts: Texts = texts.iter().map(|(name, text)| (*name, (*text).to_owned())).collect();
        let mut simulation = Self {
            start,
            now: 0,
            history: vec![(0, texts.clone())],
            texts,
            debounce: Debounce::new(&Settings::default()),
            used: Vec::new(),
            known: Vec::new(),
            unstable: Vec::new(),
        };
        simulation.read();
        simulation.until(1_000);
        assert_eq!(simulation.used, [(150, simulation.texts.clone())]);
        simulation
    }

    /// Saves a file at that moment; an empty text removes it. An event tells of it at once.
    fn save(&mut self, at: u64, name: &'static str, text: &str) -> &mut Self {
        self.save_unseen(at, name, text);
        self.read();
        self
    }

    fn save_unseen(&mut self, at: u64, name: &'static str, text: &str) {
        self.until(at);
        match text {
            "" => self.texts.remove(name),
            text => self.texts.insert(name, text.to_owned()),
        };
        self.history.push((self.now, self.texts.clone()));
    }

    /// Goes on to that moment, reading whenever it is due.
    fn until(&mut self, at: u64) {
        while let Some(due) = self.debounce.deadline() {
            let due = u64::try_from(due.saturating_duration_since(self.start).as_millis()).unwrap();
            if due > at {
                break;
            }
            self.now = due.max(self.now);
            self.read();
        }
        self.now = at;
    }

    fn read(&mut self) {
        let at = self.start + Duration::from_millis(self.now);
        match self.debounce.observe(state(&self.texts), at, at) {
            Some(SettleResult::Changed) => {
                self.used.push((self.now, texts(self.debounce.used())));
                self.known.push(self.history.len());
            }
            Some(SettleResult::KeepsChanging(files)) => {
                self.unstable.push((self.now, files.iter().map(ToString::to_string).collect()));
            }
            None => {}
        }
    }

    /// When files became current, after the first time, and the texts of those.
    fn changes(&self) -> Vec<(u64, String)> {
        let pairs = self.used.iter().zip(self.used.iter().skip(1));
        let differing = |old: &Texts, new: &Texts| -> Vec<String> {
            let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
            let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
            changed.map(|name| format!("{name}={}", new.get(name).map_or("-", String::as_str))).collect()
        };
        pairs.map(|((_, old), (at, new))| (*at, differing(old, new).join(" "))).collect()
    }
}

fn state(texts: &Texts) -> FolderState {
    let inbox = texts.get("inbox.toml").map(|text| Source::new("inbox.toml", text.as_str()));
    let file = |(name, text): (&&'static str, &String)| {
        (Arc::from(*name), Arc::new(RuleFile::parse(Source::new(*name, text.clone()))))
    };
    let files: Files = texts.iter().filter(|(name, _)| **name != "inbox.toml").map(file).collect();
    let snapshot = Snapshot { folder: Folder::new(inbox, files), has_no_links: true, ..Snapshot::default() };
    FolderState { snapshot, error: None }
}

fn texts(state: &FolderState) -> Texts {
    let folder = &state.snapshot.folder;
    let name = |name: &str| *NAMES.iter().find(|known| **known == name).unwrap();
    let files = folder.files.iter().map(|(key, file)| (name(key), file.source.text.to_string()));
    files.chain(folder.inbox_source.iter().map(|inbox| ("inbox.toml", inbox.text.to_string()))).collect()
}

const NAMES: [&str; 6] = ["a.rules", "b.rules", "c.rules", "d.rules", "e.rules", "inbox.toml"];
const FOLDER: &[(&str, &str)] =
    &[("a.rules", "# 0"), ("b.rules", "# 0"), ("c.rules", "# 0"), ("inbox.toml", "# 0")];

#[test]
fn a_save_is_used_when_it_has_rested() {
    let mut folder = Simulation::new(FOLDER);
    folder.save(2_000, "a.rules", "# 1").until(3_000);
    assert_eq!(folder.changes(), [(2_150, "a.rules=# 1".to_owned())]);
}

#[test]
fn files_that_change_together_are_used_together() {
    let mut folder = Simulation::new(FOLDER);
    folder
        .save(2_000, "a.rules", "# 1")
        .save(2_140, "b.rules", "# 1")
        .save(2_280, "inbox.toml", "# 1")
        .until(3_000);
    assert_eq!(folder.changes(), [(2_430, "a.rules=# 1 b.rules=# 1 inbox.toml=# 1".to_owned())]);
}

#[test]
fn a_long_series_of_saves_is_used_as_one() {
    let mut folder = Simulation::new(FOLDER);
    for step in 0..40 {
        folder.save(2_000 + step * 100, NAMES[usize::try_from(step).unwrap() % 4 + 1], &format!("# {step}"));
        // Each file rests for longer than it keeps changing.
    }
    folder.until(9_000);
    assert_eq!(folder.changes().len(), 1);
}

#[test]
fn saves_that_are_further_apart_are_used_one_after_the_other() {
    let mut folder = Simulation::new(FOLDER);
    folder.save(2_000, "a.rules", "# 1").save(2_160, "b.rules", "# 1").until(3_000);
    let expected = [(2_150, "a.rules=# 1".to_owned()), (2_310, "b.rules=# 1".to_owned())];
    assert_eq!(folder.changes(), expected);
}

/// Saves `c.rules` every 120 ms.
fn with_noise(folder: &mut Simulation, from: u64, to: u64) {
    for at in (from..to).step_by(120) {
        folder.save(at, "c.rules", &format!("# {at}"));
    }
}

#[test]
fn a_noisy_file_does_not_hold_back_others() {
    let mut folder = Simulation::new(FOLDER);
    with_noise(&mut folder, 2_000, 4_000);
    folder.save(4_000, "a.rules", "# 1").save(4_050, "inbox.toml", "# 1");
    with_noise(&mut folder, 4_060, 5_000);
    folder.until(6_000);
    let changes = folder.changes();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert_eq!(changes[0].1, "a.rules=# 1 inbox.toml=# 1");
    assert!(changes[0].0 <= 4_050 + 150 + 150, "{changes:?}");
    assert!(changes[1].1.starts_with("c.rules="), "{changes:?}");
}

#[test]
fn what_belongs_to_a_noisy_file_waits_for_it() {
    for (user, used) in [("a.rules", "c.rules"), ("c.rules", "a.rules")] {
        let mut folder = Simulation::new(FOLDER);
        folder.save(1_200, "d.rules", &format!("use \"{used}\"")).until(1_500);
        folder.save(1_500, user, "use \"d.rules\"").until(1_800);
        for at in (2_000..4_000).step_by(120) {
            let text = if user == "c.rules" { format!("use \"d.rules\" # {at}") } else { format!("# {at}") };
            folder.save(at, "c.rules", &text);
        }
        let text = if user == "a.rules" { "use \"d.rules\" # 1" } else { "# 1" };
        folder.save(4_000, "a.rules", text).save(4_010, "b.rules", "# 1");
        for at in (4_020..5_000).step_by(120) {
            let text = if user == "c.rules" { format!("use \"d.rules\" # {at}") } else { format!("# {at}") };
            folder.save(at, "c.rules", &text);
        }
        folder.until(6_000);
        let changes = folder.changes().split_off(2);
        assert_eq!(changes.len(), 2, "{changes:?}");
        assert_eq!(changes[0].1, "b.rules=# 1");
        assert!(changes[1].1.starts_with("a.rules=") && changes[1].1.contains("c.rules="), "{changes:?}");
    }
}

#[test]
fn a_folder_that_stays_unstable_is_reported_again() {
    let mut folder = Simulation::new(FOLDER);
    with_noise(&mut folder, 2_000, 33_000);
    let told: Vec<u64> = folder.unstable.iter().map(|(at, _)| at / 1_000).collect();
    assert_eq!(told, [12, 22, 32]);
    assert_eq!(folder.unstable[0].1, ["c.rules"]);
}

#[test]
fn a_change_that_is_undone_is_none() {
    let mut folder = Simulation::new(FOLDER);
    folder.save(2_000, "a.rules", "# 1").save(2_050, "a.rules", "# 0").until(3_000);
    assert_eq!(folder.changes(), []);
}

#[test]
fn a_file_that_goes_back_and_forth_is_noise_too() {
    let mut folder = Simulation::new(FOLDER);
    for (step, at) in (2_000..6_000).step_by(120).enumerate() {
        folder.save(at, "c.rules", ["# 1", "# 0"][step % 2]);
        if step == 25 {
            folder.save(at + 10, "a.rules", "# 1");
        }
    }
    assert_eq!(folder.changes(), [(2_000 + 25 * 120 + 160, "a.rules=# 1".to_owned())]);
}

#[test]
fn the_first_set_waits_until_all_files_rest() {
    #[expect(clippy::disallowed_methods, reason = "any moment will do")]
    let start = Instant::now();
    let mut debounce = Debounce::new(&Settings::default());
    let at = |time: u64| start + Duration::from_millis(time);
    let mut rests = Vec::new();
    for time in (0..12_000).step_by(100) {
        let texts: Texts = [("a.rules", "# 0".to_owned()), ("b.rules", format!("# {time}"))].into();
        rests.extend(debounce.observe(state(&texts), at(time), at(time)));
    }
    assert_eq!(rests, [SettleResult::KeepsChanging(vec!["b.rules".into()])]);
}

/// A save of a file: after how long, which, and what it uses.
fn saves() -> impl Strategy<Value = Vec<(u64, usize, usize, bool)>> {
    let gap = prop_oneof![1..60u64, 100..160u64, 200..900u64, 1_500..12_000u64];
    prop::collection::vec((gap, 0..NAMES.len(), 0..8usize, any::<bool>()), 1..60)
}

proptest! {
    /// Whatever is saved when: what is used was at rest, together with what belongs to it, and in the end all of it is used.
    #[test]
    fn what_is_used_was_at_rest(saves in saves()) {
        let mut folder = Simulation::new(FOLDER);
        let mut at = 1_000;
        for (number, (gap, name, uses, is_seen)) in saves.into_iter().enumerate() {
            at += gap;
            let text = match uses {
                used @ 0..5 => format!("use \"{}\" # {number}", NAMES[used]),
                5 if NAMES[name] != "inbox.toml" => String::new(),
                _ => format!("# {number}"),
            };
            let text = if NAMES[name] == "inbox.toml" { format!("# {number}") } else { text };
            if is_seen {
                folder.save(at, NAMES[name], &text);
            } else {
                folder.save_unseen(at, NAMES[name], &text);
            }
        }
        // The folder is searched now and then.
        for second in 1..40 {
            folder.until(at + second * 500);
            folder.read();
        }
        prop_assert_eq!(folder.used.last().map(|(_, texts)| texts), Some(&folder.texts));
        let pairs = folder.used.iter().zip(folder.used.iter().zip(&folder.known).skip(1));
        for ((_, old), ((at, new), known)) in pairs {
            let history = &folder.history[..*known];
            let changed: Vec<&str> = NAMES.into_iter().filter(|name| old.get(name) != new.get(name)).collect();
            let (_, now) = history.last().unwrap();
            let (_, before) = history.iter().rfind(|(time, _)| time + 150 <= *at).unwrap();
            for name in &changed {
                prop_assert_eq!(new.get(name), now.get(name), "{} is not as it is in the folder", name);
                prop_assert_eq!(before.get(name), now.get(name), "{} had not rested", name);
            }
            for name in related(&changed, old, new) {
                prop_assert_eq!(new.get(name), now.get(name), "{} belongs to what is used", name);
                prop_assert_eq!(before.get(name), now.get(name), "{} had not rested", name);
            }
        }
    }
}

/// These files, and those that use them or that they use, directly or through others, in one of the states.
fn related(changed: &[&'static str], old: &Texts, new: &Texts) -> Vec<&'static str> {
    let uses = |user: &str, used: &str| {
        let line = format!("use \"{used}\"");
        [old, new].iter().any(|texts| texts.get(user).is_some_and(|text| text.starts_with(&line)))
    };
    let reach = |upwards: bool| {
        let mut all = changed.to_vec();
        let mut index = 0;
        while let Some(name) = all.get(index).copied() {
            let is_next = |next: &&str| if upwards { uses(next, name) } else { uses(name, next) };
            let next: Vec<&'static str> =
                NAMES.into_iter().filter(is_next).filter(|next| !all.contains(next)).collect();
            all.extend(next);
            index += 1;
        }
        all
    };
    let mut all = reach(true);
    all.extend(reach(false));
    all.retain(|name| *name != "inbox.toml");
    all
}
