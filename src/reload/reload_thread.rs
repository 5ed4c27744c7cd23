//! The thread that follows folders.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::thread;
use std::time::Instant;

use arc_swap::ArcSwap;

use super::follower::Follower;
use super::followers::{Followers, Waker, WatchEvent, message_of};
use super::health::Activity;
use super::outcome::{Outcome, Refusal};
use super::publisher::Publisher;
use super::reporter::Reporter;

/// A thread that follows any number of folders, for [`ReloaderBuilder::start_on`](super::ReloaderBuilder::start_on). It ends
/// when this and all reloaders on it are dropped. A clone is the same thread.
#[derive(Debug, Clone)]
pub struct ReloadThread(Arc<Handle>);

#[derive(Debug)]
struct Handle {
    commands: Sender<Command>,
    waker: Waker,
    next_id: AtomicUsize,
    is_alive: Arc<AtomicBool>,
}

/// What a reloader and the thread that follows its folder share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) publisher: Mutex<Publisher>,
    pub(super) last: ArcSwap<Outcome>,
    pub(super) reporter: Arc<Reporter>,
    pub(super) activity: Arc<Activity>,
}

enum Command {
    Insert(usize, Box<Follower>, Weak<Shared>),
    Remove(usize),
}

impl ReloadThread {
    /// Starts a thread.
    ///
    /// # Errors
    ///
    /// The system allows no more threads.
    pub fn start() -> io::Result<Self> {
        let followers = Followers::new();
        let waker = followers.waker();
        let (commands, received) = mpsc::channel();
        let is_alive = Arc::new(AtomicBool::new(true));
        let alive = Alive(Arc::clone(&is_alive));
        thread::Builder::new().name("rules-reload".to_owned()).spawn(move || {
            let _alive = alive;
            follow(followers, &received);
        })?;
        Ok(Self(Arc::new(Handle { commands, waker, next_id: AtomicUsize::new(0), is_alive })))
    }

    /// Whether the thread runs.
    pub(super) fn is_alive(&self) -> bool {
        self.0.is_alive.load(Ordering::Acquire)
    }

    /// Follows one more folder for as long as `shared` exists. Returns its number.
    pub(super) fn insert(&self, follower: Follower, shared: &Arc<Shared>) -> usize {
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        self.send(Command::Insert(id, Box::new(follower), Arc::downgrade(shared)));
        id
    }

    /// Follows the folder of that number no longer.
    pub(super) fn remove(&self, id: usize) {
        self.send(Command::Remove(id));
    }

    fn send(&self, command: Command) {
        // If the thread has ended, which is a bug, `is_alive` tells.
        let _ = self.0.commands.send(command);
        self.0.waker.wake();
    }
}

/// Tells when the thread has ended, after a panic as well.
struct Alive(Arc<AtomicBool>);

impl Drop for Alive {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        // The thread finds that nobody can send commands any longer.
        let (nobody, _) = mpsc::channel();
        drop(std::mem::replace(&mut self.commands, nobody));
        self.waker.wake();
    }
}

/// Follows folders until nobody can send commands.
fn follow(mut followers: Followers, commands: &Receiver<Command>) {
    let mut all: BTreeMap<usize, Weak<Shared>> = BTreeMap::new();
    // Those whose previous release may still be held.
    let mut retiring: BTreeSet<usize> = BTreeSet::new();
    let mut until: Option<Instant> = None;
    loop {
        let event = followers.next(until);
        loop {
            match commands.try_recv() {
                Ok(Command::Insert(id, follower, shared)) => {
                    all.insert(id, shared);
                    followers.insert(id, *follower);
                }
                Ok(Command::Remove(id)) => {
                    all.remove(&id);
                    followers.remove(id);
                }
                Err(mpsc::TryRecvError::Empty) => break,
                Err(mpsc::TryRecvError::Disconnected) => return,
            }
        }
        let shared = |id: usize| all.get(&id).and_then(Weak::upgrade);
        match event {
            WatchEvent::Changed(id) => {
                if let (Some(shared), Some(follower)) = (shared(id), followers.get(id)) {
                    shared.tell(|publisher| Some(publisher.publish_state(follower.state())));
                    retiring.insert(id);
                }
            }
            WatchEvent::Unstable(id, files) => refuse(shared(id), Refusal::Unstable(files)),
            WatchEvent::Panicked(id, message) => refuse(shared(id), Refusal::Panicked(message)),
            WatchEvent::Woken => {}
        }
        until = None;
        retiring.retain(|id| {
            let again = shared(*id).and_then(|shared| shared.publisher.try_lock().ok()?.drop_retired());
            until = until.into_iter().chain(again).min();
            again.is_some()
        });
    }
}

fn refuse(shared: Option<Arc<Shared>>, refusal: Refusal) {
    if let Some(shared) = shared {
        shared.tell(|publisher| Some(publisher.refuse(refusal)));
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Publisher> {
        self.publisher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps and reports the outcome of what `change` does, if it does anything.
    pub(super) fn tell(
        &self,
        change: impl FnOnce(&mut Publisher) -> Option<Outcome>,
    ) -> Option<Arc<Outcome>> {
        let mut publisher = self.lock();
        let outcome = catch_unwind(AssertUnwindSafe(|| self.activity.during(|| change(&mut publisher))));
        let outcome =
            outcome.unwrap_or_else(|panic| Some(publisher.refuse(Refusal::Panicked(message_of(&*panic)))));
        let outcome = Arc::new(outcome?);
        // While the publisher is locked, so that outcomes keep their order.
        self.last.store(Arc::clone(&outcome));
        self.reporter.enqueue(Arc::clone(&outcome));
        drop(publisher);
        self.reporter.start();
        Some(outcome)
    }
}
