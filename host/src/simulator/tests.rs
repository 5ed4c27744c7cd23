//! Runs of the simulator.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::backend::Backend;
use super::host::settings;
use super::memory_store::MemoryStore;
use super::promises::desk_state;
use super::random::Random;
use super::rule_sets::{USERS, release};
use super::traffic::Traffic;
use super::world::World;
use crate::machine::{Answer, BatchRun, Input, Item, LiveInbox, UserChange, run_batches};
use crate::store::Store;

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

/// Seeds that have gone wrong once: an owner whom one chat brought was not told to the one that the event was about.
#[test]
fn the_promises_hold_in_runs_that_went_wrong() {
    run(11_371..11_372, memory);
}

#[test]
fn the_promises_hold_in_200_runs() {
    // Half of them beside the others.
    std::thread::scope(|scope| {
        scope.spawn(|| run(0..95, memory));
        run(95..190, memory);
    });
}

#[test]
fn the_promises_hold_in_runs_with_sqlite() {
    run(190..200, sqlite);
}

#[cfg(feature = "postgres")]
#[test]
fn the_promises_hold_in_runs_with_postgresql() {
    if let Some(database) = Backend::postgres() {
        drop(database);
        for seed in [205, 207] {
            run(seed..seed + 1, |_| Backend::postgres().unwrap());
        }
    }
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

/// A node that follows the log has what it would load, and hardly ever has to.
#[test]
fn a_node_that_follows_has_what_it_would_load() {
    let (mut followed, mut loaded) = (0, 0);
    for seed in 0..20 {
        let start: Timestamp = "2026-11-24T09:00:00Z".parse().unwrap();
        let mut store = MemoryStore::default();
        let (inbox, release, settings): (Arc<str>, _, _) = ("a".into(), release("a", 0), settings(seed));
        let (mut writer, mut behind) = (None, None);
        let (mut random, mut traffic) =
            (Random::new(seed, "node"), Traffic::new(Random::new(seed, "traffic")));
        let (mut chats, mut seconds) = (Vec::new(), 0);
        for _ in 0..150 {
            seconds += i64::try_from(random.within(0..20)).unwrap();
            store.now = start + SignedDuration::from_secs(seconds);
            let mut items = vec![Item::Timers];
            let user = (*random.one_of(&USERS)).into();
            items.push(Item::User(user, traffic.user_change()));
            let mut requests = traffic.webhook(store.now);
            requests.push(traffic.call(store.now, &chats));
            items.extend(requests.iter().filter(|(of, _)| *of == inbox).map(|(_, request)| request.item()));
            let run = BatchRun {
                inbox: Arc::clone(&inbox),
                live: writer.take(),
                release: Arc::clone(&release),
                settings: Arc::new(settings.clone()),
                items,
            };
            let Some(Input::BatchDone(_, live, Ok(result))) = run_batches(&mut store, vec![run]).pop() else {
                panic!("seed {seed}: a batch fails");
            };
            writer = live;
            chats.extend(result.answers.iter().filter_map(|answer| match answer {
                Ok(Answer::Routed(routed)) => routed.chat,
                _ => None,
            }));
            if random.happens(400) {
                continue;
            }
            let mut tx = store.begin(&inbox).unwrap();
            let now = LiveInbox::load(&mut *tx, &release, &settings).unwrap();
            if let Some(live) = &mut behind {
                let row = tx.inbox().unwrap();
                let is_current = LiveInbox::catch_up(live, &mut *tx, &row).unwrap();
                if is_current {
                    assert_eq!(desk_state(live), desk_state(&now), "seed {seed}, {seconds} s");
                }
                (followed, loaded) = (followed + u32::from(is_current), loaded + u32::from(!is_current));
                if is_current {
                    continue;
                }
            }
            behind = Some(now);
        }
    }
    assert!(followed > 10 * loaded && loaded > 0, "{followed} times by the log, {loaded} times anew");
}

/// What the log does not tell is lost with the store that was set back, also if as much is written afterwards.
#[test]
fn what_the_log_does_not_tell_is_loaded_anew_after_a_failover() {
    let (inbox, release, settings): (Arc<str>, _, _) = ("a".into(), release("a", 0), settings(0));
    let mark = |store: &mut MemoryStore| {
        let mut tx = store.begin(&inbox).unwrap();
        tx.mark_unlogged().unwrap();
        tx.commit().unwrap();
    };
    let mut store = MemoryStore::default();
    let mut standby = store.clone();
    mark(&mut store);
    let mut live = LiveInbox::load(&mut *store.begin(&inbox).unwrap(), &release, &settings).unwrap();
    standby.stamps += 1000;
    mark(&mut standby);
    for (store, is_followed) in [(&mut store, true), (&mut standby, false)] {
        let mut tx = store.begin(&inbox).unwrap();
        let row = tx.inbox().unwrap();
        assert_eq!(live.catch_up(&mut *tx, &row).unwrap(), is_followed);
    }
}

/// A store that was set back, as by a standby that had not heard of the last commits, is loaded anew, whether it has
/// fewer entries then, as many others, or more.
#[test]
fn a_store_that_was_set_back_is_loaded_anew() {
    let (inbox, release, settings): (Arc<str>, _, _) = ("a".into(), release("a", 0), settings(0));
    let write = |store: &mut MemoryStore, items: Vec<Item>| {
        let run = BatchRun {
            inbox: Arc::clone(&inbox),
            live: None,
            release: Arc::clone(&release),
            settings: Arc::new(settings.clone()),
            items,
        };
        let ended = run_batches(store, vec![run]).pop();
        assert!(matches!(ended, Some(Input::BatchDone(_, _, Ok(_)))));
    };
    let presence = |user: &str| {
        let presence = Some(inbox_rules::Presence::Online);
        Item::User(user.into(), UserChange { presence, ..UserChange::default() })
    };
    let mut store = MemoryStore::default();
    store.now = "2026-11-24T09:00:00Z".parse().unwrap();
    write(&mut store, vec![presence("bo")]);
    let standby = store.clone();
    write(&mut store, vec![presence("cy"), presence("ana")]);
    for (after, is_followed) in [(None, true), (Some(0), false), (Some(2), false), (Some(5), false)] {
        let mut live = LiveInbox::load(&mut *store.begin(&inbox).unwrap(), &release, &settings).unwrap();
        let mut other = if after.is_some() { standby.clone() } else { store.clone() };
        other.stamps += 1000;
        let user = ["ana", "bo"].into_iter().cycle().map(presence);
        write(&mut other, user.take(after.unwrap_or(1)).collect());
        let mut tx = other.begin(&inbox).unwrap();
        let row = tx.inbox().unwrap();
        assert_eq!(live.catch_up(&mut *tx, &row).unwrap(), is_followed, "{after:?} entries");
    }
}
