//! The thread that checks: first what takes no proofs, and then all.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::root::Checked;
use crate::check::{Cancellation, Workspace};
use crate::policy::Folder;

/// Which of the roots.
pub(super) type RootId = u32;

/// A state of a folder to be checked.
pub(super) struct CheckJob {
    pub(super) root: RootId,
    pub(super) revision: u64,
    pub(super) folder: Folder,
    pub(super) cancellation: Cancellation,
}

/// What the checker tells.
pub(super) enum CheckEvent {
    Checked(RootId, Checked),
    /// A check has panicked, which is a bug.
    Panicked(RootId, String),
}

/// What the checker is asked for.
pub(super) enum CheckOrder {
    Check(CheckJob),
    /// The root is gone.
    Forget(RootId),
}

/// Starts the checker, which ends when nobody can ask it any more. `None` where no thread can be started.
pub(super) fn start() -> Option<(Sender<CheckOrder>, Receiver<CheckEvent>)> {
    let (orders, inbox) = unbounded();
    let (outbox, events) = unbounded();
    let run = move || run(&inbox, &outbox);
    thread::Builder::new().name("checker".to_owned()).spawn(run).ok()?;
    Some((orders, events))
}

fn run(orders: &Receiver<CheckOrder>, events: &Sender<CheckEvent>) {
    let mut known: BTreeMap<RootId, Workspace> = BTreeMap::new();
    while let Ok(order) = orders.recv() {
        let job = match order {
            CheckOrder::Check(job) => job,
            CheckOrder::Forget(root) => {
                known.remove(&root);
                continue;
            }
        };
        if job.cancellation.is_cancelled() {
            continue;
        }
        let root = job.root;
        let before = known.get(&root).cloned().unwrap_or_default();
        let checked = catch_unwind(AssertUnwindSafe(|| check(before, job, events)));
        match checked {
            Ok(Some(workspace)) => {
                known.insert(root, workspace);
            }
            Ok(None) => {}
            Err(panic) => {
                known.remove(&root);
                let _ = events.send(CheckEvent::Panicked(root, panic_message(&*panic)));
            }
        }
    }
}

/// Checks one state. `None`: it was cancelled.
fn check(mut workspace: Workspace, job: CheckJob, events: &Sender<CheckEvent>) -> Option<Workspace> {
    let CheckJob { root, revision, folder, cancellation } = job;
    let tell = |workspace: &Workspace, is_proved| {
        let findings = workspace.kept_findings().clone();
        let _ = events.send(CheckEvent::Checked(root, Checked { revision, is_proved, findings }));
    };
    workspace.update_without_proofs(folder);
    if cancellation.is_cancelled() {
        return None;
    }
    tell(&workspace, false);
    if !workspace.prove(&cancellation) {
        return None;
    }
    tell(&workspace, true);
    Some(workspace)
}

/// What a panic says.
pub(super) fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no message".to_owned())
}
