//! Files that have to change together, and which files are checked again.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use inbox_rules::reload::Outcome;

use super::watched_folder::{WatchedFolder, mark, policy};

const BOTH: [&str; 2] = ["+15550100.rules", "+15550101.rules"];

/// Reads both marks of the current set until `end` is set, and returns the pairs that it saw.
fn watch_pairs(live: &WatchedFolder, end: &Arc<AtomicBool>) -> thread::JoinHandle<Vec<(String, String)>> {
    let (mut reader, end) = (live.reader(), Arc::clone(end));
    thread::spawn(move || {
        let mut seen = Vec::new();
        loop {
            // One more reading after the end, since on a busy machine this thread may not have read for a while.
            let is_last = end.load(Ordering::Relaxed);
            let set = reader.current();
            let pair = (mark(set, "+15550100"), mark(set, "+15550101"));
            if seen.last() != Some(&pair) {
                seen.push(pair);
            }
            if is_last {
                return seen;
            }
        }
    })
}

#[test]
fn two_files_become_current_together() {
    let mut live = WatchedFolder::new();
    for name in BOTH {
        live.write(name, policy("0"));
    }
    live.start();
    let end = Arc::new(AtomicBool::new(false));
    let pairs = watch_pairs(&live, &end);
    for change in 1..8 {
        live.write(BOTH[0], policy(&change.to_string()));
        thread::sleep(Duration::from_millis(30));
        live.write(BOTH[1], policy(&change.to_string()));
        live.becomes(&change.to_string());
    }
    end.store(true, Ordering::Relaxed);
    let expected: Vec<(String, String)> =
        (0..8).map(|change| (change.to_string(), change.to_string())).collect();
    assert_eq!(pairs.join().unwrap(), expected);
}

#[test]
fn a_definition_and_what_uses_it() {
    let live = WatchedFolder::started();
    live.write("common.rules", "let everybody = not during 09:00-09:01\n");
    live.write(
        BOTH[0],
        format!(
            "use \"common.rules\"\nrule \"r\"\nwhen everybody: assign nobody, tag \"two\"\n{}",
            policy("rest")
        ),
    );
    live.becomes("two");
    // The name changes in both files; between the two saves the rules cannot be used.
    live.write("common.rules", "let all_of_them = not during 09:00-09:01\n");
    thread::sleep(Duration::from_millis(60));
    live.write(
        BOTH[0],
        format!(
            "use \"common.rules\"\nrule \"r\"\nwhen all_of_them: assign nobody, tag \"three\"\n{}",
            policy("rest")
        ),
    );
    live.becomes("three");
    assert!(live.outcomes().iter().all(Outcome::is_accepted), "{:#?}", live.outcomes());
}

/// The files that were checked for the last change.
fn checked(live: &WatchedFolder) -> Vec<String> {
    live.reloader().outcome().checked.iter().map(ToString::to_string).collect()
}

#[test]
fn only_what_depends_on_a_change_is_checked() {
    let mut live = WatchedFolder::new();
    live.write("common.rules", "let vip = customer has tag \"vip\"\n");
    live.write(
        BOTH[0],
        format!("use \"common.rules\"\nrule \"r\"\nwhen vip: assign nobody\n{}", policy("one")),
    );
    live.write(BOTH[1], policy("one"));
    for other in 2..100 {
        live.write(&format!("+155502{other:02}.rules"), policy("other"));
    }
    live.start();
    assert_eq!(checked(&live).len(), 101);

    live.write(BOTH[1], policy("two"));
    live.until("the file is current", |live| live.marks()[1] == "two");
    assert_eq!(checked(&live), [BOTH[1]]);

    live.write("common.rules", "let vip = customer has tag \"gold\"\n");
    live.until("the used file is current", |live| live.reloader().generation() == 3);
    assert_eq!(checked(&live), [BOTH[0], "common.rules"]);

    let inbox = fs::read_to_string(live.at("inbox.toml")).unwrap();
    live.write("inbox.toml", format!("{inbox}[lints]\nunnamed-rule = \"deny\"\n"));
    live.until("the inbox is current", |live| live.reloader().generation() == 4);
    assert_eq!(checked(&live).len(), 101);
}
