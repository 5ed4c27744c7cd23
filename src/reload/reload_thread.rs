//! The thread that follows folders.

use std::collections::BTreeMap;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;

use super::clock::now;
use super::follower::Follower;
use super::followers::{Followers, Waker, WatchEvent};
use super::health::Activity;
use super::outcome::{Outcome, Refusal};
use super::panics::catch_panic;
use super::publisher::Publisher;
use super::release::Release;
use super::reporter::Reporter;
use super::start_thread::start_thread;

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
    Retire(Retired),
}

/// A release that was current before, and until when to wait for those who hold it. Whoever drops the last reference to it
/// frees it, which takes long if much has changed, and should not be a thread that decides.
pub(super) struct Retired {
    release: Arc<Release>,
    until: Instant,
}

/// How long to wait for those who hold a release.
const RETIRE: Duration = Duration::from_millis(20);

/// What has come of a change.
pub(super) struct Told {
    pub(super) outcome: Arc<Outcome>,
    /// The release that was current before, for the thread that [drops](ReloadThread::retire) it.
    pub(super) replaced: Option<Retired>,
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
        start_thread("rules-reload", move || {
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

    /// Drops a release when nobody holds it any longer.
    pub(super) fn retire(&self, release: Retired) {
        self.send(Command::Retire(release));
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
    let mut retired: Vec<Retired> = Vec::new();
    loop {
        let event = followers.next(drop_retired(&mut retired));
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
                Ok(Command::Retire(release)) => retired.push(release),
                Err(mpsc::TryRecvError::Empty) => break,
                Err(mpsc::TryRecvError::Disconnected) => return,
            }
        }
        let shared = |id: usize| all.get(&id).and_then(Weak::upgrade);
        retired.extend(act(event, &followers, shared));
    }
}

/// Does what follows from an event. Returns the release that has been replaced.
fn act(
    event: WatchEvent,
    followers: &Followers,
    shared: impl Fn(usize) -> Option<Arc<Shared>>,
) -> Option<Retired> {
    let refuse = |id, refusal| shared(id)?.tell(|publisher| Some(publisher.refuse(refusal)))?.replaced;
    match event {
        WatchEvent::Changed(id) => {
            let (shared, follower) = (shared(id)?, followers.get(id)?);
            shared.tell(|publisher| Some(publisher.publish_state(follower.state())))?.replaced
        }
        WatchEvent::Unstable(id, files) => refuse(id, Refusal::Unstable(files)),
        WatchEvent::Panicked(id, message) => refuse(id, Refusal::Panicked(message)),
        WatchEvent::Woken => None,
    }
}

/// Drops those that nobody holds any longer, or that have been kept for long enough. Returns when to try again.
fn drop_retired(retired: &mut Vec<Retired>) -> Option<Instant> {
    let now = now();
    let is_held =
        |release: &Arc<Release>| Arc::strong_count(release) > 1 || Arc::strong_count(&release.set) > 1;
    retired.retain(|Retired { release, until }| is_held(release) && *until > now);
    let end = retired.iter().map(|retired| retired.until).min()?;
    Some((now + Duration::from_millis(1)).min(end))
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, Publisher> {
        self.publisher.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps and reports the outcome of what `change` does, if it does anything.
    pub(super) fn tell(&self, change: impl FnOnce(&mut Publisher) -> Option<Outcome>) -> Option<Told> {
        let mut publisher = self.lock();
        let before = publisher.release();
        let outcome = catch_panic(|| self.activity.during(|| change(&mut publisher)));
        let outcome = outcome.unwrap_or_else(|message| Some(publisher.refuse(Refusal::Panicked(message))));
        let outcome = Arc::new(outcome?);
        // While the publisher is locked, so that outcomes keep their order.
        self.last.store(Arc::clone(&outcome));
        self.reporter.enqueue(Arc::clone(&outcome));
        drop(publisher);
        self.reporter.start();
        let is_replaced = before.generation < outcome.generation;
        let replaced = is_replaced.then(|| Retired { release: before, until: now() + RETIRE });
        Some(Told { outcome, replaced })
    }
}
