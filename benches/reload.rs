//! How long a save takes to become current, what reading costs meanwhile, and what memory stays. Prints a table.
//!
//!     cargo bench --bench reload
#![allow(clippy::disallowed_methods, reason = "time is what is measured")]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures for people")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::reload::{Reader, Reloader, Settings};

const INBOX: &str =
    "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\nSupport = [\"bob\", \"alice\"]\n";

/// The policy of a store, which can be told from others by `mark`.
fn policy(mark: usize) -> String {
    format!(
        r#"
rule "welcome" when new_customer and any_online in "Sales":
    assign group "Sales" by least_chats, reply "Welcome to my store. ({mark})"
rule "closed" when new_customer:
    assign group "Sales" by in_order, reply "Thank you for your message. We are out of office hours."
rule "back" when returning_customer and owner_online: assign owner
rule "away" when returning_customer and owner_offline and any_online in "Support":
    assign group "Support" by most_waiting, reply "{{owner.name}} is away, {{user.name}} will help you."
otherwise: assign owner else group "Support" by in_order
"#
    )
}

fn write(folder: &Path, file: usize, mark: usize) {
    let name = format!("+1555{file:07}.rules");
    fs::write(folder.join("new"), policy(mark)).expect("a file is written");
    fs::rename(folder.join("new"), folder.join(name)).expect("it is moved into place");
}

fn folder(files: usize) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room for files");
    fs::write(folder.path().join("inbox.toml"), INBOX).expect("a file is written");
    (0..files).for_each(|file| write(folder.path(), file, 0));
    folder
}

/// The times from a save until it was current, and what judging took of them, each in order of length.
fn latencies(files: usize, saves: usize) -> (Vec<Duration>, Vec<Duration>, Duration) {
    let folder = folder(files);
    let (sender, told) = mpsc::channel();
    let began = Instant::now();
    let reloader = Reloader::watch(folder.path(), move |outcome| {
        let _ = sender.send((Instant::now(), outcome.took));
    });
    let load = began.elapsed();
    let _reloader = reloader.expect("the rules are sound");
    told.recv().expect("the first reading is told");
    let (mut live, mut judged) = (Vec::new(), Vec::new());
    for save in 1..=saves {
        // At any time between two whole readings.
        thread::sleep(Duration::from_millis((save * 37 % 100) as u64));
        let began = Instant::now();
        write(folder.path(), save * 7919 % files, save);
        let (at, took) = told.recv().expect("it becomes current");
        live.push(at - began);
        judged.push(took);
    }
    live.sort();
    judged.sort();
    (live, judged, load)
}

fn at(sorted: &[Duration], percent: usize) -> f64 {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).map_or(f64::NAN, Duration::as_secs_f64) * 1000.0
}

/// Nanoseconds a read: the mean over batches of 1,000, and the slowest of a thousand batches.
fn reads(reader: &mut Reader) -> (f64, f64) {
    let mut batches: Vec<f64> = (0..20_000)
        .map(|_| {
            let began = Instant::now();
            for _ in 0..1000 {
                black_box(reader.current().policies().size_hint());
            }
            began.elapsed().as_secs_f64() * 1e6
        })
        .collect();
    batches.sort_by(f64::total_cmp);
    let mean = batches.iter().sum::<f64>() / batches.len() as f64;
    (mean, batches.get(batches.len() * 999 / 1000).copied().unwrap_or(f64::NAN))
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

fn main() {
    println!(
        "| files | first load | save to current, p50 | p99 | judging, p50 | p99 |\n|---|---|---|---|---|---|"
    );
    for (files, saves) in [(1, 100), (100, 100), (10_000, 100)] {
        let (live, judged, load) = latencies(files, saves);
        println!(
            "| {files} | {:.0} ms | {:.1} ms | {:.1} ms | {:.2} ms | {:.2} ms |",
            load.as_secs_f64() * 1000.0,
            at(&live, 50),
            at(&live, 99),
            at(&judged, 50),
            at(&judged, 99)
        );
    }

    let folder = folder(100);
    let quick = Settings { settle: Duration::from_millis(1), ..Settings::default() };
    let reloader = Reloader::watch_with(quick, folder.path(), |_| ()).expect("the rules are sound");
    let (mean, slow) = reads(&mut reloader.reader());
    println!("\na read: {mean:.2} ns (batches of 1,000; p99.9 of them {slow:.2} ns a read)");

    let end = Arc::new(AtomicBool::new(false));
    let (path, ended) = (folder.path().to_owned(), Arc::clone(&end));
    let saver = thread::spawn(move || {
        for save in 1.. {
            write(&path, save % 100, save);
            thread::sleep(Duration::from_millis(5));
            if ended.load(Ordering::Relaxed) {
                break;
            }
        }
    });
    let before = reloader.generation();
    let (mean, slow) = reads(&mut reloader.reader());
    println!(
        "with reloads going on: {mean:.2} ns (p99.9 {slow:.2} ns); {} reloads meanwhile",
        reloader.generation() - before
    );
    end.store(true, Ordering::Relaxed);
    saver.join().expect("saving ends");

    let mut after_1000 = 0;
    let (first, began) = (reloader.generation(), Instant::now());
    for save in 1.. {
        let generation = reloader.generation();
        write(folder.path(), save % 100, save + 1_000_000);
        while reloader.generation() == generation {
            thread::sleep(Duration::from_micros(100));
        }
        let done = reloader.generation() - first;
        if done == 1_000 {
            after_1000 = resident_kib();
        }
        if done >= 10_000 {
            break;
        }
    }
    println!(
        "\nresident after 1,000 reloads {after_1000} KiB, after 10,000 {} KiB ({:.2} ms a reload, waiting 1 ms for rest)",
        resident_kib(),
        began.elapsed().as_secs_f64() / 10.0
    );
}
