//! Runs of the simulator.

use super::backend::Backend;
use super::memory_store::MemoryStore;
use super::world::World;

fn memory(_: u64) -> Backend {
    Backend::Memory(MemoryStore::default())
}

fn sqlite(seed: u64) -> Backend {
    Backend::sqlite(format!("simulator-{seed}"))
}

/// Runs these seeds, and says of each that goes wrong what is wrong first. With one seed it tells the whole
/// run.
fn run(seeds: std::ops::Range<u64>, backend: fn(u64) -> Backend) {
    let is_one = seeds.clone().count() == 1;
    let failed: Vec<_> = seeds
        .filter_map(|seed| {
            let mut world = World::new(seed, backend(seed));
            world.run();
            let first = world.wrong.first().cloned()?;
            Some(format!("seed {seed}: {first}\n{}", if is_one { world.story() } else { String::new() }))
        })
        .take(20)
        .collect();
    assert!(failed.is_empty(), "{}", failed.concat());
}

#[test]
fn the_promises_hold_in_200_runs() {
    run(0..190, memory);
}

#[test]
fn the_promises_hold_in_runs_with_sqlite() {
    run(190..200, sqlite);
}

/// `cargo test --release -p inbox_host simulator -- --ignored`
#[test]
#[ignore = "it takes minutes"]
fn the_promises_hold_in_10_000_runs() {
    run(0..9_000, memory);
    run(9_000..10_000, sqlite);
}

/// `SIMULATOR_SEEDS=17..18 cargo test -p inbox_host one_range_of_runs -- --ignored`
#[test]
#[ignore = "it is for seeds that go wrong"]
#[expect(clippy::disallowed_methods, reason = "the seeds come from whoever runs it")]
fn one_range_of_runs() {
    let seeds = std::env::var("SIMULATOR_SEEDS").unwrap_or_default();
    let (first, end) = seeds.split_once("..").unwrap_or(("0", "1"));
    run(first.parse().unwrap()..end.parse().unwrap(), memory);
}
