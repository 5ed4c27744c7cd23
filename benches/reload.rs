//! The time from a save until the new rules are current, the time of a decision during reloads, and the memory after many
//! reloads. Prints tables.
//!
//!     cargo bench --bench reload
//!     cargo bench --bench reload -- saves    only from a save until it is current
//!     cargo bench --bench reload -- idle     the time of the processor that folders at rest take (four minutes)
#![allow(clippy::disallowed_methods, reason = "time is what is measured")]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures for people")]

use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use inbox_rules::reload::{Publisher, Reader, Reloader, Settings};
use inbox_rules::{Folder, Situation, dice};

const INBOX: &str =
    "[users.alice]\n[users.bob]\n[groups]\nSales = [\"alice\", \"bob\"]\nSupport = [\"bob\", \"alice\"]\n";

const SIZES: [usize; 3] = [20, 1_000, 5_000];

/// The policy of a store, which is identified by `mark`.
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
    let folder = tempfile::tempdir().expect("a folder is created");
    fs::write(folder.path().join("inbox.toml"), INBOX).expect("a file is written");
    (0..files).for_each(|file| write(folder.path(), file, 0));
    folder
}

/// The times from a save until it is current and the times of the checks, both sorted; and the time of the first load.
fn latencies(files: usize, saves: usize) -> (Vec<Duration>, Vec<Duration>, Duration) {
    let folder = folder(files);
    let (sender, outcomes) = mpsc::channel();
    let began = Instant::now();
    let reloader = Reloader::watch(folder.path(), move |outcome| {
        let _ = sender.send((Instant::now(), outcome.took));
    });
    let load = began.elapsed();
    let _reloader = reloader.expect("the rules are sound");
    outcomes.recv().expect("the first outcome is reported");
    let (mut latencies, mut checks) = (Vec::new(), Vec::new());
    for save in 1..=saves {
        // At varying times between two full readings.
        thread::sleep(Duration::from_millis((save * 37 % 100) as u64));
        let began = Instant::now();
        write(folder.path(), save * 7919 % files, save);
        let (at, took) = outcomes.recv().expect("it becomes current");
        latencies.push(at - began);
        checks.push(took);
    }
    latencies.sort();
    checks.sort();
    (latencies, checks, load)
}

fn percentile(sorted: &[Duration], percent: usize) -> f64 {
    let index = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
    sorted.get(index).map_or(f64::NAN, Duration::as_secs_f64) * 1000.0
}

/// The nanoseconds of each of four million decisions with the current rules, sorted.
fn decisions(reader: &mut Reader) -> Vec<u64> {
    let situation = Situation::from_json(
        r#"{ "number": "+15550000000", "at": "2026-11-24T18:30:00Z", "message": { "text": "hello" },
             "users": { "alice": { "presence": "online", "chats": 3 } } }"#,
    )
    .expect("the situation is valid");
    let mut dice = dice(0, None);
    let mut each: Vec<u64> = (0..4_000_000)
        .map(|_| {
            let began = Instant::now();
            black_box(reader.current().decide(&situation, &mut dice)).expect("the number has rules");
            began.elapsed().as_nanos() as u64
        })
        .collect();
    each.sort_unstable();
    each
}

