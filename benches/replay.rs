//! How fast a log is replayed: `cargo bench --bench replay` replays a log of recorded decisions with the program, reading the file
//! included, with the library, and in the same run with a plain loop over `serde_json` values.
#![allow(clippy::disallowed_methods, reason = "time is what is measured")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is measured must work")]
#![allow(clippy::cast_precision_loss, reason = "figures for people")]

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use inbox_rules::replay::Replayer;
use inbox_rules::{RuleSet, Situation, dice};
use serde_json::{Value, json};

/// How many lines the log has.
const LINES: usize = 300_000;
const ROUNDS: usize = 5;

const INBOX: &str = "[users.alice]\nname = \"Alice\"\ncapacity = 5\n[users.bob]\nname = \"Bob\"\ncapacity = 5\n\
    [users.carol]\n[users.dan]\n[users.eve]\n[users.frank]\n[users.grace]\n[users.hala]\n[groups]\n\
    Sales = [\"alice\", \"bob\", \"carol\", \"dan\"]\nSupport = [\"eve\", \"frank\", \"grace\", \"hala\"]\n\
    [attributes]\nplan = [\"free\", \"gold\"]\norders = \"number\"\n";

/// The five cases of the settings page, and a rule with a keyword.
const RULES: &str = "rule \"refund\"\nwhen message contains \"refund\": assign group \"Support\" by random, tag \"refund\"\n\
    rule \"welcome\"\nwhen new_customer and any_online in \"Sales\": assign group \"Sales\" by least_chats, reply \"Welcome.\"\n\
    rule \"closed\"\nwhen new_customer: assign group \"Sales\" by in_order, reply \"We are out of office hours.\"\n\
    rule \"back to the owner\"\nwhen returning_customer and owner_online: assign owner\n\
    rule \"owner is away\"\nwhen returning_customer and owner_offline and any_online in \"Support\":\n\
    assign group \"Support\" by most_waiting, reply \"{owner.name} is away, {user.name} will help you.\"\n\
    otherwise: assign owner else group \"Support\" by in_order\n";

fn main() {
    if std::env::args().any(|argument| argument == "--test" || argument == "--list") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, rules) in [("old", RULES.to_owned()), ("new", RULES.replace("least_chats", "most_waiting"))] {
        fs::create_dir(folder.path().join(name)).unwrap();
        fs::write(folder.path().join(name).join("inbox.toml"), INBOX).unwrap();
        fs::write(folder.path().join(name).join("default.rules"), rules).unwrap();
    }
    let [old, new] = ["old", "new"].map(|name| RuleSet::load(folder.path().join(name)).unwrap());
    let log = folder.path().join("log.jsonl");
    let size = write_log(&log, &old, LINES);
    println!("{LINES} lines of {} bytes on average", size / LINES);
    let text = fs::read(&log).unwrap();
    let replayer = Replayer { now: &new, before: None, seed: 0, examples: 3 };
    let counts = [
        measure("rules replay, all processors", || program(folder.path(), &log)),
        measure("Replayer, one thread", || replayer.lines(&text).report().different),
        measure("plain loop, one thread", || plain_loop(&log, &new)),
    ];
    assert!(counts.iter().all(|count| *count == counts[0] && *count > 0), "all count alike: {counts:?}");
    println!("{} of them differ", counts[0]);
}

/// Measures the time of `replay`, which says how many decisions differ.
fn measure(name: &str, replay: impl Fn() -> u64) -> u64 {
    let mut times = Vec::new();
    let mut count = 0;
    for _ in 0..ROUNDS {
        let started = Instant::now();
        count = replay();
        times.push(started.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    let rate = |seconds: f64| LINES as f64 / seconds;
    println!("{name:<30} {:>9.0} a second (median), {:>9.0} (best)", rate(times[ROUNDS / 2]), rate(times[0]));
    count
}

/// Writes a log of decisions by `set`, all with the same seed. Its size.
fn write_log(path: &Path, set: &RuleSet, lines: usize) -> usize {
    let mut out = BufWriter::new(File::create(path).unwrap());
    let mut size = 0;
    for n in 0..lines {
        let situation = situation(n);
        let decision = set.decide(&situation, &mut dice(0, situation.message.id.as_deref())).unwrap();
        let mut line = json!({ "seq": n, "situation": situation, "decision": decision }).to_string();
        line.push('\n');
        size += line.len();
        out.write_all(line.as_bytes()).unwrap();
    }
    // What is still to be written would take time from what is measured.
    out.into_inner().unwrap().sync_all().unwrap();
    size
}

/// One of many different situations.
fn situation(n: usize) -> Situation {
    const USERS: [&str; 8] = ["alice", "bob", "carol", "dan", "eve", "frank", "grace", "hala"];
    // A plain congruential generator: the log is the same each time.
    let mut state = n as u64;
    let mut next = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut users = String::new();
    for user in USERS {
        let presence = ["online", "online", "away", "offline"][usize::try_from(next(4)).unwrap()];
        let (chats, hour, minute) = (next(6), next(18), next(60));
        let comma = if users.is_empty() { "" } else { "," };
        let _ = write!(
            users,
            "{comma}\"{user}\":{{\"presence\":\"{presence}\",\"chats\":{chats},\"last_message_at\":\"2026-11-24T{hour:02}:{minute:02}:00Z\"}}"
        );
    }
    let text = ["hello, where is my order?", "I want a refund", "شكرا جزيلا على المساعدة"]
        [usize::try_from(next(3)).unwrap()];
    let customer = if next(3) == 0 {
        format!("{{\"id\":\"c{n}\",\"phone\":\"+20100{n:07}\",\"name\":\"Mona\",\"country\":\"EG\"}}")
    } else {
        let owner = USERS[usize::try_from(next(8)).unwrap()];
        format!(
            "{{\"id\":\"c{n}\",\"phone\":\"+20100{n:07}\",\"name\":\"Mona\",\"country\":\"EG\",\"returning\":true,\"owner\":\"{owner}\",\
             \"tags\":[\"vip\"],\"attributes\":{{\"plan\":\"gold\",\"orders\":12}},\"last_message_at\":\"2026-11-01T09:00:00Z\"}}"
        )
    };
    let situation = format!(
        "{{\"number\":\"+15550100\",\"at\":\"2026-11-24T18:30:00Z\",\"message\":{{\"id\":\"wamid.{n}\",\"text\":\"{text}\"}},\
         \"customer\":{customer},\"users\":{{{users}}},\"turns\":{{\"Sales\":\"bob\",\"Support\":\"eve\"}}}}"
    );
    Situation::from_json(&situation).unwrap()
}

/// `rules replay`: how many decisions differ.
fn program(folder: &Path, log: &Path) -> u64 {
    let output = Command::new(env!("CARGO_BIN_EXE_rules"))
        .arg("replay")
        .arg(log)
        .args(["--rules", "new", "--format", "json"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    report["different"].as_u64().unwrap()
}

/// What a script would do: each line as a value, the situation out of it, the decision into one.
fn plain_loop(log: &Path, set: &RuleSet) -> u64 {
    let mut different = 0;
    for line in BufReader::new(File::open(log).unwrap()).lines() {
        let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
        let situation = Situation::from_json(&line["situation"].to_string()).unwrap();
        let decision = set.decide(&situation, &mut dice(0, situation.message.id.as_deref())).unwrap();
        let decision = serde_json::to_value(decision).unwrap();
        let fields = ["assign", "replies", "tags", "priority"];
        let is_same = fields.iter().all(|field| line["decision"][field] == decision[field]);
        different += u64::from(!is_same);
    }
    different
}
