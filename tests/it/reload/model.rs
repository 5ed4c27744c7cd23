//! Random edits of a folder on disk, in every way in which files are saved: what becomes current is a state that the folder
//! had at rest.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write as _;
use std::os::unix::fs::symlink;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::policy::{Files, RuleFile};
use inbox_rules::reload::{FolderDigest, Reloader, Settings};
use inbox_rules::{Folder, Source};
use rand::RngExt as _;

const SETTLE: Duration = Duration::from_millis(40);
const INBOX: &str = "[users.alice]\n";
const NAMES: [&str; 5] =
    ["+15550100.rules", "+15550101.rules", "+15550102.rules", "default.rules", "+15550103.rules"];

/// The folder as it is on disk, and every state that it had at two moments far enough apart to be taken for one at rest.
struct Disk {
    root: std::path::PathBuf,
    texts: BTreeMap<&'static str, String>,
    /// When it first had a state.
    first: BTreeMap<String, Instant>,
    rested: BTreeSet<String>,
}

impl Disk {
    /// Does one step, after which the folder has these texts.
    fn step(
        &mut self,
        step: impl FnOnce(&std::path::Path),
        change: impl FnOnce(&mut BTreeMap<&'static str, String>),
    ) {
        // The step may have taken effect long before it returns.
        let began = Instant::now();
        step(&self.root);
        let state = digest(&self.texts);
        if self.first.get(&state).is_some_and(|first| first.elapsed() >= SETTLE / 2) {
            self.rested.insert(state);
        }
        change(&mut self.texts);
        self.first.entry(digest(&self.texts)).or_insert(began);
    }

    fn edit(&mut self, name: &'static str, text: String, way: u32) {
        let (path, next) = (self.root.join(name), self.root.join(".next"));
        let set =
            |text: String| move |texts: &mut BTreeMap<&'static str, String>| drop(texts.insert(name, text));
        match way {
            // In place: first empty, then in two parts.
            0 => {
                let half = text.get(..text.len() / 2).unwrap().to_owned();
                // A link is replaced, not written through.
                self.step(|_| drop(fs::remove_file(&path)), |texts| drop(texts.remove(name)));
                self.step(|_| drop(fs::File::create(&path).unwrap()), set(String::new()));
                self.step(|_| fs::write(&path, &half).unwrap(), set(half.clone()));
                let rest = text.get(half.len()..).unwrap().to_owned();
                let append = |_: &std::path::Path| {
                    let mut file = fs::File::options().append(true).open(&path).unwrap();
                    file.write_all(rest.as_bytes()).unwrap();
                };
                self.step(append, set(text));
            }
            // As a link that is switched.
            1 => {
                // The name of the target is new, since a link may lead to an old one already.
                let target = format!(".{}", self.first.len());
                fs::write(self.root.join(&target), &text).unwrap();
                self.step(|_| drop(fs::remove_file(&path)), |texts| drop(texts.remove(name)));
                self.step(|_| symlink(&target, &path).unwrap(), set(text));
            }
            2 => self.step(|_| drop(fs::remove_file(&path)), |texts| drop(texts.remove(name))),
            _ => {
                fs::write(&next, &text).unwrap();
                self.step(|_| fs::rename(&next, &path).unwrap(), set(text));
            }
        }
    }
}

fn digest(texts: &BTreeMap<&'static str, String>) -> String {
    let file = |(name, text): (&&'static str, &String)| {
        (Arc::from(*name), Arc::new(RuleFile::parse(Source::new(*name, text.as_str()))))
    };
    let files: Files = texts.iter().map(file).collect();
    FolderDigest::of(&Folder::new(Some(Source::new("inbox.toml", INBOX)), files)).to_string()
}

/// `RELOAD_MINUTE=7` runs it for minutes, with the seed 7.
#[test]
fn every_set_is_a_state_that_the_folder_had_at_rest() {
    let long = std::env::var("RELOAD_MINUTE").ok().map(|seed| seed.parse().expect("a seed"));
    let (rounds, seeds) = long.map_or((25, [0, 1]), |seed| (400, [seed, seed]));
    for (seed, notifications) in seeds.into_iter().zip([true, false]) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().to_owned();
        fs::write(root.join("inbox.toml"), INBOX).unwrap();
        let mut disk = Disk { root, texts: BTreeMap::new(), first: BTreeMap::new(), rested: BTreeSet::new() };
        let text = |mark: u32| format!("# {mark}\notherwise: assign nobody, tag \"{mark}\"\n");
        for name in NAMES {
            disk.edit(name, text(0), 3);
        }
        let published = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&published);
        let settings = Settings {
            settle: SETTLE,
            interval: Duration::from_millis(200),
            notifications,
            faults_alone: true,
            // Nothing is left out as noise, so that each set is a state of the whole folder.
            patience: Duration::from_secs(600),
            allow_empty: true,
            most_removed: 1.0,
            ..Settings::default()
        };
        let record =
            move |outcome: &inbox_rules::Outcome| seen.lock().unwrap().push(outcome.release.digest.clone());
        let reloader = Reloader::watch_with(settings, folder.path(), record).unwrap();
        let mut random = inbox_rules::dice(seed, None);
        let mut edits = 0;
        for _ in 0..rounds {
            for _ in 0..random.random_range(1..6) {
                let name = NAMES[random.random_range(0..NAMES.len())];
                edits += 1;
                disk.edit(name, text(edits), random.random_range(0..6));
                thread::sleep(Duration::from_millis(random.random_range(0..12)));
            }
            thread::sleep(SETTLE * random.random_range(0..8));
        }
        disk.edit(NAMES[0], text(999_999), 3);
        let end = digest(&disk.texts);
        disk.rested.insert(end.clone());
        let began = Instant::now();
        while reloader.release().digest != end {
            assert!(began.elapsed() < Duration::from_secs(60), "the last state never became current");
            thread::sleep(Duration::from_millis(5));
        }
        reloader.close();
        let published = published.lock().unwrap();
        let never: Vec<&String> = published.iter().filter(|digest| !disk.rested.contains(*digest)).collect();
        assert!(never.is_empty(), "{} of {} sets were no states at rest", never.len(), published.len());
        println!("seed {seed}: {} outcomes, {} states at rest", published.len(), disk.rested.len());
    }
}
