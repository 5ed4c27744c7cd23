//! Simulates 100,000 messages a second to a million inboxes over several databases. Each inbox is in one database, and the
//! databases know nothing of one another, so only the one with the busiest inbox is simulated. Prints a table.
//!
//! ```text
//! cargo run --release -p inbox_host --example scale
//! ```
//!
//! The costs are from `cargo bench -p inbox_host --bench load`, as `docs/scale.md` reckons them; a database with more
//! processors than that machine is assumed to do as much more.

#![allow(clippy::indexing_slicing, reason = "each inbox has its place in each list")]
#![allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a simulation"
)]

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

/// Messages a second to all inboxes.
const MESSAGES: f64 = 100_000.0;
const INBOXES: usize = 1_000_000;
/// WhatsApp sends no more a second to one number.
const MOST_TO_ONE: f64 = 1_000.0;
const MAX_BATCH: usize = 256;

/// The processor time of the database for a transaction, and for each message in it, in seconds.
const TRANSACTION: f64 = 750e-6;
const MESSAGE: f64 = 52e-6;
/// The processors of a database.
const CORES: usize = 16;
/// How long a transaction waits besides, for the network and for the disk of a synchronous standby, in seconds.
const WAIT: f64 = 4e-3;
const SIMULATED: f64 = 20.0;

fn main() {
    println!(
        "| databases | messages/s | transactions/s | messages a transaction | processors busy | 50 % | 99 % | 99.9 % |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    for databases in [4, 6, 8, 12, 16, 32] {
        let figures = simulate(&rates(databases));
        let Figures { messages, transactions, busy, mut times } = figures;
        times.sort_unstable_by(f64::total_cmp);
        let at =
            |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default() * 1e3;
        println!(
            "| {databases} | {:.0} | {:.0} | {:.1} | {:.0} % | {:.1} ms | {:.1} ms | {:.1} ms |",
            messages / SIMULATED,
            transactions / SIMULATED,
            messages / transactions,
            busy / (SIMULATED * CORES as f64) * 100.0,
            at(0.5),
            at(0.99),
            at(0.999),
        );
    }
}

/// The messages a second to each inbox of the busiest of so many databases. The busiest inbox of all has twice as many as
/// the second, three times as many as the third and so on (Zipf's law), up to what WhatsApp sends.
fn rates(databases: usize) -> Vec<f64> {
    let rate = |scale: f64, rank: usize| (scale / (rank + 1) as f64).min(MOST_TO_ONE);
    let total = |scale: f64| (0..INBOXES).map(|rank| rate(scale, rank)).sum::<f64>();
    let (mut low, mut high) = (0.0, MESSAGES * MESSAGES);
    for _ in 0..60 {
        let middle = f64::midpoint(low, high);
        if total(middle) < MESSAGES { low = middle } else { high = middle }
    }
    (0..INBOXES).step_by(databases).map(|rank| rate(low, rank)).collect()
}

#[derive(Default)]
struct Figures {
    messages: f64,
    transactions: f64,
    /// Seconds of processors.
    busy: f64,
    /// From the arrival of each message until it is durable.
    times: Vec<f64>,
}

#[derive(Default)]
struct Queue {
    arrived: VecDeque<f64>,
    is_running: bool,
}

/// What happens at a moment, which is kept in nanoseconds from the beginning.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives,
    /// A processor is free, and the transaction of an inbox waits for the disk.
    Computed,
    Durable(usize),
}

fn simulate(rates: &[f64]) -> Figures {
    let mut random = StdRng::seed_from_u64(1);
    let mut sums = Vec::with_capacity(rates.len());
    let all = rates.iter().fold(0.0, |sum, rate| {
        sums.push(sum + rate);
        sum + rate
    });
    let mut figures = Figures::default();
    let mut queues: Vec<Queue> = rates.iter().map(|_| Queue::default()).collect();
    let mut ready: VecDeque<usize> = VecDeque::new();
    let mut running: Vec<Vec<f64>> = rates.iter().map(|_| Vec::new()).collect();
    let mut free = CORES;
    let mut events = BinaryHeap::from([Reverse((0, Event::Arrives))]);
    while let Some(Reverse((nanos, event))) = events.pop() {
        let now = nanos as f64 / 1e9;
        let after = |seconds: f64| nanos + (seconds * 1e9) as u64;
        match event {
            Event::Arrives if now > SIMULATED => return figures,
            Event::Arrives => {
                let point = random.random::<f64>() * all;
                let inbox = sums.partition_point(|sum| *sum < point).min(rates.len() - 1);
                let queue = &mut queues[inbox];
                queue.arrived.push_back(now);
                if !std::mem::replace(&mut queue.is_running, true) {
                    ready.push_back(inbox);
                }
                let wait = -(1.0 - random.random::<f64>()).ln() / all;
                events.push(Reverse((after(wait), Event::Arrives)));
            }
            Event::Computed => free += 1,
            Event::Durable(inbox) => {
                figures.times.extend(running[inbox].drain(..).map(|arrived| now - arrived));
                if queues[inbox].arrived.is_empty() {
                    queues[inbox].is_running = false;
                } else {
                    ready.push_back(inbox);
                }
            }
        }
        while free > 0
            && let Some(inbox) = ready.pop_front()
        {
            let arrived = &mut queues[inbox].arrived;
            let count = arrived.len().min(MAX_BATCH);
            running[inbox].extend(arrived.drain(..count));
            let seconds = TRANSACTION + MESSAGE * count as f64;
            free -= 1;
            figures.transactions += 1.0;
            figures.messages += count as f64;
            figures.busy += seconds;
            events.push(Reverse((after(seconds), Event::Computed)));
            events.push(Reverse((after(seconds + WAIT), Event::Durable(inbox))));
        }
    }
    figures
}
