//! Batches, run against a store.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::slice;
use std::sync::Arc;

use jiff::Timestamp;

use super::batch::{BatchResult, handle_batch};
use super::host_machine::{BatchRun, Input};
use super::item::Item;
use crate::store::{Store, StoreError};

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
            for item in &items {
                match run_items(store, run, slice::from_ref(item), now) {
                    Ok(one) => all.append(one),
                    Err(error @ StoreError::Damaged(_)) => all.answers.push(Err(error)),
                    Err(error) => return Err(error),
                }
            }
            Ok(all)
        }
        result => result,
    }
}

fn run_items(
    store: &mut dyn Store,
    run: &mut BatchRun,
    items: &[Item],
    now: Timestamp,
) -> Result<BatchResult, StoreError> {
    let mut tx = store.begin(&run.inbox)?;
    // A panic is a bug. It must not stop the other inboxes, and what it leaves is dropped with the
    // transaction.
    let handled = catch_unwind(AssertUnwindSafe(|| {
        handle_batch(&mut *tx, &mut run.live, &run.release, &run.settings, items, now)
    }));
    let result = handled
        .unwrap_or_else(|_| Err(StoreError::Damaged("an item cannot be handled, which is a bug".to_owned())));
    match result.and_then(|result| Ok((result, tx.commit()?))) {
        Ok((result, stamp)) => {
            if let Some(live) = &mut run.live {
                live.stamp = stamp;
            }
            run.release.clone_from(&result.release);
            Ok(result)
        }
        Err(error) => {
            run.live = None;
            Err(error)
        }
    }
}