/// The time of a decision while files are saved one after another, and while all files are checked again because the inbox was
/// saved. The baseline is the time while files are saved in a folder that is not watched, since saving and waking threads also
/// load the machine.
fn reads(files: usize) {
    let (folder, elsewhere) = (folder(files), folder(1));
    let quick = Settings { settle: Duration::from_millis(1), ..Settings::default() };
    let (sender, outcomes) = mpsc::channel();
    let notify = move |_: &_| {
        let _ = sender.send(());
    };
    let reloader = Reloader::watch_with(quick, folder.path(), notify).expect("the rules are sound");
    let outcomes = &Mutex::new(outcomes);
    println!(
        "| a decision, {files} files | p50 | p99 | p99.9 | longest | reloads |\n|---|---|---|---|---|---|"
    );
    let mut baseline = None;
    for what in ["saved elsewhere", "files saved", "inbox saved"] {
        let end = AtomicBool::new(false);
        let before = reloader.generation();
        let each = thread::scope(|scope| {
            scope.spawn(|| {
                let outcomes = outcomes.lock().expect("no thread has failed");
                for save in 1.. {
                    let generation = reloader.generation();
                    match what {
                        "files saved" => write(folder.path(), save % files, save),
                        "inbox saved" => save_inbox(folder.path(), save),
                        _ => write(elsewhere.path(), save % files, save),
                    }
                    thread::sleep(Duration::from_millis(5));
                    // The next file is saved when this one is current. Polling for that would load the machine as well.
                    while what != "saved elsewhere" && reloader.generation() == generation {
                        let _ = outcomes.recv_timeout(Duration::from_millis(100));
                        if end.load(Ordering::Relaxed) {
                            return;
                        }
                    }
                    if end.load(Ordering::Relaxed) {
                        return;
                    }
                }
            });
            let each = decisions(&mut reloader.reader());
            end.store(true, Ordering::Relaxed);
            each
        });
        let percentile =
            |thousandths: usize| each.get(each.len() * thousandths / 1000).copied().unwrap_or(0) as f64;
        let now = [500, 990, 999].map(percentile);
        let [p50, p99, p999] = *baseline.get_or_insert(now);
        let [now50, now99, now999] = now;
        println!(
            "| {what} | {now50:.0} ns ({:.2}) | {now99:.0} ns ({:.2}) | {now999:.0} ns ({:.2}) | {:.2} ms | {} |",
            now50 / p50,
            now99 / p99,
            now999 / p999,
            each.last().copied().unwrap_or(0) as f64 / 1e6,
            reloader.generation() - before
        );
    }
}

fn save_inbox(folder: &Path, mark: usize) {
    fs::write(folder.join("new"), format!("{INBOX}# {mark}\n")).expect("a file is written");
    fs::rename(folder.join("new"), folder.join("inbox.toml")).expect("it is moved into place");
}

fn resident_kib() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The time of the processor that this process has taken so far.
fn processor_time() -> Duration {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
    let ticks = |field: usize| fields.get(field).and_then(|ticks| ticks.parse::<u64>().ok()).unwrap_or(0);
    // A tick is a hundredth of a second wherever Linux runs.
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// The share of a processor that a folder takes in which nothing happens, over a minute: every byte is read once in it.
fn idle() {
    println!("| files | at rest | a log beside linked files |\n|---|---|---|");
    for files in [20, 1_000, 10_000, 20_000] {
        let folder = folder(files);
        let share = |time: Duration, mut act: Box<dyn FnMut()>| {
            let (began, before) = (Instant::now(), processor_time());
            while began.elapsed() < time {
                act();
            }
            100.0 * processor_time().saturating_sub(before).as_secs_f64() / began.elapsed().as_secs_f64()
        };
        let settings = Settings { faults_alone: true, ..Settings::default() };
        let watch = |path: &Path| {
            let reloader = Reloader::watch_with(settings.clone(), path, |_| ());
            thread::sleep(Duration::from_secs(3));
            reloader.expect("the rules are sound")
        };
        let reloader = watch(folder.path());
        let at_rest = share(Duration::from_secs(61), Box::new(|| thread::sleep(Duration::from_secs(1))));
        drop(reloader);
        // Each file is a link into a folder beside it, and a line is written to a log every 10 ms.
        let linked = tempfile::tempdir().expect("a folder is created");
        let store = linked.path().join("..data");
        fs::rename(folder.path(), &store).expect("it is moved");
        for file in fs::read_dir(&store).expect("it is a folder").flatten() {
            std::os::unix::fs::symlink(file.path(), linked.path().join(file.file_name()))
                .expect("a link is made");
        }
        let reloader = watch(linked.path());
        let log = linked.path().join("log.txt");
        let write_line = move || {
            let file = fs::File::options().create(true).append(true).open(&log);
            let _ = file.and_then(|mut file| std::io::Write::write_all(&mut file, b"a line\n"));
            thread::sleep(Duration::from_millis(10));
        };
        let beside_log = share(Duration::from_secs(20), Box::new(write_line));
        drop(reloader);
        println!("| {files} | {at_rest:.2} % | {beside_log:.2} % |");
    }
}

/// The times of the checks, and of judging the same without saving it, both sorted, where each file has a warning.
fn checks_with_warnings(files: usize) -> (Vec<Duration>, Vec<Duration>) {
    let unnamed = |mark: usize| policy(mark).replace("rule \"welcome\" when", "when");
    let names: Vec<String> = (0..files).map(|file| format!("+1555{file:07}.rules")).collect();
    let texts: Vec<String> = (0..files).map(unnamed).collect();
    let all = names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str()));
    let mut publisher = Publisher::new(Settings::default());
    let outcome = publisher.publish(&Folder::from_texts(all.chain([("inbox.toml", INBOX)])));
    assert!(outcome.is_accepted() && outcome.findings.iter().count() >= files, "{:?}", outcome.refusal());
    drop(outcome);
    let (mut checks, mut judgements): (Vec<Duration>, Vec<Duration>) = (1..=200)
        .map(|save| {
            let (name, text) = (&names.get(save * 7919 % files).expect("it exists"), unnamed(files + save));
            let folder = publisher.release().with_files([(name.as_str(), Some(text.as_str()))]);
            let began = Instant::now();
            drop(publisher.judge(&folder));
            let judging = began.elapsed();
            let outcome = publisher.publish(&folder);
            assert!(outcome.is_accepted());
            (outcome.took, judging)
        })
        .unzip();
    checks.sort();
    judgements.sort();
    (checks, judgements)
}

