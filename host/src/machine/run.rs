//! Batches, run against a store.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::Arc;

use inbox_rules::Release;
use jiff::Timestamp;

use super::batch::{BatchResult, FollowedRules, handle_batch};
use super::host_machine::{BatchRun, Input};
use super::item::Item;
use super::why;
use crate::store::{RuleSetRow, Store, StoreError, Transaction};

/// Runs batches, each in a transaction of its inbox, and makes all of them durable at once. What has become
/// of each is for [`HostMachine::handle`](super::HostMachine::handle).
pub fn run_batches(store: &mut dyn Store, runs: Vec<BatchRun>) -> Vec<Input> {
    let now = store.now();
    let mut ran = Vec::new();
    for mut run in runs {
        let result = match &now {
            Ok(now) => run_batch(store, &mut run, *now),
            Err(error) => Err(error.clone()),
        };
        ran.push((run, result));
    }
    let synced = store.sync();
    let done = |(run, result): (BatchRun, _)| match &synced {
        Ok(()) => Input::BatchDone(run.inbox, run.live, result),
        Err(error) => Input::BatchDone(run.inbox, None, Err(error.clone())),
    };
    ran.into_iter().map(done).collect()
}

/// Runs a batch. If it cannot be handled as a whole, each item has a transaction of its own, so that one that
/// fails each time does not take the others with it.
fn run_batch(store: &mut dyn Store, run: &mut BatchRun, now: Timestamp) -> Result<BatchResult, StoreError> {
    let items = std::mem::take(&mut run.items);
    match run_items(store, run, &items, now) {
        Err(StoreError::Damaged(_)) if items.len() > 1 => {
            let mut all = BatchResult { release: Arc::clone(&run.release), ..BatchResult::default() };
            let mut rest = items.iter();
            for item in rest.by_ref() {
                match run_items(store, run, slice::from_ref(item), now) {
                    Ok(one) => all.append(one),
                    Err(error @ StoreError::Damaged(_)) => all.answers.push(Err(error)),
                    Err(error) => {
                        // What came before may be durable already.
                        all.answers.push(Err(error.clone()));
                        all.answers.extend(rest.map(|_| Err(error.clone())));
                        break;
                    }
                }
            }
            Ok(all)
        }
        result => result,
    }
}

/// How often a batch is begun again because other nodes have changed the rules.
const MAX_CHANGES: usize = 8;

/// Runs items in a transaction, by the rules that the store has.
fn run_items(
    store: &mut dyn Store,
    run: &mut BatchRun,
    items: &[Item],
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    let (mut followed, mut is_replaced) = (None, false);
    for _ in 0..MAX_CHANGES {
        let mut tx = store.begin(&run.inbox)?;
        if let Some(row) = other_rules(&mut *tx, &run.release)?.filter(|_| !is_replaced) {
            // Compiling may take seconds, so the lock is released first.
            drop(tx);
            run.live = None;
            (run.release, is_replaced) = match (why::compile_release(&row), brought(items)) {
                (Ok(release), _) => (release, false),
                // Another version of the program has stored them, and others are brought in their place.
                (Err(_), Some(release)) => (release, true),
                (Err(error), None) => return Err(error),
            };
            followed = (!is_replaced).then(|| FollowedRules { since: row.at, by: row.by.into() });
            continue;
        }
        // A panic is a bug. It must not stop the other inboxes, and what it leaves is dropped with the
        // transaction.
        let handled = catch_unwind(AssertUnwindSafe(|| {
            handle_batch(&mut *tx, &mut run.live, &run.release, &run.settings, items, now)
        }));
        let bug = |_| Err(StoreError::Damaged("an item cannot be handled, which is a bug".to_owned()));
        let done = handled.unwrap_or_else(bug).and_then(|result| Ok((result, tx.commit()?)));
        let Ok((mut result, stamp)) = done else {
            run.live = None;
            return done.map(|(result, _)| result);
        };
        if let Some(live) = &mut run.live {
            live.stamp = stamp;
        }
        if run.release.digest == result.release.digest {
            result.followed = followed;
        }
        run.release.clone_from(&result.release);
        return Ok(result);
    }
    Err(StoreError::Away("other nodes change the rules all the time".to_owned()))
}

/// The rules that an item brings.
fn brought(items: &[Item]) -> Option<Arc<Release>> {
    items.iter().find_map(|item| match item {
        Item::Rules { release, .. } => Some(Arc::clone(release)),
        _ => None,
    })
}

/// The rules that are active in the store, if they are others than these.
fn other_rules(tx: &mut dyn Transaction, release: &Release) -> Result<Option<RuleSetRow>, StoreError> {
    let row = tx.inbox()?;
    let Some(digest) = row.rules.filter(|digest| **digest != release.digest) else { return Ok(None) };
    let missing = || StoreError::Damaged(format!("the rules {digest} are not kept"));
    tx.rule_set(&digest)?.map(Some).ok_or_else(missing)
}
