//! The time to simulate a million messages, and the mean waits of queues whose waits are known. `cargo bench --bench simulate`
//! prints both; `cargo bench --bench simulate -- erlang` or `-- speed` runs only one.
#![expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
#![expect(clippy::unwrap_used, reason = "as in tests")]

use std::time::Instant;

use inbox_rules::simulation::{SimulationReport, Traffic, default_traffic, simulate};
use inbox_rules::{Inbox, RuleSet, Source};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many chats of each queue are simulated.
const CHATS: f64 = 4_000_000.0;
/// How many runs they are divided into, each with a seed of its own.
const RUNS: u32 = 20;

fn main() {
    let filters: Vec<String> =
        std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let selected = |name: &str| filters.is_empty() || filters.iter().any(|filter| name.contains(&**filter));
    if selected("erlang") {
        println!("Mean waits of M/M/c queues, in mean service times, with the standard error of {RUNS} runs");
        for (index, (servers, load)) in (0..).zip([(1, 0.5), (1, 0.8), (2, 0.8), (5, 0.8), (10, 0.9)]) {
            queue(index, servers, load);
        }
    }
    if selected("speed") {
        println!("\nA million messages: seconds");
        samples();
        one_group(10);
        one_group(100);
    }
}

/// Erlang's formula for the mean wait, in mean service times: the probability of waiting, C(c, a), divided by c − a.
fn erlang_c_wait(servers: u32, offered: f64) -> f64 {
    // The recursion of the blocking probability B(c, a), and C from B.
    let blocking = (1..=servers).fold(1.0, |b, c| offered * b / (f64::from(c) + offered * b));
    let servers = f64::from(servers);
    let waiting = servers * blocking / (servers - offered * (1.0 - blocking));
    waiting / (servers - offered)
}

/// Users who each hold one chat, and chats that wait for one of them. `index` tells the queue from others, so that each has seeds
/// of its own.
fn queue(index: u32, servers: u32, utilisation: f64) {
    let users: Vec<String> = (0..servers).map(|user| format!("u{user}")).collect();
    let inbox = inbox(&users, Some(1));
    let rules = "otherwise: assign group \"All\" by most_waiting among available";
    let set = RuleSet::parse("+15550100.rules", rules, &inbox).unwrap();
    // The mean service time is a minute.
    let offered = f64::from(servers) * utilisation;
    let per_hour = offered * 60.0;
    let days = (CHATS / f64::from(RUNS) / (per_hour * 24.0)).ceil();
    let traffic = traffic(&set, per_hour, days, "exponential");
    let (mut waits, mut busy, mut chats) = (Vec::new(), 0.0, 0);
    for run in 0..RUNS {
        let report = simulate(&set, &traffic, (index * RUNS + run).into(), &|_| ());
        let wait = report.overall.answer_wait;
        waits.push(wait.mean_seconds.unwrap() / 60.0);
        chats += wait.chats;
        busy += report.users.iter().filter_map(|user| user.utilisation).sum::<f64>();
    }
    let runs = f64::from(RUNS);
    let found = waits.iter().sum::<f64>() / runs;
    let variance = waits.iter().map(|wait| (wait - found).powi(2)).sum::<f64>() / (runs - 1.0);
    let known = erlang_c_wait(servers, offered);
    let percent = |wait: f64| 100.0 * wait / known;
    println!(
        "c = {servers:2}, utilisation {utilisation}: {found:.4}, Erlang C {known:.4}: {:+.2} % ± {:.2}; busy {:.3}, {chats} chats",
        percent(found - known),
        percent((variance / runs).sqrt()),
        busy / f64::from(servers) / runs,
    );
}

fn inbox(users: &[String], capacity: Option<u32>) -> Inbox {
    let capacity = capacity.map(|capacity| format!("capacity = {capacity}\n")).unwrap_or_default();
    let sections: Vec<String> = users.iter().map(|user| format!("[users.{user}]\n{capacity}")).collect();
    let sections = sections.concat();
    let members: Vec<String> = users.iter().map(|user| format!("\"{user}\"")).collect();
    let toml = format!("{sections}[groups]\nAll = [{}]\n", members.join(", "));
    let (inbox, findings) = Inbox::parse(&Source::new("inbox.toml", toml));
    assert!(findings.is_empty());
    inbox
}

fn traffic(set: &RuleSet, per_hour: f64, days: f64, distribution: &str) -> Traffic {
    let toml = format!(
        "days = {days}\n[[arrivals]]\nnumber = \"+15550100\"\nper_hour = {per_hour:?}\n[service]\nmean = \"1m\"\n\
         distribution = \"{distribution}\"\n[[shifts]]\ngroup = \"All\"\n[customers]\nnew_share = 1\nreturning = 0\n"
    );
    let (traffic, findings) = Traffic::parse(&Source::new("traffic.toml", toml), &[set]);
    assert!(findings.is_empty(), "{findings:?}");
    traffic
}

/// The sample rules under their default traffic, made heavier.
fn samples() {
    let set = RuleSet::load("rules").unwrap();
    let text = default_traffic(&set).replace("per_hour = 12", "per_hour = 3000").replace("\"5m\"", "\"2s\"");
    let (traffic, findings) = Traffic::parse(&Source::new("traffic.toml", text), &[&set]);
    assert!(findings.is_empty(), "{findings:?}");
    time("the sample rules", || simulate(&set, &traffic, 0, &|_| ()));
}

fn one_group(count: u32) {
    let users: Vec<String> = (0..count).map(|user| format!("u{user}")).collect();
    let inbox = inbox(&users, Some(3));
    let rules = "otherwise: assign group \"All\" by least_chats among available";
    let set = RuleSet::parse("+15550100.rules", rules, &inbox).unwrap();
    let per_hour = f64::from(count) * 54.0;
    let traffic = traffic(&set, per_hour, (1_000_000.0 / per_hour / 24.0).ceil(), "exponential");
    time(&format!("one group of {count} users"), || simulate(&set, &traffic, 0, &|_| ()));
}

fn time(name: &str, run: impl Fn() -> SimulationReport) {
    let start = Instant::now();
    let report = run();
    let seconds = start.elapsed().as_secs_f64();
    let messages = report.messages.arrived;
    println!(
        "{name}: {:.2} s for a million; {messages} messages in {seconds:.2} s",
        seconds * 1e6 / real(messages)
    );
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "counts are far below 2⁵³")]
fn real(count: u64) -> f64 {
    count as f64
}