/// The times from a save until it is current, sorted, while another file is saved every 120 ms.
fn beside_noise(files: usize) -> Vec<Duration> {
    let folder = folder(files);
    let reloader = Reloader::watch(folder.path(), |_| ()).expect("the rules are sound");
    let has_ended = AtomicBool::new(false);
    let mut times = thread::scope(|scope| {
        scope.spawn(|| {
            for save in 0.. {
                fs::write(folder.path().join("noise"), policy(save)).expect("a file is written");
                fs::rename(folder.path().join("noise"), folder.path().join("+15550000000.rules"))
                    .expect("it is moved into place");
                thread::sleep(Duration::from_millis(120));
                if has_ended.load(Ordering::Relaxed) {
                    return;
                }
            }
        });
        thread::sleep(Duration::from_secs(2));
        let times: Vec<Duration> = (1..=20)
            .map(|save| {
                let (began, file) = (Instant::now(), 1 + save % (files - 1));
                let name = format!("+1555{file:07}.rules");
                write(folder.path(), file, save);
                let text = policy(save);
                // The file that is noisy may become current in between.
                while *reloader.release().folder.files.get(&name).expect("it exists").source.text != *text {
                    thread::sleep(Duration::from_millis(1));
                }
                began.elapsed()
            })
            .collect();
        has_ended.store(true, Ordering::Relaxed);
        times
    });
    times.sort();
    times
}

fn main() {
    if std::env::args().any(|argument| argument == "idle") {
        return idle();
    }
    println!("| files | save to current beside a noisy file, p50 | longest |\n|---|---|---|");
    for files in SIZES {
        let times = beside_noise(files);
        println!("| {files} | {:.0} ms | {:.0} ms |", percentile(&times, 50), percentile(&times, 100));
    }
    println!("\n| files with warnings | checking, p50 | p99 | judging, p50 | p99 |\n|---|---|---|---|---|");
    for files in SIZES {
        let (checks, judgements) = checks_with_warnings(files);
        let times =
            [&checks, &judgements].into_iter().flat_map(|times| [50, 99].map(|at| percentile(times, at)));
        let times: Vec<String> = times.map(|time| format!("{time:.2} ms")).collect();
        println!("| {files} | {} |", times.join(" | "));
    }
    println!();
    println!(
        "| files | first load | save to current, p50 | p99 | checking, p50 | p99 |\n|---|---|---|---|---|---|"
    );
    for files in SIZES {
        let (latencies, checks, load) = latencies(files, 100);
        println!(
            "| {files} | {:.0} ms | {:.1} ms | {:.1} ms | {:.2} ms | {:.2} ms |",
            load.as_secs_f64() * 1000.0,
            percentile(&latencies, 50),
            percentile(&latencies, 99),
            percentile(&checks, 50),
            percentile(&checks, 99)
        );
    }

    if std::env::args().any(|argument| argument == "saves") {
        return;
    }
    println!();
    reads(100);
    println!();
    reads(10_000);

    let folder = folder(100);
    let quick = Settings { settle: Duration::from_millis(1), ..Settings::default() };
    let reloader = Reloader::watch_with(quick, folder.path(), |_| ()).expect("the rules are sound");
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
        "\nresident after 1,000 reloads {after_1000} KiB, after 10,000 {} KiB ({:.2} ms a reload, with a settle time of 1 ms)",
        resident_kib(),
        began.elapsed().as_secs_f64() / 10.0
    );
}
