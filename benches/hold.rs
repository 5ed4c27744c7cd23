//! The cost of holding many numbers, loaded once or watched: time, memory, and the cost of a change in one file. Prints a
//! table.
//!
//!     cargo bench --bench hold              100,000 numbers with 20 rules: nine of ten with the same text, and all different
//!     cargo bench --bench hold -- 10000     the same with fewer numbers
#![allow(clippy::disallowed_methods, reason = "time is what is measured")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use inbox_rules::RuleSet;
use inbox_rules::load::{Location, ResolvedFolder, Snapshot, Trust, reread, reread_all};
use inbox_rules::reload::{Reloader, Settings};

const RULES: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        // Each measurement has a process of its own, since a process may keep memory that it has freed.
        ["load", folder] => load(Path::new(folder)),
        ["watch", folder] => watch(Path::new(folder), true),
        ["watch-and-prove", folder] => watch(Path::new(folder), false),
        ["change", folder] => change(Path::new(folder)),
        [] => table(100_000),
        [numbers, ..] => table(numbers.parse().expect("the argument is the number of numbers")),
    }
}

fn table(numbers: usize) {
    for (what, distinct) in [("nine of ten copied", numbers.div_ceil(10)), ("all different", numbers)] {
        let folder = tempfile::tempdir().expect("a folder is created");
        fill(folder.path(), numbers, distinct);
        println!(
            "\n{numbers} numbers of {RULES} rules, {what}\n\n\
             | | seconds | MiB held | MiB at most | bytes a rule |\n|---|---|---|---|---|"
        );
        for part in ["load", "watch", "watch-and-prove", "change"] {
            let this = std::env::current_exe().expect("the program has a path");
            let status = Command::new(this).arg(part).arg(folder.path()).status();
            assert!(status.expect("the program runs").success());
        }
    }
}

/// Writes an inbox and the policies of `numbers` numbers, of which `distinct` are different.
fn fill(folder: &Path, numbers: usize, distinct: usize) {
    const INBOX: &str = "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\n\
        Support = [\"bob\", \"alice\"]\n[attributes]\nplan = [\"free\", \"gold\"]\norders = \"number\"\n";
    fs::write(folder.join("inbox.toml"), INBOX).expect("a file is written");
    for number in 0..numbers {
        let name = format!("+1555{number:07}.rules");
        fs::write(folder.join(name), policy(number % distinct)).expect("a file is written");
    }
}

/// Typical rules, which are identified by `mark`.
fn policy(mark: usize) -> String {
    let mut text = String::new();
    for rule in 0..RULES - 1 {
        let _ = match rule % 4 {
            0 => write!(
                text,
                "rule \"welcome {rule}\"\nwhen new_customer and any_online in \"Sales\" and customer.orders = {rule}:\n    \
                 assign group \"Sales\" by least_chats,\n    reply \"Welcome to store {mark}. We'll be with you in a moment.\"\n\n"
            ),
            1 => write!(
                text,
                "rule \"away {rule}\"\nwhen returning_customer and owner_offline and any_online in \"Support\" \
                 and customer.orders > {}:\n    assign group \"Support\" by most_waiting,\n    \
                 reply \"{{owner.name or Somebody}} of {mark} is away, {{user.name or we}} will help you.\"\n\n",
                // The limits decrease, so that each rule takes some of the messages that the rules above it leave.
                RULES - rule
            ),
            2 => write!(
                text,
                "rule \"refund {rule}\"\nwhen message contains any [\"refund {rule}\", \"money back {mark}\", \"استرجاع\"] and \
                 (during mon-fri 09:00-17:00 or customer.plan is \"gold\"):\n    \
                 assign owner for 5m else group \"Support\" by in_order, tag \"refund\"\n\n"
            ),
            _ => write!(
                text,
                "rule \"big {rule}\"\nwhen customer.orders >= {mark}{:02} and not customer has tag \"vip\": assign user \"alice\", priority high\n\n",
                RULES - rule
            ),
        };
    }
    text + "otherwise:\n    assign owner else group \"Support\" by in_order\n"
}

/// Loads the folder once.
fn load(folder: &Path) {
    row("loaded", || RuleSet::load(folder).expect("the rules are sound"), RuleSet::clone);
}

/// Watches the folder, and checks for faults only or with all lints and proofs.
fn watch(folder: &Path, faults_alone: bool) {
    let settle = Duration::from_millis(1);
    let settings = Settings { faults_alone, settle, patience: Duration::ZERO, ..Settings::default() };
    let start = || match Reloader::watch_with(settings, folder, |_| ()) {
        Ok(live) => live,
        Err(error) => panic!("the rules are not sound: {error}"),
    };
    let what =
        if faults_alone { "watched, checked for faults only" } else { "watched, with all lints and proofs" };
    row(what, start, |live| RuleSet::clone(&live.current()));
}

/// Prints a row of the table: the cost of making something that holds a rule set.
fn row<T>(what: &str, make: impl FnOnce() -> T, set: impl Fn(&T) -> RuleSet) {
    let before = resident();
    let began = Instant::now();
    let holder = make();
    let seconds = began.elapsed().as_secs_f64();
    let (held, peak) = (resident() - before, peak());
    let rules: usize = set(&holder).policies().map(|policy| policy.rules.len()).sum();
    println!(
        "| {what} | {seconds:.2} | {:.0} | {:.0} | {:.0} |",
        held / MEBIBYTE,
        peak / MEBIBYTE,
        held / rules as f64
    );
}

/// Changes one file of the folder, checks it and makes a rule set, as a reloader does.
fn change(folder: &Path) {
    let location = Location::of(folder);
    let mut before =
        reread_all(&location, &Snapshot::default(), Trust::Nothing).expect("the folder can be read");
    let mut resolved = ResolvedFolder::new(before.folder.clone());
    let mut times: Vec<f64> = (0..101)
        .map(|mark| {
            let name = format!("+1555{:07}.rules", mark % 7);
            fs::write(folder.join(&name), policy(10_000_000 + mark)).expect("a file is written");
            let began = Instant::now();
            before = reread(&location, &[name].into(), &before).expect("the folder can be read");
            resolved.update(before.folder.clone());
            let set = RuleSet::from_resolved(&resolved).expect("the rules are sound");
            let took = began.elapsed().as_secs_f64() * 1000.0;
            drop(set);
            took
        })
        .collect();
    times.sort_by(f64::total_cmp);
    let [median, slowest] = [50, 100].map(|place| times.get(place).copied().unwrap_or_default());
    println!(
        "\na changed file is read and checked and a rule set is made in {median:.2} ms (slowest of 101: {slowest:.2} ms)"
    );
}

const MEBIBYTE: f64 = 1024.0 * 1024.0;

/// The resident memory of this process in bytes; 0 if the system does not report it.
fn resident() -> f64 {
    status("VmRSS:")
}

/// The peak memory of this process in bytes.
fn peak() -> f64 {
    status("VmHWM:")
}

fn status(field: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field));
    let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
    kibibytes.unwrap_or_default() * 1024.0
}
